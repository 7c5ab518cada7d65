"""A voice that is listed, but cannot speak on this machine: it is named, at the line that asks for it."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest

from breathcue.cli.main import execute
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import MissingError
from breathcue.pipeline.live import open_live
from breathcue.voices import kokoro
from breathcue.voices.registry import get_engine

SESSION = "title: T\nvoice: silent\nsteps:\n  - say: Hello.\n  - say: {text: Hi, voice: michael}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(kokoro, "PARTS", ("no_such_package_anywhere",))
    # Another test of this process may have loaded the network already, and its engine would go on speaking.
    get_engine.cache_clear()
    monkeypatch.chdir(tmp_path)

    def execute_with(session: str, *options: str) -> str:
        Path("s.yaml").write_text(session, encoding="utf-8")
        assert execute(["timeline", "s.yaml", *options]) == 3
        return capsys.readouterr().err

    return execute_with


def test_the_voice_of_a_line_is_named_at_its_line(run) -> None:
    said = run(SESSION)
    assert (
        "error[missing-voice]: The voice kokoro:michael cannot speak: its network is not installed." in said
    )
    assert "s.yaml:5:" in said
    assert kokoro.INSTALL in said


def test_the_voice_of_the_session_is_named_at_its_line(run) -> None:
    assert "s.yaml:2:" in run(SESSION.replace("voice: silent", "voice: kokoro:emma"))


def test_a_voice_of_the_command_line_is_not_told_at_a_line(run) -> None:
    said = run(SESSION.replace("{text: Hi, voice: michael}", "Hi."), "--voice", "kokoro:george")
    assert "The voice kokoro:george cannot speak" in said
    assert "s.yaml:" not in said


def test_a_fallback_is_named_at_its_line(run) -> None:
    Path("mine").mkdir()
    voice = "voice:\n  folder: mine\n  fallback: kokoro:emma"
    said = run(SESSION.replace("voice: silent", voice).replace("{text: Hi, voice: michael}", "Hi."))
    assert "The voice kokoro:emma cannot speak" in said
    assert "s.yaml:4:" in said


def test_live_it_is_named_at_its_line_too(run) -> None:
    run(SESSION)
    with open_live(Path("s.yaml"), Wishes()) as (script, _), pytest.raises(MissingError) as caught:
        deque(iter(script.lay, False), 0)
    (found,) = caught.value.diagnostics
    assert found.place is not None
    assert found.place.line == 5
