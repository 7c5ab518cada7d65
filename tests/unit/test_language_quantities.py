"""Times and amounts: exact, in every spelling, and refused exactly where the pattern of the schema refuses."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from breathcue.diagnostics.codes import CODES
from breathcue.language.quantities import (
    DURATION_PATTERN,
    DURATION_RANGE_PATTERN,
    Fault,
    count_pattern,
    parse_count,
    parse_count_range,
    parse_duration,
    parse_duration_range,
    parse_number,
)
from breathcue.language.routine import Range

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("4s", 4000),
        ("1m30s", 90_000),
        ("1:30", 90_000),
        ("1:02:30", 3_750_000),
        ("90", 90_000),
        ("1.5s", 1500),
        ("1.001s", 1001),
        ("500ms", 500),
        ("2m", 120_000),
        ("1h", HOUR),
        ("0.5m", 30_000),
        ("0.0166666666666s", None),
        ("1.5", 1500),
        ("010", 10_000),
        ("0:05", 5000),
        (" 4s ", 4000),
        ("1h0m0s5ms", HOUR + 5),
        ("0.1s", 100),
        ("1.100000000000000000s", 1100),
    ],
)
def test_duration(text: str, ms: int | None) -> None:
    found = parse_duration(text, 2 * HOUR)
    assert (None if isinstance(found, Fault) else found) == ms


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10-15", 10_000, 15_000),
        ("10s-15s", 10_000, 15_000),
        ("20-40s", 20_000, 40_000),
        ("1:00-1:30", 60_000, 90_000),
        ("10 - 15", 10_000, 15_000),
        ("1-2m", 60_000, 120_000),
        ("250-500ms", 250, 500),
        ("30-1m30s", 30_000, 90_000),
        ("90-2:00", 90_000, 120_000),
        ("10s-15", 10_000, 15_000),
        ("5-5", 5000, 5000),
        ("30s", 30_000, 30_000),
    ],
)
def test_range(text: str, low: int, high: int) -> None:
    assert parse_duration_range(text, HOUR) == Range(low, high)


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("15-10", "range-reversed", "Write `10-15`."),
        ("40-20s", "range-reversed", "Write `20s-40s`."),
        ("0-10", "not-positive", None),
        ("0", "not-positive", None),
        ("-4s", "not-positive", None),
        ("4 seconds", "bad-duration", "Write `4s`."),
        ("1 min 30 sec", "bad-duration", "Write `1m30s`."),
        ("10 to 15 seconds", "bad-duration", "Write `10-15s`."),
        ("10–15", "bad-duration", "Write `10-15`."),
        ("1,5s", "bad-duration", "Write `1.5s`."),
        ("1:5", "bad-duration", "Write `1:05`."),
        ("2h", "duration-too-long", "Did you mean `2m`?"),
        ("9" * 5000, "bad-duration", None),
        ("9" * 100, "duration-too-long", None),
        ("1.0005s", "duration-too-fine", None),
        ("soon", "bad-duration", None),
        ("1m-90", "bad-duration", None),
    ],
)
def test_faults_come_with_their_fix(text: str, code: str, fix: str | None) -> None:
    fault = parse_duration_range(text, HOUR)
    assert isinstance(fault, Fault)
    assert fault.code == code
    assert fault.fix
    assert fix is None or fault.fix == fix


def test_a_range_where_one_time_belongs_is_named_as_such() -> None:
    fault = parse_duration("4-6s", HOUR)
    assert isinstance(fault, Fault)
    assert "range" in fault.message


@pytest.mark.parametrize(
    "fault", [parse_count("2-3", 100), parse_count("x", 100), parse_count_range("8.5", 100)]
)
def test_amounts_that_are_none(fault: object) -> None:
    assert isinstance(fault, Fault)
    assert fault.code == "bad-number"


@pytest.mark.parametrize(
    ("written", "fix"), [("x10", "Write `10`."), ("10 times", "Write `10`."), ("8 to 10", "Write `8-10`.")]
)
def test_amounts_have_fixes(written: str, fix: str) -> None:
    fault = parse_count_range(written, 1000)
    assert isinstance(fault, Fault)
    assert fault.fix == fix


def test_numbers() -> None:
    assert parse_number("0.25", 0.25, 4) == 0.25
    assert parse_number("4", 0.25, 4) == 4
    for text, code in (
        ("4.01", "out-of-range"),
        ("nan", "bad-number"),
        ("1e1", "bad-number"),
        ("", "bad-number"),
    ):
        fault = parse_number(text, 0.25, 4)
        assert isinstance(fault, Fault)
        assert fault.code == code


TIMES = st.text(alphabet="0123459.:-hms ", max_size=14)


def is_structural(found: object) -> bool:
    return isinstance(found, Fault) and CODES[found.code].structural


@given(TIMES)
@example("-")
@example("0-")
@example("1-0:00")
@example("0ms-1")
def test_patterns_refuse_what_the_parsers_refuse(text: str) -> None:
    assert is_structural(parse_duration(text, HOUR)) == (not re.search(DURATION_PATTERN, text))
    assert is_structural(parse_duration_range(text, HOUR)) == (not re.search(DURATION_RANGE_PATTERN, text))


@given(st.text(alphabet="0123459- ", max_size=8), st.sampled_from([100, 1000]))
def test_patterns_of_amounts_refuse_what_the_parsers_refuse(text: str, limit: int) -> None:
    assert is_structural(parse_count(text, limit)) == (
        not re.search(count_pattern(limit, ranged=False), text)
    )
    assert is_structural(parse_count_range(text, limit)) == (
        not re.search(count_pattern(limit, ranged=True), text)
    )


@given(st.integers(1, HOUR))
def test_every_millisecond_can_be_written_in_every_unit_that_holds_it(ms: int) -> None:
    assert parse_duration(f"{ms}ms", HOUR) == ms
    assert parse_duration(f"{ms // 1000}.{ms % 1000:03}s", HOUR) == ms
    minutes, rest = divmod(ms, 60_000)
    assert parse_duration(f"{minutes}m{rest}ms", HOUR) == ms
