"""What frames a time to work for: how much of it is left, said where the movement leaves room, instead of counting."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from breathcue.compiler.coach import FRAMED, Coach
from breathcue.compiler.narration import Mark, Timed
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.time import Ms

SHORTEST_MARKED = Ms(4_000)
"""In a phase from this length on, the time that is left is said at its moment; else before the nearest phase."""

LATEST_MARKED = Ms(2_000)
"""Nor is it said at its moment when less than this is left of the phase."""

AHEAD = Ms(2_000)
"""About how long before its phase that is said which comes before the phase's cue."""

FARTHEST = Ms(3_000)
"""What cannot be said this near to its moment is left out."""

TRUE_WITHIN = 0.2
"""Nor may what is said of the time that is left be wrong by more than this part of it."""

LATEST = Ms(2_000)
"""What found no room at its phase is said at the next one only if that comes within this time."""


@dataclass(frozen=True, slots=True)
class TimeMarks:
    """What is said of the time that is left, before a phase's cue or within a phase, by the phase's index."""

    before: Mapping[int, Mark]
    within: Mapping[int, tuple[Mark, ...]]

    def on(self, index: int, phases: Sequence[Timed]) -> Timed:
        """Return a phase with what is said of the time in it, instead of what would be said of its own.

        It may take the place of the phase's cue, but not where that tells the other side from the one before.
        """
        phase, before = phases[index], self.before.get(index)
        within = self.within.get(index, ())
        phase = replace(phase, marks=within, yields=bool(phase.yields or within or index + 1 in self.before))
        if before is None:
            return phase
        alone = index > 0 and phase.body.side == phases[index - 1].body.side
        return replace(phase, before=before.utterance, before_kind=before.kind, counts_alone=alone)


def time_marks(phases: Sequence[Timed], left_over: Ms, coach: Coach) -> TimeMarks:
    """Return what is said of the time that is left while the phases are done; after them, ``left_over`` ms remain."""
    starts = [Ms(t) for t in accumulate((phase.duration for phase in phases), initial=0)]
    whole = Ms(starts[-1] + left_over)
    before: dict[int, Mark] = {}
    within: defaultdict[int, tuple[Mark, ...]] = defaultdict(tuple)
    still = any(phase.duration >= FRAMED for phase in phases)
    moving = _moving(phases)
    for mark in coach.marks(whole) if still else coach.work_marks(whole):
        at = whole - mark.remaining
        index = bisect_right(starts, at) - 1
        if index >= moving:
            break
        until, phase = starts[index + 1] - at, phases[index]
        if phase.duration >= SHORTEST_MARKED and until >= LATEST_MARKED and not _is_counted(phase):
            within[index] += (replace(mark, remaining=Ms(until)),)
            continue
        wrong, nearest = min((abs(starts[n] - AHEAD - at), n) for n in range(index, min(index + 3, moving)))
        if nearest and wrong <= min(FARTHEST, mark.remaining * TRUE_WITHIN):
            before[nearest] = mark
    return TimeMarks(before, within)


def _moving(phases: Sequence[Timed]) -> int:
    """Return the number of phases up to the last one that asks for something; after it one rests."""
    resting = takewhile(lambda phase: phase.body.kind is PhaseKind.REST, reversed(phases))
    return len(phases) - sum(1 for _ in resting)


def _is_counted(phase: Timed) -> bool:
    """Say whether a phase is counted all through, so that nothing else can be said in it."""
    return phase.counts[:1] not in ((), (None,))
