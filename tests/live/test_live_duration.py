"""A live session that is to last for a certain time chooses what its file does, when it begins and when it goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from breathcue.compiler.wishes import Wishes
from breathcue.pipeline.live import LiveScript, open_live
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Phase
from breathcue.timeline.score import Fit, Spot
from breathcue.timeline.time import Ms
from coached import coached, place

SESSION = """\
title: Fitted
voice: {engine: silent, speed: 1.5}
steps:
  - exercise: cat-cow
    reps: 2-12
    sets: 1-2
  - wait: 5-30s
  - say: Well done.
    optional: true
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "fitted.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


def laid(script: LiveScript) -> tuple[Phase, ...]:
    while script.lay():
        pass
    return script.score().phases


def test_live_and_file_choose_the_same(session: Path) -> None:
    wishes = Wishes(duration=Ms(150_000))
    counted: list[int] = []
    with open_session(session, wishes) as opened:
        timeline, choice = opened.timeline, opened.choice
    with open_live(session, wishes, on_progress=lambda done, total: counted.append(done)) as (script, _):
        assert laid(script) == timeline.phases
        assert script.choice == choice
        assert script.fit == Fit(Ms(150_000), 1.0)
    assert choice is not None


def test_a_session_that_goes_on_is_reckoned_as_when_it_was_begun(session: Path) -> None:
    begun = Wishes(duration=Ms(150_000))
    with open_live(session, begun) as (script, _):
        choice, fit = script.choice, script.fit
    slower = Wishes(pace=1.3)
    with open_live(session, slower, Spot(1), fit=fit) as (script, _):
        assert (script.choice, script.fit) == (choice, fit)
        assert script.routine.pace == 1.3
    with open_live(session, replace(slower, duration=Ms(200_000)), Spot(1), fit=fit) as (script, _):
        assert script.choice != choice
        assert script.fit == Fit(Ms(200_000), 1.3)


def test_the_log_keeps_what_was_reckoned_with(tmp_path: Path) -> None:
    where = place(tmp_path, SESSION)
    with coached(where, where.session, "--output", "null", "--duration", "2m30s") as coach:
        coach.wait_for("Welcome")
        coach.type("quit")
        assert coach.end() == 0, coach.errors
    assert "Preparing" in coach.errors
    assert "Fitted to 2:30." in coach.errors
    start = where.records[0]
    assert (start["fit_ms"], start["fit_pace"]) == (150_000, 1.0), json.dumps(start)
