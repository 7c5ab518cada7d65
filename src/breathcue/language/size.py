"""How large a session is at the very least, reckoned before anything is unfolded.

Speech is not counted, and ranges count with their lower end: what is refused here is too large however it is
narrated. The compiler checks the exact figures against the same limits, and portions of a session by the same measure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from breathcue.diagnostics import Place
from breathcue.language import limits
from breathcue.language.lookup import Found
from breathcue.language.problems import Problems
from breathcue.language.record import Record
from breathcue.language.routine import Range, Words
from breathcue.timeline.time import clock, scale


@dataclass(frozen=True, slots=True)
class Size:
    """Milliseconds, cues and steps; each at least."""

    ms: int = 0
    cues: int = 0
    steps: int = 0

    def plus(self, other: Size) -> Size:
        """Return the size of both together."""
        return Size(self.ms + other.ms, self.cues + other.cues, self.steps + other.steps)

    def times(self, number: int) -> Size:
        """Return the size of it so many times over."""
        return Size(self.ms * number, self.cues * number, self.steps * number)

    @property
    def code(self) -> str | None:
        """The code of the limit that is passed, if one is."""
        if self.ms > limits.SESSION_MS:
            return "session-too-long"
        if self.cues > limits.CUES:
            return "too-many-cues"
        return "too-many-steps" if self.steps > limits.STEPS else None


def of_phase(kind: str | None, ms: int, pace: float, count: str) -> Size:
    """Return the size of a phase of that kind, which takes so many ms at pace 1, with the count of its seconds."""
    # Whether pace stretches a rest is the compiler's to say; the smaller of the two is certain.
    length = scale(ms, min(pace, 1.0) if kind == "rest" else pace)
    counted = {"up": length // 1000, "down": length // 1000, "last-3": 3}.get(count, 0)
    return Size(ms=length, cues=1 + counted)


def of_sets(rep: Size, sets: Sequence[int], sides: int, rest: int) -> Size:
    """Return the size of sets of a repetition on so many sides, with a rest in ms between them."""
    return rep.times(sum(sets) * sides).plus(Size(ms=rest * (len(sets) - 1)))


def check_size(session: Record, exercises: Mapping[str, Found], problems: Problems) -> None:
    """Report the step that takes the session past one of its limits."""
    measure = _Measure(session.get("pace", float) or 1.0, exercises)
    steps = session.records("steps")
    whole = measure.all(steps)
    if whole.code is None:
        return
    place, done = measure.culprit(steps, Size(), session.place)
    if whole.code == "session-too-long":
        message = f"With this step the session lasts {clock(done.ms)} or longer; 6 hours is the most."
    elif whole.code == "too-many-cues":
        message = f"With this step the session holds {done.cues:,} cues or more; {limits.CUES:,} is the most."
    else:
        message = (
            f"With this step the session has {done.steps:,} steps or more; {limits.STEPS:,} is the most."
        )
    problems.add(done.code or whole.code, message, place, _FIX)


def least_ms(step: Record, pace: float, exercises: Mapping[str, Found]) -> int:
    """Return how long a step lasts at the very least, in ms, at the session's ``pace``."""
    return _Measure(pace, exercises).step(step).ms


_FIX = "Check the `reps`, `sets`, `rounds` and `repeat` of this step and of those around it."


class _Measure:
    def __init__(self, pace: float, exercises: Mapping[str, Found]) -> None:
        self._pace = pace
        self._exercises = exercises

    def all(self, steps: tuple[Record, ...]) -> Size:
        total = Size()
        for step in steps:
            total = total.plus(self.step(step))
        return total

    def step(self, step: Record) -> Size:
        inside = self.all(step.records("steps"))
        one = Size(steps=1).plus(inside)
        match step.kind:
            case "repeat":
                rounds = step.get("repeat", int) or 1
                return one.times(rounds).plus(Size(ms=_low(step, "rest", 0) * (rounds - 1)))
            case "say" | "check-in" | "chime":
                return one.plus(Size(cues=1))
            case "rest" | "wait":
                return one.plus(Size(ms=_low(step, step.kind, 0)))
            case "breathe":
                return one.plus(self._breathe(step))
            case "exercise":
                return one.plus(self._exercise(step))
        return one

    def _breathe(self, step: Record) -> Size:
        pace = self._pace * (step.get("pace", float) or 1.0)
        total = Size()
        for breath in step.records("breathe"):
            parts = [breath.get(key, int) or 0 for key in ("inhale", "hold", "exhale", "rest")]
            one = Size(ms=scale(sum(parts), pace), cues=sum(1 for part in parts if part))
            total = total.plus(one.times(_low(breath, "rounds", 1)))
        return total

    def _exercise(self, step: Record) -> Size:
        name = step.get("exercise", Words)
        found = self._exercises.get(name.text) if name else None
        exercise = found.record if found else None
        if exercise is None:
            return Size()
        pace = self._pace * (step.get("pace", float) or exercise.get("pace", float) or 1.0)
        rep, tempo = Size(), step.get("tempo", tuple) or ()
        for index, phase in enumerate(exercise.records("rep")):
            own = (
                tempo[index]
                if index < len(tempo)
                else step.get("hold", int)
                if phase.kind == "hold"
                else None
            )
            rep = rep.plus(_phase(phase, own, pace))
        sides = exercise.get("sides", Words)
        each = 2 if sides is not None and sides.text != "none" else 1
        reps = _reps(step) or _reps(exercise)
        work = 0 if _reps(step) else _low(step, "for", 0) or _low(exercise, "for", 0)
        sets = len(reps) if len(reps) > 1 else _low(step, "sets", 0) or _low(exercise, "sets", 1)
        rest = _low(step, "rest", 0) or _low(exercise, "rest", 0)
        if work:
            return Size(ms=work * sets + rest * (sets - 1))
        return of_sets(rep, reps if len(reps) > 1 else reps * sets, each, rest)

    def culprit(self, steps: tuple[Record, ...], before: Size, place: Place) -> tuple[Place, Size]:
        """Return the place of the innermost step with which a limit is passed, and the size up to its end."""
        for step in steps:
            after = before.plus(self.step(step))
            if after.code is None:
                before = after
                continue
            inner = before.plus(self.all(step.records("steps")))
            if inner.code is None:
                return step.place, after
            return self.culprit(step.records("steps"), before, step.place)
        return place, before


def _reps(record: Record) -> tuple[int, ...]:
    """Return the repetitions that are written: of each set where they differ."""
    if "reps" not in record.written and "for" in record.written:
        return ()
    reps = record.values.get("reps")
    return (reps.low,) if isinstance(reps, Range) else reps if isinstance(reps, tuple) else ()


def _phase(phase: Record, own: int | None, pace: float) -> Size:
    ms = own or phase.get(phase.kind or "", int) or 0
    count = phase.get("count", Words)
    return of_phase(phase.kind, ms, pace, count.text if count else "")


def _low(record: Record, key: str, otherwise: int) -> int:
    value = record.get(key, Range)
    return value.low if value is not None else otherwise
