"""One encoder process: raw samples in through a pipe; MP3 frames, or nothing but a file, out.

``-compression_level 5`` is LAME's quality 5. Of 113 s of the embedded voice, levels 0 to 6 differ by 0.2 dB in
signal-to-noise ratio and 0.05 dB in log-spectral distance, and cost 0.50 to 0.41 CPU-seconds; levels 7 to 9 cost 0.28,
but shape no noise and are off by 4.5 dB instead of 1.3. So 5 is the cheapest that keeps the quality.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO

from breathcue.audio.errors import encoder_failed, encoder_stalled
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import BIT_RATE, frame_bytes
from breathcue.audio.pcm import PCM_BYTES
from breathcue.ffmpeg import STALL_S, encoder_missing, last_words, start
from breathcue.timeline.time import SAMPLE_RATE

COMPRESSION_LEVEL = 5

LAME_GAIN = 0.95
"""LAME scales what it encodes at low constant bit rates by this factor (its presets.c; measured: 0.950)."""


LOW_CUTOFF_HZ = 9_000
"""What MP3 keeps below its usual bit rate. Speech needs no more, and with all of it 56 kbit/s add up to 2.8 dB to the
peaks of words over a bed, where 64 add 1.6; without what is higher they add less than that."""


def mp3_codec(bit_rate: int) -> tuple[str, ...]:
    """Return what makes the frames; ``-reservoir 0`` lets each of them stand by itself."""
    level = str(COMPRESSION_LEVEL)
    cutoff = ("-cutoff", str(LOW_CUTOFF_HZ)) if bit_rate < BIT_RATE else ()
    return (
        "-c:a", "libmp3lame", "-b:a", str(bit_rate), *cutoff, "-reservoir", "0", "-compression_level", level
    )  # fmt: skip


_PIPE_BYTES = 1 << 20
_PAUSE_S = 0.008
_READ_BYTES = 1 << 16

PcmReader = Callable[[Sequence[Span]], Iterable[memoryview]]
"""From stretches of the session, in order, to their 16-bit little-endian bytes, in pieces."""


_SOURCE = ("-loglevel", "error", "-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1", "-i", "pipe:0")


def _bare_frames(bit_rate: int) -> list[str]:
    """Return the arguments that have ffmpeg write MP3 frames, and nothing else, to its output."""
    bare = ["-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]
    # Left alone, ffmpeg writes every frame by itself: fifty times as many system calls, here and there.
    return [*mp3_codec(bit_rate), *bare, "-flush_packets", "0", "pipe:1"]


@dataclass(slots=True)
class EncodedRun:
    """A run of frames that an ffmpeg process makes from ``pcm``; see :class:`breathcue.audio.link.Run`.

    The samples in ``windows`` are fed; the first ``warm_up`` frames that come out are dropped. ``fed`` is how many
    samples the encoder has taken. ``first`` and ``count`` say which frames of the file come out, if they are a piece of
    it. With ``arguments``, what follows the source on ffmpeg's command line, it does something else with the samples.
    """

    exe: str
    pcm: PcmReader
    windows: Sequence[Span]
    first: int = 0
    count: int = 0
    warm_up: int = 0
    bit_rate: int = BIT_RATE
    arguments: Sequence[str] = ()
    fed: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _stopped: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _waiting_since: float | None = None
    _handed_over: bool = False
    _feed_error: BaseException | None = None

    def chunks(self) -> Generator[bytes, None, None]:
        """Yield the frames while a second thread feeds the encoder.

        Raises:
            MissingError: ffmpeg cannot be started or failed (``encoder-missing``, ``encoder-failed``).
            BaseException: whatever ``pcm`` raised.
        """
        with tempfile.TemporaryFile() as stderr:
            process = self._start(stderr)
            feeder = threading.Thread(target=self._feed, args=(process,), daemon=True)
            feeder.start()
            try:
                yield from self._drain(process)
            finally:
                self.stop()
                feeder.join()
            if self._feed_error is not None:
                raise self._feed_error
            if process.returncode:
                raise encoder_failed(process.returncode, last_words(stderr))

    def stop(self) -> None:
        """Kill the encoder if it still runs, and wait for its end."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()

    def check(self, limit_s: float) -> None:
        """Raise if the encoder has neither taken nor given anything for ``limit_s`` seconds while it should have.

        Raises:
            MissingError: it has stalled (``encoder-stalled``).
        """
        since = self._waiting_since
        if since is not None and not self._handed_over and time.monotonic() - since > limit_s:
            raise encoder_stalled(limit_s)

    def _start(self, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise encoder_missing("the work was given up")
            arguments = [*_SOURCE, *(self.arguments or _bare_frames(self.bit_rate))]
            self._process = start(self.exe, arguments, stdin=subprocess.PIPE, stderr=stderr, bufsize=0)
            return self._process

    def _feed(self, process: subprocess.Popen[bytes]) -> None:
        """Write all samples and close the pipe; a reader that is gone is reported by its exit code, not here."""
        assert process.stdin is not None
        try:
            _widen(process.stdin)
            for data in self.pcm(self.windows):
                if not self._write(process.stdin, data):
                    break
        except BaseException as error:  # carried to the thread that drains
            self._feed_error = error
            process.kill()
        finally:
            with contextlib.suppress(OSError):
                process.stdin.close()
            self._waiting_since = time.monotonic()

    def _write(self, pipe: IO[bytes], data: memoryview) -> bool:
        """Write all of ``data``, resting while the pipe is full; return False where nobody reads."""
        self._waiting_since = time.monotonic()
        while data:
            try:
                written: int | None = pipe.write(data)
            except OSError:
                return False
            if written is None:
                time.sleep(_PAUSE_S)
                continue
            self._waiting_since = time.monotonic()
            self.fed += written // PCM_BYTES
            data = data[written:]
        self._waiting_since = None
        return True

    def _drain(self, process: subprocess.Popen[bytes]) -> Iterator[bytes]:
        assert process.stdout is not None
        to_drop = self.warm_up * frame_bytes(self.bit_rate)
        with process.stdout as pipe:
            while data := pipe.read(_READ_BYTES):
                kept = data[to_drop:]
                to_drop -= len(data) - len(kept)
                if kept:
                    self._handed_over = True
                    yield kept
                    self._handed_over = False
                if self._waiting_since is not None:
                    self._waiting_since = time.monotonic()
        # The encoder has closed its output; how long it may linger is up to ``check``.
        process.wait()


def ticking(
    runs: Sequence[EncodedRun], on_progress: Callable[[float], None], stall_s: float = STALL_S
) -> Callable[[], None]:
    """Return what is to be called now and then while encoders run: it tells how much they have been fed, from 0 to 1.

    It raises ``encoder-stalled`` where one of them does nothing for ``stall_s`` seconds.
    """
    to_feed = max(1, sum(span.stop - span.start for run in runs for span in run.windows))

    def tick() -> None:
        for run in runs:
            run.check(stall_s)
        on_progress(min(1.0, sum(run.fed for run in runs) / to_feed))

    return tick


def _widen(pipe: IO[bytes]) -> None:
    """Make the pipe large where the system can, and let nobody block on it.

    A writer that blocks on a full pipe is woken for each page that the encoder takes: 28,000 times in 20 minutes of
    session, for more CPU than all mixing. A pipe of 1 MiB lasts LAME some 25 ms, so the feeder may look every 8 ms.
    Where the pipe stays small, writing blocks.
    """
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        if fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES) >= _PIPE_BYTES:
            os.set_blocking(pipe.fileno(), False)
