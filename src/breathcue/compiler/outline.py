"""A session as it is planned now: at a pace, and in the manner that its listener has asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from breathcue.compiler.begun import Point, with_points
from breathcue.compiler.coach import Coach
from breathcue.compiler.laid import Turn
from breathcue.compiler.narrate import narrate_one
from breathcue.compiler.narration import Run, Talk
from breathcue.compiler.outlook import is_minor, title_of
from breathcue.compiler.plan import Course, plan_entry, start
from breathcue.compiler.prescribe import Prescription, prescribe
from breathcue.compiler.running_order import Entry, entries
from breathcue.compiler.steps import every_step_changed
from breathcue.compiler.wishes import with_guidance, with_level
from breathcue.language.routine import Breathe, Exercise, Guidance, Level, Perform, Routine, Step
from breathcue.timeline.score import AS_WRITTEN, Manner

_Asked = TypeVar("_Asked", Level, Guidance)

_RUNS = 100
"""Repetitions stand behind all words of what they belong to, however many those are."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a step, and where in it that stands."""

    part: Talk | Run
    point: Point


@dataclass(frozen=True)
class Outline:
    """The steps of a session at a pace and in a manner; ``entries`` are those of the routine in that manner."""

    routine: Routine
    coach: Coach
    pace: float
    manner: Manner
    entries: tuple[Entry, ...]

    def at_pace(self, pace: float) -> Outline:
        """Return the same session at another pace."""
        return replace(self, pace=pace)

    def in_manner(self, manner: Manner) -> Outline:
        """Return the same session in another manner."""
        return replace(self, manner=manner, entries=entries(_in_manner(self.routine, manner)))

    def parts(self, turn: Turn) -> tuple[tuple[Part, ...], Course]:
        """Return the parts of a step, and how far the session has come when it is done."""
        begun = turn.begun
        course = replace(turn.course, pace=self.pace)
        planned, after = plan_entry(self.entries[turn.step], course, begun.amend if begun else None)
        parts = []
        for entry, point in with_points(begun.continued(planned) if begun else planned):
            for nth, narrated in enumerate(narrate_one(entry, self.coach)):
                runs = _RUNS if isinstance(narrated.part, Run) else 0
                parts.append(Part(narrated.part, (*point, nth + runs)))
        return tuple(parts), after

    def start(self) -> Course:
        """Return how far the session has come before it begins."""
        return replace(start(self.routine), pace=self.pace)

    def runs(self) -> list[Run]:
        """Return all runs of the session."""
        course, runs = self.start(), list[Run]()
        for step in range(len(self.entries)):
            parts, course = self.parts(Turn(0, step, course, ()))
            runs += [part.part for part in parts if isinstance(part.part, Run)]
        return runs

    def exercise(self, step: int) -> Exercise | None:
        """Return the exercise that is done in a step, if one is."""
        performed = self.entries[step].step
        return performed.exercise if isinstance(performed, Perform) else None

    def prescription(self, step: int) -> Prescription | None:
        """Return the figures of the exercise that is done in a step, if one is, at its own pace."""
        performed = self.entries[step].step
        return prescribe(performed, 1.0, self.routine.exercises) if isinstance(performed, Perform) else None

    def level(self, step: int) -> Level | None:
        """Return the level of a step; None where it has none."""
        written = self.entries[step].written
        return (written.level or Level.NORMAL) if written else None

    def guidance(self, step: int) -> Guidance | None:
        """Return how much is said in a step; None where it always says the same."""
        performed = self.entries[step].step
        if not isinstance(performed, Perform | Breathe):
            return None
        return performed.guidance or Guidance.BALANCED

    def title(self, step: int) -> str:
        """Return what a screen calls a step."""
        return title_of(self.entries[step], self.coach.phrases)

    def is_minor(self, step: int) -> bool:
        """Say whether a step is nothing to look forward to."""
        return is_minor(self.entries[step])

    def chapter(self, step: int) -> str | None:
        """Return the title of the chapter that a step is in."""
        titles = (entry.chapter for entry in reversed(self.entries[: step + 1]))
        return next((title for title in titles if title is not None), None)

    @cached_property
    def changed(self) -> tuple[Manner, ...]:
        """What the manner changes of each step: level and guidance where they are not the session's own."""
        own = self.in_manner(AS_WRITTEN)
        return tuple(
            Manner(
                _if_other(self.level(step), own.level(step)),
                _if_other(self.guidance(step), own.guidance(step)),
            )
            for step in range(len(self.entries))
        )


def outline_of(routine: Routine, coach: Coach, manner: Manner = AS_WRITTEN) -> Outline:
    """Return a session at its own pace."""
    return Outline(routine, coach, routine.pace, manner, entries(_in_manner(routine, manner)))


def _if_other(value: _Asked | None, own: _Asked | None) -> _Asked | None:
    return value if value != own else None


def _in_manner(routine: Routine, manner: Manner) -> Routine:
    if manner.level is not None:
        routine = with_level(routine, manner.level)
    if manner.guidance is not None:
        routine = with_guidance(routine, manner.guidance)
    if manner.eased:
        routine = replace(routine, steps=every_step_changed(routine.steps, _easing(frozenset(manner.eased))))
    return routine


def _easing(eased: frozenset[str]) -> Callable[[Step], Step]:
    def change(step: Step) -> Step:
        return (
            replace(step, level=Level.EASIER)
            if isinstance(step, Perform) and _is_eased(step, eased)
            else step
        )

    return change


def _is_eased(step: Perform, eased: frozenset[str]) -> bool:
    """Say whether an exercise has hurt, or another that is its harder form."""
    return bool(forms_of(step.exercise) & eased)


def forms_of(exercise: Exercise) -> frozenset[str]:
    """Return the names of an exercise and of the one that is its harder form, if one is."""
    harder = exercise.harder.exercise if exercise.harder else None
    return frozenset({exercise.name, *([harder.text] if harder else [])})
