"""One pass over the samples gives every check what it needs, whatever the blocks it comes in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.dsp.peaks import true_peak
from breathcue.verify.hearing import PER_MS, Window, listen, thinned
from timelines import speech_like

SOUND = np.concatenate([np.zeros(9_000, np.float32), speech_like(2_500, 1), np.zeros(48_123, np.float32)])


def in_blocks(samples: np.ndarray, sizes: list[int]):
    at = 0
    for size in sizes:
        yield samples[at : at + size]
        at += size
    yield samples[at:]


@pytest.fixture(scope="module")
def whole():
    return listen([SOUND], [])


def test_the_length_is_exact(whole):
    assert whole.length == len(SOUND)


def test_loudness_and_peak_are_those_of_the_whole(whole):
    expected = integrated_lufs(hop_energy(SOUND)[: len(whole.energy)])
    assert integrated_lufs(whole.energy.astype(np.float64)) == pytest.approx(expected, abs=0.01)
    assert whole.true_peak == pytest.approx(true_peak(SOUND), rel=1e-5)


def test_a_peak_between_two_seconds_is_seen():
    sound = np.zeros(96_000, np.float32)
    sound[47_999:48_001] = 0.6
    assert listen([sound], []).true_peak == pytest.approx(true_peak(sound), rel=1e-5)
    assert true_peak(sound) > 0.7


def test_hops_say_where_the_sound_is(whole):
    loud = np.flatnonzero(whole.peaks)
    assert loud[0] == 9_000 // 192
    assert (loud[-1] + 1) * 192 <= 9_000 + 2_500 * 48 + 192
    assert np.sqrt(whole.power).max() <= whole.peaks.max()


@settings(max_examples=25, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 48_000), max_size=8),
    spans=st.lists(st.tuples(st.integers(-700, 4_000), st.integers(1, 1_500)), max_size=6),
)
def test_windows_hear_what_lies_in_them_whatever_the_blocks(sizes, spans):
    expected = np.pad(thinned(SOUND), 70_000)
    heard = []
    windows = [
        Window(start * PER_MS, (start + length) * PER_MS, lambda x, start=start: heard.append((start, x)))
        for start, length in spans
    ]
    listen(in_blocks(SOUND, sizes), windows)
    assert sorted(start for start, _ in heard) == sorted(start for start, _ in spans)
    for (start, sound), length in zip(heard, [w[1] for w in sorted(spans, key=sum)], strict=True):
        first = 70_000 + start * PER_MS
        assert len(sound) == length * PER_MS
        assert np.allclose(sound, expected[first : first + len(sound)], atol=1e-6)


def test_thinning_keeps_what_tells_words_apart_and_drops_the_rest():
    time = np.arange(48_000) / 48_000
    low, high = (np.sin(2 * np.pi * hz * time).astype(np.float32) for hz in (3_000, 12_000))
    assert np.sqrt(np.mean(thinned(low)[200:-200] ** 2)) == pytest.approx(np.sqrt(0.5), rel=0.01)
    assert np.abs(thinned(high)[200:-200]).max() < 0.002
    assert len(thinned(low)) == 16_000
