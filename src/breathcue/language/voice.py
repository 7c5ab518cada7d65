"""The voice that an author asks for: by its name alone, or as a mapping."""

from __future__ import annotations

from breathcue.language.record import Record
from breathcue.language.routine import VoiceRequest, Words


def voice_request(record: Record, key: str = "voice") -> VoiceRequest | None:
    """Return the voice asked for under a key of a record; None where none is."""
    name = record.get(key, Words)
    if name is not None:
        return VoiceRequest(name=name.text, place=name.place)
    voice = record.get(key, Record)
    if voice is None:
        return None
    engine, named, folder = (voice.get(part, Words) for part in ("engine", "name", "folder"))
    return VoiceRequest(
        engine=engine.text if engine else None,
        name=named.text if named else None,
        speed=voice.get("speed", float),
        place=voice.place,
        folder=folder.text if folder else None,
        fallback=voice_request(voice, "fallback"),
    )
