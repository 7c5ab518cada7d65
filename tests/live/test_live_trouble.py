"""A disk that refuses does not disturb a session, and is told of when the session is over."""

from __future__ import annotations

from pathlib import Path

from coached import coached, place

SESSION = "title: Short\nvoice: {engine: silent, speed: 2}\nsteps:\n  - say: One.\n  - wait: 60s\n"


def test_what_cannot_be_kept_or_remembered_is_told_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    there = str(tmp_path / "file" / "folder")
    where = place(tmp_path, SESSION, BREATHCUE_DATA=there, BREATHCUE_CACHE=there)
    with coached(where, where.session, "--output", "null") as coach:
        coach.wait_for("One.")
        coach.type("quit")
        assert coach.end() == 0, coach.errors
    assert coach.errors.count("warning[log-unusable]") == 1
    assert coach.errors.count("warning[cache-unusable]") == 1
