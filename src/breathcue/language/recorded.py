"""Recorded voices: a folder beside the session, and perhaps a voice for what is not in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from breathcue.language.beside import Kind, find_beside
from breathcue.language.checks import every_step
from breathcue.language.lookup import Found
from breathcue.language.problems import Problems, quote
from breathcue.language.record import Record
from breathcue.language.routine import VoiceRequest, Words
from breathcue.language.voice import RECORDED, is_whole, voice_request

_GIVEN_BY = "A recorded voice is given by its folder"
_MAPPING = "`{engine: recorded, folder: my-voice}`"


def check_recorded(
    session: Record, used: Mapping[str, Found], folder: Path | None, problems: Problems
) -> None:
    """Report recorded voices that are not described as such, or whose folder is not inside ``folder``."""
    own = voice_request(session) if is_whole(session) else None
    lines = (words.voice for words in _spoken(session, used))
    for asked in dict.fromkeys((own, *lines)):
        if asked is not None:
            _check(asked, folder, problems)


def _spoken(session: Record, used: Mapping[str, Found]) -> Iterator[Words]:
    """Yield the words that may have a voice of their own, in the order of the session; exercises after the steps."""
    for step in every_step(session.records("steps")):
        yield from (*step.words("say"), *step.words("check-in"))
    for exercise in used.values():
        for phase in exercise.record.records("rep") if exercise.record else ():
            yield from (*phase.words("say"), *phase.words("short"))


def _check(asked: VoiceRequest, folder: Path | None, problems: Problems) -> None:
    found = _wrong(asked)
    if found is not None and asked.place is not None:
        problems.add("bad-recorded-voice", found[0], asked.place, found[1])
    elif asked.folder is not None:
        find_beside(asked.folder, folder, Kind.FOLDER, problems, "voice")
    if asked.fallback is not None:
        _check(asked.fallback, folder, problems)


def _wrong(asked: VoiceRequest) -> tuple[str, str] | None:
    """Return what is wrong with a request as a message and a fix."""
    recorded = asked.engine == RECORDED
    name = asked.name or ""
    if (recorded and asked.folder is None) or (asked.engine is None and name.split(":")[0] == RECORDED):
        return f"{_GIVEN_BY}, and there is none.", f"Write {_MAPPING} with the name of your folder."
    if not recorded:
        for key, value in (("folder", asked.folder), ("fallback", asked.fallback)):
            if value is not None:
                return (
                    f"`{key}` belongs to a recorded voice, and this is another.",
                    f"Remove `{key}`, or write {_MAPPING}.",
                )
        return None
    if asked.folder is not None and name != asked.folder.text:
        return f"{_GIVEN_BY} and has no `name`, but here is {quote(name)}.", "Remove `name`."
    if asked.speed is not None:
        return "Recordings are used as they are, at no other speed.", "Remove `speed`."
    return None
