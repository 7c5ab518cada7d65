"""What becomes of an exercise that is planned anew in its middle: what has been begun of it is brought to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import cycle, islice

from breathcue.compiler.plan import LeftOver, Opening, Planned, Reps, SetRest
from breathcue.compiler.prescribe import Prescription
from breathcue.timeline.time import Ms

Point = tuple[int, int, int]
"""Where in its step a part stands: its set, what it is of the set, and which part of that.

Parts that a step has at one pace and not at another leave the points of the others as they are. Before the first set
are the words that introduce it. Of a set, there is the rest before it (0), its repetitions (1) and what is left of its
time then (2), and the same of the other side (3, 4).
"""

RESTS, FIRST, SECOND = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Begun:
    """How far an exercise has come.

    ``number`` is the set that was begun last, counted from 1, ``half`` which of its sides (FIRST or SECOND). ``turns``
    repetitions were begun of it, all sides counted, and ``worked`` is how long those took that were done. ``left_out``
    sets of the exercise as it is planned now were done as another exercise.
    """

    number: int = 1
    half: int = FIRST
    turns: int = 0
    worked: Ms = Ms(0)
    left_out: int = 0

    def amend(self, prescription: Prescription) -> Prescription:
        """Return a prescription with as many sets as were begun at least, and without those done as another."""
        sets = prescription.sets[self.left_out :] or prescription.sets[-1:]
        return replace(prescription, sets=sets + sets[-1:] * (self.number - len(sets)))

    def continued(self, planned: Iterable[Planned]) -> Iterator[Planned]:
        """Yield what happens in an exercise, with what was begun of it brought to its end."""
        for entry, point in with_points(planned):
            item = entry.item
            here = point == (self.number, self.half)
            if not self.turns or point[0] != self.number:
                yield entry
            elif isinstance(item, Reps) and here and item.prescription.work is not None:
                yield from self._working_on(entry, item)
            elif isinstance(item, Reps) and point[1] >= self.half:
                # What one side has begun of a set, the other gets too.
                yield replace(entry, item=_of_turns(item, max(len(item.sides), self.turns)))
            elif not (isinstance(item, LeftOver) and point[1] == self.half + 1):
                yield entry

    def _working_on(self, entry: Planned, reps: Reps) -> Iterator[Planned]:
        """Yield as many repetitions as fit into the time that is left to work for, and what is left after them."""
        prescription, sides = reps.prescription, _sides_in_turn(reps)
        whole, owed = prescription.turn, -self.turns % sides
        time = (prescription.work or 0) - self.worked - owed * whole // sides
        more = max(0, time // max(1, whole))
        yield replace(entry, item=_of_turns(reps, self.turns + owed + more * sides))
        left = Ms(time - more * whole)
        if left > 0:
            yield replace(entry, item=LeftOver(prescription, left, reps.side), chapter=None)


def with_points(planned: Iterable[Planned]) -> Iterator[tuple[Planned, tuple[int, int]]]:
    """Yield what happens in a step, each with the first two figures of its :data:`Point`."""
    number = half = 0
    for entry in planned:
        match entry.item:
            case SetRest(number=n):
                number, half = n, RESTS
            case Reps(number=n, opening=opening):
                number, half = n, SECOND if opening is Opening.SWITCH else FIRST
            case LeftOver():
                half += 1
        yield entry, (number, half)


def _sides_in_turn(reps: Reps) -> int:
    return len(dict.fromkeys(reps.sides))


def _of_turns(reps: Reps, turns: int) -> Reps:
    """Return a set with another number of repetitions, all sides counted; each side gets as many."""
    sides = _sides_in_turn(reps)
    turns += -turns % sides
    return replace(reps, sides=tuple(islice(cycle(reps.sides[:sides]), turns)), reps=turns // sides)
