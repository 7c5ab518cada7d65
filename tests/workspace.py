"""A copy of the repository in which its scripts run as for a user, without setting up an environment again."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

_READY_MADE = sorted((ROOT / "sessions").rglob("*.yaml"))
PROGRAMS = tuple(path for path in _READY_MADE if "\nweeks:" in path.read_text(encoding="utf-8"))
"""The ready-made programs."""
SESSIONS = tuple(path for path in _READY_MADE if path not in PROGRAMS)
"""The ready-made sessions."""


def copy_repository(target: Path) -> Path:
    """Copy the repository's files to ``target``: all that git would keep, and nothing that a run leaves behind."""
    sound = ("*.mp3", "*.m4a", "*.m4b", "*.opus", "*.ogg", "*.flac", "*.wav")
    leave = shutil.ignore_patterns(".*_cache", ".git", ".venv*", "__pycache__", ".hypothesis", "dist", *sound)
    return Path(shutil.copytree(ROOT, target, ignore=leave))


def pretend_environment(repository: Path, python: str) -> None:
    """Give a copy a .venv that counts as set up and whose Python is a shell script made of the lines ``python``."""
    binaries = repository / ".venv" / "bin"
    binaries.mkdir(parents=True)
    write_script(binaries / "python", python)
    (repository / ".venv" / "breathcue-root").write_text(f"{repository.resolve()}\n", encoding="utf-8")
    for purpose in ("user", "dev"):
        shutil.copy(repository / "pyproject.toml", repository / ".venv" / f"breathcue-stamp-{purpose}")


def borrowed_python(repository: Path) -> str:
    """Return the line of a script that is this Python, with the copy's source in place of ours."""
    return f'PYTHONPATH="{repository / "src"}" exec "{sys.executable}" "$@"'


def write_script(path: Path, lines: str) -> None:
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(0o755)


def path_with(*folders: Path) -> str:
    """Return a PATH that starts with ``folders``."""
    return os.pathsep.join([*map(str, folders), os.environ["PATH"]])
