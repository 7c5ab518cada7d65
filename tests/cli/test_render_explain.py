"""``render --explain``: how the sound got into the file, as a user reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from breathcue.audio.order import Linked, Route, Written
from breathcue.cli.main import execute
from breathcue.cli.making import explanation
from breathcue.timeline.time import Ms

SESSION = """\
title: Short
steps:
  - chime: bell
  - wait: 3s
  - chime: bell
  - wait: 3s
  - chime: wood
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(f"voice: {{engine: silent}}\n{SESSION}", encoding="utf-8")
    return tmp_path / "s.yaml"


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert execute(["render", *arguments, "--explain"]) == 0
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.encoder
def test_what_is_new_is_new_once(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (explained(capsys, str(session)) for _ in range(2))
    assert first.startswith("Linked: 4 islands of sound, ")
    assert " new (" in first
    assert "none new" in second


@pytest.mark.encoder
def test_why_a_file_is_not_linked(session: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "a bed leaves no silence" in explained(capsys, str(session), "--bed", "brown")
    assert "only frames of MP3" in explained(capsys, str(session), "-o", "a.wav")


def test_every_route_has_its_words() -> None:
    assert all(explanation(Written(1, route)) for route in Route if route is not Route.LINKED)
    assert explanation(Written(1, Route.LINKED, Linked(7, 5, 2, Ms(1500)))) == (
        "Linked: 7 islands of sound, 5 of them different, 2 new (1.5 s encoded); silence is laid as it is."
    )
