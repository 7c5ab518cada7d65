"""Times to work for that are too short are told, and only where they will not be kept."""

from __future__ import annotations

import pytest

from breathcue.compiler.remarks import remarks
from breathcue.diagnostics import Severity
from breathcue.language.load import load_text

SESSION = """\
title: T
exercises:
  lift:
    title: Lift
    sides: {sides}
    easier: {{for: 9s}}
    harder: {{pace: 2}}
    rep:
      - move: 2s
        say: Lift your {{side}} arm.
      - hold: 2s
      - return: 2s
        say: Down.
steps:
  - section: All
    steps:
      - {{exercise: lift, {step}}}
      - {{exercise: lift, {step}}}
"""


@pytest.mark.parametrize(
    ("sides", "step", "times"),
    [
        ("each", "for: 6s", None),
        ("each", "for: 6-9s", None),
        ("each", "for: 5s", ("6s", "5s")),
        ("alternate", "for: 11s", ("12s", "11s")),
        ("alternate", "for: 12s", None),
        ("each", "for: 6s, pace: 1.5", ("9s", "6s")),
        ("each", "for: 6s, hold: 4s", ("8s", "6s")),
        ("each", "for: 4s, tempo: [1s, 1s, 1s]", None),
        ("each", "for: 10s, level: harder", ("12s", "10s")),
        ("each", "for: 5s, level: easier", ("6s", "5s")),
        ("each", "reps: 1", None),
    ],
)
def test_a_time_that_one_repetition_does_not_fit_into(
    sides: str, step: str, times: tuple[str, str] | None
) -> None:
    routine = load_text(SESSION.format(sides=sides, step=step), "t.yaml", None).routine
    assert routine is not None
    found = list(remarks(routine))
    assert [(each.code, each.severity, each.place and each.place.line) for each in found] == [
        ("work-too-short", Severity.WARNING, line) for line in ((17, 18) if times else ())
    ]
    for each in found:
        assert times is not None
        assert f" takes {times[0]}, longer than the {times[1]} to work for" in each.message
        assert each.fix == f"Write `for: {times[0]}` or longer, or `reps: 1`."
