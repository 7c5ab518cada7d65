"""The built-in beds, with instruments: level, spectrum, seams, repetition; the same samples whoever asks for them."""

import hashlib
import subprocess
import sys
import threading
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.audio.beds import (
    BED_LUFS,
    FADE_IN_MS,
    FADE_OUT_MS,
    HIGHEST_DBFS,
    PAGE,
    fade_in,
    fade_out,
    open_bed,
    session_bed,
)
from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.library.beds import bed_names, bed_plans
from breathcue.timeline.time import Ms
from timelines import bed_cue, timeline_of, voice_cue

RATE = 48_000
NAMES = bed_names()


@cache
def heard(name: str, seconds: int = 180) -> np.ndarray:
    """Return the first minutes of a bed, undisturbed."""
    out = np.zeros(seconds * RATE, np.float32)
    open_bed(name, None, Ms(0)).add(out, 0)
    return out


def test_there_are_four_and_none_is_no_bed():
    assert NAMES == ("brown", "ocean", "pad", "rain")
    assert all(bed_plans()[name].about for name in NAMES)
    with pytest.raises(KeyError):
        open_bed("none", None, Ms(0))


@pytest.mark.parametrize("name", NAMES)
class TestEachBed:
    def test_is_as_loud_as_the_others(self, name):
        assert integrated_lufs(hop_energy(heard(name))) == pytest.approx(BED_LUFS, abs=0.5)

    def test_no_sample_is_higher_than_a_bed_may_be(self, name):
        assert 20 * np.log10(np.abs(heard(name)).max()) < HIGHEST_DBFS - 3

    def test_has_no_rumble_and_nothing_shrill(self, name):
        samples = heard(name).astype(np.float64)[: 1 << 22]
        power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
        outside = power[(hertz < 35) | (hertz > 14_000)].sum()
        assert outside < 1e-6 * power.sum()
        assert power[(hertz < 40) | (hertz > 12_000)].sum() < 1e-3 * power.sum()

    def test_has_no_click_anywhere(self, name):
        # A click is a step that the sound's own steps do not foretell: of noise they are spread as chance spreads them,
        # and the largest of 8.6 million lies at 5.5 times their root mean square. Drops of rain are higher.
        steps = np.diff(heard(name).astype(np.float64))
        usual = np.sqrt(np.mean(steps.reshape(-1)[: len(steps) // 480 * 480].reshape(-1, 480) ** 2, axis=1))
        largest = np.abs(steps[: len(steps) // 480 * 480].reshape(-1, 480)).max(axis=1)
        around = np.maximum(usual, np.convolve(usual, np.ones(5) / 5, mode="same"))
        assert (largest / around).max() < (14 if name == "rain" else 7)

    def test_pages_meet_as_any_two_samples_do(self, name):
        samples = heard(name).astype(np.float64)
        seams = np.abs(np.diff(samples)[PAGE - 1 :: PAGE])
        anywhere = np.sqrt(np.mean(np.diff(samples) ** 2))
        assert np.sqrt(np.mean(seams**2)) == pytest.approx(anywhere, rel=0.3)

    def test_never_comes_round_again(self, name):
        samples = heard(name)
        size = 1 << 24  # long enough for shifts of up to 150 s
        spectrum = np.fft.rfft(samples, size)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2, size)[: len(samples) - 30 * RATE] / np.sum(
            samples**2
        )
        # From three seconds on; a loop that came round would show there with 1, and three loops of several lengths with
        # a third. Notes of one pitch resemble each other a little.
        assert np.abs(correlation[3 * RATE :]).max() < (0.15 if name == "pad" else 0.06)

    def test_its_waves_do_not_come_round_either(self, name):
        loudness = np.sqrt(np.mean(heard(name).reshape(-1, RATE // 4) ** 2, axis=1))
        away = loudness - loudness.mean()
        correlation = np.correlate(away, away, mode="full")[len(away) :] / np.sum(away**2)
        assert np.abs(correlation[4 * 5 :]).max() < 0.8

    @settings(deadline=None, max_examples=20)
    @given(start=st.integers(0, 150 * RATE), length=st.integers(1, 100_000), cut=st.floats(0, 1))
    def test_any_block_gives_the_same_samples(self, name, start, length, cut):
        bed = open_bed(name, None, Ms(0))
        out = np.zeros(length, np.float32)
        at = int(cut * length)
        bed.add(out[at:], start + at)
        bed.add(out[:at], start)
        assert np.array_equal(out, heard(name)[start : start + length])

    def test_blocks_of_ten_milliseconds_give_the_same_samples(self, name):
        bed = open_bed(name, None, Ms(0))
        out = np.zeros(3 * RATE, np.float32)
        for start in range(0, len(out), 480):
            bed.add(out[start : start + 480], 7 * RATE + start)
        assert np.array_equal(out, heard(name)[7 * RATE : 10 * RATE])

    def test_a_gain_is_one_factor_a_sample(self, name):
        gain = np.linspace(0, 1, 50_000, dtype=np.float32)
        out = np.ones(50_000, np.float32)
        open_bed(name, None, Ms(0)).add(out, 12_345, gain)
        assert np.allclose(out, 1 + heard(name)[12_345:62_345] * gain, atol=1e-6)

    def test_several_threads_hear_the_same(self, name):
        bed = open_bed(name, None, Ms(0))
        outs = [np.zeros(20 * RATE, np.float32) for _ in range(3)]

        def read(out: np.ndarray, block: int) -> None:
            for start in range(0, len(out), block):
                bed.add(out[start : start + block], start)

        threads = [threading.Thread(target=read, args=(out, 5_000 + 977 * i)) for i, out in enumerate(outs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(np.array_equal(out, heard(name)[: len(out)]) for out in outs)


def test_beds_are_the_same_in_another_process():
    script = """
import hashlib
import numpy as np
from breathcue.audio.beds import open_bed
for name in ("brown", "ocean", "pad", "rain"):
    out = np.zeros(48_000 * 20, np.float32)
    open_bed(name, None, 0).add(out, 0)
    print(hashlib.sha256(out.tobytes()).hexdigest())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    here = [hashlib.sha256(heard(name)[: 20 * RATE].tobytes()).hexdigest() for name in NAMES]
    assert done.stdout.split() == here


def test_the_ocean_swells_slowly():
    loudness = 10 * np.log10(np.mean(heard("ocean").reshape(-1, RATE // 2) ** 2, axis=1))
    assert 6 < np.percentile(loudness, 95) - np.percentile(loudness, 5) < 16
    assert np.abs(np.diff(loudness)).max() < 5


def test_fades_begin_and_end_at_nought_and_fit_together():
    three, five = FADE_IN_MS * 48, FADE_OUT_MS * 48
    rise, fall = fade_in(0, three + 1), fade_out(five, five + 1)
    assert (rise[0], rise[-1], fall[0], fall[-1]) == (0, 1, 1, 0)
    assert (np.diff(rise) >= 0).all()
    assert (np.diff(fall) <= 0).all()
    assert np.array_equal(fade_in(1000, 500), rise[1000:1500])
    assert np.array_equal(fade_out(five - 1000, 500), fall[1000:1500])


class TestInASession:
    TIMELINE = timeline_of([voice_cue(12_000, 2_000, "x"), bed_cue("brown", 40_000)], 40_000)

    def sound(self) -> np.ndarray:
        out = np.zeros(40_000 * 48, np.float32)
        session_bed(self.TIMELINE, None).add(out, 0)
        return out

    def test_it_fades_in_and_out_and_makes_way(self):
        with np.errstate(all="ignore"):
            gain = self.sound() / heard("brown")[: 40_000 * 48]
        at = {
            ms: float(np.nanmedian(gain[ms * 48 : ms * 48 + 96]))
            for ms in (0, 1500, 3000, 11_300, 11_700, 12_000)
        }
        assert at == pytest.approx(
            {0: 0, 1500: 0.5, 3000: 1, 11_300: 1, 11_700: 10**-0.35, 12_000: 10**-0.7}, abs=0.01
        )
        at = {
            ms: float(np.nanmedian(gain[ms * 48 : ms * 48 + 96]))
            for ms in (13_990, 14_750, 15_500, 35_000, 37_500)
        }
        assert at == pytest.approx(
            {13_990: 10**-0.7, 14_750: 10**-0.35, 15_500: 1, 35_000: 1, 37_500: 0.5}, abs=0.01
        )
        assert np.abs(self.sound()[-48:]).max() < 1e-6

    def test_any_block_gives_the_same_samples(self):
        whole, source = self.sound(), session_bed(self.TIMELINE, None)
        for block in (480, 24_000, 31_337):
            out = np.zeros(len(whole), np.float32)
            for start in range(0, len(out), block):
                source.add(out[start : start + block], start)
            assert np.array_equal(out, whole)

    def test_a_session_without_one_has_none(self):
        assert session_bed(timeline_of([voice_cue(0, 1_000, "x")], 3_000), None) is None
