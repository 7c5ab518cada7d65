"""Programs in tests: a folder with a few short sessions, and the shortest way from YAML to an opened program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breathcue.diagnostics import Diagnostic
from breathcue.program.check import check_program
from breathcue.program.opened import Opened, open_program

BRIDGE = """\
title: Bridge work
about: Lift, and let go.
needs: [a mat]
{more}
exercises:
  lift:
    title: Lift
    kind: {kind}
    impact: {impact}
    rep:
      - exhale: 3s
        say: Lift your hips.
      - hold: 2s
      - inhale: 3s
        say: Lower them.
    reps: {reps}
steps:
  - say: Welcome.
  - exercise: lift
  - say: Well done.
"""

CLEARED = "safety: {clearance: true, stop-if: [pain]}"


def session(reps: int = 4, kind: str = "strength", impact: str = "low", more: str = CLEARED) -> str:
    """Return a session of one exercise whose repetitions take eight seconds."""
    return BRIDGE.format(reps=reps, kind=kind, impact=impact, more=more)


def write_program(folder: Path, weeks: str, head: str = "", **sessions: str) -> Path:
    """Write a program with its ``weeks`` below, and its sessions: ``a``, a short one, and those that are given."""
    for name, text in {"a": session(), **sessions}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = folder / "plan.yaml"
    lines = "\n".join(f"  {line}" for line in weeks.strip("\n").split("\n"))
    path.write_text(f"title: A plan\n{head}weeks:\n{lines}\n", encoding="utf-8")
    return path


def opened(folder: Path, weeks: str, head: str = "", **sessions: str) -> Opened:
    """Return a program that has just been written and opened."""
    return open_program(write_program(folder, weeks, head, **sessions))


def codes(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, int]]:
    """Return what is wrong, each with its line."""
    return [(each.code, each.place.line if each.place else 0) for each in diagnostics]


def checked(folder: Path, weeks: str, head: str = "", **sessions: str) -> list[tuple[str, int]]:
    """Return what `check` says of a program that has just been written."""
    return codes(check_program(write_program(folder, weeks, head, **sessions)))
