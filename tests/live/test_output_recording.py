"""Outputs without a loudspeaker: no sound, and a recording."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from breathcue.diagnostics import BreathcueError, MissingError, RequestError
from breathcue.live.outputs import recording as recording_module
from breathcue.live.outputs.output import open_output
from breathcue.live.outputs.recording import RecordingOutput, wav_header
from breathcue.timeline.time import SAMPLE_RATE, Ms


class Ramp:
    """A player of endlessly counting samples; ``enough`` is set once it has given ``target`` of them."""

    def __init__(self, target: int) -> None:
        self.given = 0
        self.enough = threading.Event()
        self._target = target

    def pull(self, frames: int) -> memoryview:
        data = b"".join((n % 30_000).to_bytes(2, "little") for n in range(self.given, self.given + frames))
        self.given += frames
        if self.given >= self._target:
            self.enough.set()
        return memoryview(data)


def read(path: Path) -> bytes:
    with wave.open(str(path)) as wav:
        assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, SAMPLE_RATE)
        return wav.readframes(wav.getnframes())


def ramp(samples: int) -> bytes:
    return bytes(Ramp(0).pull(samples))


def code(error: BreathcueError) -> str:
    return error.diagnostics[0].code


def test_a_recording_holds_exactly_what_was_pulled(tmp_path: Path) -> None:
    target = tmp_path / "session.wav"
    player = Ramp(SAMPLE_RATE // 2)
    output = open_output(str(target))
    assert (output.name, output.latency_ms) == (str(target), 200)
    assert not output.alive
    output.start(player.pull)
    assert player.enough.wait(60)
    assert output.alive
    assert not target.exists()
    output.stop()
    assert not output.alive
    assert read(target) == ramp(player.given)
    output.stop()
    assert [path.name for path in tmp_path.iterdir()] == ["session.wav"]


def test_a_recording_that_never_began_leaves_nothing(tmp_path: Path) -> None:
    open_output(str(tmp_path / "session.wav")).stop()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as caught:
        open_output(str(tmp_path / "nowhere" / "session.wav"))
    assert code(caught.value) == "no-such-folder"
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(RequestError) as refused:
        open_output(str(tmp_path / "folder.wav"))
    assert code(refused.value) == "target-is-folder"


def test_a_folder_that_goes_away_is_said_at_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    output = open_output(str(folder / "session.wav"))
    folder.rmdir()
    with pytest.raises(MissingError) as caught:
        output.start(Ramp(0).pull)
    assert code(caught.value) == "target-unwritable"
    output.stop()


def test_a_full_disk_keeps_what_was_played_until_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = 10_001
    write = os.write

    def until_full(descriptor: int, data: memoryview | bytes) -> int:
        nonlocal room
        if len(data) == 44:
            return write(descriptor, data)
        part = data[:room]
        if not part:
            raise OSError(errno.ENOSPC, "No space left on device")
        room -= len(part)
        return write(descriptor, part)

    monkeypatch.setattr(recording_module.os, "write", until_full)
    player = Ramp(SAMPLE_RATE // 2)
    output = open_output(str(tmp_path / "session.wav"))
    output.start(player.pull)
    assert player.enough.wait(60)
    assert output.alive
    with pytest.raises(MissingError) as caught:
        output.stop()
    assert code(caught.value) == "recording-cut-short"
    assert "No space left" in str(caught.value)
    assert read(tmp_path / "session.wav") == ramp(5000)


def test_a_recording_ends_where_the_format_does(tmp_path: Path) -> None:
    player = Ramp(SAMPLE_RATE // 2)
    output = RecordingOutput(tmp_path / "session.wav", Ms(200))
    output._max_bytes = 44 + 3 * 1920
    output.start(player.pull)
    assert player.enough.wait(60)
    with pytest.raises(MissingError) as caught:
        output.stop()
    assert code(caught.value) == "recording-cut-short"
    assert read(tmp_path / "session.wav") == ramp(3 * 960)


def test_the_header_is_what_other_programs_write(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "reference.wav"), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(SAMPLE_RATE)
        wav.writeframes(bytes(2 * 123_456))
    assert wav_header(123_456) == (tmp_path / "reference.wav").read_bytes()[:44]


@pytest.mark.parametrize("choice", ["null", "session.wav"])
def test_what_pull_raises_is_told_by_stop(tmp_path: Path, choice: str) -> None:
    calls = []
    failed = threading.Event()

    def fails_at_the_third(frames: int) -> memoryview:
        calls.append(frames)
        if len(calls) == 3:
            failed.set()
            raise ZeroDivisionError
        return memoryview(bytes(2 * frames))

    output = open_output(choice if choice == "null" else str(tmp_path / choice))
    output.start(fails_at_the_third)
    assert failed.wait(60)
    with pytest.raises(ZeroDivisionError):
        output.stop()
    assert not output.alive
    if choice != "null":
        assert len(read(tmp_path / choice)) == 2 * 1920


@pytest.mark.parametrize("ending", ["raise KeyboardInterrupt", "os.kill(os.getpid(), 2)", "sys.exit(1)"])
def test_a_recording_outlives_the_program_that_made_it(tmp_path: Path, ending: str) -> None:
    program = f"""
import os, sys, threading
from breathcue.live.outputs.output import open_output
enough = threading.Event()
calls = []
def pull(frames):
    calls.append(frames)
    if len(calls) == 15:
        enough.set()
    return memoryview(b"\\1\\2" * frames)
open_output("session.wav").start(pull)
enough.wait()
{ending}
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode != 0
    samples = read(tmp_path / "session.wav")
    assert len(samples) >= 15 * 1920
    assert set(samples) == {1, 2}


class Clock:
    """A time that passes only where someone waits; it stands in for the module ``time`` and for ``Event``."""

    def __init__(self, until: float) -> None:
        self.now = 100.0
        self.end = 100.0 + until

    def monotonic(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def is_set(self) -> bool:
        return self.now >= self.end


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Clock]:
    def install(until: float) -> Clock:
        clock = Clock(until)
        monkeypatch.setattr(recording_module, "time", clock)
        return clock

    return install


def paced(clock: Clock, pull: Callable[[int], memoryview]) -> None:
    pacer = recording_module._Pacer(Ms(200), lambda _samples: None)
    pacer._ending = clock  # type: ignore[assignment]
    pacer._keep_pace(pull)


def test_samples_are_asked_for_as_they_would_be_heard(clock: Callable[[float], Clock]) -> None:
    time = clock(10.0)
    asked: list[float] = []

    def pull(frames: int) -> memoryview:
        asked.append(time.now - 100.0)
        return memoryview(bytes(2 * frames))

    paced(time, pull)
    assert asked == pytest.approx([0.02 * n for n in range(len(asked))])
    assert len(asked) == pytest.approx(10.0 / 0.02, abs=1)


def test_time_lost_is_not_hurried_after(clock: Callable[[float], Clock]) -> None:
    time = clock(100.0)
    asked: list[float] = []

    def pull(frames: int) -> memoryview:
        asked.append(time.now)
        if len(asked) == 50:
            time.now += 60.0
        return memoryview(bytes(2 * frames))

    paced(time, pull)
    assert len(asked) == pytest.approx((100.0 - 60.0 + 0.2) / 0.02, abs=2)
