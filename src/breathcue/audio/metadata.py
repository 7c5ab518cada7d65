"""What a file says of itself, as ffmpeg reads it: key by key, in its FFMETADATA form.

MP4 has keys and chapters of its own. Vorbis comments (Opus, Ogg Vorbis, FLAC) have neither chapters nor pictures, but
conventions for both, which ffmpeg reads but does not write: so they are given as the plain keys that they are.

Sources: "Metadata" in ffmpeg-formats; "Vorbis I specification", 5 (comments); wiki.xiph.org, "Chapter Extension" and
"VorbisComment" (METADATA_BLOCK_PICTURE); RFC 9639, 8.8 (picture).
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator

from breathcue.audio.cover import Picture
from breathcue.audio.order import Label
from breathcue.audio.tags import description, lyrics
from breathcue.timeline.model import Timeline
from breathcue.timeline.time import Ms

Pairs = Iterator[tuple[str, str]]

_SPECIAL = re.compile(r"[=;#\\\n]")
_AUDIOBOOK = "2"
_FRONT_COVER, _COLOUR_BITS, _NO_PALETTE = 3, 24, 0


def mp4_metadata(label: Label) -> str:
    """Return the description of an MP4 file, with its chapters."""
    return _ffmetadata(_common(label)) + _chapters(label.timeline)


def audiobook_metadata(label: Label) -> str:
    """Return the description of an M4B file: an MP4 that says it is a book, so that players keep one's place."""
    return _ffmetadata(_audiobook(label)) + _chapters(label.timeline)


def flac_metadata(label: Label) -> str:
    """Return the comments of a FLAC file, whose picture has a block of its own."""
    return _ffmetadata(_vorbis_comments(label))


def ogg_metadata(label: Label) -> str:
    """Return the comments of an Ogg file, its picture among them."""
    return _ffmetadata(_comments_with_picture(label))


def _common(label: Label) -> Pairs:
    yield "title", label.timeline.title
    if label.author:
        yield "artist", label.author
    if safety := description(label.timeline):
        yield "description", safety
    if words := lyrics(label.timeline):
        yield "lyrics", words


def _audiobook(label: Label) -> Pairs:
    yield from _common(label)
    yield "media_type", _AUDIOBOOK


def _vorbis_comments(label: Label) -> Pairs:
    yield from _common(label)
    yield "language", label.timeline.language
    for i, chapter in enumerate(label.timeline.chapters):
        yield f"CHAPTER{i:03}", _clock(chapter.start_ms)
        yield f"CHAPTER{i:03}NAME", chapter.title


def _comments_with_picture(label: Label) -> Pairs:
    yield from _vorbis_comments(label)
    if label.cover:
        yield "METADATA_BLOCK_PICTURE", base64.b64encode(_picture_block(label.cover)).decode()


def _picture_block(picture: Picture) -> bytes:
    mime = picture.mime.encode()
    kind = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    no_description = struct.pack(">I", 0)
    shape = struct.pack(">IIII", picture.width, picture.height, _COLOUR_BITS, _NO_PALETTE)
    return kind + no_description + shape + struct.pack(">I", len(picture.data)) + picture.data


def _ffmetadata(pairs: Pairs) -> str:
    return ";FFMETADATA1\n" + "".join(f"{key}={_escaped(value)}\n" for key, value in pairs)


def _chapters(timeline: Timeline) -> str:
    return "".join(
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={chapter.start_ms}\nEND={chapter.end_ms}\n"
        f"title={_escaped(chapter.title)}\n"
        for chapter in timeline.chapters
    )


def _escaped(value: str) -> str:
    """Return a value without what ends it early: ffmpeg's own signs are escaped, and a NUL ends any text."""
    return _SPECIAL.sub(r"\\\g<0>", value.replace("\0", "").replace("\r", ""))


def _clock(at: Ms) -> str:
    """Return a time as chapters in Vorbis comments have it: HH:MM:SS.mmm."""
    seconds, ms = divmod(at, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{ms:03}"
