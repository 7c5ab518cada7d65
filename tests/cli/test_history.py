"""``breathcue history`` as a user meets it: on wide and narrow terminals, empty, as JSON, and forgotten."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from breathcue.cli import history as command
from breathcue.cli.history import as_text
from breathcue.cli.main import execute
from breathcue.live.diary.history import PastSession, history, replay
from breathcue.live.diary.memory import Clearance, new_log, past_sessions
from breathcue.live.diary.records import Ending, Record, encode
from breathcue.live.moment import State
from breathcue.timeline.model import Side
from breathcue.timeline.score import Control
from happenings import Acted, start

TODAY = date(2025, 6, 4)
ZONE = timezone(timedelta(hours=2))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def back(*, until: int = 4) -> Acted:
    """Act out a session, up to a repetition of its bird dog."""
    acted = Acted().step(0, "Welcome", ms=600_000).step(1, "Cat-cow stretch", "cat-cow").reps(10)
    acted.step(2, "Bird dog", "bird-dog")
    for number in range(1, until + 1):
        acted.rep(number, of=4, side=Side.RIGHT).rep(number, of=4, side=Side.LEFT)
    return acted


def going_on() -> Acted:
    acted = Acted().step(2, "Bird dog", "bird-dog").rep(4, of=4, side=Side.LEFT)
    return acted.step(3, "Closing", ms=300_000).turn(State.ENDED)


def breath() -> Acted:
    return Acted().step(0, "Breath").reps(9).ask(Control.FINISH)


def log_of(records: list[Record], day: tuple[int, ...], session_id: str, **about: str) -> list[Record]:
    when = datetime(*day, tzinfo=ZONE)  # type: ignore[misc, arg-type]
    head = start(**{"session": "/home/ana/back.yaml", "title": "Back relief for new mothers", **about})
    return [replace(record, id=session_id, when=when) for record in [head, *records]]


def logs() -> list[list[Record]]:
    """Four sessions, the oldest first: finished; cut off because it hurt; gone on with; closed kindly."""
    done = back().step(3, "Closing").turn(State.ENDED)
    return [
        log_of(done.records(Ending.FINISHED), (2024, 12, 30, 7, 10), "00000001"),
        log_of(back().ask(Control.HURT).records(), (2025, 6, 2, 21, 5), "00000002"),
        log_of(going_on().records(Ending.FINISHED), (2025, 6, 3, 7, 2), "00000003", resumed_from="00000002"),
        log_of(
            breath().records(Ending.QUIT),
            (2025, 6, 4, 6, 45),
            "00000004",
            **{"session": "/home/ana/evening.yaml", "title": "Feierabend 夜のストレッチ"},
        ),
    ]


def pasts() -> list[PastSession]:
    found = [replay(records) for records in logs()]
    return [past for past in reversed(found) if past is not None]


def keep(data: Path, records: list[Record]) -> None:
    path = new_log(data, records[0].id, records[0].when)
    path.write_bytes(b"".join(map(encode, records)))


WIDE = """\
3 days in a row.
That is your longest.

This week  2 sessions  19 min
In all     3 sessions  31 min

Exercise         Times  Reps  Last done
Bird dog             2    16  yesterday
Cat-cow stretch      2    20  Mon 2 Jun

Where you marked that it hurt
  Bird dog
    once, Mon 2 Jun
  If it hurts again, leave it out, and ask a professional before you go on.

Last sessions
  today 06:45         1 min  closed early  Feierabend 夜のストレッチ
  yesterday 07:02     5 min  finished      Back relief for new mothers
  Mon 2 Jun 21:05    12 min  gone on with  Back relief for new mothers
  30 Dec 2024 07:10  13 min  finished      Back relief for new mothers
"""

NARROW = """\
3 days in a row.
That is your longest.

This week  2 sessions  19 min
In all     3 sessions  31 min

Exercises, the last done first
  Bird dog
    twice, 16 reps, yesterday
  Cat-cow stretch
    twice, 20 reps, Mon 2 Jun

Where you marked that it hurt
  Bird dog
    once, Mon 2 Jun
  If it hurts again, leave it out, and
  ask a professional before you go on.

Last sessions
  Feierabend 夜のストレッチ
    today 06:45, 1 min
    closed early
  Back relief for new mothers
    yesterday 07:02, 5 min
    finished
  Back relief for new mothers
    Mon 2 Jun 21:05, 12 min
    gone on with
  Back relief for new mothers
    30 Dec 2024 07:10, 13 min
    finished
