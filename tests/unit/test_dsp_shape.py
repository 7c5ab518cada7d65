"""Trimming keeps what is heard, fades start from nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.dsp.shape import db_from_gain, fade, gain_from_db, pad_to_multiple, remove_dc, trim_silence

RATE = 24_000


def burst(length: int, level: float) -> np.ndarray:
    return (level * np.sin(np.arange(length) / 3)).astype(np.float32)


def trim(samples: np.ndarray, before: float = 10, after: float = 20) -> np.ndarray:
    return trim_silence(samples, RATE, threshold_db=-40, guard_before_ms=before, guard_after_ms=after)


def test_silence_around_a_word_is_cut_up_to_the_guards() -> None:
    quiet = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * 1e-5
    samples = np.concatenate((quiet, burst(RATE // 2, 0.5), quiet))
    kept = trim(samples)
    window = RATE // 200
    assert 0.530 * RATE - 1 <= len(kept) <= 0.530 * RATE + 2 * window
    assert np.shares_memory(kept, samples)


def test_a_soft_consonant_is_kept() -> None:
    hiss = np.random.default_rng(0).standard_normal(RATE // 10).astype(np.float32) * 0.01
    silence = np.zeros(RATE // 2, np.float32)
    samples = np.concatenate((silence, hiss, burst(RATE // 4, 0.5), hiss, silence))
    kept = trim(samples)
    assert len(kept) >= 2 * len(hiss) + RATE // 4


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(5000, np.float32)])
def test_silence_trims_to_nothing(samples: np.ndarray) -> None:
    assert len(trim(samples)) == 0


def test_sound_up_to_the_edges_is_kept_whole() -> None:
    samples = burst(7001, 0.3)
    assert np.array_equal(trim(samples), samples)


@given(st.integers(0, 3000), st.integers(0, 800), st.integers(0, 800))
def test_fades_start_and_end_at_nought(length: int, fade_in: int, fade_out: int) -> None:
    samples = np.ones(length, np.float32)
    faded = fade(samples, fade_in=fade_in, fade_out=fade_out)
    assert len(faded) == length
    assert np.all(samples == 1)
    if fade_in and length > 1:
        assert faded[0] == 0
    if fade_out and length > 1:
        assert faded[-1] == 0
    assert np.all(faded[min(fade_in, length // 2) : length - min(fade_out, length // 2)] == 1)


def test_dc_is_removed() -> None:
    samples = burst(2400, 0.1) + np.float32(0.2)
    assert abs(float(remove_dc(samples).mean())) < 1e-6
    assert len(remove_dc(np.zeros(0, np.float32))) == 0


@given(st.integers(0, 500), st.integers(1, 48))
def test_padding_reaches_the_next_multiple(length: int, step: int) -> None:
    padded = pad_to_multiple(np.ones(length, np.float32), step)
    assert len(padded) % step == 0
    assert 0 <= len(padded) - length < step
    assert np.all(padded[length:] == 0)


def test_decibels() -> None:
    assert gain_from_db(-6.0) == pytest.approx(0.501, abs=1e-3)
    assert db_from_gain(gain_from_db(-4.5)) == pytest.approx(-4.5)
    assert db_from_gain(0.0) == -math.inf
