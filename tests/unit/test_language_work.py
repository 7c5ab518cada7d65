"""Times to work for that are too short are told where they are written, and only where they will not be kept."""

from __future__ import annotations

from itertools import product

import pytest

from breathcue.compiler.plan import Introduce, plan
from breathcue.diagnostics import Diagnostic, Severity
from breathcue.language.load import check_text, load_text

BODY = """
    title: Lift
    sides: {sides}
    pace: 1.25
    {own}
    easier: {{{easier}}}
    harder: {{{harder}}}
    rep:
      - move: 2s
        say: Lift your {{side}} arm.
      - hold: 2s
      - return: 2s
        say: Down.
"""


def told(text: str) -> list[Diagnostic]:
    return [each for each in check_text(text, "t.yaml", None) if each.code == "work-too-short"]


STEPS = [
    "",
    "for: 6s",
    "for: 9s, pace: 0.8",
    "for: 15s, hold: 4s",
    "tempo: [1s, 1s, 1s]",
    "reps: 2",
    "for: 7s, hold: 1s",
]
FORMS = [
    ("reps: 2", "reps: 3"),
    ("for: 7s, pace: 0.9", "for: 8s, hold: 3s"),
    ("for: 4s, tempo: [1s, 1s, 1s]", "pace: 2, hold: 1s"),
    ("exercise: sway", "exercise: sway, for: 2s"),
]


@pytest.mark.parametrize(("step", "forms"), list(product(STEPS, FORMS)))
@pytest.mark.parametrize("sides", ["each", "alternate"])
@pytest.mark.parametrize("level", ["easier", "normal", "harder"])
def test_what_is_told_is_what_is_done(step: str, forms: tuple[str, str], sides: str, level: str) -> None:
    exercise = BODY.format(sides=sides, own="for: 7s", easier=forms[0], harder=forms[1])
    sway = "  sway: {title: Sway, for: 3s, rep: [{move: 4s, say: Sway.}]}"
    text = (
        f"title: T\nlevel: {level}\npace: 1.1\nexercises:\n  lift:{exercise}{sway}\n"
        f"steps: [{{exercise: lift, {step}}}]\n"
    )
    routine = load_text(text, "t.yaml", None).routine
    assert routine is not None
    (done,) = [entry.item.prescription for entry in plan(routine) if isinstance(entry.item, Introduce)]
    found = told(text)
    assert bool(found) is (done.work is not None and not done.keeps_time)
    if found:
        assert done.turn == _ms(found[0].message.split(" takes ")[1].split(",")[0])


def _ms(written: str) -> int:
    seconds, _, rest = written.partition("s")
    return int(seconds) * 1000 + int(rest.removesuffix("ms") or 0)


def test_the_file_of_an_exercise_is_told_of_its_own_times_and_those_of_its_forms() -> None:
    text = BODY.format(sides="each", own="for: 7s", easier="for: 4s, pace: 0.5", harder="for: 8s, pace: 2")
    found = told("\n".join(line[4:] for line in text.splitlines()[1:]))
    assert [(each.place.line, each.fix) for each in found if each.place] == [
        (4, "Write `for: 7s500ms` or longer, or `reps: 1`."),
        (6, "Write `for: 12s` or longer, or `reps: 1`."),
    ]


@pytest.mark.parametrize("phase", ["say: Up.", "move: soon", "mve: 9s", "move: 9s, hold: 1s", "[9s]", "9s"])
def test_nothing_is_said_of_the_time_of_phases_that_cannot_be_read(phase: str) -> None:
    text = f"title: T\nsteps: [{{exercise: up, for: 1s}}]\nexercises: {{up: {{title: Up, rep: [{{{phase}}}]}}}}\n"
    assert {each.severity for each in check_text(text, "t.yaml", None)} >= {Severity.ERROR}
