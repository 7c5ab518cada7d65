"""Finding the session and exercise files among the paths someone names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

SUFFIXES = (".yaml", ".yml")


def gather(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield each file once: files as named, then of each folder every YAML file in it and below, sorted.

    Hidden files and folders inside a folder are left alone, and links to folders are not followed.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _inside(path) if path.is_dir() else (path,):
            absolute = Path(os.path.abspath(file))  # noqa: PTH100 - resolving would take two links for one file
            if absolute not in seen:
                seen.add(absolute)
                yield file


def _inside(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(place, name)
            if not name.startswith(".") and name.lower().endswith(SUFFIXES) and file.is_file():
                yield file
