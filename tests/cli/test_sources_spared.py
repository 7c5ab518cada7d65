"""No command writes over what the session is made from: its own file, its music, its cover, its recordings."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from breathcue.cli.main import breathcue
from breathcue.diagnostics import RequestError
from recordings import record, write_sound

SESSION = """title: Short
voice: {engine: silent}
bed: tune-bed.wav
steps:
  - say: Hello.
  - say: {text: Here I am., voice: {engine: recorded, folder: mine}}
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "session.wav"
    path.write_text(SESSION, encoding="utf-8")
    write_sound(tmp_path / "tune-bed.wav", 0.1 * np.sin(np.arange(96_000) / 30))
    (tmp_path / "mine").mkdir()
    record(tmp_path / "mine", "Here I am.").rename(tmp_path / "mine" / "here-i-am-0a1b2c3d.wav")
    record(tmp_path / "mine", "Here I am.")
    Image.new("RGB", (30, 30), "teal").save(tmp_path / "cover.png")
    (tmp_path / "cover.flac").write_bytes((tmp_path / "cover.png").read_bytes())
    os.link(tmp_path / "tune-bed.wav", tmp_path / "same.wav")
    return path


def refused(*words: str) -> None:
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    done = CliRunner().invoke(breathcue, list(words))
    assert isinstance(done.exception, RequestError), done.output
    assert done.exception.diagnostics[0].code == "target-is-source"
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "words",
    [
        ["-o", "session.wav"],
        ["-o", "tune-bed.wav"],
        ["-o", "same.wav"],
        ["-o", "tune.wav", "--stems"],
        ["-o", "mine/here-i-am-0a1b2c3d.wav"],
        ["-o", "cover.flac", "--cover", "cover.flac"],
        ["-o", "tune-bed.wav", "--bed", "tune-bed.wav"],
    ],
)
def test_a_render_spares_them(session, words):
    refused("render", session.name, *words)


@pytest.mark.parametrize(
    "words",
    [
        ["timeline", "session.wav", "-o", "session.wav"],
        ["script", "session.wav", "-o", "session.wav"],
        ["script", "session.wav", "-o", "tune-bed.wav"],
        ["voices", "try", "Hello.", "--session", "session.wav", "-o", "session.wav"],
        ["live", "session.wav", "--plain", "--output", "session.wav"],
        ["live", "session.wav", "--plain", "--output", "tune-bed.wav"],
    ],
)
def test_so_do_the_others(session, words):
    refused(*words)


def test_another_file_in_the_folder_of_recordings_may_be_replaced(session):
    Path("mine/whole.wav").write_bytes(b"old")
    done = CliRunner().invoke(breathcue, ["render", "session.wav", "-o", "mine/whole.wav"])
    assert done.exit_code == 0, done.output
    assert Path("mine/whole.wav").read_bytes()[:4] == b"RIFF"
