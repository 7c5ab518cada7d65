"""What a step says of an exercise is held against the exercise: a rest needs several sets."""

from __future__ import annotations

import pytest

from breathcue.language.load import load_text

SESSION = """title: T
exercises:
  sway:
    title: Sway
{own}    rep:
      - move: 4s
        say: Sway.
steps:
  - exercise: sway
{step}    rest: 20-30s
"""


def warnings(step: str = "", own: str = "") -> list[tuple[str, str | None]]:
    lines = SESSION.format(
        step=f"    {step}\n" if step else "", own="".join(f"    {line}\n" for line in own.splitlines())
    )
    return [(each.code, each.fix) for each in load_text(lines, "s.yaml", None).diagnostics]


@pytest.mark.parametrize("step", ["", "sets: 1", "reps: 8", "level: easier"])
def test_a_rest_between_sets_needs_several(step: str) -> None:
    fix = "For a pause afterwards, write `- rest: 20s-30s` as a step of its own; otherwise remove `rest`."
    assert warnings(step) == [("without-effect", fix)]


@pytest.mark.parametrize(
    ("step", "own"),
    [
        ("sets: 2", ""),
        ("sets: 1-3", ""),
        ("reps: [8, 6]", ""),
        ("", "sets: 2"),
        ("", "sets: 1-2"),
        ("", "reps: [8, 6]"),
        ("", "harder:\n  sets: 2"),
        ("", "easier:\n  sets: 1-2"),
        ("", "easier:\n  reps: [4, 4]"),
    ],
)
def test_sets_may_come_from_anywhere(step: str, own: str) -> None:
    assert warnings(step, own) == []


def test_another_exercise_may_bring_the_sets() -> None:
    other = "easier:\n  exercise: turn\n"
    text = SESSION.format(step="", own="".join(f"    {line}\n" for line in other.splitlines()))
    turn = "  turn:\n    title: Turn\n    sets: 2\n    rep:\n      - move: 4s\n        say: Turn.\n"
    loaded = load_text(text.replace("steps:", f"{turn}steps:", 1), "s.yaml", None)
    assert loaded.diagnostics == ()
