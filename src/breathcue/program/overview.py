"""A program to be read: each week, each day, how long, and what has grown since the week before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breathcue.compiler.wishes import Wishes
from breathcue.language.program import DAYS, Program
from breathcue.language.routine import as_compared
from breathcue.program.plan import Planned, Recording, Week
from breathcue.program.rehearsal import Rehearsal
from breathcue.timeline.time import Ms, clock, minutes_from_ms

_AS_WRITTEN = "as written"
_ALL = 100

SCHEMA = "breathcue/program/1"
"""What the JSON form says of itself; docs/programs.md describes it."""


@dataclass(frozen=True, slots=True)
class Total:
    """What a week, or a program, comes to: ``days`` on which more is done than daily; times in ms."""

    days: int
    length: Ms
    work: Ms

    def plus(self, other: Total) -> Total:
        """Return both together."""
        return Total(self.days + other.days, Ms(self.length + other.length), Ms(self.work + other.work))


def total_of(week: Week, sessions: Mapping[Recording, Rehearsal]) -> Total:
    """Return what a week comes to."""
    done = [sessions[planned.recording] for planned in week.practices]
    days = sum(1 for day in range(len(DAYS)) if not week.rests(day))
    return Total(
        days, Ms(sum(each.timeline.duration_ms for each in done)), Ms(sum(each.work for each in done))
    )


def grown(before: Week, now: Week, sessions: Mapping[Recording, Rehearsal]) -> list[str]:
    """Return in words what a week asks for that the week before did not, each once: ``reps 60 → 80 %``.

    What holds for some of the practices only is told with their titles, and with their days where others of the same
    title stay as they were.
    """
    old = {_key(planned): planned for planned in before.practices}
    found: dict[str, list[Planned]] = {}
    compared = [planned for planned in now.practices if _key(planned) in old]
    for planned in compared:
        for change in _changes(_asked(old[_key(planned)].wishes), _asked(planned.wishes)):
            found.setdefault(change, []).append(planned)
    return [
        change if len(whose) == len(compared) else f"{change} ({_whose(whose, compared, sessions)})"
        for change, whose in found.items()
    ]


def _whose(
    concerned: Sequence[Planned], compared: Sequence[Planned], sessions: Mapping[Recording, Rehearsal]
) -> str:
    """Return which practices of a week are concerned, as few words as tell: their titles, with days if need be."""
    of_title, of_all = _by_title(concerned, sessions), _by_title(compared, sessions)
    return ", ".join(
        title if len(some) == len(of_all[title]) else f"{title} {_on_days(some)}"
        for title, some in of_title.items()
    )


def _by_title(
    practices: Iterable[Planned], sessions: Mapping[Recording, Rehearsal]
) -> dict[str, list[Planned]]:
    found: dict[str, list[Planned]] = {}
    for planned in practices:
        found.setdefault(sessions[planned.recording].routine.title, []).append(planned)
    return found


def _on_days(practices: Iterable[Planned]) -> str:
    *others, last = dict.fromkeys(planned.day_name.capitalize() for planned in practices)
    if len(others) == len(DAYS) - 1:
        return "every day"
    return f"on {', '.join(others)} and {last}" if others else f"on {last}"


def _changes(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*was, *now)):
        if was.get(name) != now.get(name):
            yield f"{name} {was.get(name, _AS_WRITTEN)} → {now.get(name, _AS_WRITTEN)}"


def new_sessions(before: Week | None, now: Week, sessions: Mapping[Recording, Rehearsal]) -> list[str]:
    """Return the titles of the sessions of a week that the week before did not have."""
    known = {planned.practice.path for planned in before.practices} if before else set()
    fresh = [planned for planned in now.practices if planned.practice.path not in known]
    return list(dict.fromkeys(sessions[planned.recording].routine.title for planned in fresh))


def _key(planned: Planned) -> tuple[object, ...]:
    return planned.practice.path, planned.day, planned.number


def _asked(wishes: Wishes) -> dict[str, str]:
    """Return what is asked of a session, by name, in words."""
    portion = wishes.portion
    words = {
        "level": wishes.level,
        "guidance": wishes.guidance,
        "reps": portion.reps,
        "share of reps": None if portion.percent in (None, _ALL) else f"{portion.percent} %",
        "sets": portion.sets,
        "hold": _time(portion.hold),
        "rest": _time(portion.rest),
        "pace": None if wishes.pace is None else f"{wishes.pace:g}",
        "duration": None if wishes.duration is None else clock(wishes.duration),
    }
    return {name: str(value) for name, value in words.items() if value is not None}


def _time(ms: Ms | None) -> str | None:
    return None if ms is None else f"{ms / 1000:g} s" if ms < 60_000 else clock(ms)


def asked_in_words(planned: Planned) -> str:
    """Return what is asked of a practice: ``easier, full, 60 % of the reps, hold 3 s``."""
    asked = _asked(planned.wishes)
    plain = [asked.pop("level", None), asked.pop("guidance", None)]
    share = asked.pop("share of reps", None)
    words = [word for word in plain if word] + ([f"{share} of the reps"] if share else [])
    return ", ".join([*words, *(f"{name} {value}" for name, value in asked.items())])


def as_text(
    program: Program, weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal], only: int | None = None
) -> str:
    """Return the plan as lines to read; of one week ``only``, if that is given."""
    shown = [week for week in weeks if only in (None, week.number)]
    parts = [_head(program, weeks, sessions)]
    for week in shown:
        before = next((each for each in weeks if each.number == week.number - 1), None)
        parts.append("\n".join(_week_lines(week, before, sessions)))
    if only is None:
        parts.append(_in_all(weeks, sessions))
    return "\n\n".join(parts)


def _head(program: Program, weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> str:
    lines = [program.title]
    if program.about is not None:
        lines.append(program.about.text)
    needs = needs_of(weeks, sessions)
    if needs:
        lines.append(f"At hand: {', '.join(needs)}.")
    return "\n".join(lines)


def needs_of(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> list[str]:
    """Return what the sessions of some weeks need, each thing once, whatever its capitals."""
    routines = (sessions[planned.recording].routine for week in weeks for planned in week.practices)
    things: dict[str, str] = {}
    for routine in routines:
        for words in routine.needs:
            things.setdefault(as_compared(words.text), words.text)
    return list(things.values())


def _week_lines(week: Week, before: Week | None, sessions: Mapping[Recording, Rehearsal]) -> Iterator[str]:
    title = f": {week.block.title}" if week.block.title else ""
    total = total_of(week, sessions)
    yield f"Week {week.number}{title} ({_in_words(total)})"
    if week.block.about and (before is None or before.block is not week.block):
        yield f"  {week.block.about}"
    rows = list(_rows(week, sessions))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield f"  {'  '.join([*cells, row[3]])}".rstrip()
    fresh = new_sessions(before, week, sessions) if before is not None else []
    changes = [
        *(grown(before, week, sessions) if before is not None else []),
        *(f"new: {title}" for title in fresh),
    ]
    if changes:
        yield f"  since week {week.number - 1}: {'; '.join(changes)}"


def _rows(week: Week, sessions: Mapping[Recording, Rehearsal]) -> Iterator[tuple[str, str, str, str]]:
    daily = [planned for planned in week.days[0] if planned.daily]
    for planned in daily:
        yield ("every day", *_cells(planned, sessions))
    for day, name in enumerate(DAYS):
        done = [planned for planned in week.days[day] if not planned.daily]
        if not done:
            yield name.capitalize(), "rest", "", ""
        for index, planned in enumerate(done):
            yield ("" if index else name.capitalize(), *_cells(planned, sessions))


def _cells(planned: Planned, sessions: Mapping[Recording, Rehearsal]) -> tuple[str, str, str]:
    rehearsal = sessions[planned.recording]
    return rehearsal.routine.title, _about(rehearsal), asked_in_words(planned)


def _about(rehearsal: Rehearsal) -> str:
    """Return how long a session lasts; what is fitted to a length has it exactly."""
    length = clock(rehearsal.timeline.duration_ms)
    return length if rehearsal.fitted else f"about {length}"


def _in_words(total: Total) -> str:
    days = "1 day" if total.days == 1 else f"{total.days} days" if total.days else "only what is daily"
    if not total.length:
        return "rest"
    return f"{days}, about {minutes_from_ms(total.length)} min, {minutes_from_ms(total.work)} of them work"


def _in_all(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> str:
    whole = Total(0, Ms(0), Ms(0))
    for week in weeks:
        whole = whole.plus(total_of(week, sessions))
    count = len({planned.recording for week in weeks for planned in week.practices})
    practices = sum(1 for week in weeks for _ in week.practices)
    name = "1 week" if len(weeks) == 1 else f"{len(weeks)} weeks"
    done = "1 practice" if practices == 1 else f"{practices} practices"
    made = "1 recording" if count == 1 else f"{count} different recordings"
    return f"In all: {name}, {_in_words(whole)}; {done}, {made}."


def as_data(
    program: Program, weeks: Iterable[Week], sessions: Mapping[Recording, Rehearsal], only: int | None = None
) -> dict[str, Any]:
    """Return the plan as JSON data."""
    weeks = tuple(weeks)
    shown = (week for week in weeks if only in (None, week.number))
    return {
        "schema": SCHEMA,
        "title": program.title,
        "about": program.about.text if program.about else None,
        "language": program.language,
        "audience": program.audience.text if program.audience else None,
        "weeks": [_week_data(week, sessions) for week in shown],
    }


def _week_data(week: Week, sessions: Mapping[Recording, Rehearsal]) -> dict[str, Any]:
    total = total_of(week, sessions)
    return {
        "number": week.number,
        "title": week.block.title,
        "days_of_practice": total.days,
        "about_ms": total.length,
        "work_ms": total.work,
        "days": [
            {
                "day": name,
                "rest": week.rests(day),
                "practices": [_practice_data(planned, sessions) for planned in week.days[day]],
            }
            for day, name in enumerate(DAYS)
        ],
    }


def _practice_data(planned: Planned, sessions: Mapping[Recording, Rehearsal]) -> dict[str, Any]:
    rehearsal = sessions[planned.recording]
    wishes, portion = planned.wishes, planned.wishes.portion
    return {
        "session": planned.practice.session.text,
        "title": rehearsal.routine.title,
        "daily": planned.daily,
        "about_ms": rehearsal.timeline.duration_ms,
        "work_ms": rehearsal.work,
        "level": wishes.level,
        "guidance": wishes.guidance,
        "pace": wishes.pace,
        "duration_ms": wishes.duration,
        "reps": portion.reps,
        "reps_percent": portion.percent,
        "sets": portion.sets,
        "hold_ms": portion.hold,
        "rest_ms": portion.rest,
    }
