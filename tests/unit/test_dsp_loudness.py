"""Loudness against the reference filter, the tones of EBU Tech 3341 (one channel) and ffmpeg's own meter."""

import math
import re
import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import sosfilt

from breathcue.dsp import loudness
from breathcue.dsp.loudness import HOP, TAIL_HOPS, hop_energy, integrated_lufs, k_weight, reshaped_energy

RATE = 48_000
# ITU-R BS.1770-4, tables 1 and 2, written out again: the filter must not be tested against itself.
REFERENCE = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
# One channel carries 3.01 dB less than the two of EBU Tech 3341, whose -23 dBFS tone reads -23 LUFS.
ONE_CHANNEL = 10 * math.log10(2)


def tone(level_dbfs: float, seconds: float, frequency: float = 997.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return (10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def measure(*parts: np.ndarray) -> float:
    return integrated_lufs(hop_energy(np.concatenate(parts)))


@given(st.integers(1, 60_000), st.integers(0, 2**32 - 1))
def test_k_weighting_equals_the_recursive_filter(length: int, seed: int) -> None:
    samples = np.random.default_rng(seed).uniform(-1, 1, length).astype(np.float32)
    weighted = k_weight(samples)
    padded = np.zeros(len(weighted))
    padded[:length] = samples
    np.testing.assert_allclose(weighted, sosfilt(REFERENCE, padded), atol=1e-9)


@pytest.mark.parametrize("length", [0, 1, 191, 192, 193, 11_584, 11_585, 48_000])
def test_energy_covers_the_clip_and_the_tail(length: int) -> None:
    energy = hop_energy(np.ones(length, np.float32))
    assert len(energy) == math.ceil(length / HOP) + TAIL_HOPS
    assert energy.dtype == np.float64


def test_energy_of_clips_adds_up_to_the_energy_of_the_session() -> None:
    first, second = tone(-20, 1.2), tone(-26, 0.8, 440)
    gap = np.zeros(7 * HOP, np.float32)
    whole = hop_energy(np.concatenate((first, gap, second)))
    added = np.zeros(len(whole))
    added[: len(first) // HOP + TAIL_HOPS] += hop_energy(first)
    start = (len(first) + len(gap)) // HOP
    added[start:] += hop_energy(second)
    assert integrated_lufs(added) == pytest.approx(integrated_lufs(whole), abs=1e-4)


@pytest.mark.parametrize("level", [-23.0, -33.0, -3.0])
def test_steady_tone(level: float) -> None:
    """EBU Tech 3341, cases 1 and 2."""
    assert measure(tone(level, 20)) == pytest.approx(level - ONE_CHANNEL, abs=0.1)


def test_relative_gate_ignores_quiet_parts() -> None:
    """EBU Tech 3341, case 3: 10 s at -36, 60 s at -23, 10 s at -36 dBFS read as the loud part."""
    assert measure(tone(-36, 10), tone(-23, 60), tone(-36, 10)) == pytest.approx(-23 - ONE_CHANNEL, abs=0.1)


def test_absolute_gate_ignores_near_silence() -> None:
    """EBU Tech 3341, case 4: the same with 10 s at -72 dBFS at each end."""
    parts = (tone(-72, 10), tone(-36, 10), tone(-23, 60), tone(-36, 10), tone(-72, 10))
    assert measure(*parts) == pytest.approx(-23 - ONE_CHANNEL, abs=0.1)


def test_two_levels_within_the_gate() -> None:
    """EBU Tech 3341, case 5: 20 s at -26, 20.1 s at -20, 20 s at -26 dBFS average to -23."""
    assert measure(tone(-26, 20), tone(-20, 20.1), tone(-26, 20)) == pytest.approx(-23 - ONE_CHANNEL, abs=0.1)


def test_silence_has_no_loudness() -> None:
    assert integrated_lufs(np.zeros(0)) == -math.inf
    assert integrated_lufs(np.zeros(5)) == -math.inf
    assert integrated_lufs(np.zeros(1000)) == -math.inf
    assert measure(tone(-90, 3)) == -math.inf


def test_a_word_shorter_than_a_gating_block_is_measured_over_its_length() -> None:
    energy = hop_energy(tone(-23, 0.3))[: int(0.3 * RATE) // HOP]
    assert integrated_lufs(energy) == pytest.approx(-23 - ONE_CHANNEL, abs=0.1)


def test_loudness_and_mean_square_are_inverse() -> None:
    assert loudness.lufs(loudness.mean_square_of(-16.0)) == pytest.approx(-16.0)


@pytest.mark.encoder
def test_agrees_with_ffmpeg() -> None:
    import imageio_ffmpeg

    noise = np.random.default_rng(3).standard_normal(RATE * 12).astype(np.float32)
    swell = (np.sin(np.arange(len(noise)) / RATE * 1.7) ** 2 * noise * 0.1).astype(np.float32)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", "-f", "f32le", "-ar", "48000"]
    command += ["-ac", "1", "-i", "-", "-af", "ebur128", "-f", "null", "-"]
    done = subprocess.run(command, input=swell.tobytes(), capture_output=True, check=True)
    summary = done.stderr.decode().rsplit("Summary:", 1)[1]
    found = re.search(r"I:\s+(-?[\d.]+) LUFS", summary)
    assert found is not None
    assert measure(swell) == pytest.approx(float(found.group(1)), abs=0.1)


def test_energy_under_another_gain_is_known_without_weighting_again() -> None:
    rng = np.random.default_rng(5)
    before = (0.1 * rng.standard_normal(48_000 + 77)).astype(np.float32)
    energy = hop_energy(before)
    np.testing.assert_allclose(
        reshaped_energy(energy, before, before * 3)[:-TAIL_HOPS], energy[:-TAIL_HOPS] * 9, rtol=1e-5
    )
    gain = 1 + 0.5 * np.sin(2 * np.pi * 5 * np.arange(len(before)) / 48_000)
    after = (before * gain).astype(np.float32)
    exact, estimate = hop_energy(after), reshaped_energy(energy, before, after)
    assert len(estimate) == len(exact)
    assert integrated_lufs(estimate) == pytest.approx(integrated_lufs(exact), abs=0.005)


def test_silence_stays_silent_under_any_gain() -> None:
    silence = np.zeros(960, np.float32)
    assert not reshaped_energy(hop_energy(silence), silence, silence).any()
