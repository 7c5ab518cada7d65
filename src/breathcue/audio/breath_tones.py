"""The sound of the breath tones: a few overtones that glide by a fifth for the length of a breath, and a little air.

An inhale rises in pitch and loudness; an exhale is its mirror. Both begin and end at nought, along half cosines that
are a share of the breath but never abrupt. The glide is a smooth step, 3x² - 2x³, whose integral x³ - x⁴/2 is the
phase: so nothing is summed up, and no error grows over a long breath.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.texture import make_loop
from breathcue.dsp.shape import Samples, gain_from_db, half_cosine
from breathcue.library.beds import Band, Layer
from breathcue.library.tones import BreathTone
from breathcue.timeline.time import SAMPLE_RATE, samples_from_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

# At so many samples at a time, what is computed in between stays in the processor's cache whatever the breath's length.
_PART = 1 << 14

# The fades at the soft end of a breath and at the loud one: as long as this, or as this share of a short breath.
_SOFT_END, _SOFT_SHARE = samples_from_ms(700), 0.25
_LOUD_END, _LOUD_SHARE = samples_from_ms(400), 0.2

# How loud the soft end is, before it fades, beside the loud one: 10 dB below. At more, the beginning of a soft inhale
# cannot be heard over a bed: the level of the bed within the ear's bandwidth around its pitch is higher.
_SOFTEST = 10 ** (-10 / 20)

_AIR = Layer(0.0, (Band(500.0, 2000.0, 4.0, 1.0),), (), 0.0, None)
_AIR_LENGTH = 1 << 18


def breath_samples(tone: BreathTone, length: int) -> Samples:
    """Return ``length`` samples of a breath tone: the whole of it, however long."""
    out = np.empty(length, np.float32)
    for start in range(0, length, _PART):
        stop = min(start + _PART, length)
        place = np.arange(start, stop)
        wave = _wave(tone, place, length)
        wave += tone.air * _air(start, stop)
        out[start:stop] = wave * _outline(tone, place, length)
    highest = float(np.abs(out).max(initial=0.0))
    return out * np.float32(gain_from_db(tone.level_dbfs) / highest) if highest else out


def _wave(tone: BreathTone, place: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return the overtones at some of the samples; sines of multiples follow from those of the first (Chebyshev)."""
    share = place / length
    glide = share**3 * (1 - share / 2)
    seconds = length / SAMPLE_RATE
    phase = 2 * np.pi * seconds * (tone.from_hz * share + (tone.to_hz - tone.from_hz) * glide)
    sine, twice_cosine = np.sin(phase), 2 * np.cos(phase)
    before, here = np.zeros_like(sine), sine
    total = np.zeros_like(sine)
    for gain in tone.overtones:
        total += gain * here
        before, here = here, twice_cosine * here - before
    return total


def _outline(tone: BreathTone, place: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """Return how loud the tone is at some of the samples: nought at both ends, loudest where its pitch is highest."""
    if tone.to_hz < tone.from_hz:
        place = length - 1 - place
    share = place / length
    swell: NDArray[np.float64] = _SOFTEST + (1 - _SOFTEST) * share * share * (3 - 2 * share)
    swell *= half_cosine(place / max(1, min(_SOFT_END, _SOFT_SHARE * length)))
    swell *= half_cosine((length - 1 - place) / max(1, min(_LOUD_END, _LOUD_SHARE * length)))
    return swell


def _air(start: int, stop: int) -> Samples:
    """Return noise that goes around, of a root mean square of 1."""
    air: Samples = np.take(_air_loop(), np.arange(start, stop), mode="wrap")
    return air


@cache
def _air_loop() -> Samples:
    loop = make_loop(_AIR, 1, _AIR_LENGTH).samples
    air: Samples = loop / np.float32(np.sqrt(np.mean(loop * loop)))
    return air
