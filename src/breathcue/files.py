"""A file that appears whole or not at all.

It is written beside its target under a name of its own and renamed at the end, so a kill at any moment leaves either
the old file or the new. What a killed run leaves behind is removed by the next run into the same folder: only files
with our very pattern of name, and only where nobody holds the lock that a living run keeps on its file (on Windows,
where nobody has it open).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from breathcue.diagnostics import Diagnostic, MissingError, RequestError

_PREFIX, _SUFFIX = ".breathcue-", ".part"
_OURS = re.compile(re.escape(_PREFIX) + r"[0-9a-f]{16}" + re.escape(_SUFFIX))


class _Lock(Enum):
    """What came of trying to lock a file: ours now, another process's, or a system without such locks."""

    TAKEN = auto()
    HELD = auto()
    UNKNOWN = auto()


@contextlib.contextmanager
def whole_file(target: Path) -> Iterator[BinaryIO]:
    """Give a file to write and read; it becomes ``target`` when the block ends well, and vanishes when it does not.

    A target that is a symbolic link stays one: the file it points to is replaced.

    Raises:
        OSError: the folder or the disk refuses.
    """
    final = Path(os.path.realpath(target))
    _remove_leftovers(final.parent)
    path, file = _create(final.parent)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if os.name != "nt":
                path.replace(final)
        if os.name == "nt":  # which renames no open file
            path.replace(final)
        _sync_folder(final.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def _create(folder: Path) -> tuple[Path, BinaryIO]:
    """Return a new, locked file in ``folder``."""
    while True:
        path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
        file = path.open("x+b")
        # Between making and locking it, another run may have taken the file for a leftover: then try again.
        if _lock(file) is not _Lock.HELD and path.exists():
            return path, file
        file.close()


def _remove_leftovers(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if _OURS.fullmatch(entry.name) and entry.is_file() and not entry.is_symlink():
                with contextlib.suppress(OSError):
                    _remove_if_dead(entry)


def _remove_if_dead(path: Path) -> None:
    with path.open("r+b") as file:
        if os.name != "nt" and _lock(file) is _Lock.TAKEN:
            path.unlink()
    if os.name == "nt":
        path.unlink()


def _lock(file: BinaryIO) -> _Lock:
    """Try to take the lock that ends with this process."""
    try:
        import fcntl
    except ImportError:
        return _Lock.UNKNOWN
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Lock.HELD
    except OSError:
        return _Lock.UNKNOWN
    return _Lock.TAKEN


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a loss of power, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def same_file(source: Path, target: Path) -> None:
    """Let ``target`` be the same file as ``source``, in the same folder; a copy where the system has no such links.

    Raises:
        OSError: the folder or the disk refuses.
    """
    if target.exists() and target.samefile(source):
        return
    linked = target.parent / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    try:
        os.link(source, linked)
    except (OSError, NotImplementedError):
        with source.open("rb") as original, whole_file(target) as file:
            shutil.copyfileobj(original, file)
        return
    try:
        linked.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            linked.unlink()
        raise


def check_writable(target: Path) -> None:
    """Refuse, before any work is done, a file that cannot be written.

    Raises:
        RequestError: ``target-is-folder``.
        MissingError: ``no-such-folder``, ``target-unwritable``.
    """
    if target.is_dir():
        raise target_is_folder(target)
    folder = Path(os.path.realpath(target)).parent
    if not folder.is_dir():
        raise no_such_folder(folder)
    # Renaming could replace a file that its owner has made read-only; that is respected.
    if not os.access(folder, os.W_OK | os.X_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise unwritable(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def check_spares(target: Path, sources: Iterable[Path]) -> None:
    """Refuse, before any work is done, to write over a file that the work is made from, by whatever name.

    Raises:
        RequestError: ``target-is-source``.
    """
    for source in sources:
        with contextlib.suppress(OSError, ValueError):
            if target.samefile(source):
                raise target_is_source(target)


def write_text(target: Path, text: str) -> None:
    """Write a text file, whole or not at all.

    Raises:
        RequestError: ``target-is-folder``.
        MissingError: ``no-such-folder``, ``target-unwritable``, ``disk-full``.
    """
    check_writable(target)
    try:
        with whole_file(target) as file:
            file.write(text.encode())
    except OSError as error:
        raise unwritable(target, error) from error


def target_is_folder(target: Path) -> RequestError:
    """The target exists and is a folder."""
    return RequestError(
        Diagnostic(
            code="target-is-folder",
            message=f"“{target}” is a folder.",
            fix="Give the name of a file, such as session.mp3 inside that folder.",
        )
    )


def target_is_source(target: Path) -> RequestError:
    """The target exists, and is needed for what is to be written into it."""
    return RequestError(
        Diagnostic(
            code="target-is-source",
            message=f"“{target}” is what the session is made from, and writing it would destroy that.",
            fix="Give another name with -o or --output.",
        )
    )


def no_such_folder(folder: Path) -> MissingError:
    """The folder the file should go to is not there."""
    return _missing(
        "no-such-folder",
        f"There is no folder “{folder}” to write into.",
        "Make the folder first, or choose another.",
    )


def disk_full(folder: Path, needed: int | None = None) -> MissingError:
    """There is no room for the file; ``needed`` is its size in bytes where that is known."""
    room = "the file" if needed is None else f"the {-(-needed // 1_000_000)} MB that the file needs"
    return _missing(
        "disk-full", f"There is no room for {room} in “{folder}”.", "Free some space, or choose another disk."
    )


def unwritable(target: Path, error: OSError) -> MissingError:
    """The operating system refuses the file; a full disk is named as such."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(target.parent)
    return _missing(
        "target-unwritable",
        f"“{target}” cannot be written: {error.strerror or error}.",
        "Check the permissions of the file and its folder, or choose another place.",
    )


def _missing(code: str, message: str, fix: str) -> MissingError:
    return MissingError(Diagnostic(code, message, fix=fix))
