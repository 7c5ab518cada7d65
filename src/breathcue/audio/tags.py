"""The ID3 tag of a session: title, author, lyrics (also in time with the voice), description, chapters and cover.

The version is ID3v2.3. Everything reads it: Windows and older car and phone players do not read 2.4; and ffmpeg,
with all players built on it, reads the sub-frames of 2.4's chapters as if they were 2.3's, losing a title over 127
bytes. Text is UTF-16, the only Unicode encoding of 2.3.

mutagen makes the frames. It would also write the tag, but orders frames by size, and players list chapters as they are
stored. So each frame is taken from a tag of its own, and the tag is put together here.

Sources: "ID3 tag version 2.3.0" and "ID3v2 Chapter Frame Addendum" (id3.org).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from breathcue.audio.mp3 import BIT_RATE
from breathcue.audio.order import Label
from breathcue.timeline.model import Cue, CueKind, Timeline, Track

Frame = Any
"""A frame of mutagen.id3, which has no types and is imported only when a tag is made."""

_TAG_HEADER_BYTES = 10
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
    body = b"".join(_serialise(frame) for frame in _frames(label, bit_rate))
    return b"ID3\x03\x00\x00" + _synchsafe(len(body)) + body


def _frames(label: Label, bit_rate: int) -> Iterator[Frame]:
    """Yield the frames in the order in which they are stored."""
    from breathcue import __version__

    id3: Any = import_module("mutagen.id3")
    timeline = label.timeline
    yield id3.TIT2(encoding=_UTF16, text=timeline.title)
    if label.author:
        yield id3.TPE1(encoding=_UTF16, text=label.author)
    yield id3.TLEN(encoding=_LATIN1, text=str(timeline.duration_ms))
    yield id3.TSSE(encoding=_UTF16, text=f"breathcue {__version__}, LAME {bit_rate // 1000} kbit/s")
    yield from _words(timeline)
    yield from _chapters(timeline)
    if cover := label.cover:
        yield id3.APIC(encoding=_LATIN1, mime=cover.mime, type=_FRONT_COVER, desc="", data=cover.data)


def _words(timeline: Timeline) -> Iterator[Frame]:
    """Yield what is said about safety, and all that is said: as a text, and line by line with its times."""
    id3: Any = import_module("mutagen.id3")
    language = language_code(timeline.language) or _UNKNOWN_LANGUAGE
    if safety := description(timeline):
        yield id3.COMM(encoding=_UTF16, lang=language, desc="", text=safety)
    if words := lyrics(timeline):
        yield id3.USLT(encoding=_UTF16, lang=language, desc="", text=words)
    lines = [(cue.text, int(cue.start_ms)) for cue in timeline.cues if cue.track is Track.VOICE]
    if lines:
        yield id3.SYLT(encoding=_UTF16, lang=language, format=_IN_MS, type=_SPOKEN_WORDS, desc="", text=lines)


def _chapters(timeline: Timeline) -> Iterator[Frame]:
    id3: Any = import_module("mutagen.id3")
    if not timeline.chapters:
        return
    ids = [f"chp{i}" for i in range(len(timeline.chapters))]
    yield from _contents(ids)
    for element_id, chapter in zip(ids, timeline.chapters, strict=True):
        yield id3.CHAP(
            element_id=element_id,
            start_time=chapter.start_ms,
            end_time=chapter.end_ms,
            start_offset=_NO_OFFSET,
            end_offset=_NO_OFFSET,
            sub_frames=[id3.TIT2(encoding=_UTF16, text=chapter.title)],
        )


def _contents(ids: Sequence[str]) -> Iterator[Frame]:
    """Yield the table of contents; one of more than 255 chapters is a table of tables."""
    id3: Any = import_module("mutagen.id3")
    groups = [list(ids[i : i + _MAX_ENTRIES]) for i in range(0, len(ids), _MAX_ENTRIES)]
    if len(groups) == 1:
        yield id3.CTOC(element_id="toc", flags=_TOP_LEVEL_ORDERED, child_element_ids=groups[0])
        return
    names = [f"toc{i}" for i in range(len(groups))]
    yield id3.CTOC(element_id="toc", flags=_TOP_LEVEL_ORDERED, child_element_ids=names)
    for name, group in zip(names, groups, strict=True):
        yield id3.CTOC(element_id=name, flags=_ORDERED, child_element_ids=group)


def _serialise(frame: Frame) -> bytes:
    """Return the bytes of one frame, as ID3v2.3 stores it."""
    id3: Any = import_module("mutagen.id3")
    tag = id3.ID3()
    tag.add(frame)
    buffer = io.BytesIO()
    tag.save(buffer, v1=0, v2_version=3, padding=lambda _: 0)
    return buffer.getvalue()[_TAG_HEADER_BYTES:]


def _synchsafe(size: int) -> bytes:
    """Return a size in four bytes of seven bits each."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
