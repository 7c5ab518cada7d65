"""A live coach knows where the body is, whatever the listener asks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from breathcue.compiler import requests
from breathcue.compiler.performance import Performance
from breathcue.compiler.resume import go_on_at
from breathcue.language.load import load_text
from breathcue.timeline.model import Cue, PhaseKind, Side
from breathcue.timeline.score import Control, Spot
from breathcue.timeline.time import Ms
from performing import lay_all, performance_of

ROLL = "Roll across your back, onto your other side."
PRESS_UP = "Roll onto your side, and press up with your hands."
FETCH = "For this, you will need a cushion. Take your time."
SESSION = """\
title: On the mat
needs: [a cushion]
exercises:
  lift:
    title: Lift
    position: side-lying
    sides: each
    equipment: [a cushion]
    setup: ["Lie on your {other} side."]
    rep: [{exhale: 4s, say: "Lift your {side} leg."}]
    reps: 3
steps:
  - {exercise: bridge, reps: 2}
  - exercise: lift
  - {exercise: cat-cow, reps: 2}
"""


class Mat:
    """A performance, and what is heard of it after each request."""

    def __init__(self, performance: Performance | None = None) -> None:
        self.performance = performance or performance_of(load_text(SESSION, "mat.yaml", None))
        lay_all(self.performance)
        self.at = Ms(0)

    def find(self, wanted: Callable[[Cue], bool]) -> Cue:
        return next(cue for cue in self.performance.score().cues if cue.start_ms >= self.at and wanted(cue))

    def press(self, control: Control, at: int) -> None:
        self.at = Ms(at)
        performance = self.performance
        requests.prepare(performance, control, self.at)
        stopped = requests.stops(performance, control, self.at)
        requests.carry_out(performance, control, self.at, stopped=stopped)
        lay_all(performance)

    def said(self) -> list[str]:
        """What is said from the last request on."""
        return [
            cue.text
            for cue in self.performance.score().cues
            if cue.start_ms >= self.at and cue.track == "voice"
        ]

    def ways(self, count: int) -> list[str]:
        """What is said in the next changes of position."""
        score = self.performance.score()
        spans = [p for p in score.phases if p.kind is PhaseKind.TRANSITION and p.start_ms >= self.at]
        return [
            cue.text
            for phase in spans[:count]
            for cue in score.cues
            if phase.start_ms <= cue.start_ms < phase.end_ms and cue.track == "voice"
        ]


def during(text: str, after: int = 100) -> Callable[[Mat], int]:
    return lambda mat: mat.find(lambda cue: cue.text == text).start_ms + after


def rep_of(side: Side, exercise: str = "lift") -> Callable[[Mat], int]:
    def when(mat: Mat) -> int:
        phases = mat.performance.score().phases
        return (
            next(p for p in phases if p.exercise == exercise and p.rep == 2 and p.side is side).start_ms + 500
        )

    return when


@pytest.mark.parametrize(
    ("when", "ways"),
    [
        (rep_of(Side.RIGHT), ["Switch sides.", ROLL, "Lie on your right side."]),
        (rep_of(Side.LEFT), [ROLL, "Lie on your left side."]),
        (during("Lie on your left side."), ["Lie on your left side."]),
        (during(ROLL), ["Lie on your left side."]),
        (during(FETCH), [FETCH, "Bend your knees, and roll over slowly.", "Lie on your left side."]),
    ],
    ids=["on the first side", "on the second side", "on the way", "while turning over", "while fetching"],
)
@pytest.mark.parametrize("paused", [False, True], ids=["at once", "after a pause"])
def test_an_exercise_begun_again_starts_from_where_one_is(
    when: Callable[[Mat], int], ways: list[str], paused: bool
) -> None:
    mat = Mat()
    at = when(mat)
    if paused:
        mat.press(Control.PAUSE, at)
        at = mat.performance.scheduler.now
    mat.press(Control.BACK, at)
    assert mat.ways(2 if FETCH in ways else 1) == ways


@pytest.mark.parametrize(
    ("when", "way"),
    [(rep_of(Side.RIGHT), "Press up with both hands."), (during(FETCH), PRESS_UP), (during(ROLL), None)],
    ids=["lying on the side", "still on the back", "while turning over"],
)
def test_the_next_exercise_is_reached_from_where_one_is(when: Callable[[Mat], int], way: str | None) -> None:
    mat = Mat()
    mat.press(Control.NEXT, when(mat))
    assert mat.ways(1) == [*filter(None, [way]), "Come onto your hands and knees."]


def test_what_is_at_hand_is_not_fetched_again() -> None:
    mat = Mat()
    mat.press(Control.BACK, rep_of(Side.LEFT)(mat))
    assert FETCH not in mat.said()


def test_who_finishes_while_lying_hears_how_to_get_up() -> None:
    mat = Mat()
    mat.press(Control.FINISH, rep_of(Side.RIGHT)(mat))
    assert mat.said()[-2:] == ["Rest as long as you like, and get up slowly.", "Press up with both hands."]


def test_going_on_another_time_begins_with_things_and_the_side_to_lie_on() -> None:
    performance = performance_of(load_text(SESSION, "mat.yaml", None))
    go_on_at(performance, Spot(2, 1, 2, Side.LEFT))
    said = Mat(performance).said()
    assert said[1:3] == [FETCH, "Take your time to come onto your right side."]
    assert said[4:6] == ["Two.", "Exhale. Lift your left leg."]


def test_going_on_at_the_beginning_of_an_exercise_assumes_nothing() -> None:
    performance = performance_of(load_text(SESSION, "mat.yaml", None))
    go_on_at(performance, Spot(3))
    assert Mat(performance).ways(1) == ["Come onto your hands and knees."]
