"""Compiling in tests: a silent voice of computable length, and the shortest way from YAML to a timeline."""

from __future__ import annotations

from pathlib import Path

from breathcue.casting import SilentSpeech, silent_cast
from breathcue.compiler.compile import Compiled, compile_routine
from breathcue.language.load import Loaded, load_session, load_text
from breathcue.language.routine import Routine
from breathcue.timeline.model import Source


def compile_loaded(loaded: Loaded, speech: object = None) -> Compiled:
    assert loaded.routine is not None, loaded.diagnostics
    return compile_routine(
        loaded.routine,
        silent_cast(loaded.routine),
        speech or SilentSpeech(),
        lambda place: Source(loaded.source_name(place), place.line),
    )


def compile_text(text: str, speech: object = None) -> Compiled:
    return compile_loaded(load_text(text, "session.yaml", None), speech)


def compile_file(path: Path) -> Compiled:
    return compile_loaded(load_session(path))


def routine_of(text: str) -> Routine:
    loaded = load_text(text, "session.yaml", None)
    assert loaded.routine is not None, loaded.diagnostics
    return loaded.routine
