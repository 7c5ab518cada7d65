"""What grows from week to week: read in every spelling, settled evenly, and never beyond its ends."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breathcue.diagnostics.codes import CODES
from breathcue.language.growth import (
    CLOCK_PATTERN,
    DATE_PATTERN,
    Growth,
    growth_pattern,
    parse_clock,
    parse_date,
    parse_growth,
)
from breathcue.language.quantities import Fault
from breathcue.language.shapes import CountType, DurationType, GrowthType, NumberType
from breathcue.program.plan import settled, settled_pace
from breathcue.timeline.time import evenly

REPS = GrowthType(CountType(1000), share=True)
SETS = GrowthType(CountType(100))
TIME = GrowthType(DurationType(600_000))
PACE = GrowthType(NumberType(0.25, 4.0))


@pytest.mark.parametrize(
    ("text", "sort", "growth"),
    [
        ("12", REPS, Growth(12, 12)),
        ("8-12", REPS, Growth(8, 12)),
        ("12-8", REPS, Growth(12, 8)),
        ("60-100%", REPS, Growth(60, 100, share=True)),
        ("60%-100%", REPS, Growth(60, 100, share=True)),
        (" 80 % ", REPS, Growth(80, 80, share=True)),
        ("1-3", SETS, Growth(1, 3)),
        ("3-5s", TIME, Growth(3000, 5000)),
        ("1m-30s", TIME, Growth(60_000, 30_000)),
        ("60-30s", TIME, Growth(60_000, 30_000)),
        ("1.2-1.0", PACE, Growth(1.2, 1.0)),
        ("1", PACE, Growth(1.0, 1.0)),
    ],
)
def test_growth_is_read_in_either_direction(text: str, sort: GrowthType, growth: Growth) -> None:
    assert parse_growth(text, sort) == growth


@pytest.mark.parametrize(
    ("text", "sort", "code"),
    [
        ("60-100 percent", REPS, "bad-number"),
        ("0-10", REPS, "not-positive"),
        ("1001%", REPS, "out-of-range"),
        ("50%", SETS, "bad-number"),
        ("1-101", SETS, "out-of-range"),
        ("a-b", TIME, "bad-duration"),
        ("1-20m", TIME, "duration-too-long"),
        ("5-1", PACE, "out-of-range"),
        ("1-", PACE, "bad-number"),
    ],
)
def test_what_is_no_growth_is_named(text: str, sort: GrowthType, code: str) -> None:
    fault = parse_growth(text, sort)
    assert isinstance(fault, Fault)
    assert fault.code == code


def test_dates_and_times_of_day() -> None:
    assert str(parse_date(" 2027-01-04")) == "2027-01-04"
    for text, code in (
        ("4.1.2027", "bad-date"),
        ("2027-02-29", "no-such-day"),
        ("0000-01-01", "out-of-range"),
        ("1969-12-31", "out-of-range"),
        ("2200-01-01", "out-of-range"),
        ("9999-12-27", "out-of-range"),
    ):
        assert getattr(parse_date(text), "code", None) == code
    assert (str(parse_date("1970-01-01")), str(parse_date("2199-12-31"))) == ("1970-01-01", "2199-12-31")
    assert parse_clock("9:05") == (9 * 60 + 5) * 60_000
    assert isinstance(parse_clock("24:00"), Fault)


WRITTEN = st.text("0123456789.-%sm: x", max_size=12)


@given(WRITTEN)
@example("60%-100%")
@example("60 - 100 %")
@example("1%%")
@example("%1%")
@example("0%1%")
@example("6% 5%")
@example("60%-100")
@example("1-2-3")
@example("\u0661-2")
def test_the_pattern_says_the_same_as_the_parser(text: str) -> None:
    for sort in (REPS, SETS, TIME):
        found = parse_growth(text, sort)
        refused = isinstance(found, Fault) and CODES[found.code].structural
        assert refused == (re.search(growth_pattern(sort), text) is None)


@given(st.text("0123456789-: ", max_size=12))
@example("2027-02-30")
@example("1969-12-31")
@example("1970-01-01")
@example("2199-12-31")
@example("2200-01-01")
@example("9999-99-99")
@example("23:59")
def test_patterns_of_dates_and_times_say_the_same_as_their_parsers(text: str) -> None:
    for parse, pattern in ((parse_date, DATE_PATTERN), (parse_clock, CLOCK_PATTERN)):
        found = parse(text)
        refused = isinstance(found, Fault) and CODES[found.code].structural
        assert refused == (re.search(pattern, text) is None)


ENDS = st.integers(1, 3_600_000)
COUNT = st.integers(1, 100)


@given(ENDS, ENDS, COUNT, st.sampled_from([1, 1000, 60_000]))
def test_growth_is_even_exact_at_its_ends_and_never_beyond_them(
    first: int, last: int, count: int, grain: int
) -> None:
    values = [settled(Growth(first, last), index, count, grain) for index in range(count)]
    assert values[0] == first
    if count > 1:
        assert values[-1] == last
    assert values == sorted(values, reverse=last < first)
    steps = [abs(after - before) for before, after in pairwise(values)]
    assert not steps or max(steps) - min(steps) <= 2 * grain


@given(ENDS, ENDS, st.integers(2, 100))
def test_the_way_back_is_the_way_there(first: int, last: int, count: int) -> None:
    there = [evenly(first, last, index, count) for index in range(count)]
    back = [evenly(last, first, index, count) for index in range(count)]
    assert all(abs(one - other) <= 1 for one, other in zip(there, reversed(back), strict=True))


@given(st.floats(0.25, 4.0), st.floats(0.25, 4.0), COUNT)
def test_paces_stay_between_their_ends(first: float, last: float, count: int) -> None:
    paces = [settled_pace(Growth(first, last), index, count) for index in range(count)]
    assert paces[0] == first
    assert paces[-1] == (last if count > 1 else first)
    low, high = sorted((first, last))
    assert all(low - 0.01 <= pace <= high + 0.01 for pace in paces)
    assert all(0.25 <= pace <= 4.0 for pace in paces)


def test_whole_seconds_stay_whole_seconds() -> None:
    assert [settled(Growth(3000, 5000), index, 4, 1000) for index in range(4)] == [3000, 4000, 4000, 5000]
    assert [settled(Growth(3000, 3500), index, 3, 1000) for index in range(3)] == [3000, 3250, 3500]
    minutes = [settled(Growth(600_000, 1_200_000), index, 4, 60_000) for index in range(4)]
    assert minutes == [600_000, 780_000, 1_020_000, 1_200_000]
