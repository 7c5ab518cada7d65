"""What is to be avoided with a complaint is avoided when the session goes on, too, though nobody says so again."""

from __future__ import annotations

from pathlib import Path

from coached import coached, place

SESSION = """\
title: Short
voice: {engine: silent, speed: 2}
steps:
  - exercise: cat-cow
    reps: 2
  - say: That is all.
"""


def test_what_was_avoided_is_avoided_when_it_goes_on(tmp_path: Path) -> None:
    where = place(tmp_path, SESSION)
    with coached(where, where.session, "--output", "null", "--avoid", "wrist pain") as coach:
        coach.wait_for("We start with Cat-cow, sitting.")
        coach.type("quit")
        assert coach.end() == 0, coach.errors
    assert where.records[0]["avoid"] == ["wrist pain"]
    with coached(where, "--resume", "--output", "null", "--avoid", "dizziness") as coach:
        coach.wait_for("We go on with Cat-cow, sitting.")
        coach.type("quit")
        assert coach.end() == 0, coach.errors
    assert where.records[0]["avoid"] == ["wrist pain", "dizziness"]
