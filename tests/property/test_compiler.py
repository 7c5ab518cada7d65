"""Whatever an author may write, the timeline keeps its promises."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from breathcue.casting import SilentSpeech
from breathcue.compiler.counting import beats_of, count_numbers
from breathcue.compiler.phrases import load_phrases
from breathcue.language.load import load_text
from breathcue.language.routine import Breathe, Perform, Repeat, Routine, Section, Sides, Step
from breathcue.timeline.codec import dump, load
from breathcue.timeline.invariants import check
from breathcue.timeline.model import CueKind, Phase, PhaseKind
from breathcue.timeline.time import Ms, beat_start, scale
from compiling import compile_loaded
from routines import sessions


class SpeechAtSpeed(SilentSpeech):
    def __init__(self, speed: float) -> None:
        self.speed = speed


def unrolled(steps: tuple[Step, ...]) -> Iterable[Step]:
    for step in steps:
        if isinstance(step, Section):
            yield from unrolled(step.steps)
        elif isinstance(step, Repeat):
            for _ in range(step.times):
                yield from unrolled(step.steps)
        else:
            yield step


def expected_reps(routine: Routine) -> list[tuple[list[PhaseKind], list[Ms], list[Any]]]:
    """What every repetition must be, in order: its phases' kinds, times as written times pace, and counts."""
    expected = []
    for step in unrolled(routine.steps):
        if isinstance(step, Breathe):
            for each in step.patterns:
                expected += [rep_of(each.breath, routine.pace * step.pace)] * each.rounds.low
        elif isinstance(step, Perform):
            sides = 1 if step.exercise.sides is Sides.NONE else 2
            own, exercise = step.own, step.exercise
            rep = rep_of(exercise.rep, routine.pace * (own.pace or exercise.pace))
            expected += [rep] * ((own.reps or exercise.reps).low * sides * (own.sets or exercise.sets).low)
    return expected


def rep_of(phases, pace: float) -> tuple[list[PhaseKind], list[Ms], list[Any]]:
    counts = [count_numbers(p.count, beats_of(p.duration, pace)) if p.count != "none" else () for p in phases]
    return [p.kind for p in phases], [scale(p.duration, pace) for p in phases], counts


def actual_reps(phases: tuple[Phase, ...]) -> list[list[Phase]]:
    numbered = enumerate_reps([phase for phase in phases if phase.rep is not None])
    return [[phase for _, phase in rep] for _, rep in groupby(numbered, key=lambda pair: pair[0])]


def enumerate_reps(phases: list[Phase]) -> Iterable[tuple[int, Phase]]:
    """Number the repetitions in order; one ends where the next phase belongs to another, or time has passed."""
    number, last = 0, None
    for phase in phases:
        key = (phase.exercise, phase.set, phase.side, phase.rep, phase.reps)
        if last is not None and (last[0] != key or last[1] != phase.start_ms):
            number += 1
        last = (key, phase.end_ms)
        yield number, phase


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=sessions(), speed=st.sampled_from([0.5, 0.9, 1.4]))
def test_any_session_keeps_every_promise(data: dict[str, Any], speed: float) -> None:
    loaded = load_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "session.yaml", None)
    assume("session-too-long" not in {diagnostic.code for diagnostic in loaded.diagnostics})
    assert loaded.routine is not None, loaded.diagnostics
    compiled = compile_loaded(loaded, SpeechAtSpeed(speed))
    timeline = compiled.timeline
    assert check(timeline) == ()
    assert load(dump(timeline)) == timeline
    reps = actual_reps(timeline.phases)
    wanted = expected_reps(loaded.routine)
    assert [[p.kind for p in rep] for rep in reps] == [kinds for kinds, _, _ in wanted]
    if not compiled.diagnostics:
        assert [[p.duration_ms for p in rep] for rep in reps] == [times for _, times, _ in wanted]
    for rep, (_, times, counts) in zip(reps, wanted, strict=True):
        for phase, time, numbers in zip(rep, times, counts, strict=True):
            assert phase.duration_ms >= time
            assert_counted(timeline, phase, list(numbers))


def assert_counted(timeline, phase: Phase, numbers: list[int]) -> None:
    """Every number is said in its own beat, in order, and no other number is."""
    if not numbers:
        return
    phrases = load_phrases("en")
    inside = [
        cue
        for cue in timeline.cues
        if cue.kind is CueKind.COUNT and phase.start_ms <= cue.start_ms < phase.end_ms
    ]
    spoken = [(beat, number) for beat, number in enumerate(numbers) if number]
    if [cue.text for cue in inside[: len(spoken)]] != [
        f"{phrases.number(n).capitalize()}." for _, n in spoken
    ]:
        # Where a beat is too short for long numbers, only the tens above twenty are said.
        spoken = [(beat, number) for beat, number in spoken if number <= 20 or number % 10 == 0]
    assert [cue.text for cue in inside[: len(spoken)]] == [
        f"{phrases.number(n).capitalize()}." for _, n in spoken
    ]
    for cue, (beat, _) in zip(inside, spoken, strict=False):
        begin = beat_start(phase.start_ms, phase.duration_ms, beat, len(numbers))
        end = beat_start(phase.start_ms, phase.duration_ms, beat + 1, len(numbers))
        assert begin <= cue.start_ms
        assert cue.end_ms <= end
