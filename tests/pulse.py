"""A private PulseAudio server with one sink that nobody hears, and a recording of what went into it.

Tests take it as the fixture ``pulse`` (tests/live/conftest.py) and are marked ``sound``.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tries import SERVER, in_real_time, put_into_real_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SINK = "mat"
DESCRIPTION = "Mat"
"""What the sink is called among the outputs."""

RATE = 48_000
_PROGRAMS = ("pulseaudio", "parec", "pactl")
_READY_SECONDS = 60.0
_RECORDER_LATENCY_MS = 20
_LOOK_SECONDS = 0.007


def missing() -> str | None:
    """Return why there can be no server here, or None."""
    absent = [program for program in _PROGRAMS if shutil.which(program) is None]
    return f"{', '.join(absent)} not installed" if absent else None


@dataclass
class Recording:
    """What another program has heard; ``samples`` are there once the ``with`` block of ``record`` has ended."""

    path: Path
    zero_at: float = float("inf")
    """Before when its first sample had come out of the sink, as of ``time.monotonic``: what is in the file has been."""

    def heard_by(self, sample: int) -> float:
        """Return by when a sample was heard at the latest, as of ``time.monotonic``.

        The sink lets a sample out no more than its own latency before it would be heard, and that of the recorder,
        its only other listener, is what it has been asked for. So this is late, if anything: by as long as a sample
        takes from the sink into the file, at best.
        """
        return self.zero_at + sample / RATE + _RECORDER_LATENCY_MS / 1000

    def look(self) -> None:
        """Take note of how much there is now."""
        samples = self.path.stat().st_size // 2
        if samples:
            self.zero_at = min(self.zero_at, time.monotonic() - (samples - 1) / RATE)

    @property
    def samples(self) -> NDArray[np.int16]:
        """All of it, at 48 kHz."""
        import numpy as np

        data = self.path.read_bytes()
        return np.frombuffer(data[: len(data) // 2 * 2], "<i2")


@dataclass
class Pulse:
    """A running server; ``env`` is what a subprocess needs in its environment to find it and nothing else."""

    folder: Path
    env: dict[str, str] = field(init=False)
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _keeper: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PULSE_")}
        self.env |= self.variables

    @property
    def variables(self) -> dict[str, str]:
        """The variables that lead to this server, for the test's own process."""
        return {
            "PULSE_SERVER": f"unix:{self._socket}",
            "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
            "PULSE_COOKIE": str(self.folder / "cookie"),
        }

    @property
    def _socket(self) -> Path:
        return self.folder / "native"

    def start(self) -> None:
        """Start the server, and wait until its sink plays."""
        with in_real_time(SERVER):
            self._start()

    def _start(self) -> None:
        # Started by root, the server only warns; it keeps whatever it writes in the folder.
        environment = {**self.env, "HOME": str(self.folder)}
        del environment["PULSE_SERVER"]
        with suppress(FileNotFoundError):
            self._socket.unlink()
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
                *("--disable-shm=yes", "--log-target=file:" + str(self.folder / "log")),
                *("-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1"),
                *("-L", _null_sink()),
            ],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for(lambda: SINK in self.pactl("list", "short", "sinks"))
        # The thread that hands sound from the player to the sink makes itself an ordinary one as it starts.
        put_into_real_time(self._server.pid, SERVER)
        # A null sink that nobody listens to renders two seconds ahead, and the first player would wait for them:
        # so there is always a listener, and the sink begins anew after that.
        self._keeper = self._parec(subprocess.DEVNULL)
        self._wait_for(lambda: "RUNNING" in self.pactl("list", "short", "sources"))
        self.pactl("suspend-sink", SINK, "1")
        self.pactl("suspend-sink", SINK, "0")

    def pactl(self, *arguments: str) -> str:
        """Run pactl and return what it prints; nothing where the server does not answer."""
        done = subprocess.run(
            ["pactl", *arguments], env=self.env, capture_output=True, text=True, check=False
        )
        return done.stdout

    def kill(self) -> None:
        """End the server as a crash would."""
        for process in (self._server, self._keeper):
            if process is not None:
                process.kill()
                process.wait()
        self._server = self._keeper = None

    def restart(self) -> None:
        """Start the server again, at the same place."""
        self.kill()
        self.start()

    def remove_sink(self) -> None:
        """Unplug the only loudspeaker, while the server goes on."""
        self.pactl("unload-module", "module-null-sink")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the server neither answer nor end for as long as the block lasts."""
        assert self._server is not None
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)

    @contextmanager
    def record(self, path: Path, *, tail_seconds: float = 0.5) -> Iterator[Recording]:
        """Record all that goes into the sink while the block runs, and ``tail_seconds`` more, as raw samples."""
        with path.open("wb") as file:
            recorder = self._parec(file.fileno())
            self._wait_for(lambda: path.stat().st_size > 0)
            recording = Recording(path)
            recording.look()
            ending = threading.Event()
            watch = threading.Thread(target=_watch, args=(recording, ending), daemon=True)
            watch.start()
            try:
                yield recording
                time.sleep(tail_seconds)
            finally:
                ending.set()
                watch.join()
                recorder.terminate()
                recorder.wait()

    def _parec(self, target: int) -> subprocess.Popen[bytes]:
        command = [
            *("parec", f"--device={SINK}.monitor", f"--latency-msec={_RECORDER_LATENCY_MS}"),
            *(f"--rate={RATE}", "--channels=1", "--format=s16le", "--raw"),
        ]
        with in_real_time(SERVER):
            return subprocess.Popen(command, env=self.env, stdout=target, stderr=subprocess.DEVNULL)

    def _wait_for(self, ready: Callable[[], bool]) -> None:
        limit = time.monotonic() + _READY_SECONDS
        while not ready():
            if time.monotonic() > limit:
                raise RuntimeError(f"PulseAudio is not ready; see {self.folder / 'log'}")
            time.sleep(0.02)


def _watch(recording: Recording, ending: threading.Event) -> None:
    while not ending.wait(_LOOK_SECONDS):
        recording.look()


def _null_sink() -> str:
    return (
        f"module-null-sink sink_name={SINK} rate={RATE} channels=1 format=s16le "
        f"sink_properties=device.description={DESCRIPTION}"
    )


@contextmanager
def server(folder: Path) -> Iterator[Pulse]:
    """Run a server in ``folder``, whose path must be short: a socket's may not exceed some 100 characters."""
    pulse = Pulse(folder)
    try:
        pulse.start()
        yield pulse
    finally:
        pulse.kill()
