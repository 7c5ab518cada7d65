"""The one clock: conversions against literals."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.timeline import time


def test_conversions() -> None:
    assert time.samples_from_ms(1) == 48
    assert time.samples_from_ms(24) == 1152
    assert time.ms_from_samples(48) == 1
    assert time.ms_from_samples(49) == 2
    assert time.ms_from_seconds(1.0005) == 1001
    assert time.scale(4000, 1.1) == 4400
    assert time.scale(1001, 0.5) == 501


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (65_040, "1:05"), (3_725_000, "1:02:05"), (59_999, "0:59")]
)
def test_clock(ms: int, text: str) -> None:
    assert time.clock(ms) == text


def test_clock_with_milliseconds() -> None:
    assert time.clock(65_040, millis=True) == "1:05.040"


@given(st.integers(0, 10**8))
def test_snapping_finds_the_neighbours_on_the_grid(ms: int) -> None:
    below, above = time.snap_down(ms), time.snap_up(ms)
    assert below <= ms <= above
    assert below % 24 == above % 24 == 0
    assert above - below in {0, 24}


@given(st.integers(0, 10**7), st.integers(1, 600_000), st.integers(1, 100))
def test_beats_tile_their_phase(start: int, duration: int, beats: int) -> None:
    starts = [time.beat_start(start, duration, k, beats) for k in range(beats + 1)]
    assert starts[0] == start
    assert starts[-1] == start + duration
    lengths = {b - a for a, b in pairwise(starts)}
    assert max(lengths) - min(lengths) <= 1
