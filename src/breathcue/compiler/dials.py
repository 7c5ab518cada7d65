"""What may be chosen in a session: the ranges of its steps as panels of dials, how long they make it, and setting them.

A session's length is reckoned from the dials alone, so that very many settings can be compared; what its words add is
not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from breathcue.compiler.prescribe import Prescription, at_level, figures_of, prescribe
from breathcue.compiler.running_order import Given
from breathcue.language.routine import (
    Breathe,
    Chime,
    Perform,
    Range,
    Repeat,
    Rest,
    Routine,
    Section,
    Shares,
    Sides,
    Step,
    Wait,
)
from breathcue.timeline.time import scale

Path = tuple[int, ...]
"""Where a step is: its index among the steps it stands in, after that of the step around them, and so on."""

SECOND = 1_000

SET_MS = 3_000
"""About how long the words take that lead into a set."""

SWITCH_MS = 9_000
"""About how long it takes to change sides."""


class Kind(StrEnum):
    """What a range is one of."""

    REPS = "reps"
    WORK = "work"
    SETS = "sets"
    ROUNDS = "rounds"
    REST = "rest"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Dial:
    """A figure from ``low`` to ``high``, changed by ``step`` at a time."""

    low: int
    high: int
    step: int = 1

    @property
    def span(self) -> int:
        """How far it can be turned."""
        return self.high - self.low

    def at(self, share: float) -> int:
        """Return the figure that lies nearest to a share of the way from low to high."""
        if share >= 1:
            return self.high
        return min(self.high, self.low + self.step * scale(self.span, share / self.step))


@dataclass(frozen=True, slots=True)
class Setting:
    """The figures that are chosen for a panel."""

    sets: int
    amount: int
    rest: int


@dataclass(frozen=True, slots=True)
class Panel:
    """The dials of a step, or of one of its patterns of breathing.

    It is done ``times`` times: so many ``sets`` of an ``amount``, each one of which lasts ``each`` ms and never less
    than ``least`` in all, with ``around`` ms for each set, and a ``rest`` in ms between any two sets.
    """

    path: Path
    title: str
    kind: Kind
    times: int
    sets: Dial
    amount: Dial
    rest: Dial
    each: int = 0
    least: int = 0
    around: int = 0
    pattern: int = 0

    @property
    def lowest(self) -> Setting:
        """Everything at its low end."""
        return Setting(self.sets.low, self.amount.low, self.rest.low)

    def worked(self, setting: Setting) -> int:
        """Return how long a setting lasts without its rests, in ms."""
        one = max(setting.amount * self.each, self.least) + self.around
        return self.times * setting.sets * one

    def rests(self, setting: Setting) -> int:
        """Return how many rests there are in a setting."""
        return self.times * (setting.sets - 1)


_ONE = Dial(1, 1)
_PAUSED = Dial(2, 2)
_NONE = Dial(0, 0)


def panels_of(routine: Routine) -> tuple[Panel, ...]:
    """Return everything in a session that has a range, in order."""
    panels = _panels(routine, routine.steps, Given.of(routine), (), 1)
    return tuple(panel for panel in panels if _has_range(panel))


def _has_range(panel: Panel) -> bool:
    rests = panel.rest.span and panel.times * (panel.sets.high - 1)
    return bool(panel.sets.span or panel.amount.span or rests)


def _panels(
    routine: Routine, steps: tuple[Step, ...], given: Given, around: Path, times: int
) -> Iterator[Panel]:
    for index, outer in enumerate(steps):
        step, path = given.to(outer), (*around, index)
        match step:
            case Section():
                yield from _panels(routine, step.steps, given.inside(step), path, times)
            case Repeat():
                if step.rest:
                    rounds = Dial(step.times, step.times)
                    yield Panel(path, "", Kind.REST, times, rounds, _NONE, _seconds(step.rest))
                yield from _panels(routine, step.steps, given.inside(step), path, times * step.times)
            case Rest() | Wait():
                kind = Kind.REST if isinstance(step, Rest) else Kind.WAIT
                yield Panel(path, "", kind, times, _PAUSED, _NONE, _seconds(step.duration))
            case Breathe():
                yield from _breathing(routine, step, path, times)
            case Perform():
                yield _exercise(routine, at_level(step, routine.exercises), path, times)


def _breathing(routine: Routine, step: Breathe, path: Path, times: int) -> Iterator[Panel]:
    for number, each in enumerate(step.patterns):
        breath = sum(scale(phase.duration, step.pace * routine.pace) for phase in each.breath)
        rounds = Dial(each.rounds.low, each.rounds.high)
        yield Panel(path, "", Kind.ROUNDS, times, _ONE, rounds, _NONE, breath, pattern=number)


def _exercise(routine: Routine, step: Perform, path: Path, times: int) -> Panel:
    figures = figures_of(step)
    done = prescribe(step, routine.pace, routine.exercises)
    both = 2 if done.exercise.sides is Sides.EACH else 1
    around = SET_MS + (SWITCH_MS if both == 2 else 0)
    sets = Dial(figures.sets.low, figures.sets.high)
    rest = _seconds(figures.rest)
    title = done.exercise.title
    if figures.work is not None:
        work, least = _seconds(figures.work), both * done.turn
        return Panel(path, title, Kind.WORK, times, sets, work, rest, both, least, around)
    if figures.ladder:
        return _ladder(done, path, times, rest)
    reps = Dial(figures.reps.low, figures.reps.high)
    return Panel(path, title, Kind.REPS, times, sets, reps, rest, both * done.turn, 0, around)


def _ladder(done: Prescription, path: Path, times: int, rest: Dial) -> Panel:
    """Return an exercise whose repetitions are said set by set: nothing but its rests can be chosen."""
    sets = Dial(len(done.sets), len(done.sets))
    return Panel(path, done.exercise.title, Kind.REPS, times, sets, _NONE, rest)


def _seconds(choice: Range) -> Dial:
    return Dial(choice.low, choice.high, SECOND)


# -- setting the dials ---------------------------------------------------------------------------------------------


def set_dials(routine: Routine, settings: Mapping[Panel, Setting]) -> Routine:
    """Return a session with figures chosen for its panels; what is not among them stays as it is."""
    at: dict[Path, list[tuple[Panel, Setting]]] = {}
    for panel, setting in settings.items():
        at.setdefault(panel.path, []).append((panel, setting))
    return replace(routine, steps=tuple(_set(routine.steps, at, ())))


def _set(
    steps: tuple[Step, ...], at: Mapping[Path, list[tuple[Panel, Setting]]], around: Path
) -> Iterator[Step]:
    for index, outer in enumerate(steps):
        step, path = outer, (*around, index)
        for panel, setting in at.get(path, ()):
            step = _chosen(step, panel, setting)
        if isinstance(step, Section | Repeat):
            step = replace(step, steps=tuple(_set(step.steps, at, path)))
        yield step


def _chosen(step: Step, panel: Panel, setting: Setting) -> Step:
    rest = Range(setting.rest, setting.rest)
    match step:
        case Rest() | Wait():
            return replace(step, duration=rest)
        case Repeat():
            return replace(step, rest=rest)
        case Breathe():
            patterns = list(step.patterns)
            rounds = Range(setting.amount, setting.amount)
            patterns[panel.pattern] = replace(patterns[panel.pattern], rounds=rounds)
            return replace(step, patterns=tuple(patterns))
        case Perform():
            shares = Shares(
                _share(panel.sets, setting.sets),
                _share(panel.amount, setting.amount),
                _share(panel.rest, setting.rest),
            )
            return replace(step, shares=shares)
        case _:
            return step


def _share(dial: Dial, figure: int) -> float:
    return (figure - dial.low) / dial.span if dial.span else 0.0


# -- leaving out ---------------------------------------------------------------------------------------------------


def optional_steps(routine: Routine) -> tuple[tuple[Path, Step], ...]:
    """Return the steps that may be left out, in order; those inside another come after it."""
    return tuple(_optional(routine.steps, ()))


def _optional(steps: tuple[Step, ...], around: Path) -> Iterator[tuple[Path, Step]]:
    for index, step in enumerate(steps):
        path = (*around, index)
        if not isinstance(step, Chime) and step.optional:
            yield path, step
        if isinstance(step, Section | Repeat):
            yield from _optional(step.steps, path)


def without(routine: Routine, left_out: frozenset[Path]) -> Routine:
    """Return a session without some of its steps, and without sections and circuits in which nothing is left."""
    return replace(routine, steps=tuple(_kept(routine.steps, left_out, ())))


def _kept(steps: tuple[Step, ...], left_out: frozenset[Path], around: Path) -> Iterator[Step]:
    for index, step in enumerate(steps):
        path = (*around, index)
        if path in left_out:
            continue
        if isinstance(step, Section | Repeat):
            inside = tuple(_kept(step.steps, left_out, path))
            if not inside:
                continue
            step = replace(step, steps=inside)
        yield step
