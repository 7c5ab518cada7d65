"""Levels, guidance and complaints turn a routine into the one that is done instead."""

from __future__ import annotations

import pytest

from breathcue.compiler.plan import Reps, plan
from breathcue.compiler.prescribe import Prescription
from breathcue.compiler.wishes import avoiding, with_guidance, with_level, without_form
from breathcue.diagnostics import RequestError, SessionError, Severity
from breathcue.language.load import load_text
from breathcue.language.routine import Guidance, Level, Routine
from breathcue.timeline.model import Side

EXERCISES = """
exercises:
  press:
    title: Press
    reps: 10-12
    pace: 1.25
    rep:
      - move: 2s
        say: Press.
      - hold: 6s
        count: up
    easier: {reps: 6-8, hold: 3s, pace: 1.0, say: Press gently.}
    harder: {exercise: plank}
    avoid-if: [wrist pain]
    instead: lean
  plank:
    title: Plank
    reps: 3
    rep:
      - hold: 10s
        say: Hold your plank.
    avoid-if: [back pain, wrist pain]
  lean:
    title: Lean
    reps: 8
    sides: each
    rep:
      - move: 4s
        say: Lean to your {side} side.
    avoid-if: [elbow pain]
    instead: press
"""


def routine(steps: str, more: str = "") -> Routine:
    loaded = load_text(f"title: T\n{more}steps:\n{steps}{EXERCISES}", "t.yaml", None)
    assert loaded.routine is not None, loaded.diagnostics
    return loaded.routine


def prescriptions(made: Routine) -> list[Prescription]:
    found = [item.prescription for entry in plan(made) if isinstance(item := entry.item, Reps)]
    return list(dict.fromkeys(found))


def names(made: Routine) -> list[str]:
    return [each.exercise.name for each in prescriptions(made)]


@pytest.mark.parametrize("step", ["", ", reps: [5, 4, 3]"])
@pytest.mark.parametrize(
    ("level", "form", "sets"),
    [
        ("normal", "reps: 6", (5, 4, 3)),
        ("harder", "reps: 6", (6, 6, 6)),
        ("harder", "reps: 4-9", (5, 4, 4)),
        ("easier", "reps: 4", (4, 4, 3)),
        ("easier", "reps: 6", (5, 4, 3)),
    ],
)
def test_a_form_bounds_each_set_of_a_ladder(step: str, level: str, form: str, sets: tuple[int, ...]) -> None:
    own = "reps: 9" if step else "reps: [5, 4, 3]"
    text = (
        f"title: T\nsteps: [{{exercise: lad, level: {level}{step}}}]\nexercises:\n"
        f"  lad: {{title: Ladder, {own}, easier: {{{form}}}, harder: {{{form}}}, rep: [{{move: 3s, say: Up.}}]}}\n"
    )
    made = load_text(text, "t.yaml", None).routine
    assert made is not None
    (done,) = prescriptions(made)
    assert done.sets == sets


def test_a_form_may_have_other_sets_than_the_ladder_of_its_exercise() -> None:
    text = (
        "title: T\nsteps: [{exercise: lad, level: harder}]\nexercises:\n"
        "  lad: {title: Ladder, reps: [3, 2], harder: {reps: 6, sets: 3}, rep: [{move: 3s, say: Up.}]}\n"
    )
    made = load_text(text, "t.yaml", None).routine
    assert made is not None
    (done,) = prescriptions(made)
    assert done.sets == (6, 6, 6)


def test_a_level_puts_the_figures_of_a_form_in_place() -> None:
    (easier,) = prescriptions(routine("  - exercise: press\n", "level: easier\n"))
    assert (easier.sets, easier.pace) == ((6,), 1.0)
    assert [phase.duration for phase in easier.exercise.rep] == [2_000, 3_000]
    assert easier.note is not None
    (normal,) = prescriptions(routine("  - exercise: press\n"))
    assert (normal.sets, normal.pace, normal.note) == ((10,), 1.25, None)


@pytest.mark.parametrize(("reps", "done"), [("4", (4,)), ("9", (6,)), ("[4, 9]", (4, 6)), ("6-20", (6,))])
def test_the_easier_form_never_asks_for_more_than_the_step(reps: str, done: tuple[int, ...]) -> None:
    (found,) = prescriptions(routine(f"  - exercise: press\n    reps: {reps}\n", "level: easier\n"))
    assert found.sets == done


def test_a_form_may_be_another_exercise_with_its_own_figures() -> None:
    (found,) = prescriptions(routine("  - exercise: press\n    reps: 20\n    sets: 2\n", "level: harder\n"))
    assert (found.exercise.name, found.sets) == ("plank", (3, 3))


