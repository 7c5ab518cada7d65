"""Each invariant finds the fault that breaks it, and none is found in a sound timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from breathcue.timeline.invariants import check
from breathcue.timeline.model import Breath, Cue, CueKind, Phase, PhaseKind, Timeline, Track
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


TONED = compile_text(
    "title: Toned\nbed: rain\nbreath-tone: soft\nsteps:\n"
    "  - breathe: {inhale: 5s, hold: 4s, exhale: 5s, rounds: 5}\n"
).timeline
"""Breaths that are led by tones alone after the second, over a bed."""

TONES = [cue for cue in TONED.cues if cue.kind is CueKind.BREATH_TONE]
LED = TONES[-1]


def with_changed(own: Cue, **changes: object) -> Timeline:
    changed = tuple(replace(cue, **changes) if cue.id == own.id else cue for cue in TONED.cues)
    return replace(TONED, cues=changed)


def without_cue(own: Cue) -> Timeline:
    return replace(TONED, cues=tuple(cue for cue in TONED.cues if cue is not own))


BED = TONED.cues[0]


def held_for(seconds: int) -> Timeline:
    """An inhale of so long, with its tone from its start to its end, and no other sound in it."""
    length = Ms(1000 * seconds)
    phase = Phase(Ms(0), length, PhaseKind.INHALE, "Inhale", rep=1, reps=1, breath=Breath.INHALE)
    tail = Phase(length, Ms(length + 5_000), PhaseKind.TALK, "Closing")
    cue = replace(LED, start_ms=Ms(0), duration_ms=Ms(length - length % 24), text="inhale-soft")
    chapter = replace(TONED.chapters[0], start_ms=Ms(0), end_ms=tail.end_ms)
    return replace(TONED, duration_ms=tail.end_ms, chapters=(chapter,), phases=(phase, tail), cues=(cue,))


MOVE = first_cue(CueKind.MOVE)
HOLD = first_cue(CueKind.HOLD)
FORM = first_cue(CueKind.FORM)
COUNT = first_cue(CueKind.COUNT)
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
    "a led breath without its tone": (4, without_cue(LED)),
    "a tone that outlasts its breath": (9, with_changed(LED, duration_ms=Ms(LED.duration_ms + 24))),
    "a tone of the other breath": (9, with_changed(LED, text="inhale-soft")),
    "a tone where the breath is held": (9, with_changed(LED, start_ms=Ms(LED.start_ms - 24))),
    "a tone that ends off the grid": (9, with_changed(LED, duration_ms=Ms(LED.duration_ms - 1))),
    "a tone over another": (9, with_changed(TONES[0], id="again", start_ms=Ms(TONES[1].start_ms + 24))),
    "a long breath with nothing but its tone": (6, held_for(31)),
    "a bed that ends too early": (10, with_changed(BED, duration_ms=Ms(BED.duration_ms - 1))),
    "a bed that begins too late": (10, with_changed(BED, start_ms=Ms(24))),
    "two beds": (10, replace(TONED, cues=(replace(BED, id="another"), *TONED.cues))),
    "a bed on another track": (10, with_changed(BED, track=Track.TONE)),
    "a hold of the first repetition without its cue": (4, without(lambda cue: cue != SOUND.cues[HOLD])),
    "a word said twice in a row": (11, with_cue(HOLD, text=SOUND.cues[HOLD - 1].text)),
    "a form note said twice in a row": (
        11,
        with_cue(FORM + 1, text=SOUND.cues[FORM].text, source=SOUND.cues[FORM].source),
    ),
    "two cues with one id": (8, with_cue(1, id=SOUND.cues[2].id)),
}


def test_a_sound_timeline_breaks_nothing() -> None:
    assert check(SOUND) == ()
    assert check(TONED) == ()
    assert check(held_for(24)) == ()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    invariant, timeline = FAULTS[fault]
    found = check(timeline)
    assert invariant in {violation.invariant for violation in found}, found
    assert all(str(violation).startswith("invariant ") for violation in found)


def test_a_count_an_author_and_a_known_movement_may_be_left_as_they_are() -> None:
    assert check(with_cue(COUNT, text=SOUND.cues[COUNT - 1].text)) == (), "a count may repeat what was said"
    assert check(with_cue(FORM + 1, text=SOUND.cues[FORM].text)) == (), "so may an author on another line"
    later = [cue for cue in SOUND.cues if cue.kind is CueKind.HOLD][-1]
    assert check(without(lambda cue: cue != later)) == (), "what is known may go without words"


def test_tones_may_sound_under_words() -> None:
    bowl = SOUND.cues[0]
    assert bowl.track is Track.TONE
    assert bowl.end_ms > SOUND.cues[1].start_ms
