"""The calendar of a program, read by a reader that is not the writer: every line of it by the rules of RFC 5545."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from breathcue.diagnostics import RequestError
from breathcue.program.calendar import Asked, calendar_of
from breathcue.program.opened import Opened
from programs import opened, session

NOW = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
WEEKS = """
- weeks: 1-2
  title: Begin
  daily: d.yaml
  days:
    monday: a.yaml
    thursday: [a.yaml, b.yaml]
"""
AWKWARD = 'Bridge, lift; "slow"' + " and long and very long and ever longer " * 3 + "ä" * 60
Event = dict[str, str]


def unfolded(text: str) -> list[str]:
    """Return the lines of a calendar, having checked how they are broken and folded (RFC 5545, 3.1)."""
    data = text.encode()
    assert data.endswith(b"\r\n")
    raw = data.split(b"\r\n")[:-1]
    for line in raw:
        assert len(line) <= 75
        assert b"\r" not in line
        assert b"\n" not in line
        line.decode()  # no character is cut in two
    lines: list[str] = []
    for part in (line.decode() for line in raw):
        if part.startswith((" ", "\t")):
            lines[-1] += part[1:]
        else:
            lines.append(part)
    return lines


def events_of(text: str) -> list[Event]:
    """Return each event's properties by name (with parameters), having checked the nesting and every line's grammar."""
    open_parts: list[str] = []
    events: list[Event] = []
    for line in unfolded(text):
        found = re.fullmatch(r'([A-Z][A-Z0-9-]*(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)', line, re.DOTALL)
        assert found, line
        name, value = found[1], found[2]
        if name == "BEGIN":
            open_parts.append(value)
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert open_parts.pop() == value
        elif open_parts[-1] == "VEVENT":
            assert name not in events[-1], f"{name} twice"
            events[-1][name] = value
    assert open_parts == []
    return events


def words(value: str) -> str:
    """Return a text value as it is meant (RFC 5545, 3.3.11), having checked that nothing in it is left bare."""
    assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), value
    assert not re.search(r"(?<!\\)(?:\\\\)*\\(?![\\,;nN])", value), value
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


@pytest.fixture
def plan(tmp_path: Path) -> Opened:
    awkward = session(6).replace("Bridge work", f"'{AWKWARD}'")
    return opened(tmp_path, WEEKS, "language: en\n", b=awkward, d=session(2).replace("Bridge work", "Daily"))


def test_every_line_is_as_the_rules_say_and_every_event_whole(plan: Opened) -> None:
    text = calendar_of(plan, Asked(date(2027, 1, 4), time(18, 30), "Europe/London"), NOW)
    assert unfolded(text)[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert any(line.startswith("PRODID:") for line in unfolded(text))
    events = events_of(text)
    for event in events:
        assert {"UID", "DTSTAMP", "SUMMARY", "DESCRIPTION", "SEQUENCE"} <= event.keys()
        assert event["DTSTAMP"] == "20261128T123000Z"
        words(event["SUMMARY"])
        words(event["DESCRIPTION"])
    assert len({event["UID"] for event in events}) == len(events)
    # Two practices on Thursday and one on Monday, one daily, and five days of rest, in each of two weeks.
    assert len(events) == 2 * (3 + 7 + 5)


def test_practices_of_a_day_follow_one_another_at_its_time(plan: Opened) -> None:
    text = calendar_of(plan, Asked(date(2027, 1, 4), time(18, 30), "Europe/London"), NOW)
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n" in text
    day = [
        (
            event["DTSTART;TZID=Europe/London"],
            event["DTEND;TZID=Europe/London"],
            words(event["SUMMARY"]),
        )
        for event in events_of(text)
        if event["UID"].startswith("plan-w01-4-")
    ]
    assert day == [
        ("20270107T183000", "20270107T183100", "Bridge work"),
        ("20270107T183100", "20270107T183300", " ".join(AWKWARD.split())),
        ("20270107T183300", "20270107T183400", "Daily"),
    ]


def test_a_day_of_rest_is_a_whole_day_that_keeps_nobody_busy(plan: Opened) -> None:
    events = events_of(calendar_of(plan, Asked(date(2027, 1, 4)), NOW))
    rest = next(event for event in events if event["UID"] == "plan-w01-2-1@breathcue")
    assert (rest["DTSTART;VALUE=DATE"], rest["DTEND;VALUE=DATE"], rest["TRANSP"], rest["SUMMARY"]) == (
        "20270105",
        "20270106",
        "TRANSPARENT",
        "Rest day",
    )
    done = next(event for event in events if event["UID"] == "plan-w01-1-1@breathcue")
    assert done["DTSTART"] == "20270104T090000"
    assert "TRANSP" not in done


def test_what_one_should_know_is_in_the_description(plan: Opened) -> None:
    events = events_of(calendar_of(plan, Asked(date(2027, 1, 4)), NOW))
    told = words(events[0]["DESCRIPTION"]).split("\n\n")
    assert told == [
        "A plan. Week 1: Begin.",
        "Lift, and let go.",
        "About one minute.",
        "You will need a mat.",
        "General information, never medical advice. Stop if something hurts, and ask a professional before you go on.",
    ]


def test_a_week_begins_on_the_day_that_is_given_and_every_weekday_stays_one(plan: Opened) -> None:
    events = events_of(calendar_of(plan, Asked(date(2027, 1, 6)), NOW))
    starts = {event["UID"]: event.get("DTSTART") for event in events}
    assert starts["plan-w01-1-1@breathcue"] == "20270111T090000"
    assert starts["plan-w01-4-1@breathcue"] == "20270107T090000"
    assert starts["plan-w02-1-1@breathcue"] == "20270118T090000"


def test_another_calendar_of_it_changes_events_and_adds_none(plan: Opened) -> None:
    first = events_of(calendar_of(plan, Asked(date(2027, 1, 4)), NOW))
    later = datetime(2026, 11, 29, tzinfo=UTC)
    second = events_of(calendar_of(plan, Asked(date(2027, 2, 1), time(7, 0)), later))
    assert [event["UID"] for event in first] == [event["UID"] for event in second]
    assert int(first[0]["SEQUENCE"]) < int(second[0]["SEQUENCE"])
    assert calendar_of(plan, Asked(date(2027, 1, 4)), NOW) == calendar_of(plan, Asked(date(2027, 1, 4)), NOW)


def test_the_file_may_say_when_and_the_command_line_outranks_it(tmp_path: Path) -> None:
    own = opened(tmp_path, WEEKS, "start: 2027-01-04\ntime: 7:15\nzone: UTC\n", b=session(), d=session())
    assert events_of(calendar_of(own, Asked(), NOW))[0]["DTSTART"] == "20270104T071500Z"
    other = events_of(calendar_of(own, Asked(date(2027, 3, 1), time(8, 0), "Asia/Tokyo"), NOW))[0]
    assert other["DTSTART;TZID=Asia/Tokyo"] == "20270301T080000"


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_a_calendar_speaks_the_language_of_its_program(tmp_path: Path, language: str) -> None:
    found = opened(tmp_path, WEEKS, f"language: {language}\n", b=session(), d=session())
    events = events_of(calendar_of(found, Asked(date(2027, 1, 4)), NOW))
    shown = " ".join(event["SUMMARY"] + words(event["DESCRIPTION"]) for event in events)
    assert not re.search(r"\b(Rest|Week|About|You|General)\b", shown)


def test_what_is_missing_is_named(plan: Opened) -> None:
    for asked, code in (
        (Asked(), "no-start"),
        (Asked(date(2027, 1, 4), None, "Nowhere/City"), "unknown-zone"),
        (Asked(date(1, 1, 2), None, "Europe/London"), "out-of-range"),
        (Asked(date(9999, 12, 27)), "out-of-range"),
    ):
        with pytest.raises(RequestError) as caught:
            calendar_of(plan, asked, NOW)
        assert caught.value.diagnostics[0].code == code


@pytest.mark.parametrize("start", [date(1970, 1, 1), date(2199, 12, 31)])
def test_a_calendar_can_be_written_from_the_first_day_on_to_the_last(tmp_path: Path, start: date) -> None:
    found = opened(tmp_path, "- weeks: 1-100\n  days:\n    sunday: a.yaml")
    events = events_of(calendar_of(found, Asked(start, time(23, 59), "Europe/London"), NOW))
    assert len(events) == 100 * 7
