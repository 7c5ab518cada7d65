"""A program on a terminal of its own, of which the test holds both ends."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SECONDS = 60.0
"""Longer than anything takes here, on a busy machine as well; only a hang takes as long."""


@dataclass
class TerminalSession:
    """A running program. ``seen`` is what it has written onto its terminal; ``-1`` is an end that was closed."""

    process: subprocess.Popen[str]
    master: int
    slave: int
    seen: bytes = b""

    def read_until(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + SECONDS
        while not done():
            assert time.monotonic() < until, f"it hangs; the last it wrote: {self.seen[-500:]!r}"
            if self.master >= 0 and select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 65536)

    def wait_for_end(self) -> tuple[int, str]:
        """Return the exit code and what was written to standard error."""
        self.read_until(lambda: self.process.poll() is not None)
        while self.master >= 0 and select.select([self.master], [], [], 0.1)[0]:
            self.seen += os.read(self.master, 65536)
        _, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, errors

    def type(self, text: bytes) -> None:
        os.write(self.master, text)

    def hang_up(self) -> None:
        """Close the terminal, as closing its window does."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def close(self) -> None:
        """Kill the program if it is still there, and close the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        if self.master >= 0:
            self.hang_up()


def on_terminal(
    command: Sequence[str], environment: Mapping[str, str], *, ignoring: int | None = None
) -> TerminalSession:
    """Start a program on a terminal of 80 by 24; standard error is apart. It may be made to ignore a signal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        if ignoring is not None:
            signal.signal(ignoring, signal.SIG_IGN)

    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=take_terminal,
        env=environment,
    )
    return TerminalSession(process, master, slave)


MODES = {
    b"1049": b"l",  # the other screen
    b"25": b"h",  # the cursor
    b"1000": b"l",  # the mouse, in its four modes
    b"1002": b"l",
    b"1003": b"l",
    b"1006": b"l",
    b"1004": b"l",  # focus
    b"2004": b"l",  # pasted text in brackets
    b"2048": b"l",  # sizes in band
    b"7": b"h",  # wrapping
}
"""Modes of a terminal, and what each is usually set to."""


def modes_left(seen: bytes) -> dict[bytes, bytes]:
    """Return the modes that were switched and are not as usual in the end."""
    last = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", seen))
    return {mode: state for mode, state in last.items() if mode in MODES and MODES[mode] != state}
