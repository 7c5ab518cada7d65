"""The first pass: a routine's steps become the list of what happens, one thing after another.

Here sets, sides, rounds and positions are unrolled, and ranges are settled. Nothing is worded yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from breathcue.compiler.positions import exact_position, is_in
from breathcue.compiler.prescribe import Prescription, prescribe, settle
from breathcue.compiler.running_order import Closing, Entry, Round, Welcome, entries
from breathcue.compiler.whereabouts import Fetch, Whereabouts, begin_with
from breathcue.diagnostics import Place
from breathcue.language.routine import (
    Breathe,
    Breaths,
    CheckIn,
    Chime,
    Exercise,
    Guidance,
    Perform,
    Repeat,
    Rest,
    Routine,
    Say,
    Section,
    Sides,
    Wait,
)
from breathcue.timeline.model import PhaseKind, Side
from breathcue.timeline.time import Ms

FULL_REPS = 2
"""How many repetitions are spoken in full the first time that an exercise is done; once after that."""


class Opening(StrEnum):
    """What a set of repetitions comes after, which decides how it is led in."""

    INTRODUCTION = "introduction"
    REST = "rest"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True)
class Introduce:
    """Name an exercise, come into position, set up.

    ``ordinal`` counts the exercises of the session from 0, ``seen`` how often this one was done before. Where the
    body ``moves``, it does so from ``came_from``, None where that is not known. ``fetch`` is what is needed first.
    """

    prescription: Prescription
    ordinal: int
    seen: int
    moves: bool
    side: Side | None
    named: bool
    came_from: str | None = None
    fetch: Fetch | None = None


@dataclass(frozen=True, slots=True)
class Reps:
    """Repetitions without a break: one set, or one side of one. ``sides`` lists the side of each repetition.

    The first ``full`` are spoken in full; ``seen`` says how often the exercise was done before.
    """

    prescription: Prescription
    number: int
    sides: tuple[Side | None, ...]
    reps: int
    full: int
    opening: Opening
    ordinal: int
    seen: int = 0

    @property
    def side(self) -> Side | None:
        """The side that begins."""
        return self.sides[0]


@dataclass(frozen=True, slots=True)
class SetRest:
    """The rest before set ``number``."""

    prescription: Prescription
    number: int
    duration: Ms


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What is left of the time to work for, when no further repetition fits into it; ``rests``: a rest comes next."""

    prescription: Prescription
    duration: Ms
    side: Side | None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Rounds:
    """Guided breathing in one pattern; ``number`` counts the patterns of the step from 1, ``total`` all its breaths."""

    breathe: Breathe
    breaths: Breaths
    rounds: int
    number: int
    total: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A rest step; ``upcoming`` is what comes next, or None at the end; ``before`` is the round that it leads to."""

    duration: Ms
    upcoming: str | None
    place: Place
    before: Round | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Waiting time: one `wait` step, or several in a row."""

    duration: Ms
    place: Place


