"""How much of a session is done: a routine with more or fewer repetitions and sets, longer holds, shorter rests.

A program asks for it, week by week. It holds for every figure that the session says, those of easier and harder forms
and of the exercises done instead included, so that levels choose among what is left of them. Nothing leaves the bounds
of the language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import overload

from breathcue.compiler.prescribe import bounds_ladder, prescribe, settle
from breathcue.compiler.running_order import entries
from breathcue.compiler.steps import every_step_changed
from breathcue.language import limits
from breathcue.language.routine import (
    Dose,
    Exercise,
    Perform,
    Range,
    Repeat,
    RepPhase,
    Rest,
    Routine,
    Sides,
    Step,
    Variant,
    Wait,
)
from breathcue.language.size import Size, of_phase, of_sets
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.time import Ms, percent_of

_LEAST_WORK_MS = 1000


@dataclass(frozen=True, slots=True)
class Portion:
    """What is asked of every exercise of a session; None leaves it as it is.

    ``reps`` is a number of repetitions, and leaves ladders and timed work alone; ``percent`` is a share of them, of the
    rungs of ladders, and of the time to work for. ``hold`` concerns exercises that have one, ``sets`` all but ladders,
    and ``rest`` is that between sets and between rounds. Times are in ms.
    """

    reps: int | None = None
    percent: int | None = None
    hold: Ms | None = None
    sets: int | None = None
    rest: Ms | None = None


WHOLE = Portion()
"""All of a session, as it is written."""


def portioned(routine: Routine, portion: Portion) -> Routine:
    """Return a routine with the portion of its exercises that is asked for."""
    if portion == WHOLE:
        return routine

    def changed(step: Step) -> Step:
        match step:
            case Repeat():
                return replace(step, rest=_fixed(step.rest, portion.rest))
            case Perform(exercise=exercise, own=own):
                return replace(
                    step, exercise=_exercise(exercise, portion), own=_dose(own, portion, exercise.rep)
                )
        return step

    exercises = {name: _exercise(each, portion) for name, each in routine.exercises.items()}
    return replace(routine, steps=every_step_changed(routine.steps, changed), exercises=exercises)


def least_size(routine: Routine) -> Size:
    """Return how large a session is at the very least, before any of it is narrated."""
    sizes = (_least(entry.step, routine) for entry in entries(routine))
    return reduce(Size.plus, sizes, Size())


def _least(step: object, routine: Routine) -> Size:
    match step:
        case Perform():
            done = prescribe(step, routine.pace, routine.exercises)
            one = [of_phase(each.kind, each.duration, done.pace, each.count) for each in done.exercise.rep]
            sides = 1 if done.exercise.sides is Sides.NONE else 2
            left_over = Size(ms=done.left_over * len(done.sets))
            return of_sets(reduce(Size.plus, one, Size()), done.sets, sides, done.rest).plus(left_over)
        case Rest() | Wait():
            return Size(ms=settle(step.duration))
    return Size()


def _exercise(exercise: Exercise, portion: Portion) -> Exercise:
    laddered = bool(exercise.ladder)
    return replace(
        exercise,
        rep=tuple(_held(phase, portion.hold) for phase in exercise.rep),
        reps=exercise.reps if laddered and portion.reps else _reps(exercise.reps, portion),
        ladder=_ladder(exercise.ladder, portion),
        work=_work(exercise.work, portion),
        sets=exercise.sets if laddered else _fixed(exercise.sets, portion.sets),
        rest=_fixed(exercise.rest, portion.rest),
        easier=_variant(exercise.easier, portion, exercise),
        harder=_variant(exercise.harder, portion, exercise),
    )


def _variant(variant: Variant | None, portion: Portion, exercise: Exercise) -> Variant | None:
    """Return a form changed; where its repetitions are bounds of a ladder, a number leaves them alone like that."""
    if variant is None:
        return None
    dose = _dose(variant.dose, portion, exercise.rep)
    if portion.reps and bounds_ladder(variant.dose, exercise):
        dose = replace(dose, reps=variant.dose.reps)
    return replace(variant, dose=dose)


def _dose(dose: Dose, portion: Portion, rep: tuple[RepPhase, ...]) -> Dose:
    """Return the figures that are written in a dose, changed; what it leaves open stays open."""
    laddered = bool(dose.ladder)
    return replace(
        dose,
        reps=dose.reps if laddered and portion.reps else _reps(dose.reps, portion),
        ladder=_ladder(dose.ladder, portion),
        work=_work(dose.work, portion),
        sets=_fixed(dose.sets, portion.sets),
        rest=_fixed(dose.rest, portion.rest),
        hold=dose.hold if dose.hold is None or portion.hold is None else portion.hold,
        tempo=_tempo(dose.tempo, portion.hold, rep),
    )


def _held(phase: RepPhase, hold: Ms | None) -> RepPhase:
    return replace(phase, duration=hold) if hold is not None and phase.kind is PhaseKind.HOLD else phase


def _tempo(tempo: tuple[Ms, ...], hold: Ms | None, rep: tuple[RepPhase, ...]) -> tuple[Ms, ...]:
    if hold is None or len(tempo) != len(rep):
        return tempo
    return tuple(
        hold if phase.kind is PhaseKind.HOLD else time for time, phase in zip(tempo, rep, strict=True)
    )


@overload
def _fixed(written: Range, asked: int | None) -> Range: ...
@overload
def _fixed(written: Range | None, asked: int | None) -> Range | None: ...
def _fixed(written: Range | None, asked: int | None) -> Range | None:
    return written if written is None or asked is None else Range(asked, asked)


@overload
def _reps(written: Range, portion: Portion) -> Range: ...
@overload
def _reps(written: Range | None, portion: Portion) -> Range | None: ...
def _reps(written: Range | None, portion: Portion) -> Range | None:
    if written is None or portion.percent is None:
        return _fixed(written, portion.reps)
    return Range(_share(written.low, portion.percent), _share(written.high, portion.percent))


def _ladder(ladder: tuple[int, ...], portion: Portion) -> tuple[int, ...]:
    return ladder if portion.percent is None else tuple(_share(rung, portion.percent) for rung in ladder)


def _share(reps: int, percent: int) -> int:
    return min(max(1, percent_of(reps, percent)), limits.REPS)


def _work(written: Range | None, portion: Portion) -> Range | None:
    if written is None or portion.percent is None:
        return written
    low, high = (
        min(max(_LEAST_WORK_MS, percent_of(end, portion.percent)), limits.PAUSE_MS)
        for end in (written.low, written.high)
    )
    return Range(low, high)
