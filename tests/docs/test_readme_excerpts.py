"""What the README shows is what the program prints; ``scripts/test --update-goldens`` brings it up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from workspace import ROOT, SESSIONS

PAGE = ROOT / "README.md"
README = PAGE.read_text(encoding="utf-8")
EXCERPTS = re.findall(r"^```text\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)

MISTAKES = """\
title: My session
steps:
  - excercise: cat-cow
    reps: 15-10
  - rest: 30 sec
  - exercise: birddog
  - say:\x20
"""


def breathcue(*arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, "-m", "breathcue", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False).stdout


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path_factory.getbasetemp() / "readme-cache"))


@pytest.mark.voice
def test_the_timeline_shown_is_a_piece_of_the_real_one(update_goldens: bool) -> None:
    real = breathcue("timeline", "sessions/postpartum-back-relief.yaml")
    shown = EXCERPTS[0]
    if update_goldens:
        chapter = shown.splitlines()[0].split("==")[1].strip()
        begin = real.index(next(line for line in real.splitlines() if f"== {chapter} ==" in line))
        piece = "".join(real[begin:].splitlines(keepends=True)[: shown.count("\n")])
        PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(shown, piece), encoding="utf-8")
        shown = piece
    assert shown in real


def test_the_errors_shown_are_what_check_prints(tmp_path: Path) -> None:
    (tmp_path / "my-session.yaml").write_text(MISTAKES, encoding="utf-8")
    assert breathcue("check", "my-session.yaml", cwd=tmp_path).rstrip() == EXCERPTS[1].rstrip()


@pytest.mark.voice
@pytest.mark.parametrize("session", SESSIONS, ids=lambda path: path.stem)
def test_every_session_is_listed_with_its_length(session: Path) -> None:
    listed = re.search(rf"\(sessions/{session.name}\) \| (\d+) min \|", README)
    assert listed is not None
    minutes, seconds = re.search(r"\((\d+):(\d+), voice", breathcue("timeline", str(session))).groups()
    assert abs(int(minutes) + int(seconds) / 60 - int(listed[1])) <= 0.6