Item = (
    Welcome
    | Introduce
    | Reps
    | SetRest
    | LeftOver
    | Rounds
    | Pause
    | Quiet
    | Round
    | Say
    | CheckIn
    | Chime
    | Closing
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that happens; ``chapter`` is the title of the chapter that begins with it, if one does.

    ``speed`` is that of the voice in it, None that of the session.
    """

    item: Item
    chapter: str | None = None
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What the plan has to remember on its way: how far the session has come, in the body and in words.

    ``whereabouts`` are the body's, ``ordinal`` counts the exercises, ``named`` is the title announced last by a rest,
    and ``seen`` says how often each exercise was done; ``wordless`` says that the author has said nothing since the
    last one. ``exercises`` are those that may be done in place of others, by name.
    """

    pace: float
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
    whereabouts: Whereabouts = field(default_factory=Whereabouts)
    ordinal: int = 0
    named: str | None = None
    seen: Mapping[str, int] = field(default_factory=dict)
    wordless: bool = False

    def introduced(self, exercise: Exercise, side: Side | None) -> Course:
        """Return how far the session has come with the body in place for an exercise that works ``side``."""
        return replace(
            self,
            whereabouts=self.whereabouts.settled(exercise, side),
            ordinal=self.ordinal + 1,
            wordless=True,
        )


def start(routine: Routine) -> Course:
    """Return how far a session has come before it begins."""
    return Course(routine.pace, routine.exercises, whereabouts=begin_with(routine.needs))


def plan(routine: Routine) -> tuple[Planned, ...]:
    """Return what happens in a session, in order, from welcome to closing."""
    course = start(routine)
    planned: list[Planned] = []
    for entry in entries(routine):
        items, course = plan_entry(entry, course)
        planned += items
    return tuple(planned)


def plan_entry(
    entry: Entry, course: Course, amend: Callable[[Prescription], Prescription] | None = None
) -> tuple[tuple[Planned, ...], Course]:
    """Return what happens in one step, and how far the session has come when it is done.

    ``amend`` is what becomes of the prescription of an exercise that is planned anew in its middle.
    """
    items, after = _items(entry, course, amend)
    chapters = (entry.chapter, *(None for _ in items[1:]))
    return tuple(
        Planned(item, chapter, entry.speed) for item, chapter in zip(items, chapters, strict=True)
    ), after


def _items(
    entry: Entry, course: Course, amend: Callable[[Prescription], Prescription] | None
) -> tuple[tuple[Item, ...], Course]:
    step = entry.step
    match step:
        case Perform():
            prescription = prescribe(step, course.pace, course.exercises)
            prescription = amend(prescription) if amend else prescription
            return tuple(_perform(prescription, course, rests=entry.rests)), _after(prescription, course)
        case Breathe():
            return tuple(_breathe(replace(step, pace=step.pace * course.pace))), course
        case Rest():
            pause = Pause(Ms(settle(step.duration)), entry.upcoming, step.place, entry.round)
            return (pause,), replace(course, named=None if entry.round else entry.upcoming)
        case Wait():
            return (Quiet(Ms(settle(step.duration)), step.place),), course
        case Say():
            return (step,), replace(course, wordless=False)
        case Closing():
            return (replace(step, position=course.whereabouts.position if course.wordless else None),), course
        case CheckIn() | Chime() | Round() | Welcome():
            return (step,), course
        case Section() | Repeat():
            raise TypeError(f"a {type(step).__name__} is opened before it is planned")


def _breathe(breathe: Breathe) -> Iterator[Item]:
    """Yield the patterns of guided breathing; what goes on in the same pattern is no change."""
    patterns: list[tuple[Breaths, int]] = []
    for each in breathe.patterns:
        rounds = settle(each.rounds)
        if patterns and _lengths(patterns[-1][0]) == _lengths(each):
            patterns[-1] = patterns[-1][0], patterns[-1][1] + rounds
        else:
            patterns.append((each, rounds))
    total = sum(rounds for _, rounds in patterns)
    for number, (each, rounds) in enumerate(patterns, 1):
        yield Rounds(breathe, each, rounds, number, total, is_last=number == len(patterns))


def _lengths(breaths: Breaths) -> list[tuple[PhaseKind, Ms]]:
    return [(phase.kind, phase.duration) for phase in breaths.breath]


def _perform(prescription: Prescription, course: Course, *, rests: bool) -> Iterator[Item]:
    exercise, side = prescription.exercise, prescription.leads(1)
    seen = course.seen.get(exercise.name, 0)
    here, position = course.whereabouts.fetched(exercise).position, exact_position(exercise, side)
    moves = position is not None and not is_in(here, position)
    named = course.named == exercise.title
    fetch = course.whereabouts.fetch(exercise)
    yield Introduce(prescription, course.ordinal, seen, moves, side, named, here, fetch)
    for number in range(1, len(prescription.sets) + 1):
        if number > 1:
            yield SetRest(prescription, number, prescription.rest)
        rested = rests if number == len(prescription.sets) else prescription.rest > 0
        yield from _one_set(prescription, number, course.ordinal, seen, rested=rested)


def _after(prescription: Prescription, course: Course) -> Course:
    """Return how far the session has come when an exercise is done."""
    exercise, side = prescription.exercise, prescription.leads(len(prescription.sets))
    if exercise.sides is Sides.EACH and side is not None:
        side = side.other
    seen = {**course.seen, exercise.name: course.seen.get(exercise.name, 0) + 1}
    return replace(course.introduced(exercise, side), seen=seen, named=None)


def _one_set(
    prescription: Prescription, number: int, ordinal: int, seen: int, *, rested: bool
) -> Iterator[Item]:
    """Yield one set, and what is left of its time; where it is ``rested``, a rest comes after it."""
    reps, first = prescription.sets[number - 1], prescription.leads(number)
    full = _full(prescription, seen=seen > 0, number=number, reps=reps)
    opening = Opening.INTRODUCTION if number == 1 else Opening.REST
    sides = _sides(prescription.exercise, first, reps)
    whole = Reps(prescription, number, sides, reps, full, opening, ordinal, seen)
    if prescription.exercise.sides is not Sides.EACH or first is None:
        yield whole
        yield from _left_over(prescription, first, rests=rested)
        return
    other = first.other
    yield replace(whole, sides=(first,) * reps)
    yield from _left_over(prescription, first, rests=False)
    less = full if prescription.guidance is Guidance.FULL else min(full, 1)
    yield replace(whole, sides=(other,) * reps, full=less, opening=Opening.SWITCH)
    yield from _left_over(prescription, other, rests=rested)


def _full(prescription: Prescription, *, seen: bool, number: int, reps: int) -> int:
    """Return how many repetitions of a set are spoken in full."""
    if prescription.guidance is Guidance.FULL:
        return reps
    if number > 1 or prescription.guidance is Guidance.MINIMAL:
        return 0
    return 1 if seen else FULL_REPS


def _left_over(prescription: Prescription, side: Side | None, *, rests: bool) -> Iterator[LeftOver]:
    if prescription.left_over:
        yield LeftOver(prescription, prescription.left_over, side, rests)


def _sides(exercise: Exercise, first: Side | None, reps: int) -> tuple[Side | None, ...]:
    """Return the side of each repetition of a set, in the order in which they are done."""
    if exercise.sides is Sides.ALTERNATE and first is not None:
        return (first, first.other) * reps
    return (None,) * reps
