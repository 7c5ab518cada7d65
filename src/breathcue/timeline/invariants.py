"""What is true of every compiled timeline; the numbers are those of docs/timeline.md.

Each rule is a function from a timeline to the violations it finds. Two invariants need more than one timeline and are
tests instead: that times are what the author wrote (3, second half), and that compiling and rendering repeat (7).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from breathcue.timeline.model import Chapter, Cue, CueKind, Phase, PhaseKind, Side, Timeline, Track
from breathcue.timeline.pairing import CUED_BY, MAX_LATE_MS, MAX_LEAD_MS
from breathcue.timeline.time import GRID_MS, Ms, clock

MIN_GAP_MS = Ms(80)
MAX_SILENCE_MS = Ms(30_000)
MIN_TAIL_MS = Ms(1_000)

_TONE_IS_ENOUGH = frozenset({PhaseKind.INHALE, PhaseKind.EXHALE})
"""The kinds of phase that need no words where a breath tone says what to do."""

STEPS_OWN = frozenset({CueKind.ANNOUNCE, CueKind.CHECK_IN})
"""The kinds of cue that are a step of their own, such as `say`: its author may repeat it."""

_IN_REPETITIONS = frozenset({CueKind.MOVE, CueKind.HOLD, CueKind.SWITCH, CueKind.ENCOURAGE})
"""The kinds of cue that never have the words of the one before, even if these stand on another line of the file."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken invariant: its number in docs/timeline.md, when, and what is wrong."""

    invariant: int
    at_ms: Ms
    message: str

    def __str__(self) -> str:
        """Return the violation on one line."""
        return f"invariant {self.invariant} at {clock(self.at_ms, millis=True)}: {self.message}"


def check(timeline: Timeline) -> tuple[Violation, ...]:
    """Return every violation of the invariants, in their order; none for a sound timeline."""
    return tuple(violation for rule in RULES for violation in rule(timeline))


def _tiling(timeline: Timeline) -> Iterator[Violation]:
    for name, spans in (("phase", timeline.phases), ("chapter", timeline.chapters)):
        yield from _tiles(name, spans, timeline.duration_ms)


def _tiles(name: str, spans: tuple[Phase, ...] | tuple[Chapter, ...], duration: Ms) -> Iterator[Violation]:
    end = Ms(0)
    for span in spans:
        if span.start_ms != end:
            yield Violation(1, span.start_ms, f"a {name} starts here, and the one before ends at {end} ms")
        if span.end_ms <= span.start_ms:
            yield Violation(1, span.start_ms, f"a {name} has no length")
        end = span.end_ms
    if end != duration:
        yield Violation(1, end, f"the last {name} ends here, and the session at {duration} ms")


def _voices_apart(timeline: Timeline) -> Iterator[Violation]:
    for earlier, later in pairwise(_voice_cues(timeline)):
        if later.start_ms < earlier.end_ms + MIN_GAP_MS:
            gap = later.start_ms - earlier.end_ms
            yield Violation(2, later.start_ms, f"{later.text!r} starts {gap} ms after {earlier.text!r} ends")
    last = max((cue.end_ms for cue in timeline.cues if cue.track is not Track.BED), default=Ms(0))
    if last > timeline.duration_ms - MIN_TAIL_MS:
        yield Violation(2, last, "the last cue ends less than a second before the session does")
    for cue in timeline.cues:
        if cue.start_ms < 0 or cue.duration_ms <= 0:
            yield Violation(2, cue.start_ms, f"{cue.text!r} starts before the session or has no length")


def _steady_phases(timeline: Timeline) -> Iterator[Violation]:
    """Check that a phase lasts equally long in every repetition of a set."""
    for reps in _sets(timeline.phases):
        first = [phase.duration_ms for phase in reps[0]]
        for rep in reps[1:]:
            if [phase.duration_ms for phase in rep] != first:
                yield Violation(3, rep[0].start_ms, "a repetition's times differ from those of the first")


