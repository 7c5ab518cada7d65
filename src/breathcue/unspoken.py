"""A session compiled before anybody has spoken: milliseconds for each, and about how long everything will last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from breathcue.casting import SilentSpeech, silent_cast
from breathcue.compiler.compile import Compiled, compile_routine
from breathcue.compiler.remarks import remarks
from breathcue.diagnostics import Diagnostic, Place, SessionError, Severity
from breathcue.language.load import Loaded
from breathcue.language.routine import Routine
from breathcue.timeline.model import Source
from breathcue.voices.registry import DEFAULT_SPEED


def compile_unspoken(loaded: Loaded, routine: Routine, speed: float | None = None) -> Compiled:
    """Compile the routine of a loaded session, as it was wished to be, with a silent voice of the session's speed.

    Raises:
        SessionError, RequestError: as :func:`breathcue.compiler.compile.compile_routine` does.
    """
    speed = speed or routine.voice.speed or DEFAULT_SPEED

    def source_of(place: Place) -> Source:
        return Source(loaded.source_name(place), place.line)

    return compile_routine(routine, silent_cast(routine, speed), SilentSpeech(speed), source_of)


def check_times(loaded: Loaded) -> Iterator[Diagnostic]:
    """Yield a warning for each time in a session that will not be kept, its own length included.

    That is no error, because how long words take is only known when they have been spoken.
    """
    if loaded.routine is None:
        return
    yield from remarks(loaded.routine)
    if loaded.routine.duration is None:
        return
    try:
        compile_unspoken(loaded, loaded.routine)
    except SessionError as error:
        for found in error.diagnostics:
            if found.code == "duration-unreachable":
                message = f"As far as one can tell before it is spoken: {found.message[0].lower()}{found.message[1:]}"
                yield replace(found, message=message, severity=Severity.WARNING)
