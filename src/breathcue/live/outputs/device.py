"""The loudspeaker, through miniaudio.

What was measured of miniaudio 1.71 (its C library is 0.11.25) with PulseAudio, and read in its source for the others:

- Its ``buffersize_msec`` is the *period*: how much one callback must give. With ALSA, WASAPI and DirectSound the buffer
  is ``callback_periods`` of them. With PulseAudio it is one period whatever the number, so that 200 ms of buffer would
  mean callbacks of 200 ms, and a listener who waits for up to 400 ms; a variable that PulseAudio's own library reads
  sets the buffer apart from the period. With Core Audio nothing is queued beyond the period, whose size the system
  limits; there it is larger.
- The callback needs the interpreter's lock. Beside two busy Python threads on two cores it got it after 16 ms, at worst
  after 72 ms, and 3.6 of 8 s were silence; with turns of 0.5 ms instead of 5 ms it got it after 3 ms, at worst after
  10 ms, and every sample was in its place, with 40 ms of buffer too. Two busy threads did as much work as before.
- Its stop callback is called for some kinds of end only, and a PulseAudio server that is killed ends the callbacks
  without one. So a device is taken for gone when it has stopped asking for samples.
"""

from __future__ import annotations

import atexit
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import Any, TypeVar

from breathcue.live.outputs.output import Pull
from breathcue.live.outputs.speakers import Speaker, load_miniaudio, no_device
from breathcue.live.outputs.turns import answered, shorten_turns
from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms

T = TypeVar("T")

_PERIOD_MS = Ms(20)
"""How much one callback gives: what PulseAudio asks for at a time, whatever its buffer."""

_CORE_AUDIO_PERIOD_MS = Ms(80)

_PULSE_LATENCY = "PULSE_LATENCY_MSEC"

_RELEASE_SECONDS = 2.0
"""How long a device may take to be released before it is left to itself."""

_LEAST_PATIENCE_SECONDS = 1.0
_PATIENCE_IN_LATENCIES = 4
_WAKING_SAMPLES = samples_from_ms(40)
"""Silence at the start: PulseAudio was measured to swallow 10 to 17 ms there."""

_WAKING_SECONDS = 10.0
"""How long a device may take before it asks for more than its first buffer: a Bluetooth one has to be woken."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the buffer of a device is divided: ``periods`` of ``period_ms``."""

    period_ms: Ms
    periods: int

    @property
    def buffer_ms(self) -> Ms:
        """How much the device holds."""
        return Ms(self.period_ms * self.periods)


