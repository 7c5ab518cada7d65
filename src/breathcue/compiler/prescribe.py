"""What an exercise step comes to: its figures and the exercise's, at one level.

A level puts the figures of the exercise's easier or harder form in the place of its own. What the step itself asks for
is kept within that: the easier form never asks for more than the step, the harder one never for less.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from breathcue.diagnostics import Place
from breathcue.language.routine import (
    BreathTone,
    Dose,
    Exercise,
    FirstSide,
    Guidance,
    Level,
    Perform,
    Range,
    RepPhase,
    Sides,
    Variant,
    Words,
)
from breathcue.timeline.model import PhaseKind, Side
from breathcue.timeline.time import Ms, scale


@dataclass(frozen=True, slots=True)
class Prescription:
    """An exercise with every figure settled.

    ``exercise`` has its phases as long as they are done at pace 1; ``sets`` holds the repetitions of each set.
    ``work`` is the time to work for, None where repetitions are what is asked for. ``transition`` is the author's
    time to come into position, and ``note`` what is said of how to do this form of it.
    """

    exercise: Exercise
    place: Place
    sets: tuple[int, ...]
    rest: Ms
    pace: float
    first_side: FirstSide
    work: Ms | None = None
    transition: Ms | None = None
    note: Words | None = None
    tone: BreathTone | None = None
    guidance: Guidance = Guidance.BALANCED

    def leads(self, number: int) -> Side | None:
        """Return the side that begins set ``number``, counted from 1; None where there are no sides."""
        if self.exercise.sides is Sides.NONE:
            return None
        if self.first_side is FirstSide.ALTERNATE:
            return Side.RIGHT if number % 2 else Side.LEFT
        return Side(self.first_side.value)

    @property
    def is_ladder(self) -> bool:
        """Say whether the sets differ in their repetitions."""
        return len(set(self.sets)) > 1

    @property
    def keeps_time(self) -> bool:
        """Say whether there is a time to work for that is kept: one repetition fits into it at least."""
        return self.work is not None and self.turn <= self.work

    @property
    def left_over(self) -> Ms:
        """What is left of the time to work for when all repetitions of a set, or of its side, are done."""
        if self.work is None:
            return Ms(0)
        return Ms(max(0, self.work - self.sets[0] * self.turn))

    @property
    def turn(self) -> int:
        """How long one repetition takes, in ms; of both sides, where they take turns."""
        return _turn(self.exercise, self.pace)


@dataclass(frozen=True, slots=True)
class Figures:
    """What an exercise step asks for at its level, before anything is chosen of its ranges.

    Where ``work`` is a time to work for, or ``ladder`` holds the repetitions of each set, ``reps`` says nothing.
    """

    sets: Range
    reps: Range
    ladder: tuple[int, ...]
    work: Range | None
    rest: Range


def settle(choice: Range, share: float = 0.0) -> int:
    """Return the figure used of a range: the low end, since a session starts slowly, or as far into it as asked."""
    return choice.low + scale(choice.high - choice.low, share)


def substitute(step: Perform, exercise: Exercise) -> Perform:
    """Return the step with another exercise in place of its own, which brings its own figures along.

    The number of sets and the rest between them stay the step's, and so do its voice's speed, its guidance, its breath
    tone, and whether it may be left out.
    """
    own = Dose(sets=step.own.sets, rest=step.own.rest)
    return replace(step, exercise=exercise, own=own, level=Level.NORMAL, transition=None, first_side=None)


def variant_of(exercise: Exercise, level: Level | None) -> Variant | None:
    """Return the form of an exercise at a level; None where it is done as it is."""
    return {Level.EASIER: exercise.easier, Level.HARDER: exercise.harder}.get(level or Level.NORMAL)


def at_level(step: Perform, exercises: Mapping[str, Exercise]) -> Perform:
    """Return the step with the exercise that is done in place of its own at the step's level, if there is one."""
    variant = variant_of(step.exercise, step.level)
    other = exercises.get(variant.exercise.text) if variant and variant.exercise else None
    return step if other is None else substitute(step, other)


