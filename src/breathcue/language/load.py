"""From a file to a routine: read it, understand its YAML, check it against the tables, find its exercises, build.

This is the room's front door. Every function returns diagnostics instead of raising: an author wants them all.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from breathcue.diagnostics import Diagnostic, Place, has_errors
from breathcue.language import limits
from breathcue.language.bed import check_bed
from breathcue.language.build import build_routine
from breathcue.language.checks import check_doses, check_exercise, check_session, find_exercises
from breathcue.language.lookup import Library, Surroundings, unreadable
from breathcue.language.names import DEFAULT_LANGUAGE
from breathcue.language.problems import Problems
from breathcue.language.program import Program
from breathcue.language.pronounce import check_pronounce
from breathcue.language.quality import check_exercise_words, check_session_words
from breathcue.language.read_program import LoadedProgram, read_program
from breathcue.language.record import Definition, Record
from breathcue.language.recorded import check_recorded
from breathcue.language.routine import Routine, Words
from breathcue.language.safety import check_safety
from breathcue.language.size import check_size
from breathcue.language.source import SourceText, decode
from breathcue.language.tree import MapNode, Node, parse
from breathcue.language.validate import validate


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds.

    ``routine`` is None if there is any error. ``diagnostics`` are in the order of the lines, the session's before
    those of the exercise files it uses. ``files`` maps every file that was read, as it is shown in places, to its
    name: its path from the session's folder with forward slashes, the same on every machine; a built-in exercise is
    ``breathcue/library/exercises/NAME.yaml``, or in another language ``breathcue/library/exercises/de/NAME.yaml``.
    """

    routine: Routine | None
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, str]

    def source_name(self, place: Place) -> str:
        """Return the name of the file a place is in, as timelines record it."""
        return self.files.get(place.file, place.file)


def load_session(path: Path, shown: str | None = None) -> Loaded:
    """Read a session file; places show it as ``shown``, by default the path as given.

    Exercises are looked for beside it. Never raises for anything the file holds, nor where it cannot be read.
    """
    return _load_file(path, shown, checked=False)


def load_text(text: str | bytes, shown: str, folder: Path | None) -> Loaded:
    """Read a session from its text; exercises are looked for in ``folder``, or only in the library if it is None."""
    around = Surroundings(folder, None, str(Path(shown).parent))
    return _load(text, shown, around, checked=False)


def check_file(path: Path, shown: str | None = None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a file, which may be a session, the definition of one exercise, or a program.

    Of a program, only its own file is looked at.
    """
    return load_checked(path, shown).diagnostics


def load_checked(path: Path, shown: str | None = None) -> Loaded:
    """Read a file as :func:`check_file` does; the routine is there where it is a session without errors."""
    return _load_file(path, shown, checked=True)


def check_text(text: str | bytes, shown: str, folder: Path | None) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the text of a session or of the definition of one exercise."""
    around = Surroundings(folder, None, str(Path(shown).parent))
    return _load(text, shown, around, checked=True).diagnostics


def _load_file(path: Path, shown: str | None, *, checked: bool) -> Loaded:
    name = shown if shown is not None else str(path)
    try:
        data = _read(path)
    except OSError as trouble:
        return Loaded(None, (unreadable(name, trouble),), MappingProxyType({name: path.name}))
    around = Surroundings(path.parent, path, str(Path(name).parent))
    return _load(data, name, around, checked=checked)


def _read(path: Path) -> bytes:
    if path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "it is not a regular file")
    with path.open("rb") as stream:
        return stream.read(limits.FILE_BYTES + 1)


def _load(data: str | bytes, shown: str, around: Surroundings, *, checked: bool) -> Loaded:
    """Load a file; where it is to be ``checked``, it may be an exercise, and its words are looked at, too."""
    problems = Problems()
    name = around.session.name if around.session else Path(shown).name
    files = {shown: name}
    routine: Routine | None = None
    source = decode(data, shown, name)
    if isinstance(source, Diagnostic):
        problems.take(source)
    else:
        node = parse(source, problems)
        if node is not None and is_exercise(node):
            _check_definition(node, source, problems, checked=checked)
        elif node is not None and is_program(node):
            _check_program(node, source, around.folder, problems, checked=checked)
        elif node is not None:
            session = validate(node, "session", source, problems)
            routine = _resolve(session, around, problems, files, checked=checked) if session else None
    found = problems.in_order(tuple(files))
    return Loaded(None if has_errors(found) else routine, found, MappingProxyType(files))


