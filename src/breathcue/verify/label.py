"""What a file says of itself, read by another program than the one that wrote it.

breathcue puts the tag of an MP3 and the list of a WAV together by itself: ffmpeg reads those. ffmpeg writes all others:
mutagen reads those. Only mutagen reads words in time (``SYLT``) and pictures in an MP3.
"""

from __future__ import annotations

import base64
import re
import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from breathcue.ffmpeg import find_encoder, start
from breathcue.timeline.time import Ms, ms_from_seconds

_TIMEOUT_S = 60
_SYLT_IN_MS = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chapter starts, and its title."""

    start_ms: Ms
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words, and when they are said."""

    at_ms: Ms
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself; None where it says nothing, or its format cannot.

    ``form`` is the suffix of the format that its content is of, and None for one that breathcue does not write.
    ``length_ms`` is what the container says. ``cover`` is the picture as it is.
    """

    form: str | None
    length_ms: Ms | None = None
    title: str | None = None
    author: str | None = None
    safety: str | None = None
    words: str | None = None
    chapters: tuple[Mark, ...] = ()
    cover: bytes | None = None
    lines: tuple[Line, ...] = ()


NO_LABEL = Label(None)
"""Of a file that breathcue cannot have written, or that is damaged."""

_FORMS = {
    "MP3": (".mp3",),
    "MP4": (".m4a", ".m4b"),
    "OggOpus": (".opus",),
    "OggVorbis": (".ogg",),
    "FLAC": (".flac",),
    "WAVE": (".wav",),
}
"""What mutagen calls a file by its content, and the suffixes that breathcue gives such a file."""


def read_label(path: Path) -> Label:
    """Return what a sound file says of itself; what cannot be read is taken for not said.

    Raises:
        MissingError: ``encoder-missing``: there is no ffmpeg.
    """
    mutagen: Any = import_module("mutagen")
    # Of a damaged file mutagen may say so in many ways; the decoder tells its user what is the matter.
    damaged = (
        mutagen.MutagenError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        OverflowError,
        struct.error,
    )
    try:
        return _label(path, mutagen.File(path))
    except damaged:
        return NO_LABEL


def _label(path: Path, file: Any) -> Label:
    kind = type(file).__name__
    if kind not in _FORMS:
        return NO_LABEL
    suffixes = _FORMS[kind]
    form = path.suffix.lower() if path.suffix.lower() in suffixes else suffixes[0]
    label = Label(form, ms_from_seconds(file.info.length))
    if kind == "MP4":
        return _from_mp4(label, file)
    if kind in ("MP3", "WAVE"):
        read = _from_ffmpeg(label, path)
        return _from_id3(read, file.tags) if kind == "MP3" and file.tags else read
    return _from_comments(label, file)


def _from_mp4(label: Label, file: Any) -> Label:
    tags = file.tags or {}
    return replace(
        label,
        title=_first(tags, "©nam"),
        author=_first(tags, "©ART"),
        safety=_first(tags, "desc"),
        words=_first(tags, "©lyr"),
        chapters=tuple(Mark(ms_from_seconds(c.start), c.title) for c in file.chapters or ()),
        cover=bytes(tags["covr"][0]) if tags.get("covr") else None,
    )


def _from_comments(label: Label, file: Any) -> Label:
    tags = file.tags or {}
    return replace(
        label,
        title=_first(tags, "title"),
        author=_first(tags, "artist"),
        safety=_first(tags, "description"),
        words=_first(tags, "lyrics"),
        chapters=_comment_chapters(tags),
        cover=_comment_cover(file),
    )


def _comment_chapters(tags: Any) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    while at := _first(tags, f"chapter{len(marks):03}"):
        found = re.fullmatch(r"(\d+):(\d+):(\d+)\.(\d{3})", at)
        if found is None:
            break
        hours, minutes, seconds, ms = map(int, found.groups())
        start = ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
        marks.append(Mark(Ms(start), _first(tags, f"chapter{len(marks):03}name") or ""))
    return tuple(marks)


def _comment_cover(file: Any) -> bytes | None:
    flac: Any = import_module("mutagen.flac")
    pictures = list(getattr(file, "pictures", ()))
    if not pictures and (block := _first(file.tags or {}, "metadata_block_picture")):
        try:
            pictures = [flac.Picture(base64.b64decode(block))]
        except (ValueError, flac.error):
            return None
    return bytes(pictures[0].data) if pictures else None


def _from_id3(label: Label, tags: Any) -> Label:
    pictures, synchronised = tags.getall("APIC"), tags.getall("SYLT")
    lines = synchronised[0].text if synchronised and synchronised[0].format == _SYLT_IN_MS else ()
    return replace(
        label,
        cover=bytes(pictures[0].data) if pictures else None,
        lines=tuple(Line(Ms(at), text) for text, at in lines),
    )


def _first(tags: Any, key: str) -> str | None:
    values = tags.get(key)
    return str(values[0]) if values else None


def _from_ffmpeg(label: Label, path: Path) -> Label:
    """Return the label with what ffmpeg reads: keys from its FFMETADATA, times of chapters from its description.

    Its copy of the chapters is moved by the encoder's delay.
    """
    said, described = _described(path)
    tags, titles = _metadata(said)
    starts = [ms_from_seconds(float(start)) for start in re.findall(r"Chapter #\S+: start (\S+),", described)]
    words = next((value for key, value in tags.items() if key.startswith("lyrics")), None)
    return replace(
        label,
        title=tags.get("title"),
        author=tags.get("artist"),
        safety=tags.get("comment"),
        words=words,
        chapters=tuple(Mark(start, title) for start, title in zip(starts, titles, strict=False)),
    )


def _described(path: Path) -> tuple[str, str]:
    """Return what ffmpeg says of a file: as FFMETADATA, and as its description for people."""
    source = ["-protocol_whitelist", "file", "-i", f"file:{path.absolute()}"]
    arguments = [*source, "-f", "ffmetadata", "-protocol_whitelist", "pipe", "pipe:1"]
    null, pipe = subprocess.DEVNULL, subprocess.PIPE
    with start(find_encoder(), arguments, stdin=null, stderr=pipe) as process:
        try:
            out, err = process.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            return "", ""
    return out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def _metadata(text: str) -> tuple[Mapping[str, str], list[str]]:
    """Return the keys of a file in the FFMETADATA form, in small letters, and the titles of its chapters."""
    tags: dict[str, str] = {}
    titles: list[str] = []
    here = tags
    # A line ends where no backslash stands before its end; a backslash goes before whatever has a meaning.
    for line in re.findall(r"(?:\\(?:.|\n)|[^\\\n])+", text):
        if line.startswith(";"):
            continue
        if line == "[CHAPTER]":
            here = {}
            titles.append("")
            continue
        key, separator, value = _split(line)
        if separator:
            here[key.lower()] = value
            if titles and here is not tags and key == "title":
                titles[-1] = value
    return tags, titles


def _split(line: str) -> tuple[str, str, str]:
    found = re.match(r"((?:\\(?:.|\n)|[^\\=])*)=", line)
    if found is None:
        return line, "", ""
    return _plain(found[1]), "=", _plain(line[found.end() :])


def _plain(text: str) -> str:
    return re.sub(r"\\(.|\n)", r"\1", text)
