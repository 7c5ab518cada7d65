import math

import numpy as np
import pytest

from breathcue.audio.loudness import Level, measure, session_gain_db
from breathcue.audio.mixer import mix
from breathcue.audio.tones import tone_clip
from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.dsp.peaks import true_peak_dbtp
from timelines import Clips, clips_of, impulse_clip, long_session, timeline_of, tone_cue, voice_cue


@pytest.mark.parametrize("minutes", [0.5, 1.1])
def test_the_loudness_without_mixing_is_that_of_the_mix(minutes):
    timeline = long_session(minutes)
    clips = clips_of(timeline)
    mixed = np.concatenate([block.samples for block in mix(timeline, clips, 1.0)])
    level = measure(timeline, clips)
    assert level.lufs == pytest.approx(integrated_lufs(hop_energy(mixed)[: len(mixed) // 192]), abs=0.01)
    assert level.peak_dbtp == pytest.approx(true_peak_dbtp(mixed), abs=0.05)


def test_each_text_is_fetched_once():
    timeline = long_session(0.6, distinct=7)
    clips = clips_of(timeline)
    measure(timeline, clips)
    assert set(clips.asked.values()) == {1}


def test_silence_has_no_loudness_and_gets_no_gain():
    level = measure(timeline_of([], 10_000), Clips({}))
    assert level == Level(-math.inf, -math.inf)
    assert session_gain_db(level) == 0.0


def test_a_session_shorter_than_one_gating_block_is_left_as_it_is():
    level = measure(timeline_of([voice_cue(0, 100, "x")], 300), Clips({"x": impulse_clip(100, height=0.5)}))
    assert level.lufs == -math.inf
    assert session_gain_db(level) == 0.0


def test_where_a_tone_and_a_voice_overlap_their_peaks_add():
    clips = Clips({"x": impulse_clip(500, at=495 * 48, height=0.5)})
    apart = measure(timeline_of([voice_cue(0, 500, "x"), tone_cue(600, "wood")], 2000), clips)
    together = measure(timeline_of([voice_cue(0, 500, "x"), tone_cue(480, "wood")], 2000), clips)
    assert 10 ** (apart.peak_dbtp / 20) == pytest.approx(0.5, abs=0.001)
    knock = 10 ** (true_peak_dbtp(tone_clip("wood").samples) / 20)
    assert 10 ** (together.peak_dbtp / 20) == pytest.approx(0.5 + knock, abs=0.001)


@pytest.mark.parametrize(
    ("lufs", "peak", "headroom", "gain"),
    [
        (-16.7, -5.0, 0.0, 0.7),
        (-15.3, -5.0, 0.0, -0.7),
        (-16.4, -5.0, 0.0, 0.0),  # near enough: then live and file sound alike
        (-15.6, -5.0, 0.0, 0.0),
        (-16.2, -0.5, 0.0, -0.5),  # but the peak matters even then
        (-45.0, -20.0, 0.0, 2.0),  # almost no speech: 2 dB at most
        (-10.0, -5.0, 0.0, -2.0),
        (-17.0, -1.5, 0.0, 0.5),  # the peak stops at -1 dBTP
        (-17.0, -3.5, 2.0, 0.5),  # or at -3, before an encoder
        (-16.0, 3.0, 0.0, -4.0),  # and the peak matters more than the 2 dB
    ],
)
def test_the_gain_of_a_session(lufs, peak, headroom, gain):
    assert session_gain_db(Level(lufs, peak), headroom_db=headroom) == pytest.approx(gain)
