"""From recording to clip: what is heard is kept, levelled, and the same to the last bit every time."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.dsp.loudness import TAIL_HOPS, hop_energy, integrated_lufs
from breathcue.dsp.peaks import true_peak, true_peak_dbtp
from breathcue.voices.base import Clip, Recording
from breathcue.voices.clip import CEILING_DBTP, TARGET_LUFS, from_int16, make_clip, to_int16

RATE = 24_000


def speech(seconds: float, level: float, seed: int = 0) -> np.ndarray:
    """Return something with the ups and downs of speech: a buzz in syllables, five a second."""
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 140 * k * time + seed) / k for k in range(1, 25))
    return (level * 0.4 * buzz * np.sin(np.pi * 2.5 * time) ** 2).astype(np.float32)


def made(samples: np.ndarray, rate: int = RATE) -> Clip:
    clip = make_clip(Recording(samples, rate))
    assert clip is not None
    return clip


def loudness(clip: Clip) -> float:
    return integrated_lufs(clip.energy[:-TAIL_HOPS])


@settings(max_examples=25, deadline=None)
@given(
    level=st.floats(0.01, 0.9),
    seconds=st.floats(0.2, 4.0),
    rate=st.sampled_from([16_000, 22_050, 24_000, 48_000]),
)
def test_every_clip_has_the_same_level_and_a_safe_peak(level: float, seconds: float, rate: int) -> None:
    clip = made(speech(seconds, level), rate)
    assert len(clip.samples) % 48 == 0
    assert clip.samples.dtype == np.float32
    assert true_peak_dbtp(clip.samples) <= CEILING_DBTP + 0.01
    assert TARGET_LUFS - 2 <= loudness(clip) <= TARGET_LUFS + 0.5
    assert clip.samples[0] == 0
    assert clip.samples[-1] == 0


def test_clips_are_the_same_to_the_last_bit() -> None:
    first, second = made(speech(2, 0.3)), made(speech(2, 0.3))
    assert np.array_equal(first.samples, second.samples)
    assert np.array_equal(first.energy, second.energy)


def test_the_energy_is_that_of_the_finished_samples() -> None:
    samples = speech(2, 0.3)
    samples[20_000:22_000] *= 2.5  # so that the limiter has something to do
    clip = made(samples)
    exact = hop_energy(clip.samples)
    assert len(clip.energy) == len(exact)
    assert loudness(clip) == pytest.approx(integrated_lufs(exact[:-TAIL_HOPS]), abs=0.02)


def test_the_peak_is_that_of_the_finished_samples() -> None:
    clip = made(speech(2, 0.3))
    assert clip.peak == pytest.approx(true_peak(clip.samples), abs=1e-4)


def test_silence_around_speech_is_cut() -> None:
    quiet = np.zeros(RATE, np.float32)
    body = speech(1, 0.3)
    clip = made(np.concatenate((quiet, body, quiet)))
    assert 900 <= clip.duration_ms <= 1100


def test_a_constant_offset_leaves_no_click() -> None:
    plain, offset = made(speech(1, 0.3)), made(speech(1, 0.3) + np.float32(0.1))
    assert offset.duration_ms == plain.duration_ms
    assert abs(float(offset.samples.mean())) < 1e-3


@pytest.mark.parametrize(
    "samples", [np.zeros(0, np.float32), np.zeros(RATE, np.float32), np.full(RATE, 5e-5, np.float32)]
)
def test_nothing_heard_is_no_clip(samples: np.ndarray) -> None:
    assert make_clip(Recording(samples, RATE)) is None


def test_intended_silence_keeps_its_length() -> None:
    clip = make_clip(Recording(np.zeros(2400, np.float32), RATE, silent=True))
    assert clip is not None
    assert clip.duration_ms == 100
    assert len(clip.energy) == 25 + TAIL_HOPS
    assert make_clip(Recording(np.zeros(0, np.float32), RATE, silent=True)) is None


def test_noise_is_not_lifted_to_the_level_of_speech() -> None:
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32) * 2e-4
    assert -60 < loudness(made(noise)) < TARGET_LUFS - 10


@given(st.lists(st.integers(-32_768, 32_767), max_size=200))
def test_sixteen_bits_survive_the_way_there_and_back(values: list[int]) -> None:
    integers = np.array(values, np.int16)
    assert np.array_equal(to_int16(from_int16(integers)), integers)


def test_loud_samples_do_not_wrap_around() -> None:
    assert to_int16(np.array([1.5, -1.5], np.float32)).tolist() == [32_767, -32_768]
    assert math.isclose(float(from_int16(np.array([-32_768], np.int16))[0]), -1)
