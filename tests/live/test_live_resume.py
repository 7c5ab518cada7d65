"""``breathcue live --resume``: after a kill and after a quit it goes on with the repetition that was going on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from coached import Coach, Place, coached, place

REPS = """\
title: Reps
voice: {engine: silent, speed: 1.5}
exercises:
  lift:
    title: Lift
    rep:
      - inhale: 1500ms
        say: Up {side}.
      - exhale: 1500ms
        say: Down.
    reps: 6
    sides: each
steps:
  - exercise: lift
"""

pytestmark = pytest.mark.slow

SILENTLY = ("--output", "null")


@pytest.fixture
def where(tmp_path: Path) -> Place:
    return place(tmp_path, REPS)


def reach(coach: Coach, where: Place, rep: int, side: str) -> None:
    """Wait until a repetition is on the disk; only what the session writes that goes on counts."""
    coach.wait_for("Lift")

    def begun() -> bool:
        return any((r["kind"], r.get("rep"), r.get("side")) == ("rep", rep, side) for r in where.records)

    while not begun():
        assert not coach.ended_within(0.05), coach.text + coach.errors


def first_rep(where: Place) -> tuple[object, object, object]:
    """Return the repetition with which the newest session began."""
    record = next(record for record in where.records if record["kind"] == "rep")
    return record["exercise"], record["rep"], record["side"]


def leave(where: Place, *options: str | Path, at: tuple[int, str], kill: bool) -> str:
    """Perform until a repetition, and leave there; return what was said of the beginning."""
    with coached(where, *options, *SILENTLY) as coach:
        reach(coach, where, *at)
        if kill:
            coach.process.kill()
        else:
            coach.type("quit")
        assert coach.end() == (-signal.SIGKILL if kill else 0), coach.errors
    return coach.errors


def test_after_a_kill_and_after_a_quit_it_goes_on_with_the_repetition(where: Place) -> None:
    leave(where, where.session, at=(2, "right"), kill=True)
    assert where.records[-1]["kind"] == "rep", "the end of a killed session is not written"

    said = leave(where, "--resume", at=(3, "right"), kill=False)
    assert "Going on with Lift." in said
    assert "Go on with --resume." in said
    assert first_rep(where) == ("lift", 2, "right")
    assert where.records[0]["resumed_from"]

    with coached(where, where.session, "--resume", *SILENTLY) as coach:
        reach(coach, where, 3, "right")
        assert first_rep(where) == ("lift", 3, "right")
        coach.type("finish")
        assert coach.end() == 0, coach.errors
    assert where.records[-1]["how"] == "closed-kindly"

    for options in ((), (where.session,)):
        nothing = where.run("live", *options, "--resume", "--plain", *SILENTLY)
        assert nothing.returncode == 2
        assert "nothing to resume" in nothing.stderr


def test_a_place_on_the_second_side_is_kept_at_another_pace(where: Place) -> None:
    with coached(where, where.session, *SILENTLY) as coach:
        reach(coach, where, 1, "right")
        coach.type("faster")
        reach(coach, where, 1, "left")
        coach.process.kill()
        coach.end()
    leave(where, "--resume", at=(2, "left"), kill=False)
    assert first_rep(where) == ("lift", 1, "left")
    assert where.records[0]["pace"] == pytest.approx(1 / 1.1, abs=1e-3)


def test_without_a_session_there_is_nothing_to_go_on_with(where: Place) -> None:
    done = where.run("live", "--resume", "--plain")
    assert done.returncode == 2
    assert "nothing to resume" in done.stderr
