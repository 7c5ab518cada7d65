"""Finding an exercise by name: in the session, then in a file beside it, then in the built-in library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from stat import S_ISREG

from breathcue.diagnostics import Diagnostic, Place, Related
from breathcue.language import limits, names
from breathcue.language.problems import Problems, listed, nearest, quote
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Words
from breathcue.language.source import decode
from breathcue.language.tree import MapNode, parse
from breathcue.language.validate import validate
from breathcue.library import read_data

LIBRARY = "breathcue/library"
"""How the built-in library is named in places and timelines."""
_NEIGHBOURS = 200


@dataclass(frozen=True, slots=True)
class Found:
    """An exercise that was looked up; ``record`` is None where what was found is broken."""

    name: str
    record: Record | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a session stands: its folder, the file itself, and how the folder is shown to a person."""

    folder: Path | None = None
    session: Path | None = None
    shown: str = ""


class Library:
    """Finds exercises for one session; what is wrong in an exercise's file goes to the problems of the load."""

    def __init__(
        self,
        definitions: tuple[Definition, ...],
        around: Surroundings,
        problems: Problems,
        files: dict[str, str],
        language: str = names.DEFAULT_LANGUAGE,
    ) -> None:
        """Look in ``definitions`` first; ``files`` gathers how each file read is shown and named.

        Built-in exercises are those in ``language``.
        """
        self._own = {definition.name.text: definition.record for definition in reversed(definitions)}
        self._around = around
        self._problems = problems
        self._files = files
        self._language = language
        self._looked_up: dict[str, Found | None] = {}
        self._neighbours: tuple[str, ...] | None = None

    def find(self, wanted: Words) -> Found | None:
        """Return the exercise that a step names, or None (reported) where there is none."""
        name = wanted.text
        if name in self._own:
            return Found(name, self._own[name])
        if name not in self._looked_up:
            self._looked_up[name] = self._beside(wanted) or self._built_in(name)
        found = self._looked_up[name]
        if found is None:
            self._report_unknown(wanted)
        return found

    def _beside(self, wanted: Words) -> Found | None:
        for path, relative in self._candidates(wanted.text):
            data = self._read(path, wanted)
            if data is None:
                return Found(wanted.text, None)
            shown = str(Path(self._around.shown) / relative)
            problems = Problems()
            read = read_exercise(data, shown, relative, problems)
            if read is None:
                continue
            self._files[shown] = relative
            used = (Related("it is used here", wanted.place),)
            for diagnostic in problems.in_order((shown,)):
                self._problems.add(
                    diagnostic.code,
                    diagnostic.message,
                    diagnostic.place or wanted.place,
                    diagnostic.fix,
                    (*diagnostic.related, *used),
                )
            return Found(wanted.text, read.record)
        return None

    def _candidates(self, name: str) -> Iterator[tuple[Path, str]]:
        folder = self._around.folder
        if folder is None:
            return
        for relative in (f"{name}.yaml", f"exercises/{name}.yaml"):
            path = folder / relative
            # A session named like the exercise that it practises is not that exercise.
            if _exists(path) and not (self._around.session and _same(path, self._around.session)):
                yield path, relative

    def _read(self, path: Path, wanted: Words) -> bytes | None:
        folder = self._around.folder
        try:
            if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
                self._problems.add(
                    "exercise-outside-folder",
                    f"The file of {quote(wanted.text)} is a link that leads out of the session's folder.",
                    wanted.place,
                    "Copy the exercise's file into the session's folder.",
                )
                return None
            return read_bounded(path)
        except (OSError, RuntimeError) as trouble:
            reason = trouble.strerror if isinstance(trouble, OSError) else None
            message = f"The file of {quote(wanted.text)}, {path.name}, cannot be read: {reason or 'its link loops'}."
            self._problems.add(
                "file-unreadable", message, wanted.place, "Check the file and its permissions."
            )
            return None

    def _built_in(self, name: str) -> Found | None:
        if name not in names.exercises(self._language):
            return None
        read, shown, diagnostics = _built_in_file(f"{names.exercise_folder(self._language)}/{name}.yaml")
        self._files[shown] = shown
        for diagnostic in diagnostics:
            self._problems.take(diagnostic)
        return Found(name, read)

    def _report_unknown(self, wanted: Words) -> None:
        told = names.exercises(self._language)
        if wanted.text in names.exercises():
            self._report_not_told(wanted, told)
            return
        near = nearest(wanted.text, (*self._own, *self._beside_names(), *told))
        looked = ["this session's `exercises`"]
        if self._around.folder is not None:
            looked += [f"`{wanted.text}.yaml` and `exercises/{wanted.text}.yaml` beside it"]
        looked += ["the built-in library"]
        message = (
            f"There is no exercise {quote(wanted.text)}: not in {', '.join(looked[:-1])} or {looked[-1]}."
        )
        known = "`breathcue library list` shows the built-in ones."
        self._problems.add(
            "unknown-exercise", message, wanted.place, f"Did you mean `{near}`?" if near else known
        )

    def _report_not_told(self, wanted: Words, told: tuple[str, ...]) -> None:
        self._problems.add(
            "exercise-not-told",
            f"The exercise {quote(wanted.text)} is built in in English, and not told in `{self._language}` yet.",
            wanted.place,
            f"Tell it under the session's `exercises`, or choose one that is told in `{self._language}`: "
            f"{listed(told, 'or')}.",
        )

    def _beside_names(self) -> tuple[str, ...]:
        if self._neighbours is None:
            self._neighbours = tuple(_exercise_names(self._around.folder))
        return self._neighbours


