"""``breathcue diff`` as it is typed: sessions and timelines, text and JSON, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from breathcue.cli.main import execute

SESSION = "title: Short\nvoice: {engine: silent}\nsteps:\n  - say: Hello.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.yaml").write_text(SESSION, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(SESSION.replace("Hello.", "Hello there."), encoding="utf-8")
    assert execute(["timeline", "a.yaml", "--format", "json", "-o", "a.json"]) == 0
    return tmp_path


@pytest.mark.parametrize("before", ["a.yaml", "a.json"])
def test_words_that_differ(folder, capsys, before):
    assert execute(["diff", before, "b.yaml"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Short: ")
    assert "  ~ 0:01  Hello.\n       →  Hello there.\n" in out
    assert err == ""


@pytest.mark.parametrize(("after", "code"), [("a.yaml", 0), ("b.yaml", 1)])
def test_the_exit_code_tells_only_where_it_is_asked_to(folder, capsys, after, code):
    assert execute(["diff", "a.json", after]) == 0
    assert execute(["diff", "a.json", after, "--exit-code"]) == code


def test_json(folder, capsys):
    assert execute(["diff", "a.json", "b.yaml", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["cues"]["changed"][0]["after"]["text"] == "Hello there."


def test_options_are_for_the_sessions(folder, capsys):
    (folder / "a.yaml").write_text(SESSION.replace("silent", "nobody"), encoding="utf-8")
    assert execute(["diff", "a.yaml", "a.yaml", "--voice", "silent"]) == 0
    assert capsys.readouterr().out.startswith("No difference: Short")


@pytest.mark.parametrize(
    ("text", "code"),
    [("title: One\nsteps: []\n", 1), ("title: One\nvoice: nobody\nsteps:\n  - say: A.\n", 3)],
)
def test_a_session_that_cannot_be_read_is_told_as_everywhere(folder, capsys, text, code):
    (folder / "b.yaml").write_text(text, encoding="utf-8")
    assert execute(["diff", "a.yaml", "b.yaml"]) == code
    assert "b.yaml:" in capsys.readouterr().err


def test_what_is_no_timeline_is_refused(folder, capsys):
    (folder / "b.json").write_text("{}", encoding="utf-8")
    assert execute(["diff", "a.json", "b.json"]) == 1
    assert "bad-timeline" in capsys.readouterr().err
