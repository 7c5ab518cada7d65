"""Outputs that need no loudspeaker: a recording, and no sound at all, both at the pace of one."""

from __future__ import annotations

import atexit
import os
import struct
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.files import check_writable, unwritable, whole_file
from breathcue.live.outputs.output import Pull
from breathcue.timeline.time import SAMPLE_RATE, Ms, clock, ms_from_samples, samples_from_ms

_STEP_MS = Ms(20)
_SAMPLE_BYTES = 2
_HEADER_BYTES = 44
_MAX_BYTES = (1 << 32) - 1
"""What a WAV file can hold: it counts its bytes with 32 bits."""

_PATIENCE_SECONDS = 2.0
"""How long to wait for a pull that is under way when the session ends; it takes milliseconds."""


class _Pacer:
    """A thread that pulls samples as time goes by, like a loudspeaker with so much latency."""

    def __init__(self, latency_ms: Ms, take: Callable[[memoryview], None]) -> None:
        self._lead = latency_ms / 1000
        self._take = take
        self._ending = Event()
        self._thread: Thread | None = None
        self._failure: BaseException | None = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and self._failure is None

    def start(self, pull: Pull) -> None:
        self._thread = Thread(target=self._run, args=(pull,), name="breathcue-pacer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE_SECONDS)

    def raise_failure(self) -> None:
        """Raise what ``pull`` has raised, once."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _run(self, pull: Pull) -> None:
        try:
            self._keep_pace(pull)
        except BaseException as error:  # told to whoever stops the output, in a thread that can act on it
            self._failure = error

    def _keep_pace(self, pull: Pull) -> None:
        step = samples_from_ms(_STEP_MS)
        pulled = 0
        begun = time.monotonic()
        while not self._ending.is_set():
            late = time.monotonic() - (begun + pulled / SAMPLE_RATE)
            if late < 0:
                self._ending.wait(-late)
                continue
            # Behind by more than its buffer, a loudspeaker has been silent and does not hurry afterwards.
            begun += max(0.0, late - self._lead)
            self._take(pull(step))
            pulled += step


class NullOutput:
    """No sound, at the pace at which it would be heard."""

    name = "no sound"

    def __init__(self, latency_ms: Ms) -> None:
        self.latency_ms = latency_ms
        self._pacer = _Pacer(latency_ms, lambda _samples: None)

    def start(self, pull: Pull) -> None:
        """Begin to ask for samples."""
        self._pacer.start(pull)

    @property
    def alive(self) -> bool:
        """Whether samples are being asked for."""
        return self._pacer.alive

    def stop(self) -> None:
        """Ask for nothing more. Raises whatever ``pull`` has raised."""
        self._pacer.stop()
        self._pacer.raise_failure()


class RecordingOutput:
    """A WAV file of exactly what would have been played; it appears, whole, when the output is stopped.

    A disk that fills up, or a recording longer than the format can count (12 hours), ends the recording but not the
    session: what was played until then is kept, and ``stop`` tells.
    """

    def __init__(self, target: Path, latency_ms: Ms) -> None:
        """Check that the file can be written, and write nothing yet.

        Raises:
            RequestError: ``target-is-folder``.
            MissingError: ``no-such-folder``, ``target-unwritable``.
        """
        check_writable(target)
        self.name = str(target)
        self.latency_ms = latency_ms
        self._target = target
        self._pacer = _Pacer(latency_ms, self._write)
        self._resources = ExitStack()
        self._descriptor: int | None = None
        self._bytes = 0
        self._max_bytes = _MAX_BYTES
        self._broken_off_because: str | None = None

    def start(self, pull: Pull) -> None:
        """Begin to ask for samples and to write them.

        Raises:
            MissingError: the file cannot be written (``target-unwritable``, ``disk-full``).
        """
        try:
            with ExitStack() as stack:
                file = stack.enter_context(whole_file(self._target))
                # Unbuffered from here on: a disk that is full must not endanger what is already written.
                os.write(file.fileno(), wav_header(0))
                self._resources = stack.pop_all()
        except OSError as error:
            raise unwritable(self._target, error) from error
        self._descriptor = file.fileno()
        atexit.register(self.stop)
        self._pacer.start(pull)

    @property
    def alive(self) -> bool:
        """Whether samples are being asked for; a disk that is full does not end a session."""
        return self._pacer.alive

    def stop(self) -> None:
        """Finish the file, and let it appear.

        Raises:
            MissingError: it holds less than was played (``recording-cut-short``), or cannot be finished
                (``target-unwritable``, ``disk-full``).
            Exception: whatever ``pull`` has raised.
        """
        atexit.unregister(self.stop)
        self._pacer.stop()
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            with self._resources:
                self._finish(descriptor)
        except OSError as error:
            raise unwritable(self._target, error) from error
        self._pacer.raise_failure()
        if self._broken_off_because is not None:
            raise self._cut_short(self._broken_off_because)

    @property
    def _samples(self) -> int:
        return self._bytes // _SAMPLE_BYTES

    def _write(self, samples: memoryview) -> None:
        descriptor = self._descriptor
        if descriptor is None or self._broken_off_because is not None:
            return
        if _HEADER_BYTES + self._bytes + len(samples) > self._max_bytes:
            self._broken_off_because = "a WAV file cannot hold more"
            return
        try:
            while samples:
                written = os.write(descriptor, samples)
                self._bytes += written
                samples = samples[written:]
        except OSError as error:
            self._broken_off_because = error.strerror or str(error)

    def _finish(self, descriptor: int) -> None:
        os.ftruncate(descriptor, _HEADER_BYTES + self._samples * _SAMPLE_BYTES)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, wav_header(self._samples))

    def _cut_short(self, reason: str) -> MissingError:
        return MissingError(
            Diagnostic(
                "recording-cut-short",
                f"The recording “{self._target}” ends after {clock(ms_from_samples(self._samples))}: {reason}.",
                fix="What was played until then is in the file. Free some space, or record on another disk.",
            )
        )


def wav_header(samples: int) -> bytes:
    """Return the header of a WAV file of so many samples: 16 bits, mono, 48 kHz.

    The layout is that of "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991).
    """
    size = samples * _SAMPLE_BYTES
    sound = struct.pack(
        "<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE, SAMPLE_RATE * _SAMPLE_BYTES, _SAMPLE_BYTES, 16
    )
    riff = struct.pack("<4sI4s", b"RIFF", _HEADER_BYTES - 8 + size, b"WAVE")
    return riff + sound + struct.pack("<4sI", b"data", size)
