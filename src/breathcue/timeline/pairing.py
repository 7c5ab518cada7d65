"""Which phase a cue belongs to: the one it speaks of, which is not always the one in which it is heard."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from breathcue.timeline.model import Cue, CueKind, Phase, PhaseKind, Timeline
from breathcue.timeline.time import Ms

CUED_BY = {
    PhaseKind.INHALE: CueKind.BREATH,
    PhaseKind.EXHALE: CueKind.BREATH,
    PhaseKind.HOLD: CueKind.HOLD,
    PhaseKind.MOVE: CueKind.MOVE,
    PhaseKind.RETURN: CueKind.MOVE,
}
"""The kind of the cue that belongs to each kind of phase which must have one."""

MAX_LEAD_MS = Ms(1_500)
"""How long before its phase a cue may start (invariant 4)."""

MAX_LATE_MS = Ms(50)
"""How far into its phase a cue may start (invariant 4)."""


def pair(timeline: Timeline) -> Iterator[tuple[Cue, Phase]]:
    """Yield every cue with its phase, in the order of the cues.

    The cue of a phase leads it; the count of a repetition is said before the repetition's first cue, and belongs to
    it. Everything else belongs to the phase in which it starts.
    """
    pairs: list[tuple[Cue, Phase]] = []
    starts = [phase.start_ms for phase in timeline.phases]
    coming: Phase | None = None
    for cue in reversed(timeline.cues):
        index = bisect_right(starts, cue.start_ms) - 1
        phase = timeline.phases[index]
        if cue.kind in CUED_BY.values() or (cue.kind is CueKind.REST and phase.rep is not None):
            phase = coming = _led_by(cue, index, timeline.phases)
        elif cue.kind is CueKind.COUNT and phase.kind is not PhaseKind.HOLD and coming is not None:
            phase = coming
        pairs.append((cue, phase))
    yield from reversed(pairs)


def _led_by(cue: Cue, index: int, phases: tuple[Phase, ...]) -> Phase:
    """Return the phase that a cue leads: the one in which it starts if it only just began, else the next."""
    for phase in phases[index : index + 2]:
        wanted = CUED_BY.get(phase.kind, CueKind.REST)
        if wanted is cue.kind and phase.rep is not None and cue.start_ms - phase.start_ms <= MAX_LATE_MS:
            return phase
    return phases[index]
