"""The session as lines: what is written, what can be typed, and that nothing hangs at the end."""

from __future__ import annotations

import io
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from breathcue.live.moment import State
from breathcue.live.view.lines import Lines
from breathcue.live.view.plain import run_plain
from breathcue.timeline.model import CueKind, PhaseKind, Side, Track
from breathcue.timeline.score import Control, Stage
from breathcue.timeline.time import Ms
from fake_remote import FakeRemote, moment_of, phase_of

CAT_COW = Stage(Ms(0), "Cat-cow stretch", 4, "cat-cow")
SECONDS = 60.0
"""Longer than anything here takes; only a hang takes as long."""


class Paper(io.StringIO):
    """A text stream whose lines a test can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: queue.Queue[str] = queue.Queue()

    def write(self, text: str) -> int:
        self.lines.put(text)
        return super().write(text)

    def wait_for(self, part: str) -> None:
        while part not in self.lines.get(timeout=SECONDS):
            pass


@contextmanager
def running(remote: FakeRemote, commands: io.TextIOBase | None = None) -> Iterator[Paper]:
    """Run the plain view beside the test, and end the session at the end."""
    paper = Paper()
    with spawned(lambda: run_plain(remote, paper, commands)):  # type: ignore[arg-type]
        paper.wait_for("Type help")
        yield paper
        remote.turn(State.ENDED)


@contextmanager
def spawned(work: Callable[[], None]) -> Iterator[None]:
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    thread.join(SECONDS)
    assert not thread.is_alive(), "it hangs"
    if raised:
        raise raised[0]


@pytest.fixture
def pipe() -> Iterator[tuple[io.TextIOBase, int]]:
    """A pipe to type into: the stream to read from, and the descriptor to write to."""
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as stream:
        yield stream, writer  # type: ignore[misc]
    if writer >= 0:
        os.close(writer)


def lines_of(tell: Callable[[FakeRemote], None]) -> list[str]:
    """Return the lines that are written for what ``tell`` tells, without the first and the last."""
    remote = FakeRemote()
    remote.set(chapters=(), chapter=-1)
    with running(remote) as paper:
        tell(remote)
    return paper.getvalue().splitlines()[1:-1]


def test_a_cue_is_a_line_with_its_time() -> None:
    def tell(remote: FakeRemote) -> None:
        remote.say(65_040, "Inhale to cow.")
        remote.say(3_725_000, "Exhale to cat.")

    assert lines_of(tell) == [" 1:05  Inhale to cow.", "1:02:05  Exhale to cat."]


def test_tones_are_named_but_those_that_follow_the_breath_are_not() -> None:
    def tell(remote: FakeRemote) -> None:
        remote.say(0, "bowl", CueKind.CHIME, Track.TONE)
        remote.say(0, "ocean", CueKind.BED, Track.BED)
        remote.say(0, "inhale-soft", CueKind.BREATH_TONE, Track.TONE)

    assert lines_of(tell) == [" 0:00  (bowl)"]


def test_no_word_can_steer_the_terminal() -> None:
    lines = lines_of(lambda remote: remote.say(0, "red \x1b[31m and\nnew \u202eline \x9b2J"))
    assert lines == [" 0:00  red [31m and new line 2J"]


def test_chapters_and_steps_are_headings_once() -> None:
    remote = FakeRemote()
    phase = phase_of(PhaseKind.TALK, "Listen", rep=None)
    with running(remote) as paper:
        for at in (0, 1000):
            remote.begin(at, phase, CAT_COW)
        remote.begin(2000, phase, Stage(Ms(2000), "A sip of water", 5))
    assert paper.getvalue().splitlines()[1:-1] == [
        " 0:00  Chapter: Cat-cow stretch",
        " 0:02  Now: A sip of water",
    ]


def test_a_phase_is_written_only_where_no_cue_says_it() -> None:
    def tell(remote: FakeRemote) -> None:
        remote.say(9_000, "Inhale to cow.")
        remote.begin(10_000, phase_of(start=10_000), CAT_COW)
        remote.begin(14_000, phase_of(PhaseKind.EXHALE, "cat"), CAT_COW)
        remote.say(14_040, "Exhale to cat.")
        remote.say(17_200, "Four.", CueKind.COUNT)
        remote.begin(18_000, phase_of(rep=4, side=Side.LEFT), CAT_COW)
        remote.begin(22_000, phase_of(PhaseKind.HOLD, "Hold", rep=4), CAT_COW)

    assert lines_of(tell) == [
        " 0:09  Inhale to cow.",
        " 0:10  Now: Cat-cow stretch",
        " 0:14  Exhale to cat.",
        " 0:17  Four.",
        " 0:18  Inhale: cow. 4 of 10. Left side.",
        " 0:22  Hold. 4 of 10.",
    ]


def test_states_are_told_in_words() -> None:
    def tell(remote: FakeRemote) -> None:
        remote.set(at_ms=Ms(61_000))
        for state in (State.PAUSED, State.PLAYING, State.HURT, State.PLAYING, State.BEHIND, State.LOST):
            remote.turn(state)
        remote.answer(Control.SLOWER, pace=1.1)

    assert lines_of(tell) == [
        " 1:01  Paused. Type resume to go on.",
        " 1:01  Going on.",
        " 1:01  Paused, because that hurt. Type rest, next, finish or resume.",
        " 1:01  Going on.",
        " 1:01  One moment. The next words are being made.",
        " 1:01  The loudspeaker is gone. Waiting for another.",
        " 1:01  The pace is now 1.1.",
    ]


def test_the_last_line_says_how_long_it_was() -> None:
    remote = FakeRemote()
    with running(remote) as paper:
        pass
    assert paper.getvalue().splitlines()[-1] == "The end, after 9:03."


def test_typed_lines_become_controls(pipe: tuple[io.TextIOBase, int]) -> None:
    stream, writer = pipe
    remote = FakeRemote()
    with running(remote, stream) as paper:
        os.write(writer, b"slower\n\n\nVOICE QUIETER\r\nnonsense\nre\nhelp\nhal")
        paper.wait_for('There is no "nonsense".')
        paper.wait_for('"re" could be')
        paper.wait_for("skip rest: Skip the rest.")
        os.write(writer, b"fway\nquit\n")
        paper.wait_for('There is no "halfway".')
        paper.wait_for("The end")
    assert remote.asked == [
        Control.SLOWER,
        Control.PAUSE,
        Control.RESUME,
        Control.VOICE_QUIETER,
        Control.QUIT,
    ]


def test_the_end_of_the_commands_ends_nothing_else() -> None:
    for commands in (None, io.StringIO(""), io.StringIO("slower")):
        remote = FakeRemote()
        with running(remote, commands) as paper:
            remote.say(1000, "Still here.")
            paper.wait_for("Still here.")
        assert remote.asked == ([Control.SLOWER] if commands and commands.getvalue() else [])


def test_a_session_that_does_not_end_is_left_after_quit() -> None:
    remote = FakeRemote(obeys=False)
    paper = Paper()
    with spawned(lambda: run_plain(remote, paper, io.StringIO("quit\n"))):
        pass
    assert remote.asked == [Control.QUIT]


def test_an_end_that_nobody_tells_of_is_noticed() -> None:
    remote = FakeRemote(now=moment_of(state=State.ENDED))
    with spawned(lambda: run_plain(remote, io.StringIO(), None)):
        pass


def test_an_error_of_the_session_comes_through() -> None:
    remote = FakeRemote(error=RuntimeError("the player fell over"))
    with (
        pytest.raises(RuntimeError, match="fell over"),
        spawned(lambda: run_plain(remote, io.StringIO(), io.StringIO("next\n"))),
    ):
        pass


def test_a_reader_who_left_ends_the_session() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    remote = FakeRemote()
    stream = os.fdopen(writer, "w", encoding="utf-8")
    with spawned(lambda: run_plain(remote, stream, None)):
        pass
    assert remote.asked == [Control.QUIT]
    with pytest.raises(BrokenPipeError):
        stream.close()


PROGRAM = """
import sys
from breathcue.live.view.plain import run_plain
from breathcue.live.moment import State
from fake_remote import FakeRemote
remote = FakeRemote()
remote.press = lambda control: remote.turn(State.ENDED)
run_plain(remote, sys.stdout, sys.stdin)
"""


def test_the_process_ends_quietly_while_its_input_stays_open() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"next\n")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        stdin=reader,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    os.close(reader)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")
    assert "The end" in done.stdout


def test_lines_are_given_up_when_nobody_wants_them(pipe: tuple[io.TextIOBase, int]) -> None:
    stream, writer = pipe
    lines = Lines(stream)  # type: ignore[arg-type]
    os.write(writer, "é is two bytes\nnext".encode())
    assert lines.read() == "é is two bytes"
    wanted = iter([True, True, False])
    assert lines.read(lambda: next(wanted)) is None
    os.write(writer, b"\n")
    assert lines.read() == "next"
