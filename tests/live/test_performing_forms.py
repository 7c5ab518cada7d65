"""An easier or a harder form, more words or fewer: what a listener asks for holds from the next repetition on."""

from __future__ import annotations

from itertools import pairwise

import pytest

from breathcue.live.moment import Asked, Begun, State
from breathcue.timeline.model import Phase, PhaseKind
from breathcue.timeline.score import Control, Guidance, Level, Manner, Spot
from breathcue.timeline.time import samples_from_ms
from forms import forms
from rehearsal import Rehearsal, assert_promises, in_rep, play_until, spoken

MANNERS = (Control.EASIER, Control.HARDER, Control.MORE_TALK, Control.LESS_TALK)


def reps(rehearsal: Rehearsal, exercise: str) -> list[Phase]:
    return [p for p in rehearsal.player.score.phases if p.exercise == exercise and p.rep]


def at_rep(number: int, exercise: str, number_of_set: int = 1):
    """Let a session come to a repetition, however it is reached; earlier steps are left."""
    rehearsal = Rehearsal(forms())
    for _ in range(20):
        stage = rehearsal.moment().stage
        if stage and stage.exercise == exercise:
            break
        rehearsal.press(Control.NEXT)
        rehearsal.play(3_000)
    play_until(
        rehearsal,
        lambda m: m.phase.exercise == exercise and m.phase.rep == number and m.phase.set == number_of_set,
    )
    return rehearsal


def test_a_set_in_an_easier_form_ends_after_the_repetition_that_was_begun_if_that_is_enough() -> None:
    rehearsal = at_rep(6, "reach")
    before = rehearsal.moment().left_ms
    at = rehearsal.pulled
    rehearsal.press(Control.EASIER)
    play_until(rehearsal, lambda m: m.phase.exercise == "reach" and m.phase.set == 2)
    first = [
        (p.rep, p.reps, str(p.side)) for p in reps(rehearsal, "reach") if p.set == 1 and p.kind == "move"
    ]
    assert first[-2:] == [(6, 8, "right"), (6, 6, "left")], "the other side gets as many"
    second = [p for p in reps(rehearsal, "reach") if p.set == 2]
    assert {(p.reps, p.duration_ms) for p in second if p.kind is PhaseKind.HOLD} == {(4, 2_000)}
    words = spoken(rehearsal)
    asked = words.index("A little easier.")
    assert words[asked + 1] == "Keep your left toes on the floor."
    assert rehearsal.moment().left_ms < before - (rehearsal.pulled - at) / 48
    assert rehearsal.moment().manner == Manner(Level.EASIER)


def test_nothing_is_silent_between_two_forms() -> None:
    rehearsal = at_rep(2, "reach")
    play_until(rehearsal, in_rep(2, PhaseKind.HOLD, "reach"))
    rehearsal.press(Control.HARDER)
    play_until(rehearsal, in_rep(4, PhaseKind.HOLD, "reach"))
    phases = rehearsal.player.score.phases
    assert [b.start_ms - a.end_ms for a, b in pairwise(phases)] == [0] * (len(phases) - 1)
    holds = [p.duration_ms for p in reps(rehearsal, "reach") if p.kind is PhaseKind.HOLD]
    assert holds[:5] == [4_000, 4_000, 4_000, 8_000, 8_000]
    assert "A little harder." in spoken(rehearsal)


def test_a_form_that_is_another_exercise_begins_from_its_name_after_the_repetition() -> None:
    rehearsal = at_rep(3, "press", 2)
    rehearsal.press(Control.EASIER)
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE, "wall-press"))
    moment = rehearsal.moment()
    assert moment.stage.title == "Wall push-up"
    assert moment.chapters[moment.chapter] == "Wall push-up"
    assert reps(rehearsal, "press")[-1].rep == 3
    words = spoken(rehearsal)
    assert "Set your hands on the wall." in words[words.index("A little easier.") :]
    assert [p.set for p in reps(rehearsal, "wall-press")][-1] == 1, "one set of two was done as the other"


def test_who_thinks_better_of_it_goes_on_with_the_exercise_that_was_begun() -> None:
    rehearsal = at_rep(3, "press")
    rehearsal.press(Control.EASIER)
    rehearsal.play(200)
    rehearsal.press(Control.HARDER)
    play_until(rehearsal, in_rep(5, PhaseKind.EXHALE, "press"))
    assert not reps(rehearsal, "wall-press")
    assert rehearsal.moment().stage.title == "Push-up"


def test_a_change_in_a_repetition_that_is_done_again_loses_none_of_the_set() -> None:
    rehearsal = at_rep(3, "still")
    rehearsal.press(Control.SLOWER)
    rehearsal.play(300)
    rehearsal.press(Control.PAUSE)
    rehearsal.play(3_000)
    rehearsal.press(Control.LESS_TALK)
    rehearsal.play(3_000)
    rehearsal.press(Control.RESUME)
    play_until(rehearsal, lambda m: m.phase.exercise != "still" and m.stage.exercise == "reach")
    assert list(dict.fromkeys(p.rep for p in reps(rehearsal, "still"))) == [1, 2, 3, 4, 5]


