"""A session becomes an MP3 file by linking: what was encoded before is laid into it, and only what is new is encoded.

Frames stand for themselves (:mod:`breathcue.audio.mp3`), so a file is silent frames with the frames of islands laid
between them, and it is, bit for bit, what one encoder would make of the whole session: each island's frames come from
an encoder that has heard all it can remember (:mod:`breathcue.audio.tape`). What makes them is their key: the clips and
tones of the island and of its context with their places, the gain, the encoder and its settings. They are kept beside
the clips, so that a session costs what is new in it, not how long it is.

New islands are encoded in the order of the session, so that those next to each other are each other's context; on all
processors, each with a share of them and one ffmpeg. All they give is written where it belongs as it comes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from breathcue.audio.encoder import LAME_GAIN, EncodedRun, mp3_codec, ticking
from breathcue.audio.errors import encoder_short
from breathcue.audio.islands import SYNTHESIS_VERSION, Island, key_of, named
from breathcue.audio.link import run_all, whole_frames
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import (
    FRAME_SAMPLES,
    FrameCrc,
    frame_bytes,
    frame_count,
    info_bytes,
    info_frame,
    join_crc,
)
from breathcue.audio.order import Job, Linked
from breathcue.audio.pcm import PCM_BYTES
from breathcue.audio.tape import AFTER, BEFORE, Stretch, Tape, joined
from breathcue.ffmpeg import find_encoder, identity
from breathcue.store import Kind, Store, seal, unseal
from breathcue.timeline.time import GRID_MS, Ms

LINK_VERSION = 1
"""Raised whenever the frames of the same key would be others, or are kept in another form."""

_SHARE_FRAMES = 1_250
"""An ffmpeg costs 15 ms to start, as much as LAME takes for five seconds; less than half a minute is not divided."""

_SILENT_FRAMES = 8
_CRC_BYTES = 2
_FILL_FRAMES = 512


class UnevenSilenceError(Exception):
    """This encoder does not give one and the same frame for all silence, so that nothing can be linked."""


@dataclass(frozen=True, slots=True)
class Frames:
    """Frames that are laid one after the other, and their CRC as the frame of information wants it."""

    data: bytes
    crc: int


@dataclass(frozen=True, slots=True)
class _Take:
    """The frames of an island among those that an encoder gives: ``count`` of them from ``at`` on."""

    key: str
    at: int
    count: int


@dataclass(frozen=True, slots=True)
class _Share:
    """What one encoder hears, and what is taken of its frames."""

    stretches: Sequence[Stretch]
    takes: Sequence[_Take]


def write_linked(job: Job, file: BinaryIO, start: int) -> tuple[int, Linked]:
    """Write a session without a bed as MP3 to ``file`` from byte ``start`` on; return the end, and how it came about.

    Raises:
        UnevenSilenceError: this encoder's frames cannot be linked.
        MissingError: ffmpeg is missing, failed or stalled (``encoder-missing``, ``-failed``, ``-stalled``).
        BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever the clips raise.
        OSError: the file could not be written.
    """
    exe = find_encoder()
    settings = key_of(LINK_VERSION, SYNTHESIS_VERSION, identity(exe), mp3_codec(job.bit_rate))
    levels = [job.levels.of(island) for island in job.islands]
    heard = [(island, level) for island, level in zip(job.islands, levels, strict=True) if level.peak]
    tape = Tape([island for island, _ in heard], [level.loud_frames() for _, level in heard])
    silent = _silent_frame(job, exe, settings)
    keys = [_key(tape, index, settings, job.gain) for index in range(len(heard))]
    table = _Table(file, start, job, silent)
    for island, key in zip(tape.islands, keys, strict=True):
        table.expect(island, key)
    new = table.lay_kept(job.kept)
    shares = _shares(tape, keys, new, job.processors)
    _encode(job, exe, tape, shares, table)
    frames = sum(take.count for share in shares for take in share.takes)
    linked = Linked(len(keys), len(set(keys)), len(new), Ms(frames * GRID_MS))
    return table.finish(), linked


def _key(tape: Tape, index: int, settings: str, gain: float) -> str:
    island = tape.islands[index]
    length, placed = tape.context(index)
    before = [length, tape.begins_session(index), named(placed)]
    return key_of(settings, repr(gain), before, named(island.placed))


class _Table:
    """The file while it is being linked: which frames belong where."""

    def __init__(self, file: BinaryIO, start: int, job: Job, silent: bytes) -> None:
        self._file = file
        self._start = start
        self._job = job
        self._silent = silent
        self._silence = _SilenceCrc(framed(silent, job.bit_rate).crc, len(silent))
        self._size = frame_bytes(job.bit_rate)
        self._sound = start + info_bytes(job.bit_rate)
        self._frames = frame_count(job.samples)
        self._places: dict[str, list[int]] = {}
        self._order: list[tuple[int, str]] = []
        self._done: dict[str, tuple[int, int]] = {}
        """The CRC and the number of the frames of each key."""
        self._cut_short: dict[int, Frames] = {}
        self._lock = threading.Lock()

    def expect(self, island: Island, key: str) -> None:
        """Note that the frames of a key belong where an island is."""
        place = max(0, island.first - BEFORE)
        self._places.setdefault(key, []).append(place)
        self._order.append((place, key))

    def lay_kept(self, kept: Store | None) -> set[str]:
        """Lay all that is kept; return the keys of what is not."""
        new = set()
        for key in self._places:
            frames = kept.load(Kind.ISLAND, key, decode) if kept else None
            if frames is None or len(frames.data) % self._size:
                new.add(key)
            else:
                self.lay(key, frames)
        return new

    def lay(self, key: str, frames: Frames) -> None:
        """Write the frames of a key wherever they belong; called from any thread.

        Raises:
            UnevenSilenceError: they do not end in silence.
        """
        if not frames.data.endswith(self._silent):
            raise UnevenSilenceError
        count = len(frames.data) // self._size
        with self._lock:
            for place in self._places[key]:
                data = frames.data[: (self._frames - place) * self._size]
                self._write(place, data)
                if len(data) < len(frames.data):
                    self._cut_short[place] = framed(data, self._job.bit_rate)
            self._done[key] = frames.crc, count

    def finish(self) -> int:
        """Write silence wherever nothing else belongs, and the frame of information; return the file's end."""
        crc = here = 0
        for place, key in self._order:
            own, count = self._done[key]
            if place in self._cut_short:
                own, count = self._cut_short[place].crc, self._frames - place
            crc = join_crc(crc, self._fill(here, place), (place - here) * self._size)
            crc = join_crc(crc, own, count * self._size)
            here = place + count
        crc = join_crc(crc, self._fill(here, self._frames), (self._frames - here) * self._size)
        info = info_frame(self._job.samples, crc, self._job.bit_rate)
        self._file.seek(self._start)
        self._file.write(info)
        return self._sound + self._frames * self._size

    def _fill(self, start: int, stop: int) -> int:
        """Write silent frames; return their CRC."""
        self._file.seek(self._sound + start * self._size)
        for at in range(start, stop, _FILL_FRAMES):
            self._file.write(self._silent * min(_FILL_FRAMES, stop - at))
        return self._silence.of(stop - start)

    def _write(self, place: int, data: bytes) -> None:
        self._file.seek(self._sound + place * self._size)
        self._file.write(data)


