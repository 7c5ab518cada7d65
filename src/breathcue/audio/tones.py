"""The sound of the built-in tones, computed from the tables in ``library``: the same samples on every run."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.breath_tones import breath_samples
from breathcue.dsp.loudness import hop_energy
from breathcue.dsp.peaks import true_peak
from breathcue.dsp.shape import fade, gain_from_db
from breathcue.library.tones import Partial, Tone, breath_tones, tones
from breathcue.timeline.time import SAMPLE_RATE, samples_from_ms
from breathcue.voices.base import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Synthesis runs in rows of this many samples; see _partial.
_ROW = 192

# The last tenth of a tone fades out, so that it ends in silence however slowly its partials decay.
_FADE_OUT_SHARE = 10

# Breath tones are kept while they take no more than this, which is three minutes: a session has a handful of lengths.
_KEPT_SAMPLES = samples_from_ms(180_000)


def _partial(partial: Partial, pitch: float, rows: int) -> NDArray[np.float64]:
    """Return a decaying sine, starting at nought, as ``rows`` rows of samples; ``pitch`` multiplies its frequency.

    The sample at row r and column c is the imaginary part of ``exp(z * (r * _ROW + c))``, and an exponential of a
    sum is a product: so only ``rows + _ROW`` exponentials are computed, and one multiplication a sample.
    """
    decay = math.log(1000.0) / samples_from_ms(1) / partial.decay_ms
    z = complex(-decay, 2 * math.pi * partial.hz * pitch / SAMPLE_RATE)
    down = np.exp(z * _ROW * np.arange(rows))[:, None]
    along = np.exp(z * np.arange(_ROW))[None, :]
    wave: NDArray[np.float64] = partial.gain * (down.real * along.imag + down.imag * along.real)
    return wave


def _stroke(tone: Tone, pitch: float, length: int) -> NDArray[np.float32]:
    """Return one stroke, cut to ``length`` samples with its end faded out."""
    rows = -(-length // _ROW)
    total = np.zeros((rows, _ROW))
    for partial in tone.partials:
        total += _partial(partial, pitch, rows)
    return fade(
        total.reshape(-1)[:length].astype(np.float32),
        fade_in=samples_from_ms(tone.attack_ms),
        fade_out=length // _FADE_OUT_SHARE,
    )


def _synthesise(tone: Tone) -> NDArray[np.float32]:
    length = samples_from_ms(tone.length_ms)
    total = np.zeros(length, np.float32)
    for stroke in tone.strokes:
        start = samples_from_ms(stroke.at_ms)
        total[start:] += _stroke(tone, stroke.pitch, length - start)
    level = np.float32(gain_from_db(tone.level_dbfs) / float(np.abs(total).max()))
    total *= level
    return total


@cache
def _struck_samples(name: str) -> NDArray[np.float32]:
    return _read_only(_synthesise(tones()[name]))


@cache
def _struck_clip(name: str) -> Clip:
    return _clip_of(_struck_samples(name))


def _read_only(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    samples.flags.writeable = False
    return samples


def _clip_of(samples: NDArray[np.float32]) -> Clip:
    return Clip(samples, hop_energy(samples), true_peak(samples))


class _BreathClips:
    """The breath tones that were last asked for, by name and length."""

    def __init__(self) -> None:
        self._clips: OrderedDict[tuple[str, int], Clip] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, duration_ms: int) -> Clip:
        key = (name, duration_ms)
        with self._lock:
            if clip := self._clips.get(key):
                self._clips.move_to_end(key)
                return clip
        clip = _clip_of(_read_only(breath_samples(breath_tones()[name], samples_from_ms(duration_ms))))
        with self._lock:
            self._clips[key] = clip
            while sum(len(kept.samples) for kept in self._clips.values()) > _KEPT_SAMPLES:
                self._clips.popitem(last=False)
        return clip


_breath_clips = _BreathClips()


def tone_samples(name: str, duration_ms: int | None = None) -> NDArray[np.float32]:
    """Return the samples of a tone, mono at 48 kHz, read-only; see :func:`tone_clip`."""
    return tone_clip(name, duration_ms).samples


def tone_clip(name: str, duration_ms: int | None = None) -> Clip:
    """Return the clip of a tone.

    A breath tone lasts ``duration_ms``, which is needed. A struck tone lasts as long as it rings, whatever that says.

    Raises:
        KeyError: there is no such tone.
    """
    if duration_ms is not None and name in breath_tones():
        return _breath_clips.get(name, duration_ms)
    return _struck_clip(name)
