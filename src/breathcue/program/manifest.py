"""What has been rendered into a folder: the list that tells which sound files are up to date, and which are whole.

It stands beside the files and is written anew, whole or not at all, after each of them. A file that is not as the list
says (gone, cut short, damaged) counts as not there; one whose key is another is out of date.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

from breathcue.diagnostics import Diagnostic, RequestError, Severity
from breathcue.files import write_text
from breathcue.program.names import is_ours
from breathcue.timeline.time import Ms

NAME = "breathcue-program.json"
SCHEMA = "breathcue/program-files/1"

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was made. ``key`` is what it was made from, and ``length`` how long it sounds, in ms."""

    key: str
    bytes: int
    sha256: str
    length: Ms


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files that were made into a folder, by their names, and the name of the program's file that they are of."""

    program: str
    files: dict[str, Entry] = field(default_factory=dict)


def read_manifest(folder: Path, program: str) -> tuple[Manifest, Diagnostic | None]:
    """Return what has been rendered into a folder; nothing where that is not known, and a warning if it should be.

    Raises:
        RequestError: it is the folder of another program (``folder-of-another-program``).
    """
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest(program), None
    except (OSError, UnicodeDecodeError):
        return Manifest(program), _unreadable(path)
    try:
        found = _parsed(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Manifest(program), _unreadable(path)
    if found.program != program:
        raise RequestError(
            Diagnostic(
                "folder-of-another-program",
                f"“{folder}” holds the files of another program, {found.program}.",
                fix=f"Choose another folder; if it is the same program under a new name, remove {path}.",
            )
        )
    return found, None


def _parsed(data: dict[str, object]) -> Manifest:
    files, program = data["files"], data["program"]
    if data["schema"] != SCHEMA or not isinstance(files, dict) or not isinstance(program, str):
        raise ValueError(data["schema"])
    return Manifest(program, {name: _entry(row) for name, row in files.items() if is_ours(name)})


def _entry(row: dict[str, object]) -> Entry:
    key, size, sha256, length = (row[name] for name in ("key", "bytes", "sha256", "length_ms"))
    if not (
        isinstance(key, str) and isinstance(size, int) and isinstance(sha256, str) and isinstance(length, int)
    ):
        raise TypeError(row)
    return Entry(key, size, sha256, Ms(length))


def _unreadable(path: Path) -> Diagnostic:
    return Diagnostic(
        "manifest-unreadable",
        f"“{path}” cannot be read, so everything is rendered again.",
        severity=Severity.WARNING,
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write what has been rendered into a folder.

    Raises:
        MissingError: the folder or the disk refuses.
    """
    files = {name: _row(entry) for name, entry in sorted(manifest.files.items())}
    whole = {"schema": SCHEMA, "program": manifest.program, "files": files}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    write_text(folder / NAME, f"{text}\n")


def _row(entry: Entry) -> dict[str, object]:
    row = asdict(entry)
    row["length_ms"] = row.pop("length")
    return row


def entry_of(path: Path, key: str, length: Ms) -> Entry:
    """Return the entry of a file that has just been made.

    Raises:
        OSError: it cannot be read.
    """
    return Entry(key, path.stat().st_size, sha256_of(path), length)


def is_whole(path: Path, entry: Entry) -> bool:
    """Say whether a file is there, and is byte for byte what was made."""
    try:
        return path.stat().st_size == entry.bytes and sha256_of(path) == entry.sha256
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    """Return what names the content of a file.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(partial(file.read, _BLOCK), b""):
            digest.update(block)
    return digest.hexdigest()
