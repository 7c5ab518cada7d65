"""Each invariant finds the fault that breaks it, and none is found in a sound timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from breathcue.timeline.invariants import check
from breathcue.timeline.model import Cue, CueKind, PhaseKind, Timeline, Track
from breathcue.timeline.time import Ms
from compiling import compile_text

SOUND = compile_text(
    "title: Sound\nsteps:\n  - exercise: bird-dog\n    reps: 2\n  - rest: 40s\n  - exercise: cat-cow\n    reps: 3\n"
).timeline


def first_cue(kind: CueKind) -> int:
    return next(index for index, cue in enumerate(SOUND.cues) if cue.kind is kind)


def with_cue(index: int, **changes: object) -> Timeline:
    cues = list(SOUND.cues)
    cues[index] = replace(cues[index], **changes)
    return replace(SOUND, cues=tuple(cues))


def without(keep: Callable[[Cue], bool]) -> Timeline:
    return replace(SOUND, cues=tuple(filter(keep, SOUND.cues)))


def with_phase(index: int, **changes: object) -> Timeline:
    phases = list(SOUND.phases)
    phases[index] = replace(phases[index], **changes)
    return replace(SOUND, phases=tuple(phases))


def phase_of(kind: PhaseKind, nth: int = 0) -> int:
    return [index for index, phase in enumerate(SOUND.phases) if phase.kind is kind][nth]


MOVE = first_cue(CueKind.MOVE)
HOLD = first_cue(CueKind.HOLD)
RETURN = phase_of(PhaseKind.RETURN)

FAULTS = {
    "a gap between phases": (1, with_phase(1, start_ms=Ms(SOUND.phases[1].start_ms + 1))),
    "a phase without length": (1, with_phase(1, end_ms=SOUND.phases[1].start_ms)),
    "phases that end too early": (1, replace(SOUND, phases=SOUND.phases[:-1])),
    "chapters that end too early": (1, replace(SOUND, chapters=SOUND.chapters[:-1])),
    "a cue over another": (2, with_cue(2, start_ms=SOUND.cues[1].start_ms)),
    "a cue 79 ms after another": (
        2,
        with_cue(3, start_ms=Ms(SOUND.cues[2].end_ms + 79)),
    ),
    "a cue into the last second": (2, with_cue(len(SOUND.cues) - 1, duration_ms=Ms(10**6))),
    "a cue without length": (2, with_cue(2, duration_ms=Ms(0))),
    "a longer second repetition": (
        3,
        replace(
            with_phase(RETURN, end_ms=Ms(SOUND.phases[RETURN].end_ms + 5)),
        ),
    ),
    "a cue too early": (4, with_cue(MOVE, start_ms=Ms(SOUND.cues[MOVE].start_ms - 720))),
    "a cue too late": (4, with_cue(MOVE, start_ms=Ms(SOUND.cues[MOVE].start_ms + 888))),
    "a hold without its cue": (4, without(lambda cue: cue != SOUND.cues[HOLD])),
    "a repetition that lacks a phase": (
        5,
        replace(SOUND, phases=tuple(p for i, p in enumerate(SOUND.phases) if i != RETURN)),
    ),
    "a side that gets less": (
        5,
        replace(SOUND, phases=tuple(p for p in SOUND.phases if not (p.side == "left" and p.rep == 2))),
    ),
    "a long silence": (6, without(lambda cue: cue.kind is not CueKind.ENCOURAGE)),
    "a cue off the grid": (8, with_cue(1, start_ms=Ms(SOUND.cues[1].start_ms + 1))),
    "two cues with one id": (8, with_cue(1, id=SOUND.cues[2].id)),
}


def test_a_sound_timeline_breaks_nothing() -> None:
    assert check(SOUND) == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    invariant, timeline = FAULTS[fault]
    found = check(timeline)
    assert invariant in {violation.invariant for violation in found}, found
    assert all(str(violation).startswith("invariant ") for violation in found)


def test_tones_may_sound_under_words() -> None:
    bowl = SOUND.cues[0]
    assert bowl.track is Track.TONE
    assert bowl.end_ms > SOUND.cues[1].start_ms
