"""A program unrolled: what is done on each day of each week, with everything that grows settled for that week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from breathcue.compiler.portion import Portion
from breathcue.compiler.wishes import Wishes
from breathcue.language.growth import Growth
from breathcue.language.program import DAYS, Asked, Block, Practice, Program
from breathcue.language.routine import Guidance, Level
from breathcue.timeline.time import Ms, evenly

_SECOND, _MINUTE = 1000, 60_000
_HUNDREDTHS = 100

Recording = tuple[Path, Wishes]
"""What a sound file is made from: a session, and what is wished of it. Practices that share it share their sound."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A practice on one day: ``week`` from 1, ``day`` from 0 (Monday), ``number`` from 1 among those of the day."""

    week: int
    day: int
    number: int
    practice: Practice
    wishes: Wishes
    daily: bool = False

    @property
    def recording(self) -> Recording:
        """What its sound file is made from."""
        return self.practice.path, self.wishes

    @property
    def day_name(self) -> str:
        """The day as the program's file calls it."""
        return DAYS[self.day]


@dataclass(frozen=True, slots=True)
class Week:
    """A week: its number from 1, the block that it belongs to, and what is done on each of its seven days."""

    number: int
    block: Block
    days: tuple[tuple[Planned, ...], ...]

    @property
    def practices(self) -> Iterator[Planned]:
        """Everything that is done in it, in order."""
        return chain.from_iterable(self.days)

    def rests(self, day: int) -> bool:
        """Say whether nothing is done on a day but what is done daily."""
        return all(planned.daily for planned in self.days[day])


def plan(program: Program, wishes: Wishes | None = None) -> tuple[Week, ...]:
    """Return the weeks of a program; what is wished on the command line outranks what the program asks for."""
    return tuple(
        _week(number, block, wishes or Wishes())
        for block in program.blocks
        for number in range(block.first, block.last + 1)
    )


def _week(number: int, block: Block, wishes: Wishes) -> Week:
    days = []
    for day, practices in enumerate(block.days):
        each = [
            *((practice, False) for practice in practices),
            *((practice, True) for practice in block.daily),
        ]
        days.append(
            tuple(
                Planned(number, day, nth, practice, _wishes(practice.asked, number, block, wishes), daily)
                for nth, (practice, daily) in enumerate(each, start=1)
            )
        )
    return Week(number, block, tuple(days))


def _wishes(asked: Asked, week: int, block: Block, typed: Wishes) -> Wishes:
    """Return what is wished of a practice in one week."""
    index, count = week - block.first, block.last - block.first + 1

    def amount(growth: Growth | None, grain: int = 1) -> int | None:
        return None if growth is None else settled(growth, index, count, grain)

    reps = asked.reps
    portion = Portion(
        reps=amount(reps) if reps is not None and not reps.share else None,
        percent=amount(reps) if reps is not None and reps.share else None,
        hold=_ms(amount(asked.hold, _SECOND)),
        sets=amount(asked.sets),
        rest=_ms(amount(asked.rest, _SECOND)),
    )
    pace = None if asked.pace is None else settled_pace(asked.pace, index, count)
    level, guidance = _spread(asked.level, index, count), _spread(asked.guidance, index, count)
    return replace(
        typed,
        portion=portion,
        pace=pace if typed.pace is None else typed.pace,
        level=Level(level) if level and typed.level is None else typed.level,
        guidance=Guidance(guidance) if guidance and typed.guidance is None else typed.guidance,
        duration=_ms(amount(asked.duration, _MINUTE)) if typed.duration is None else typed.duration,
    )


def _ms(value: int | None) -> Ms | None:
    return None if value is None else Ms(value)


def settled(growth: Growth, index: int, count: int, grain: int = 1) -> int:
    """Return what holds in week ``index`` of ``count``, a multiple of ``grain``, or of seconds, if both ends are."""
    first, last = int(growth.first), int(growth.last)
    whole = (each for each in (grain, _SECOND) if each <= grain and first % each == last % each == 0)
    return evenly(first, last, index, count, next(whole, 1))


def settled_pace(growth: Growth, index: int, count: int) -> float:
    """Return the pace that holds in week ``index`` of ``count``, in hundredths; the ends are exact."""
    if index in (0, count - 1):
        return growth.first if index == 0 else growth.last
    first, last = (round(end * _HUNDREDTHS) for end in (growth.first, growth.last))
    return evenly(first, last, index, count) / _HUNDREDTHS


def _spread(chosen: Sequence[str], index: int, count: int) -> str | None:
    """Return which of some values holds in week ``index`` of ``count``: each for about as many weeks."""
    return chosen[index * len(chosen) // count] if chosen else None


def recordings(weeks: Sequence[Week]) -> dict[Recording, Planned]:
    """Return every different recording, in order, with the practice that needs it first."""
    found: dict[Recording, Planned] = {}
    for week in weeks:
        for planned in week.practices:
            found.setdefault(planned.recording, planned)
    return found
