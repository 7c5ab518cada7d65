"""A recording becomes a clip: what is heard of it, at 48 kHz and at the loudness of every other clip.

The steps, in order: take out any constant offset, cut the silence, resample, level, fade, limit, fill up to a
whole millisecond, round to 16 bits. The rounding is done here, before anything uses the samples, so that a
clip read from the cache is the same to the last bit as one just made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breathcue.dsp.loudness import HOP, TAIL_HOPS, hop_energy, integrated_lufs, reshaped_energy
from breathcue.dsp.peaks import limit
from breathcue.dsp.shape import Samples, fade, gain_from_db, pad_to_multiple, remove_dc, trim_silence
from breathcue.timeline.time import SAMPLE_RATE, SAMPLES_PER_MS, ms_from_seconds, samples_from_ms
from breathcue.voices.base import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breathcue.voices.base import Recording

CLIP_VERSION = 7
"""Raised whenever the same recording would become another clip; part of the cache key."""

TARGET_LUFS = -14.5
"""Gated loudness of each clip. A session of them measures 1.5 LU less, since its gating blocks reach into the silence
around short words: -16 LUFS, the level of spoken word for phones (AES TD1008, Apple)."""

CEILING_DBTP = -4.0
"""True peak of each clip: 3 dB below the file's -1 dBTP, for the session's last gain (at most 2 dB) and the encoder."""

MAX_GAIN_DB = 40.0
"""More than this is never added: what is quieter than -56 LUFS is noise, not speech."""

SILENCE_DBFS = -80.0
"""A recording whose every sample lies below this says nothing."""

# Trimming, measured on the embedded voice: its f, s, sh, th and h fade out 20 to 45 ms beyond the -45 dB point.
# What comes before that point at the start is breath at most; 6 ms of it are a soft start that keeps cues on time.
TRIM_THRESHOLD_DB = -45.0
TRIM_BEFORE_MS = 6.0
TRIM_AFTER_MS = 45.0

FADE_IN_MS = 4
FADE_OUT_MS = 12

_FULL_SCALE = 32_768.0


def make_clip(recording: Recording) -> Clip | None:
    """Return the clip of a recording, or None where nothing is heard in it.

    A recording that is meant to be silent becomes zeros of its length, rounded to a whole millisecond.
    """
    if recording.silent:
        return _silence(recording)
    if float(np.abs(recording.samples).max(initial=0.0)) < gain_from_db(SILENCE_DBFS):
        return None
    heard = trim_silence(
        remove_dc(recording.samples),
        recording.rate,
        threshold_db=TRIM_THRESHOLD_DB,
        guard_before_ms=TRIM_BEFORE_MS,
        guard_after_ms=TRIM_AFTER_MS,
    )
    plain = _resample(heard, recording.rate)
    energy = hop_energy(plain, single=True)
    faded = fade(
        plain * _gain(energy),
        fade_in=samples_from_ms(FADE_IN_MS),
        fade_out=samples_from_ms(FADE_OUT_MS),
    )
    # The peak is that before the rounding, which moves it by less than 0.001 dB.
    limited, peak = limit(faded, CEILING_DBTP)
    finished = from_int16(to_int16(pad_to_multiple(limited, SAMPLES_PER_MS)))
    return Clip(finished, reshaped_energy(energy, plain, finished), peak)


def _silence(recording: Recording) -> Clip | None:
    length = ms_from_seconds(len(recording.samples) / recording.rate) * SAMPLES_PER_MS
    hops = -(-length // HOP) + TAIL_HOPS
    return Clip(np.zeros(length, np.float32), np.zeros(hops), 0.0) if length else None


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Return samples as 16-bit integers, rounded to the nearest; exact for samples that came from 16 bits."""
    scaled = np.rint(samples * np.float32(_FULL_SCALE))
    integers: NDArray[np.int16] = np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
    return integers


def from_int16(integers: NDArray[np.int16]) -> Samples:
    """Return 16-bit integers as float32 samples in [-1, 1)."""
    return integers.astype(np.float32) / np.float32(_FULL_SCALE)


def _resample(samples: Samples, rate: int) -> Samples:
    if rate == SAMPLE_RATE:
        return samples
    import soxr

    resampled: Samples = soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ")
    return resampled


def _gain(energy: NDArray[np.float64]) -> np.float32:
    """Return the factor to the target loudness. The filter's tail does not count, or short words would be lifted."""
    loudness = integrated_lufs(energy[:-TAIL_HOPS])
    return np.float32(gain_from_db(min(TARGET_LUFS - loudness, MAX_GAIN_DB)))
