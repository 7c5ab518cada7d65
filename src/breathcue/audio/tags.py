"""The ID3 tag of a session: title, author, lyrics (also in time with the voice), description, chapters and cover.

The version is ID3v2.3. Everything reads it: Windows and older car and phone players do not read 2.4; and ffmpeg,
with all players built on it, reads the sub-frames of 2.4's chapters as if they were 2.3's, losing a title over 127
bytes. Text is UTF-16, the only Unicode encoding of 2.3.

It is written here, byte by byte: ten kinds of frames are not many, mutagen orders frames by size while players list
chapters as they are stored, and its import is a tenth of the time of a session that is linked from what is kept.

Sources: "ID3 tag version 2.3.0" and "ID3v2 Chapter Frame Addendum" (id3.org).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from breathcue.audio.mp3 import BIT_RATE
from breathcue.audio.order import Label
from breathcue.timeline.model import Cue, CueKind, Timeline, Track

_LATIN1, _UTF16 = 0, 1
_NO_OFFSET = 0xFFFFFFFF
_TOP_LEVEL_ORDERED, _ORDERED = 0b11, 0b01
_IN_MS, _SPOKEN_WORDS, _FRONT_COVER = 2, 1, 3

# A table of contents counts its entries with one byte.
_MAX_ENTRIES = 255

# ID3 names languages as ISO 639-2 does, and an unknown one XXX.
_LANGUAGES = {
    "ar": "ara", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin", "fr": "fra",
    "he": "heb", "hi": "hin", "it": "ita", "ja": "jpn", "ko": "kor", "nb": "nob", "nl": "nld", "no": "nor",
    "pl": "pol", "pt": "por", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr", "zh": "zho",
}  # fmt: skip
_UNKNOWN_LANGUAGE = "XXX"


def lyrics(timeline: Timeline) -> str:
    """Return everything the voice says, one cue a line, under the titles of its chapters."""
    spoken = [cue for cue in timeline.cues if cue.track is Track.VOICE]
    parts = []
    for chapter in timeline.chapters:
        lines = [cue.text for cue in spoken if chapter.start_ms <= cue.start_ms < chapter.end_ms]
        parts.append("\n".join([chapter.title, "", *lines] if lines else [chapter.title]))
    return "\n\n".join(parts) if parts else "\n".join(cue.text for cue in spoken)


def description(timeline: Timeline) -> str:
    """Return what is said about safety, as one paragraph; empty where nothing is."""
    return " ".join(cue.text for cue in timeline.cues if _is_safety(cue))


def _is_safety(cue: Cue) -> bool:
    return cue.track is Track.VOICE and cue.kind is CueKind.SAFETY


def language_code(language: str) -> str | None:
    """Return what ISO 639-2 calls a language such as ``de-CH``; None where it is not known here."""
    return _LANGUAGES.get(language.split("-")[0].lower())


def id3_tag(label: Label, bit_rate: int = BIT_RATE) -> bytes:
    """Return the whole ID3v2.3 tag that goes before the frames of an MP3 file."""
    body = b"".join(_frames(label, bit_rate))
    return b"ID3\x03\x00\x00" + _synchsafe(len(body)) + body


def _frames(label: Label, bit_rate: int) -> Iterator[bytes]:
    """Yield the frames in the order in which they are stored."""
    from breathcue import __version__

    timeline = label.timeline
    yield _text_frame("TIT2", timeline.title)
    if label.author:
        yield _text_frame("TPE1", label.author)
    yield _frame("TLEN", bytes([_LATIN1]) + str(timeline.duration_ms).encode("ascii") + b"\0")
    yield _text_frame("TSSE", f"breathcue {__version__}, LAME {bit_rate // 1000} kbit/s")
    yield from _words(timeline)
    yield from _chapters(timeline)
    if cover := label.cover:
        about = bytes([_LATIN1]) + cover.mime.encode("ascii") + b"\0" + bytes([_FRONT_COVER]) + b"\0"
        yield _frame("APIC", about + cover.data)


def _words(timeline: Timeline) -> Iterator[bytes]:
    """Yield what is said about safety, and all that is said: as a text, and line by line with its times."""
    code = language_code(timeline.language) or _UNKNOWN_LANGUAGE
    head = bytes([_UTF16]) + code.encode("ascii")
    if safety := description(timeline):
        yield _frame("COMM", head + _text("") + _text(safety))
    if words := lyrics(timeline):
        yield _frame("USLT", head + _text("") + _text(words))
    lines = [_text(cue.text) + _number(cue.start_ms) for cue in timeline.cues if cue.track is Track.VOICE]
    if lines:
        yield _frame("SYLT", head + bytes([_IN_MS, _SPOKEN_WORDS]) + _text("") + b"".join(lines))


def _chapters(timeline: Timeline) -> Iterator[bytes]:
    if not timeline.chapters:
        return
    ids = [f"chp{i}" for i in range(len(timeline.chapters))]
    yield from _contents(ids)
    for element_id, chapter in zip(ids, timeline.chapters, strict=True):
        place = _number(chapter.start_ms) + _number(chapter.end_ms) + 2 * _number(_NO_OFFSET)
        yield _frame("CHAP", _id(element_id) + place + _text_frame("TIT2", chapter.title))


def _contents(ids: Sequence[str]) -> Iterator[bytes]:
    """Yield the table of contents; one of more than 255 chapters is a table of tables."""
    groups = [list(ids[i : i + _MAX_ENTRIES]) for i in range(0, len(ids), _MAX_ENTRIES)]
    if len(groups) == 1:
        yield _table("toc", _TOP_LEVEL_ORDERED, groups[0])
        return
    names = [f"toc{i}" for i in range(len(groups))]
    yield _table("toc", _TOP_LEVEL_ORDERED, names)
    for name, group in zip(names, groups, strict=True):
        yield _table(name, _ORDERED, group)


def _table(element_id: str, flags: int, children: Sequence[str]) -> bytes:
    return _frame("CTOC", _id(element_id) + bytes([flags, len(children)]) + b"".join(map(_id, children)))


def _text_frame(name: str, text: str) -> bytes:
    return _frame(name, bytes([_UTF16]) + _text(text))


def _frame(name: str, body: bytes) -> bytes:
    no_flags = b"\0\0"
    return name.encode("ascii") + _number(len(body)) + no_flags + body


def _id(element_id: str) -> bytes:
    return element_id.encode("ascii") + b"\0"


def _text(text: str) -> bytes:
    """Return a text with its byte order before it and its end after it; a NUL would end it early."""
    return b"\xff\xfe" + text.replace("\0", "").encode("utf-16-le") + b"\0\0"


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _synchsafe(size: int) -> bytes:
    """Return a size in four bytes of seven bits each."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
