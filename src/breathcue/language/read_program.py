"""From the tree of a program's file to a program: its weeks in turn, what grows, and the files of its sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from breathcue.diagnostics import Diagnostic, has_errors
from breathcue.language import limits
from breathcue.language.beside import Kind, find_beside
from breathcue.language.growth import Growth
from breathcue.language.problems import Problems, quote
from breathcue.language.program import DAYS, REST, Asked, Block, Practice, Program
from breathcue.language.quantities import Fault
from breathcue.language.record import Record
from breathcue.language.routine import Range, Words
from breathcue.language.source import SourceText
from breathcue.language.tree import Node
from breathcue.language.validate import validate
from breathcue.timeline.time import Ms

_CHOICES = ("level", "guidance")
_GROWTHS = tuple(field.name for field in fields(Asked) if field.name not in _CHOICES)


@dataclass(frozen=True, slots=True)
class LoadedProgram:
    """What a program's file holds; ``program`` is None if there is any error in the file itself."""

    program: Program | None
    diagnostics: tuple[Diagnostic, ...]


def read_program(node: Node, source: SourceText, folder: Path | None, problems: Problems) -> Program | None:
    """Return the program of a file whose sessions are in ``folder``, or None where there is any error (reported)."""
    record = validate(node, "program", source, problems)
    if record is None:
        return None
    reader = _Reader(record, folder, problems)
    reader.check()
    return None if has_errors(problems.in_order(())) else reader.program(source.name)


class _Reader:
    def __init__(self, record: Record, folder: Path | None, problems: Problems) -> None:
        self._record = record
        self._folder = folder
        self._problems = problems
        self._weeks = record.records("weeks")
        self._found: dict[str, Path | None] = {}

    def check(self) -> None:
        self._zone()
        # Where a block says nothing sound, those after it cannot be counted.
        if "weeks" not in self._record.broken and not any("weeks" in each.broken for each in self._weeks):
            self._in_turn()
        number, first = 0, 1
        for week in self._weeks:
            daily = len(_several(week, "daily"))
            number += _length(week) * (sum(1 for _ in self._practices(week)) + daily * (len(DAYS) - 1))
            for practice, session in self._practices(week):
                if practice is None and session.text == REST:
                    self._rest_beside(session)
                    continue
                self._session(session)
                if practice is not None:
                    self._growing(practice, week, first)
            self._growing(week, week, first)
            first += _length(week)
        self._size(number)

    def _zone(self) -> None:
        zone = self._record.get("zone", Words)
        found = find_zone(zone.text) if zone is not None else None
        if zone is not None and isinstance(found, Fault):
            self._problems.add(found.code, found.message, zone.place, found.fix)

    def _in_turn(self) -> None:
        following = 1
        for week in self._weeks:
            asked = week.get("weeks", Range)
            if asked is not None and asked.low != following:
                message = f"Week {following} comes next here, not week {asked.low}."
                fix = f"{_in_turn_again(asked, following)}; for weeks of rest, give them a block without `days`."
                self._problems.add("weeks-not-in-turn", message, week.place_of("weeks"), fix)
                return
            following += _length(week)
        if following - 1 > limits.WEEKS:
            message = f"The program has {following - 1} weeks; {limits.WEEKS} is the most."
            place = self._weeks[-1].place_of("weeks")
            self._problems.add("out-of-range", message, place, "Make another program of the rest.")

    def _growing(self, record: Record, week: Record, first: int) -> None:
        """Refuse what grows over more weeks than there are in a block whose first week is ``first``."""
        weeks = _length(week)
        for key in _GROWTHS:
            growth = record.get(key, Growth)
            if growth is not None and growth.grows and weeks == 1 and growth.place is not None:
                message = f"`{key}` grows from a first week to a last, but this block is a single week."
                self._problems.add("grows-in-one-week", message, growth.place, _one_value(first, 2))
        for key in _CHOICES:
            chosen = record.words(key)
            if len(chosen) > weeks:
                message = (
                    f"`{key}` has {len(chosen)} values for {'one week' if weeks == 1 else f'{weeks} weeks'}."
                )
                fix = _one_value(first, len(chosen))
                self._problems.add("grows-in-one-week", message, chosen[weeks].place, fix)

    def _rest_beside(self, rest: Words) -> None:
        message = f"`{REST}` stands alone for a day without sessions, not beside them and not under `daily`."
        fix = f"Leave it out, or write it alone, as in `sunday: {REST}`."
        self._problems.add("rest-not-alone", message, rest.place, fix)

    def _session(self, name: Words) -> Path | None:
        if name.text not in self._found:
            self._found[name.text] = find_beside(
                name, self._folder, Kind.FILE, self._problems, "session", "program"
            )
            if len(self._found) == limits.PROGRAM_SESSIONS + 1:
                message = f"The program names more than {limits.PROGRAM_SESSIONS} sessions."
                self._problems.add(
                    "too-many-practices", message, name.place, "Make another program of some weeks."
                )
        return self._found[name.text]

    def _size(self, number: int) -> None:
        if number > limits.PRACTICES:
            message = f"The program has {number:,} practices; {limits.PRACTICES:,} is the most."
            fix = "Make another program of some weeks."
            self._problems.add("too-many-practices", message, self._record.place, fix)

    def _practices(self, week: Record) -> Iterator[tuple[Record | None, Words]]:
        days = week.get("days", Record)
        for day in DAYS if days is not None else ():
            yield from _of_day(days, day)
        yield from _named(_several(week, "daily"))

    def program(self, file: str) -> Program:
        record = self._record
        about, author, zone = (record.get(key, Words) for key in ("about", "author", "zone"))
        title = record.need("title", Words)
        time = record.get("time", int)
        return Program(
            title=title.text,
            blocks=tuple(self._blocks()),
            path=self._folder / file if self._folder is not None else Path(file),
            place=title.place,
            about=about,
            author=author.text if author else None,
            language=record.need("language", Words).text,
            audience=record.get("audience", Words),
            start=record.get("start", date),
            time=None if time is None else Ms(time),
            zone=zone.text if zone else None,
        )

    def _blocks(self) -> Iterator[Block]:
        first = 1
        for week in self._weeks:
            last = first + _length(week) - 1
            days = week.get("days", Record)
            title, about = week.get("title", Words), week.get("about", Words)
            yield Block(
                first,
                last,
                tuple(tuple(self._built(week, _of_day(days, day))) for day in DAYS),
                week.place,
                tuple(self._built(week, _named(_several(week, "daily")))),
                title.text if title else None,
                about.text if about else None,
            )
            first = last + 1

    def _built(self, week: Record, practices: Iterable[tuple[Record | None, Words]]) -> Iterator[Practice]:
        for practice, session in practices:
            path = self._session(session)
            if path is not None:
                yield Practice(session, path, _asked(practice, week), session.place)


