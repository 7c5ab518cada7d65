"""Samples become MP3 frames, on as many processors as there are, and nothing is encoded that is known already.

The session is cut into segments, one encoder process each. A segment's encoder hears ``WARM_UP_FRAMES`` before the
segment, whose frames are dropped, and ``_LOOK_AHEAD_FRAMES`` after it, so that the frames kept are those a single
encoder would have made. LAME remembers the recent past in three ways: filters and psychoacoustics (under 10 frames);
the adaptation of its hearing threshold, which in the slowest case falls from 1 to 1/1600 by 0.925 a frame (95 frames);
and the step size of its last audible frame, however long ago. So the warm-up is 128 frames, and a cut lies where
something has just sounded. (Cuts inside digital silence differed in 2 of 25 trials with 49 frames of warm-up.)

In digital silence LAME gives one and the same frame from the second on, and once its hearing threshold is down, no
further frame of silence changes anything in it. So of each silence an encoder hears ``SETTLING_FRAMES``, and the frame
that it gives in their middle is laid as often as frames were left out: an eighth of a dense session, and nearly all of
a long rest. Of 360 sounds of every kind (noise, tones and speech, sudden or fading in, down to -90 dBFS) all frames
were those of a silence of 300 frames after 95 silent frames, 359 were after 94, and two thirds after 32; speech that
begins as abruptly as that of the embedded voice already is after 16.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from breathcue.audio.encoder import (
    EncodedRun,
    PcmReader,
    Repeat,
    UnevenSilenceError,
)
from breathcue.audio.link import link
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import BIT_RATE, FRAME_SAMPLES, frame_count
from breathcue.ffmpeg import STALL_S, find_encoder
from breathcue.timeline.time import samples_from_ms

WARM_UP_FRAMES = 128
_LOOK_AHEAD_FRAMES = 3

SETTLING_FRAMES = 104
"""How many frames of a silence an encoder hears: the 95 that its threshold may take to fall, and some for its delay."""

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
        before += min(span.start - here, SETTLING_FRAMES * FRAME_SAMPLES)
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


def _run(
    segment: Segment,
    exe: str,
    pcm: PcmReader,
    samples: int,
    silences: Sequence[Span] = (),
    bit_rate: int = BIT_RATE,
) -> EncodedRun:
    start = segment.first - segment.warm_up
    last = segment.first + segment.count == frame_count(samples)
    stop = samples if last else (segment.first + segment.count + _LOOK_AHEAD_FRAMES) * FRAME_SAMPLES
    left_out = _known_frames(segment, silences)
    edges = [start * FRAME_SAMPLES, *(frame * FRAME_SAMPLES for pair in left_out for frame in pair)]
    edges.append(min(samples, stop))
    repeats = []
    skipped = segment.first
    for first, after in left_out:
        repeats.append(Repeat(first - 1 - skipped, after - first))
        skipped += after - first
    return EncodedRun(
        exe=exe,
        pcm=pcm,
        first=segment.first,
        count=segment.count,
        windows=[Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)],
        warm_up=segment.warm_up,
        repeats=repeats,
        bit_rate=bit_rate,
    )


def _known_frames(segment: Segment, silences: Sequence[Span]) -> list[tuple[int, int]]:
    """Return the first frame, and that after the last, of each run of frames that need not be encoded."""
    half = SETTLING_FRAMES // 2
    known = []
    for silence in silences:
        first = max(segment.first, -(-silence.start // FRAME_SAMPLES)) + half
        after = min(segment.first + segment.count, silence.stop // FRAME_SAMPLES) - half
        if first < after:
            known.append((first, after))
    return known


def encode(
    file: BinaryIO,
    start: int,
    pcm: PcmReader,
    samples: int,
    cuts: Sequence[int] = (),
    silences: Sequence[Span] = (),
    *,
    bit_rate: int = BIT_RATE,
    on_progress: Callable[[float], None] = lambda _: None,
    stall_s: float = STALL_S,
) -> int:
    """Encode ``samples`` samples and write them, as MP3, to ``file`` from byte ``start`` on; return the end.

    ``pcm`` is read from several threads, one for each segment between ``cuts`` (frames). ``silences`` are where every
    sample is nought; they make it cheaper and change no byte. LAME's own gain is left in: see
    :data:`breathcue.audio.encoder.LAME_GAIN`. ``on_progress`` gets the share done, in the calling thread.

    Raises:
        MissingError: ffmpeg is missing, failed or stalled (``encoder-missing``, ``-failed``, ``-stalled``).
        OSError: the file could not be written.
    """
    exe = find_encoder()
    parts = segments(cuts, samples)

    def encode_all(silences: Sequence[Span]) -> int:
        runs = [_run(segment, exe, pcm, samples, silences, bit_rate) for segment in parts]
        to_feed = sum(span.stop - span.start for run in runs for span in run.windows)

        def tick() -> None:
            for run in runs:
                run.check(stall_s)
            on_progress(min(1.0, sum(run.fed for run in runs) / max(1, to_feed)))

        return link(file, start, runs, samples, tick, bit_rate)

    try:
        return encode_all(silences)
    except UnevenSilenceError:
        # Another build of the encoder may not give one frame for silence: then it has to hear all of it.
        return encode_all(())
