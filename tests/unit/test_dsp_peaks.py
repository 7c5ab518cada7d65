"""True peaks against tones whose peak is known, and a limiter that never lets one through."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.dsp.peaks import limit, true_peak, true_peak_dbtp

RATE = 48_000


@pytest.mark.parametrize("frequency", [100.0, 997.0, 6000.0, 12_000.0])
@pytest.mark.parametrize("phase", [0.0, 0.25, 0.5])
def test_finds_the_peak_between_samples(frequency: float, phase: float) -> None:
    """At a quarter of the rate and 45 degrees, samples lie 3 dB below the peak (EBU Tech 3341, case 16)."""
    time = np.arange(RATE // 2) / RATE
    samples = (0.5 * np.sin(2 * np.pi * (frequency * time + phase / 2))).astype(np.float32)
    samples *= np.minimum(1, np.minimum(np.arange(len(samples)), np.arange(len(samples))[::-1]) / 2400)
    assert true_peak_dbtp(samples) == pytest.approx(-6.02, abs=0.2)


def test_silence_has_no_peak() -> None:
    assert true_peak_dbtp(np.zeros(0, np.float32)) == -math.inf
    assert true_peak_dbtp(np.zeros(480, np.float32)) == -math.inf


def test_one_sample_is_its_own_peak() -> None:
    assert true_peak_dbtp(np.array([0.5], np.float32)) == pytest.approx(-6.02, abs=0.01)


@settings(max_examples=60)
@given(
    seed=st.integers(0, 2**32 - 1),
    length=st.integers(1, 30_000),
    loud=st.floats(0.05, 20.0),
    smooth=st.integers(1, 40),
    ceiling=st.floats(-20.0, -0.1),
)
def test_nothing_passes_the_limiter(seed: int, length: int, loud: float, smooth: int, ceiling: float) -> None:
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(length + smooth - 1), np.ones(smooth) / smooth, mode="valid")
    bursts = np.repeat(rng.random(length // 500 + 1) ** 4, 500)[:length]
    samples = (noise * bursts * loud).astype(np.float32)
    limited, peak = limit(samples, ceiling)
    assert peak == pytest.approx(true_peak(limited), rel=1e-6)
    assert len(limited) == length
    assert limited.dtype == np.float32
    assert true_peak_dbtp(limited) <= ceiling + 1e-5
    assert np.all(np.abs(limited) <= np.abs(samples) * (1 + 1e-6))
    assert np.array_equal(limit(samples, ceiling)[0], limited)


def test_quiet_samples_come_back_unchanged() -> None:
    samples = (0.2 * np.sin(np.arange(9600) / 20)).astype(np.float32)
    limited, peak = limit(samples, -4.0)
    assert limited is samples
    assert peak == true_peak(samples)


def test_the_limiter_works_around_the_peak_only() -> None:
    samples = (0.2 * np.sin(np.arange(RATE) / 20)).astype(np.float32)
    samples[24_000:24_100] *= 4
    limited, _ = limit(samples, -4.0)
    assert np.array_equal(limited[:23_000], samples[:23_000])
    np.testing.assert_allclose(limited[30_000:], samples[30_000:], rtol=1e-4)
    gain = limited[23_000:30_000] / np.where(samples[23_000:30_000] == 0, 1, samples[23_000:30_000])
    assert np.abs(np.diff(gain[gain != 0])).max() < 0.01
