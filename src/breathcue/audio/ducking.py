"""How far a bed makes way for speech, from the times of the cues: no detector listens, so nothing comes late.

The bed sinks in a straight line of decibels, beginning 600 ms before speech, and is down when the first word begins; it
returns over 1.5 s. A gap between two words that is too short for a whole return and the next sinking is passed with
the bed down, so that it never rises halfway only to fall again. What is computed depends on nothing but the number of
the sample and the speech around it: a live session, which knows only what comes next, ducks as its file does.

14 dB lies in the middle of the 12 to 16 that broadcasters duck music by under a voice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache

import numpy as np

from breathcue.audio.mixer import Span
from breathcue.dsp.shape import Samples
from breathcue.timeline.time import samples_from_ms

DEPTH_DB = 14.0
SINK_MS = 600
RETURN_MS = 1_500

SINK = samples_from_ms(SINK_MS)
RETURN = samples_from_ms(RETURN_MS)


def depth_db(speech: Sequence[Span], start: int, length: int) -> Samples:
    """Return by how many decibels the bed is lowered, 0 to 14, for ``length`` samples from ``start`` on.

    ``speech`` are the spans of the voice cues in samples of the session, in order and without overlaps; those within
    2.1 s (:data:`SINK` and :data:`RETURN`) before and after the samples asked for must be among them.
    """
    return _lay(speech, start, length, _Curves(0.0, DEPTH_DB, *_falls()))


def ducking(speech: Sequence[Span], start: int, length: int) -> Samples:
    """Return what the samples of the bed are multiplied by: :func:`depth_db` as a factor, from 1 down to 0.2."""
    return _lay(speech, start, length, _gain_curves())


class _Curves:
    """A value for each place: ``up`` away from speech, ``down`` beneath it, and one a sample between them."""

    __slots__ = ("down", "returning", "sinking", "up")

    def __init__(self, up: float, down: float, sinking: Samples, returning: Samples) -> None:
        self.up = up
        self.down = down
        self.sinking = sinking
        self.returning = returning


@cache
def _falls() -> tuple[Samples, Samples]:
    """Return the decibels of a sinking, sample by sample, and those of a return."""
    sinking = (DEPTH_DB * np.arange(SINK) / SINK).astype(np.float32)
    returning = (DEPTH_DB * (1 - np.arange(RETURN) / RETURN)).astype(np.float32)
    return sinking, returning


@cache
def _gain_curves() -> _Curves:
    sinking, returning = (np.power(np.float32(10), -fall / np.float32(20)) for fall in _falls())
    return _Curves(1.0, float(10 ** (-DEPTH_DB / 20)), sinking, returning)


def _lay(speech: Sequence[Span], start: int, length: int, curves: _Curves) -> Samples:
    """Return the value of each sample, stretch by stretch: speech, the gap after it, the next speech, and so on."""
    out = np.empty(length, np.float32)
    stop = start + length
    after = bisect_right(speech, start, key=lambda span: span.start)
    here = start
    while here < stop:
        before = speech[after - 1] if after else None
        following = speech[after] if after < len(speech) else None
        if before is not None and here < before.stop:
            until = min(stop, before.stop)
            out[here - start : until - start] = curves.down
        else:
            until = stop if following is None else min(stop, following.start)
            _gap(out[here - start : until - start], here, before, following, curves)
        here = until
        if following is not None and here >= following.start:
            after += 1
    return out


def _gap(out: Samples, start: int, before: Span | None, following: Span | None, curves: _Curves) -> None:
    """Write the values of a part of the gap between two pieces of speech; ``start`` is its first sample."""
    if before is not None and following is not None and following.start - before.stop < RETURN + SINK:
        out[:] = curves.down
        return
    out[:] = curves.up
    if before is not None:
        _overlay(out, curves.returning, before.stop - start)
    if following is not None:
        _overlay(out, curves.sinking, following.start - SINK - start)


def _overlay(out: Samples, curve: Samples, at: int) -> None:
    """Write a curve that begins at sample ``at`` of ``out``, as far as it lies within."""
    first, last = max(0, at), min(len(out), at + len(curve))
    if first < last:
        out[first:last] = curve[first - at : last - at]
