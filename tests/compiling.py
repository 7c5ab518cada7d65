"""Compiling in tests: a silent voice of computable length, and the shortest way from YAML to a timeline."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breathcue.compiler.cast import Cast
from breathcue.compiler.compile import Compiled, compile_routine
from breathcue.language.load import Loaded, load_session, load_text
from breathcue.language.routine import Routine
from breathcue.language.voice import voices_of_lines
from breathcue.timeline.model import Source, Utterance, Voice
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import Refusal, UnspeakableError
from breathcue.voices.silent import length_ms

SILENT = Voice("silent", "silent", 0.9)
NO_WORD = Refusal("there is no word in it")


class SilentSpeech:
    """Speech whose lengths are those of the silent voice, at speed 0.9 or the one that an utterance asks for."""

    speed = SILENT.speed

    def measure(self, utterances: Iterable[Utterance]) -> dict[Utterance, Ms]:
        lengths = {
            said: length_ms(said.text, said.voice.speed if said.voice else self.speed) for said in utterances
        }
        silent = {said: NO_WORD for said, length in lengths.items() if not length}
        if silent:
            raise UnspeakableError(silent)
        return lengths

    def is_fixed(self, utterance: Utterance) -> bool:
        return False


def cast_of(routine: Routine) -> Cast:
    """Return the silent voice for the session, and for each line that names a voice a silent one of that name."""
    others = {
        asked: Voice("silent", asked.name or SILENT.name, asked.speed or SILENT.speed)
        for asked in voices_of_lines(routine)
    }
    return Cast(SILENT, others)


def compile_loaded(loaded: Loaded, speech: object = None) -> Compiled:
    assert loaded.routine is not None, loaded.diagnostics
    return compile_routine(
        loaded.routine,
        cast_of(loaded.routine),
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
