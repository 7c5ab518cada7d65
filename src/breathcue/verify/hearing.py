"""One pass over the samples of a file: what every check needs, in memory that does not grow with the sound itself.

A second of sound leaves 3 kB behind (three numbers for each hop of 4 ms), so three hours leave 32 MB. Cues are looked
for while the sound goes by, at 16 kHz: what tells one word from another lies below 8 kHz, and codecs at low rates keep
only the outline of what lies above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breathcue.dsp.loudness import HOP, TAIL_HOPS, k_weight
from breathcue.dsp.peaks import true_peak
from breathcue.dsp.shape import Samples
from breathcue.timeline.time import SAMPLE_RATE, SAMPLES_PER_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP = 3
"""One sample in so many is kept for comparing."""

RATE = SAMPLE_RATE // STEP
"""16 kHz, which is also what speech recognisers hear."""

PER_MS = RATE // 1000

_SECOND = SAMPLE_RATE
_RINGING = TAIL_HOPS * HOP

# A sinc under a Kaiser window: level to 6.5 kHz, and 60 dB down from 9.5 kHz.
_REACH = 30
_KAISER_BETA = 6.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A whole file, in hops of 4 ms: the highest sample, the mean square, and the K-weighted sum of squares of each.

    ``length`` is in samples at 48 kHz, and ``true_peak`` a factor of full scale.
    """

    length: int
    peaks: NDArray[np.float32]
    power: NDArray[np.float32]
    energy: NDArray[np.float32]
    true_peak: float


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of the sound at 16 kHz that someone wants to hear whole, as soon as it has gone by.

    It may begin before the sound does or end after it; what is not there is silence.
    """

    start: int
    stop: int
    hear: Callable[[Samples], None]


@cache
def _taps() -> NDArray[np.float32]:
    position = np.arange(-_REACH, _REACH + 1)
    taps = np.sinc(position / STEP) * np.kaiser(2 * _REACH + 1, _KAISER_BETA)
    normal: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return normal


def thinned(samples: Samples) -> Samples:
    """Return a clip at 16 kHz: sample ``n`` is what lies around sample ``3 n``, as in what a :class:`Window` hears."""
    thinner = _Thinner()
    return np.concatenate([thinner.more(samples), thinner.rest()])[: -(-len(samples) // STEP)]


class _Thinner:
    """Brings a sound from 48 to 16 kHz, piece by piece. All pieces but the last are whole multiples of 3 samples."""

    def __init__(self) -> None:
        self._kept: Samples = np.zeros(_REACH, np.float32)

    def more(self, samples: Samples) -> Samples:
        """Return what can be said once ``samples`` are known."""
        known = np.concatenate([self._kept, samples])
        self._kept = known[max(0, len(known) - 2 * _REACH) :]
        first = 2 * _REACH // STEP
        if not known.any():
            return np.zeros(max(0, -(-len(known) // STEP) - first), np.float32)
        from scipy.signal import upfirdn

        thin: Samples = upfirdn(_taps(), known, 1, STEP)[first : -(-len(known) // STEP)]
        return thin

    def rest(self) -> Samples:
        """Return what is left at the end."""
        return self.more(np.zeros(_REACH + STEP, np.float32))


def listen(blocks: Iterable[Samples], windows: Sequence[Window]) -> Heard:
    """Hear a file out, once, and give each of ``windows`` its sound when it has gone by, in the order of their ends."""
    hops = _Hops()
    thinner = _Thinner()
    passing = _Passing(sorted(windows, key=lambda window: window.stop))
    for second in _seconds(blocks):
        hops.add(second)
        passing.add(thinner.more(second))
    passing.add(thinner.rest())
    passing.finish()
    return hops.heard()


def _seconds(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Yield the sound in pieces of one second; the last may be shorter."""
    waiting: list[Samples] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        if count >= _SECOND:
            joined = np.concatenate(waiting)
            whole = count - count % _SECOND
            yield from (joined[at : at + _SECOND] for at in range(0, whole, _SECOND))
            waiting, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(waiting)


@dataclass(slots=True)
class _Hops:
    """What is kept of each hop."""

    length: int = 0
    highest: float = 0.0
    before: Samples = field(default_factory=lambda: np.zeros(_RINGING, np.float32))
    peaks: list[NDArray[np.float32]] = field(default_factory=list)
    power: list[NDArray[np.float32]] = field(default_factory=list)
    energy: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, second: Samples) -> None:
        """Take in a second of sound, which follows the one before it."""
        self.length += len(second)
        known = np.concatenate([self.before, second, np.zeros(-len(second) % HOP, np.float32)])
        rows = known[_RINGING:].reshape(-1, HOP)
        self.peaks.append(np.maximum(rows.max(axis=1), -rows.min(axis=1)))
        self.power.append(np.einsum("ij,ij->i", rows, rows) / np.float32(HOP))
        self.energy.append(_weighted_energy(known))
        # Half the interpolator's reach lies in the second before.
        self.highest = max(self.highest, true_peak(known[_RINGING - HOP :], above=self.highest))
        self.before = known[len(known) - _RINGING :]

    def heard(self) -> Heard:
        """Return all of it."""
        return Heard(
            self.length, _drained(self.peaks), _drained(self.power), _drained(self.energy), self.highest
        )


def _weighted_energy(known: Samples) -> NDArray[np.float32]:
    """Return the K-weighted energy of each hop after the first 100 ms, in which the filter rings in."""
    hops = len(known) // HOP - TAIL_HOPS
    if not known.any():
        return np.zeros(hops, np.float32)
    rows = k_weight(known, single=True)[_RINGING : len(known)].reshape(-1, HOP)
    energy: NDArray[np.float32] = np.einsum("ij,ij->i", rows, rows).astype(np.float32)
    return energy


def _drained(parts: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return all the parts as one, and let go of them."""
    whole = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    parts.clear()
    return whole


class _Passing:
    """The sound at 16 kHz as far back as somebody still wants to hear it."""

    def __init__(self, windows: Sequence[Window]) -> None:
        self._windows = windows
        starts = [max(0, window.start) for window in windows]
        # From where the sound is wanted once the first so many windows have been heard.
        self._wanted = np.minimum.accumulate(starts[::-1])[::-1].tolist() if starts else []
        self._next = 0
        self._from = 0
        self._kept: list[Samples] = []
        self._count = 0

    def add(self, samples: Samples) -> None:
        """Let a piece of sound go by."""
        self._kept.append(samples)
        self._count += len(samples)
        end = self._from + self._count
        while self._next < len(self._windows) and self._windows[self._next].stop <= end:
            self._give()
        wanted = min(self._wanted[self._next] if self._next < len(self._wanted) else end, end)
        while self._kept and self._from + len(self._kept[0]) <= wanted:
            dropped = self._kept.pop(0)
            self._from += len(dropped)
            self._count -= len(dropped)

    def finish(self) -> None:
        """Give the windows that reach beyond the end what there is."""
        while self._next < len(self._windows):
            self._give()

    def _give(self) -> None:
        window = self._windows[self._next]
        self._next += 1
        out = np.zeros(window.stop - window.start, np.float32)
        at = self._from
        for piece in self._kept:
            first, last = max(window.start, at), min(window.stop, at + len(piece))
            if first < last:
                out[first - window.start : last - window.start] = piece[first - at : last - at]
            at += len(piece)
        window.hear(out)


def hop_of(ms: int) -> int:
    """Return the hop that a moment lies in."""
    return ms * SAMPLES_PER_MS // HOP
