"""Every ready-made session is free of mistakes and warnings, and compiles to a sound timeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from breathcue.language.load import load_session
from breathcue.timeline import invariants
from compiling import compile_loaded
from workspace import ROOT

SESSIONS = sorted((ROOT / "sessions").rglob("*.yaml"))


def test_there_are_sessions() -> None:
    assert SESSIONS


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_ready_made_session_compiles_without_a_complaint(path: Path) -> None:
    loaded = load_session(path)
    assert loaded.diagnostics == ()

    compiled = compile_loaded(loaded)

    assert compiled.diagnostics == ()
    assert invariants.check(compiled.timeline) == ()
