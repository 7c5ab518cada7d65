"""The bed of a live session: what is heard of it, and how it makes way, whatever the listener asks for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breathcue.audio.beds import BedSource, open_bed
from breathcue.audio.ducking import DEPTH_DB, RETURN, SINK
from breathcue.audio.mixer import CueSource, Span, mix_sources
from breathcue.audio.pcm import pcm16
from breathcue.audio.tones import tone_samples
from breathcue.diagnostics import Diagnostic, RequestError
from breathcue.language.load import Loaded, load_session, load_text
from breathcue.live.bed import DOWN, FADE_IN, SLIP, BedMaker
from breathcue.live.deck import FADE
from breathcue.live.moment import Asked, Heard, State
from breathcue.live.player import BLOCK, LEVEL_STEP_DB, MAX_BED_DB
from breathcue.live.session import LiveSession
from breathcue.timeline.model import Cue, CueKind, PhaseKind, Timeline, Track
from breathcue.timeline.score import Control
from breathcue.timeline.time import Ms, samples_from_ms
from breathcue.voices.base import Samples
from compiling import compile_loaded
from rehearsal import Rehearsal

CASES = Path(__file__).parents[1] / "cases"

SHORT = """\
title: Short
bed: rain
breath-tone: soft
steps:
  - breathe: {inhale: 4s, exhale: 6s, rounds: 5}
  - rest: 40s
  - exercise: cat-cow
    reps: 4
