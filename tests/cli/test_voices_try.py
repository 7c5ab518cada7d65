"""``breathcue voices try``: one line to a file or a loudspeaker, and the words that the voice was given."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from breathcue.cli.main import execute
from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.live.outputs import chime as chime_module
from breathcue.voices.base import Recording
from breathcue.voices.registry import get_engine
from breathcue.voices.silent import SilentEngine

SESSION = """\
title: Words
language: de
voice: silent
pronounce:
  Asana: Ah-sana
steps:
  - say: Halte die Asana 30 s.
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def humming(monkeypatch: pytest.MonkeyPatch) -> None:
    """The silent voice hums, so that something can be heard of it."""

    def speak(self: SilentEngine, text: str, voice: str, speed: float, language: str) -> Recording:
        t = np.arange(48_000) / 48_000
        return Recording((0.1 * np.sin(2 * np.pi * 220 * t)).astype(np.float32), 48_000)

    monkeypatch.setattr(SilentEngine, "speak", speak)
    get_engine.cache_clear()


def tried(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = execute(["voices", "try", *args])
    out, err = capsys.readouterr()
    return code, out, err


def test_it_shows_what_the_voice_is_given_and_writes_the_line(
    humming: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "line.wav"
    code, out, err = tried(
        capsys, "Hold diastasis 30 s.", "--voice", "silent", "--speed", "1.2", "-o", str(target)
    )
    assert (code, out) == (0, "Hold dye-ASS-tuh-sis 30 seconds.\n")
    assert "silent:silent at speed 1.2" in err
    assert str(target) in err
    with wave.open(str(target)) as file:
        assert file.getframerate() == 48_000
        heard = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    assert 1.0 < len(heard) / 48_000 < 3.0
    assert np.abs(heard).max() > 1000
    assert not np.abs(heard[: 48 * 200]).max()


def test_a_session_lends_its_voice_its_language_and_its_pronunciations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = tmp_path / "words.yaml"
    session.write_text(SESSION, encoding="utf-8")
    code, out, err = tried(capsys, "Eine Asana, 10-15 s", "--session", str(session), "--output", "null")
    assert (code, out) == (0, "Eine Ah-sana, 10 bis 15 Sekunden\n")
    assert "silent:silent at speed 0.9" in err


def test_what_is_asked_for_comes_before_the_session(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = tmp_path / "words.yaml"
    session.write_text(SESSION, encoding="utf-8")
    args = ("5 s", "--session", str(session), "--language", "fr", "--speed", "1", "--output", "null")
    code, out, err = tried(capsys, *args)
    assert (code, out) == (0, "5 secondes\n")
    assert "at speed 1 " in err


def test_the_language_may_stand_before_try_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["voices", "--language", "es", "try", "5 s", "--voice", "silent", "--output", "null"]) == 0
    assert capsys.readouterr().out == "5 segundos\n"


def test_it_is_played_through_the_output_that_is_named(
    humming: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[tuple[int, str | None]] = []

    def play(samples: np.ndarray, choice: str | None) -> str:
        played.append((len(samples), choice))
        return "Speakers"

    monkeypatch.setattr(chime_module, "play", play)
    code, _, err = tried(capsys, "Hello", "--voice", "silent", "--output", "speak")
    assert code == 0
    assert "It went to “Speakers”." in err
    ((length, choice),) = played
    assert choice == "speak"
    assert length > 40_000


def test_without_a_loudspeaker_it_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none(samples: np.ndarray, choice: str | None) -> str:
        raise MissingError(Diagnostic("no-audio-device", "There is no loudspeaker.", fix="Connect one."))

    monkeypatch.setattr(chime_module, "play", none)
    code, out, err = tried(capsys, "Hello", "--voice", "silent")
    assert code == 3
    assert out == "Hello\n"
    assert "Connect one." in err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("🙂", "--voice", "silent", "--output", "null"), 2, "there is no word in it"),
        (("Hi", "-o", "a.wav", "--output", "null"), 2, "choose one of them"),
        (("Hi", "-o", "a.xyz"), 2, "cannot write .xyz"),
        (("Hi", "--voice", "nobody"), 3, "no voice called 'nobody'"),
        (("Hi", "--voice", "heart", "--language", "de"), 3, "the session's language is 'de'"),
    ],
)
def test_what_cannot_be_is_said(
    args: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, out, err = tried(capsys, *args)
    assert (found, out) == (code, "")
    assert said in err


def test_a_broken_session_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = tmp_path / "words.yaml"
    session.write_text("title: Words\n", encoding="utf-8")
    code, out, err = tried(capsys, "Hi", "--session", str(session))
    assert (code, out) == (1, "")
    assert "steps" in err
