"""What is written of what happens: which repetitions are done, what was asked for, how it ended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.live.diary.history import replay
from breathcue.live.diary.ledger import LEEWAY_MS
from breathcue.live.diary.records import Ending, decode, encode
from breathcue.live.moment import State
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.score import Control, Guidance, Level, Manner, Spot
from happenings import LEFT, RIGHT, Acted, kinds, start


def session() -> Acted:
    return Acted().step(1, "Cat-cow stretch", "cat-cow")


def test_a_plain_session() -> None:
    acted = Acted().step(0, "Welcome").step(1, "Cat-cow stretch", "cat-cow").reps(2).step(2, "Closing")
    records = acted.turn(State.ENDED).records(Ending.FINISHED)
    assert kinds(records) == ["step", "step", "rep 1", "rep-done 1", "rep 2", "rep-done 2", "step", "end"]
    assert [r.step_title for r in records if r.kind == "step"] == ["Welcome", "Cat-cow stretch", "Closing"]
    done = records[5]
    assert (done.step, done.exercise, done.set, done.rep, done.reps, done.at_ms) == (
        1,
        "cat-cow",
        1,
        2,
        2,
        20_000,
    )
    assert (records[-1].how, records[-1].active_ms) == ("finished", 22_000)


def test_sides_and_sets_are_told_apart() -> None:
    acted = session().rep(1, side=RIGHT).rep(1, side=LEFT).rep(1, set=2, side=RIGHT).step(2, "Closing")
    done = [r for r in acted.records() if r.kind == "rep-done"]
    assert [(r.set, r.rep, r.side) for r in done] == [(1, 1, RIGHT), (1, 1, LEFT), (2, 1, RIGHT)]


def test_the_last_repetition_is_done_when_the_session_ends() -> None:
    assert kinds(session().rep(1).turn(State.ENDED).records(Ending.FINISHED))[-2:] == ["rep-done 1", "end"]


def test_what_is_cut_off_was_not_done() -> None:
    assert kinds(session().rep(1, cut_after=5000).records()) == ["step", "rep 1"]
    assert kinds(session().rep(1, cut_after=5000).records(Ending.QUIT)) == ["step", "rep 1", "end"]


@pytest.mark.parametrize(("short", "done"), [(0, True), (LEEWAY_MS, True), (LEEWAY_MS + 1, False)])
def test_a_repetition_is_done_at_its_end_or_a_block_early(short: int, done: bool) -> None:
    records = session().rep(1, cut_after=8000 - short).rep(2).records()
    assert ("rep-done 1" in kinds(records)) is done


def test_words_between_repetitions_are_not_the_end_of_a_set() -> None:
    acted = (
        session().rep(1).pause_for(PhaseKind.TALK, 900).rep(2).pause_for(PhaseKind.REST, 30_000).rep(1, set=2)
    )
    assert kinds(acted.records()) == ["step", "rep 1", "rep-done 1", "rep 2", "rep-done 2", "rep 1"]


def test_what_was_done_before_the_rest_counts_when_one_leaves_in_the_rest() -> None:
    acted = session().rep(1).pause_for(PhaseKind.REST, 3000).ask(Control.QUIT)
    assert kinds(acted.records(Ending.QUIT)) == ["step", "rep 1", "rep-done 1", "end"]


def test_words_inside_a_repetition_do_not_break_it() -> None:
    acted = session().rep(1, cut_after=4000).pause_for(PhaseKind.TALK, 500).rep(1).rep(2)
    assert kinds(acted.records()) == ["step", "rep 1", "rep-done 1", "rep 2"]


def test_a_pause_does_the_repetition_again_and_counts_it_once() -> None:
    acted = session().rep(1, cut_after=5000).ask(Control.PAUSE).turn(State.PAUSED)
    acted.ask(Control.RESUME).turn(State.PLAYING).rep(1).rep(2)
    assert kinds(acted.records()) == ["step", "rep 1", "paused", "resumed", "rep-done 1", "rep 2"]


def test_a_repetition_left_while_paused_was_not_done() -> None:
    acted = session().rep(1).ask(Control.PAUSE).turn(State.PAUSED).ask(Control.QUIT)
    assert kinds(acted.records(Ending.QUIT)) == ["step", "rep 1", "paused", "end"]


@pytest.mark.parametrize(("control", "kind"), [(Control.NEXT, "skipped"), (Control.BACK, "went-back")])
def test_moving_on_leaves_the_repetition_undone(control: Control, kind: str) -> None:
    acted = session().rep(1).rep(2, cut_after=3000).ask(control).step(1, "Cat-cow stretch", "cat-cow").rep(1)
    assert kinds(acted.records()) == [
        *("step", "rep 1", "rep-done 1", "rep 2"),
        *(f"{kind} 2", "step", "rep 1"),
    ]
    moved = acted.records()[4]
    assert (moved.step, moved.step_title, moved.exercise, moved.set) == (1, "Cat-cow stretch", "cat-cow", 1)


def test_an_exercise_asked_for_again_is_done_again_from_its_first_repetition() -> None:
    acted = session().rep(1, of=1, cut_after=3000).ask(Control.REPEAT).rep(1, of=1)
    acted.step(1, "Cat-cow stretch", "cat-cow").rep(1, of=1).step(2, "Closing")
    assert kinds(acted.records()) == [
        *("step", "rep 1", "repeated 1", "rep-done 1"),
        *("step", "rep 1", "rep-done 1", "step"),
    ]


def test_words_after_a_pause_are_no_repetition() -> None:
    acted = session().rep(1, cut_after=3900).ask(Control.PAUSE).pause_for(PhaseKind.TALK, 1500)
    acted.turn(State.PAUSED).ask(Control.RESUME).turn(State.PLAYING).pause_for(PhaseKind.TALK, 900)
    acted.pause_for(PhaseKind.TALK, 500).ask(Control.NEXT)
    assert "rep-done 1" not in kinds(acted.records(Ending.QUIT))


def test_hurt_is_marked_once_with_its_place() -> None:
    acted = session().rep(1, side=LEFT).rep(2, side=LEFT, cut_after=3000).ask(Control.HURT).turn(State.HURT)
    acted.ask(Control.HURT).ask(Control.NEXT).turn(State.PLAYING).step(2, "Closing")
    records = acted.records()
    assert kinds(records) == [
        *("step", "rep 1", "rep-done 1", "rep 2"),
        *("hurt 2", "skipped 2", "resumed", "step"),
    ]
    (hurt,) = [r for r in records if r.kind == "hurt"]
    assert (hurt.exercise, hurt.set, hurt.rep, hurt.side, hurt.at_ms) == ("cat-cow", 1, 2, LEFT, 13_000)


def test_hurting_again_after_going_on_is_marked_again() -> None:
    acted = session().rep(1, cut_after=3000).ask(Control.HURT).turn(State.HURT)
    acted.ask(Control.RESUME).turn(State.PLAYING).rep(1, cut_after=3000).ask(Control.HURT)
    assert kinds(acted.records()).count("hurt 1") == 2


def test_a_rest_because_of_pain_ends_the_repetition() -> None:
    acted = session().rep(1).ask(Control.HURT).turn(State.HURT).ask(Control.ADD_REST).turn(State.PLAYING)
    acted.pause_for(PhaseKind.REST, 30_000).rep(2)
    found = kinds(acted.records())
    assert "rep-done 1" not in found
    assert "rest-added 1" in found


def test_a_rest_that_is_added_comes_after_the_repetition() -> None:
    acted = session().rep(1, cut_after=None).ask(Control.ADD_REST).pause_for(PhaseKind.REST, 30_000).rep(2)
    assert kinds(acted.records()) == ["step", "rep 1", "rest-added 1", "rep-done 1", "rep 2"]


def test_a_skipped_rest() -> None:
    acted = session().rep(1).pause_for(PhaseKind.REST, 5000).ask(Control.SKIP_REST).rep(1, set=2)
    assert kinds(acted.records()) == ["step", "rep 1", "rest-skipped", "rep-done 1", "rep 1"]


def test_changes_are_written_when_something_changes() -> None:
    acted = session().ask(Control.SLOWER, pace=1.1).ask(Control.SLOWER, pace=1.1).ask(Control.TONES_QUIETER)
    _, pace, level = acted.records()
    assert (pace.kind, pace.pace) == ("pace", 1.1)
    assert (level.kind, level.track, level.change) == ("level", "tones", "quieter")
    _, bed = session().ask(Control.BED_LOUDER).records()
    assert (bed.kind, bed.track, bed.change) == ("level", "bed", "louder")


def test_a_lost_loudspeaker_is_told_apart_from_a_pause() -> None:
    acted = (
        session()
        .rep(1, cut_after=100)
        .turn(State.LOST)
        .turn(State.PLAYING)
        .turn(State.BEHIND)
        .turn(State.PLAYING)
    )
    assert kinds(acted.records()) == ["step", "rep 1", "lost", "resumed"]


@pytest.mark.parametrize("how", [Ending.FINISHED, Ending.QUIT, Ending.INTERRUPTED])
def test_ending_after_the_closing_words_were_asked_for_is_kind(how: Ending) -> None:
    acted = session().rep(1).ask(Control.FINISH).step(9, "Closing")
    assert acted.records(how)[-1].how == "closed-kindly"


def test_going_back_from_the_closing_words_is_no_kind_end() -> None:
    acted = session().ask(Control.FINISH).step(9, "Closing").ask(Control.BACK)
    assert acted.records(Ending.QUIT)[-1].how == "quit"


def test_an_error_stays_an_error() -> None:
    assert session().ask(Control.FINISH).records(Ending.FAILED)[-1].how == "failed"


def test_time_counts_from_the_first_event_and_never_backwards() -> None:
    acted = Acted(at_ms=60_000).step(3, "Plank", "plank").rep(1)
    acted.at_ms = 61_000
    records = acted.turn(State.PLAYING).records(Ending.QUIT)
    assert records[-1].active_ms == 6000
    times = [record.at_ms for record in records]
    assert times == sorted(times)


ACTS = st.one_of(
    st.tuples(st.just("rep"), st.integers(1, 4), st.one_of(st.none(), st.integers(1, 7900))),
    st.tuples(st.just("ask"), st.sampled_from(Control)),
    st.tuples(st.just("turn"), st.sampled_from(State)),
    st.tuples(st.just("step"), st.integers(0, 3)),
    st.tuples(st.just("rest"), st.integers(1, 9000)),
)


@given(acts=st.lists(ACTS, max_size=200), how=st.one_of(st.none(), st.sampled_from(Ending)))
def test_whatever_happens_the_log_makes_sense(acts: list[tuple[object, ...]], how: Ending | None) -> None:
    acted = Acted().step(0, "Step 0", "exercise-0")
    for act in acts:
        match act:
            case ("rep", int(number), cut):
                acted.rep(number, cut_after=cut)  # type: ignore[arg-type]
            case ("ask", Control() as control):
                acted.ask(control)
            case ("turn", State() as state):
                acted.turn(state)
            case ("step", int(step)):
                acted.step(step, f"Step {step}", f"exercise-{step}")
            case ("rest", int(ms)):
                acted.pause_for(PhaseKind.REST, ms)
    records = acted.records(how)
    going_on: Spot | None = None
    for record in records:
        if record.kind == "rep":
            going_on = record.spot
        if record.kind == "rep-done":
            assert record.spot == going_on
            going_on = None
    times = [record.at_ms for record in records]
    assert times == sorted(times)
    past = replay([start(), *records])
    assert past is not None
    assert past.reps == sum(record.kind == "rep-done" for record in records)
    if how is not None:
        assert past.active_ms == acted.at_ms_of_last_event
    else:
        assert past.unfinished or any(record.kind == "closing" for record in records)


def test_another_form_and_another_guidance_are_written_where_they_change_anything() -> None:
    easier, brief = Manner(Level.EASIER), Manner(Level.EASIER, Guidance.MINIMAL, ("cat-cow",))
    acted = session().rep(1).ask(Control.EASIER, manner=easier).rep(2).ask(Control.EASIER, manner=easier)
    records = acted.ask(Control.LESS_TALK, manner=brief).records(Ending.QUIT)
    assert [r.manner for r in records if r.kind == "manner"] == [easier, brief]
    past = replay([start(), *records])
    assert past is not None
    assert past.manner == brief


def test_what_was_asked_for_survives_the_log_and_is_absent_where_nothing_was() -> None:
    asked = Manner(Level.HARDER, Guidance.FULL, ("cat-cow", "bird-dog"))
    record = start(manner=asked)
    assert decode(encode(record)) == record
    assert not {b"level", b"guidance", b"eased"} & set(encode(start()).split(b'"'))
    damaged = encode(record).replace(b"harder", b"hardest")
    assert decode(damaged) is None


def test_after_pain_the_easier_way_does_the_repetition_again() -> None:
    eased = Manner(eased=("cat-cow",))
    acted = session().rep(1, cut_after=3000).ask(Control.HURT).turn(State.HURT)
    acted = acted.ask(Control.EASIER, manner=eased).turn(State.PLAYING).rep(1).step(2, "Closing")
    assert kinds(acted.records()) == ["step", "rep 1", "hurt 1", "manner 1", "resumed", "rep-done 1", "step"]