def find_zone(name: str) -> ZoneInfo | Fault:
    """Return the time zone of a name, or that there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone called {quote(name)}."
        city = name.strip().replace(" ", "_").lower()
        near = (
            sorted(zone for zone in available_timezones() if zone.lower().endswith(f"/{city}"))
            if city
            else []
        )
        fix = (
            f"Did you mean `{near[0]}`?"
            if near
            else "Write a region and a city, such as `Europe/London`, or `UTC`."
        )
        return Fault("unknown-zone", message, fix)


def _one_value(first: int, least: int) -> str:
    """Return the fix for more values than weeks; a block of ``least`` weeks from ``first`` on would do."""
    longer = f"`weeks: {first}-{first + least - 1}`"
    return f"Write one value for each week at most, or let the block be longer, as in {longer}."


def _in_turn_again(asked: Range, following: int) -> str:
    """Return the fix for weeks that are not those that follow, but begin with week ``following``."""
    if asked.high > asked.low:
        return f"Write `weeks: {following}-{following + asked.high - asked.low}`"
    last = following + asked.low - 1
    forgets = 1 < following < asked.low
    if forgets or asked.low == 1 or last > limits.WEEKS:
        return f"Write `weeks: {following}`"
    # A single number that is no gap is often meant as how many weeks there are.
    return f"Write `weeks: {following}-{last}` for {asked.low} weeks, or `weeks: {following}` for one"


def _length(week: Record) -> int:
    asked = week.get("weeks", Range)
    return 1 if asked is None else asked.high - asked.low + 1


def _several(record: Record, key: str) -> tuple[object, ...]:
    value = record.values.get(key)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _of_day(days: Record | None, day: str) -> Iterator[tuple[Record | None, Words]]:
    """Yield what is done on a day: the mapping of each practice, if it has one, and its session."""
    named = _several(days, day) if days is not None else ()
    match named:
        case (Words(text=text),) if text == REST:
            return
        case _:
            yield from _named(named)


def _named(values: Iterable[object]) -> Iterator[tuple[Record | None, Words]]:
    for value in values:
        if isinstance(value, Words):
            yield None, value
        elif isinstance(value, Record):
            session = value.get("session", Words)
            if session is not None:
                yield value, session


def _asked(practice: Record | None, week: Record) -> Asked:
    """Return what is asked of a practice: what it does not say itself, its block does."""

    def growth(key: str) -> Growth | None:
        return (practice.get(key, Growth) if practice else None) or week.get(key, Growth)

    def chosen(key: str) -> tuple[str, ...]:
        return tuple(word.text for word in (practice.words(key) if practice else ()) or week.words(key))

    return Asked(
        reps=growth("reps"),
        hold=growth("hold"),
        sets=growth("sets"),
        rest=growth("rest"),
        pace=growth("pace"),
        duration=growth("duration"),
        level=chosen("level"),
        guidance=chosen("guidance"),
    )
