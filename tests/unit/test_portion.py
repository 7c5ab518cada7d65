"""A portion of a session: more or less of what it says, wherever it says it, within the language's bounds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.compiler.portion import Portion, portioned
from breathcue.compiler.wishes import Wishes, wished
from breathcue.diagnostics import SessionError
from breathcue.language import limits
from breathcue.language.routine import Dose, Exercise, Perform, Range, Repeat, Routine, Section, Step
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.time import Ms
from compiling import routine_of

SESSION = """
title: All sorts of figures
exercises:
  bridge:
    title: Bridge
    rep:
      - move: 3s
        say: Lift your hips.
      - hold: 5s
      - return: 3s
        say: Lower them.
    reps: 8-12
    rest: 30s
    easier: {reps: 5, hold: 2s}
    harder: {sets: 3, tempo: [4s, 8s, 4s]}
  cat:
    title: Cat
    rep:
      - exhale: 4s
        say: Round your back.
    reps: [4, 6, 8]
  march:
    title: March
    rep:
      - move: 2s
        say: Lift a knee.
    for: 30-60s
steps:
  - breathe: {inhale: 4s, exhale: 6s, rounds: 5}
  - exercise: bridge
  - section: More
    steps:
      - repeat: 2
        rest: 60s
        steps:
          - exercise: bridge
            reps: 10
            sets: 2
            tempo: [2s, 6s, 2s]
          - exercise: cat
      - exercise: march
  - rest: 40s
