"""``breathcue program`` as a user meets it: a plan, sound files that are made once, and a calendar."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from breathcue.cli import main
from breathcue.program.manifest import NAME
from programs import session, write_program

WEEKS = """
- weeks: 1-2
  title: Begin
  reps: 50-100%
  daily: d.yaml
  days:
    monday: a.yaml
    thursday: a.yaml
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    write_program(tmp_path, WEEKS, d=session(2).replace("Bridge work", "Daily lift"))
    return tmp_path


def render(*more: str) -> int:
    return main.execute(
        ["program", "render", "plan.yaml", "-o", "out", "--voice", "silent", "--format", "wav", *more]
    )


def sounds(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.wav"))}


def wait_for_part(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a file is being written, and return whether that came about before the command ended."""
    while process.poll() is None:
        if next(folder.glob(".breathcue-*.part"), None) is not None:
            return True
    return False


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the last line on stderr."""
    return capsys.readouterr().err.strip().split("\n")[-1]


def test_the_plan_is_shown(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["program", "show", "plan.yaml"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "Week 2: Begin" in shown.out
    assert main.execute(["program", "show", "plan.yaml", "--week", "1", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [week["number"] for week in data["weeks"]] == [1]
    assert main.execute(["program", "show", "plan.yaml", "--week", "3"]) == 2
    assert "no-such-week" in capsys.readouterr().err


def test_files_playlists_and_what_is_the_same_made_once(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert render() == 0
    shown = capsys.readouterr()
    assert shown.err.strip().endswith("18 files and 2 playlists in out: 18 made, 0 as they were")
    names = sorted(path.name for path in (here / "out").glob("*.wav"))
    assert sorted(shown.out.split()) == [f"out/{name}" for name in names]
    assert names[:3] == [
        "w01-1-monday-1-bridge-work.wav",
        "w01-1-monday-2-daily-lift.wav",
        "w01-2-tuesday-daily-lift.wav",
    ]
    assert len({path.stat().st_ino for path in (here / "out").glob("*.wav")}) == 4
    lines = (here / "out" / "week-02.m3u8").read_text(encoding="utf-8").split("\n")
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:A plan 2: Begin"]
    for info, name in zip(lines[2:-1:2], lines[3:-1:2], strict=True):
        with wave.open(str(here / "out" / name)) as file:
            seconds = file.getnframes() / file.getframerate()
        assert info.startswith(f"#EXTINF:{int(seconds + 0.5)},")
    assert len(lines) == 2 + 2 * 9 + 1


def test_what_comes_to_the_same_is_made_once_however_it_is_asked_for(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calm = "title: Calm\nsteps:\n  - breathe: {inhale: 4s, exhale: 6s}\n"
    write_program(here, "- weeks: 1-3\n  reps: 50-100%\n  days:\n    monday: a.yaml", a=calm)
    assert render() == 0
    assert len({path.stat().st_ino for path in (here / "out").glob("*.wav")}) == 1


def test_only_what_has_changed_is_made_again(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render()
    before = sounds(here / "out")
    assert render() == 0
    assert said(capsys) == "18 files and 2 playlists in out: 0 made, 18 as they were"
    # A comment is no other sound; other words are.
    path = here / "a.yaml"
    path.write_text("# A comment.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    render()
    assert said(capsys).endswith("0 made, 18 as they were")
    path.write_text(path.read_text(encoding="utf-8").replace("Well done.", "Good."), encoding="utf-8")
    render()
    assert said(capsys).endswith("4 made, 14 as they were")
    # So are another author, which players show, and a portion of one week only.
    render("--author", "Ann")
    assert said(capsys).endswith("18 made, 0 as they were")
    write_program(here, WEEKS.replace("50-100%", "50-75%"), d=session(2).replace("Bridge work", "Daily lift"))
    render()
    assert said(capsys).endswith("18 made, 0 as they were")
    write_program(here, WEEKS, d=session(2).replace("Bridge work", "Daily lift"))
    render()
    assert sounds(here / "out") == before


def test_files_that_are_gone_cut_short_or_damaged_are_made_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    render()
    before = sounds(here / "out")
    names = list(before)
    (here / "out" / names[0]).unlink()
    cut = here / "out" / names[1]
    cut.write_bytes(before[names[1]][:-1000])
    other = next(name for name in names if name.startswith("w02-1-monday-1"))
    damaged = bytearray(before[other])
    damaged[5000] ^= 1
    (here / "out" / other).write_bytes(damaged)
    assert render() == 0
    assert not said(capsys).endswith(" 0 made, 18 as they were")
    assert sounds(here / "out") == before
    (here / "out" / NAME).write_text("{", encoding="utf-8")
    assert render() == 0
    shown = capsys.readouterr().err
    assert "manifest-unreadable" in shown
    assert "18 made" in shown


def test_a_practice_that_moves_to_another_day_keeps_its_sound(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    render()
    before = sounds(here / "out")
    moved = WEEKS.replace("thursday: a.yaml", "saturday: a.yaml").replace("monday: a.yaml", "friday: a.yaml")
    write_program(here, moved, d=session(2).replace("Bridge work", "Daily lift"))
    monkeypatch.setattr("breathcue.program.making.render", lambda *_, **__: pytest.fail("rendered"))
    assert render("--prune") == 0
    assert said(capsys).endswith(" made, 6 as they were")
    assert set(sounds(here / "out").values()) == set(before.values())


def test_one_week_leaves_the_others_wanted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render()
    capsys.readouterr()
    assert render("--week", "2", "--prune") == 0
    assert capsys.readouterr().err.strip() == "9 files and 1 playlist in out: 0 made, 9 as they were"
    assert len(sounds(here / "out")) == 18


def test_what_is_not_wanted_any_more_is_named_and_removed_only_if_asked(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    render()
    (here / "out" / "notes.wav").write_bytes(b"mine")
    changed = here / "out" / "w02-4-thursday-1-bridge-work.wav"
    short = WEEKS.replace("1-2", "1").replace("50-100%", "50%")
    write_program(here, short, d=session(2).replace("Bridge work", "Daily lift"))
    capsys.readouterr()
    assert render() == 0
    named = capsys.readouterr().err.split("\n")
    assert sum("is not part of the program any more; --prune removes it" in line for line in named) == 10
    assert changed.exists()
    changed.unlink()
    changed.write_bytes(b"somebody's own")
    assert render("--prune") == 0
    assert sorted(
        path.name for path in (here / "out").iterdir() if "w02" in path.name or "02" in path.name
    ) == [changed.name]
    assert (here / "out" / "notes.wav").read_bytes() == b"mine"


def test_nothing_is_made_while_any_session_has_a_mistake(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_program(
        here,
        WEEKS + "    friday: b.yaml\n    sunday: c.yaml",
        b=session().replace("hold: 2s", "hold: soon"),
        c=session().replace("kind: strength", "kind: strenght"),
        d=session(),
    )
    assert render() == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "b.yaml:13:15: error[bad-duration]" in shown.err
    assert "error[unknown-value]" in shown.err
    assert "week 1 of the program asks for it here" in shown.err
    assert not (here / "out").exists()


def test_a_voice_that_is_not_there_is_told_before_anything_is_made(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = session(more="voice: nobody-at-all")
    write_program(here, WEEKS, a=text, d=session())
    arguments = ["program", "render", "plan.yaml", "-o", "out", "--format", "wav"]
    assert main.execute(arguments) != 0
    assert "unknown-voice" in capsys.readouterr().err
    assert sounds(here / "out") == {}


def test_each_program_has_a_folder_of_its_own(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    render()
    before = sounds(here / "out")
    (here / "other.yaml").write_text((here / "plan.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert main.execute(["program", "render", "other.yaml", "-o", "out", "--prune", "--format", "wav"]) == 2
    assert "folder-of-another-program" in capsys.readouterr().err
    assert sounds(here / "out") == before


def test_who_made_it_is_the_session_s_word_before_the_program_s(here: Path) -> None:
    write_program(here, WEEKS, "author: Planner\n", a=session(more="author: Ann"), d=session())
    render()
    assert b"Ann" in sounds(here / "out")["w01-1-monday-1-bridge-work.wav"]
    assert b"Planner" in sounds(here / "out")["w01-1-monday-2-bridge-work.wav"]


def test_a_folder_that_cannot_be(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "out").write_text("a file", encoding="utf-8")
    assert render() == 2
    assert "target-is-file" in capsys.readouterr().err
    code = main.execute(["program", "render", "plan.yaml", "-o", "no/where", "--voice", "silent"])
    assert (code, "no-such-folder" in capsys.readouterr().err) == (3, True)


@pytest.mark.parametrize(
    ("written", "message"),
    [("2026-02-30", "There is no day `2026-02-30`."), ("05.01.2027", "`05.01.2027` is not a date.")],
)
def test_a_start_that_is_no_day(
    here: Path, capsys: pytest.CaptureFixture[str], written: str, message: str
) -> None:
    assert main.execute(["program", "calendar", "plan.yaml", "--start", written]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert message in told
    assert "Write it as 2027-01-05" in told


def test_a_calendar_is_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["program", "calendar", "plan.yaml"]) == 2
    assert "no-start" in capsys.readouterr().err
    assert main.execute(["program", "calendar", "plan.yaml", "--start", "2027-01-04", "-o", "plan.ics"]) == 0
    assert capsys.readouterr().out == "plan.ics\n"
    written = (here / "plan.ics").read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert written.count(b"BEGIN:VEVENT") == 2 * (2 + 7 + 5)
    code = main.execute(["program", "calendar", "plan.yaml", "--start", "2027-01-04", "-o", "plan.yaml"])
    assert (code, "target-is-source" in capsys.readouterr().err) == (2, True)


def test_check_looks_into_every_session_of_a_program(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["check", "plan.yaml"]) == 0
    assert capsys.readouterr().err == "1 file checked, nothing wrong.\n"
    (here / "d.yaml").write_text("title: T\nsteps: []\n", encoding="utf-8")
    assert main.execute(["check", "."]) == 1
    shown = capsys.readouterr()
    assert shown.out.count("error[empty-value]") == 1
    assert main.execute(["check", "--explain", "load-jump"]) == 0
    assert "Source:" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["render", "live", "timeline", "script"])
def test_a_program_given_as_a_session_is_told_its_command(
    here: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.execute([command, "plan.yaml"]) == 1
    shown = capsys.readouterr().err
    assert "not-a-session" in shown
    assert "`breathcue program render plan.yaml -o FOLDER`" in shown


@pytest.mark.parametrize("command", ["show", "render", "calendar"])
def test_a_session_given_as_a_program_is_told_its_command(
    here: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["-o", "out"] if command == "render" else []
    assert main.execute(["program", command, "a.yaml", *more]) == 1
    shown = capsys.readouterr().err
    assert "not-a-program" in shown
    assert "`breathcue render a.yaml`" in shown


@pytest.mark.skipif(os.name == "nt", reason="uses POSIX signals")
def test_a_run_that_is_killed_is_gone_on_with(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-u", "-m", "breathcue", "program", "render", "plan.yaml", "-o", "out"]
    command += ["--voice", "silent", "--format", "wav"]
    kills = 0
    for run in range(6):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            # In turn: when a file has just been made, and in the middle of one.
            going_on = process.stdout.readline() if run % 2 else wait_for_part(here / "out", process)
            process.kill()
        if not going_on:
            break
        kills += 1
        for path in (here / "out").glob("*.wav"):
            with wave.open(str(path)) as file:
                assert file.getnframes() > 48_000
    assert kills > 1
    assert render() == 0
    resumed = sounds(here / "out")
    assert len(resumed) == 18
    assert list((here / "out").glob(".breathcue-*")) == []
    (here / "out").rename(here / "first")
    assert render() == 0
    assert sounds(here / "out") == resumed
    assert (here / "out" / NAME).read_bytes() == (here / "first" / NAME).read_bytes()
