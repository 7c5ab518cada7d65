"""The outline of a clip: decibels, trimming of silence, fades. Samples are mono float32."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def gain_from_db(db: float) -> float:
    """Return the factor by which samples are multiplied to raise them by ``db`` decibels."""
    return math.pow(10.0, db / 20)


def db_from_gain(gain: float) -> float:
    """Return a factor, or a peak relative to full scale, in decibels; -inf for nought."""
    return 20 * math.log10(gain) if gain > 0 else -math.inf


def remove_dc(samples: Samples) -> Samples:
    """Return the samples with their mean taken out, so that trimming and fades leave no step."""
    return (samples - np.mean(samples, dtype=np.float64)).astype(np.float32) if len(samples) else samples


def trim_silence(
    samples: Samples, rate: int, *, threshold_db: float, guard_before_ms: float, guard_after_ms: float
) -> Samples:
    """Return a view of the part of ``samples`` that is heard.

    Loudness is read in windows of 5 ms: a window is heard where its root mean square is at most
    ``-threshold_db`` below that of the loudest window (``threshold_db`` is negative). The guards are kept
    around the first and last such window, because soft consonants (an f, s or h at either end) and the breath
    of a voice lie below any threshold that also removes its noise. Silence gives an empty view.
    """
    window = max(1, rate // 200)
    count = -(-len(samples) // window)
    padded = np.zeros(count * window, np.float32)
    padded[: len(samples)] = samples
    rows = padded.reshape(count, window)
    power = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    loudest = float(power.max(initial=0.0))
    if loudest == 0.0:
        return samples[:0]
    heard = np.flatnonzero(power >= loudest * 10.0 ** (threshold_db / 10))
    start = int(heard[0]) * window - round(guard_before_ms * rate / 1000)
    end = (int(heard[-1]) + 1) * window + round(guard_after_ms * rate / 1000)
    return samples[max(0, start) : min(len(samples), end)]


def fade(samples: Samples, *, fade_in: int, fade_out: int) -> Samples:
    """Return a copy that starts and ends at nought, along half cosines, so that nothing clicks.

    ``fade_in`` and ``fade_out`` are in samples. Fades longer than half the clip are shortened to half of it.
    """
    out = samples.astype(np.float32, copy=True)
    half = len(out) // 2
    rise, fall = min(fade_in, half), min(fade_out, half)
    if rise:
        out[:rise] *= _half_cosine(rise)
    if fall:
        out[-fall:] *= _half_cosine(fall)[::-1]
    return out


def _half_cosine(length: int) -> Samples:
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)


def half_cosine(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the first half of a cosine, from 0 to 1, at shares of it from 0 on; 1 after its end."""
    out = np.ones_like(share)
    rising = share < 1
    out[rising] = 0.5 - 0.5 * np.cos(np.pi * share[rising])
    return out


def pad_to_multiple(samples: Samples, step: int) -> Samples:
    """Return the samples with silence after them, up to a whole multiple of ``step`` samples."""
    missing = -len(samples) % step
    return np.concatenate((samples, np.zeros(missing, np.float32))) if missing else samples
