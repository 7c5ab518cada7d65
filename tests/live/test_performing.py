"""The player, the composer and the requests together: heard with instruments, without a device or a clock."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breathcue.audio.mixer import CueSource, Span, mix_sources
from breathcue.audio.pcm import pcm16
from breathcue.language.load import load_session, load_text
from breathcue.live.deck import FADE
from breathcue.live.moment import Asked, Begun, Heard, State, Turned
from breathcue.timeline.model import CueKind, PhaseKind, Track, Utterance
from breathcue.timeline.score import Control, Spot
from breathcue.timeline.time import samples_from_ms
from compiling import compile_loaded
from forms import forms
from performing import assert_tones_follow
from rehearsal import LOUD, Rehearsal, assert_promises, in_rep, lengths_of, play_until, spoken

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"

SHORT = """\
title: Short
needs: [a mat]
exercises:
  tilt:
    title: Tilt
    position: supine
    setup: [Lie on your back., Bend your knees.]
    form: [Keep your neck long.]
    rep:
      - inhale: 4s
        say: Let your {side} hip sink.
        short: Inhale.
      - exhale: 4s
        say: Press your back into the floor.
        short: Exhale.
      - hold: 4s
        count: up
      - return: 3s
        breath: inhale
        say: Let go.
    sides: each
    reps: 4
    sets: 2
    rest: 20s
steps:
  - breathe: {inhale: 4s, exhale: 6s, rounds: 3}
  - exercise: tilt
  - rest: 40s
  - wait: 15s
  - check-in: How is it?
  - exercise: cat-cow
    reps: 4
  - chime: bowl
