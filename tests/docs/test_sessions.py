"""Every ready-made session is free of mistakes and warnings, and compiles to a sound timeline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from breathcue.compiler.compile import compile_routine
from breathcue.compiler.speech import Lengths
from breathcue.language.load import load_session
from breathcue.timeline import invariants
from breathcue.timeline.model import Source, Voice
from breathcue.voices.silent import length_ms
from workspace import ROOT

SESSIONS = sorted((ROOT / "sessions").rglob("*.yaml"))


class SilentSpeech:
    """Lengths as of a calm speaker, from a formula, so that no voice is needed."""

    def measure(self, texts: Iterable[str]) -> Lengths:
        return {text: length_ms(text, 1.0) for text in texts}


def test_there_are_sessions() -> None:
    assert SESSIONS


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_ready_made_session_compiles_without_a_complaint(path: Path) -> None:
    loaded = load_session(path)
    assert loaded.diagnostics == ()
    assert loaded.routine is not None

    compiled = compile_routine(
        loaded.routine,
        Voice("silent", "silent", 1.0),
        SilentSpeech(),
        lambda place: Source(loaded.source_name(place), place.line),
    )

    assert compiled.diagnostics == ()
    assert invariants.check(compiled.timeline) == ()