def prescribe(step: Perform, pace: float, exercises: Mapping[str, Exercise]) -> Prescription:
    """Return what a step comes to at its level; ``pace`` is that of the session."""
    step = at_level(step, exercises)
    exercise, own = step.exercise, step.own
    variant = variant_of(exercise, step.level)
    form = variant.dose if variant else Dose()
    figures = figures_of(step)
    rep = _timed(exercise.rep, own, form, _least(step.level))
    exercise = replace(exercise, rep=rep)
    whole = pace * (own.pace or exercise.pace) * ((form.pace or exercise.pace) / exercise.pace)
    work = None if figures.work is None else Ms(settle(figures.work, step.shares.amount))
    reps = settle(figures.reps, step.shares.amount)
    each = reps if work is None else max(1, work // max(1, _turn(exercise, whole)))
    return Prescription(
        exercise,
        step.place,
        figures.ladder or (each,) * settle(figures.sets, step.shares.sets),
        Ms(settle(figures.rest, step.shares.rest)),
        whole,
        step.first_side or exercise.first_side,
        work,
        step.transition if step.transition is not None else exercise.transition,
        variant.say if variant else None,
        step.tone,
        step.guidance or Guidance.BALANCED,
    )


def figures_of(step: Perform) -> Figures:
    """Return what a step asks for at its level; its exercise is the one that is done."""
    exercise, own = step.exercise, step.own
    variant = variant_of(exercise, step.level)
    form = variant.dose if variant else Dose()
    least = _least(step.level)
    sets = _bounded(own.sets, form.sets, least) or exercise.sets
    rest = own.rest or form.rest or exercise.rest
    asked = own
    if own.reps is None and own.work is None:
        asked = Dose(exercise.reps, exercise.ladder, exercise.work)
        if not bounds_ladder(form, exercise):
            asked = form if form.reps or form.work else asked
            form = Dose()
    if asked.work is not None:
        return Figures(sets, exercise.reps, (), _bounded(asked.work, form.work, least), rest)
    bound = settle(form.reps) if form.reps else None
    ladder = tuple(least(rung, bound) if bound else rung for rung in asked.ladder)
    return Figures(sets, _bounded(asked.reps, form.reps, least) or exercise.reps, ladder, None, rest)


def bounds_ladder(form: Dose, exercise: Exercise) -> bool:
    """Say whether a form's repetitions hold for every set of its exercise's own ladder, of which it keeps the sets."""
    return bool(exercise.ladder and form.reps and not form.ladder and form.work is None and form.sets is None)


Least = Callable[[int, int], int]


def _least(level: Level | None) -> Least:
    """Return what keeps a figure within what the step asks for: the easier form never more, the harder never less."""
    return min if level is Level.EASIER else max


def _bounded(own: Range | None, form: Range | None, least: Least) -> Range | None:
    if own is None or form is None:
        return own or form
    return Range(least(own.low, form.low), least(own.high, form.high))


def _timed(rep: tuple[RepPhase, ...], own: Dose, form: Dose, least: Least) -> tuple[RepPhase, ...]:
    """Return the phases of a rep with the times that are asked for; a form's tempo does not undo the step's hold."""
    if own.tempo:
        return _lasting(rep, own.tempo)
    rep = _lasting(rep, form.tempo)
    return tuple(
        _held(phase, own.hold, form, least) if phase.kind is PhaseKind.HOLD else phase for phase in rep
    )


def _lasting(rep: tuple[RepPhase, ...], tempo: tuple[Ms, ...]) -> tuple[RepPhase, ...]:
    if len(tempo) != len(rep):
        return rep
    return tuple(replace(phase, duration=time) for phase, time in zip(rep, tempo, strict=True))


def _held(phase: RepPhase, own: Ms | None, form: Dose, least: Least) -> RepPhase:
    """Return a hold as long as the step asks for, within what the form does, or as the form alone has it."""
    of_form = phase.duration if form.tempo else form.hold
    if own is None or of_form is None:
        asked = own if own is not None else of_form
        return phase if asked is None else replace(phase, duration=asked)
    return replace(phase, duration=Ms(least(own, of_form)))


def _turn(exercise: Exercise, pace: float) -> int:
    """Return how long one repetition takes, in ms; of both sides, where they take turns."""
    turns = 2 if exercise.sides is Sides.ALTERNATE else 1
    return turns * sum(scale(phase.duration, pace) for phase in exercise.rep)
