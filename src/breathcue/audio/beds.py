"""What sounds beneath a session: the built-in beds, and the author's own music.

A bed answers for any sample at any time, and with the same value whoever asks, so a file, its stems and a live
session hear one and the same bed, whatever blocks they ask in. It never ends; a session's length and the places of its
words are brought in by the gain it is asked with.

Built-in beds are loops of noise or notes (:mod:`breathcue.audio.texture`) read in pieces of some seconds, each piece
from another place by chance, one fading into the next with equal power: so a bed of a loop of 22 s does not come round
again. Layers swell in waves of incommensurate lengths.

Every bed lies at -34 LUFS before it makes way. A meter of the finished file (BS.1770-4) leaves out what is over 10 LU
below the mean of all that sounds. That mean is the voice's -16 LUFS, thinned by the time in which nobody speaks: while
words fill over a sixth of a session, the gate lies above -34 LUFS and the bed is left out; the file measures what its
voice does. (In a session that hardly speaks the bed is counted, as it should be: it is then most of what is heard.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from weakref import WeakMethod

import numpy as np

from breathcue.audio.ducking import ducking
from breathcue.audio.mixer import Span
from breathcue.audio.texture import LOOP, make_loop
from breathcue.dsp.loudness import mean_square_of
from breathcue.dsp.shape import Samples, gain_from_db, half_cosine
from breathcue.library.beds import BedPlan, Layer, Swell, bed_plans
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

BED_LUFS = -34.0
"""The loudness of every bed where nothing makes it sink."""

HIGHEST_DBFS = -12.0
"""What no sample of a bed exceeds; those of the built-in ones stay below -15."""

FADE_IN_MS = 3_000
FADE_OUT_MS = 5_000

PAGE = 24_000
"""Beds are made in pages of half a second; a block is cut from them."""

_PAGES_KEPT = 8

# A piece of the first layer lasts 5.5 s, one of each further layer 1.5 s more; a second of it is a cross-fade.
_PIECE_PAGES = 11
_CROSS_PAGES = 2

# Half an hour: so much of a swell is computed at a time, and its mean is that of the first.
_MEAN_PAGES = 3_600

_MASK = (1 << 64) - 1


class Bed(Protocol):
    """A sound without an end, at :data:`BED_LUFS`. It may be asked from several threads."""

    def add(self, out: Samples, start: int, gain: Samples | None = None) -> None:
        """Add the samples from ``start`` on, times ``gain`` (one factor a sample), to all of ``out``."""
        ...


def open_bed(name: str, file: Path | None, length_ms: Ms) -> Bed:
    """Return a built-in bed by its name or, where ``file`` is given, the author's music in it.

    ``length_ms`` is how long the session is: of a longer file, no more than that is kept. A built-in bed is there
    within 0.3 s of CPU; a file is decoded first.

    Raises:
        KeyError: there is no such built-in bed.
        BreathcueError: the file is of no use; see :func:`breathcue.audio.music.open_music`.
    """
    if file is not None:
        from breathcue.audio.music import open_music

        return open_music(file, length_ms)
    return _built_in(name)


def is_built_in(name: str) -> bool:
    """Say whether a bed of this name is one of breathcue's own, and not a file of an author's."""
    return name in bed_plans()


class PagedBed:
    """A bed that is made page by page; subclasses say what a page is."""

    def __init__(self) -> None:
        # A bed that held itself would outlive its use, and with it what it has open, until Python looks for garbage.
        page = WeakMethod(self.page)

        @lru_cache(_PAGES_KEPT)
        def kept(number: int) -> Samples:
            make = page()
            assert make is not None
            return make(number)

        self._kept = kept

    def page(self, number: int) -> Samples:
        """Return samples ``number * PAGE`` and the :data:`PAGE` - 1 after it."""
        raise NotImplementedError

    def add(self, out: Samples, start: int, gain: Samples | None = None) -> None:
        """Add the samples from ``start`` on, times ``gain``, to all of ``out``."""
        here = 0
        while here < len(out):
            number, offset = divmod(start + here, PAGE)
            part = self._kept(number)[offset : offset + len(out) - here]
            stop = here + len(part)
            out[here:stop] += part if gain is None else part * gain[here:stop]
            here = stop


class _LayerSound:
    """One layer of a built-in bed: a loop, read in pieces, and its swell."""

    def __init__(self, layer: Layer, seed: int, mean_square: float) -> None:
        """Make the loop, as loud as ``mean_square`` (K-weighted) in the mean of its swell."""
        loop = make_loop(layer, seed)
        factor = np.sqrt(mean_square / (loop.mean_square * _mean_square(layer.swell)))
        # A page more, so that none has to be cut in two where the loop goes around.
        self._samples = np.concatenate((loop.samples, loop.samples[:PAGE])) * np.float32(factor)
        self._swell = layer.swell
        self._seed = seed
        self._pages_a_piece = _PIECE_PAGES + 3 * seed

    def page(self, number: int) -> Samples:
        """Return a page of the layer, which may be a view of the loop."""
        piece, place = divmod(number, self._pages_a_piece)
        out = self._read(piece, place)
        if place < _CROSS_PAGES:
            part = slice(place * PAGE, (place + 1) * PAGE)
            out = out * _rise()[part] + self._read(piece - 1, place + self._pages_a_piece) * _fall()[part]
        if self._swell is None:
            return out
        half_hour, at = divmod(number, _MEAN_PAGES)
        first, last = _swelling(self._swell, half_hour)[at : at + 2]
        gain = _ramp() * np.float32(last - first)
        gain += np.float32(first)
        gain *= out
        return gain

    def _read(self, piece: int, place: int) -> Samples:
        at = (_by_chance(self._seed, piece) + place * PAGE) % LOOP
        return self._samples[at : at + PAGE]


class BuiltInBed(PagedBed):
    """A bed of breathcue's own."""

    def __init__(self, plan: BedPlan) -> None:
        super().__init__()
        shares = [gain_from_db(2 * layer.level_db) for layer in plan.layers]
        whole = mean_square_of(BED_LUFS) / sum(shares)
        self._layers = [
            _LayerSound(layer, seed, share * whole)
            for seed, (layer, share) in enumerate(zip(plan.layers, shares, strict=True))
        ]

    def page(self, number: int) -> Samples:
        """Return the sum of a page of each layer."""
        total, *others = (layer.page(number) for layer in self._layers)
        if others:
            total = total + others[0]
        for other in others[1:]:
            total += other
        return total


