"""The sound of the built-in tones, computed from ``library/tones.toml``: the same samples on every run."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breathcue.dsp.loudness import hop_energy
from breathcue.dsp.peaks import true_peak
from breathcue.dsp.shape import fade, gain_from_db
from breathcue.library.tones import Partial, Tone, tones
from breathcue.timeline.time import SAMPLE_RATE, samples_from_ms
from breathcue.voices.base import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Synthesis runs in rows of this many samples; see _partial.
_ROW = 192

# The last tenth of a tone fades out, so that it ends in silence however slowly its partials decay.
_FADE_OUT_SHARE = 10


def _partial(partial: Partial, rows: int) -> NDArray[np.float64]:
    """Return a decaying sine, starting at nought, as ``rows`` rows of samples.

    The sample at row r and column c is the imaginary part of ``exp(z * (r * _ROW + c))``, and an exponential of a
    sum is a product: so only ``rows + _ROW`` exponentials are computed, and one multiplication a sample.
    """
    decay = math.log(1000.0) / samples_from_ms(1) / partial.decay_ms
    z = complex(-decay, 2 * math.pi * partial.hz / SAMPLE_RATE)
    down = np.exp(z * _ROW * np.arange(rows))[:, None]
    along = np.exp(z * np.arange(_ROW))[None, :]
    wave: NDArray[np.float64] = partial.gain * (down.real * along.imag + down.imag * along.real)
    return wave


def _synthesise(tone: Tone) -> NDArray[np.float32]:
    length = samples_from_ms(tone.length_ms)
    rows = -(-length // _ROW)
    total = np.zeros((rows, _ROW))
    for partial in tone.partials:
        total += _partial(partial, rows)
    shaped = fade(
        total.reshape(-1)[:length].astype(np.float32),
        fade_in=samples_from_ms(tone.attack_ms),
        fade_out=length // _FADE_OUT_SHARE,
    )
    return shaped * np.float32(gain_from_db(tone.level_dbfs) / float(np.abs(shaped).max()))


@cache
def tone_samples(name: str) -> NDArray[np.float32]:
    """Return the samples of a built-in tone, mono at 48 kHz, read-only.

    Raises:
        KeyError: there is no such tone.
    """
    samples = _synthesise(tones()[name])
    samples.flags.writeable = False
    return samples


@cache
def tone_clip(name: str) -> Clip:
    """Return the clip of a built-in tone.

    Raises:
        KeyError: there is no such tone.
    """
    samples = tone_samples(name)
    return Clip(samples, hop_energy(samples), true_peak(samples))
