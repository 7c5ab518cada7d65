import hashlib
import subprocess
import sys

import numpy as np
import pytest

from breathcue.audio.tones import tone_clip
from breathcue.library.tones import (
    LONGEST_BREATH_TONE_MS,
    breath_tones,
    tone_lead_ms,
    tone_length_ms,
    tone_names,
    tones,
)
from breathcue.timeline.time import GRID_MS


def test_the_struck_tones_and_their_lengths():
    lengths = {"bell": 1800, "bowl": 4080, "countdown": 3600, "wood": 312}
    assert {name: tone_length_ms(name) for name in tone_names()} == lengths


def test_an_unknown_tone_has_no_length():
    with pytest.raises(KeyError):
        tone_length_ms("gong")


@pytest.mark.parametrize("name", tone_names())
class TestEachTone:
    def test_lasts_as_long_as_the_table_says(self, name):
        assert tone_clip(name).duration_ms == tone_length_ms(name)
        assert tone_length_ms(name) % GRID_MS == 0

    def test_peaks_at_its_level_which_is_20_db_down_or_softer(self, name):
        peak = 20 * np.log10(np.abs(tone_clip(name).samples).max())
        assert peak == pytest.approx(tones()[name].level_dbfs, abs=0.01)
        assert peak <= -20

    def test_begins_and_ends_at_nought_without_a_click(self, name):
        samples = tone_clip(name).samples.astype(np.float64)
        assert abs(samples[0]) < 1e-6
        assert abs(samples[-1]) < 1e-6
        # A click is sound where the partials are not: nothing above 5 kHz, which is an octave over the highest.
        spectrum = np.abs(np.fft.rfft(samples)) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / 48_000)
        assert spectrum[hertz > 5000].sum() < 1e-7 * spectrum.sum()

    def test_has_decayed_long_before_it_is_cut(self, name):
        samples = tone_clip(name).samples
        tail = np.abs(samples[-len(samples) // 10 :]).max()
        assert tail < 0.02 * np.abs(samples).max()

    def test_is_read_only(self, name):
        assert not tone_clip(name).samples.flags.writeable


def test_tones_are_the_same_in_another_process():
    made = [tone_clip(name) for name in tone_names()] + [tone_clip(name, 2400) for name in breath_tones()]
    here = [hashlib.sha256(clip.samples.tobytes()).hexdigest() for clip in made]
    script = """
import hashlib
from breathcue.audio.tones import tone_clip
from breathcue.library.tones import breath_tones, tone_names
made = [tone_clip(name) for name in tone_names()] + [tone_clip(name, 2400) for name in breath_tones()]
print(*(hashlib.sha256(clip.samples.tobytes()).hexdigest() for clip in made))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout.split() == here


def onsets(samples: np.ndarray) -> list[int]:
    """Return the ms at which a sound becomes suddenly louder."""
    loud = np.abs(samples.reshape(-1, 480)).max(axis=1)
    jumps = np.flatnonzero((loud[1:] > 4 * loud[:-1]) & (loud[1:] > 0.1 * loud.max())) + 1
    return [0, *(10 * int(j) for j in jumps)]


def pitch(samples: np.ndarray) -> float:
    """Return the strongest frequency, in Hz, between the bins of a windowed transform."""
    padded = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    return float(np.argmax(padded) * 48_000 / (1 << 18))


def test_a_countdown_ticks_three_times_a_second_apart_and_leads_to_a_higher_stroke():
    samples = tone_clip("countdown").samples
    assert onsets(samples) == [0, 1000, 2000, 3000]
    assert tone_lead_ms("countdown") == 3000
    assert tone_lead_ms("countdown") % GRID_MS == 0
    heard = [pitch(samples[at * 48 : at * 48 + 9_600]) for at in (0, 1000, 2000, 3000)]
    assert heard[:3] == pytest.approx([440, 440, 440], abs=2)
    assert heard[3] == pytest.approx(440 * 4 / 3, abs=2)


def test_every_other_tone_is_waited_for():
    assert all(tone_lead_ms(name) == tone_length_ms(name) for name in ("bell", "bowl", "wood"))


@pytest.mark.parametrize("name", breath_tones())
class TestEachBreathTone:
    @pytest.mark.parametrize("duration_ms", [24, 72, 480, 3984, 12_000, LONGEST_BREATH_TONE_MS])
    def test_lasts_exactly_as_long_as_the_breath_and_has_its_level(self, name, duration_ms):
        clip = tone_clip(name, duration_ms)
        assert len(clip.samples) == duration_ms * 48
        peak = 20 * np.log10(np.abs(clip.samples).max())
        assert peak == pytest.approx(-30 if name.endswith("soft") else -26, abs=0.01)

    @pytest.mark.parametrize("duration_ms", [480, 3984, 12_000])
    def test_rises_for_an_inhale_and_falls_for_an_exhale_by_a_fifth(self, name, duration_ms):
        samples = tone_clip(name, duration_ms).samples
        length = len(samples) // 8
        heard = [pitch(samples[i * length : (i + 1) * length]) for i in range(8)]
        loudness = [float(np.sum(samples[i * length : (i + 1) * length] ** 2)) for i in range(1, 7)]
        if name.startswith("exhale"):
            heard, loudness = heard[::-1], loudness[::-1]
        assert heard == sorted(heard)
        assert loudness[:-1] == sorted(loudness[:-1])
        if duration_ms > 480:
            assert heard[0] == pytest.approx(222, abs=4)
            assert heard[-1] == pytest.approx(327, abs=4)

    @pytest.mark.parametrize("duration_ms", [480, 3984, 12_000])
    def test_has_no_click_and_nothing_shrill(self, name, duration_ms):
        samples = tone_clip(name, duration_ms).samples.astype(np.float64)
        assert samples[0] == samples[-1] == 0
        # A sine of 330 Hz steps by 0.043 of its height from sample to sample, its overtones by two, three, four times
        # their share of that; the ends lie where the tone is soft.
        steps = np.abs(np.diff(samples)) / np.abs(samples).max()
        assert steps.max() < 0.11
        assert max(steps[:48].max(), steps[-48:].max()) < 0.005
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
        hertz = np.fft.rfftfreq(len(samples), 1 / 48_000)
        assert spectrum[(hertz > 3000) | (hertz < 150)].sum() < 1e-5 * spectrum.sum()

    def test_an_inhale_is_followed_by_its_mirror(self, name):
        one, other = name.split("-")
        mirror = breath_tones()[f"{'exhale' if one == 'inhale' else 'inhale'}-{other}"]
        assert (mirror.from_hz, mirror.to_hz) == (breath_tones()[name].to_hz, breath_tones()[name].from_hz)


def test_many_lengths_of_breath_take_a_bounded_room():
    from breathcue.audio import tones as room

    for duration in range(24, 24 * 400, 24 * 8):
        tone_clip("inhale-soft", duration)
    kept = room._breath_clips._clips.values()
    assert sum(len(clip.samples) for clip in kept) * 4 <= 35_000_000
    again = tone_clip("inhale-soft", duration)
    assert tone_clip("inhale-soft", duration) is again


def test_a_breath_tone_has_no_length_of_its_own():
    with pytest.raises(KeyError):
        tone_clip("inhale-soft")
    with pytest.raises(KeyError):
        tone_clip("gong", 480)
