"""The terminal is left as it was, in every way a live session can end; on a real pseudo-terminal."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from terminal_session import SECONDS, TerminalSession, modes_left, on_terminal

PROGRAM = """
import signal, sys, threading, time
from breathcue.cli import outcome
from breathcue.live.view.screen import run_screen
from breathcue.live.moment import State
from fake_remote import FakeRemote

remote = FakeRemote()

HAPPENINGS = {
    "error": lambda: setattr(remote, "error", RuntimeError("the player fell over")),
    "bug": lambda: remote.set(left_ms="soon"),
    "ended": lambda: remote.turn(State.ENDED),
}

def work():
    how = sys.argv[1]
    if how in HAPPENINGS:
        signal.signal(signal.SIGUSR1, lambda *_: threading.Thread(target=HAPPENINGS[how]).start())
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
"""What is to happen to the session happens when it is told so by a signal."""


@pytest.fixture
def start() -> Iterator[Callable[..., TerminalSession]]:
    sessions: list[TerminalSession] = []

    def begin(how: str = "-", *, ignoring: int | None = None, **environment: str) -> TerminalSession:
        env = {
            **{key: value for key, value in os.environ.items() if key != "NO_COLOR"},
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "TERM": "xterm-256color",
            **environment,
        }
        sessions.append(on_terminal([sys.executable, "-c", PROGRAM, how], env, ignoring=ignoring))
        return sessions[-1]

    yield begin
    for session in sessions:
        session.close()


def wait_for_picture(session: TerminalSession) -> None:
    session.read_until(lambda: b"about 12:32 left" in session.seen)


def happen(session: TerminalSession) -> None:
    session.process.send_signal(signal.SIGUSR1)


def end_and_press(session: TerminalSession) -> None:
    happen(session)
    session.read_until(lambda: b"any key" in session.seen)
    session.type(b"x")


ENDINGS: dict[str, tuple[str, Callable[[TerminalSession], None], int, str]] = {
    "q": ("-", lambda s: s.type(b"q"), 0, "asked quit"),
    "Ctrl-C": ("-", lambda s: s.type(b"\x03"), 0, "asked quit"),
    "SIGTERM": ("-", lambda s: s.process.send_signal(signal.SIGTERM), 130, "Stopped."),
    "SIGHUP": ("-", lambda s: s.process.send_signal(signal.SIGHUP), 130, "Stopped."),
    "SIGINT": ("-", lambda s: s.process.send_signal(signal.SIGINT), 130, "Stopped."),
    "an error": ("error", happen, 70, "RuntimeError: the player fell over"),
    "a bug of the screen": ("bug", happen, 70, "This is a bug in breathcue"),
    "its end": ("ended", end_and_press, 0, "asked"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_terminal_is_left_as_it_was(ending: str, start: Callable[..., TerminalSession]) -> None:
    how, end, code, words = ENDINGS[ending]
    session = start(how)
    before = termios.tcgetattr(session.slave)
    wait_for_picture(session)
    assert termios.tcgetattr(session.slave) != before
    assert modes_left(session.seen)
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


def test_two_requests_to_stop_end_it_once(start: Callable[..., TerminalSession]) -> None:
    session = start()
    before = termios.tcgetattr(session.slave)
    wait_for_picture(session)
    session.process.send_signal(signal.SIGTERM)
    session.process.send_signal(signal.SIGTERM)
    code, errors = session.wait_for_end()
    assert (code, "Traceback" in errors) == (130, False), errors
    assert termios.tcgetattr(session.slave) == before


def test_a_stalled_line_holds_nobody_back(start: Callable[..., TerminalSession]) -> None:
    session = start("restless")
    before = termios.tcgetattr(session.slave)
    wait_for_picture(session)
    time.sleep(1.5)  # nobody takes what is written meanwhile
    session.process.send_signal(signal.SIGTERM)
    assert session.process.wait(SECONDS) == 130
    assert termios.tcgetattr(session.slave) == before


def test_a_closed_terminal_ends_the_session(start: Callable[..., TerminalSession]) -> None:
    session = start()
    wait_for_picture(session)
    session.hang_up()
    code, errors = session.wait_for_end()
    # More than one part of the screen may see that the terminal is gone before the signal does its work.
    asked, *said = errors.splitlines()
    assert (code, set(asked.split()) - {"quit"}, said) == (130, {"asked"}, ["Stopped."])


def test_a_closed_terminal_without_its_signal_quits_the_session(
    start: Callable[..., TerminalSession],
) -> None:
    session = start(ignoring=signal.SIGHUP)
    wait_for_picture(session)
    session.hang_up()
    code, errors = session.wait_for_end()
    # More than one part of the screen may see that the terminal is gone.
    assert (code, set(errors.split())) == (0, {"asked", "quit"}), errors


def test_no_colour_means_none(start: Callable[..., TerminalSession]) -> None:
    session = start(NO_COLOR="1")
    wait_for_picture(session)
    session.type(b"q")
    session.wait_for_end()
    colours = [
        part
        for codes in re.findall(rb"\x1b\[([\d;]*)m", session.seen)
        for part in re.findall(rb"(?:3|4|9|10)[0-8](?:;5;\d+|;2;\d+;\d+;\d+)?", codes)
    ]
    assert colours == []


def test_nothing_is_written_while_nothing_changes(start: Callable[..., TerminalSession]) -> None:
    session = start()
    wait_for_picture(session)
    written, since = 0, time.monotonic()

    def has_been_quiet() -> bool:
        nonlocal written, since
        if len(session.seen) != written:
            written, since = len(session.seen), time.monotonic()
        return time.monotonic() > since + 1.0

    session.read_until(has_been_quiet)
