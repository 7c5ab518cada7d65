"""Performing in tests: a session laid part by part, with a silent voice, and what must hold of every score."""

from __future__ import annotations

from itertools import groupby, pairwise

from breathcue.casting import SILENT, SilentSpeech, silent_cast
from breathcue.compiler.performance import Performance
from breathcue.language.load import Loaded
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import Breath, CueKind, PhaseKind, Source, Timeline, Track
from breathcue.timeline.score import Score
from breathcue.timeline.time import GRID_MS, snap_up

MOST_PARTS = 20_000
STILL = {PhaseKind.TALK, PhaseKind.SETUP, PhaseKind.TRANSITION, PhaseKind.REST, PhaseKind.WAIT}
"""What a step is not made of, so that it tells two steps in a row apart: only one of them may have tones."""


def performance_of(loaded: Loaded, speech: object = None) -> Performance:
    assert loaded.routine is not None, loaded.diagnostics
    return Performance(
        loaded.routine,
        silent_cast(loaded.routine),
        speech or SilentSpeech(),
        lambda place: Source(loaded.source_name(place), place.line),
    )


def lay_all(performance: Performance) -> Score:
    for _ in range(MOST_PARTS):
        if not performance.lay():
            return performance.score()
    raise AssertionError("the session never ends")


def as_timeline(score: Score, title: str, language: str = "en") -> Timeline:
    return Timeline(title, language, SILENT, score.end_ms, score.chapters, score.phases, score.cues)


def assert_tones_follow(score: Score) -> None:
    """Check that tones sound inside the phases that they follow; where a stretch of movement has any, in all of it."""
    tones = [cue for cue in score.cues if cue.kind is CueKind.BREATH_TONE]
    following = {}
    for cue in tones:
        phase = [phase for phase in score.phases if phase.start_ms <= cue.start_ms][-1]
        assert cue.end_ms <= phase.end_ms, (cue, phase)
        assert cue.text.split("-")[0] == phase.breath, (cue, phase)
        assert phase.start_ms not in following, (cue, phase)
        following[phase.start_ms] = cue
    for moving, stretch in groupby(score.phases, lambda phase: phase.kind not in STILL):
        phases = list(stretch)
        toned = moving and any(phase.start_ms in following for phase in phases)
        for phase in phases if toned else ():
            room = phase.end_ms - snap_up(phase.start_ms)
            if phase.breath in {Breath.INHALE, Breath.EXHALE} and room >= GRID_MS:
                assert following[phase.start_ms].start_ms == snap_up(phase.start_ms)
                assert room - following[phase.start_ms].duration_ms < GRID_MS, "no phase outlasts its tone"


def assert_sound(score: Score) -> None:
    """Check what holds of every score, whatever was asked for: nothing overlaps, nothing is missing or negative."""
    for name, spans in (("phase", score.phases), ("chapter", score.chapters)):
        end = 0
        for span in spans:
            assert span.start_ms == end, f"a {name} starts at {span.start_ms}, the one before ends at {end}"
            assert span.end_ms > span.start_ms, f"a {name} has no length at {end}"
            end = span.end_ms
        assert end == score.end_ms, (name, end, score.end_ms)
    voice = [cue for cue in score.cues if cue.track is Track.VOICE]
    for earlier, later in pairwise(voice):
        gap = later.start_ms - earlier.end_ms
        assert gap >= MIN_GAP_MS, (earlier, later)
    for cue in score.cues:
        assert cue.start_ms >= 0
        assert cue.duration_ms > 0
        assert cue.start_ms % GRID_MS == 0
        assert cue.end_ms <= score.end_ms or cue.track is not Track.VOICE, cue
    assert_tones_follow(score)
    assert score.left_ms >= 0
    starts = [stage.start_ms for stage in score.stages]
    assert starts == sorted(starts)
