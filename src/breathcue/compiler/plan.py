"""The first pass: a routine's steps become the list of what happens, one thing after another.

Here sets, sides, rounds and positions are unrolled, ranges are settled, and chapters begin. Nothing is worded yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from breathcue.diagnostics import Place
from breathcue.language.routine import (
    Breathe,
    BreathTone,
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
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of the session."""

    routine: Routine


Item = Welcome | Introduce | Reps | SetRest | Rounds | Pause | Quiet | Round | Say | CheckIn | Chime | Closing


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that happens; ``chapter`` is the title of the chapter that begins with it, if one does.

    ``speed`` is that of the voice in it, None that of the session.
    """

    item: Item
    chapter: str | None = None
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A step in running order: the chapter it begins, if it begins one, and what is named as coming after it.

    The welcome and the closing are entries too. ``upcoming`` is the title of the next exercise, empty for guided
    breathing, None where nothing comes.
    """

    step: Step | Round | Welcome | Closing
    chapter: str | None
    upcoming: str | None

    @property
    def speed(self) -> float | None:
        """How fast the voice speaks in the step; None is the session's own speed."""
        return None if isinstance(self.step, Chime | Welcome | Closing) else self.step.speed


@dataclass(frozen=True, slots=True)
class Course:
    """What the plan has to remember on its way: how far the session has come, in the body and in words.

    ``position`` is the body's, ``ordinal`` counts the exercises, ``named`` is the title announced last by a rest, and
    ``seen`` says how often each exercise was done.
    """

    pace: float
    position: str | None = None
    ordinal: int = 0
    named: str | None = None
    seen: Mapping[str, int] = field(default_factory=dict)


def plan(routine: Routine) -> tuple[Planned, ...]:
    """Return what happens in a session, in order, from welcome to closing."""
    course = Course(routine.pace)
    planned: list[Planned] = []
    for entry in entries(routine):
        items, course = plan_entry(entry, course)
        planned += items
    return tuple(planned)


def entries(routine: Routine) -> tuple[Entry, ...]:
    """Return the steps of a session in running order, from welcome to closing."""
    flat = _toned(_merge_waits(_flatten(routine.steps)), routine.breath_tone)
    steps = tuple(_upcoming(flat))
    return (Entry(Welcome(routine), None, None), *steps, Entry(Closing(routine), None, None))


def plan_entry(entry: Entry, course: Course) -> tuple[tuple[Planned, ...], Course]:
    """Return what happens in one step, and how far the session has come when it is done."""
    items, after = _items(entry, course)
    chapters = (entry.chapter, *(None for _ in items[1:]))
    return tuple(
        Planned(item, chapter, entry.speed) for item, chapter in zip(items, chapters, strict=True)
    ), after


def settle(choice: Range) -> int:
    """Return the figure used of a range: the low end, since a session starts slowly."""
    return choice.low


def _upcoming(flat: Iterable[tuple[Step | Round, str | None]]) -> Iterator[Entry]:
    """Yield the steps as entries, each knowing the next exercise or breathing after it."""
    upcoming: str | None = None
    found: list[Entry] = []
    for step, chapter in reversed(list(flat)):
        found.append(Entry(step, chapter, upcoming))
        if isinstance(step, Perform):
            upcoming = step.exercise.title
        elif isinstance(step, Breathe):
            upcoming = ""
    yield from reversed(found)


def _toned(
    flat: Iterable[tuple[Step | Round, str | None]], tone: BreathTone
) -> Iterator[tuple[Step | Round, str | None]]:
    """Give the session's breath tone to the steps that have none of their own."""
    for step, chapter in flat:
        if isinstance(step, Breathe | Perform) and step.tone is None:
            yield replace(step, tone=tone), chapter
        else:
            yield step, chapter


def _merge_waits(
    flat: Iterable[tuple[Step | Round, str | None]],
) -> Iterator[tuple[Step | Round, str | None]]:
    """Join waits that follow each other, so that their length is announced once and nothing stays unexplained."""
    held: tuple[Step | Round, str | None] | None = None
    for step, chapter in flat:
        if held and isinstance(held[0], Wait) and isinstance(step, Wait) and not chapter:
            low = settle(held[0].duration) + settle(step.duration)
            held = replace(held[0], duration=Range(low, low)), held[1]
            continue
        if held:
            yield held
        held = step, chapter
    if held:
        yield held


def _flatten(
    steps: tuple[Step, ...],
    chapter: str | None = None,
    speed: float | None = None,
    *,
    inside: bool = False,
) -> Iterator[tuple[Step | Round, str | None]]:
    """Yield the steps with sections opened and circuits unrolled, each with the chapter that begins with it.

    A section is a chapter; outside of sections (``inside``) each exercise is one. A step without a ``speed`` takes
    that of what it is in.
    """
    for outer in steps:
        step = outer if isinstance(outer, Chime) or outer.speed is not None else replace(outer, speed=speed)
        if isinstance(step, Section):
            title = f"{chapter}: {step.title}" if chapter else step.title
            yield from _flatten(step.steps, title, step.speed, inside=True)
        elif isinstance(step, Repeat) and step.times == 1:
            yield from _flatten(step.steps, chapter, step.speed, inside=inside)
        elif isinstance(step, Repeat):
            for number in range(1, step.times + 1):
                yield Round(number, step.times, step.place, step.speed), chapter
                yield from _flatten(step.steps, None, step.speed, inside=inside)
                chapter = None
        elif isinstance(step, Perform) and not inside:
            yield step, step.exercise.title
        else:
            yield step, chapter
        chapter = None


def _items(entry: Entry, course: Course) -> tuple[tuple[Item, ...], Course]:
    step = entry.step
    match step:
        case Perform():
            paced = replace(step, pace=step.pace * course.pace)
            return tuple(_perform(paced, course)), _after(paced, course)
        case Breathe():
            paced_breath = replace(step, pace=step.pace * course.pace)
            return (Rounds(paced_breath, settle(step.rounds)),), course
        case Rest():
            pause = Pause(Ms(settle(step.duration)), entry.upcoming, step.place)
            return (pause,), replace(course, named=entry.upcoming)
        case Wait():
            return (Quiet(Ms(settle(step.duration)), step.place),), course
        case Say() | CheckIn() | Chime() | Round() | Welcome() | Closing():
            return (step,), course
        case Section() | Repeat():
            raise TypeError(f"a {type(step).__name__} is opened before it is planned")


def _perform(step: Perform, course: Course) -> Iterator[Item]:
    exercise = step.exercise
    seen = course.seen.get(exercise.name, 0)
    leads = None if exercise.sides is Sides.NONE else FIRST_SIDE
    moves = exercise.position is not None and exercise.position != course.position
    yield Introduce(step, course.ordinal, seen, moves, leads, named=course.named == exercise.title)
    for number in range(1, step.sets + 1):
        if number > 1:
            yield SetRest(step, number, Ms(settle(step.rest)))
        yield from _one_set(step, number, course.ordinal, seen)


def _after(step: Perform, course: Course) -> Course:
    """Return how far the session has come when an exercise is done."""
    exercise = step.exercise
    seen = {**course.seen, exercise.name: course.seen.get(exercise.name, 0) + 1}
    position = exercise.position or course.position
    return replace(course, position=position, seen=seen, ordinal=course.ordinal + 1, named=None)


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
