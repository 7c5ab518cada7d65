"""True peaks, as a converter will rebuild them between the samples, and a limiter that keeps them down.

The true peak is read as ITU-R BS.1770-4, annex 2, describes: the largest absolute value after interpolation
to four times the rate. Here the interpolator is a sinc under a Kaiser window, longer than the annex's 48
taps.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from breathcue.dsp.shape import Samples, db_from_gain, gain_from_db
from breathcue.timeline.time import samples_from_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PHASES = 4
_TAPS = 24
_KAISER_BETA = 6.0

# The limiter thinks in cells of 12 samples (a quarter of a millisecond).
_CELL = 12
_LOOK_AHEAD_CELLS = samples_from_ms(3) // _CELL
_SMOOTH_CELLS = samples_from_ms(2) // _CELL
_RELEASE_CELLS = samples_from_ms(50) // _CELL
_ATTACK_DB_PER_CELL = 6.0 / _LOOK_AHEAD_CELLS
_RELEASE_DB_PER_CELL = 6.0 / _RELEASE_CELLS


# So few cells are interpolated at once that no linear algebra library starts threads for them: that costs more.
_BATCH = 128


@cache
def _interpolator() -> Samples:
    """Return the taps, (24, 3), that rebuild the three points between two samples."""
    position = np.arange(_TAPS)[:, None] - (_TAPS // 2 - 1) - np.arange(1, _PHASES)[None, :] / _PHASES
    window = np.i0(_KAISER_BETA * np.sqrt(1 - (position / (_TAPS // 2)) ** 2)) / np.i0(_KAISER_BETA)
    taps = np.sinc(position) * window
    normal: Samples = (taps / taps.sum(axis=0)).astype(np.float32)
    return normal


@cache
def _cell_interpolator() -> Samples:
    """Return the matrix, (35, 36), that rebuilds the 36 points between the samples of a cell from those around it."""
    points = _PHASES - 1
    matrix = np.zeros((_TAPS + _CELL - 1, _CELL * points), np.float32)
    for sample in range(_CELL):
        matrix[sample : sample + _TAPS, sample * points : (sample + 1) * points] = _interpolator()
    return matrix


def _cell_peaks(samples: Samples, floor: float) -> NDArray[np.float64]:
    """Return the true peak of each cell, where it may exceed ``floor``; elsewhere only the sample peak.

    No interpolated value can exceed the sum of the absolute taps times the largest sample under them, so that
    only cells whose neighbourhood is loud enough are interpolated: for speech, a small part of them.
    """
    count = -(-len(samples) // _CELL)
    padded = np.zeros(count * _CELL + 2 * _TAPS, np.float32)
    padded[_TAPS : _TAPS + len(samples)] = samples
    inside = np.abs(padded[_TAPS : _TAPS + count * _CELL]).reshape(count, _CELL)
    peaks = inside[:, 0].astype(np.float64)
    for column in range(1, _CELL):
        np.maximum(peaks, inside[:, column], out=peaks)
    gain = float(np.abs(_interpolator()).sum(axis=0).max())
    near = _widest(peaks, _TAPS // 2 // _CELL)
    loud = np.flatnonzero(near * gain > floor)
    around = sliding_window_view(padded[_TAPS - (_TAPS // 2 - 1) :], _TAPS + _CELL - 1)
    for start in range(0, len(loud), _BATCH):
        batch = loud[start : start + _BATCH]
        between = np.abs(around[batch * _CELL] @ _cell_interpolator()).max(axis=1)
        peaks[batch] = np.maximum(peaks[batch], between)
    return peaks


def _widest(values: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return, for each cell, the largest value at most ``reach`` cells away."""
    padded = np.pad(values, reach)
    widest = padded[: len(values)].copy()
    for shift in range(1, 2 * reach + 1):
        np.maximum(widest, padded[shift : shift + len(values)], out=widest)
    return widest


def true_peak(samples: Samples, *, above: float = 0.0) -> float:
    """Return the true peak as a factor of full scale (1.0 is 0 dBTP).

    Who knows a higher peak gives it as ``above``: what cannot exceed it is not interpolated.
    """
    if not len(samples):
        return 0.0
    return float(_cell_peaks(samples, max(above, float(np.abs(samples).max()))).max())


def true_peak_dbtp(samples: Samples) -> float:
    """Return the true peak in dBTP; -inf for silence."""
    return db_from_gain(true_peak(samples))


def _attenuation(peaks: NDArray[np.float64], ceiling: float) -> NDArray[np.float64]:
    """Return the decibels to take off in the middle of each cell."""
    needed = 20 * np.log10(np.maximum(peaks / ceiling, 1.0))
    # The gain between two cells is interpolated, and then smoothed: each peak is held long enough for both.
    needed = _widest(needed, 1 + _SMOOTH_CELLS // 2)
    ramp = np.arange(len(needed))
    down = np.maximum.accumulate(needed + _RELEASE_DB_PER_CELL * ramp) - _RELEASE_DB_PER_CELL * ramp
    up = np.maximum.accumulate((needed + _ATTACK_DB_PER_CELL * ramp[::-1])[::-1])[::-1]
    held: NDArray[np.float64] = np.maximum(down, up - _ATTACK_DB_PER_CELL * ramp[::-1])
    kernel = np.hanning(_SMOOTH_CELLS + 3)[1:-1]
    reach = len(kernel) // 2
    return np.convolve(np.pad(held, reach, mode="edge"), kernel / kernel.sum(), mode="valid")


def limit(samples: Samples, ceiling_dbtp: float) -> tuple[Samples, float]:
    """Return the samples with a true peak of at most ``ceiling_dbtp``, and that peak as :func:`true_peak` reads it.

    The gain looks ahead: it falls along a slope of 6 dB in 3 ms that is reached as the peak arrives, and
    recovers along 6 dB in 50 ms, both smoothed over 2 ms. Samples that need no limiting come back unchanged.
    """
    ceiling = gain_from_db(ceiling_dbtp)
    highest = float(np.abs(samples).max(initial=0.0))
    if highest == 0.0:
        return samples, 0.0
    peaks = _cell_peaks(samples, min(ceiling, highest))
    peak = float(peaks.max())
    if peak <= ceiling:
        return samples, peak
    attenuation = _attenuation(peaks, ceiling)
    out: Samples = samples * _expand(10.0 ** (-attenuation / 20), len(samples))
    # A moving gain can lift the curve between two samples a little: what is left over is taken off the whole.
    # The last factor is a few units of float32 rounding.
    peak = true_peak(out)
    if peak <= ceiling:
        return out, peak
    factor = np.float32(ceiling / peak * (1 - 4e-7))
    return out * factor, peak * float(factor)


def _expand(gain: NDArray[np.float64], length: int) -> Samples:
    """Return one gain a sample, in straight lines between the middles of the cells."""
    edges: Samples = np.pad(gain, 1, mode="edge").astype(np.float32)
    slope = np.diff(edges)
    step = (np.arange(_CELL, dtype=np.float32) + 0.5) / _CELL
    half = _CELL // 2
    lines: Samples = (edges[:-1, None] + slope[:, None] * step).astype(np.float32, copy=False)
    return lines.reshape(-1)[half : half + length]
