"""What a listener wishes of a session before it is compiled: another level, more or fewer words, nothing that hurts.

Each function turns a routine into the routine that is done instead; a wish outranks what single steps say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from breathcue.compiler.portion import WHOLE, Portion, least_size, portioned
from breathcue.compiler.prescribe import substitute, variant_of
from breathcue.compiler.running_order import entries
from breathcue.compiler.steps import every_step_changed
from breathcue.compiler.verdict import check_size
from breathcue.diagnostics import Diagnostic, RequestError, SessionError, Severity
from breathcue.language.bed import asked_bed, wanted_bed
from breathcue.language.problems import nearest, quote
from breathcue.language.routine import (
    Breathe,
    Exercise,
    Guidance,
    Length,
    Level,
    Perform,
    Repeat,
    Routine,
    Section,
    Step,
    Variant,
    Words,
    as_compared,
)
from breathcue.timeline.score import Fit, Manner
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for instead of what the session says; None leaves the session's own.

    ``avoid`` are complaints with which some exercises should not be done, and ``duration`` is how long it is to last.
    ``portion`` is how much of it a program asks for.
    """

    voice: str | None = None
    speed: float | None = None
    pace: float | None = None
    bed: str | None = None
    guidance: Guidance | None = None
    level: Level | None = None
    avoid: tuple[str, ...] = ()
    duration: Ms | None = None
    portion: Portion = WHOLE

    def before(self, manner: Manner) -> Manner:
        """Return what is asked for as a session begins that goes on in the manner of another; wishes outrank that."""
        return Manner(self.level or manner.level, self.guidance or manner.guidance, manner.eased)


def wished(routine: Routine, wishes: Wishes) -> tuple[Routine, tuple[Diagnostic, ...]]:
    """Return the routine with what is wished, and warnings.

    Raises:
        RequestError: there is no such bed (``unknown-bed``), or a complaint seems misspelt (``unknown-complaint``).
        SessionError: there is nothing to do instead of an exercise (``nothing-instead``), or the portion is more than a
            session can hold (``too-many-cues``, ``session-too-long``).
    """
    warnings: tuple[Diagnostic, ...] = ()
    routine = portioned(routine, wishes.portion)
    if wishes.level is not None:
        routine = with_level(routine, wishes.level)
    if wishes.guidance is not None:
        routine = with_guidance(routine, wishes.guidance)
    if wishes.avoid:
        routine, warnings = avoiding(routine, wishes.avoid)
    if wishes.pace is not None:
        routine = replace(routine, pace=wishes.pace)
    if wishes.portion != WHOLE:
        least = least_size(routine)
        check_size(least.ms, least.cues, routine.place)
    if wishes.voice:
        # What is wrong with a voice of the command line is not to be told at the session's own.
        routine = replace(routine, voice=replace(routine.voice, place=None))
    if wishes.bed is not None:
        file = asked_bed(wishes.bed)
        if isinstance(file, Diagnostic):
            raise RequestError(file)
        routine = replace(routine, bed=wanted_bed(Words(wishes.bed, routine.place)))
    if wishes.duration is not None:
        routine = replace(routine, duration=Length(wishes.duration, None))
    return routine, warnings


def reckoned_again(routine: Routine, wishes: Wishes, fit: Fit | None) -> tuple[Routine, Fit | None]:
    """Return a routine as its length is to be reckoned, and with what, if it is to have one.

    A session that goes on is reckoned as it was when it was begun, which is ``fit``, unless another length is wished.
    """
    own = routine.duration
    if fit is None or wishes.duration is not None:
        return routine, Fit(own.ms, routine.pace) if own else None
    wanted = Length(fit.ms, own.place if own else None)
    return replace(routine, duration=wanted, pace=fit.pace), fit


def with_level(routine: Routine, level: Level) -> Routine:
    """Return the routine with every exercise at one level."""

    def levelled(step: Step) -> Step:
        return replace(step, level=None) if isinstance(step, Section | Repeat | Perform) else step

    return replace(routine, level=level, steps=every_step_changed(routine.steps, levelled))


def with_guidance(routine: Routine, guidance: Guidance) -> Routine:
    """Return the routine with as much said all through."""

    def guided(step: Step) -> Step:
        return (
            replace(step, guidance=None) if isinstance(step, Section | Repeat | Perform | Breathe) else step
        )

    return replace(routine, guidance=guidance, steps=every_step_changed(routine.steps, guided))


def avoiding(routine: Routine, complaints: Iterable[str]) -> tuple[Routine, tuple[Diagnostic, ...]]:
    """Return the routine without the exercises that are to be avoided with some complaints, and warnings.

    Each of them is replaced by the exercise that it names instead, and so is no form of another exercise any more.

    Raises:
        RequestError: a complaint seems to be misspelt (``unknown-complaint``), and what hurts would be done.
        SessionError: some of them name no exercise that could be done instead (``nothing-instead``).
    """
    wanted = {as_compared(complaint): complaint for complaint in complaints}
    swap = _Swap(routine.exercises, frozenset(wanted))
    steps = every_step_changed(routine.steps, swap.step)
    if swap.stuck:
        raise SessionError(*swap.stuck.values())
    exercises = {name: swap.forms(exercise) for name, exercise in routine.exercises.items()}
    known = {as_compared(words.text): words.text for each in exercises.values() for words in each.avoid_if}
    unknown = {plain: said for plain, said in wanted.items() if plain not in known}
    meant = {said: near for plain, said in unknown.items() if (near := nearest(plain, tuple(known)))}
    if meant:
        raise RequestError(*(_misspelt(said, known[near]) for said, near in meant.items()))
    warnings = tuple(_unknown(said, known) for said in unknown.values())
    return replace(routine, steps=steps, exercises=exercises), warnings


