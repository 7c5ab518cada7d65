"""The program: which session is done on which day of which week, and how it grows, as the author wrote it, checked.

Nothing is unrolled here: a block holds for several weeks, and what grows in it is a :class:`Growth` still.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from breathcue.diagnostics import Place
from breathcue.language.growth import Growth
from breathcue.language.routine import Words
from breathcue.timeline.time import Ms

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The days of a week, as a program's file calls them."""

REST = "rest"
"""What stands for a day on which nothing is done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a session in the weeks of a block; None, or empty, leaves it as the session says.

    ``hold``, ``rest`` and ``duration`` are in ms. ``level`` and ``guidance`` are spread over the weeks.
    """

    reps: Growth | None = None
    hold: Growth | None = None
    sets: Growth | None = None
    rest: Growth | None = None
    pace: Growth | None = None
    duration: Growth | None = None
    level: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """A session that is done on a day: its name in the program, its file, and what is asked of it."""

    session: Words
    path: Path
    asked: Asked
    place: Place


@dataclass(frozen=True, slots=True)
class Block:
    """Weeks that are alike but for what grows: ``first`` to ``last``, counted from 1.

    ``days`` holds what is done on each of the seven days, Monday first; ``daily`` is done on all of them besides.
    """

    first: int
    last: int
    days: tuple[tuple[Practice, ...], ...]
    place: Place
    daily: tuple[Practice, ...] = ()
    title: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A whole program. ``time`` is the time of day it is for, in ms since midnight, and ``zone`` where that holds."""

    title: str
    blocks: tuple[Block, ...]
    path: Path
    place: Place
    about: Words | None = None
    author: str | None = None
    language: str = "en"
    audience: Words | None = None
    start: date | None = None
    time: Ms | None = None
    zone: str | None = None
