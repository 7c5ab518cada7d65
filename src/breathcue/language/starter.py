"""The session that a new author starts from."""

from __future__ import annotations

import contextlib
import os
import secrets
from importlib.resources import files
from pathlib import Path


def starter() -> str:
    """Return the text of a commented session that compiles as it stands."""
    return files(__package__).joinpath("template.yaml").read_text(encoding="utf-8")


def write_new(target: Path) -> None:
    """Write the starting session to ``target``, whole or not at all.

    Raises:
        FileExistsError: something of that name is there already; it stays as it is.
        OSError: the folder or the disk refuses.
    """
    if os.path.lexists(target):
        raise FileExistsError(target)
    part = target.parent / f".breathcue-{secrets.token_hex(8)}.part"
    try:
        with part.open("xb") as file:
            file.write(starter().encode())
            file.flush()
            os.fsync(file.fileno())
        _name(part, target)
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _name(part: Path, target: Path) -> None:
    """Give a finished file its name, unless another file has it: a link fails where a rename would replace."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # A file system without hard links: the name was free a moment ago, which is as sure as can be here.
        part.rename(target)
