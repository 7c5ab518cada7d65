"""Samples become MP3 frames, on as many processors as there are, and nothing is encoded that is known already.

The session is cut into segments, one encoder process each. A segment's encoder hears ``WARM_UP_FRAMES`` before the
segment, whose frames are dropped, and ``_LOOK_AHEAD_FRAMES`` after it, so that the frames kept are those a single
encoder would have made. LAME remembers the recent past in three ways: filters and psychoacoustics (under 10 frames);
the adaptation of its hearing threshold, which in the slowest case falls from 1 to 1/1600 by 0.925 a frame (95 frames);
and the step size of its last audible frame, however long ago. So the warm-up is 128 frames, and a cut lies where
something has just sounded. (Cuts inside digital silence differed in 2 of 25 trials with 49 frames of warm-up.)

This is for sound without silences, over a bed; a session without one is linked (:mod:`breathcue.audio.linker`).
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from breathcue.audio.encoder import EncodedRun, PcmReader, ticking
from breathcue.audio.link import link
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import BIT_RATE, FRAME_SAMPLES, frame_count
from breathcue.ffmpeg import STALL_S, find_encoder
from breathcue.timeline.time import samples_from_ms

WARM_UP_FRAMES = 128
_LOOK_AHEAD_FRAMES = 3

# Encoding sound costs LAME three times what silence does (0.98 and 0.31 s of CPU for 5 minutes).
_SOUND_COST = 3

# Starting another encoder costs 20 ms of CPU; a minute of sound costs it some 200 ms.
_MIN_SEGMENT = samples_from_ms(60_000)

# Something has to sound this long before a cut for both encoders to have forgotten what was before.
_MIN_SOUND = 16 * FRAME_SAMPLES


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive frames for one encoder: ``first``, ``count``, and the ``warm_up`` frames heard before them."""

    first: int
    count: int
    warm_up: int


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cut_frames(sounding: Sequence[Span], samples: int, parts: int) -> list[int]:
    """Return the frames at which to cut a session into at most ``parts`` segments of about equal cost.

    ``sounding`` are the islands of the session. Each cut lies at the end of one that is long enough; there may be
    fewer cuts than asked for.
    """
    parts = min(parts, samples // _MIN_SEGMENT)
    if parts < 2:
        return []
    ends, costs = _places(sounding)
    total = costs[-1] if costs else 0
    cuts: list[int] = []
    for i in range(1, parts):
        at = min(bisect_left(costs, total * i // parts), len(ends) - 1)
        if at >= 0 and ends[at] > (cuts[-1] if cuts else 0):
            cuts.append(ends[at])
    return cuts


def _places(sounding: Sequence[Span]) -> tuple[list[int], list[int]]:
    """Return the frames where a cut may lie, and the cost of encoding all before each."""
    ends: list[int] = []
    costs: list[int] = []
    before = here = 0
    for span in sounding:
        before += span.start - here
        # A long island may be cut anywhere inside it, once it has sounded for a while.
        for stop in (*range(span.start + _MIN_SOUND, span.stop, _MIN_SEGMENT // 8), span.stop):
            if stop - span.start >= _MIN_SOUND:
                ends.append(stop // FRAME_SAMPLES)
                costs.append(before + _SOUND_COST * (stop - span.start))
        before += _SOUND_COST * (span.stop - span.start)
        here = span.stop
    return ends, costs


def segments(cuts: Sequence[int], samples: int) -> list[Segment]:
    """Return the segments between cuts; together they hold every frame of a session of ``samples`` samples."""
    edges = [0, *cuts, frame_count(samples)]
    return [Segment(first, stop - first, min(first, WARM_UP_FRAMES)) for first, stop in pairwise(edges)]


def _run(segment: Segment, exe: str, pcm: PcmReader, samples: int, bit_rate: int) -> EncodedRun:
    start = segment.first - segment.warm_up
    last = segment.first + segment.count == frame_count(samples)
    stop = samples if last else (segment.first + segment.count + _LOOK_AHEAD_FRAMES) * FRAME_SAMPLES
    return EncodedRun(
        exe=exe,
        pcm=pcm,
        first=segment.first,
        count=segment.count,
        windows=[Span(start * FRAME_SAMPLES, min(samples, stop))],
        warm_up=segment.warm_up,
        bit_rate=bit_rate,
    )


def encode(
    file: BinaryIO,
    start: int,
    pcm: PcmReader,
    samples: int,
    cuts: Sequence[int] = (),
    *,
    bit_rate: int = BIT_RATE,
    on_progress: Callable[[float], None] = lambda _: None,
    stall_s: float = STALL_S,
) -> int:
    """Encode ``samples`` samples and write them, as MP3, to ``file`` from byte ``start`` on; return the end.

    ``pcm`` is read from several threads, one for each segment between ``cuts`` (frames). LAME's own gain is left in:
    see :data:`breathcue.audio.encoder.LAME_GAIN`. ``on_progress`` gets the share done, in the calling thread.

    Raises:
        MissingError: ffmpeg is missing, failed or stalled (``encoder-missing``, ``-failed``, ``-stalled``).
        OSError: the file could not be written.
    """
    exe = find_encoder()
    runs = [_run(segment, exe, pcm, samples, bit_rate) for segment in segments(cuts, samples)]
    return link(file, start, runs, samples, ticking(runs, on_progress, stall_s), bit_rate)
