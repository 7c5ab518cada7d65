"""A clip is found where it is, to a fraction of a sample, and what is lost of it is told."""

import numpy as np
import pytest

from breathcue.audio.beds import open_bed
from breathcue.audio.tones import tone_clip
from breathcue.timeline.time import Ms
from breathcue.verify.hearing import PER_MS, thinned
from breathcue.verify.matching import REACH, losses, match
from timelines import speech_like

CLIP = thinned(speech_like(1_200, 3))


def window_of(clip: np.ndarray, offset: int, *, noise: float = 0.0, gain: float = 1.0) -> np.ndarray:
    window = np.random.default_rng(5).standard_normal(len(clip) + 2 * REACH).astype(np.float32) * noise
    window[REACH + offset : REACH + offset + len(clip)] += clip * np.float32(gain)
    return window


@pytest.mark.parametrize("offset_ms", [0, 1, 30, -30, 399, -399])
@pytest.mark.parametrize("noise", [0.0, 0.01])
def test_a_clip_is_found_where_it_is(offset_ms, noise):
    found = match(window_of(CLIP, offset_ms * PER_MS, noise=noise, gain=0.7), CLIP)
    assert found.offset / PER_MS == pytest.approx(offset_ms, abs=0.05)
    assert found.likeness > 0.97
    assert found.gain == pytest.approx(0.7, abs=0.02)


def test_a_shift_of_less_than_a_sample_is_seen():
    sound = np.pad(speech_like(1_200, 3), (1, 0))[:-1]
    assert match(window_of(thinned(sound), 0), CLIP).offset == pytest.approx(1 / 3, abs=0.1)


def test_another_word_or_silence_is_not_the_clip():
    assert match(window_of(thinned(speech_like(1_200, 8)), 0), CLIP).likeness < 0.5
    assert match(np.zeros(len(CLIP) + 2 * REACH, np.float32), CLIP).likeness == 0.0
    assert match(window_of(CLIP, 0), np.zeros_like(CLIP)).gain == 0.0


@pytest.mark.parametrize("name", ["bowl", "bell", "wood"])
@pytest.mark.parametrize("offset_ms", [0, 30])
def test_a_tone_is_found_although_it_is_like_itself_a_period_later(name, offset_ms):
    clip = thinned(tone_clip(name).samples)
    found = match(window_of(clip, offset_ms * PER_MS, noise=0.003), clip)
    assert found.offset / PER_MS == pytest.approx(offset_ms, abs=5.0)


@pytest.mark.parametrize("second", range(0, 40, 2))
def test_a_bell_is_found_at_its_time_over_music_that_holds_its_note(second):
    time = np.arange(second * 16_619, second * 16_619 + 4 * 16_000) / 16_000
    music = sum(np.sin(2 * np.pi * hz * time) for hz in (220.0, 330.0))
    clip = thinned(tone_clip("bell").samples)
    window = window_of(clip, 0)
    window += (music / np.sqrt(np.mean(music**2)) * 10 ** (-33 / 20)).astype(np.float32)[: len(window)]
    assert match(window, clip).offset / PER_MS == pytest.approx(0, abs=5.0)


@pytest.mark.parametrize("name", ["bowl", "bell", "wood"])
@pytest.mark.parametrize("bed", ["ocean", "pad"])
@pytest.mark.parametrize("offset_ms", [-24, 24])
def test_a_tone_that_slips_by_a_frame_over_a_bed_is_found_where_it_is(name, bed, offset_ms):
    clip = thinned(tone_clip(name).samples)
    window = window_of(clip, offset_ms * PER_MS)
    below = np.zeros(3 * len(window), np.float32)
    open_bed(bed, None, Ms(10_000)).add(below, 48_000)
    window += thinned(below)
    assert match(window, clip).offset / PER_MS == pytest.approx(offset_ms, abs=0.5)


def test_a_whole_clip_loses_nothing():
    assert losses(CLIP * np.float32(0.9), CLIP).total_ms == 0


@pytest.mark.parametrize("share", [0.1, 0.15, 0.5])
def test_what_is_cut_is_lost(share):
    cut = round(len(CLIP) * share)
    lost_ms = cut / PER_MS
    ending = CLIP.copy()
    ending[-cut:] = 0
    assert losses(ending, CLIP).tail_ms == pytest.approx(lost_ms, abs=80)
    beginning = CLIP.copy()
    beginning[:cut] = 0
    assert losses(beginning, CLIP).head_ms == pytest.approx(lost_ms, abs=80)


def test_an_early_fade_and_a_hole_are_losses_too():
    faded = CLIP.copy()
    faded[-4_800:] *= np.linspace(1, 0, 4_800, dtype=np.float32) ** 2
    assert losses(faded, CLIP).tail_ms >= 80
    holed = CLIP.copy()
    loudest = int(np.argmax(np.convolve(CLIP**2, np.ones(800), mode="same")))
    holed[loudest - 800 : loudest + 800] = 0
    assert losses(holed, CLIP).inside_ms >= 40
    assert losses(np.zeros_like(CLIP), CLIP).total_ms == len(CLIP) // PER_MS
