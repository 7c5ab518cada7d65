"""The figures of what was done: streaks over local days, totals, exercises, and where it hurt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.live.diary.history import (
    ExerciseFigures,
    Hurt,
    HurtFigures,
    PastSession,
    Performed,
    Total,
    current_streak,
    history,
    longest_streak,
    replay,
)
from breathcue.live.diary.records import Ending, Record
from breathcue.timeline.score import Control
from breathcue.timeline.time import Ms, minutes_from_ms
from happenings import WHEN, Acted, start

TODAY = date(2025, 6, 4)  # a Wednesday


def past(
    day: date, *performed: Performed, minutes: int = 10, how: str | None = "finished", **more: object
) -> PastSession:
    began = datetime(day.year, day.month, day.day, 7, 10, tzinfo=timezone(timedelta(hours=2)))
    given = {
        **{"id": f"{day.toordinal():08x}", "began": began, "last": began, "session": "/a.yaml", "title": "A"},
        **{"digest": "", "pace": 1.0, "resumed_from": None, "spot": None, "step_title": "", "exercise": None},
        **{"active_ms": Ms(minutes * 60_000), "how": how, "reps": sum(each.reps for each in performed)},
        **{"performed": performed, "hurts": ()},
        **more,
    }
    return PastSession(**given)  # type: ignore[arg-type]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def cat_cow(reps: int, step: int = 1) -> Performed:
    return Performed(step, "cat-cow", "Cat-cow stretch", reps)


def plank(reps: int, step: int = 2) -> Performed:
    return Performed(step, "plank", "Plank", reps)


@pytest.mark.parametrize(
    ("days", "now", "longest"),
    [
        ([], 0, 0),
        ([0], 1, 1),
        ([1], 1, 1),
        ([2], 0, 1),
        ([0, 1, 2], 3, 3),
        ([1, 2, 3], 3, 3),
        ([0, 2, 3, 4, 5], 1, 4),
        ([-1, 0, 1], 3, 3),
        ([-400, 0], 1, 1),
        ([3, 4, 10, 11, 12], 0, 3),
    ],
)
def test_streaks(days: list[int], now: int, longest: int) -> None:
    dates = {ago(day) for day in days}
    assert current_streak(dates, TODAY) == now
    assert longest_streak(dates) == longest


@given(days=st.sets(st.dates(), max_size=60), today=st.dates())
def test_streaks_of_any_days(days: set[date], today: date) -> None:
    now, longest = current_streak(days, today), longest_streak(days)
    assert 0 <= now <= longest <= len(days)
    assert (longest == 0) == (not days)
    assert (now > 0) == any(abs(day.toordinal() - today.toordinal()) <= 1 for day in days)


def test_a_week_begins_on_monday_and_minutes_are_summed() -> None:
    figures = history([past(ago(0)), past(ago(2)), past(ago(3), minutes=7)], TODAY)
    assert figures.this_week == Total(2, Ms(20 * 60_000))
    assert figures.in_all == Total(3, Ms(27 * 60_000))


def test_the_week_of_new_year_is_one_week() -> None:
    figures = history([past(date(2025, 1, 1)), past(date(2024, 12, 30))], date(2025, 1, 2))
    assert figures.this_week.sessions == 2


def test_exercises_the_last_done_first() -> None:
    pasts = [past(ago(0), plank(5)), past(ago(1), cat_cow(10), plank(3)), past(ago(9), cat_cow(4))]
    assert history(pasts, TODAY).exercises == (
        ExerciseFigures("plank", "Plank", 2, 8, ago(0)),
        ExerciseFigures("cat-cow", "Cat-cow stretch", 2, 14, ago(1)),
    )


def test_an_exercise_done_twice_in_a_session_was_done_twice() -> None:
    (figures,) = history([past(ago(0), cat_cow(5, step=1), cat_cow(6, step=4))], TODAY).exercises
    assert (figures.times, figures.reps) == (2, 11)


def test_going_on_with_a_session_is_no_second_one() -> None:
    first = past(ago(1), cat_cow(10), plank(2), how=None)
    rest = past(ago(0), plank(8), resumed_from=first.id)
    figures = history([rest, first], TODAY)
    assert figures.in_all == Total(1, Ms(20 * 60_000))
    assert figures.exercises[0] == ExerciseFigures("plank", "Plank", 1, 10, ago(0))
    assert history([rest], TODAY).in_all.sessions == 1


def test_days_narrow_all_but_the_streaks() -> None:
    pasts = [past(ago(day), cat_cow(1)) for day in range(5)]
    figures = history(pasts, TODAY, days=2)
    assert (figures.in_all.sessions, figures.exercises[0].reps) == (2, 2)
    assert figures.this_week.sessions == 2
    assert figures.sessions == tuple(pasts[:2])
    assert figures.streak == figures.longest_streak == 5


@pytest.mark.parametrize(
    ("opened", "counts"),
    [
        (past(TODAY, minutes=0), True),
        (past(TODAY, minutes=0, how="closed-kindly"), True),
        (past(TODAY, minutes=0, how="quit"), False),
        (past(TODAY, minutes=0, how=None), False),
        (past(TODAY, minutes=1, how="quit"), True),
        (past(TODAY, cat_cow(1), minutes=0, how=None), True),
    ],
)
def test_what_counts_as_done(opened: PastSession, counts: bool) -> None:
    figures = history([opened], TODAY)
    assert (figures.streak == 1) is counts
    assert (figures.in_all.sessions == 1) is counts
    assert (len(figures.sessions) == 1) is counts


def test_where_it_hurt_is_gathered_by_exercise() -> None:
    def hurt(day: int, exercise: str | None = "plank", title: str = "Plank") -> Hurt:
        return Hurt(title, exercise, ago(day))

    pasts = [
        past(ago(0), hurts=(hurt(0), hurt(0))),
        past(ago(1), hurts=(hurt(1, None, "Welcome"), hurt(1, title="Long plank"))),
    ]
    assert history(pasts, TODAY).hurts == (
        HurtFigures("Plank", "plank", 3, (ago(0), ago(1))),
        HurtFigures("Welcome", None, 1, (ago(1),)),
    )


def replayed(records: list[Record], **about: object) -> PastSession:
    found = replay([start(**about), *records])  # type: ignore[arg-type]
    assert found is not None
    return found


def session() -> Acted:
    return Acted().step(0, "Welcome").step(1, "Cat-cow stretch", "cat-cow").reps(2).step(2, "Plank", "plank")


def test_a_replayed_session() -> None:
    found = replayed(session().rep(1).ask(Control.HURT).records(Ending.QUIT))
    assert found.performed == (cat_cow(2),)
    assert found.reps == 2
    assert found.hurts == (Hurt("Plank", "plank", WHEN.date()),)
    assert found.active_ms == 30_000
    assert found.how == "quit"


def test_the_time_of_a_session_that_was_cut_off_is_that_of_its_last_record() -> None:
    assert replayed(session().rep(1).rep(2, cut_after=500).records()).active_ms == 30_000


def test_guided_breaths_are_repetitions_of_no_exercise() -> None:
    found = replayed(Acted().step(1, "Breathing").reps(3).step(2, "Closing").records())
    assert (found.reps, found.performed) == (3, ())


def test_nothing_tells_of_nothing() -> None:
    assert replay([]) is None


def in_zone(records: list[Record], zone: str, began: datetime) -> list[Record]:
    """Let records happen a minute apart by the wall clock of a place."""
    first = began.replace(tzinfo=ZoneInfo(zone)).timestamp()
    times = (datetime.fromtimestamp(first + 60 * n, ZoneInfo(zone)) for n in range(len(records)))
    return [replace(record, when=when) for record, when in zip(records, times, strict=True)]


def test_a_session_across_midnight_belongs_to_the_day_on_which_it_began() -> None:
    records = session().rep(1).ask(Control.HURT).records(Ending.QUIT)
    moved = in_zone(records, "Asia/Tokyo", datetime(2025, 6, 3, 23, 58))
    found = replayed(moved[1:], when=moved[0].when)
    assert found.day == date(2025, 6, 3)
    assert found.last.date() == date(2025, 6, 4)
    assert found.hurts[0].day == date(2025, 6, 4)
    assert current_streak({found.day}, date(2025, 6, 4)) == 1


@pytest.mark.parametrize("change", [datetime(2025, 3, 30, 1, 58), datetime(2025, 10, 26, 2, 58)])
def test_the_change_of_the_clocks_changes_no_time(change: datetime) -> None:
    records = session().rep(1).records(Ending.QUIT)
    moved = in_zone(records, "Europe/Berlin", change)
    assert moved[0].when.utcoffset() != moved[-1].when.utcoffset()
    found = replayed(moved[1:], when=moved[0].when)
    assert found.active_ms == replayed(records).active_ms
    assert found.day == change.date()


def test_a_clock_that_jumps_back_makes_no_time_negative() -> None:
    records = session().rep(1).rep(2).records()
    moved = [replace(record, when=record.when - timedelta(days=n * 400)) for n, record in enumerate(records)]
    assert replayed(moved).active_ms == replayed(records).active_ms > 0


@pytest.mark.parametrize(("ms", "minutes"), [(0, 0), (29_999, 0), (30_000, 1), (90_000, 2), (3_600_000, 60)])
def test_minutes_for_reading(ms: int, minutes: int) -> None:
    assert minutes_from_ms(ms) == minutes