def test_what_a_step_says_holds_within_it() -> None:
    steps = """
  - section: A
    level: easier
    guidance: full
    steps:
      - exercise: press
      - repeat: 2
        level: normal
        steps:
          - exercise: press
  - exercise: press
"""
    made = routine(steps, "guidance: minimal\n")
    assert [each.sets for each in prescriptions(made)] == [(6,), (10,), (10,)]
    assert [each.guidance for each in prescriptions(made)] == ["full", "full", "minimal"]
    assert {each.sets for each in prescriptions(with_level(made, Level.EASIER))} == {(6,)}
    assert {each.guidance for each in prescriptions(with_guidance(made, Guidance.BALANCED))} == {"balanced"}


def test_timed_work_is_as_many_repetitions_as_fit_for_each_side() -> None:
    (found,) = prescriptions(routine("  - exercise: lean\n    for: 30s\n"))
    assert (found.sets, found.work, found.left_over) == ((7,), 30_000, 2_000)
    (found,) = prescriptions(routine("  - exercise: lean\n    for: 1s\n"))
    assert (found.sets, found.left_over) == ((1,), 0)


def test_another_side_may_begin_in_every_further_set() -> None:
    made = routine("  - exercise: lean\n    sets: 3\n    first-side: alternate\n")
    sides = [item.side for entry in plan(made) if isinstance(item := entry.item, Reps)]
    assert sides == [Side.RIGHT, Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT, Side.LEFT]
    made = routine("  - exercise: lean\n    first-side: left\n")
    sides = [item.side for entry in plan(made) if isinstance(item := entry.item, Reps)]
    assert sides == [Side.LEFT, Side.RIGHT]


def test_another_exercise_is_done_instead_of_one_to_avoid() -> None:
    made = routine("  - exercise: press\n    reps: 20\n    sets: 2\n  - exercise: lean\n")
    done, warnings = avoiding(made, ["WRIST  pain"])
    assert names(done) == ["lean", "lean"]
    assert prescriptions(done)[0].sets == (8, 8)
    assert warnings == ()


def test_a_form_that_is_to_be_avoided_is_no_form_any_more() -> None:
    made = with_level(routine("  - exercise: press\n"), Level.HARDER)
    done, _ = avoiding(made, ["back pain"])
    assert names(done) == ["press"]
    (told,) = without_form(done, made, ("back pain",))
    assert (told.code, told.fix) == ("no-harder-form", None)
    assert told.message == (
        "The harder form of `press` is `plank`, which is to be avoided with back pain, so `press` is done as it is."
    )


def test_an_exercise_that_has_no_form_at_all_is_told_to_get_one_whatever_is_avoided() -> None:
    made = with_level(routine("  - exercise: press\n"), Level.HARDER)
    done, _ = avoiding(made, ["wrist pain"])
    (told,) = without_form(done, made, ("wrist pain",))
    assert told.message == "`lean` has no harder form, so it is done as it is."
    assert told.fix is not None


@pytest.mark.parametrize("complaints", [["back pain"], ["wrist pain", "elbow pain"]])
def test_nothing_is_left_out_where_there_is_nothing_instead(complaints: list[str]) -> None:
    step = "plank" if complaints == ["back pain"] else "press"
    with pytest.raises(SessionError) as caught:
        avoiding(routine(f"  - say: Hello.\n  - exercise: {step}\n"), complaints)
    (found,) = caught.value.diagnostics
    assert found.code == "nothing-instead"
    assert found.place is not None
    assert found.place.line == 4


def test_a_complaint_that_nothing_speaks_of_is_told() -> None:
    made = routine("  - exercise: press\n")
    done, warnings = avoiding(made, ["sunburn"])
    (warning,) = warnings
    assert names(done) == ["press"]
    assert warning.code == "nothing-to-avoid"
    assert warning.severity is Severity.WARNING
    assert warning.fix is not None
    assert "`wrist pain`" in warning.fix


def test_a_complaint_that_is_misspelt_stops_everything() -> None:
    with pytest.raises(RequestError) as caught:
        avoiding(routine("  - exercise: press\n"), ["wrst pain", "sunburn"])
    (found,) = caught.value.diagnostics
    assert found.code == "unknown-complaint"
    assert found.fix == "Did you mean `wrist pain`? If not, leave `wrst pain` out."


def test_an_exercise_without_a_form_says_so_once() -> None:
    made = routine("  - exercise: lean\n  - exercise: lean\n  - exercise: press\n", "level: easier\n")
    assert [(each.code, each.place and each.place.line) for each in without_form(made, made)] == [
        ("no-easier-form", 4)
    ]