class _SilenceCrc:
    """The CRC of any number of silent frames, put together from that of half as many."""

    def __init__(self, crc: int, size: int) -> None:
        self._known = {0: 0, 1: crc}
        self._size = size

    def of(self, count: int) -> int:
        """Return the CRC of so many."""
        if count not in self._known:
            half = count // 2
            self._known[count] = join_crc(self.of(count - half), self.of(half), half * self._size)
        return self._known[count]


def framed(data: bytes, bit_rate: int) -> Frames:
    """Return frames with their CRC."""
    crc = FrameCrc(bit_rate)
    crc.update(data)
    return Frames(data, crc.value)


def encode_entry(frames: Frames) -> bytes:
    """Return frames as the content of an entry."""
    return seal(frames.crc.to_bytes(_CRC_BYTES, "little") + frames.data)


def decode(content: bytes) -> Frames | None:
    """Return the frames in an entry, or None where anything about it is wrong."""
    body = unseal(content)
    if body is None or len(body) <= _CRC_BYTES:
        return None
    return Frames(body[_CRC_BYTES:], int.from_bytes(body[:_CRC_BYTES], "little"))


def _shares(tape: Tape, keys: Sequence[str], new: set[str], processors: int) -> list[_Share]:
    """Return what each encoder hears, so that all that is new is heard once and each has about as much to do."""
    first = {key: index for index, key in reversed(list(enumerate(keys))) if key in new}
    indices = sorted(first.values())
    costs = [0]
    for index in indices:
        heard = tape.heard_for(index)
        costs.append(costs[-1] + heard.stop - heard.start)
    number = max(1, min(processors, costs[-1] // _SHARE_FRAMES))
    edges = [sum(1 for cost in costs[1:] if cost <= costs[-1] * part // number) for part in range(number + 1)]
    return [_share(tape, keys, indices[start:stop]) for start, stop in pairwise(edges) if start < stop]


def _share(tape: Tape, keys: Sequence[str], indices: Sequence[int]) -> _Share:
    stretches = joined(tape.heard_for(index) for index in indices)
    takes = []
    number = passed = 0
    for index in indices:
        place = tape.place(index)
        while place.start >= stretches[number].stop:
            passed += stretches[number].stop - stretches[number].start
            number += 1
        start = max(0, place.start - BEFORE)
        takes.append(_Take(keys[index], passed + start - stretches[number].start, place.stop + AFTER - start))
    return _Share(stretches, takes)


def _encode(job: Job, exe: str, tape: Tape, shares: Sequence[_Share], table: _Table) -> None:
    """Have each share encoded, and lay and keep what comes of it."""
    if not shares:
        return
    runs = [_run(job, exe, list(tape.windows(share.stretches))) for share in shares]

    def collect(run: EncodedRun, share: _Share) -> None:
        for key, data in _taken(run, share.takes, job.bit_rate):
            frames = framed(data, job.bit_rate)
            table.lay(key, frames)
            if job.kept:
                job.kept.keep(Kind.ISLAND, key, encode_entry(frames))

    work = [(run, partial(collect, run, share)) for run, share in zip(runs, shares, strict=True)]
    run_all(work, ticking(runs, job.on_progress))


def _run(job: Job, exe: str, windows: Sequence[Span]) -> EncodedRun:
    def pcm(windows: Iterable[Span]) -> Iterable[memoryview]:
        return job.pcm(windows, extra_gain=1 / LAME_GAIN)

    return EncodedRun(exe=exe, pcm=pcm, windows=windows, bit_rate=job.bit_rate)


def _taken(run: EncodedRun, takes: Iterable[_Take], bit_rate: int) -> Iterable[tuple[str, bytes]]:
    """Yield the frames that are taken of what an encoder gives, as soon as they are there.

    Raises:
        MissingError: what the encoder gives is something else, or ends too early (``encoder-failed``).
    """
    size = frame_bytes(bit_rate)
    waiting = iter(takes)
    take = next(waiting, None)
    data, passed = b"", 0
    with closing(run.chunks()) as chunks:
        for frames in whole_frames(chunks, bit_rate):
            data += frames
            while take and passed + len(data) >= (take.at + take.count) * size:
                start = take.at * size - passed
                yield take.key, data[start : start + take.count * size]
                take = next(waiting, None)
            over = len(data) if take is None else min(len(data), max(0, take.at * size - passed))
            data, passed = data[over:], passed + over
    if take:
        raise encoder_short(take.at + take.count - (passed + len(data)) // size)


def _silent_frame(job: Job, exe: str, settings: str) -> bytes:
    """Return the frame that stands for silence, once it has been seen that there is one.

    Raises:
        UnevenSilenceError: there is not.
    """
    key = key_of(settings, "silence")
    kept = job.kept.load(Kind.ISLAND, key, decode) if job.kept else None
    if kept and len(kept.data) == frame_bytes(job.bit_rate):
        return kept.data
    silence = memoryview(bytes(_SILENT_FRAMES * FRAME_SAMPLES * PCM_BYTES))
    run = EncodedRun(exe=exe, pcm=lambda _: [silence], windows=[], bit_rate=job.bit_rate)
    data = bytearray()

    def collect() -> None:
        for _, frames in _taken(run, [_Take(key, 0, _SILENT_FRAMES)], job.bit_rate):
            data.extend(frames)

    run_all([(run, collect)], ticking([run], lambda _: None))
    frame = bytes(data[: frame_bytes(job.bit_rate)])
    if data != frame * _SILENT_FRAMES:
        raise UnevenSilenceError
    if job.kept:
        job.kept.keep(Kind.ISLAND, key, encode_entry(framed(frame, job.bit_rate)))
    return frame