"""


@pytest.fixture(scope="module")
def routine() -> Routine:
    return routine_of(SESSION)


def performs(steps: tuple[Step, ...]) -> Iterator[Perform]:
    for step in steps:
        if isinstance(step, Section | Repeat):
            yield from performs(step.steps)
        elif isinstance(step, Perform):
            yield step


def by_name(routine: Routine) -> dict[str, list[Perform]]:
    found: dict[str, list[Perform]] = {}
    for step in performs(routine.steps):
        found.setdefault(step.exercise.name, []).append(step)
    return found


def test_nothing_asked_for_changes_nothing(routine: Routine) -> None:
    assert portioned(routine, Portion()) is routine


def test_a_share_holds_for_repetitions_ladders_timed_work_and_both_levels(routine: Routine) -> None:
    found = by_name(portioned(routine, Portion(percent=50)))
    first, second = found["bridge"]
    assert first.exercise.reps == Range(4, 6)
    assert first.exercise.easier is not None
    assert first.exercise.easier.dose.reps == Range(3, 3)
    assert second.own.reps == Range(5, 5)
    assert found["cat"][0].exercise.ladder == (2, 3, 4)
    assert found["march"][0].exercise.work == Range(15_000, 30_000)


def test_a_number_leaves_ladders_and_timed_work_alone(routine: Routine) -> None:
    found = by_name(portioned(routine, Portion(reps=6, sets=3)))
    first, second = found["bridge"]
    assert (first.exercise.reps, first.exercise.sets, second.own.reps, second.own.sets) == (
        Range(6, 6),
        Range(3, 3),
        Range(6, 6),
        Range(3, 3),
    )
    assert first.own == Dose()
    before = by_name(routine)
    assert found["cat"] == before["cat"]
    assert (found["march"][0].exercise.work, found["march"][0].exercise.sets) == (
        Range(30_000, 60_000),
        Range(3, 3),
    )


def test_a_number_leaves_what_a_form_makes_of_a_ladder_alone() -> None:
    lad = (
        "{title: L, reps: [5, 4], easier: {reps: 4}, harder: {reps: 6, sets: 2}, rep: [{move: 3s, say: Up.}]}"
    )
    before = routine_of(f"title: T\nexercises:\n  lad: {lad}\nsteps:\n  - exercise: lad\n")
    (step,) = performs(portioned(before, Portion(reps=9, sets=3)).steps)
    assert step.exercise.easier is not None
    assert (step.exercise.easier.dose.reps, step.exercise.easier.dose.sets) == (Range(4, 4), None)
    assert step.exercise.harder is not None
    assert (step.exercise.harder.dose.reps, step.exercise.harder.dose.sets) == (Range(9, 9), Range(3, 3))


def test_holds_are_those_of_exercises_that_have_one(routine: Routine) -> None:
    found = by_name(portioned(routine, Portion(hold=Ms(7000))))
    first, second = found["bridge"]
    assert [phase.duration for phase in first.exercise.rep] == [3000, 7000, 3000]
    assert second.own.tempo == (2000, 7000, 2000)
    assert first.exercise.easier is not None
    assert first.exercise.easier.dose.hold == 7000
    assert first.exercise.harder is not None
    assert first.exercise.harder.dose.tempo == (4000, 7000, 4000)
    assert found["cat"] == by_name(routine)["cat"]


def test_a_rest_is_that_between_sets_and_rounds_and_no_step(routine: Routine) -> None:
    changed = portioned(routine, Portion(rest=Ms(20_000)))
    section = changed.steps[2]
    assert isinstance(section, Section)
    repeat = section.steps[0]
    assert isinstance(repeat, Repeat)
    assert repeat.rest == Range(20_000, 20_000)
    assert by_name(changed)["bridge"][0].exercise.rest == Range(20_000, 20_000)
    assert changed.steps[-1] == routine.steps[-1]
    assert changed.steps[0] == routine.steps[0]


def test_what_no_session_can_hold_is_refused() -> None:
    routine = routine_of("title: Long\nsteps:\n  - exercise: bird-dog\n    sets: 40")
    with pytest.raises(SessionError) as caught:
        wished(routine, Wishes(portion=Portion(reps=1000)))
    assert caught.value.diagnostics[0].code == "session-too-long"


@pytest.mark.parametrize(
    ("dose", "times", "code"),
    [
        ("reps: [100" + ", 100" * 99 + "]", 1, "too-many-cues"),
        ("for: 30m, sets: 2", 4, "session-too-long"),
    ],
)
def test_ladders_and_timed_work_are_measured_before_they_are_laid_out(
    dose: str, times: int, code: str
) -> None:
    exercise = (
        "title: A, sides: each, rep: [{inhale: 100ms, say: 'Your {side}.'}, {exhale: 100ms}], rest: 1s, "
    )
    text = f"title: T\nexercises:\n  a: {{{exercise}{dose}}}\nsteps:\n" + "  - exercise: a\n" * times
    with pytest.raises(SessionError) as caught:
        wished(routine_of(text), Wishes(portion=Portion(percent=400)))
    assert caught.value.diagnostics[0].code == code


PORTIONS = st.builds(
    Portion,
    reps=st.none() | st.integers(1, limits.REPS),
    percent=st.none() | st.integers(1, 1000),
    hold=st.none() | st.integers(1, limits.PHASE_MS).map(Ms),
    sets=st.none() | st.integers(1, 3),
    rest=st.none() | st.integers(1, limits.PAUSE_MS).map(Ms),
)


@given(PORTIONS)
def test_no_portion_leaves_the_bounds_of_the_language(portion: Portion) -> None:
    routine = routine_of(SESSION)
    for step in performs(portioned(routine, portion).steps):
        exercise: Exercise = step.exercise
        doses = [step.own, *(each.dose for each in (exercise.easier, exercise.harder) if each)]
        whole = Dose(exercise.reps, exercise.ladder, exercise.work, exercise.sets, exercise.rest)
        for dose in (*doses, whole):
            within(dose.reps, 1, limits.REPS)
            within(dose.sets, 1, limits.SETS)
            within(dose.work, 1000, limits.PAUSE_MS)
            within(dose.rest, 1, limits.PAUSE_MS)
            assert all(1 <= rung <= limits.REPS for rung in dose.ladder)
        for phase in exercise.rep:
            assert 0 < phase.duration <= limits.PHASE_MS
            assert portion.hold is None or phase.kind is not PhaseKind.HOLD or phase.duration == portion.hold


def within(written: Range | None, low: int, high: int) -> None:
    assert written is None or low <= written.low <= written.high <= high
