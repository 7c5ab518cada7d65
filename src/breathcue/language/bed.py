"""The bed that a session asks for: none, a built-in one, or a sound file beside the session."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from breathcue.diagnostics import Diagnostic
from breathcue.language import limits
from breathcue.language.beside import Kind, find_beside, leaves
from breathcue.language.problems import Problems, listed, nearest, quote
from breathcue.language.record import Record
from breathcue.language.routine import Words
from breathcue.library.beds import NO_BED, bed_names


def check_bed(session: Record, folder: Path | None, problems: Problems) -> None:
    """Report a bed that is neither built in nor a file inside ``folder``, the session's own."""
    wanted = session.get("bed", Words)
    if wanted is None or wanted.text == NO_BED or wanted.text in bed_names():
        return
    if not _means_file(wanted.text, folder):
        near = nearest(wanted.text, (NO_BED, *bed_names()))
        known = f"Use {listed((*bed_names(), NO_BED), 'or')}, or the name of a sound file beside the session."
        message = f"There is no bed {quote(wanted.text)}."
        problems.add("unknown-bed", message, wanted.place, f"Did you mean `{near}`?" if near else known)
        return
    path = find_beside(wanted, folder, Kind.FILE, problems, "bed")
    if path is not None and (_size(path) or 0) > limits.BED_BYTES:
        problems.add(
            "bed-too-large",
            f"The file of the bed, {quote(wanted.text)}, is larger than {limits.BED_BYTES >> 20} MB.",
            wanted.place,
            "Name a shorter piece: it is repeated without a seam. Or save it as MP3, M4A, Ogg or FLAC.",
        )


def wanted_bed(bed: Words | None) -> Words | None:
    """Return a bed as written, or None where that says that there shall be none."""
    return None if bed is None or bed.text == NO_BED else bed


def bed_file(bed: Words | None, folder: Path) -> Path | None:
    """Return the file of a bed that was checked; None where it is a built-in one, or none."""
    return None if bed is None or bed.text in bed_names() else folder / bed.text


def asked_bed(asked: str) -> Path | Diagnostic | None:
    """Return the file of a bed that is asked for on the command line, which may be anywhere.

    None where it is a built-in one, or none; a diagnostic where there is no such bed.
    """
    if asked == NO_BED or asked in bed_names():
        return None
    path = Path(asked)
    if _size(path) is not None and not path.is_dir():
        return path
    near = nearest(asked, (NO_BED, *bed_names()))
    known = f"Use {listed((*bed_names(), NO_BED), 'or')}, or the path of a sound file."
    message = f"There is no bed {quote(asked)}, and no sound file of that name."
    return Diagnostic("unknown-bed", message, fix=f"Did you mean `{near}`?" if near else known)


def _means_file(written: str, folder: Path | None) -> bool:
    """Say whether a name is meant as a file's: it looks like one, or there is one of that name."""
    if leaves(written) or "/" in written or PurePosixPath(written).suffix:
        return True
    return folder is not None and _size(folder / written) is not None


def _size(path: Path) -> int | None:
    """Return how many bytes a file has; None where there is none."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None
