"""A session as a WAV file: 16 bits, mono, 48 kHz."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from typing import BinaryIO

from breathcue.audio.errors import wav_too_long
from breathcue.audio.pcm import PCM_BYTES
from breathcue.timeline.time import SAMPLE_RATE

_HEADER_BYTES = 44
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


def write_wav(file: BinaryIO, pcm: Iterable[memoryview], samples: int) -> int:
    """Write ``samples`` samples, given as 16-bit little-endian bytes in pieces; return the size of the file.

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
    return size
