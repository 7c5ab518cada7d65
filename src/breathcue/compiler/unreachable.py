"""What is told where a session cannot be given the length that it should have."""

from __future__ import annotations

from dataclasses import dataclass

from breathcue.diagnostics import BreathcueError, Diagnostic, RequestError, SessionError
from breathcue.language.limits import SESSION_MS
from breathcue.language.quantities import written_duration
from breathcue.language.routine import Length, Step
from breathcue.timeline.time import Ms, clock

_CODE = "duration-unreachable"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How the nearest length came about.

    ``at_least``: nothing shorter can be had; ``at_most``: nothing longer can without a step that was left out;
    ``lowest``: nothing shorter can with all that was not left out.
    ``ranges`` and ``rests`` say whether the session has ranges at all, and whether rests have any.
    """

    at_least: bool
    at_most: bool
    lowest: bool
    ranges: bool
    rests: bool
    left_out: tuple[Step, ...]


def unreachable(wanted: Length, bounds: Bounds, nearest: Ms) -> BreathcueError:
    """Return the error for a length that cannot be had; ``nearest`` is the nearest one that can."""
    message = f"It cannot last {clock(wanted.ms)}: {_reason(bounds, nearest, longer=nearest > wanted.ms)}."
    found = Diagnostic(_CODE, message, wanted.place, _fix(wanted, bounds, nearest))
    return SessionError(found) if wanted.place else RequestError(found)


def _reason(bounds: Bounds, nearest: Ms, *, longer: bool) -> str:
    time = clock(nearest)
    fixed = "nothing in it has a range"
    if longer and bounds.at_least:
        out = ", and everything optional is left out" if bounds.left_out else ""
        low = "everything is at the low end of its range" if bounds.ranges else fixed
        return f"it lasts at least {time}, because {low}{out}"
    if longer and bounds.lowest:
        return f"the nearest is {time}, because without another of the optional steps it would be too short"
    if not longer and bounds.at_most:
        out = ", and with one more of the optional steps it would be too long" if bounds.left_out else ""
        high = "everything is at the high end of its range" if bounds.ranges else fixed
        return f"it lasts at most {time}, because {high}{out}"
    if bounds.rests:
        return f"the nearest is {time}, because its rests have too little room for what whole repetitions leave over"
    return (
        f"the nearest is {time}, because no rest has a range that takes up what whole repetitions leave over"
    )


def _fix(wanted: Length, bounds: Bounds, nearest: Ms) -> str:
    if nearest > SESSION_MS:
        return "Lower its repetitions, sets or rounds, or mark some of its steps with `optional: true`."
    time = written_duration(nearest)
    ask = f"Write `duration: {time}`" if wanted.place else f"Ask for a duration of `{time}`"
    if bounds.at_least and nearest > wanted.ms:
        return f"{ask}, or mark some of its steps with `optional: true`."
    if bounds.at_most and nearest < wanted.ms and bounds.ranges:
        return f"{ask}, or give it wider ranges or more steps."
    return f"{ask}, or give a rest a range, such as `rest: 20-40s`."
