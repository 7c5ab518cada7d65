"""The clips kept on disk, so that a line is spoken once and then only read.

A key is a digest over everything that changes the sound. One file holds one clip: a header of fixed size, which alone
tells the length, then the energies, then the samples as 16-bit integers. Files are written under another name and
renamed, so that any number of processes may share the folder; a file that is not exactly what its header says is
removed and counts as absent.
"""

from __future__ import annotations

import json
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from hashlib import blake2b
from pathlib import Path

import numpy as np

from breathcue.diagnostics import Diagnostic, Severity
from breathcue.timeline.time import Ms, ms_from_samples
from breathcue.voices.base import Clip
from breathcue.voices.clip import CLIP_VERSION, from_int16, to_int16

ENVIRONMENT = "BREATHCUE_CACHE"
"""The variable that names another folder for the cache."""

KEY_VERSION = 2
"""Raised whenever the form of a key or of a file changes."""

# magic, version of the form, samples, hops, peak, CRC-32 of energies and samples, CRC-32 of the fields before
_HEADER = struct.Struct("<4sHxxIIdII")
_MAGIC = b"bcue"
_SUFFIX = ".clip"
_TEMPORARY = ".part"
_ABANDONED_SECONDS = 3600
_REFRESH_SECONDS = 86_400


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
        return blake2b(canonical.encode("ascii"), digest_size=20).hexdigest()


@dataclass(frozen=True, slots=True)
class CacheStats:
    """How much is kept: ``entries`` clips in ``size`` bytes."""

    folder: Path
    entries: int
    size: int


def default_folder() -> Path:
    """Return the folder of the cache: BREATHCUE_CACHE, or where the system keeps the caches of this user."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("breathcue", appauthor=False)


class ClipCache:
    """Clips in a folder, by key. Never raises for the state of a disk: what cannot be read counts as absent.

    ``on_trouble`` is told once, with a warning, when clips cannot be kept; from then on none are written. Several
    threads and processes may use the same folder.
    """

    def __init__(self, folder: Path, on_trouble: Callable[[Diagnostic], None] | None = None) -> None:
        """Make a cache in ``folder``, which is created when the first clip is kept."""
        self.folder = folder
        self.usable = True
        self._on_trouble = on_trouble

    def length(self, key: ClipKey) -> Ms | None:
        """Return how long the clip of ``key`` lasts, reading its header only; None where it is not kept."""
        path = self._path(key)
        try:
            with path.open("rb", buffering=0) as file:
                header = _read_header(file.read(_HEADER.size), os.fstat(file.fileno()).st_size)
        except OSError:
            return None
        if header is None:
            _remove(path)
            return None
        return ms_from_samples(header.samples)

    def load(self, key: ClipKey) -> Clip | None:
        """Return the clip of ``key``, or None where it is not kept or its file is damaged (which removes it)."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            age = time.time() - path.stat().st_mtime
        except OSError:
            return None
        clip = decode(content)
        if clip is None:
            _remove(path)
        elif age > _REFRESH_SECONDS:
            _refresh(path)
        return clip

    def store(self, key: ClipKey, clip: Clip) -> bool:
        """Keep a clip, whole or not at all; return whether it is kept."""
        if not self.usable:
            return False
        path = self._path(key)
        try:
            _write(path, encode(clip))
        except OSError as error:
            self._give_up(error)
            return False
        return True

    def entries(self) -> Iterator[Path]:
        """Yield the file of every clip; nothing where the folder cannot be read."""
        return self._files(_SUFFIX)

    def stats(self) -> CacheStats:
        """Return how much is kept."""
        sizes = [status.st_size for _, status in self._with_status()]
        return CacheStats(self.folder, len(sizes), sum(sizes))

    def prune(self, *, max_size: int | None = None, older_than_seconds: float | None = None) -> int:
        """Remove the clips not used for so long, then the longest unused until all fit; return how many.

        ``max_size`` is in bytes. What a writer that was killed left behind is removed too, after an hour.
        """
        self._remove_abandoned()
        by_age = sorted(self._with_status(), key=lambda entry: entry[1].st_mtime)
        now = time.time()
        excess = sum(status.st_size for _, status in by_age) - max_size if max_size is not None else 0
        removed = 0
        for path, status in by_age:
            stale = older_than_seconds is not None and now - status.st_mtime > older_than_seconds
            if (stale or excess > 0) and _remove(path):
                excess -= status.st_size
                removed += 1
        return removed

    def clear(self) -> int:
        """Remove every clip, and nothing else that may lie in the folder; return how many there were."""
        removed = sum(_remove(path) for path in list(self.entries()))
        for path in list(self._files(_TEMPORARY)):
            _remove(path)
        return removed

    def _path(self, key: ClipKey) -> Path:
        digest = key.digest
        return self.folder / "clips" / digest[0] / f"{digest}{_SUFFIX}"

    def _files(self, suffix: str) -> Iterator[Path]:
        return self.folder.glob(f"clips/[0-9a-f]/*{suffix}")

    def _with_status(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.entries():
            try:
                yield path, path.stat()
            except OSError:
                continue

    def _remove_abandoned(self) -> None:
        limit = time.time() - _ABANDONED_SECONDS
        for path in list(self._files(_TEMPORARY)):
            try:
                abandoned = path.stat().st_mtime < limit
            except OSError:
                continue
            if abandoned:
                _remove(path)

    def _give_up(self, error: OSError) -> None:
        first, self.usable = self.usable, False
        if first and self._on_trouble is not None:
            self._on_trouble(
                Diagnostic(
                    "cache-unusable",
                    f"Finished speech cannot be kept in {self.folder}: {error.strerror or error}.",
                    fix=f"Free some space, or name another folder in the variable {ENVIRONMENT}.",
                    severity=Severity.WARNING,
                )
            )


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


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(dir=path.parent, suffix=_TEMPORARY, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.close()
            temporary.replace(path)
        except BaseException:
            file.close()
            _remove(temporary)
            raise


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _refresh(path: Path) -> None:
    """Mark a clip as used, at most once a day: pruning begins with those unused for longest."""
    try:
        os.utime(path)
    except OSError:
        return
