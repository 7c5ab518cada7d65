"""Frames from several sources become one file: each run of frames is laid at its own place.

All frames are of one size and stand for themselves (see :mod:`breathcue.audio.mp3`), so where a run belongs in the
file is known before any of it exists. Runs may arrive in any order, side by side, from encoders or from memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import closing
from functools import partial
from typing import BinaryIO, Protocol

from breathcue.audio.errors import encoder_garbage, encoder_short
from breathcue.audio.mp3 import BIT_RATE, FrameCrc, are_frames, frame_bytes, info_bytes, info_frame

_POLL_S = 0.1
_READ_FRAMES = 4096


class Stoppable(Protocol):
    """What goes on until it is through, or is stopped."""

    def stop(self) -> None:
        """End what goes on soon, whatever it waits for; called from another thread when the work is given up."""
        ...


class Run(Stoppable, Protocol):
    """Consecutive frames of a file, the first of them frame ``first``, ``count`` in all; stopping ends its chunks."""

    @property
    def first(self) -> int:
        """The place of the run's first frame; the first frame of sound is 0."""
        ...

    @property
    def count(self) -> int:
        """How many frames the run has."""
        ...

    def chunks(self) -> Generator[bytes, None, None]:
        """Yield the bytes of the frames, in pieces of any size. Called once, perhaps in a thread of its own.

        The generator is closed where the frames turn out to be wrong or cannot be written.
        """
        ...


def link(
    file: BinaryIO,
    start: int,
    runs: Sequence[Run],
    samples: int,
    tick: Callable[[], None],
    bit_rate: int = BIT_RATE,
) -> int:
    """Write the frames of ``runs``, which tile the session, with their frame of information; return the end.

    The frame of information goes to byte ``start`` of ``file`` and the sound after it. ``samples`` is the session's
    length. Each run is read in a thread of its own; ``tick`` is called about ten times a second in the calling
    thread, for progress, and may raise to give up. Whatever happens, no thread and no run is left going.

    Raises:
        MissingError: a run held something else than its frames (``encoder-failed``), or what the run itself raised.
        OSError: the file could not be written.
    """
    size = frame_bytes(bit_rate)
    sound = start + info_bytes(bit_rate)
    lock = threading.Lock()

    def lay(run: Run) -> None:
        place = sound + run.first * size
        stop = place + run.count * size
        with closing(run.chunks()) as chunks:
            for data in whole_frames(chunks, bit_rate):
                kept = data[: stop - place]
                with lock:
                    file.seek(place)
                    file.write(kept)
                place += len(kept)
        if place < stop:
            raise encoder_short((stop - place) // size)

    run_all([(run, partial(lay, run)) for run in runs], tick)
    frames = sum(run.count for run in runs)
    info = info_frame(samples, _sound_crc(file, sound, frames, bit_rate), bit_rate)
    file.seek(start)
    file.write(info)
    return sound + frames * size


def run_all(work: Sequence[tuple[Stoppable, Callable[[], None]]], tick: Callable[[], None]) -> None:
    """Do what is to be done with each run in a thread of its own; raise what the first to fail raised.

    ``tick`` is called about ten times a second in the calling thread, and may raise to give up. Whatever happens, no
    thread and no run is left going.
    """
    with ThreadPoolExecutor(max_workers=len(work)) as pool:
        try:
            _watch([pool.submit(each) for _, each in work], tick)
        finally:
            for run, _ in work:
                run.stop()


def _watch(futures: Sequence[Future[None]], tick: Callable[[], None]) -> None:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=_POLL_S, return_when=FIRST_EXCEPTION)
        for future in done:
            future.result()
        tick()


def whole_frames(chunks: Iterable[bytes], bit_rate: int) -> Iterable[bytes]:
    """Yield the chunks again, cut between frames, having looked at the head of each.

    Raises:
        MissingError: they are something else (``encoder-failed``).
    """
    size = frame_bytes(bit_rate)
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        cut = len(data) - len(data) % size
        if not are_frames(data[:cut], bit_rate):
            raise encoder_garbage(bit_rate)
        if cut:
            yield data[:cut]
        rest = data[cut:]


def _sound_crc(file: BinaryIO, sound: int, frames: int, bit_rate: int) -> int:
    crc = FrameCrc(bit_rate)
    file.seek(sound)
    while frames > 0:
        crc.update(file.read(min(frames, _READ_FRAMES) * frame_bytes(bit_rate)))
        frames -= _READ_FRAMES
    return crc.value
