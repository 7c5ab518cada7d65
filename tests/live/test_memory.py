"""Where to go on, which answers are remembered, and that all of it can be forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from breathcue.live.diary.history import Hurt
from breathcue.live.diary.log import SessionLog
from breathcue.live.diary.memory import (
    Clearance,
    data_folder,
    digest_of,
    forget,
    last_unfinished,
    log_files,
    new_log,
    past_sessions,
)
from breathcue.live.diary.records import Ending, Record, encode
from breathcue.timeline.model import PhaseKind, Side
from breathcue.timeline.score import Control, Spot
from happenings import LEFT, RIGHT, WHEN, Acted, about, start, wait_for


def keep(
    folder: Path,
    records: Sequence[Record],
    *,
    session: str = "a.yaml",
    when: datetime = WHEN,
    resumed_from: str | None = None,
) -> str:
    """Write a log with these records after a start record; return the session's id."""
    session_id = f"{len(log_files(folder)):08x}"
    path = new_log(folder, session_id, when)
    head = start(os.path.realpath(folder / session), when=when, resumed_from=resumed_from)
    lines = [encode(replace(record, id=session_id, when=when)) for record in [head, *records]]
    path.write_bytes(b"".join(lines))
    return session_id


def acted() -> Acted:
    return Acted().step(0, "Welcome").step(1, "Bird dog", "bird-dog").rep(1, side=RIGHT).rep(1, side=LEFT)


def spot_in(folder: Path, session: str | None = None) -> Spot | None:
    mark = last_unfinished(folder, folder / session if session else None)
    return mark and mark.spot


def test_the_folder_is_the_one_that_the_variable_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BREATHCUE_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    monkeypatch.setenv("BREATHCUE_DATA", "~/data")
    assert data_folder() == Path.home() / "data"
    monkeypatch.delenv("BREATHCUE_DATA")
    assert data_folder().name == "breathcue"


def test_it_goes_on_at_the_last_repetition_that_began(tmp_path: Path) -> None:
    session_id = keep(tmp_path, acted().ask(Control.SLOWER, pace=1.15).records())
    mark = last_unfinished(tmp_path, tmp_path / "a.yaml")
    assert mark is not None
    assert mark.spot == Spot(1, 1, 1, Side.LEFT)
    assert (mark.id, mark.title, mark.step_title, mark.exercise) == (
        session_id,
        "Morning",
        "Bird dog",
        "bird-dog",
    )
    assert (mark.pace, mark.digest, mark.when) == (1.15, "0" * 40, WHEN)
    assert mark.session == Path(os.path.realpath(tmp_path / "a.yaml"))


@pytest.mark.parametrize(
    ("how", "offered"),
    [
        (None, True),
        (Ending.QUIT, True),
        (Ending.INTERRUPTED, True),
        (Ending.FAILED, True),
        (Ending.FINISHED, False),
        (Ending.CLOSED_KINDLY, False),
    ],
)
def test_only_what_was_not_finished_is_offered(tmp_path: Path, how: Ending | None, offered: bool) -> None:
    keep(tmp_path, acted().records(how))
    assert (last_unfinished(tmp_path) is not None) is offered
    assert (last_unfinished(tmp_path, tmp_path / "a.yaml") is not None) is offered


def test_a_step_that_began_after_the_repetition_is_where_it_goes_on(tmp_path: Path) -> None:
    keep(tmp_path, acted().step(2, "Rest").records())
    assert spot_in(tmp_path) == Spot(2)


def test_the_rest_between_sets_goes_on_at_the_repetition_before_it(tmp_path: Path) -> None:
    keep(tmp_path, acted().pause_for(PhaseKind.REST, 5000).records())
    assert spot_in(tmp_path) == Spot(1, 1, 1, Side.LEFT)


def test_power_lost_in_the_closing_words_one_asked_for_leaves_no_mark(tmp_path: Path) -> None:
    keep(tmp_path, acted().ask(Control.FINISH).step(9, "Closing").records())
    assert last_unfinished(tmp_path) is None


def test_what_was_finished_since_is_not_offered_again(tmp_path: Path) -> None:
    keep(tmp_path, acted().records())
    keep(tmp_path, acted().records(Ending.FINISHED))
    assert last_unfinished(tmp_path) is None
    assert last_unfinished(tmp_path, tmp_path / "a.yaml") is None


def test_another_file_decides_nothing(tmp_path: Path) -> None:
    keep(tmp_path, acted().records(), session="a.yaml")
    keep(tmp_path, acted().step(2, "Rest").records(), session="b.yaml")
    keep(tmp_path, acted().records(Ending.FINISHED), session="c.yaml")
    assert spot_in(tmp_path) == Spot(2)
    assert spot_in(tmp_path, "a.yaml") == Spot(1, 1, 1, Side.LEFT)
    assert spot_in(tmp_path, "c.yaml") is None
    assert spot_in(tmp_path, "d.yaml") is None


