"""A session as a WAV file: 16 bits, mono, 48 kHz."""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterable
from typing import BinaryIO

from breathcue.audio.errors import wav_too_long
from breathcue.audio.pcm import PCM_BYTES
from breathcue.timeline.time import SAMPLE_RATE

_HEADER_BYTES = 44
_RIFF_SIZE_AT = 4
_LIMIT = 1 << 32


def wav_size(samples: int) -> int:
    """Return the size in bytes of a WAV file of so many samples.

    Raises:
        BreathcueError: it is more than the format can count (``wav-too-long``).
    """
    size = _HEADER_BYTES + samples * PCM_BYTES
    if size >= _LIMIT:
        raise wav_too_long(size)
    return size


def info_chunk(title: str, author: str | None = None) -> bytes:
    """Return the chunk that says what a WAV file is and by whom, in UTF-8; all that the format can say of itself.

    Source: "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft), INFO list chunk.
    """
    entries = b"INFO" + _entry(b"INAM", title) + (_entry(b"IART", author) if author else b"")
    return b"LIST" + struct.pack("<I", len(entries)) + entries


def _entry(name: bytes, text: str) -> bytes:
    data = text.encode() + b"\0"
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def write_wav(file: BinaryIO, pcm: Iterable[memoryview], samples: int, info: bytes = b"") -> int:
    """Write ``samples`` samples, given as 16-bit little-endian bytes in pieces; return the size of the file.

    ``info`` are further chunks, which come after the samples.

    Raises:
        BreathcueError: the session is too long for the format (``wav-too-long``).
        OSError: the file could not be written.
    """
    size = wav_size(samples)
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(PCM_BYTES)
        wav.setframerate(SAMPLE_RATE)
        wav.setnframes(samples)
        for data in pcm:
            wav.writeframesraw(data)
    if size + len(info) >= _LIMIT:
        return size
    file.seek(size)
    file.write(info)
    file.seek(_RIFF_SIZE_AT)
    file.write(struct.pack("<I", size + len(info) - _RIFF_SIZE_AT - 4))
    return size + len(info)
