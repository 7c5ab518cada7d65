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
from breathcue.compiler.prescribe import Prescription, prescribe
from breathcue.compiler.running_order import entries
from breathcue.language.load import load_text
from breathcue.language.routine import Breathe, FirstSide, Perform, Routine, Sides
from breathcue.timeline.codec import dump, load
from breathcue.timeline.invariants import check
from breathcue.timeline.model import CueKind, Phase, PhaseKind
from breathcue.timeline.time import Ms, beat_start, scale
from compiling import compile_loaded
from routines import sessions


class SpeechAtSpeed(SilentSpeech):
    def __init__(self, speed: float) -> None:
        self.speed = speed


def prescriptions(routine: Routine) -> Iterable[Prescription | Breathe]:
    """What is done, in order: breathing as it was written, exercises as the compiler prescribes them."""
    for entry in entries(routine):
        if isinstance(entry.step, Breathe):
            yield entry.step
        elif isinstance(entry.step, Perform):
            yield prescribe(entry.step, routine.pace, routine.exercises)


def expected_reps(routine: Routine) -> list[tuple[list[PhaseKind], list[Ms], list[Any]]]:
    """What every repetition must be, in order: its phases' kinds, times as written times pace, and counts."""
    expected = []
    for done in prescriptions(routine):
        if isinstance(done, Breathe):
            for each in done.patterns:
                expected += [rep_of(each.breath, routine.pace * done.pace)] * each.rounds.low
        else:
            sides = 1 if done.exercise.sides is Sides.NONE else 2
            expected += [rep_of(done.exercise.rep, done.pace)] * (sum(done.sets) * sides)
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
        assert_doses(timeline.phases, loaded.routine)
    for rep, (_, times, counts) in zip(reps, wanted, strict=True):
        for phase, time, numbers in zip(rep, times, counts, strict=True):
            assert phase.duration_ms >= time
            assert_counted(timeline, phase, list(numbers))


def runs_of(phases: tuple[Phase, ...]) -> list[list[Phase]]:
    """The stretches of an exercise without a break: a set, or one side of one, with what is left of its time."""
    runs: list[list[Phase]] = []
    for phase in phases:
        last = runs[-1][-1] if runs else None
        own = phase.exercise is not None and (phase.rep is not None or phase.kind is PhaseKind.REST)
        if (
            own
            and phase.rep is not None
            and (last is None or (last.end_ms, last.set) != (phase.start_ms, phase.set))
        ):
            runs.append([phase])
        elif own and last is not None and last.end_ms == phase.start_ms and last.rep is not None:
            runs[-1].append(phase)
    return runs


def assert_doses(phases: tuple[Phase, ...], routine: Routine) -> None:
    """Every set has the repetitions, the sides and the time that were asked for, and begins with its leading side."""
    runs = iter(runs_of(phases))
    for done in prescriptions(routine):
        if isinstance(done, Breathe):
            continue
        each = done.exercise.sides is Sides.EACH
        for number, reps in enumerate(done.sets, 1):
            for side in range(1 + each):
                run = next(runs)
                assert run[0].reps == reps
                assert run[0].set == number
                assert_side(run[0], done, number, second=side > 0)
                if done.work is not None:
                    least = sum(phase.duration_ms for phase in run if phase.rep)
                    whole = run[-1].end_ms - run[0].start_ms
                    assert (whole if done.left_over else least) == max(done.work, least)
    assert next(runs, None) is None


def assert_side(phase: Phase, done: Prescription, number: int, *, second: bool) -> None:
    """A set begins on the side that was asked for, and its other side comes after it."""
    if done.exercise.sides is Sides.NONE:
        assert phase.side is None
        return
    alternates = done.first_side is FirstSide.ALTERNATE
    first = ("right", "left")[(number - 1) % 2] if alternates else done.first_side
    assert (phase.side == first) is not second


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
