"""What a diagnostic code is: its name, how much it matters, and what it means to the person who meets it."""

from __future__ import annotations

from dataclasses import dataclass

from breathcue.diagnostics.model import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of mistake or trouble.

    ``name`` is kebab-case and never changes once published. ``summary`` is one sentence; ``meaning`` explains
    it and says what to do. ``bad`` and ``good`` are short YAML examples (steps, an exercise or a session), or
    empty where no text can show it. ``structural`` says that a JSON Schema can express the rule, so that editors
    find it too.
    """

    name: str
    severity: Severity
    summary: str
    meaning: str
    bad: str = ""
    good: str = ""
    structural: bool = False


def error(
    name: str, summary: str, meaning: str, *, bad: str = "", good: str = "", structural: bool = False
) -> Code:
    """Return the code of something that stops the session from being made."""
    return Code(name, Severity.ERROR, summary, meaning, bad, good, structural)


def warning(name: str, summary: str, meaning: str, *, bad: str = "", good: str = "") -> Code:
    """Return the code of something worth a look that stops nothing."""
    return Code(name, Severity.WARNING, summary, meaning, bad, good)
