"""``check``, ``schema`` and ``new`` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from breathcue.cli import main
from breathcue.diagnostics.codes import CODES
from breathcue.language import starter as starter_module
from breathcue.language.load import load_session
from breathcue.language.safety import rules
from breathcue.language.starter import starter

GOOD = "title: T\nsteps:\n  - say: Hello.\n"
WARNED = (
    "title: T\nexercises:\n  sway:\n    title: S\n    rep:\n      - inhale: 4s\nsteps:\n  - say: Hello.\n"
)
BAD = "title: T\nsteps:\n  - wait: soon\n"
EXERCISE = "title: Sway\nrep:\n  - move: 0s\n    say: Sway.\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_good_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", GOOD)
    assert main.execute(["check", "a.yaml"]) == 0
    assert capsys.readouterr() == ("", "1 file checked, nothing wrong.\n")


def test_a_warning_is_no_error(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", WARNED)
    assert main.execute(["check", "a.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("a.yaml:3:3: warning[unused-exercise]")
    assert shown.err == "1 file checked: 1 warning.\n"


def test_folders_are_searched_and_each_file_is_checked_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "in" / "b.yaml", BAD)
    write(here / "in" / "deep" / "a.yml", BAD)
    write(here / "in" / "exercises" / "sway.yaml", EXERCISE)
    write(here / "in" / "uses.yaml", "title: T\nsteps:\n  - exercise: sway\n")
    write(here / "in" / ".hidden" / "x.yaml", BAD)
    write(here / "in" / "notes.txt", "not a session")
    assert main.execute(["check", "in", "in/b.yaml", "./in/b.yaml"]) == 1
    shown = capsys.readouterr()
    lines = [line for line in shown.out.splitlines() if ": error[" in line]
    files = [Path("in", "b.yaml"), Path("in", "exercises", "sway.yaml"), Path("in", "deep", "a.yml")]
    assert sorted(line.split(":")[0] for line in lines) == sorted(map(str, files))
    assert shown.err == "4 files checked: 3 errors.\n"


def test_json_is_one_list(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", BAD)
    write(here / "b.yaml", GOOD)
    assert main.execute(["check", "--format", "json", "a.yaml", "b.yaml"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(each["file"], each["line"], each["column"], each["code"]) for each in found] == [
        ("a.yaml", 3, 11, "bad-duration")
    ]


def test_github_annotations(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", BAD)
    assert main.execute(["check", "--format", "github", "a.yaml"]) == 1
    assert capsys.readouterr().out.startswith("::error file=a.yaml,line=3,col=11,")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "Name at least one file"),
        (["check", "none.yaml"], "none.yaml"),
        (["check", "."], "There are no .yaml files"),
        (["check", "--explain", "unknown-kye"], "Did you mean 'unknown-key'?"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.out == ""


def test_a_code_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["check", "--explain", "silent-phase"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("silent-phase (warning): ")
    assert "Instead of" in shown


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["check", "--explain", f"[{code.upper().replace('-', '_')}]"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{code} ({CODES[code].severity.value}): {CODES[code].summary}")
    assert " ".join(CODES[code].meaning.split()) in " ".join(shown.split())
    assert all(
        line.strip() in shown for line in (*CODES[code].bad.split("\n"), *CODES[code].good.split("\n"))
    )


def test_a_rule_of_safety_is_explained_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["check", "--explain", "no-clearance"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"Why: {rules()['no-clearance'].reason} Source: " in shown
    assert "NHS Suffolk" in shown
    assert "never medical advice" in shown


def test_warnings_of_words_are_no_error(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", "title: T\nsteps:\n  - say: Hold your arm up like this.\n")
    assert main.execute(["check", "a.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("a.yaml:3:27: warning[needs-eyes]: `like this` ")
    assert shown.err == "1 file checked: 1 warning.\n"


def test_new_writes_a_session_that_loads(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["new", "my.yaml"]) == 0
    assert capsys.readouterr().out == "my.yaml\n"
    assert load_session(Path("my.yaml")).routine is not None
    assert [path.name for path in here.iterdir()] == ["my.yaml"]
    assert starter().startswith("# yaml-language-server: $schema=breathcue.schema.json\n")


def test_new_touches_nothing_that_is_there(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "my.yaml", "mine")
    assert main.execute(["new", "my.yaml"]) == 2
    assert "my.yaml is there already" in capsys.readouterr().err
    assert (here / "my.yaml").read_text() == "mine"
    assert main.execute(["new", "none/my.yaml"]) == 2
    assert "There is no folder none" in capsys.readouterr().err


def test_new_does_not_replace_a_file_that_appears_meanwhile(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starter_module.os.path, "lexists", lambda path: False)
    write(here / "my.yaml", "mine")
    assert main.execute(["new", "my.yaml"]) == 2
    assert (here / "my.yaml").read_text() == "mine"
    assert [path.name for path in here.iterdir()] == ["my.yaml"]


def test_new_prints_to_a_dash(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["new", "-"]) == 0
    assert capsys.readouterr().out == starter()
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["--exercise"]])
def test_schema(arguments: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["schema", *arguments]) == 0
    printed = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(printed)
    assert main.execute(["schema", *arguments, "-o", "s.json"]) == 0
    assert json.loads((here / "s.json").read_text(encoding="utf-8")) == printed


LONG = "title: T\nduration: {}\nsteps:\n  - exercise: cat-cow\n    reps: 8-12\n  - rest: 20-60s\n"


def test_a_length_out_of_reach_is_warned_of_before_a_word_is_spoken(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here / "a.yaml", LONG.format("3m"))
    assert main.execute(["check", "a.yaml"]) == 0
    assert capsys.readouterr() == ("", "1 file checked, nothing wrong.\n")
    write(here / "a.yaml", LONG.format("40m"))
    assert main.execute(["check", "a.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(
        "a.yaml:2:1: warning[duration-unreachable]: As far as one can tell before it is spoken: it cannot last 40:00"
    )
    assert shown.err == "1 file checked: 1 warning.\n"


def test_a_voice_that_nobody_here_knows_is_warned_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here / "a.yaml", "title: T\nvoice: {engine: embedded, name: nobody}\nsteps:\n  - say: Hello.\n")
    assert main.execute(["check", "a.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("a.yaml:2:1: warning[unknown-voice]: On this machine: ")
    assert shown.err == "1 file checked: 1 warning.\n"
