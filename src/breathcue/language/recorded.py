"""Recorded voices: a folder beside the session, and perhaps a voice for what is not in it."""

from __future__ import annotations

from pathlib import Path

from breathcue.language.beside import Kind, find_beside
from breathcue.language.problems import Problems, quote
from breathcue.language.routine import Routine, VoiceRequest
from breathcue.language.voice import RECORDED, voices_of_lines

_GIVEN_BY = "A recorded voice is given by its folder"
_MAPPING = "`{engine: recorded, folder: my-voice}`"


def check_recorded(routine: Routine, folder: Path | None, problems: Problems) -> None:
    """Report recorded voices that are not described as such, or whose folder is not inside ``folder``."""
    for asked in dict.fromkeys((routine.voice, *voices_of_lines(routine))):
        _check(asked, folder, problems)


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
