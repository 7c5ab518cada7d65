"""Recordings as an instructor would make them: files of sounds that stand for speech, named after their lines."""

from __future__ import annotations

import wave
import zlib
from pathlib import Path

import numpy as np

from breathcue.voices.recorded import file_name
from breathcue.voices.silent import length_ms


def spoken_like(line: str, length: int | None = None) -> np.ndarray:
    """Return a sound that differs from line to line; ``length`` in ms is by default that of calm speech."""
    ms = length or length_ms(line, 1.0)
    time = np.arange(ms * 48) / 48_000
    pitch = 120 + zlib.crc32(line.encode()) % 200
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time)
    ends = np.minimum(1, np.minimum(time, time[::-1]) / 0.01)
    tones = sum(np.sin(2 * np.pi * pitch * n * time) / n for n in range(1, 8))
    return 0.25 * tones * syllables * ends


def write_sound(path: Path, samples: np.ndarray) -> Path:
    """Write samples as a WAV file of 16 bits, mono, 48 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_hours(path: Path, hours: int) -> Path:
    """Write a WAV file of so many hours of silence, which takes no room on most disks."""
    write_sound(path, np.zeros(0))
    head = bytearray(path.read_bytes())
    size = hours * 3600 * 8_000 * 2
    head[4:8] = (size + 36).to_bytes(4, "little")
    head[24:32] = (8_000).to_bytes(4, "little") + (16_000).to_bytes(4, "little")
    head[40:44] = size.to_bytes(4, "little")
    path.write_bytes(head)
    with path.open("r+b") as file:
        file.truncate(len(head) + size)
    return path


def record(folder: Path, line: str, length: int | None = None) -> Path:
    """Put the recording of a line into a folder, with some of the room around it; return its path."""
    room = np.random.default_rng(1).normal(0, 1e-4, 24_000)
    return write_sound(
        folder / f"{file_name(line)}.wav", np.concatenate((room, spoken_like(line, length), room))
    )
