"""How holds are counted aloud, and what is said of the time that is left of a phase."""

from __future__ import annotations

from collections.abc import Sequence

from breathcue.compiler.coach import Coach
from breathcue.compiler.narration import Mark
from breathcue.language.routine import Count, RepPhase
from breathcue.timeline.model import Utterance
from breathcue.timeline.time import Ms, scale

SHORTEST_BEAT = Ms(900)
"""Beats of a counted hold are as many as the seconds the author wrote, unless pace makes them shorter than this."""

_LAST_SHORT_NUMBER = 20


def marks_of(phase: RepPhase, pace: float, coach: Coach) -> tuple[Mark, ...]:
    """Return what is said of the time that is left; a hold that is counted all through needs nothing more."""
    if phase.count in {Count.UP, Count.DOWN}:
        return ()
    return coach.marks(scale(phase.duration, pace))


def hold_counts(
    phase: RepPhase, pace: float, coach: Coach, *, sparse: bool = False
) -> tuple[Utterance | None, ...]:
    """Return what is said on each beat of a hold; None on the beats that stay silent.

    Where ``sparse``, of the numbers above twenty only the tens are said.
    """
    if phase.count is Count.NONE:
        return ()
    beats = beats_of(phase.duration, pace)
    return tuple(
        coach.utter(coach.phrases.say("count.hold", n=n)) if n and not (sparse and _is_long(n)) else None
        for n in count_numbers(phase.count, beats)
    )


def _is_long(n: int) -> bool:
    return n > _LAST_SHORT_NUMBER and n % 10 > 0


def beats_of(written: Ms, pace: float) -> int:
    """Return the number of beats of a counted hold: its seconds as written, fewer where pace makes them too quick."""
    duration = scale(written, pace)
    beats = max(1, round(written / 1000))
    if duration / beats < SHORTEST_BEAT:
        beats = max(1, duration // 1000)
    return beats


def count_numbers(count: Count, beats: int) -> Sequence[int]:
    """Return the number spoken on each beat, 0 for a silent one."""
    down = range(beats, 0, -1)
    if count is Count.UP:
        return range(1, beats + 1)
    if count is Count.DOWN:
        return down
    return [n if n <= 3 else 0 for n in down]
