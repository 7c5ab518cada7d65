"""Reads the sound files that speech engines of the system write: WAV, and AIFF, which is what macOS writes."""

from __future__ import annotations

import struct
import wave
from collections.abc import Iterator
from io import BytesIO

import numpy as np

from breathcue.voices.base import Recording, Samples

_INTEGERS = {1: ">i1", 2: ">i2", 4: ">i4"}


class NotASoundError(ValueError):
    """The content is not a sound file that can be read; the message is the reason, as half a sentence."""


def read_sound(content: bytes) -> Recording:
    """Return the sound in a file's content, as mono; several channels become their mean.

    WAV of 8, 16 or 32 bits; AIFF and AIFF-C of 8, 16 or 32 bits without compression.

    Raises:
        NotASoundError: it is neither, or it is cut off.
    """
    try:
        return _aiff(content) if content[:4] == b"FORM" else _wav(content)
    except (wave.Error, EOFError, struct.error, KeyError, ValueError, ZeroDivisionError) as error:
        raise NotASoundError("what it wrote is not a sound file that can be read") from error


def _wav(content: bytes) -> Recording:
    with wave.open(BytesIO(content)) as file:
        width, channels, rate, frames = (
            file.getsampwidth(),
            file.getnchannels(),
            file.getframerate(),
            file.getnframes(),
        )
        data = file.readframes(frames)
    if len(data) != frames * channels * width:
        raise ValueError("cut off")
    if width == 1:
        return _recording(np.frombuffer(data, np.uint8).astype(np.float32) - 128, 1, channels, rate)
    kind = _INTEGERS[width].replace(">", "<")
    return _recording(np.frombuffer(data, kind).astype(np.float32), width, channels, rate)


def _aiff(content: bytes) -> Recording:
    """Read a file as Apple's Audio Interchange File Format 1.3 and its later AIFF-C have it."""
    chunks = dict(_chunks(content))
    common = chunks[b"COMM"]
    channels, frames, bits = struct.unpack_from(">hIh", common)
    compression = common[18:22] if content[8:12] == b"AIFC" else b"NONE"
    width = (bits + 7) // 8
    kind = _INTEGERS[width]
    if compression == b"sowt":
        kind = kind.replace(">", "<")
    elif compression not in (b"NONE", b"twos"):
        raise ValueError("compressed")
    (offset,) = struct.unpack_from(">I", chunks[b"SSND"])
    samples = np.frombuffer(chunks[b"SSND"], kind, frames * channels, 8 + offset)
    return _recording(samples.astype(np.float32), width, channels, round(_extended(common[8:18])))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    while position + 8 <= len(content):
        name, size = struct.unpack_from(">4sI", content, position)
        yield name, content[position + 8 : position + 8 + size]
        position += 8 + size + size % 2


def _extended(number: bytes) -> float:
    """Return an 80-bit extended number (IEEE 754): a sign and an exponent of 15 bits, then the mantissa of 64."""
    exponent, mantissa = struct.unpack(">HQ", number)
    return float(mantissa * 2.0 ** (exponent - 16383 - 63))


def _recording(samples: Samples, width: int, channels: int, rate: int) -> Recording:
    if rate <= 0:
        raise ValueError("no rate")
    mono = samples.reshape(-1, channels).mean(axis=1, dtype=np.float32)
    return Recording(mono / np.float32(2 ** (8 * width - 1)), rate)
