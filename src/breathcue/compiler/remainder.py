"""What is left of a part of the session when it is left off in the middle, and where it may be left."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from breathcue.compiler.coach import READY_PAUSE
from breathcue.compiler.fit import FittedRun
from breathcue.compiler.narration import Body, Run, Talk, Timed
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.pairing import MAX_LEAD_MS
from breathcue.timeline.time import Ms

SHORTEST_REST = Ms(1_000)
"""What is left of a rest is not worth going on with below this."""


def rep_starts(phases: Sequence[Timed]) -> list[int]:
    """Return the indexes of the phases with which repetitions begin."""
    keys = [(phase.body.set, phase.body.rep, phase.body.side) for phase in phases]
    return [i for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]


def tail(run: Run, start: int, ready: Talk | None, stop: int | None = None) -> Run:
    """Return the phases of a run from ``start`` up to ``stop``, led in by ``ready``; nothing is previewed again."""
    phases = tuple(replace(phase, preview=False) for phase in run.phases[start:stop])
    return replace(run, ready=ready, phases=phases)


def moment_before(run: Run) -> Talk:
    """Return a moment in which nothing is said, before a run that would otherwise follow without a break."""
    body = run.phases[0].body
    return Talk(Body(PhaseKind.TALK, body.label, body.exercise, side=body.side), at_least=READY_PAUSE)


def rest_of_talk(talk: Talk, said: int, left: Ms) -> Talk | None:
    """Return what is left of a talk: the lines after the first ``said``, in the ``left`` ms if its length is given.

    None where nothing is left: of a talk without a length of its own, the pause after its last line is not.
    """
    lines = talk.lines[said:]
    if not talk.exact:
        return replace(talk, lines=lines, tone=None, at_least=Ms(0)) if lines else None
    if left < SHORTEST_REST:
        return None
    marks = tuple(mark for mark in talk.marks if mark.remaining < left)
    return replace(talk, lines=lines, at_least=left, marks=marks, tone=None)


@dataclass(frozen=True, slots=True)
class LaidRun:
    """A run at its place: ``first`` is when its first phase begins, in ms of the session."""

    fitted: FittedRun
    first: Ms

    @property
    def starts(self) -> list[Ms]:
        """When each of its phases begins, and the last one ends."""
        return [Ms(t) for t in accumulate(self.fitted.durations, initial=int(self.first))]

    def head(self, stop: int) -> LaidRun:
        """Return the run up to but not including a phase."""
        run = self.fitted
        cues = tuple(cue for cue in run.cues if cue.phase < stop)
        return replace(
            self, fitted=replace(run, phases=run.phases[:stop], durations=run.durations[:stop], cues=cues)
        )

    def cues_from(self, phase: int) -> Ms:
        """Return when the first cue of a phase or a later one starts; the phase's own start if none does."""
        begin = self.first - self.fitted.offset
        starts = [begin + cue.start for cue in self.fitted.cues if cue.phase >= phase]
        return Ms(min((*starts, self.starts[phase])))

    def rep_at(self, at: Ms) -> int:
        """Return the phase with which the repetition begins that is under way at ``at``."""
        phase = bisect_right(self.starts, at) - 1
        return max(start for start in rep_starts(self.fitted.phases) if start <= max(phase, 0))

    def next_rep(self, at: Ms) -> int | None:
        """Return the phase with which the first repetition begins that is not spoken of before ``at``, if any.

        There must be time for other words than those that it has now.
        """
        starts = rep_starts(self.fitted.phases)
        soon = at + MAX_LEAD_MS
        return next((s for s in starts if self.cues_from(s) >= at and self.starts[s] >= soon), None)
