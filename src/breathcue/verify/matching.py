"""Where a clip lies in a stretch of sound, and how much of it is there: a matched filter, and a comparison in rows.

All at 16 kHz. The filter slides the clip along the sound and takes, at each place, the cosine of the angle between the
two as vectors: 1.0 where they are the same but for loudness, about 0 where they have nothing to do with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breathcue.dsp.shape import Samples
from breathcue.verify.hearing import PER_MS

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH_MS = 400
"""How far from its place a clip is looked for."""

REACH = REACH_MS * PER_MS

_NEAR = 5 * PER_MS
# A place within 5 ms of the right one is taken before another, unless that one is clearly better: a tone is like
# itself one period later too, and a word like another.
_CLEARLY_BETTER = 1.01
# Music that holds a note of a tone's adds to its likeness some periods off, where the two agree: by up to 1.024,
# measured of bells over chords at a bed's level. A slip of 24 ms over a built-in bed adds 1.087 at least.
_CLEARLY_BETTER_OVER_A_BED = 1.05
_ALONE = 0.9

_ROW_MS = 40
_ROW = _ROW_MS * PER_MS
# Rows of a clip softer than this, against its loudest, say nothing: codecs and beds may fill or empty them.
_SPEAKING_DB = -20.0
# A row whose sound has less than this share of the clip's power (7 dB down) is lost.
_LOST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Match:
    """Where a clip fits best.

    ``offset`` is in samples, to a fraction of one, and positive where the clip sounds late; ``likeness`` the cosine
    there; ``gain`` the factor by which the clip is heard.
    """

    offset: float
    likeness: float
    gain: float


def match(window: Samples, clip: Samples) -> Match:
    """Return where ``clip`` lies in ``window``, which begins ``REACH`` samples before its place and ends as late."""
    own = float(np.dot(clip, clip))
    if own == 0.0:
        return Match(0.0, 0.0, 0.0)
    products = _products(window, clip)
    likeness = products / np.sqrt(own * _powers(window, len(clip), own))
    best = int(np.argmax(likeness))
    near = REACH - _NEAR + int(np.argmax(likeness[REACH - _NEAR : REACH + _NEAR + 1]))
    clearly = _CLEARLY_BETTER if likeness[best] >= _ALONE else _CLEARLY_BETTER_OVER_A_BED
    if likeness[near] * clearly >= likeness[best]:
        best = near
    offset = best - REACH + _between(likeness, best)
    return Match(offset, float(likeness[best]), float(products[best]) / own)


def _products(window: Samples, clip: Samples) -> NDArray[np.float64]:
    """Return the dot product of the clip with the sound at each place."""
    import scipy.fft

    places = len(window) - len(clip) + 1
    size = scipy.fft.next_fast_len(len(window), real=True)
    spectrum = scipy.fft.rfft(window, size) * np.conj(scipy.fft.rfft(clip, size))
    products: NDArray[np.float64] = scipy.fft.irfft(spectrum, size)[:places].astype(np.float64)
    return products


def _powers(window: Samples, length: int, own: float) -> NDArray[np.float64]:
    """Return the energy of the sound under the clip at each place; at least a thousandth of the clip's own.

    What is softer than that cannot be the clip, and noise in it must not look like it.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.square(window, dtype=np.float64))])
    powers: NDArray[np.float64] = np.maximum(sums[length:] - sums[:-length], own / 1000)
    return powers


def _between(values: NDArray[np.float64], at: int) -> float:
    """Return how far from index ``at`` the peak of a parabola through it and its neighbours lies."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = values[at - 1 : at + 2]
    bend = before - 2 * here + after
    return float((before - after) / (2 * bend)) if bend < 0 else 0.0


@dataclass(frozen=True, slots=True)
class Losses:
    """How many ms of a clip do not sound: from its beginning on, up to its end, and inside."""

    head_ms: int = 0
    tail_ms: int = 0
    inside_ms: int = 0

    @property
    def total_ms(self) -> int:
        """All of them."""
        return self.head_ms + self.tail_ms + self.inside_ms


NO_LOSSES = Losses()
"""The whole clip sounds."""


def losses(heard: Samples, clip: Samples) -> Losses:
    """Return which parts of ``clip`` are not in ``heard``, which is the sound in its place, as loud as the clip.

    Rows of 40 ms are compared by their power, since codecs at low rates keep the power of a hiss and not its shape.
    """
    own, found = _rows(clip), _rows(heard[: len(clip)])
    speaking = np.flatnonzero(own > own.max() * 10 ** (_SPEAKING_DB / 10))
    if not len(speaking):
        return NO_LOSSES
    lost = found[speaking] < _LOST_SHARE * own[speaking]
    if not lost.any():
        return NO_LOSSES
    if lost.all():
        return Losses(head_ms=len(clip) // PER_MS)
    head = int(np.argmin(lost))
    tail = int(np.argmin(lost[::-1]))
    inside = int(lost[head : len(lost) - tail].sum())
    head_ms = int(speaking[head]) * _ROW_MS if head else 0
    tail_ms = (len(own) - 1 - int(speaking[-1 - tail])) * _ROW_MS if tail else 0
    return Losses(head_ms, tail_ms, inside * _ROW_MS)


def _rows(samples: Samples) -> NDArray[np.float64]:
    padded = np.zeros(-(-len(samples) // _ROW) * _ROW, np.float64)
    padded[: len(samples)] = samples
    rows = padded.reshape(-1, _ROW)
    powers: NDArray[np.float64] = np.einsum("ij,ij->i", rows, rows)
    return powers