def test_work_for_a_time_lasts_that_time_from_its_beginning() -> None:
    rehearsal = at_rep(2, "lift")
    rehearsal.press(Control.EASIER)
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.TRANSITION and m.phase.side == "left")
    lifted = [
        p for p in rehearsal.player.score.phases if p.exercise == "lift" and p.side == "right" and p.set == 1
    ]
    left_over = [p for p in rehearsal.player.score.phases if p.kind is PhaseKind.REST and p.side == "right"]
    assert sum(p.duration_ms for p in [*lifted, *left_over]) == 50_000, (
        "the section was harder: now it is as written"
    )


def test_where_there_is_no_other_form_the_coach_says_so_and_what_follows_is_other() -> None:
    rehearsal = at_rep(2, "still")
    rehearsal.press(Control.EASIER)
    play_until(rehearsal, in_rep(2, PhaseKind.HOLD, "reach"))
    assert "There is no easier form of this. What follows is easier." in spoken(rehearsal)
    assert reps(rehearsal, "still")[-1].rep == 5
    assert rehearsal.moment().phase.duration_ms == 2_000
    rehearsal.press(Control.EASIER)
    rehearsal.play(15_000)
    assert "This is the easiest form." in spoken(rehearsal)


def test_more_and_fewer_words_change_what_is_said_and_nothing_else() -> None:
    rehearsal = at_rep(1, "still")
    count = len(reps(rehearsal, "still"))
    rehearsal.press(Control.LESS_TALK)
    rehearsal.play(20_000)
    assert "I will say less." in spoken(rehearsal)
    assert len(reps(rehearsal, "still")) == count
    assert rehearsal.moment().manner.guidance is Guidance.MINIMAL
    rehearsal.press(Control.LESS_TALK)
    rehearsal.play(15_000)
    assert "I say as little as I can." in spoken(rehearsal)


def test_after_pain_the_easier_way_is_offered_and_holds_for_that_exercise() -> None:
    rehearsal = at_rep(3, "reach")
    rehearsal.press(Control.HURT)
    rehearsal.play(40_000)
    assert rehearsal.state is State.HURT
    assert any("do it in an easier way" in text for text in spoken(rehearsal))
    assert rehearsal.moment().eases
    rehearsal.press(Control.EASIER)
    begun = len(rehearsal.events)
    play_until(rehearsal, in_rep(4, PhaseKind.HOLD, "reach"))
    again = [e.phase for e in rehearsal.events[begun:] if isinstance(e, Begun) and e.phase.rep]
    assert (again[0].kind, again[0].rep) == (PhaseKind.MOVE, 3), "from the start of the repetition"
    assert rehearsal.moment().phase.duration_ms == 2_000
    assert rehearsal.player.score.manner == Manner(eased=("reach",))
    assert [e.manner.eased for e in rehearsal.events if isinstance(e, Asked)][-1] == ("reach",)
    assert rehearsal.moment().manner.level is Level.EASIER
    rehearsal.to_the_end()
    assert not any(p.exercise == "wall-press" for p in rehearsal.player.score.phases), (
        "only what hurt is easier"
    )


def test_after_pain_nothing_easier_is_offered_where_there_is_nothing() -> None:
    rehearsal = at_rep(2, "still")
    rehearsal.press(Control.HURT)
    rehearsal.play(40_000)
    assert not rehearsal.moment().eases
    assert not any("easier" in text for text in spoken(rehearsal))
    rehearsal.press(Control.EASIER)
    rehearsal.play(10_000)
    assert rehearsal.state is State.HURT
    assert spoken(rehearsal)[-1] == "There is no easier form of this."


@pytest.mark.parametrize("paused", [False, True], ids=["going on", "paused"])
@pytest.mark.parametrize(
    ("exercise", "kind"),
    [("press", "inhale"), ("press", "exhale"), ("reach", "move"), ("reach", "hold"), ("reach", "return")],
)
def test_in_every_phase_they_keep_every_promise(exercise: str, kind: str, paused: bool) -> None:
    rehearsal = at_rep(2, exercise)
    for control in MANNERS:
        play_until(rehearsal, lambda m: m.phase.kind == kind)
        if paused:
            rehearsal.press(Control.PAUSE)
            rehearsal.play(3_000)
        rehearsal.press(control)
        rehearsal.play(3_000)
        if paused:
            assert rehearsal.state is State.PAUSED
            rehearsal.press(Control.RESUME)
        rehearsal.play(2_000)
    rehearsal.press(Control.FINISH)
    rehearsal.to_the_end()
    assert_promises(rehearsal)


def test_resuming_keeps_what_was_asked_for() -> None:
    asked = Manner(Level.EASIER, Guidance.FULL, ("lift",))
    rehearsal = Rehearsal(forms(), spot=Spot(5, 1, 2, None), manner=asked)
    assert rehearsal.player.score.manner == asked
    rehearsal.play(120_000)
    assert rehearsal.player.score.manner == asked
    assert rehearsal.pulled == samples_from_ms(120_000)
