"""The terminal is left as it was, in every way a live session can end; on a real pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROGRAM = """
import sys, threading, time
from breathcue.cli import outcome
from breathcue.live.screen import run_screen
from breathcue.live.moment import State
from fake_remote import FakeRemote

remote = FakeRemote()

def work():
    how = sys.argv[1]
    if how == "error":
        threading.Timer(0.3, lambda: setattr(remote, "error", RuntimeError("the player fell over"))).start()
    elif how == "bug":
        threading.Timer(0.3, lambda: remote.set(left_ms="soon")).start()
    elif how == "ended":
        threading.Timer(0.3, lambda: remote.turn(State.ENDED)).start()
    elif how == "restless":
        def change():
            for i in range(10**6):
                remote.set(words="abcdefg "[i % 8] * 60)
                time.sleep(0.02)
        threading.Thread(target=change, daemon=True).start()
    try:
        run_screen(remote)
    finally:
        print("asked", *remote.asked, file=sys.stderr)
    return 0

outcome.prepare_process()
sys.exit(outcome.guard(work))
"""
SECONDS = 30.0
"""Longer than anything here takes, on a busy machine as well; only a hang takes as long."""


@dataclass
class Session:
    """A session on a terminal of its own; the test holds both ends."""

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

    def wait_for_picture(self) -> None:
        self.read_until(lambda: b"about 12:32 left" in self.seen)

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


@pytest.fixture
def start() -> Iterator[Callable[..., Session]]:
    sessions: list[Session] = []

    def begin(how: str = "-", *, ignoring: int | None = None, **environment: str) -> Session:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if ignoring is not None:
                signal.signal(ignoring, signal.SIG_IGN)

        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, how],
            stdin=slave,
            stdout=slave,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=take_terminal,
            env={
                **{key: value for key, value in os.environ.items() if key != "NO_COLOR"},
                "PYTHONPATH": str(Path(__file__).parents[1]),
                "TERM": "xterm-256color",
                **environment,
            },
        )
        sessions.append(Session(process, master, slave))
        return sessions[-1]

    yield begin
    for session in sessions:
        if session.process.poll() is None:
            session.process.kill()
            session.process.communicate()
        if session.master >= 0:
            os.close(session.slave)
            os.close(session.master)


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


ENDINGS: dict[str, tuple[str, Callable[[Session], None], int, str]] = {
    "q": ("-", lambda s: s.type(b"q"), 0, "asked quit"),
    "Ctrl-C": ("-", lambda s: s.type(b"\x03"), 0, "asked quit"),
    "SIGTERM": ("-", lambda s: s.process.send_signal(signal.SIGTERM), 130, "Stopped."),
    "SIGHUP": ("-", lambda s: s.process.send_signal(signal.SIGHUP), 130, "Stopped."),
    "SIGINT": ("-", lambda s: s.process.send_signal(signal.SIGINT), 130, "Stopped."),
    "an error": ("error", lambda s: None, 70, "RuntimeError: the player fell over"),
    "a bug of the screen": ("bug", lambda s: None, 70, "This is a bug in breathcue"),
    "its end": ("ended", lambda s: s.type(b"x"), 0, "asked"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_terminal_is_left_as_it_was(ending: str, start: Callable[..., Session]) -> None:
    how, end, code, words = ENDINGS[ending]
    session = start(how)
    before = termios.tcgetattr(session.slave)
    session.wait_for_picture()
    assert termios.tcgetattr(session.slave) != before
    assert modes_left(session.seen)
    if ending == "its end":
        session.read_until(lambda: b"any key" in session.seen)
    end(session)
    returned, errors = session.wait_for_end()
    assert (returned, words in errors) == (code, True), errors
    assert "Traceback" not in errors
    assert len(errors.splitlines()) <= 2, errors
    assert termios.tcgetattr(session.slave) == before
    assert modes_left(session.seen) == {}
    pushed, popped = session.seen.count(b"\x1b[>"), session.seen.count(b"\x1b[<u")
    assert pushed == popped, "the keyboard's mode is put back"
    assert b"\x1b]" not in session.seen, "the title and the colours of the terminal are nobody's business"


def test_two_requests_to_stop_end_it_once(start: Callable[..., Session]) -> None:
    session = start()
    before = termios.tcgetattr(session.slave)
    session.wait_for_picture()
    session.process.send_signal(signal.SIGTERM)
    session.process.send_signal(signal.SIGTERM)
    code, errors = session.wait_for_end()
    assert (code, "Traceback" in errors) == (130, False), errors
    assert termios.tcgetattr(session.slave) == before


def test_a_stalled_line_holds_nobody_back(start: Callable[..., Session]) -> None:
    session = start("restless")
    before = termios.tcgetattr(session.slave)
    session.wait_for_picture()
    time.sleep(1.5)  # nobody takes what is written meanwhile
    session.process.send_signal(signal.SIGTERM)
    assert session.process.wait(SECONDS) == 130
    assert termios.tcgetattr(session.slave) == before


def test_a_closed_terminal_ends_the_session(start: Callable[..., Session]) -> None:
    session = start()
    session.wait_for_picture()
    session.hang_up()
    code, errors = session.wait_for_end()
    assert (code, errors) == (130, "asked\nStopped.\n")


def test_a_closed_terminal_without_its_signal_quits_the_session(start: Callable[..., Session]) -> None:
    session = start(ignoring=signal.SIGHUP)
    session.wait_for_picture()
    session.hang_up()
    code, errors = session.wait_for_end()
    assert (code, errors) == (0, "asked quit\n")


def test_no_colour_means_none(start: Callable[..., Session]) -> None:
    session = start(NO_COLOR="1")
    session.wait_for_picture()
    session.type(b"q")
    session.wait_for_end()
    colours = [
        part
        for codes in re.findall(rb"\x1b\[([\d;]*)m", session.seen)
        for part in re.findall(rb"(?:3|4|9|10)[0-8](?:;5;\d+|;2;\d+;\d+;\d+)?", codes)
    ]
    assert colours == []


def test_nothing_is_written_while_nothing_changes(start: Callable[..., Session]) -> None:
    session = start()
    session.wait_for_picture()
    quiet = time.monotonic() + 0.5
    session.read_until(lambda: time.monotonic() > quiet)
    written = len(session.seen)
    quiet = time.monotonic() + 0.6
    session.read_until(lambda: time.monotonic() > quiet)
    assert len(session.seen) == written