def _cues_on_time(timeline: Timeline) -> Iterator[Violation]:
    cues = {kind: [c for c in _voice_cues(timeline) if c.kind is kind] for kind in set(CUED_BY.values())}
    taken = dict.fromkeys(cues, 0)
    toned = {_phase_index(timeline, cue) for cue in _breath_tones(timeline)}
    led = _led_breaths(timeline, toned)
    for index, phase in enumerate(timeline.phases):
        kind = CUED_BY.get(phase.kind)
        if kind is None:
            continue
        own = cues[kind][taken[kind]] if taken[kind] < len(cues[kind]) else None
        known = phase.rep is not None and phase.rep > 1 and index not in led
        timely = own is not None and -MAX_LEAD_MS <= own.start_ms - phase.start_ms <= MAX_LATE_MS
        if not timely and (known or (index in toned and phase.kind in _TONE_IS_ENOUGH)):
            continue
        taken[kind] += 1
        if not timely:
            when = "missing" if own is None else f"{own.start_ms - phase.start_ms} ms from its start"
            yield Violation(4, phase.start_ms, f"the cue of this {phase.kind} is {when}")
    for kind, number in taken.items():
        for cue in cues[kind][number:]:
            yield Violation(4, cue.start_ms, f"{cue.text!r} belongs to no phase")


def _led_breaths(timeline: Timeline, toned: set[int]) -> set[int]:
    """Return the indexes of the breaths in guided breathing that has tones: each of them needs a tone or a word."""
    led: set[int] = set()
    breathing = groupby(
        enumerate(timeline.phases), lambda each: each[1].rep is not None and not each[1].exercise
    )
    for guided, phases in breathing:
        indexes = {index for index, phase in phases if phase.kind in _TONE_IS_ENOUGH}
        led |= indexes if guided and indexes & toned else set()
    return led


def _whole_dose(timeline: Timeline) -> Iterator[Violation]:
    for reps in _sets(timeline.phases):
        shape = [phase.kind for phase in reps[0]]
        for rep in reps:
            if [phase.kind for phase in rep] != shape:
                yield Violation(5, rep[0].start_ms, "a repetition lacks one of its phases")
        for side in sorted({rep[0].side for rep in reps}, key=str):
            numbers = [rep[0].rep for rep in reps if rep[0].side is side]
            if numbers != list(range(1, (reps[0][0].reps or 0) + 1)):
                yield Violation(5, reps[0][0].start_ms, f"side {side}: repetitions {numbers}")
    yield from _both_sides(timeline)


def _both_sides(timeline: Timeline) -> Iterator[Violation]:
    done: dict[tuple[str, Side], int] = {}
    for phase, previous in zip(timeline.phases, (None, *timeline.phases), strict=False):
        if (
            phase.exercise
            and phase.side
            and phase.rep
            and _rep_key(phase) != (previous and _rep_key(previous))
        ):
            done[phase.exercise, phase.side] = done.get((phase.exercise, phase.side), 0) + 1
    for (exercise, side), number in done.items():
        if side is Side.LEFT and done.get((exercise, Side.RIGHT), 0) != number:
            yield Violation(5, Ms(0), f"{exercise}: {number} repetitions on the left only")
        if side is Side.RIGHT and (exercise, Side.LEFT) not in done:
            yield Violation(5, Ms(0), f"{exercise}: {number} repetitions on the right only")


def _no_long_silence(timeline: Timeline) -> Iterator[Violation]:
    end = Ms(0)
    for cue in sorted(timeline.cues, key=lambda c: c.start_ms):
        if cue.track is Track.BED:
            continue
        if cue.start_ms - end > MAX_SILENCE_MS:
            yield Violation(6, end, f"{cue.start_ms - end} ms without a word")
        # A breath tone says what to do when it begins; how long one that goes on will last has to be said.
        end = max(end, cue.start_ms if cue.kind is CueKind.BREATH_TONE else cue.end_ms)
    if timeline.duration_ms - end > MAX_SILENCE_MS:
        yield Violation(6, end, "the session ends in a long silence")


