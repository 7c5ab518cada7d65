"""How a bed makes way: 14 dB, from 600 ms before a word, back over 1.5 s, and down over gaps that are too short."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.audio.ducking import DEPTH_DB, RETURN, RETURN_MS, SINK, SINK_MS, depth_db, ducking
from breathcue.audio.mixer import Span

MS = 48


def plainly(speech: list[Span], place: int) -> float:
    """Return the depth at one sample, in the plainest way there is: speech run together, and lines between knots."""
    joined: list[list[int]] = []
    for span in speech:
        if joined and span.start - joined[-1][1] < RETURN + SINK:
            joined[-1][1] = span.stop
        else:
            joined.append([span.start, span.stop])
    deepest = 0.0
    for start, stop in joined:
        knots = [start - SINK, start, max(stop, start), stop + RETURN]
        deepest = max(deepest, float(np.interp(place, knots, [0, DEPTH_DB, DEPTH_DB, 0])))
    return deepest


@st.composite
def speeches(draw):
    spans, here = [], draw(st.integers(0, 100_000))
    for _ in range(draw(st.integers(0, 6))):
        length = draw(st.integers(1, 120_000))
        spans.append(Span(here, here + length))
        here += length + draw(st.integers(0, 250_000))
    return spans


def test_the_numbers_are_those_of_the_design():
    assert (DEPTH_DB, SINK_MS, RETURN_MS) == (14.0, 600, 1500)


def test_a_word_alone():
    word = [Span(2000 * MS, 3000 * MS)]
    depth = depth_db(word, 0, 6000 * MS)
    at = {ms: float(depth[ms * MS]) for ms in (0, 1399, 1400, 1700, 2000, 2999, 3000, 3750, 4500, 5999)}
    expected = {0: 0, 1399: 0, 1400: 0, 1700: 7, 2000: 14, 2999: 14, 3000: 14, 3750: 7, 4500: 0, 5999: 0}
    assert at == pytest.approx(expected, abs=1e-4)
    assert depth[2000 * MS - 1] == pytest.approx(14, abs=0.001)


@pytest.mark.parametrize(("gap_ms", "rises"), [(2099, False), (2100, True)])
def test_it_stays_down_over_a_gap_too_short_to_return_and_sink_again(gap_ms, rises):
    second = 1000 + gap_ms
    depth = depth_db([Span(0, 1000 * MS), Span(second * MS, (second + 500) * MS)], 0, (second + 500) * MS)
    assert depth.min() == (0.0 if rises else 14.0)


def test_without_words_it_stays_up():
    assert not depth_db([], 12_345, 1000).any()
    assert (ducking([], 12_345, 1000) == 1).all()


def test_the_first_word_may_come_before_there_is_time_to_sink():
    depth = depth_db([Span(100 * MS, 500 * MS)], 0, 100 * MS)
    assert depth[0] == pytest.approx(14 * 500 / 600, abs=0.01)
    assert depth[-1] == pytest.approx(14, abs=0.01)


@settings(deadline=None)
@given(speeches(), st.lists(st.integers(0, 1_500_000), min_size=1, max_size=12))
def test_each_sample_is_what_the_plainest_way_gives(speech, places):
    for place in places:
        assert depth_db(speech, place, 1)[0] == pytest.approx(plainly(speech, place), abs=1e-4)


@settings(deadline=None, max_examples=50)
@given(speeches(), st.integers(0, 600_000), st.integers(1, 60_000), st.data())
def test_any_block_gives_the_same(speech, start, length, data):
    whole = ducking(speech, start, length)
    cut = data.draw(st.integers(0, length))
    parts = ducking(speech, start, cut), ducking(speech, start + cut, length - cut)
    assert np.array_equal(np.concatenate(parts), whole)
    assert np.allclose(whole, 10 ** (-depth_db(speech, start, length) / 20), rtol=1e-5)


@settings(deadline=None)
@given(speeches(), st.integers(0, 600_000))
def test_only_speech_nearby_matters(speech, start):
    near = [s for s in speech if s.stop > start - RETURN - SINK and s.start < start + 480 + RETURN + SINK]
    assert np.array_equal(ducking(near, start, 480), ducking(speech, start, 480))


@settings(deadline=None, max_examples=25)
@given(speeches())
def test_it_never_jumps(speech):
    gain = ducking(speech, 0, 700_000)
    # 14 dB in 600 ms is a thousandth of a decibel from sample to sample, but for the word that begins a session.
    assert np.abs(np.diff(20 * np.log10(gain))).max() < 0.001
