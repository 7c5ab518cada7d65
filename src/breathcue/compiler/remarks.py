"""What the author of a session should know of how it is done, which shows only once every figure is settled."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.compiler.plan import Introduce, plan
from breathcue.compiler.prescribe import Prescription
from breathcue.diagnostics import Diagnostic, Severity
from breathcue.language.quantities import written_duration
from breathcue.language.routine import Routine, Sides
from breathcue.timeline.time import Ms


def remarks(routine: Routine) -> Iterator[Diagnostic]:
    """Yield a warning for each step whose time to work for is shorter than one repetition."""
    told = set()
    for entry in plan(routine):
        if not isinstance(entry.item, Introduce):
            continue
        done = entry.item.prescription
        if done.work is not None and not done.keeps_time and done.place not in told:
            told.add(done.place)
            yield _too_short(done, done.work)


def _too_short(done: Prescription, work: Ms) -> Diagnostic:
    both = " with both sides" if done.exercise.sides is Sides.ALTERNATE else ""
    least = written_duration(Ms(done.turn))
    message = (
        f"One repetition{both} takes {least}, longer than the {written_duration(work)} to work for, so it is done once "
        "and the time is not kept."
    )
    fix = f"Write `for: {least}` or longer, or `reps: 1`."
    return Diagnostic("work-too-short", message, done.place, fix, Severity.WARNING)
