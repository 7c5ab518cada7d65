"""What ``breathcue doctor`` says of loudspeakers, and the bell it rings."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING

from breathcue.cli import doctor as doctor_command
from breathcue.cli.main import execute
from breathcue.live.outputs import chime as chime_module
from breathcue.live.outputs import speakers as speakers_module
from breathcue.live.outputs.output import Pull
from breathcue.live.outputs.speakers import Speaker
from breathcue.timeline.time import Ms

if TYPE_CHECKING:
    import pytest


def no_speakers() -> tuple[Speaker, ...]:
    raise speakers_module.no_device("PulseAudio does not answer")


def test_loudspeakers_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Speaker("Built-in", False, "ALSA"), Speaker("Headset", True, "ALSA"))
    monkeypatch.setattr(speakers_module, "speakers", lambda: found)
    finding = doctor_command.check_loudspeakers()
    assert finding.ok
    assert finding.about == "loudspeakers: Built-in; Headset (the default)"


def test_a_missing_loudspeaker_is_no_failure_but_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers_module, "speakers", no_speakers)
    finding = doctor_command.check_loudspeakers()
    assert not finding.ok
    assert not finding.needed
    assert finding.about.endswith("PulseAudio does not answer")
    assert "--output null" in (finding.fix or "")


def test_a_bell_can_be_rung_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "bell.wav"
    assert execute(["doctor", "--chime", "--output", str(target)]) == 0
    assert capsys.readouterr().out == f"The bell went to “{target}”.\n"
    with wave.open(str(target)) as wav:
        samples = memoryview(wav.readframes(wav.getnframes())).cast("h")
    assert max(samples) > 1000
    assert not any(samples[-10:])


def test_without_a_loudspeaker_the_bell_cannot_be_rung(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(speakers_module, "speakers", no_speakers)
    assert execute(["doctor", "--chime"]) == 3
    assert "no-audio-device" in capsys.readouterr().err


def test_a_place_without_a_bell_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["doctor", "--output", "Headset"]) == 2
    assert "--chime" in capsys.readouterr().err


class Vanishing:
    """An output that takes a little and is gone."""

    name = "Headset"
    latency_ms = Ms(200)
    alive = False
    stopped = False

    def start(self, pull: Pull) -> None:
        assert len(pull(10)) == 20

    def stop(self) -> None:
        self.stopped = True


def test_a_loudspeaker_that_vanishes_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = Vanishing()
    monkeypatch.setattr(chime_module, "open_output", lambda _choice: output)
    assert execute(["doctor", "--chime"]) == 3
    assert "“Headset” was lost" in capsys.readouterr().err
    assert output.stopped
