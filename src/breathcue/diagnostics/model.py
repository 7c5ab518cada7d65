"""Diagnostics as values, and the exceptions that carry them out of a room which cannot go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a diagnostic matters: an error stops the compilation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line of a file, as an editor counts: line and column start at 1.

    ``file`` is the path as it is shown to a person. ``end_column`` is the column after the last character.
    ``source`` is the author's own line, without its line break.
    """

    file: str
    line: int
    column: int = 1
    end_column: int = 2
    source: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a diagnostic, such as the first of two equal keys."""

    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong, said so that its reader can mend it.

    ``code`` is a key of :data:`breathcue.diagnostics.codes.CODES`. ``message`` says in plain words what is
    wrong; ``fix`` says what to do, as an instruction, or is None where there is no single answer.
    """

    code: str
    message: str
    place: Place | None = None
    fix: str | None = None
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()


class BreathcueError(Exception):
    """The base of every error this package raises on purpose; carries one or more diagnostics."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        """Carry the diagnostics; the first is the one that matters most."""
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


class SessionError(BreathcueError):
    """What the author wrote cannot be compiled (exit code 1)."""


class RequestError(BreathcueError):
    """The command was asked for something that does not exist, such as a format (exit code 2)."""


class MissingError(BreathcueError):
    """Something the work needs is not there: a voice, an encoder, space on a disk (exit code 3)."""


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Say whether any of the diagnostics is an error rather than a warning."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
