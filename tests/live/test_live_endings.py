"""``breathcue live`` itself on a terminal: however it ends, it ends soon, says why, and leaves the terminal as it was.

The voice is the silent one, so that this needs neither sound nor the neural voice. What the screen alone does is
tested in test_terminal.py.
"""

from __future__ import annotations

import signal
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from coached import COMMAND, Place, coached, place
from terminal_session import TerminalSession, modes_left, on_terminal

QUIET = """\
title: Quiet
voice: {engine: silent}
steps:
  - say: Lie down on your mat and let your breath come and go as it likes, for as long as it likes.
  - breathe: {inhale: 4s, exhale: 6s, rounds: 30}
"""

FAILING = """
import sys, threading
from breathcue.cli.main import run
from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.silent import SilentEngine

speak = SilentEngine.speak

def speak_or_fail(engine, text, voice, speed, language):
    if "come and go" in text:
        threading.Event().wait(2)
        if sys.argv[0] == "bug":
            raise RuntimeError("the voice fell over")
        raise MissingError(Diagnostic("voice-missing", "The voice is gone.", fix="Find it."))
    return speak(engine, text, voice, speed, language)

SilentEngine.speak = speak_or_fail
sys.argv[0] = sys.argv.pop(1)
run()
"""
"""The command with a voice that fails while the first words are heard."""


@pytest.fixture
def where(tmp_path: Path) -> Place:
    return place(tmp_path, QUIET, TERM="xterm-256color")


@pytest.fixture
def start(where: Place) -> Iterator[Callable[..., TerminalSession]]:
    sessions: list[TerminalSession] = []

    def begin(program: Sequence[str] = COMMAND, *, ignoring: int | None = None) -> TerminalSession:
        command = [*program, "live", str(where.session), "--output", "null"]
        sessions.append(on_terminal(command, where.env, ignoring=ignoring))
        return sessions[-1]

    yield begin
    for session in sessions:
        session.close()


def wait_for_picture(session: TerminalSession) -> None:
    session.read_until(lambda: b"left" in session.seen and b"space" in session.seen)


ENDINGS: dict[str, tuple[Callable[[TerminalSession], None], int, str, str]] = {
    "q": (lambda s: s.type(b"q"), 0, "Go on with --resume.", "quit"),
    "Ctrl-C": (lambda s: s.type(b"\x03"), 0, "Go on with --resume.", "quit"),
    "SIGINT": (lambda s: s.process.send_signal(signal.SIGINT), 130, "Stopped.", "interrupted"),
    "SIGTERM": (lambda s: s.process.send_signal(signal.SIGTERM), 130, "Stopped.", "interrupted"),
    "SIGHUP": (lambda s: s.process.send_signal(signal.SIGHUP), 130, "Stopped.", "interrupted"),
    "kindly, then q": (lambda s: (s.type(b"e"), time.sleep(1), s.type(b"q"))[0], 0, "done.", "closed-kindly"),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_ends_soon_and_leaves_the_terminal(
    ending: str, start: Callable[..., TerminalSession], where: Place
) -> None:
    end, code, words, how = ENDINGS[ending]
    session = start()
    before = termios.tcgetattr(session.slave)
    wait_for_picture(session)
    assert termios.tcgetattr(session.slave) != before
    end(session)
    returned, errors = session.wait_for_end()
    assert (returned, words in errors) == (code, True), errors
    assert "Traceback" not in errors
    assert termios.tcgetattr(session.slave) == before
    assert modes_left(session.seen) == {}
    assert where.records[-1]["how"] == how


def test_a_closed_terminal_ends_it(start: Callable[..., TerminalSession], where: Place) -> None:
    session = start()
    wait_for_picture(session)
    session.hang_up()
    code, errors = session.wait_for_end()
    assert (code, "Traceback" in errors) == (130, False), errors
    assert where.records[-1]["how"] == "interrupted"


def test_a_closed_terminal_without_its_signal_quits_it(
    start: Callable[..., TerminalSession], where: Place
) -> None:
    session = start(ignoring=signal.SIGHUP)
    wait_for_picture(session)
    session.hang_up()
    code, errors = session.wait_for_end()
    assert (code, "Traceback" in errors) == (0, False), errors
    assert where.records[-1]["how"] == "quit"


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [("missing", 3, "The voice is gone."), ("bug", 70, "This is a bug in breathcue")],
)
@pytest.mark.parametrize("plain", [False, True])
def test_a_voice_that_fails_is_told_and_the_terminal_left(
    plain: bool, fault: str, code: int, words: str, start: Callable[..., TerminalSession], where: Place
) -> None:
    program = (sys.executable, "-c", FAILING, fault)
    if plain:
        with coached(where, where.session, "--output", "null", program=program) as coach:
            returned = coach.end()
        errors = coach.errors
    else:
        session = start(program)
        before = termios.tcgetattr(session.slave)
        returned, errors = session.wait_for_end()
        assert modes_left(session.seen) == {}
        assert termios.tcgetattr(session.slave) == before
    assert (returned, words in errors) == (code, True), errors
    assert "Traceback" not in errors
    assert where.records[-1]["how"] == "failed"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_plain_lines_end_with_a_signal(number: signal.Signals, where: Place) -> None:
    with coached(where, where.session, "--output", "null") as coach:
        coach.wait_for("Lie down")
        coach.process.send_signal(number)
        assert coach.end() == 130
    assert coach.errors.splitlines()[-1] == "Stopped."
    assert "Traceback" not in coach.errors
    assert where.records[-1]["how"] == "interrupted"


def test_a_kill_that_cannot_be_caught_leaves_a_place_to_go_on(where: Place) -> None:
    with coached(where, where.session, "--output", "null") as coach:
        coach.wait_for("Lie down")
        coach.process.kill()
        assert coach.end() == -signal.SIGKILL
    assert "how" not in where.records[-1]
    with coached(where, "--resume", "--output", "null") as coach:
        coach.wait_for("Lie down")
        coach.type("quit")
        assert coach.end() == 0, coach.errors
    assert "Going on with" in coach.errors
