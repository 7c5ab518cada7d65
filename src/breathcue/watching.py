"""Waiting until files have changed and are quiet again, by looking at them now and then.

Looking works on every file system, network drives included, and costs next to nothing for the few files that a session
is made from. A file is looked at by its path, so it does not matter whether an editor writes it in place or puts
another one where it was.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

LOOK_EVERY = 0.1
"""How often files are looked at, in seconds: a change is noticed as fast as a hand leaves the keys."""
QUIET = 0.1
"""For how many seconds nothing may change any more: editors write a file in several steps, or twice."""
GONE = 1.0
"""For how many seconds a file may be gone, or empty, that was there: until then its editor may be about to write it."""
_STEP = 0.02
_MOST_FILES = 5_000
"""How many files of one folder are looked at; no session has as many lines."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is another now, without reading it."""

    modified_ns: int
    size: int
    inode: int


Seen = Mapping[Path, Stamp | None]
"""Files as they were when they were looked at; None where there was no file."""


def look(files: Iterable[Path], folders: Iterable[Path] = (), besides: Container[Path] = ()) -> Seen:
    """Return the stamps of files, and of all files directly in ``folders`` that are not hidden.

    ``besides`` are resolved paths of files that do not matter there.
    """
    seen = {path: stamp_of(path) for path in files}
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MOST_FILES) if not entry.name.startswith(".")]
            resolved = folder.resolve()
            seen |= {
                folder / name: stamp_of(folder / name) for name in names if resolved / name not in besides
            }
    return seen


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of a file, or None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


def wait_for_change(
    before: Seen,
    look_again: Callable[[], Seen],
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[Path, ...]:
    """Wait until files differ from ``before`` and are quiet; return those that differ, in the order of their names."""
    while True:
        if look_again() != before:
            settled = _settled(before, look_again, now, sleep)
            differing = {path for path in {*before, *settled} if before.get(path) != settled.get(path)}
            if differing:
                return tuple(sorted(differing))
        sleep(LOOK_EVERY)


def _settled(
    before: Seen, look_again: Callable[[], Seen], now: Callable[[], float], sleep: Callable[[float], None]
) -> Seen:
    seen, since = look_again(), now()
    while now() - since < (GONE if _is_being_written(before, seen) else QUIET):
        sleep(_STEP)
        again = look_again()
        if again != seen:
            seen, since = again, now()
    return seen


def _is_being_written(before: Seen, seen: Seen) -> bool:
    """Say whether a file has lost its content; editors do that on the way to its new content."""
    return any(
        stamp is not None and stamp.size and not getattr(seen.get(path), "size", 0)
        for path, stamp in before.items()
    )