"""

CLOSING = [
    "That is the end of this session. Well done.",
    "Rest as long as you like, and get up slowly.",
    "Roll onto your side, and press up with your hands.",
]
"""What is heard last by who is lying on the back then."""


def short() -> Rehearsal:
    return Rehearsal(load_text(SHORT, "short.yaml", None))


@pytest.mark.parametrize("path", sorted(CASES.glob("*.yaml")), ids=lambda path: path.stem)
def test_undisturbed_every_sample_is_that_of_the_file(path: Path) -> None:
    loaded = load_session(path)
    compiled = compile_loaded(loaded)
    # A session with a length is fitted to it before it is performed.
    rehearsal = Rehearsal(replace(loaded, routine=compiled.routine), tones=True)
    rehearsal.to_the_end()
    timeline = compiled.timeline
    heard = [cue for cue in timeline.cues if cue.track is not Track.BED]
    source = CueSource(heard, lambda cue: SimpleNamespace(samples=rehearsal._sound(cue)))
    length = samples_from_ms(timeline.duration_ms)
    expected = np.concatenate([pcm16(b.samples) for b in mix_sources([source], 1.0, [Span(0, length)])])
    assert len(rehearsal.heard) >= length
    assert np.array_equal(rehearsal.heard[:length], expected)
    assert not rehearsal.heard[length:].any()
    assert rehearsal.player.buffer.missed == 0


def test_a_pause_acts_at_once_fades_and_time_stands_still() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.speaking and m.at_ms > 5_000)
    pressed = rehearsal.pulled
    rehearsal.press(Control.PAUSE)
    at = rehearsal.at_ms
    rehearsal.play(40)
    after = np.abs(rehearsal.heard[pressed:].astype(int))
    assert after[:48].min() > LOUD / 2, "the fade begins with the next sample"
    assert not after[FADE + 480 :].any(), "and is over after its time"
    assert np.abs(np.diff(after)).max() < LOUD / 100, "without a click"
    rehearsal.play(4_000)
    assert rehearsal.state is State.PAUSED
    assert spoken(rehearsal)[-1] == "Paused."
    standing = rehearsal.at_ms
    rehearsal.play(60_000)
    assert rehearsal.at_ms == standing
    assert standing - at < 2_500, "only the word itself has taken time"
    assert not rehearsal.heard[-samples_from_ms(50_000) :].any()


@pytest.mark.parametrize("kind", [PhaseKind.INHALE, PhaseKind.EXHALE, PhaseKind.HOLD, PhaseKind.RETURN])
def test_after_a_pause_the_repetition_begins_again(kind: PhaseKind) -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(3, kind))
    rehearsal.press(Control.PAUSE)
    rehearsal.play(3_000)
    rehearsal.press(Control.RESUME)
    begun = len(rehearsal.events)
    play_until(rehearsal, in_rep(3, PhaseKind.EXHALE))
    phases = [e.phase for e in rehearsal.events[begun:] if isinstance(e, Begun) and e.phase.rep]
    assert [(p.kind, p.rep) for p in phases] == [(PhaseKind.INHALE, 3), (PhaseKind.EXHALE, 3)]
    assert "We go on." in spoken(rehearsal)


def test_a_paused_rest_goes_on_with_what_is_left_of_it() -> None:
    rehearsal = short()
    play_until(
        rehearsal,
        lambda m: m.phase.kind is PhaseKind.REST and m.phase.duration_ms == 40_000 and m.share > 0.5,
    )
    rehearsal.press(Control.PAUSE)
    rehearsal.play(5_000)
    rehearsal.press(Control.RESUME)
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.REST)
    phase = rehearsal.moment().phase
    assert 19_000 < phase.duration_ms < 20_001


def test_another_pace_begins_with_the_next_repetition_and_without_a_gap() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.INHALE))
    before = rehearsal.moment().left_ms
    rehearsal.press(Control.SLOWER)
    play_until(rehearsal, in_rep(4, PhaseKind.RETURN))
    score = rehearsal.player.score
    reps = [
        p for p in score.phases if p.exercise == "tilt" and p.set == 1 and p.rep and p.side.value == "right"
    ]
    inhales = {p.rep: p.duration_ms for p in reps if p.kind is PhaseKind.INHALE}
    assert inhales == {1: 4_000, 2: 4_000, 3: 4_400, 4: 4_400}
    assert [b.start_ms - a.end_ms for a, b in pairwise(reps)] == [0] * (len(reps) - 1)
    assert "A little slower." in spoken(rehearsal)
    assert rehearsal.moment().pace == pytest.approx(1.1)
    assert rehearsal.moment().left_ms > before - rehearsal.pulled / 48
    assert [e.pace for e in rehearsal.events if isinstance(e, Asked)] == [1.1]
    ticks = [e for e in rehearsal.asked if e[1] is Control.SLOWER]
    assert ticks


def test_next_goes_past_the_rest_to_the_next_step() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.NEXT)
    rehearsal.play(4_000)
    assert rehearsal.moment().stage.title == "Check in"
    rehearsal.press(Control.NEXT)
    rehearsal.play(8_000)
    assert rehearsal.moment().stage.title == "Cat-cow stretch"
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.TRANSITION)
    assert any("press up with your hands" in text for text in spoken(rehearsal)), "the way is said"


def test_next_and_back_never_lose_the_way_into_position() -> None:
    text = (
        SHORT.replace("  - rest: 40s\n  - wait: 15s\n  - check-in: How is it?\n", "")
        + "  - exercise: cat-cow\n"
    )
    rehearsal = Rehearsal(load_text(text, "short.yaml", None))
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.NEXT)
    rehearsal.play(1_500)
    rehearsal.press(Control.NEXT)
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.TRANSITION)
    assert rehearsal.moment().stage.title == "Cat-cow stretch"


def test_back_begins_the_step_again_and_then_the_one_before() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE, "cat-cow"))
    rehearsal.press(Control.BACK)
    rehearsal.play(3_000)
    assert rehearsal.moment().stage.title == "Cat-cow stretch"
    assert "From the beginning." in spoken(rehearsal)
    rehearsal.press(Control.BACK)
    rehearsal.play(4_000)
    assert rehearsal.moment().stage.title == "Tilt"
    assert "Back to the one before." in spoken(rehearsal)


def test_repeat_does_the_exercise_once_more_after_its_end() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE, "cat-cow"))
    rehearsal.press(Control.REPEAT)
    rehearsal.to_the_end()
    begun = [
        e for e in rehearsal.events if isinstance(e, Begun) and e.phase.exercise == "cat-cow" and e.phase.rep
    ]
    assert [e.phase.rep for e in begun if e.phase.kind is PhaseKind.INHALE] == [1, 2, 3, 4, 1, 2, 3, 4]
    assert "Once more: Cat-cow stretch." in spoken(rehearsal)
    assert "Once more after this." in spoken(rehearsal)


def test_a_rest_comes_after_the_repetition_and_may_be_longer_or_left() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE))
    rehearsal.press(Control.ADD_REST)
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.REST)
    assert rehearsal.moment().phase.duration_ms == 30_000
    done = [e.phase for e in rehearsal.events if isinstance(e, Begun) and e.phase.rep == 2]
    assert done[-1].kind is PhaseKind.RETURN
    rehearsal.play(10_000)
    rehearsal.press(Control.ADD_REST)
    rehearsal.play(1_000)
    left = rehearsal.moment().phase.end_ms - rehearsal.at_ms
    assert 45_000 < left < 52_000
    rehearsal.press(Control.SKIP_REST)
    play_until(rehearsal, in_rep(3, PhaseKind.INHALE))
    assert rehearsal.pulled < samples_from_ms(130_000)
    assert "The rest is over." in spoken(rehearsal)


def test_skipping_a_rest_that_is_none_changes_nothing_but_is_answered() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE))
    phases = rehearsal.player.score.phases
    rehearsal.press(Control.SKIP_REST)
    rehearsal.play(10_000)
    assert rehearsal.player.score.phases[: len(phases)] == phases
    assert "There is no rest to skip." in spoken(rehearsal)


def test_hurt_stops_advises_and_waits_for_a_choice() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.HOLD))
    rehearsal.press(Control.HURT)
    rehearsal.play(60_000)
    assert rehearsal.state is State.HURT
    assert any("professional" in text for text in spoken(rehearsal))
    rehearsal.press(Control.ADD_REST)
    rehearsal.play(5_000)
    assert rehearsal.state is State.PLAYING
    assert rehearsal.moment().phase.kind is PhaseKind.REST
    rehearsal.play(90_000)
    assert rehearsal.state is State.HURT, "after the rest the choice is offered again"
    rehearsal.press(Control.NEXT)
    rehearsal.play(4_000)
    assert rehearsal.state is State.PLAYING
    assert rehearsal.moment().stage.title == "Check in"


def test_finish_speaks_the_closing_words_from_anywhere() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.FINISH)
    rehearsal.play(30_000)
    assert rehearsal.state is State.ENDED
    assert spoken(rehearsal)[-4:] == ["We come to a close here.", *CLOSING]


def test_once_more_in_the_closing_words_comes_after_them_and_they_come_again() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.FINISH)
    play_until(rehearsal, lambda m: m.speaking and m.words.startswith("That is the end"))
    rehearsal.press(Control.REPEAT)
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE, "cat-cow"))
    rehearsal.press(Control.NEXT)
    rehearsal.play(30_000)
    assert rehearsal.state is State.ENDED
    assert spoken(rehearsal)[-1] == "That is the end of this session. Well done."
    assert spoken(rehearsal).count("That is the end of this session. Well done.") == 2


def test_quit_ends_soon_after_a_word() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    pressed = rehearsal.pulled
    rehearsal.press(Control.QUIT)
    rehearsal.play(30_000)
    assert rehearsal.player.over
    assert rehearsal.pulled - pressed < samples_from_ms(3_500)


def test_levels_change_their_own_track_only_and_without_a_click() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.speaking and m.at_ms > 4_000)
    pressed = rehearsal.pulled
    rehearsal.press(Control.VOICE_QUIETER)
    rehearsal.play(100)
    after = rehearsal.heard[pressed:].astype(int)
    assert abs(int(np.median(after[-2_000:])) - LOUD * 10 ** (-2 / 20)) < 20
    assert np.abs(np.diff(after)).max() < LOUD / 40
    rehearsal.press(Control.TONES_QUIETER)
    rehearsal.play(500)
    levels = rehearsal.player.position_heard(0)[0].levels
    assert (levels.voice_db, levels.tones_db) == (-2.0, -2.0)


def test_words_that_are_late_hold_the_phase_and_cut_nothing() -> None:
    rehearsal = short()
    rehearsal.play(3_000, compose=False)
    assert rehearsal.state is State.BEHIND
    assert rehearsal.at_ms == 480
    rehearsal.compose()
    rehearsal.to_the_end()
    whole = lengths_of(rehearsal.voice, map(Utterance, spoken(rehearsal)))
    assert {stop - start for start, stop in rehearsal.words()} <= {length - 2 for length in whole} | whole


def test_resuming_at_a_spot_greets_and_goes_on_with_that_repetition() -> None:
    loaded = load_text(SHORT, "short.yaml", None)
    first = Rehearsal(loaded)
    play_until(first, in_rep(3, PhaseKind.EXHALE))
    moment = first.moment()
    spot = Spot(moment.stage.step, moment.phase.set, moment.phase.rep, moment.phase.side)
    again = Rehearsal(loaded, spot=spot)
    play_until(again, lambda m: m.phase.rep is not None)
    assert again.moment().phase.rep == 3
    assert again.moment().phase.exercise == "tilt"
    words = spoken(again)
    assert words[0] == "Welcome back. We go on with Tilt."
    assert any("onto your back" in text or "lie" in text.lower() for text in words[1:3])
    again.to_the_end()
    assert spoken(again)[-1] == "That is the end of this session. Well done."


CONTROLS = [c for c in Control if c is not Control.QUIT]
KINDS = ("plain", "with tones", "with other forms")


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), slow=st.booleans(), ends=st.booleans(), kind=st.sampled_from(KINDS))
def test_any_two_hundred_requests_keep_every_promise(seed: int, slow: bool, ends: bool, kind: str) -> None:
    # The requests come from a seed: a list of 200 would take minutes to shrink, and the seed says as much.
    chance = random.Random(seed)
    controls = CONTROLS if ends else [c for c in CONTROLS if c is not Control.FINISH]
    text = SHORT.replace("needs:", "breath-tone: soft\nneeds:") if kind == "with tones" else SHORT
    rehearsal = Rehearsal(forms() if kind == "with other forms" else load_text(text, "short.yaml", None))
    for _ in range(200):
        rehearsal.press(chance.choice(controls))
        if slow:
            rehearsal.play(30, compose=False)
        rehearsal.play(chance.choice((0, 0, 40, 300, chance.randint(0, 9_000))))
        if rehearsal.player.over:
            break
    rehearsal.to_the_end()
    assert_promises(rehearsal)
    assert_tones_follow(rehearsal.player.score)
    heard = [e.cue for e in rehearsal.events if isinstance(e, Heard) and e.cue.kind is CueKind.BREATH_TONE]
    followed = [c for c in rehearsal.player.score.cues if c.kind is CueKind.BREATH_TONE]
    assert [c.start_ms for c in heard] == [c.start_ms for c in followed], "each tone is heard, and only once"


def test_words_are_not_shown_beside_breaths_that_a_tone_leads() -> None:
    text = SHORT.replace("needs:", "breath-tone: soft\nneeds:").replace("rounds: 3", "rounds: 6")
    rehearsal = Rehearsal(load_text(text, "short.yaml", None))
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.EXHALE and m.phase.rep == 2 and m.share > 0.5)
    assert rehearsal.moment().words == "Breathe out."
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.EXHALE and m.phase.rep == 4)
    assert rehearsal.moment().words == ""
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.INHALE and m.phase.rep == 5)
    assert rehearsal.moment().words == "Two more breaths."


def test_going_on_where_nothing_is_paused_changes_nothing() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.speaking and m.at_ms > 4_000)
    at, words = rehearsal.at_ms, rehearsal.moment().words
    rehearsal.press(Control.RESUME)
    rehearsal.play(500)
    assert rehearsal.at_ms == at + 500
    assert rehearsal.moment().words == words
    assert rehearsal.heard[-samples_from_ms(300) :].any()


def test_next_leaves_what_was_to_be_repeated() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.REPEAT)
    rehearsal.play(200)
    rehearsal.press(Control.NEXT)
    rehearsal.play(3_000)
    assert rehearsal.moment().stage.title == "Check in"


def test_after_pain_moving_on_goes_past_the_same_exercise() -> None:
    text = SHORT.replace("  - exercise: tilt\n", "  - exercise: tilt\n  - exercise: tilt\n    reps: 2\n")
    rehearsal = Rehearsal(load_text(text, "short.yaml", None))
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.HURT)
    rehearsal.play(500)
    rehearsal.press(Control.NEXT)
    rehearsal.play(3_000)
    assert rehearsal.moment().stage.title == "Check in"


def test_pressed_twice_quickly_next_goes_two_steps_and_back_to_the_one_before() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.phase.rep is not None)
    for _ in range(2):
        rehearsal.press(Control.NEXT)
        rehearsal.play(300)
    assert rehearsal.moment().stage.title == "Check in"
    rehearsal.press(Control.NEXT)
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE, "cat-cow"))
    for _ in range(2):
        rehearsal.press(Control.BACK)
        rehearsal.play(300)
    assert rehearsal.moment().stage.title == "Tilt"
    rehearsal.press(Control.BACK)
    rehearsal.play(300)
    assert rehearsal.moment().stage.title == "Breathing"


def test_paused_in_a_rest_another_one_makes_it_longer() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.REST and m.phase.duration_ms == 40_000)
    rehearsal.press(Control.PAUSE)
    rehearsal.play(3_000)
    rehearsal.press(Control.ADD_REST)
    rehearsal.play(3_000)
    assert rehearsal.moment().phase.duration_ms > 60_000
    rehearsal.press(Control.SKIP_REST)
    play_until(rehearsal, lambda m: m.stage.title != "Rest")
    assert rehearsal.moment().phase.kind is not PhaseKind.REST


@pytest.mark.parametrize("control", [Control.NEXT, Control.FINISH])
def test_the_closing_words_are_always_heard_to_their_end(control: Control) -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(1, PhaseKind.EXHALE))
    rehearsal.press(Control.FINISH)
    play_until(rehearsal, lambda m: m.speaking and m.words.startswith("That is the end"))
    rehearsal.press(control)
    rehearsal.play(30_000)
    assert rehearsal.state is State.ENDED
    assert spoken(rehearsal)[-4:] == [CLOSING[0], *CLOSING]
    assert spoken(rehearsal).count("We come to a close here.") == 1


def test_many_requests_for_one_thing_are_answered_once() -> None:
    rehearsal = short()
    play_until(rehearsal, lambda m: m.phase.kind is PhaseKind.SETUP)
    for _ in range(5):
        rehearsal.press(Control.FASTER)
        rehearsal.play(60)
    rehearsal.press(Control.SLOWER)
    rehearsal.play(15_000)
    answers = [text for text in spoken(rehearsal) if text.startswith("A little")]
    assert answers[-1] == "A little slower."
    assert len(answers) <= 2


def test_an_answer_in_a_pause_leaves_it_a_pause() -> None:
    rehearsal = short()
    play_until(rehearsal, in_rep(2, PhaseKind.EXHALE))
    rehearsal.press(Control.PAUSE)
    rehearsal.play(5_000)
    turned = len([e for e in rehearsal.events if isinstance(e, Turned)])
    rehearsal.press(Control.VOICE_QUIETER)
    rehearsal.play(5_000)
    assert rehearsal.state is State.PAUSED
    assert "My voice is softer." in spoken(rehearsal)
    assert len([e for e in rehearsal.events if isinstance(e, Turned)]) == turned
