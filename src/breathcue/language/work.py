"""A time to work for against what is to be done in it: at least one whole repetition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from breathcue.language import limits
from breathcue.language.lookup import Found
from breathcue.language.problems import Problems
from breathcue.language.quantities import written_duration
from breathcue.language.record import Record
from breathcue.language.routine import Level, Range, Words
from breathcue.timeline.time import scale


def check_work(session: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Warn of times to work for that are shorter than one repetition, as the steps are to be done."""
    pace, level = session.get("pace", float) or 1.0, session.get("level", Words)
    for step, at in _levelled(session.records("steps"), level.text if level else Level.NORMAL):
        name = step.get("exercise", Words)
        found = used.get(name.text) if name else None
        if found is not None and found.record is not None:
            done = _as_done(step, found.record, at, used)
            if done is not None:
                done.check(pace, problems)


def check_own_work(exercise: Record, problems: Problems) -> None:
    """Warn of times to work for in an exercise, and in its forms, that are shorter than one repetition."""
    for level in Level:
        form = _form(exercise, level)
        if level is Level.NORMAL or (form is not None and "exercise" not in form.written):
            _Done(exercise, None, form, level).check(1.0, problems)


def _levelled(steps: tuple[Record, ...], level: str) -> Iterator[tuple[Record, str]]:
    """Yield every step with its level, which it may have from what is around it."""
    for step in steps:
        own = step.get("level", Words)
        at = own.text if own else level
        yield step, at
        yield from _levelled(step.records("steps"), at)


def _form(exercise: Record, level: str) -> Record | None:
    return None if level == Level.NORMAL else exercise.get(level, Record)


@dataclass(frozen=True, slots=True)
class _Done:
    """An exercise as a step asks for it, in one of its forms; None where there is no step, or no form."""

    exercise: Record
    step: Record | None
    form: Record | None
    level: str

    def check(self, pace: float, problems: Problems) -> None:
        """Warn if the time to work for is shorter than a repetition, at the session's pace."""
        found = self._work()
        if found is None or self._unsure():
            return
        record, work = found
        turn = self._turn(pace)
        if turn <= work:
            return
        both = " with both sides" if self._takes_turns() else ""
        least = written_duration(turn)
        message = (
            f"One repetition{both} takes {least}, longer than the {written_duration(work)} to work for, "
            "so it is done once and the time is not kept."
        )
        fix = f"Write `for: {least}` or longer, or `reps: 1`."
        if turn > limits.PAUSE_MS:
            fix = "Write `reps: 1`."
        problems.add("work-too-short", message, record.place_of("for"), fix)

    def _unsure(self) -> bool:
        """Say whether something of it could not be read, so that nothing can be said of its times."""
        parts = (part for part in (self.exercise, self.step, self.form) if part is not None)
        phases = self.exercise.records("rep")
        unread = (phase.kind is None or phase.get(phase.kind, int) is None for phase in phases)
        return not phases or any(part.broken for part in parts) or any(unread)

    def _work(self) -> tuple[Record, int] | None:
        """Return the least time to work for and the record that says it; None where repetitions are asked for."""
        if self.step is not None and self.step.written & {"reps", "for"}:
            asked, bound = self.step, self.form
        elif self.form is not None and self.form.written & {"reps", "for"}:
            asked, bound = self.form, None
        else:
            asked, bound = self.exercise, None
        own = asked.get("for", Range)
        if own is None or "reps" in asked.written:
            return None
        other = bound.get("for", Range) if bound else None
        if bound is None or other is None:
            return asked, own.low
        chosen = self._least(own.low, other.low)
        return (asked if chosen == own.low else bound), chosen

    def _least(self, own: int, form: int) -> int:
        """Return the figure that holds of a step's own and the form's: the easier form never asks for more."""
        return min(own, form) if self.level == Level.EASIER else max(own, form)

    def _takes_turns(self) -> bool:
        sides = self.exercise.get("sides", Words)
        return sides is not None and sides.text == "alternate"

    def _turn(self, session: float) -> int:
        """Return how long one repetition takes, in ms; of both sides, where they take turns."""
        own = self.exercise.get("pace", float) or 1.0
        step = self.step.get("pace", float) if self.step else None
        form = self.form.get("pace", float) if self.form else None
        pace = session * (step or own) * ((form or own) / own)
        whole = sum(scale(time, pace) for time in self._times())
        return whole * 2 if self._takes_turns() else whole

    def _times(self) -> Iterator[int]:
        """Yield the time of each phase of a repetition at pace 1."""
        phases = self.exercise.records("rep")
        tempo = _tempo(self.step, len(phases))
        of_form = _tempo(self.form, len(phases))
        for index, phase in enumerate(phases):
            if tempo:
                yield tempo[index]
                continue
            time = of_form[index] if of_form else phase.need(phase.kind or "", int)
            yield self._held(time, timed=bool(of_form)) if phase.kind == "hold" else time

    def _held(self, time: int, *, timed: bool) -> int:
        """Return how long a hold lasts whose time is ``timed`` by the form, or the exercise's own."""
        own = self.step.get("hold", int) if self.step else None
        form = time if timed else self.form.get("hold", int) if self.form else None
        if own is not None and form is not None:
            return self._least(own, form)
        return own or form or time


def _tempo(record: Record | None, phases: int) -> tuple[int, ...]:
    tempo = record.get("tempo", tuple) if record else None
    return tempo if tempo and len(tempo) == phases else ()


def _as_done(step: Record, exercise: Record, level: str, used: Mapping[str, Found]) -> _Done | None:
    """Return what is done at a level; another exercise in place of the step's brings its own figures along."""
    form = _form(exercise, level)
    name = form.get("exercise", Words) if form else None
    if name is None:
        return _Done(exercise, step, form, level)
    other = used.get(name.text)
    return None if other is None or other.record is None else _Done(other.record, None, None, Level.NORMAL)
