"""Timeline and clips become blocks of samples. Pure: no file, no encoder, no clock.

A mix is the sum of *sources*. A source says once where it sounds (its spans) and adds its samples to a block on
demand, so that whatever is heard besides the cues is one more source and the mixer stays as it is. The spans of all
sources, merged, are the *islands* of the session; between them lies digital silence, which costs nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np

from breathcue.audio.sounds import ClipSource, Sound, sounds
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.timeline.time import samples_from_ms
from breathcue.voices.base import Clip, Samples

BLOCK = 24_000
"""The usual length of a block: half a second of float32 stays inside a processor's cache."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the session in samples, from ``start`` up to but not including ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some consecutive samples of the session, mono float32 at 48 kHz, the first of them at ``start``.

    ``silent`` says that every sample is exactly nought; the array may then be shared and is read-only.
    """

    start: int
    samples: Samples
    silent: bool


class Source(Protocol):
    """Something that is heard in a session."""

    def spans(self) -> Sequence[Span]:
        """Return where the source may sound, in order of their starts. They may overlap."""
        ...

    def add(self, out: Samples, start: int) -> None:
        """Add the source's samples, from ``start`` on, to all of ``out``."""
        ...


class CueSource:
    """The clips of voice and tone cues, each at its exact sample; a bed is a source of its own.

    A clip is fetched when it is needed and let go when it is over.
    """

    def __init__(self, cues: Iterable[Cue], sound: Sound) -> None:
        heard = (cue for cue in cues if cue.track is not Track.BED)
        self._cues = sorted(heard, key=lambda cue: cue.start_ms)
        self._sound = sound
        self._starts = [samples_from_ms(cue.start_ms) for cue in self._cues]
        # The latest end of any cue so far never falls, so it can be searched even where cues overlap.
        self._ends = list(accumulate((samples_from_ms(cue.end_ms) for cue in self._cues), max))
        self._held: dict[int, Clip] = {}

    def spans(self) -> Sequence[Span]:
        """Return one span for each cue."""
        return [Span(samples_from_ms(cue.start_ms), samples_from_ms(cue.end_ms)) for cue in self._cues]

    def add(self, out: Samples, start: int) -> None:
        """Add what is heard of each clip between ``start`` and the end of ``out``."""
        stop = start + len(out)
        near = range(bisect_right(self._ends, start), bisect_left(self._starts, stop))
        self._held = {i: self._held.get(i) or self._sound(self._cues[i]) for i in near}
        for i, clip in self._held.items():
            add_clip(out, clip.samples, start - self._starts[i])


def add_clip(out: Samples, clip: Samples, offset: int) -> None:
    """Add to a block what is heard of a clip in it; sample ``offset`` of the clip is where the block starts."""
    part = clip[max(0, offset) : offset + len(out)]
    if len(part):
        at = max(0, -offset)
        out[at : at + len(part)] += part


def islands(sources: Iterable[Source]) -> list[Span]:
    """Return the stretches in which anything sounds, in order; between two of them there is a gap of silence."""
    merged: list[Span] = []
    for span in sorted((s for source in sources for s in source.spans()), key=lambda s: s.start):
        if merged and span.start <= merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return merged


def silences(islands: Iterable[Span], length: int) -> list[Span]:
    """Return what lies before, between and after the islands of a session of ``length`` samples, in order."""
    gaps: list[Span] = []
    here = 0
    for island in islands:
        if island.start > here:
            gaps.append(Span(here, island.start))
        here = island.stop
    return [*gaps, Span(here, length)] if here < length else gaps


def mix(
    timeline: Timeline,
    clips: ClipSource,
    gain: float,
    *,
    start_sample: int = 0,
    stop_sample: int | None = None,
    block: int = BLOCK,
) -> Iterator[Block]:
    """Yield voice and tones from ``start_sample`` to ``stop_sample`` (the end, if None) in blocks, without gaps.

    ``gain`` is a factor. A block holds at most ``block`` samples and is either silent or part of an island; the
    samples are the same whatever its size. Nothing is clipped here: see :func:`breathcue.audio.pcm.pcm16`.

    Raises:
        BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever ``clips`` raises.
    """
    end = samples_from_ms(timeline.duration_ms)
    stop = end if stop_sample is None else min(stop_sample, end)
    return mix_sources([CueSource(timeline.cues, sounds(clips))], gain, [Span(start_sample, stop)], block)


def mix_sources(
    sources: Sequence[Source], gain: float, windows: Iterable[Span], block: int = BLOCK
) -> Iterator[Block]:
    """Yield the sum of ``sources`` times ``gain`` within each of the ``windows``, as :func:`mix` does.

    The windows are in order and do not overlap.
    """
    silence = np.zeros(block, np.float32)
    silence.flags.writeable = False
    factor = np.float32(gain)
    for span, sounding in _stretches(islands(sources), windows):
        for start in range(span.start, span.stop, block):
            length = min(block, span.stop - start)
            if not sounding:
                yield Block(start, silence[:length], silent=True)
                continue
            out = np.zeros(length, np.float32)
            for source in sources:
                source.add(out, start)
            out *= factor
            yield Block(start, out, silent=False)


def _stretches(sounding: Sequence[Span], windows: Iterable[Span]) -> Iterator[tuple[Span, bool]]:
    """Yield the windows cut where sound begins and ends; the flag says whether anything sounds."""
    stops = [island.stop for island in sounding]
    for window in windows:
        here = window.start
        for island in sounding[bisect_right(stops, here) :]:
            start, stop = max(island.start, here), min(island.stop, window.stop)
            if start >= stop:
                break
            if start > here:
                yield Span(here, start), False
            yield Span(start, stop), True
            here = stop
        if here < window.stop:
            yield Span(here, window.stop), False
