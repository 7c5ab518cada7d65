import numpy as np
import pytest

from breathcue.audio.tones import tone_clip
from breathcue.library.tones import tone_length_ms, tone_names, tones
from breathcue.timeline.time import GRID_MS


def test_the_three_tones_and_their_lengths():
    assert {name: tone_length_ms(name) for name in tone_names()} == {"bell": 1800, "bowl": 4080, "wood": 312}


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

    def test_is_the_same_every_time(self, name):
        first = tone_clip(name).samples.copy()
        tone_clip.cache_clear()
        assert np.array_equal(tone_clip(name).samples, first)
        assert not tone_clip(name).samples.flags.writeable
