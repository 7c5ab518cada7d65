import math

import numpy as np
import pytest

from breathcue.audio.beds import session_bed
from breathcue.audio.loudness import Level, measure, session_gain_db
from breathcue.audio.mixer import CueSource, Span, mix, mix_sources
from breathcue.audio.sounds import sounds
from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.dsp.peaks import true_peak_dbtp
from timelines import (
    Clips,
    bed_cue,
    breath_cue,
    clip_of,
    clips_of,
    impulse_clip,
    long_session,
    speech_like,
    timeline_of,
    tone_cue,
    voice_cue,
)


def level_with(lufs, peak_dbtp):
    return Level(lufs, lufs, lambda above: max(above, 10 ** (peak_dbtp / 20)))


@pytest.mark.parametrize("minutes", [0.5, 1.1])
def test_the_loudness_without_mixing_is_that_of_the_mix(minutes):
    timeline = long_session(minutes)
    clips = clips_of(timeline)
    mixed = np.concatenate([block.samples for block in mix(timeline, clips, 1.0)])
    level = measure(timeline, clips)
    assert level.lufs == pytest.approx(integrated_lufs(hop_energy(mixed)[: len(mixed) // 192]), abs=0.01)
    assert level.peak_dbtp() == pytest.approx(true_peak_dbtp(mixed), abs=0.05)


def test_each_text_is_fetched_once_for_each_island_that_is_not_like_another():
    timeline = long_session(0.6, distinct=7)
    clips = clips_of(timeline)
    measure(timeline, clips)
    # One text also follows the opening bowl too closely for an island of its own.
    assert sorted(clips.asked.values()) == [1, 1, 1, 1, 1, 1, 2]


def test_silence_has_no_loudness_and_gets_no_gain():
    level = measure(timeline_of([], 10_000), Clips({}))
    assert (level.lufs, level.leading_lufs, level.peak_dbtp()) == (-math.inf, -math.inf, -math.inf)
    assert session_gain_db(level) == 0.0


def test_a_session_shorter_than_one_gating_block_is_left_as_it_is():
    level = measure(timeline_of([voice_cue(0, 100, "x")], 300), Clips({"x": impulse_clip(100, height=0.5)}))
    assert level.lufs == -math.inf
    assert session_gain_db(level) == 0.0


def whole(timeline, clips, bed=None):
    sources = [CueSource(timeline.cues, sounds(clips)), *([bed] if bed else [])]
    blocks = mix_sources(sources, 1.0, [Span(0, timeline.duration_ms * 48)])
    return np.concatenate([block.samples for block in blocks])


@pytest.mark.parametrize("at", [468, 480, 492])
@pytest.mark.parametrize("height", [0.5, -0.5])
def test_where_a_tone_and_a_voice_overlap_the_peak_is_that_of_their_sum(at, height):
    clips = Clips({"x": impulse_clip(500, at=495 * 48, height=height)})
    apart = measure(timeline_of([voice_cue(0, 500, "x"), tone_cue(600, "wood")], 2000), clips)
    assert 10 ** (apart.peak_dbtp() / 20) == pytest.approx(0.5, abs=0.001)
    timeline = timeline_of([voice_cue(0, 500, "x"), tone_cue(at, "wood")], 2000)
    together = measure(timeline, clips)
    assert together.peak_dbtp() == pytest.approx(true_peak_dbtp(whole(timeline, clips)), abs=1e-6)
    assert together.peak_dbtp() != pytest.approx(apart.peak_dbtp(), abs=0.01)


@pytest.mark.parametrize("bed", ["ocean", "brown"])
@pytest.mark.parametrize("start_ms", [1_200, 9_600])
def test_the_peak_of_a_session_with_breath_tones_and_a_bed_is_that_of_the_mix(bed, start_ms):
    voice = [voice_cue(start_ms + 3_000 * i, 1_500, f"v{i}") for i in range(3)]
    tones = [breath_cue(2_400 + 4_800 * i, 3_984, "inhale-clear") for i in range(3)]
    timeline = timeline_of([*voice, *tones, bed_cue(bed, 20_000)], 20_000)
    clips = Clips({cue.text: clip_of(speech_like(1_500, i)) for i, cue in enumerate(voice)})
    source = session_bed(timeline, None)
    measured = measure(timeline, clips, source)
    assert measured.peak_dbtp() == pytest.approx(true_peak_dbtp(whole(timeline, clips, source)), abs=1e-6)
    assert measured.peak_dbtp() > measure(timeline_of(voice, 20_000), clips).peak_dbtp() - 0.3


def test_breath_tones_and_a_bed_leave_the_level_of_the_voice_alone():
    voice = [voice_cue(1_200 + 30_000 * i, 1_000, f"v{i}") for i in range(4)]
    tones = [breath_cue(2_400 + 4_800 * i, 4_800, "inhale-clear") for i in range(23)]
    clips = Clips({cue.text: clip_of(speech_like(1_000, i)) for i, cue in enumerate(voice)})
    bare = measure(timeline_of(voice, 120_000), clips)
    timeline = timeline_of([*voice, *tones, bed_cue("ocean", 120_000)], 120_000)
    level = measure(timeline, clips, session_bed(timeline, None))
    assert level.leading_lufs == bare.leading_lufs
    assert level.lufs < bare.lufs - 3
    assert session_gain_db(level) == session_gain_db(bare)


@pytest.mark.parametrize(
    ("lufs", "peak", "headroom", "gain"),
    [
        (-16.7, -5.0, 0.0, 0.5),  # in steps of half a dB
        (-15.2, -5.0, 0.0, -1.0),
        (-16.4, -5.0, 0.0, 0.0),  # near enough: then live and file sound alike
        (-15.6, -5.0, 0.0, 0.0),
        (-16.2, -0.5, 0.0, -0.5),  # but the peak matters even then
        (-45.0, -20.0, 0.0, 2.0),  # almost no speech: 2 dB at most
        (-10.0, -5.0, 0.0, -2.0),
        (-17.0, -1.5, 0.0, 0.5),  # the peak stops at -1 dBTP
        (-17.0, -3.5, 2.0, 0.5),  # or at -3, before an encoder
        (-17.0, -3.4999, 2.0, 0.5),
        (-17.0, -3.4, 2.0, 0.0),
        (-16.0, 3.0, 0.0, -4.0),  # and the peak matters more than the 2 dB
    ],
)
def test_the_gain_of_a_session(lufs, peak, headroom, gain):
    assert session_gain_db(level_with(lufs, peak), headroom_db=headroom) == pytest.approx(gain)
