"""``render --watch``: what is rendered again and when, in this process with changes made up, and as a user runs it."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import breathcue
from breathcue.cli import making, watch
from breathcue.cli.main import execute
from breathcue.diagnostics import BreathcueError, Diagnostic

SESSION = """\
title: Short
voice: {engine: silent}
steps:
  - say: Hello.
  - exercise: lift
    reps: 1
"""
LIFT = "title: Lift\nrep:\n  - inhale: 2s\n    say: Lift.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SESSION, encoding="utf-8")
    (tmp_path / "lift.yaml").write_text(LIFT, encoding="utf-8")
    return tmp_path


Edit = Callable[[], object]


@pytest.fixture
def changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have each edit made, and noticed, when the command would wait; after the last, the user stops it."""

    def script(*edits: Edit) -> None:
        left = list(edits)

        def wait(seen: object, look_again: Callable[[], dict[Path, object]]) -> tuple[Path, ...]:
            if not left:
                raise KeyboardInterrupt
            before = look_again()
            assert before == seen
            left.pop(0)()
            after = look_again()
            return tuple(path for path in after if after[path] != before.get(path))

        monkeypatch.setattr(watch, "wait_for_change", wait)

    return script


def write(path: Path, text: str) -> Edit:
    return lambda: path.write_text(text, encoding="utf-8")


def test_each_change_is_rendered_and_told(folder, changes, capsys):
    longer = LIFT.replace("2s", "4s")
    changes(
        write(folder / "s.yaml", SESSION.replace("Hello.", "Hello there.")),
        write(folder / "lift.yaml", longer),
    )
    assert execute(["render", "s.yaml", "-o", "s.wav", "--watch"]) == 130
    out, err = capsys.readouterr()
    assert out.split() == ["s.wav"] * 3
    assert "Watching s.yaml" in err
    first, second = err.split("changed.\n")[1:]
    assert "  ~ 0:01  Hello.\n       →  Hello there." in first
    assert "lift.yaml" in first.splitlines()[-1]
    assert "  ~ lift, Inhale: 2.0 s → 4.0 s" in second
    assert ", in " in second.splitlines()[-1]


def test_an_error_is_shown_and_the_last_good_file_stays(folder, changes, capsys):
    kept: list[bytes] = []

    def mend() -> None:
        kept.append((folder / "s.wav").read_bytes())
        (folder / "s.yaml").write_text(SESSION + "  - say: Bye.\n", encoding="utf-8")

    changes(write(folder / "s.yaml", SESSION.replace("say", "sya")), mend)
    assert execute(["render", "s.yaml", "-o", "s.wav", "--watch"]) == 130
    out, err = capsys.readouterr()
    assert out.split() == ["s.wav"] * 2
    assert "s.yaml:4:5: error[unknown-key]" in err
    assert "s.wav stays as it was." in err
    assert "Bye." in err.split("s.wav stays as it was.")[1]
    assert kept[0] != (folder / "s.wav").read_bytes()


def test_a_session_that_is_wrong_at_first_can_be_mended(folder, changes, capsys):
    (folder / "s.yaml").write_text("title: [", encoding="utf-8")
    changes(write(folder / "s.yaml", SESSION))
    assert execute(["render", "s.yaml", "-o", "s.wav", "--watch"]) == 130
    out, err = capsys.readouterr()
    assert out.split() == ["s.wav"]
    assert "stays as it was" not in err


def test_an_exercise_that_appears_beside_the_session_is_noticed(folder, changes, capsys):
    (folder / "lift.yaml").unlink()
    changes(write(folder / "lift.yaml", LIFT))
    assert execute(["render", "s.yaml", "-o", "s.wav", "--watch"]) == 130
    out, err = capsys.readouterr()
    assert out.split() == ["s.wav"]
    assert "unknown-exercise" in err.split("lift.yaml changed.")[0]


def test_what_is_typed_wrong_ends_it_at_once(folder, changes, capsys):
    changes()
    assert execute(["render", "s.yaml", "-o", "s.wav", "--watch", "--bed", "nowhere"]) == 2
    assert "unknown-bed" in capsys.readouterr().err