"""


def test_on_80_columns() -> None:
    assert as_text(history(pasts(), TODAY), TODAY, 80) + "\n" == WIDE


def test_on_40_columns() -> None:
    assert as_text(history(pasts(), TODAY), TODAY, 40) + "\n" == NARROW


@pytest.mark.parametrize("columns", range(40, 121, 4))
def test_no_line_is_longer_than_the_terminal(columns: int) -> None:
    from rich.cells import cell_len

    long = [replace(past, title=past.title * 9) for past in pasts()]
    lines = as_text(history(long, TODAY), TODAY, columns).splitlines()
    assert max(cell_len(line) for line in lines) <= columns
    assert all(line == line.rstrip() for line in lines)
    assert any("…" in line for line in lines)


def test_titles_cannot_move_the_cursor() -> None:
    odd = [replace(past, title="\x1b[2Jcleared\r\n") for past in pasts()]
    text = as_text(history(odd, TODAY), TODAY, 80)
    assert "\x1b" not in text
    assert "?[2Jcleared??" in text


def test_after_a_break_it_is_kind(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for records in logs():
        keep(data, records)
    assert execute(["history"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Today is a good day to begin again.\nYour longest row of days: 3 days.\n")
    assert err == ""


def test_an_empty_history_says_how_to_begin(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["history"]) == 0
    assert "breathcue live my-session.yaml" in capsys.readouterr().out
    assert not data.exists()


def test_nothing_in_the_last_days(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(data, logs()[0])
    assert execute(["history", "--days", "7"]) == 0
    assert capsys.readouterr().out == "Nothing was done there yet.\n"


def test_the_sessions_of_one_file(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for records in logs():
        keep(data, records)
    assert execute(["history", "--session", "/home/ana/evening.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Feierabend" in out
    assert "Back relief" not in out


def test_as_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for records in logs():
        keep(data, records)
    assert execute(["history", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["longest_days_in_a_row"] == 3
    assert told["in_all"]["sessions"] == 3
    assert told["exercises"][0] == {
        **{"exercise": "bird-dog", "title": "Bird dog", "times": 2, "reps": 16, "last_done": "2025-06-03"}
    }
    assert told["hurts"] == [
        {"title": "Bird dog", "exercise": "bird-dog", "times": 1, "days": ["2025-06-02"]}
    ]
    assert [each["how"] for each in told["sessions"]] == ["closed-kindly", "finished", None, "finished"]
    assert told["sessions"][1] == {
        **{"id": "00000003", "began": "2025-06-03T07:02:00.000+02:00", "session": "/home/ana/back.yaml"},
        **{"title": "Back relief for new mothers", "active_ms": 310_000, "reps": 1, "hurts": 0},
        **{"resumed_from": "00000002", "how": "finished"},
    }


def test_every_key_of_the_json_is_documented(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for records in logs():
        keep(data, records)
    assert execute(["history", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    page = (Path(__file__).parents[2] / "docs" / "live-log.md").read_text(encoding="utf-8")
    keys = {*told, *told["in_all"], *told["exercises"][0], *told["hurts"][0], *told["sessions"][0]}
    assert {key for key in keys if f"`{key}`" not in page} == set()


def test_an_empty_history_as_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["history", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["days_in_a_row"], told["sessions"], told["exercises"]) == (0, [], [])


def test_a_session_that_goes_on_is_shown_as_such() -> None:
    last, *others = pasts()
    text = as_text(history([replace(last, how=None, alive=True), *others], TODAY), TODAY, 80)
    assert "today 06:45         1 min  going on now" in text


def test_only_the_last_ten_are_listed() -> None:
    last = pasts()[0]
    many = [replace(last, id=f"{number:08x}") for number in range(12)]
    assert as_text(history(many, TODAY), TODAY, 80).splitlines()[-1] == "  and 2 earlier ones"
    assert as_text(history(many[:11], TODAY), TODAY, 80).splitlines()[-1] == "  and 1 earlier one"


def test_the_width_is_that_of_the_terminal(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for records in logs():
        keep(data, records)
    assert execute(["history"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 40


def test_where(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["history", "--where"]) == 0
    assert capsys.readouterr().out == f"{data}\n"


def test_forgetting_asks_first(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(data, logs()[0])
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert execute(["history", "--forget"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "Forget 1 session" in err
    assert "Nothing was forgotten." in err
    assert len(list(past_sessions(data))) == 1


def test_an_answer_that_never_comes_forgets_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(data, logs()[0])
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert execute(["history", "--forget"]) == 130
    assert len(list(past_sessions(data))) == 1


def test_forgetting(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for records in logs():
        keep(data, records)
    Clearance(data).remember(Path("/home/ana/back.yaml"))
    assert execute(["history", "--forget", "--yes"]) == 0
    assert capsys.readouterr().out == "4 sessions forgotten.\n"
    assert not data.exists()


@pytest.mark.parametrize(
    "arguments",
    [["--yes"], ["--forget", "--days", "3"], ["--forget", "--session", "a.yaml"], ["--days", "0"]],
)
def test_what_makes_no_sense_is_wrong_usage(data: Path, arguments: list[str]) -> None:
    keep(data, logs()[0])
    assert execute(["history", *arguments]) == 2
    assert len(list(past_sessions(data))) == 1


def test_a_day_is_said_as_one_says_it() -> None:
    days = {0: "today", 1: "yesterday", 2: "Mon 2 Jun", 200: "16 Nov 2024", -1: "Thu 5 Jun"}
    assert {ago: command._day(TODAY - timedelta(days=ago), TODAY) for ago in days} == days
