"""Loops of noise and of notes, from which the built-in beds are made: without a seam, and the same on every run.

A loop is made as a spectrum: a magnitude for each of its frequencies, and for noise a phase by chance (from a fixed
seed). The inverse Fourier transform of that goes around by itself, so its end meets its beginning as any sample meets
the next, and outside its band it holds nothing at all. A note is not one line of the spectrum but a narrow bell of
them, which makes it shimmer as several strings do that are never quite in tune: the PADsynth algorithm of Nasca
Octavian Paul (ZynAddSubFX, "PADsynth algorithm"). Drops are single strokes at times by chance, given the same spectrum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breathcue.dsp.loudness import k_power
from breathcue.dsp.shape import Samples
from breathcue.library.beds import Band, Layer, Note
from breathcue.timeline.time import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOP = 1 << 20
"""The usual length of a loop in samples: 21.8 s."""

# Beyond its edges, a band fades within this many octaves.
_SKIRT_OCTAVES = 0.5

# A note's bell is this wide, relative to its pitch (standard deviation): 3 cents, of which a semitone has 100.
_NOTE_WIDTH = 0.0018
_OVERTONES = (1.0, 0.35, 0.16, 0.07, 0.03)

# Drops differ in loudness as much as this: most are soft, few are near.
_DROP_SPREAD_DB = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Samples that go around, and the mean square of what is heard of them (K-weighted, see dsp.loudness)."""

    samples: Samples
    mean_square: float


def make_loop(layer: Layer, seed: int, length: int = LOOP) -> Loop:
    """Return the loop of a layer, of an even number of samples; another ``seed`` gives another sound of its kind."""
    chance = np.random.Generator(np.random.PCG64(seed))
    magnitude = np.zeros(length // 2 + 1, np.float32)
    step = SAMPLE_RATE / length
    for band in layer.bands:
        _add_band(magnitude, band, step)
    for note in layer.notes:
        _add_note(magnitude, note, step)
    heard = np.flatnonzero(magnitude)
    inside = slice(int(heard[0]), int(heard[-1]) + 1)
    spectrum = np.zeros(length // 2 + 1, np.complex64)
    if layer.drops:
        spectrum[inside] = magnitude[inside] * _drops(layer.drops, length, chance)[inside]
    else:
        turns = chance.random(inside.stop - inside.start, dtype=np.float32) * np.float32(2 * np.pi)
        spectrum[inside].real = magnitude[inside] * np.cos(turns)
        spectrum[inside].imag = magnitude[inside] * np.sin(turns)
    # Parseval: the sum of squares over time is that over frequencies, each of which stands for itself and its mirror.
    power = spectrum[inside].real ** 2 + spectrum[inside].imag ** 2
    weighted = power * k_power(np.arange(inside.start, inside.stop) * step)
    samples = np.fft.irfft(spectrum, length).astype(np.float32, copy=False)
    return Loop(samples, 2 * float(weighted.sum(dtype=np.float64)) / length**2)


def _add_band(magnitude: Samples, band: Band, step: float) -> None:
    reach = 2.0**_SKIRT_OCTAVES
    first = int(band.low_hz / reach / step) + 1
    last = int(band.high_hz * reach / step)
    octaves = np.log2(np.arange(first, last + 1, dtype=np.float32) * np.float32(step))
    inside = np.minimum(octaves - np.log2(band.low_hz), np.log2(band.high_hz) - octaves)
    skirt = 0.5 + 0.5 * np.cos(np.pi * np.clip(-inside / _SKIRT_OCTAVES, 0, 1))
    shape = band.gain * skirt * np.exp2(-(band.slope_db / (20 * np.log10(2))) * (octaves - np.log2(1000)))
    magnitude[first : last + 1] = np.hypot(magnitude[first : last + 1], shape)


def _add_note(magnitude: Samples, note: Note, step: float) -> None:
    for times, gain in enumerate(_OVERTONES, 1):
        hz = note.hz * times
        width = hz * _NOTE_WIDTH
        first, last = int((hz - 4 * width) / step), int((hz + 4 * width) / step) + 2
        away = (np.arange(first, last) * step - hz) / width
        # Of equal energy, however many lines the bell has.
        bell = note.gain * gain * np.exp(-0.5 * away * away) / np.sqrt(width)
        magnitude[first:last] = np.hypot(magnitude[first:last], bell)


def _drops(a_second: float, length: int, chance: np.random.Generator) -> NDArray[np.complex64]:
    """Return the spectrum of strokes of either sign, at times by chance and of loudness by chance."""
    count = round(a_second * length / SAMPLE_RATE)
    strokes = np.zeros(length, np.float32)
    at = (chance.random(count) * length).astype(np.int64)
    level = 10 ** (_DROP_SPREAD_DB / 20 * (chance.random(count) + chance.random(count) - 1))
    strokes[at] = level * np.where(chance.random(count) < 0.5, -1.0, 1.0)
    spectrum: NDArray[np.complex64] = np.fft.rfft(strokes).astype(np.complex64, copy=False)
    return spectrum