def _check_definition(node: Node, source: SourceText, problems: Problems, *, checked: bool) -> None:
    if not checked:
        exercise = Path(source.name).stem
        problems.add(
            "not-a-session",
            "This file is the definition of an exercise, not a session.",
            source.place(node.span),
            f"Write a session with `title:` and `steps:`, and in it the step `- exercise: {exercise}`.",
        )
        return
    record = validate(node, "exercise", source, problems)
    if record is not None:
        check_exercise(record, problems)
        check_exercise_words(record, problems)


def _check_program(
    node: Node, source: SourceText, folder: Path | None, problems: Problems, *, checked: bool
) -> None:
    if checked:
        read_program(node, source, folder, problems)
        return
    problems.add(
        "not-a-session",
        "This file is a program of several weeks, not a session.",
        source.place(node.span),
        f"Use `breathcue program`, as in `breathcue program render {source.name} -o FOLDER`, or name one of its "
        "sessions here.",
    )


def load_program(path: Path, shown: str | None = None) -> LoadedProgram:
    """Read a program's file; places show it as ``shown``, by default the path as given.

    Its sessions must be there, and are not read. Never raises for anything the file holds.
    """
    name = shown if shown is not None else str(path)
    problems = Problems()
    program: Program | None = None
    try:
        source = decode(_read(path), name, path.name)
    except OSError as trouble:
        return LoadedProgram(None, (unreadable(name, trouble),))
    if isinstance(source, Diagnostic):
        problems.take(source)
    else:
        node = parse(source, problems)
        if node is not None and _is_another(node):
            _refuse_another(node, source, problems)
        elif node is not None:
            program = read_program(node, source, path.parent, problems)
    found = problems.in_order(())
    return LoadedProgram(None if has_errors(found) else program, found)


def is_program_file(path: Path) -> bool:
    """Say whether a file holds a program, sound or not."""
    try:
        source = decode(_read(path), str(path), path.name)
    except OSError:
        return False
    node = None if isinstance(source, Diagnostic) else parse(source, Problems())
    return node is not None and is_program(node)


def _is_another(node: Node) -> bool:
    return is_exercise(node) or (isinstance(node, MapNode) and not is_program(node) and "steps" in node.names)


def _refuse_another(node: Node, source: SourceText, problems: Problems) -> None:
    what = "the definition of an exercise" if is_exercise(node) else "a session"
    problems.add(
        "not-a-program",
        f"This file is {what}, not a program of several weeks.",
        source.place(node.span),
        f"Use `breathcue render {source.name}` for a single session; a program has `title:` and `weeks:`.",
    )


def is_program(node: Node) -> bool:
    """Say whether a file is a program: a mapping with ``weeks`` and without ``steps``."""
    return isinstance(node, MapNode) and node.get("weeks") is not None and node.get("steps") is None


def is_exercise(node: Node) -> bool:
    """Say whether a file is the definition of an exercise: a mapping with ``rep`` and without ``steps``."""
    return isinstance(node, MapNode) and node.get("rep") is not None and node.get("steps") is None


def _resolve(
    session: Record, around: Surroundings, problems: Problems, files: dict[str, str], *, checked: bool
) -> Routine | None:
    definitions = tuple(
        item for item in session.get("exercises", tuple) or () if isinstance(item, Definition)
    )
    language = session.get("language", Words)
    library = Library(definitions, around, problems, files, language.text if language else DEFAULT_LANGUAGE)
    used = find_exercises(session, library)
    for definition in definitions:
        if definition.record is not None:
            check_exercise(definition.record, problems)
    own = {definition.name.text for definition in definitions}
    for exercise in used.values():
        if exercise.name not in own and exercise.record is not None:
            check_exercise(exercise.record, problems)
    check_session(session, definitions, used, problems)
    check_doses(session, used, problems)
    check_size(session, used, problems)
    check_pronounce(session, used, problems)
    check_bed(session, around.folder, problems)
    check_recorded(session, used, around.folder, problems)
    if checked:
        check_session_words(session, used, problems)
    if has_errors(problems.in_order(())):
        return None
    check_safety(session, used, problems)
    return build_routine(session, used)
