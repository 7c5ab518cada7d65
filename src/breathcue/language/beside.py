"""Files and folders that a session or a program names: they stand beside it, inside its folder, and nowhere else."""

from __future__ import annotations

from enum import Enum
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_ISDIR, S_ISREG

from breathcue.language.problems import Problems, quote
from breathcue.language.routine import Words


class Kind(Enum):
    """What a name must lead to, as a person says it."""

    FILE = "file"
    FOLDER = "folder"


def find_beside(
    wanted: Words,
    folder: Path | None,
    kind: Kind,
    problems: Problems,
    key: str = "",
    owner: str = "session",
) -> Path | None:
    """Return the path of the file or folder that a session names, or None (reported) where it may not be used.

    ``folder`` is the session's own, None where the session comes from nowhere; ``key`` is the key of the session
    under which the name stands. A link may lead from the session's folder to another place inside it, not out of it.
    ``owner`` is what names the file, where that is no session.
    """
    where = f" of `{key}`" if key else ""
    name = f"The {kind.value}{where}, {quote(wanted.text)},"
    inside = f"Copy the {kind.value} into the {owner}'s folder, and give its name alone."
    if leaves(wanted.text):
        problems.add("outside-folder", f"{name} is not inside the {owner}'s folder.", wanted.place, inside)
        return None
    path = folder / wanted.text if folder is not None else None
    trouble = _trouble(path, kind)
    if path is None or trouble is not None:
        fix = f"Name a {kind.value} in the {owner}'s folder; on most systems, capital letters matter."
        problems.add("not-beside", f"{name} {trouble or _MISSING}.", wanted.place, fix)
        return None
    if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
        message = f"{name} is a link that leads out of the {owner}'s folder."
        problems.add("outside-folder", message, wanted.place, inside)
        return None
    return path


_MISSING = "is not there"


def _trouble(path: Path | None, kind: Kind) -> str | None:
    """Say what is wrong with a path, if anything is."""
    if path is None:
        return _MISSING
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _MISSING
    except (OSError, ValueError) as trouble:
        reason = trouble.strerror if isinstance(trouble, OSError) else None
        return f"cannot be read: {(reason or 'its name leads nowhere').lower()}"
    fits = S_ISREG(mode) if kind is Kind.FILE else S_ISDIR(mode)
    return None if fits else f"is no {kind.value}"


def leaves(written: str) -> bool:
    """Say whether a path as written leads out of the folder it starts in, on any system."""
    windows = PureWindowsPath(written)
    return bool(windows.anchor) or ".." in windows.parts or PurePosixPath(written).is_absolute()
