"""Compiling in tests: a silent voice of computable length, and the shortest way from YAML to a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breathcue.compiler.compile import Compiled, compile_routine
from breathcue.diagnostics import UnspeakableError
from breathcue.language.load import Loaded, load_session, load_text
from breathcue.language.routine import Routine
from breathcue.timeline.model import Source, Voice
from breathcue.timeline.time import Ms
from breathcue.voices.silent import length_ms

SILENT = Voice("silent", "silent", 0.9)


class SilentSpeech:
    """Speech whose lengths are those of the silent voice at speed 0.9."""

    def measure(self, texts: Iterable[str]) -> dict[str, Ms]:
        lengths = {text: length_ms(text, SILENT.speed) for text in texts}
        silent = {text: "there is no word in it" for text, length in lengths.items() if not length}
        if silent:
            raise UnspeakableError(silent)
        return lengths


def compile_loaded(loaded: Loaded, speech: object = None) -> Compiled:
    assert loaded.routine is not None, loaded.diagnostics
    return compile_routine(
        loaded.routine,
        SILENT,
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