@dataclass(frozen=True, slots=True)
class Read:
    """The outcome of reading an exercise's file."""

    record: Record | None


def read_exercise(data: bytes, shown: str, name: str, problems: Problems) -> Read | None:
    """Read an exercise's file; None where it is a session, which only happens to have the exercise's name."""
    source = decode(data, shown, name)
    if isinstance(source, Diagnostic):
        problems.take(source)
        return Read(None)
    node = parse(source, problems)
    if node is None:
        # A session that is being edited is still a session, although it cannot be read just now.
        return None if re.search(rb"(?m)^steps\s*:", data) else Read(None)
    if isinstance(node, MapNode) and node.get("steps") and not node.get("rep"):
        return None
    return Read(validate(node, "exercise", source, problems))


def read_bounded(path: Path) -> bytes:
    """Return at most one byte more than a file may have; only regular files are opened.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    if not S_ISREG(path.stat().st_mode):
        raise OSError(0, "it is not a file", str(path))
    with path.open("rb") as stream:
        return stream.read(limits.FILE_BYTES + 1)


def built_in(name: str, language: str = names.DEFAULT_LANGUAGE) -> Record | None:
    """Return what the built-in library has of an exercise in a language; None where it is not told in it."""
    if name not in names.exercises(language):
        return None
    return _built_in_file(f"{names.exercise_folder(language)}/{name}.yaml")[0]


@cache
def _built_in_file(path: str) -> tuple[Record | None, str, tuple[Diagnostic, ...]]:
    shown = f"{LIBRARY}/{path}"
    problems = Problems()
    read = read_exercise(read_data(path).encode(), shown, shown, problems)
    return (read.record if read else None), shown, problems.in_order((shown,))


def _exercise_names(folder: Path | None) -> Iterator[str]:
    """Yield the names of the exercises in files of a session's folder, as far as a glance tells."""
    for place in (folder, folder / "exercises") if folder is not None else ():
        for path in sorted(place.glob("*.yaml"))[:_NEIGHBOURS]:
            with suppress(OSError):
                if re.search(rb"(?m)^rep\s*:", read_bounded(path)):
                    yield path.stem


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except OSError:
        return False
    return True


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def unreadable(shown: str, trouble: OSError) -> Diagnostic:
    """Return the diagnostic for a session file that cannot be opened."""
    message = f"The file cannot be read: {(trouble.strerror or 'unknown reason').lower()}."
    return Diagnostic(
        "file-unreadable", message, Place(shown, 1), "Check the path and the file's permissions."
    )
