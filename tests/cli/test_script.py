"""``breathcue script`` as it is typed: on the screen, into a file, as a table, and what is said of recordings."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from breathcue.cli.main import breathcue
from breathcue.diagnostics import MissingError, RequestError, SessionError
from breathcue.voices.recorded import file_name

SESSION = (
    "title: Kurz\nvoice: {engine: recorded, folder: mine}\nsteps:\n  - say: Hello, you.\n  - say: Bye.\n"
)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "short.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    return CliRunner().invoke(breathcue, ["script", *map(str, arguments)], catch_exceptions=False).stdout


def test_the_sheet_is_printed(session: Path) -> None:
    text = run(session)
    assert text.startswith("Kurz\n====\n")
    assert f"mine/{file_name('Hello, you.')}.wav\n" in text
    assert "0 of them are recorded" in text


def test_what_is_recorded_is_marked(session: Path) -> None:
    (session.parent / "mine" / f"{file_name('Bye.')}.opus").touch()
    text = run(session)
    assert "[x] Bye." in text
    assert "[ ] Hello, you." in text
    assert "1 of them are recorded" in text


def test_it_is_written_to_a_file(session: Path) -> None:
    target = session.with_name("sheet.csv")
    assert run(session, "--format", "csv", "-o", target) == ""
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "Hello, you." in [row["text"] for row in rows]
    assert {row["folder"] for row in rows} == {"mine"}
    with pytest.raises(RequestError):
        run(session, "-o", session.parent)


def test_nothing_is_spoken_for_it(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breathcue.voices.speaker.Speaker._speak", None)
    session.write_text(SESSION.replace("{engine: recorded, folder: mine}", "heart"), encoding="utf-8")
    assert f"{file_name('Bye.')}.wav" in run(session)


def test_another_pace_may_ask_for_other_lines(session: Path) -> None:
    session.write_text(f"{SESSION}  - breathe: {{inhale: 4s, exhale: 4s, rounds: 2}}\n", encoding="utf-8")
    assert "In for four, out for four." in run(session)
    assert "In for six, out for six." in run(session, "--pace", "1.5")


def test_a_folder_that_is_not_there_is_told_at_its_line(session: Path) -> None:
    (session.parent / "mine").rmdir()
    with pytest.raises(SessionError) as caught:
        run(session)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.place and diagnostic.place.line) == ("not-beside", 2)


def test_a_folder_on_the_command_line_that_is_not_there(session: Path) -> None:
    session.write_text("title: T\nsteps:\n  - say: Hello.\n", encoding="utf-8")
    done = CliRunner().invoke(breathcue, ["render", str(session), "--voice", "recorded:nowhere"])
    assert isinstance(done.exception, MissingError)
    assert done.exception.diagnostics[0].code == "missing-voice"
    done = CliRunner().invoke(breathcue, ["render", str(session), "--voice", "recorded"])
    assert isinstance(done.exception, MissingError)
    assert "folder: FOLDER" in done.exception.diagnostics[0].message
