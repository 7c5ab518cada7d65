"""The voices that an author asks for: each by its name alone, or as a mapping."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.language.record import Record
from breathcue.language.routine import (
    CheckIn,
    Exercise,
    Perform,
    Repeat,
    Routine,
    Say,
    Section,
    Step,
    VoiceRequest,
    Words,
)

RECORDED = "recorded"
"""The engine of a voice that is a folder of recordings; the folder is the voice's name."""


def voice_request(record: Record, key: str = "voice") -> VoiceRequest | None:
    """Return the voice asked for under a key of a record; None where none is."""
    name = record.get(key, Words)
    if name is not None:
        return VoiceRequest(name=name.text, place=name.place)
    voice = record.get(key, Record)
    if voice is None:
        return None
    engine, named, folder = (voice.get(part, Words) for part in ("engine", "name", "folder"))
    named = named or folder
    return VoiceRequest(
        engine=engine.text if engine else RECORDED if folder else None,
        name=named.text if named else None,
        speed=voice.get("speed", float),
        place=voice.place,
        folder=folder,
        fallback=voice_request(voice, "fallback"),
    )


def is_whole(record: Record, key: str = "voice") -> bool:
    """Say whether all that is written under a key could be read: of half a request nothing can be said."""
    voice = record.get(key, Record)
    return key not in record.broken and (voice is None or (not voice.broken and is_whole(voice, "fallback")))


def voices_of_lines(routine: Routine) -> tuple[VoiceRequest, ...]:
    """Return the voices that lines of a session name for themselves, in the order of the session, each once."""
    words = _words(routine.steps)
    return tuple(dict.fromkeys(said.voice for said in words if said is not None and said.voice is not None))


def _words(steps: tuple[Step, ...]) -> Iterator[Words | None]:
    """Yield the words that may have a voice of their own."""
    for step in steps:
        match step:
            case Say(words) | CheckIn(words):
                yield words
            case Section(steps=inner) | Repeat(steps=inner):
                yield from _words(inner)
            case Perform(exercise):
                yield from _words_of(exercise)
            case _:
                pass


def _words_of(exercise: Exercise) -> Iterator[Words | None]:
    for phase in exercise.rep:
        yield phase.say
        yield phase.short
