"""The calendar of a program: each practice at its time, each day of rest as a whole day that keeps nobody busy.

An event is named by the program's file, its week, its day and its place in that day. Whoever imports a calendar again
gets the events changed that are there, not a second set; a day of rest that became a practice is the same event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from breathcue import __version__
from breathcue.compiler.phrases import Phrases, load_phrases
from breathcue.diagnostics import Diagnostic, RequestError
from breathcue.language.growth import outside_years
from breathcue.language.program import DAYS, Program
from breathcue.language.quantities import Fault
from breathcue.language.read_program import find_zone
from breathcue.program.names import slug
from breathcue.program.opened import Opened
from breathcue.program.plan import Planned, Recording, Week
from breathcue.program.rehearsal import Rehearsal
from breathcue.timeline.time import minutes_from_ms

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_USUAL = time(9, 0)
"""When practices are done where nobody says."""


@dataclass(frozen=True, slots=True)
class Dates:
    """When a program is done: from ``start`` on, at ``at``, in ``zone`` or wherever its reader is."""

    start: date
    at: time = _USUAL
    zone: ZoneInfo | None = None

    def day(self, week: int, day: int) -> date:
        """Return the date of a day: week 1 is the seven days from the start, whichever day of the week that is."""
        return self.start + timedelta(weeks=week - 1, days=(day - self.start.weekday()) % len(DAYS))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for instead of what the program's file says; None leaves it to that."""

    start: date | None = None
    at: time | None = None
    zone: str | None = None


def calendar_of(opened: Opened, asked: Asked, now: datetime) -> str:
    """Return a program as an iCalendar file (RFC 5545); ``now``, in UTC, is when it is written.

    Raises:
        RequestError: nobody says when it begins (``no-start``), it is to begin in a year that no calendar should reach
            (``out-of-range``), or there is no such time zone (``unknown-zone``).
    """
    program = opened.program
    start = asked.start or program.start
    if start is None:
        message = "Nobody says on which day the program begins."
        fix = "Add `--start 2027-01-04`, or `start:` in the program's file."
        raise RequestError(Diagnostic("no-start", message, fix=fix))
    outside = outside_years(start.year)
    if outside is not None:
        raise _refused(outside)
    own = None if program.time is None else (datetime.min + timedelta(milliseconds=program.time)).time()
    dates = Dates(start, asked.at or own or _USUAL, _zone(asked.zone or program.zone))
    return _calendar(program, opened.weeks, opened.sessions, dates, now)


def _zone(name: str | None) -> ZoneInfo | None:
    zone = None if name is None else find_zone(name)
    if isinstance(zone, Fault):
        raise _refused(zone)
    return zone


def _refused(fault: Fault) -> RequestError:
    return RequestError(Diagnostic(fault.code, fault.message, fix=fault.fix))


def _calendar(
    program: Program,
    weeks: Sequence[Week],
    sessions: Mapping[Recording, Rehearsal],
    dates: Dates,
    now: datetime,
) -> str:
    from icalendar import Calendar

    whole = Calendar()
    whole.add("prodid", f"-//breathcue//breathcue {__version__}//{program.language.upper()}")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", program.title)
    writer = _Writer(program, sessions, dates, now, load_phrases(program.language))
    for week in weeks:
        for day in range(len(DAYS)):
            for event in writer.events(week, day):
                whole.add_component(event)
    _add_zone(whole, dates, len(weeks))
    written: bytes = whole.to_ical()
    return written.decode()


def _add_zone(whole: Calendar, dates: Dates, weeks: int) -> None:
    """Add what the calendar's time zone is, from the first day to the last, with a year to spare."""
    if dates.zone is not None:
        year = timedelta(days=366)
        whole.add_missing_timezones(dates.start - year, dates.start + timedelta(weeks=weeks) + year)


@dataclass(frozen=True, slots=True)
class _Writer:
    program: Program
    sessions: Mapping[Recording, Rehearsal]
    dates: Dates
    now: datetime
    phrases: Phrases

    def events(self, week: Week, day: int) -> Iterator[Event]:
        begin = datetime.combine(self.dates.day(week.number, day), self.dates.at, self.dates.zone)
        if week.rests(day):
            yield self._rest(week, day)
        counts = {True: 0, False: 0}
        for planned in week.days[day]:
            counts[planned.daily] += 1
            slot = f"{'d' if planned.daily else ''}{counts[planned.daily]}"
            length = timedelta(minutes=max(1, minutes_from_ms(self._session(planned).timeline.duration_ms)))
            event = self._event(week, day, slot, self._session(planned).routine.title)
            event.add("dtstart", begin)
            event.add("dtend", begin + length)
            event.add("description", self._description(week, planned))
            begin += length
            yield event

    def _rest(self, week: Week, day: int) -> Event:
        event = self._event(week, day, "1", self.phrases.say("program.rest-day"))
        date_of = self.dates.day(week.number, day)
        event.add("dtstart", date_of)
        event.add("dtend", date_of + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("description", self._of_week(week))
        return event

    def _event(self, week: Week, day: int, slot: str, summary: str) -> Event:
        from icalendar import Event

        event = Event()
        name = slug(self.program.path.stem)
        event.add("uid", f"{name}-w{week.number:02}-{day + 1}-{slot}@breathcue")
        event.add("dtstamp", self.now)
        # Minutes since 1970: larger each time, which is how a calendar knows the newer of two.
        event.add("sequence", int(self.now.timestamp()) // 60)
        event.add("summary", summary)
        return event

    def _session(self, planned: Planned) -> Rehearsal:
        return self.sessions[planned.recording]

    def _of_week(self, week: Week) -> str:
        title = f": {week.block.title}" if week.block.title else ""
        return f"{self.program.title}. {self.phrases.say('program.week', n=str(week.number))}{title}."

    def _description(self, week: Week, planned: Planned) -> str:
        session, say = self._session(planned), self.phrases.say
        minutes = max(1, minutes_from_ms(session.timeline.duration_ms))
        parts = [self._of_week(week)]
        if session.routine.about is not None:
            parts.append(session.routine.about.text)
        parts.append(self.phrases.counted("program.length", minutes, n=str(minutes)))
        if session.routine.needs:
            needs = self.phrases.listed([words.text for words in session.routine.needs], "and")
            parts.append(say("opening.needs", list=needs))
        return "\n\n".join([*parts, say("program.general")])