def buffer_shape(backend: str, latency_ms: Ms) -> Shape:
    """Divide a buffer of about ``latency_ms`` into at least two periods that suit the back end."""
    if backend == "COREAUDIO":
        return Shape(Ms(min(latency_ms // 2, _CORE_AUDIO_PERIOD_MS)), 2)
    periods = max(2, latency_ms // _PERIOD_MS)
    return Shape(Ms(latency_ms // periods), periods)


class DeviceOutput:
    """A loudspeaker."""

    def __init__(self, speaker: Speaker, latency_ms: Ms) -> None:
        """Open the device; it makes no sound yet.

        Raises:
            MissingError: it cannot be opened (``no-audio-device``).
        """
        shape = buffer_shape(speaker.backend, latency_ms)
        self.name = speaker.name
        self.latency_ms = shape.buffer_ms
        self._drain_seconds = (shape.buffer_ms + shape.period_ms) / 1000
        self._patience = max(_LEAST_PATIENCE_SECONDS, _PATIENCE_IN_LATENCIES * shape.buffer_ms / 1000)
        self._miniaudio = load_miniaudio()
        self._buffer_samples = samples_from_ms(shape.buffer_ms)
        self._asked_at = 0.0
        self._asked_samples = 0
        self._started = self._ending = self._stopped_itself = False
        self._failure: BaseException | None = None
        self._turn_before = sys.getswitchinterval()
        self._device: Any = self._answer(lambda: _opened(self._miniaudio, speaker, shape))

    def start(self, pull: Pull) -> None:
        """Begin to play.

        Raises:
            MissingError: the device is there no more (``no-audio-device``).
        """
        feed = self._feed(pull)
        next(feed)
        self._asked_at = time.monotonic()
        self._device.stop_callback = self._on_stopped
        self._turn_before = shorten_turns()
        atexit.register(self.stop)
        try:
            self._answer(lambda: self._device.start(feed))
        except BaseException:
            self.stop()
            raise
        self._started = True

    @property
    def alive(self) -> bool:
        """Whether the device is asking for samples."""
        return (
            self._started
            and not self._stopped_itself
            and self._failure is None
            and time.monotonic() - self._asked_at < self._patience_now
        )

    @property
    def _patience_now(self) -> float:
        return self._patience if self._asked_samples > self._buffer_samples else _WAKING_SECONDS

    def stop(self) -> None:
        """Let what was asked for be heard to its end and release the device. Raises whatever ``pull`` has raised."""
        atexit.unregister(self.stop)
        device, self._device = self._device, None
        if device is None:
            return
        heard_at = self._asked_at + self._drain_seconds if self.alive else 0.0
        self._ending = True
        try:
            time.sleep(max(0.0, heard_at - time.monotonic()))
        finally:
            self._started = False
            _release(self._miniaudio, device)
            sys.setswitchinterval(self._turn_before)
        if self._failure is not None:
            raise self._failure

    def _feed(self, pull: Pull) -> Generator[memoryview | bytes, int, None]:
        """Answer the device's callbacks. Nothing but this runs there; no samples are silence to miniaudio.

        It begins with a moment of silence, so that what is lost while a sound server or a device wakes up is not the
        session's. The rest of the first buffer, which the device wants at once, is the player's.
        """
        frames = yield b""
        while self._asked_samples < _WAKING_SAMPLES:
            self._asked_at = time.monotonic()
            self._asked_samples += frames
            frames = yield b""
        while True:
            if self._ending:
                frames = yield b""
                continue
            self._asked_at = time.monotonic()
            self._asked_samples += frames
            try:
                samples = pull(frames)
            except BaseException as error:  # told to whoever stops the output, in a thread that can act on it
                self._failure = error
                self._ending = True
                continue
            frames = yield samples

    def _on_stopped(self) -> None:
        self._stopped_itself = True

    def _answer(self, work: Callable[[], T]) -> T:
        try:
            return answered(work)
        except (self._miniaudio.MiniaudioError, TimeoutError) as error:
            raise no_device(f"“{self.name}” cannot be opened ({_reason(error)})") from error


def _opened(miniaudio: Any, speaker: Speaker, shape: Shape) -> Any:
    if speaker.backend == "ALSA":
        _hush_alsa()
    with _pulse_buffer(speaker.backend, shape.buffer_ms):
        return miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=SAMPLE_RATE,
            buffersize_msec=shape.period_ms,
            callback_periods=shape.periods,
            device_id=speaker.handle,
            backends=[miniaudio.Backend[speaker.backend]],
            app_name="breathcue",
        )


@contextmanager
def _pulse_buffer(backend: str, buffer_ms: Ms) -> Iterator[None]:
    """Tell PulseAudio's client library how large the buffer of the next stream shall be; it reads the environment."""
    if backend != "PULSEAUDIO":
        yield
        return
    before = os.environ.get(_PULSE_LATENCY)
    os.environ[_PULSE_LATENCY] = str(buffer_ms)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PULSE_LATENCY]
        else:
            os.environ[_PULSE_LATENCY] = before


def _release(miniaudio: Any, device: Any) -> None:
    """Close the device and its connection; a dead one may hang in there, and is then left to itself."""

    def release() -> None:
        device.close()
        context = getattr(device, "_context", None)  # which miniaudio leaves open, a connection each
        if context is not None:
            miniaudio.lib.ma_context_uninit(context)

    thread = Thread(target=release, name="breathcue-release", daemon=True)
    thread.start()
    thread.join(_RELEASE_SECONDS)


@cache
def _hush_alsa() -> object:
    """Keep ALSA from writing its errors onto the listener's screen; what matters of them comes back as an error.

    What is returned is what ALSA calls from now on; the cache keeps it alive.
    """
    import ctypes

    handler = ctypes.CFUNCTYPE(
        None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
    )(lambda *_words: None)
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    except (OSError, AttributeError):
        return None
    return handler


def _reason(error: Exception) -> str:
    """Return an error's own words; miniaudio puts a number after its."""
    return str(error.args[0]) if error.args else type(error).__name__