def without_form(routine: Routine, written: Routine, avoid: tuple[str, ...] = ()) -> Iterator[Diagnostic]:
    """Yield a warning for each exercise that is done as it is because it has no form for the level asked for.

    ``written`` is the session before anything was wished of it, with forms that are left out because they are to be
    avoided with some complaint of ``avoid``.
    """
    told: set[tuple[str, Level]] = set()
    for entry in entries(routine):
        step = entry.step
        if not isinstance(step, Perform) or step.level in {None, Level.NORMAL}:
            continue
        level, name = step.level or Level.NORMAL, step.exercise.name
        if variant_of(step.exercise, level) is None and (name, level) not in told:
            told.add((name, level))
            yield _avoided_form(step, level, written, avoid) or _no_form(step, level)


def _no_form(step: Perform, level: Level) -> Diagnostic:
    message = f"{quote(step.exercise.name)} has no {level} form, so it is done as it is."
    fix = f"Add `{level}:` to the exercise, such as `{level}: {_EXAMPLE[level]}`."
    return Diagnostic(f"no-{level}-form", message, step.place, fix, Severity.WARNING)


def _avoided_form(step: Perform, level: Level, written: Routine, avoid: tuple[str, ...]) -> Diagnostic | None:
    """Return the warning of an exercise whose form is another one that is to be avoided; None where it is not."""
    exercise = written.exercises.get(step.exercise.name)
    form = variant_of(exercise, level) if exercise else None
    other = written.exercises.get(form.exercise.text) if form and form.exercise else None
    reasons = _complaints_of(other, frozenset(map(as_compared, avoid))) if other else []
    if other is None or not reasons:
        return None
    message = (
        f"The {level} form of {quote(step.exercise.name)} is {quote(other.name)}, which is to be avoided with "
        f"{reasons[0]}, so {quote(step.exercise.name)} is done as it is."
    )
    return Diagnostic(f"no-{level}-form", message, step.place, None, Severity.WARNING)


def _complaints_of(exercise: Exercise, complaints: frozenset[str]) -> list[str]:
    """Return those of some complaints, in the author's words, with which an exercise is to be avoided."""
    return [words.text for words in exercise.avoid_if if as_compared(words.text) in complaints]


_EXAMPLE = {
    Level.EASIER: "{reps: 6-8, say: Keep the movement small.}",
    Level.HARDER: "{reps: 12-16, pace: 1.25}",
}


class _Swap:
    """Puts other exercises in the place of those to be avoided; ``stuck`` holds what cannot be replaced."""

    def __init__(self, exercises: Mapping[str, Exercise], complaints: frozenset[str]) -> None:
        self.exercises = exercises
        self.complaints = complaints
        self.stuck: dict[str, Diagnostic] = {}

    def step(self, step: Step) -> Step:
        """Return a step with an exercise that can be done."""
        if not isinstance(step, Perform):
            return step
        if not self._hurts(step.exercise):
            return replace(step, exercise=self.forms(step.exercise))
        other = self._instead(step.exercise)
        if other is None:
            self._report(step)
            return step
        return replace(substitute(step, self.forms(other)), level=step.level)

    def forms(self, exercise: Exercise) -> Exercise:
        """Return an exercise without the forms of it that are an exercise to be avoided."""
        return replace(exercise, easier=self._form(exercise.easier), harder=self._form(exercise.harder))

    def _form(self, variant: Variant | None) -> Variant | None:
        other = self.exercises.get(variant.exercise.text) if variant and variant.exercise else None
        return None if other is not None and self._hurts(other) else variant

    def _hurts(self, exercise: Exercise) -> bool:
        return bool(_complaints_of(exercise, self.complaints))

    def _instead(self, exercise: Exercise) -> Exercise | None:
        """Return the first exercise in the chain of those done instead that is not to be avoided itself."""
        passed = {exercise.name}
        other: Exercise | None = exercise
        while other is not None and self._hurts(other):
            other = self.exercises.get(other.instead.text) if other.instead else None
            if other is not None and other.name in passed:
                return None
            passed |= {other.name} if other else set()
        return other

    def _report(self, step: Perform) -> None:
        exercise = step.exercise
        reasons = _complaints_of(exercise, self.complaints)
        message = (
            f"{quote(exercise.name)} is to be avoided with {reasons[0]}, and there is nothing to do instead."
        )
        fix = "Name an exercise that is all right with it as `instead:` in the exercise, or remove the step."
        self.stuck.setdefault(exercise.name, Diagnostic("nothing-instead", message, step.place, fix))


def _misspelt(complaint: str, near: str) -> Diagnostic:
    message = f"No exercise of this session is marked as one to avoid with {quote(complaint)}."
    fix = f"Did you mean `{near}`? If not, leave {quote(complaint)} out."
    return Diagnostic("unknown-complaint", message, None, fix)


def _unknown(complaint: str, known: Mapping[str, str]) -> Diagnostic:
    fix = (
        f"Its exercises name {', '.join(quote(each) for each in sorted(known.values()))}." if known else None
    )
    message = (
        f"No exercise of this session is marked as one to avoid with {quote(complaint)}, so all are done."
    )
    return Diagnostic("nothing-to-avoid", message, None, fix, Severity.WARNING)
