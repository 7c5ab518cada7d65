"""The clips kept on disk, so that a line is spoken once and then only read.

A key is a digest over everything that changes the sound. One entry of the store holds one clip: a header of fixed
size, which alone tells the length, then the energies, then the samples as 16-bit integers. A file that is not exactly
what its header says is removed and counts as absent.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from breathcue.diagnostics import Diagnostic
from breathcue.store import Kind, Store, digest_of, remove
from breathcue.timeline.time import Ms, ms_from_samples
from breathcue.voices.base import Clip
from breathcue.voices.clip import CLIP_VERSION, from_int16, to_int16

KEY_VERSION = 2
"""Raised whenever the form of a key or of a file changes."""

# magic, version of the form, samples, hops, peak, CRC-32 of energies and samples, CRC-32 of the fields before
_HEADER = struct.Struct("<4sHxxIIdII")
_MAGIC = b"bcue"


@dataclass(frozen=True, slots=True)
class ClipKey:
    """Everything that changes the sound of a clip; ``text`` is what is sent to the voice."""

    engine: str
    engine_version: str
    voice: str
    speed: float
    language: str
    text: str
    clip_version: int = CLIP_VERSION
    key_version: int = KEY_VERSION

    @property
    def digest(self) -> str:
        """The key as a name: 40 hexadecimal digits over every field, in order, unmistakably separated."""
        values = (getattr(self, field.name) for field in fields(self))
        named = [f"{value!r}" if isinstance(value, float) else value for value in values]
        canonical = json.dumps(named, ensure_ascii=True, separators=(",", ":"))
        return digest_of(canonical)


class ClipCache:
    """The clips in a store, by key. Never raises for the state of a disk: what cannot be read counts as absent.

    ``on_trouble`` is told once, with a warning, when clips cannot be kept; from then on none are written. Several
    threads and processes may use the same folder.
    """

    def __init__(self, folder: Path, on_trouble: Callable[[Diagnostic], None] | None = None) -> None:
        """Make a cache in ``folder``, which is created when the first clip is kept."""
        self.kept = Store(folder, on_trouble)

    @property
    def folder(self) -> Path:
        """Where the clips are."""
        return self.kept.folder

    def length(self, key: ClipKey) -> Ms | None:
        """Return how long the clip of ``key`` lasts, reading its header only; None where it is not kept."""
        path = self.kept.path(Kind.CLIP, key.digest)
        try:
            with path.open("rb", buffering=0) as file:
                header = _read_header(file.read(_HEADER.size), os.fstat(file.fileno()).st_size)
        except OSError:
            return None
        if header is None:
            remove(path)
            return None
        return ms_from_samples(header.samples)

    def load(self, key: ClipKey) -> Clip | None:
        """Return the clip of ``key``, or None where it is not kept or its file is damaged (which removes it)."""
        return self.kept.load(Kind.CLIP, key.digest, decode)

    def store(self, key: ClipKey, clip: Clip) -> bool:
        """Keep a clip, whole or not at all; return whether it is kept."""
        return self.kept.keep(Kind.CLIP, key.digest, encode(clip))


@dataclass(frozen=True, slots=True)
class _Header:
    samples: int
    hops: int
    peak: float
    checksum: int

    @property
    def size(self) -> int:
        return _HEADER.size + self.hops * 8 + self.samples * 2


def encode(clip: Clip) -> bytes:
    """Return a clip as the content of its file."""
    body = clip.energy.astype("<f8").tobytes() + to_int16(clip.samples).astype("<i2").tobytes()
    counts = len(clip.samples), len(clip.energy)
    head = _HEADER.pack(_MAGIC, KEY_VERSION, *counts, clip.peak, zlib.crc32(body), 0)[:-4]
    return head + struct.pack("<I", zlib.crc32(head)) + body


def decode(content: bytes) -> Clip | None:
    """Return the clip in a file's content, or None where anything about it is wrong."""
    header = _read_header(content[: _HEADER.size], len(content))
    if header is None or zlib.crc32(memoryview(content)[_HEADER.size :]) != header.checksum:
        return None
    energy = np.frombuffer(content, "<f8", header.hops, _HEADER.size)
    samples = np.frombuffer(content, "<i2", header.samples, _HEADER.size + header.hops * 8)
    return Clip(from_int16(samples.astype(np.int16, copy=False)), energy.astype(np.float64), header.peak)


def _read_header(content: bytes, file_size: int) -> _Header | None:
    if len(content) != _HEADER.size:
        return None
    magic, version, samples, hops, peak, checksum, own = _HEADER.unpack(content)
    header = _Header(samples, hops, peak, checksum)
    sound = magic == _MAGIC and version == KEY_VERSION and own == zlib.crc32(content[:-4])
    return header if sound and file_size == header.size else None