def test_a_session_in_which_nothing_began_leaves_no_mark(tmp_path: Path) -> None:
    keep(tmp_path, acted().records())
    keep(tmp_path, [])
    assert spot_in(tmp_path) == Spot(1, 1, 1, Side.LEFT)


def test_the_order_is_that_of_beginning_whatever_the_clock_said(tmp_path: Path) -> None:
    keep(tmp_path, acted().records(), when=WHEN + timedelta(days=3000))
    keep(tmp_path, acted().records(Ending.FINISHED))
    assert last_unfinished(tmp_path) is None
    assert [past.how for past in past_sessions(tmp_path)] == ["finished", None]


def test_a_log_that_lost_its_first_line_is_history_but_no_place_to_go_on(tmp_path: Path) -> None:
    keep(tmp_path, acted().ask(Control.HURT).records())
    (path,) = log_files(tmp_path)
    path.write_bytes(b"\0" * 40 + path.read_bytes()[40:])
    (past,) = past_sessions(tmp_path)
    assert (past.reps, past.session, past.title) == (1, "", "")
    assert past.hurts == (Hurt("Bird dog", "bird-dog", WHEN.date()),)
    assert last_unfinished(tmp_path) is None


def test_a_link_to_a_session_is_that_session(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("", encoding="utf-8")
    try:
        (tmp_path / "link.yaml").symlink_to(tmp_path / "a.yaml")
    except OSError:
        pytest.skip("this system makes no links")
    keep(tmp_path, acted().records())
    assert spot_in(tmp_path, "link.yaml") is not None


def test_the_path_is_found_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    keep(tmp_path, acted().records())
    monkeypatch.chdir(tmp_path / "in")
    assert last_unfinished(tmp_path, Path("../a.yaml")) is not None


def test_a_session_of_this_process_is_not_offered_while_it_goes_on(tmp_path: Path) -> None:
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    for event in acted().events:
        log.hear(event)
    wait_for(tmp_path, b'"rep":1')
    assert last_unfinished(tmp_path) is None
    log.close(Ending.QUIT)
    assert spot_in(tmp_path) is not None


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    keep(tmp_path, acted().records())
    (tmp_path / "log" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "log" / "00009-20250101T000000Z-0000abcd.jsonl").mkdir()
    assert len(list(past_sessions(tmp_path))) == 1
    (tmp_path / "log" / "00009-20250101T000000Z-0000abcd.jsonl").rmdir()
    assert forget(tmp_path) == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["log", "notes.txt"]


def test_forgetting_takes_everything(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep(data, acted().records())
    Clearance(data).remember(tmp_path / "a.yaml")
    assert forget(data) == 1
    assert not data.exists()
    assert forget(data) == 0


def test_clearance_is_asked_once_a_file(tmp_path: Path) -> None:
    session, other = tmp_path / "a.yaml", tmp_path / "b.yaml"
    session.write_text("title: A", encoding="utf-8")
    assert not Clearance(tmp_path / "data").given(session)
    Clearance(tmp_path / "data").remember(session)
    assert Clearance(tmp_path / "data").given(session)
    session.write_text("title: Another", encoding="utf-8")
    assert Clearance(tmp_path / "data").given(session)
    assert not Clearance(tmp_path / "data").given(other)
    session.rename(other)
    assert not Clearance(tmp_path / "data").given(other)


def test_an_answer_says_what_it_is(tmp_path: Path) -> None:
    Clearance(tmp_path).remember(tmp_path / "a.yaml")
    (path,) = (tmp_path / "clearance").iterdir()
    answer = json.loads(path.read_bytes())
    assert answer["session"] == os.path.normcase(os.path.realpath(tmp_path / "a.yaml"))
    assert datetime.fromisoformat(answer["when"]).tzinfo is not None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"session": "/b.yaml"}', b"null"]
)
def test_a_damaged_answer_is_no_answer(tmp_path: Path, damage: bytes) -> None:
    Clearance(tmp_path).remember(tmp_path / "a.yaml")
    (path,) = (tmp_path / "clearance").iterdir()
    path.write_bytes(damage)
    assert not Clearance(tmp_path).given(tmp_path / "a.yaml")
    Clearance(tmp_path).remember(tmp_path / "a.yaml")
    assert Clearance(tmp_path).given(tmp_path / "a.yaml")


def test_an_answer_that_cannot_be_kept_breaks_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    clearance = Clearance(tmp_path / "data")
    clearance.remember(tmp_path / "a.yaml")
    assert not clearance.given(tmp_path / "a.yaml")


def test_the_digest_is_that_of_the_content() -> None:
    assert digest_of(b"title: A") != digest_of(b"title: B")
    assert digest_of(b"") == "3345524abf6bbe1809449224b5972c41790b6cf2"