"""

FULL = 16_384
"""The level of :class:`Even` as a 16-bit sample, where nothing lowers it."""

STEEPEST = (DEPTH_DB * np.log(10) / 20 + np.pi / 2) / SLIP
"""The most a factor may change from sample to sample: a sinking, and at the same time a slip that fades away."""


class Even:
    """A bed of a steady level, so that what is heard of it is the factor by which it is lowered."""

    def add(self, out: Samples, start: int, gain: Samples | None = None) -> None:
        out += np.float32(FULL / 32_768) * (1.0 if gain is None else gain)


@dataclass
class Beneath(Rehearsal):
    """A rehearsal in which nothing but the bed is heard."""

    def _sound(self, cue: Cue) -> Samples:
        length = len(self.voice.sound(cue.utterance)) if cue.track is Track.VOICE else 48
        return np.zeros(length, np.float32)

    @property
    def factors(self) -> np.ndarray:
        return self.heard / FULL


@dataclass
class Whole(Rehearsal):
    """A rehearsal in which the tones sound as they are."""

    def _sound(self, cue: Cue) -> Samples:
        if cue.track is Track.TONE:
            return tone_samples(cue.text, cue.duration_ms)
        return self.voice.sound(cue.utterance)


def short() -> Beneath:
    return Beneath(load_text(SHORT, "short.yaml", None), bed=Even())


def play_until(rehearsal: Rehearsal, wanted) -> None:
    for _ in range(60_000):
        if wanted(rehearsal.moment()):
            return
        rehearsal.play(50)
    raise AssertionError("that moment never came")


def breathing(moment) -> bool:
    return moment.phase is not None and moment.phase.kind is PhaseKind.EXHALE and moment.phase.rep == 4


def resting(moment) -> bool:
    """In a rest, after its words."""
    return moment.phase is not None and moment.phase.kind is PhaseKind.REST and 0.4 < moment.share < 0.6


def spoken(rehearsal: Rehearsal) -> list[str]:
    return [e.cue.text for e in rehearsal.events if isinstance(e, Heard) and e.cue.track is Track.VOICE]


def speech_in(timeline: Timeline) -> list[Span]:
    voice = (cue for cue in timeline.cues if cue.track is Track.VOICE)
    return [Span(samples_from_ms(cue.start_ms), samples_from_ms(cue.end_ms)) for cue in voice]


def steepest(factors: np.ndarray) -> float:
    return float(np.abs(np.diff(factors)).max(initial=0.0))


def written(rehearsal: Whole, loaded: Loaded) -> np.ndarray:
    """Return the session as the mixer of files gives it."""
    timeline = compile_loaded(loaded).timeline
    length = samples_from_ms(timeline.duration_ms)
    cues = [cue for cue in timeline.cues if cue.track is not Track.BED]
    assert rehearsal.bed is not None
    sources = [
        CueSource(cues, lambda cue: SimpleNamespace(samples=rehearsal._sound(cue))),
        BedSource(rehearsal.bed, speech_in(timeline), length),
    ]
    return np.concatenate([pcm16(b.samples) for b in mix_sources(sources, 1.0, [Span(0, length)])])


@pytest.mark.parametrize(("case", "bed"), [("breath-tones", "ocean"), ("smallest", "pad")])
def test_undisturbed_every_sample_is_that_of_the_file(case: str, bed: str) -> None:
    loaded = load_session(CASES / f"{case}.yaml")
    rehearsal = Whole(loaded, bed=open_bed(bed, None, Ms(0)))
    rehearsal.to_the_end()
    expected = written(rehearsal, loaded)
    length = len(expected)
    assert np.array_equal(rehearsal.heard[:length], expected)
    assert not rehearsal.heard[length:].any()


def test_it_goes_on_calmly_while_one_waits_and_makes_way_for_the_answer() -> None:
    rehearsal = short()
    play_until(rehearsal, breathing)
    pressed = rehearsal.pulled
    rehearsal.press(Control.PAUSE)
    rehearsal.play(20_000)
    assert rehearsal.state is State.PAUSED
    assert spoken(rehearsal)[-1] == "Paused."
    after = rehearsal.factors[pressed:]
    assert after.min() < DOWN + 0.02, "it is down while the answer is spoken"
    assert abs(after[-samples_from_ms(5_000) :] - 1).max() < 1e-3, (
        "and up again, as loud as before, in the pause"
    )
    rehearsal.press(Control.RESUME)
    rehearsal.play(3_000)
    assert steepest(rehearsal.factors) < STEEPEST + 2 / FULL


def test_after_a_request_it_is_soon_where_the_file_has_it() -> None:
    rehearsal = short()
    play_until(rehearsal, breathing)
    rehearsal.press(Control.NEXT)
    rehearsal.play(60_000)
    voices = [c for c in rehearsal.player.score.cues if c.track is Track.VOICE]
    shift = rehearsal.pulled - samples_from_ms(rehearsal.at_ms)
    gaps = [(a, b) for a, b in pairwise(voices) if b.start_ms - a.end_ms > 6_000]
    a, b = gaps[-1]
    quiet = rehearsal.factors[
        samples_from_ms(a.end_ms) + shift + RETURN + BLOCK : samples_from_ms(b.start_ms)
        + shift
        - SINK
        - BLOCK
    ]
    assert len(quiet) > 0
    assert abs(quiet - 1).max() < 1e-3


GOING_ON = [
    Control.PAUSE,
    Control.RESUME,
    Control.REPEAT,
    Control.SLOWER,
    Control.FASTER,
    Control.ADD_REST,
    Control.HURT,
]
"""What cannot bring a long session to its end."""


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), slow=st.booleans())
def test_whatever_is_asked_for_it_never_jumps_and_never_stops(seed: int, slow: bool) -> None:
    chance = random.Random(seed)
    rehearsal = Beneath(load_text(SHORT.replace("rounds: 5", "rounds: 60"), "long.yaml", None), bed=Even())
    rehearsal.play(4_000)
    for _ in range(40):
        rehearsal.press(chance.choice(GOING_ON))
        if slow:
            rehearsal.play(30, compose=False)
        rehearsal.play(chance.choice((0, 40, 300, chance.randint(0, 4_000))))
    factors = rehearsal.factors
    assert not rehearsal.player.over
    assert steepest(factors) < STEEPEST + 2 / FULL
    assert factors.max() <= 1 + 1 / FULL
    assert factors[FADE_IN:].min() > DOWN - 1 / FULL


@pytest.mark.parametrize("control", [Control.BACK, Control.REPEAT])
def test_one_who_goes_back_at_the_end_gets_it_back(control: Control) -> None:
    rehearsal = short()
    play_until(rehearsal, breathing)
    rehearsal.press(Control.FINISH)
    play_until(rehearsal, lambda m: m.left_ms < 2_500)
    assert rehearsal.factors[-1] < 0.6
    rehearsal.press(control)
    rehearsal.play(3_000)
    assert rehearsal.state is State.PLAYING
    assert steepest(rehearsal.factors) < STEEPEST + 2 / FULL
    rehearsal.to_the_end()
    assert rehearsal.factors[-1] == 0


def test_quitting_lets_it_fade_with_the_last_words() -> None:
    rehearsal = short()
    play_until(rehearsal, resting)
    pressed = rehearsal.pulled
    rehearsal.press(Control.QUIT)
    rehearsal.play(30_000)
    assert rehearsal.player.over
    assert steepest(rehearsal.factors) < STEEPEST + 2 / FULL
    assert rehearsal.factors[pressed] > 0.99
    assert rehearsal.factors[rehearsal.player._position.out - 1] < 1e-3


def test_when_all_must_be_silent_at_once_it_is_too() -> None:
    rehearsal = short()
    play_until(rehearsal, resting)
    rehearsal.player.fall_silent()
    at = rehearsal.player._position.out
    rehearsal.play(300, compose=False)
    heard = rehearsal.factors
    assert heard[at - 1] > 0.99
    assert not heard[at + FADE :].any()
    assert steepest(heard) < np.pi / 2 / FADE + 2 / FULL


def test_its_level_is_its_own_and_is_answered() -> None:
    rehearsal = short()
    play_until(rehearsal, resting)
    rehearsal.press(Control.BED_LOUDER)
    rehearsal.play(8_000)
    assert "The background is louder." in spoken(rehearsal)
    louder = 10 ** (LEVEL_STEP_DB / 20)
    assert abs(rehearsal.factors[-4_800:] - louder).max() < 1e-3
    levels = rehearsal.player.position_heard(0)[0].levels
    assert (levels.voice_db, levels.tones_db, levels.bed_db) == (0, 0, LEVEL_STEP_DB)
    assert rehearsal.moment().bed_db == 0, "unless it is told, a moment says nothing of levels"
    for _ in range(20):
        rehearsal.press(Control.BED_LOUDER)
    rehearsal.play(100)
    assert rehearsal.player.position_heard(0)[0].levels.bed_db == MAX_BED_DB
    for _ in range(3):
        rehearsal.press(Control.BED_QUIETER)
    rehearsal.play(100)
    assert rehearsal.player.position_heard(0)[0].levels.bed_db == MAX_BED_DB - 3 * LEVEL_STEP_DB


def test_where_there_is_none_the_listener_is_told_and_nothing_is_written_down() -> None:
    rehearsal = Rehearsal(load_text(SHORT.replace("bed: rain\n", ""), "short.yaml", None))
    play_until(rehearsal, resting)
    rehearsal.press(Control.BED_LOUDER)
    rehearsal.play(5_000)
    assert "There is no background sound." in spoken(rehearsal)
    assert rehearsal.player.position_heard(0)[0].levels.bed_db == 0
    assert not [e for e in rehearsal.events if isinstance(e, Asked)]


def test_a_bed_that_comes_late_comes_in_slowly() -> None:
    rehearsal = short()
    rehearsal.player.bed = None
    play_until(rehearsal, breathing)
    assert not rehearsal.heard.any()
    joined = rehearsal.player._position.out
    rehearsal.player.bed = Even()
    rehearsal.play(8_000)
    factors = rehearsal.factors
    assert not factors[:joined].any()
    assert steepest(factors) < STEEPEST
    assert factors[joined + FADE_IN // 4] < 0.3
    assert factors[joined + FADE_IN :].max() > 0.99


def test_breath_tones_are_cut_with_their_phase_and_go_on_with_the_next() -> None:
    rehearsal = Whole(load_text(SHORT, "short.yaml", None))
    play_until(rehearsal, breathing)
    pressed = rehearsal.pulled
    rehearsal.press(Control.PAUSE)
    rehearsal.play(1_000)
    assert not rehearsal.heard[pressed + FADE + BLOCK : pressed + samples_from_ms(100)].any()
    rehearsal.play(4_000)
    rehearsal.press(Control.RESUME)
    begun = len(rehearsal.events)
    play_until(rehearsal, breathing)
    tones = [e.cue for e in rehearsal.events[begun:] if isinstance(e, Heard) and e.cue.track is Track.TONE]
    assert [c.text for c in tones if c.kind is CueKind.BREATH_TONE] == ["inhale-soft", "exhale-soft"]


class Patient:
    """An output that takes what it is given when the test says so."""

    name = "patient"
    latency_ms = Ms(0)
    alive = True

    def start(self, pull) -> None:
        self.pull = pull

    def stop(self) -> None:
        pass


def session_with(maker: BedMaker) -> LiveSession:
    rehearsal = short()
    clips = SimpleNamespace(clip=lambda said: SimpleNamespace(samples=rehearsal.voice.sound(said)))
    return LiveSession("Short", rehearsal.script, clips, Patient(), Patient, lambda: None, maker)


def test_the_first_sound_does_not_wait_for_a_bed_that_takes_its_time() -> None:
    ready = Event()

    def make() -> Even:
        ready.wait()
        return Even()

    session = session_with(BedMaker(make))
    session.start()
    assert len(session.player.buffer) > 0
    assert session.player.bed is None
    ready.set()
    while session.player.bed is None:
        assert session.failure is None
        session._wake.set()
    session.close()


def test_a_bed_of_no_use_is_told_before_anything_sounds() -> None:
    def make() -> Even:
        raise RequestError(Diagnostic("bed-silent", "Nothing is heard in it."))

    session = session_with(BedMaker(make))
    with pytest.raises(RequestError, match="Nothing is heard"):
        session.start()