def _on_grid(timeline: Timeline) -> Iterator[Violation]:
    for cue in timeline.cues:
        if cue.start_ms % GRID_MS:
            yield Violation(8, cue.start_ms, f"{cue.text!r} is off the grid of {GRID_MS} ms")
    if len({cue.id for cue in timeline.cues}) != len(timeline.cues):
        yield Violation(8, Ms(0), "two cues share an id")


def _breath_tones_inside(timeline: Timeline) -> Iterator[Violation]:
    """Check that a breath tone sounds within one phase that breathes that way, alone, and in whole grid steps."""
    tones = _breath_tones(timeline)
    for cue in tones:
        phase = timeline.phases[_phase_index(timeline, cue)]
        if cue.start_ms < phase.start_ms or cue.end_ms > phase.end_ms:
            yield Violation(9, cue.start_ms, f"{cue.text!r} outlasts its phase")
        if phase.breath is None or cue.text.partition("-")[0] != phase.breath:
            yield Violation(9, cue.start_ms, f"{cue.text!r} sounds where the breath is {phase.breath}")
        if cue.duration_ms % GRID_MS:
            yield Violation(9, cue.start_ms, f"{cue.text!r} ends off the grid of {GRID_MS} ms")
    for earlier, later in pairwise(tones):
        if later.start_ms < earlier.end_ms:
            yield Violation(9, later.start_ms, f"{later.text!r} begins before {earlier.text!r} has ended")


def _bed_beneath_all(timeline: Timeline) -> Iterator[Violation]:
    beds = [cue for cue in timeline.cues if cue.track is Track.BED]
    if len(beds) > 1:
        yield Violation(10, beds[1].start_ms, "there is a second bed")
    for bed in beds[:1]:
        if (bed.start_ms, bed.end_ms) != (0, timeline.duration_ms):
            yield Violation(10, bed.start_ms, f"the bed {bed.text!r} does not last from the start to the end")
    for cue in timeline.cues:
        if (cue.track is Track.BED) != (cue.kind is CueKind.BED):
            yield Violation(10, cue.start_ms, f"{cue.text!r} is a {cue.kind} on the track {cue.track}")


def _nothing_twice(timeline: Timeline) -> Iterator[Violation]:
    """Check that no words are repeated in a row, but for breaths, counts, and what stands in the file twice."""
    for earlier, later in pairwise(_voice_cues(timeline)):
        if earlier.text != later.text or later.kind in {CueKind.BREATH, CueKind.COUNT} | STEPS_OWN:
            continue
        phase = timeline.phases[_phase_index(timeline, later)]
        breathing = phase.rep is not None and phase.exercise is None
        twice = earlier.source != later.source and later.kind not in _IN_REPETITIONS
        if not breathing and not twice:
            yield Violation(11, later.start_ms, f"{later.text!r} is said twice in a row")


RULES: tuple[Callable[[Timeline], Iterator[Violation]], ...] = (
    _tiling,
    _voices_apart,
    _steady_phases,
    _cues_on_time,
    _whole_dose,
    _no_long_silence,
    _on_grid,
    _breath_tones_inside,
    _bed_beneath_all,
    _nothing_twice,
)


def _voice_cues(timeline: Timeline) -> list[Cue]:
    return sorted((c for c in timeline.cues if c.track is Track.VOICE), key=lambda c: c.start_ms)


def _breath_tones(timeline: Timeline) -> list[Cue]:
    return [cue for cue in timeline.cues if cue.kind is CueKind.BREATH_TONE]


def _phase_index(timeline: Timeline, cue: Cue) -> int:
    """Return the index of the phase in which a cue starts."""
    return max(bisect_right(timeline.phases, cue.start_ms, key=lambda phase: phase.start_ms) - 1, 0)


def _rep_key(phase: Phase) -> tuple[object, ...]:
    return (phase.exercise, phase.set, phase.side, phase.rep, phase.reps)


def _sets(phases: tuple[Phase, ...]) -> Iterator[list[list[Phase]]]:
    """Yield the unbroken runs of repetitions, each as its repetitions' phases."""
    for counted, run in groupby(phases, key=lambda phase: phase.rep is not None):
        if counted:
            yield [list(rep) for _, rep in groupby(run, key=_rep_key)]
