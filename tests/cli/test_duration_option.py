"""``--duration`` as it is typed: what was chosen is told, and what cannot be is refused with what can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from breathcue.cli.main import breathcue
from breathcue.diagnostics import RequestError, SessionError
from breathcue.timeline.codec import load

SESSION = """\
title: Fitted
voice: {engine: silent}
steps:
  - breathe: {inhale: 4s, exhale: 6s, rounds: 2-6}
  - exercise: cat-cow
    reps: 4-12
    sets: 1-2
    rest: 20-40s
  - wait: 10-30s
  - section: Afterwards
    optional: true
    steps:
      - say: Stay here as long as you like.
  - rest: 30s
    optional: true
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "fitted.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(breathcue, [str(word) for word in words])


def test_what_was_chosen_is_told_and_the_timeline_stays_what_it_is(session: Path) -> None:
    done = run("timeline", session, "--duration", "4m", "--format", "json")
    assert done.exit_code == 0, done.output
    assert abs(load(done.stdout).duration_ms - 240_000) <= 1000
    told = done.stderr.splitlines()
    assert told[0] == "Fitted to 4:00."
    assert re.fullmatch(r"  repetitions: Cat-cow stretch \d+", told[1])
    assert re.fullmatch(r"  sets: Cat-cow stretch \d", told[2])
    assert re.fullmatch(r"  rounds of breathing: \d", told[3])


def test_what_was_left_out_is_named(session: Path) -> None:
    low = run("timeline", session, "--duration", "10s")
    assert isinstance(low.exception, RequestError)
    found = low.exception.diagnostics[0]
    assert (found.code, found.place) == ("duration-unreachable", None)
    least = re.search(r"a duration of `(\w+)`", found.fix or "")
    assert least is not None
    done = run("timeline", session, "--duration", least[1])
    assert "left out: Afterwards, the rest in line 14" in done.stderr


def test_the_command_line_outranks_the_session(session: Path) -> None:
    session.write_text(f"duration: 1h\n{SESSION}", encoding="utf-8")
    refused = run("timeline", session)
    assert isinstance(refused.exception, SessionError)
    place = refused.exception.diagnostics[0].place
    assert place is not None
    assert (place.line, place.source) == (1, "duration: 1h")
    assert run("timeline", session, "--duration", "4m").exit_code == 0


def test_a_file_is_fitted_too(session: Path) -> None:
    done = run("render", session, "-o", session.with_suffix(".wav"), "--duration", "3m")
    assert done.exit_code == 0, done.output
    assert "Fitted to 3:00." in done.stderr
    assert "3:00 long" in done.stderr or "2:59 long" in done.stderr


def test_the_sheet_has_the_lines_of_the_fitted_session(session: Path) -> None:
    assert "Stay here as long as you like." in run("script", session).stdout
    assert "Stay here as long as you like." not in run("script", session, "--duration", "1m50s").stdout


@pytest.mark.parametrize("time", ["soon", "7h", "0s", "10-20m"])
def test_what_is_no_time_is_wrong_usage(session: Path, time: str) -> None:
    done = run("timeline", session, "--duration", time)
    assert done.exit_code == 2
    assert "--duration" in done.stderr
