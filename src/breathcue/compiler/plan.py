"""The first pass: a routine's steps become the list of what happens, one thing after another.

Here sets, sides, rounds and positions are unrolled, ranges are settled, and chapters begin. Nothing is worded yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from breathcue.diagnostics import Place
from breathcue.language.routine import (
    Breathe,
    CheckIn,
    Chime,
    Exercise,
    Perform,
    Range,
    Repeat,
    Rest,
    Routine,
    Say,
    Section,
    Sides,
    Step,
    Wait,
)
from breathcue.timeline.model import Side
from breathcue.timeline.time import Ms

FIRST_SIDE = Side.RIGHT
"""The side that begins, unless something else is asked for (the source article's bird dog starts with it)."""

FULL_REPS = 2
"""How many repetitions are spoken in full the first time that an exercise is done; once after that."""


class Opening(StrEnum):
    """What a set of repetitions comes after, which decides how it is led in."""

    INTRODUCTION = "introduction"
    REST = "rest"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The beginning of the session."""

    routine: Routine


@dataclass(frozen=True, slots=True)
class Introduce:
    """Name an exercise, come into position, set up.

    ``ordinal`` counts the exercises of the session from 0, ``seen`` how often this one was done before.
    """

    perform: Perform
    ordinal: int
    seen: int
    moves: bool
    side: Side | None
    named: bool


@dataclass(frozen=True, slots=True)
class Reps:
    """Repetitions without a break: one set, or one side of one. ``sides`` lists the side of each repetition."""

    perform: Perform
    number: int
    sides: tuple[Side | None, ...]
    reps: int
    full: int
    opening: Opening
    ordinal: int

    @property
    def side(self) -> Side | None:
        """The side that begins."""
        return self.sides[0]


@dataclass(frozen=True, slots=True)
class SetRest:
    """The rest before set ``number``."""

    perform: Perform
    number: int
    duration: Ms


@dataclass(frozen=True, slots=True)
class Rounds:
    """Guided breathing."""

    breathe: Breathe
    rounds: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest step; ``upcoming`` is what comes next, or None at the end."""

    duration: Ms
    upcoming: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Quiet:
    """Waiting time: one `wait` step, or several in a row."""

    duration: Ms
    place: Place


@dataclass(frozen=True, slots=True)
class Round:
    """The start of a round of a circuit."""

    number: int
    total: int
    place: Place


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of the session."""

    routine: Routine


Item = Welcome | Introduce | Reps | SetRest | Rounds | Pause | Quiet | Round | Say | CheckIn | Chime | Closing


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that happens; ``chapter`` is the title of the chapter that begins with it, if one does."""

    item: Item
    chapter: str | None = None


@dataclass(slots=True)
class _State:
    """What the plan has to remember on its way through the steps."""

    pace: float
    position: str | None = None
    ordinal: int = 0
    named: str | None = None
    seen: dict[str, int] = field(default_factory=dict)


def plan(routine: Routine) -> tuple[Planned, ...]:
    """Return what happens in a session, in order, from welcome to closing."""
    steps = list(_upcoming(routine.steps))
    items = [Planned(Welcome(routine))]
    items += _planned_steps(steps, _State(routine.pace))
    items.append(Planned(Closing(routine)))
    return tuple(_merge_quiet(items))


def settle(choice: Range) -> int:
    """Return the figure used of a range: the low end, since a session starts slowly."""
    return choice.low


@dataclass(frozen=True, slots=True)
class _Next:
    """A step in running order, the chapter it begins, and what comes after it."""

    step: Step | Round
    chapter: str | None
    upcoming: str | None


def _upcoming(steps: tuple[Step, ...]) -> Iterator[_Next]:
    """Yield the steps in running order, each knowing the next exercise or breathing after it."""
    flat = list(_flatten(steps))
    upcoming: str | None = None
    found: list[_Next] = []
    for step, chapter in reversed(flat):
        found.append(_Next(step, chapter, upcoming))
        if isinstance(step, Perform):
            upcoming = step.exercise.title
        elif isinstance(step, Breathe):
            upcoming = ""
    yield from reversed(found)


def _flatten(
    steps: tuple[Step, ...], chapter: str | None = None, *, inside: bool = False
) -> Iterator[tuple[Step | Round, str | None]]:
    """Yield the steps with sections opened and circuits unrolled, each with the chapter that begins with it.

    A section is a chapter; outside of sections (``inside``) each exercise is one.
    """
    for step in steps:
        if isinstance(step, Section):
            title = f"{chapter}: {step.title}" if chapter else step.title
            yield from _flatten(step.steps, title, inside=True)
        elif isinstance(step, Repeat) and step.times == 1:
            yield from _flatten(step.steps, chapter, inside=inside)
        elif isinstance(step, Repeat):
            for number in range(1, step.times + 1):
                yield Round(number, step.times, step.place), chapter
                yield from _flatten(step.steps, inside=inside)
                chapter = None
        elif isinstance(step, Perform) and not inside:
            yield step, step.exercise.title
        else:
            yield step, chapter
        chapter = None


def _planned_steps(steps: list[_Next], state: _State) -> Iterator[Planned]:
    for entry in steps:
        chapter = entry.chapter
        for item in _items(entry, state):
            yield Planned(item, chapter)
            chapter = None


def _items(entry: _Next, state: _State) -> Iterator[Item]:
    step = entry.step
    if isinstance(step, Perform):
        yield from _perform(replace(step, pace=step.pace * state.pace), state)
    elif isinstance(step, Breathe):
        yield Rounds(replace(step, pace=step.pace * state.pace), settle(step.rounds))
    elif isinstance(step, Rest):
        state.named = entry.upcoming
        yield Pause(Ms(settle(step.duration)), entry.upcoming, step.place)
    elif isinstance(step, Wait):
        yield Quiet(Ms(settle(step.duration)), step.place)
    elif isinstance(step, (Say, CheckIn, Chime, Round)):
        yield step


def _perform(step: Perform, state: _State) -> Iterator[Item]:
    exercise = step.exercise
    seen = state.seen.get(exercise.name, 0)
    leads = None if exercise.sides is Sides.NONE else FIRST_SIDE
    moves = exercise.position is not None and exercise.position != state.position
    yield Introduce(step, state.ordinal, seen, moves, leads, named=state.named == exercise.title)
    for number in range(1, step.sets + 1):
        if number > 1:
            yield SetRest(step, number, Ms(settle(step.rest)))
        yield from _one_set(step, number, state.ordinal, seen)
    state.position = exercise.position or state.position
    state.seen[exercise.name] = seen + 1
    state.ordinal += 1
    state.named = None


def _one_set(step: Perform, number: int, ordinal: int, seen: int) -> Iterator[Item]:
    reps = settle(step.reps)
    full = (1 if seen else FULL_REPS) if number == 1 else 0
    opening = Opening.INTRODUCTION if number == 1 else Opening.REST
    whole = Reps(step, number, _sides(step.exercise, reps), reps, full, opening, ordinal)
    if step.exercise.sides is not Sides.EACH:
        yield whole
        return
    yield replace(whole, sides=(FIRST_SIDE,) * reps)
    yield replace(whole, sides=(FIRST_SIDE.other,) * reps, full=min(full, 1), opening=Opening.SWITCH)


def _sides(exercise: Exercise, reps: int) -> tuple[Side | None, ...]:
    """Return the side of each repetition of a set, in the order in which they are done."""
    if exercise.sides is Sides.ALTERNATE:
        return (FIRST_SIDE, FIRST_SIDE.other) * reps
    return (None,) * reps


def _merge_quiet(items: list[Planned]) -> Iterator[Planned]:
    """Join waits that follow each other, so that their length is announced once and nothing stays unexplained."""
    held: Planned | None = None
    for planned in items:
        if held and isinstance(held.item, Quiet) and isinstance(planned.item, Quiet) and not planned.chapter:
            total = Ms(held.item.duration + planned.item.duration)
            held = replace(held, item=replace(held.item, duration=total))
            continue
        if held:
            yield held
        held = planned
    if held:
        yield held