@lru_cache(1)
def _built_in(name: str) -> BuiltInBed:
    return BuiltInBed(bed_plans()[name])


@lru_cache(_PAGES_KEPT)
def _swelling(swell: Swell, half_hour: int) -> NDArray[np.float64]:
    """Return the factors of a swell at the start of each page of a half hour of the session, and of the next page."""
    pages = np.arange(_MEAN_PAGES + 1) + half_hour * _MEAN_PAGES
    seconds = pages * (PAGE / SAMPLE_RATE) - swell.lag_s
    waves = [np.sin(2 * np.pi * (seconds / period + i / 3)) for i, period in enumerate(swell.periods_s)]
    factors: NDArray[np.float64] = np.power(10.0, swell.depth_db / 20 * sum(waves) / len(waves))
    return factors


def _mean_square(swell: Swell | None) -> float:
    """Return the mean square of a swell's factor over half an hour."""
    return 1.0 if swell is None else float(np.square(_swelling(swell, 0)[:-1]).mean())


def _by_chance(seed: int, number: int) -> int:
    """Return a place in a loop that is not told from chance: the mixer of splitmix64 (Steele, Lea and Flood, 2014)."""
    z = (seed * 0x9E3779B97F4A7C15 + number * 0xD1B54A32D192ED03 + 1) & _MASK
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & _MASK
    return (z ^ z >> 31) % LOOP


@cache
def _ramp() -> Samples:
    """Return a line from 0 to 1 along a page."""
    return np.arange(PAGE, dtype=np.float32) / np.float32(PAGE)


@cache
def _rise() -> Samples:
    """Return the first half of the cross-fade of two pieces; what the two let through is of equal power."""
    return np.sin(_cross_angle()).astype(np.float32)


@cache
def _fall() -> Samples:
    return np.cos(_cross_angle()).astype(np.float32)


def _cross_angle() -> NDArray[np.float64]:
    length = _CROSS_PAGES * PAGE
    return 0.5 * np.pi * (np.arange(length) + 0.5) / length


def session_bed(timeline: Timeline, file: Path | None, keep_ms: Ms | None = None) -> BedSource | None:
    """Return the bed of a session, or None where it has none; ``file`` is the author's music, if it is that.

    ``keep_ms`` is how much of it is kept, if that is not as much as the session needs.

    Raises:
        KeyError: there is no such built-in bed.
        BreathcueError: the file is of no use; see :func:`breathcue.audio.music.open_music`.
    """
    cue = next((cue for cue in timeline.cues if cue.track is Track.BED), None)
    if cue is None:
        return None
    bed = open_bed(cue.text, file, keep_ms or timeline.duration_ms)
    voice = sorted((c for c in timeline.cues if c.track is Track.VOICE), key=lambda c: c.start_ms)
    speech = [Span(samples_from_ms(c.start_ms), samples_from_ms(c.end_ms)) for c in voice]
    return BedSource(bed, speech, samples_from_ms(timeline.duration_ms))


class BedSource:
    """A bed in a session: it fades in with the first seconds and out with the last, and makes way for speech."""

    def __init__(self, bed: Bed, speech: Sequence[Span], length: int) -> None:
        """``speech`` are the spans of the voice cues, and ``length`` is the session's, in samples."""
        self._bed = bed
        self._speech = speech
        self._length = length

    def spans(self) -> Sequence[Span]:
        """Return the whole session."""
        return [Span(0, self._length)]

    def peak(self, start: int, length: int) -> float:
        """Return what no sample of the bed exceeds within ``length`` samples from ``start`` on."""
        return gain_from_db(HIGHEST_DBFS) * float(ducking(self._speech, start, length).max())

    def add(self, out: Samples, start: int) -> None:
        """Add the bed's samples from ``start`` on to all of ``out``."""
        gain = ducking(self._speech, start, len(out))
        _fade(gain, start, self._length)
        self._bed.add(out, start, gain)


def fade_in(start: int, length: int) -> Samples:
    """Return the factors with which a bed begins, for samples from ``start`` of it on; 1 after three seconds."""
    return _half_cosine(np.arange(start, start + length), samples_from_ms(FADE_IN_MS))


def fade_out(left: int, length: int) -> Samples:
    """Return the factors with which a bed ends, where ``left`` samples are to come; 0 after those."""
    return _half_cosine(np.arange(left, left - length, -1), samples_from_ms(FADE_OUT_MS))


def _half_cosine(place: NDArray[np.int64], length: int) -> Samples:
    return half_cosine(np.maximum(place / length, 0.0)).astype(np.float32)


def _fade(gain: Samples, start: int, length: int) -> None:
    """Multiply the factors from ``start`` on by the fades at both ends of a session of ``length`` samples."""
    stop = start + len(gain)
    if start < samples_from_ms(FADE_IN_MS):
        gain *= fade_in(start, len(gain))
    if stop > length - samples_from_ms(FADE_OUT_MS):
        gain *= fade_out(length - start, len(gain))
