"""From a session file to a checked timeline with someone to speak it: what every command that compiles shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from breathcue.compiler.compile import compile_routine
from breathcue.diagnostics import Diagnostic, Place, SessionError
from breathcue.language.load import load_session
from breathcue.language.routine import Routine, VoiceRequest
from breathcue.timeline.invariants import check
from breathcue.timeline.model import Source, Timeline, Voice
from breathcue.voices.cache import ClipCache, default_folder
from breathcue.voices.registry import resolve
from breathcue.voices.speaker import Speaker


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for instead of what the session says; None leaves the session's own."""

    voice: str | None = None
    speed: float | None = None
    pace: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A compiled session: its timeline, the speaker who holds its clips, and warnings for its author."""

    timeline: Timeline
    speaker: Speaker
    diagnostics: tuple[Diagnostic, ...]


@contextmanager
def open_session(
    path: Path, wishes: Wishes, on_progress: Callable[[int, int], None] | None = None
) -> Iterator[Session]:
    """Compile a session file; its speaker is closed at the end of the block.

    ``on_progress`` hears how many of the lines have been spoken, and of how many.

    Raises:
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: the voice is not there.
        InvariantError: the compiler made a timeline that breaks a promise, which is a bug.
    """
    loaded = load_session(path)
    if loaded.routine is None:
        raise SessionError(*loaded.diagnostics)
    routine = _wished(loaded.routine, wishes)
    voice = _voice(routine.voice, wishes)

    def source_of(place: Place) -> Source:
        return Source(loaded.source_name(place), place.line)

    trouble: list[Diagnostic] = []
    cache = ClipCache(default_folder(), trouble.append)
    with Speaker(voice, routine.language, cache=cache, on_progress=on_progress) as speaker:
        compiled = compile_routine(routine, voice, speaker, source_of)
        violations = check(compiled.timeline)
        if violations:
            raise InvariantError(path, [str(violation) for violation in violations])
        yield Session(compiled.timeline, speaker, (*loaded.diagnostics, *compiled.diagnostics, *trouble))


def _voice(asked: VoiceRequest, wishes: Wishes) -> Voice:
    """Return who speaks; a voice named on the command line need not be of the engine that the session names."""
    speed = wishes.speed or asked.speed
    if wishes.voice:
        return resolve(None, wishes.voice, speed)
    return resolve(asked.engine, asked.name, speed, place=asked.place)


def _wished(routine: Routine, wishes: Wishes) -> Routine:
    return routine if wishes.pace is None else replace(routine, pace=wishes.pace)


class InvariantError(AssertionError):
    """A compiled timeline breaks an invariant: a bug in the compiler, never the author's fault."""

    def __init__(self, path: Path, violations: list[str]) -> None:
        super().__init__(f"{path}: the timeline breaks a promise: " + "; ".join(violations[:3]))
