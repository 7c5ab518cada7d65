"""What a performance consists of: steps whose turn has come, the parts of them, and those parts at their places."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breathcue.compiler.begun import Begun, Point
from breathcue.compiler.narration import Run, Talk
from breathcue.compiler.plan import Course
from breathcue.compiler.remainder import LaidRun, tail
from breathcue.compiler.running_order import Entry
from breathcue.language.routine import Exercise, Perform
from breathcue.timeline.pairing import MAX_LEAD_MS
from breathcue.timeline.score import Waiting
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Turn:
    """A step whose turn has come: how far the session had come before it, and the steps that follow it.

    ``number`` tells turns apart: a step may have several. ``entry`` is the step as it was planned when its turn came.
    Where it was planned anew in its middle, ``begun`` is how far it had come; where another exercise took the place of
    its own then, ``instead_of`` is what was left of that.
    """

    number: int
    step: int
    course: Course
    ahead: tuple[int, ...]
    entry: Entry | None = None
    begun: Begun | None = None
    instead_of: Item | None = None

    @property
    def exercise(self) -> Exercise | None:
        """The exercise that is done, if one is."""
        step = self.entry.step if self.entry else None
        return step.exercise if isinstance(step, Perform) else None

    def does(self, exercise: Exercise | None) -> bool:
        """Say whether an exercise is the one that is done, in whichever form."""
        name, other = (e.name if e else None for e in (self.exercise, exercise))
        return name == other

    def goes_on_with(self, other: Turn) -> bool:
        """Say whether another turn is this one, with the same exercise."""
        return self.number == other.number and self.does(other.exercise)


@dataclass(frozen=True, slots=True)
class Item:
    """A part that is laid, or will be.

    ``index`` is its place among the parts of its step; None for what the coach adds, and what has lost lines. ``point``
    is where it stands in the step; None for what the coach adds. A run holds the phases of that
    part from ``skipped`` on, up to but not including ``stop``. What only answers a request is ``passing``:
    interrupted, it is not said again. ``then`` is what to wait for when it is over.
    """

    part: Talk | Run
    turn: Turn
    index: int | None = None
    point: Point | None = None
    skipped: int = 0
    stop: int | None = None
    chapter: str | None = None
    opens: bool = False
    passing: bool = False
    then: Waiting | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """An item at its place in the session."""

    item: Item
    begin: Ms
    end: Ms
    run: LaidRun | None

    @property
    def spoken_from(self) -> Ms:
        """When the first of its words is spoken: before its beginning, if it follows another without a break."""
        if self.run is None or self.run.fitted.ready is not None:
            return self.begin
        return Ms(min(self.begin, self.run.cues_from(0)))

    @property
    def settled_from(self) -> Ms:
        """When it is too late for something else in its place: whatever that says must have room ahead of it."""
        if self.run is None or self.run.fitted.ready is not None:
            return self.begin
        return Ms(min(self.begin - MAX_LEAD_MS, self.run.cues_from(0)))


def head_of(laid: Laid, phase: int, end: Ms) -> Laid:
    """Return a run as it is performed where it is left before one of its phases, which begins at ``end``."""
    item, run = laid.item, laid.run
    assert isinstance(item.part, Run)
    assert run is not None
    stop = item.skipped + phase
    head = replace(item, part=replace(item.part, phases=item.part.phases[:phase]), stop=stop)
    return Laid(head, laid.begin, end, run.head(phase))


def tail_of(laid: Laid, phase: int) -> Item:
    """Return what is left of a run from one of its phases on."""
    item = laid.item
    assert isinstance(item.part, Run)
    rest = tail(item.part, phase, None)
    return replace(item, part=rest, skipped=item.skipped + phase, opens=False, chapter=None)
