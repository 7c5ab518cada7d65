"""Values that grow from week to week, as an author writes them: ``8-12``, ``60-100%``, ``3-5s``, ``1.2-1.0``.

Unlike a range, growth may run from the larger to the smaller: a rest that gets shorter is growth too. The patterns are
those of the JSON Schema, and say the same as the parser, as those of :mod:`breathcue.language.quantities` do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from breathcue.diagnostics import Place
from breathcue.language.problems import quote
from breathcue.language.quantities import (
    DURATION_RANGE_PATTERN,
    Fault,
    count_pattern,
    parse_count_ends,
    parse_duration_ends,
    parse_number,
)
from breathcue.language.shapes import CountType, DurationType, GrowthType, NumberType
from breathcue.timeline.time import Ms

SHARE_PERCENT = 1000
"""The largest share of what a session says, in per cent; a power of ten, as patterns need it."""

YEARS = (1970, 2199)
"""The first year in which a program can begin, and the last: what is outside is a slip, and calendars end somewhere."""

DATE_PATTERN = r"^\s*(?:19[7-9][0-9]|2[01][0-9]{2})-[0-9]{2}-[0-9]{2}\s*$"
CLOCK_PATTERN = r"^\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9]\s*$"

_ANY_DATE = r"\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*"
_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_NUMBERS_PATTERN = rf"^\s*{_NUMBER}(?:\s*-\s*{_NUMBER})?\s*$"


@dataclass(frozen=True, slots=True)
class Growth:
    """What holds in the ``first`` week of a block and in its ``last``; equal where nothing grows.

    Times are in ms. ``share``: in per cent of what the session says. ``place`` is where it was written.
    """

    first: float
    last: float
    share: bool = False
    place: Place | None = field(default=None, compare=False)

    @property
    def grows(self) -> bool:
        """Whether the last is another than the first."""
        return self.first != self.last


def growth_pattern(sort: GrowthType) -> str:
    """Return the pattern of what :func:`parse_growth` reads."""
    match sort.sort:
        case DurationType():
            return DURATION_RANGE_PATTERN
        case NumberType():
            return _NUMBERS_PATTERN
        case CountType(limit=limit):
            counts = count_pattern(limit, ranged=True)
            return f"{counts}|{_share_pattern()}" if sort.share else counts


def _share_pattern() -> str:
    one = count_pattern(SHARE_PERCENT, ranged=False).removeprefix(r"^\s*").removesuffix(r"\s*$")
    return rf"^\s*(?:{one}\s*%?\s*-\s*)?{one}\s*%\s*$"


def parse_growth(text: str, sort: GrowthType) -> Growth | Fault:
    """Return what a text says of a first and a last week, or why it says nothing of the sort."""
    if sort.share and text.rstrip().endswith("%"):
        ends: tuple[float, float] | Fault = parse_count_ends(
            re.sub(r"(?<=\d)\s*%(?=\s*(?:-|$))", "", text), SHARE_PERCENT
        )
        return ends if isinstance(ends, Fault) else Growth(*ends, share=True)
    match sort.sort:
        case DurationType(limit=limit):
            ends = parse_duration_ends(text, limit)
        case CountType(limit=limit):
            ends = parse_count_ends(text, limit)
        case NumberType(low=low, high=high):
            ends = _numbers(text, low, high)
    return ends if isinstance(ends, Fault) else Growth(*ends)


def _numbers(text: str, low: float, high: float) -> tuple[float, float] | Fault:
    parts = text.split("-") if re.fullmatch(_NUMBERS_PATTERN, text) else [text]
    first, last = (parse_number(part, low, high) for part in (parts[0], parts[-1]))
    if isinstance(first, Fault):
        return first
    return last if isinstance(last, Fault) else (first, last)


def parse_date(text: str) -> date | Fault:
    """Return a day of the calendar."""
    if not re.fullmatch(_ANY_DATE, text):
        fix = "Write year, month and day with hyphens, such as `2027-01-04`."
        return Fault("bad-date", f"{quote(text)} is not a date.", fix)
    outside = outside_years(int(text.strip()[:4]))
    if outside is not None:
        return outside
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        fix = "Look at the day and the month: the year comes first, then the month."
        return Fault("no-such-day", f"There is no day {quote(text)}.", fix)


def outside_years(year: int) -> Fault | None:
    """Return what is wrong with a year in which a program is to begin, if anything is."""
    first, last = YEARS
    if first <= year <= last:
        return None
    message = f"A program cannot begin in the year {year}, only in one from {first} to {last}."
    return Fault(
        "out-of-range", message, f"Write a date with a year from {first} to {last}, such as `2027-01-04`."
    )


def parse_clock(text: str) -> Ms | Fault:
    """Return a time of day, in ms since midnight."""
    if not re.fullmatch(CLOCK_PATTERN, text):
        return Fault(
            "bad-time-of-day", f"{quote(text)} is not a time of day.", "Write it as `09:00` or `18:30`."
        )
    hours, minutes = text.split(":")
    return Ms((int(hours) * 60 + int(minutes)) * 60_000)
