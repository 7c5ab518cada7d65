"""From a program's file to everything that is made of it: the plan, and every session rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Diagnostic, RequestError, SessionError, has_errors
from breathcue.language.load import load_program
from breathcue.language.program import Program
from breathcue.program.plan import Recording, Week, plan
from breathcue.program.rehearsal import Rehearsal, rehearse


@dataclass(frozen=True, slots=True)
class Opened:
    """A program without errors: its weeks, its sessions in every portion, and warnings for its author."""

    program: Program
    weeks: tuple[Week, ...]
    sessions: Mapping[Recording, Rehearsal]
    diagnostics: tuple[Diagnostic, ...]


def open_program(path: Path, wishes: Wishes | None = None) -> Opened:
    """Read a program's file and compile every session in it, at every portion, without a voice.

    Raises:
        SessionError: the file, or one of the sessions, has errors; it carries all of them, warnings included.
    """
    loaded = load_program(path)
    if loaded.program is None:
        raise SessionError(*loaded.diagnostics)
    weeks = plan(loaded.program, wishes)
    rehearsed = rehearse(weeks)
    diagnostics = (*loaded.diagnostics, *rehearsed.diagnostics)
    if has_errors(diagnostics):
        raise SessionError(*diagnostics)
    return Opened(loaded.program, weeks, rehearsed.sessions, diagnostics)


def check_week(opened: Opened, number: int | None) -> None:
    """Refuse a week that a program does not have.

    Raises:
        RequestError: ``no-such-week``.
    """
    if number is not None and not 1 <= number <= len(opened.weeks):
        last = len(opened.weeks)
        weeks = "one week only" if last == 1 else f"weeks 1 to {last}"
        raise RequestError(Diagnostic("no-such-week", f"There is no week {number}: the program has {weeks}."))