def test_a_file_that_is_written_among_the_recordings_is_no_change(folder, changes, capsys, monkeypatch):
    recorded = SESSION.replace(
        "{engine: silent}", "{engine: recorded, folder: mine, fallback: 'silent:silent'}"
    )
    (folder / "s.yaml").write_text(recorded, encoding="utf-8")
    (folder / "mine").mkdir()
    seen: list[list[str]] = []
    changes(lambda: (folder / "mine" / "new.wav").write_bytes(b""))
    wait = watch.wait_for_change

    def note(before, look_again):
        seen.append([path.name for path in before])
        return wait(before, look_again)

    monkeypatch.setattr(watch, "wait_for_change", note)
    assert execute(["render", "s.yaml", "-o", "mine/s.wav", "--watch"]) == 130
    assert (folder / "mine" / "s.wav").exists()
    assert "mine/new.wav changed." in capsys.readouterr().err.replace("\\", "/")
    assert all("s.wav" not in names for names in seen)
    assert "new.wav" in seen[1]


@pytest.mark.encoder
def test_each_file_is_verified(folder, changes, capsys):
    changes(write(folder / "s.yaml", SESSION.replace("Hello.", "Hello there.")))
    assert execute(["render", "s.yaml", "--watch", "--verify"]) == 130
    assert capsys.readouterr().err.count("s.mp3 passes all ") == 2


def test_a_file_that_was_written_before_listening_failed_is_not_said_to_stay(
    folder, changes, monkeypatch, capsys
):
    def deaf(*_: object) -> None:
        raise BreathcueError(
            Diagnostic("sound-missing", "There is nothing to listen to.", fix="Render it again.")
        )

    def edit() -> None:
        monkeypatch.setattr(making, "_verdict", deaf)
        (folder / "s.yaml").write_text(SESSION.replace("Hello.", "Good day."), encoding="utf-8")

    changes(edit, write(folder / "s.yaml", SESSION.replace("Hello.", "Good evening.")))
    execute(["render", "s.yaml", "-o", "s.wav", "--watch", "--verify"])
    said = capsys.readouterr().err
    assert said.count("There is nothing to listen to.") == 2
    assert "stays as it was" not in said
    assert "~ 0:01  Good day.\n       →  Good evening." in said


class Running:
    """The command in a process of its own, and its lines as they come."""

    def __init__(self, *arguments: str) -> None:
        source = str(Path(breathcue.__file__).parents[1])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "breathcue", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())

    def until(self, words: str) -> list[str]:
        """Return the lines up to the next one that holds ``words``."""
        lines: list[str] = []
        while not lines or words not in lines[-1]:
            lines.append(self._lines.get(timeout=60))
        return lines

    def rest(self) -> list[str]:
        self.process.wait(60)
        assert self.process.stdout is not None
        return list(self._lines.queue)


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    command = Running("render", "s.yaml", "-o", "s.wav", "--watch")
    yield command
    command.process.kill()
    command.process.wait()


@pytest.mark.skipif(os.name == "nt", reason="uses POSIX signals")
def test_as_a_user_runs_it(folder, running):
    session = folder / "s.yaml"
    running.until("Watching s.yaml")
    session.write_text(SESSION.replace("Hello.", "Hello there."), encoding="utf-8")
    assert "       →  Hello there." in running.until(" long, ")

    # As many editors do it: another file takes the place of the old one.
    (folder / "s.yaml~").write_text(SESSION.replace("reps", "resp"), encoding="utf-8")
    (folder / "s.yaml~").replace(session)
    good = (folder / "s.wav").read_bytes()
    assert "s.yaml:6:5: error[unknown-key]" in "\n".join(running.until("stays as it was"))
    assert (folder / "s.wav").read_bytes() == good

    session.write_text(SESSION.replace("reps: 1", "reps: 2"), encoding="utf-8")
    mended = running.until(" long, ")
    assert any("of 1 → of 2" in line for line in mended)
    running.until("s.wav")
    assert (folder / "s.wav").read_bytes() != good

    running.process.send_signal(signal.SIGINT)
    assert running.rest() == []
    assert running.process.returncode == 130
