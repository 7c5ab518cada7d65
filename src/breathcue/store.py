"""What is kept on disk so that it need not be made again: clips, and what is rendered of them.

A key is a digest over everything that changes the content; one file holds one entry. Files are written under another
name and renamed, so that any number of processes may share the folder, and whoever reads one says whether it is whole:
a file that is not is removed and counts as absent. A disk that is full or refuses is told once, and stops nothing.
"""

from __future__ import annotations

import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from breathcue.diagnostics import Diagnostic, Severity

ENVIRONMENT = "BREATHCUE_CACHE"
"""The variable that names another folder for the cache."""

_TEMPORARY = ".part"
_ABANDONED_SECONDS = 3600
_REFRESH_SECONDS = 86_400

# magic, length of what follows, its CRC-32
_SEAL = struct.Struct("<4sII")
_MAGIC = b"bck1"

T = TypeVar("T")


class Kind(StrEnum):
    """What an entry holds; each kind has a folder of its own, named by its plural, and its name as suffix."""

    CLIP = "clip"
    ISLAND = "island"
    LEVEL = "level"
    COVER = "cover"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is kept: so many clips and islands, and ``size`` bytes with all that belongs to them."""

    folder: Path
    clips: int
    islands: int
    size: int


def default_folder() -> Path:
    """Return the folder of the cache: BREATHCUE_CACHE, or where the system keeps the caches of this user."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path("breathcue", appauthor=False)


def digest_of(text: str) -> str:
    """Return the digest of a text that names everything of a key: 40 hexadecimal digits."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


def seal(content: bytes) -> bytes:
    """Return content in a form that tells whether it is whole."""
    return _SEAL.pack(_MAGIC, len(content), zlib.crc32(content)) + content


def unseal(sealed: bytes) -> bytes | None:
    """Return what was sealed, or None where anything about it is wrong."""
    if len(sealed) < _SEAL.size:
        return None
    magic, length, checksum = _SEAL.unpack_from(sealed)
    content = sealed[_SEAL.size :]
    whole = magic == _MAGIC and length == len(content) and checksum == zlib.crc32(content)
    return content if whole else None


class Store:
    """Entries in a folder, by kind and digest. Never raises for the state of a disk.

    ``on_trouble`` is told once, with a warning, when nothing can be kept; from then on nothing is written. Several
    threads and processes may use the same folder.
    """

    def __init__(self, folder: Path, on_trouble: Callable[[Diagnostic], None] | None = None) -> None:
        """Make a store in ``folder``, which is created when the first entry is kept."""
        self.folder = folder
        self.trouble: Diagnostic | None = None
        """Why nothing can be kept any more."""
        self._on_trouble = on_trouble

    def path(self, kind: Kind, digest: str) -> Path:
        """Return the file of an entry, whether it is there or not."""
        return self.folder / f"{kind}s" / digest[0] / f"{digest}.{kind}"

    def load(self, kind: Kind, digest: str, decode: Callable[[bytes], T | None]) -> T | None:
        """Return what ``decode`` makes of an entry; None where it is not kept, or damaged (which removes it)."""
        path = self.path(kind, digest)
        try:
            with path.open("rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                content = file.read()
        except OSError:
            return None
        found = decode(content)
        if found is None:
            remove(path)
        elif time.time() - status.st_mtime > _REFRESH_SECONDS:
            _refresh(path)
        return found

    def keep(self, kind: Kind, digest: str, content: bytes) -> bool:
        """Keep an entry, whole or not at all; return whether it is kept."""
        if self.trouble is not None:
            return False
        path = self.path(kind, digest)
        try:
            try:
                _write(path, content)
            except FileNotFoundError:
                # Somebody has removed the folder in this very moment, which is no reason to keep nothing any more.
                _write(path, content)
        except OSError as error:
            self._give_up(error)
            return False
        return True

    def entries(self, *kinds: Kind) -> Iterator[Path]:
        """Yield the file of every entry of some kinds, or of all; nothing where the folder cannot be read."""
        for kind in kinds or Kind:
            yield from self._files(kind, f".{kind}")

    def stats(self) -> Stats:
        """Return how much is kept."""
        sizes = sum(status.st_size for _, status in self._with_status())
        clips, islands = (sum(1 for _ in self.entries(kind)) for kind in (Kind.CLIP, Kind.ISLAND))
        return Stats(self.folder, clips, islands, sizes)

    def prune(self, *, max_size: int | None = None, older_than_seconds: float | None = None) -> int:
        """Remove the entries not used for so long, then the longest unused until all fit; return how many.

        ``max_size`` is in bytes. What a writer that was killed left behind is removed too, after an hour.
        """
        self._remove_abandoned()
        by_age = sorted(self._with_status(), key=lambda entry: entry[1].st_mtime)
        now = time.time()
        excess = sum(status.st_size for _, status in by_age) - max_size if max_size is not None else 0
        removed = 0
        for path, status in by_age:
            stale = older_than_seconds is not None and now - status.st_mtime > older_than_seconds
            if (stale or excess > 0) and remove(path):
                excess -= status.st_size
                removed += 1
        return removed

    def clear(self) -> int:
        """Remove every entry, and nothing else that may lie in the folder; return how many there were.

        What others are writing is left to them, and what a writer that was killed left behind goes after an hour.
        """
        self._remove_abandoned()
        return sum(remove(path) for path in list(self.entries()))

    def _files(self, kind: Kind, suffix: str) -> Iterator[Path]:
        return self.folder.glob(f"{kind}s/[0-9a-f]/*{suffix}")

    def _with_status(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.entries():
            try:
                yield path, path.stat()
            except OSError:
                continue

    def _remove_abandoned(self) -> None:
        limit = time.time() - _ABANDONED_SECONDS
        for path in [path for kind in Kind for path in self._files(kind, _TEMPORARY)]:
            try:
                abandoned = path.stat().st_mtime < limit
            except OSError:
                continue
            if abandoned:
                remove(path)

    def _give_up(self, error: OSError) -> None:
        first = self.trouble is None
        self.trouble = Diagnostic(
            "cache-unusable",
            f"Finished speech cannot be kept in {self.folder}: {error.strerror or error}.",
            fix=f"Free some space, or name another folder in the variable {ENVIRONMENT}.",
            severity=Severity.WARNING,
        )
        if first and self._on_trouble is not None:
            self._on_trouble(self.trouble)


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
            remove(temporary)
            raise


def remove(path: Path) -> bool:
    """Remove a file; return whether it was there and could be."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _refresh(path: Path) -> None:
    """Mark an entry as used, at most once a day: pruning begins with those unused for longest."""
    try:
        os.utime(path)
    except OSError:
        return
