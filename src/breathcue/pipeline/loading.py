"""A session file, and what its listener wishes, into a routine and the voices that speak it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from breathcue.casting import unread_phonemes
from breathcue.compiler.cast import Cast
from breathcue.compiler.performance import Performance
from breathcue.compiler.remarks import remarks
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.wishes import Wishes, wished, without_form
from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError, Place, SessionError, Severity
from breathcue.files import check_spares, target_is_source
from breathcue.language.bed import bed_file
from breathcue.language.load import Loaded, load_session
from breathcue.language.routine import Routine, VoiceRequest
from breathcue.language.voice import voices_of_lines
from breathcue.timeline.model import Source, Voice
from breathcue.timeline.time import Ms, scale
from breathcue.voices.registry import RECORDED, get_engine, resolve

_UNKNOWN = frozenset({"unknown-voice", "unknown-engine"})

_MUSIC_MARGIN, _MUSIC_MORE = 1.5, Ms(60_000)
"""Of an author's music, half as much again is kept as a session seems to need, and a minute more."""


def load_with_cast(
    path: Path, wishes: Wishes, outputs: Iterable[Path]
) -> tuple[Routine, Cast, SourceOf, tuple[Diagnostic, ...]]:
    """Return a session as it was wished for, who speaks in it, where its lines are written, and warnings.

    Raises:
        RequestError: one of ``outputs`` is a file that the session is made from (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: a voice is not there.
    """
    for output in outputs:
        check_spares(output, [path])
    loaded = load_session(path)
    if loaded.routine is None:
        raise SessionError(*loaded.diagnostics)
    routine, warnings = wished(loaded.routine, wishes)
    _spare_sounds(routine, path, wishes, outputs)

    def source_of(place: Place) -> Source:
        return Source(loaded.source_name(place), place.line)

    cast = cast_of(routine, wishes)
    no_forms = without_form(routine, loaded.routine, wishes.avoid)
    found = (*loaded.diagnostics, *warnings, *no_forms, *remarks(routine), *unread_phonemes(routine, cast))
    return routine, cast, source_of, found


def cast_of(routine: Routine, wishes: Wishes) -> Cast:
    """Return who speaks in a session; what is asked for on the command line replaces the session's voice only.

    Raises:
        SessionError, MissingError: some of the voices are not there; it names them all.
    """
    session = voice_of(routine, wishes)
    others: dict[VoiceRequest, Voice] = {}
    problems: list[BreathcueError] = []
    for asked in voices_of_lines(routine):
        try:
            others[asked] = _voice_of_line(asked, session, routine.language)
        except BreathcueError as error:
            problems.append(error)
    if problems:
        missing = any(isinstance(problem, MissingError) for problem in problems)
        found = [diagnostic for problem in problems for diagnostic in problem.diagnostics]
        raise (MissingError if missing else SessionError)(*found)
    return Cast(session, others)


def check_voices(loaded: Loaded) -> Iterator[Diagnostic]:
    """Yield a warning for each voice that a session names and nobody on this machine knows.

    It is no error: somebody else may have it.
    """
    if loaded.routine is None:
        return
    try:
        cast_of(loaded.routine, Wishes())
    except BreathcueError as error:
        for found in error.diagnostics:
            if found.code in _UNKNOWN:
                yield replace(found, message=f"On this machine: {found.message}", severity=Severity.WARNING)


def _voice_of_line(asked: VoiceRequest, session: Voice, language: str) -> Voice:
    """Return the voice that a line names for itself; what it leaves open is the session's."""
    # A recording has no speed that another voice could share.
    speed = asked.speed or (None if session.engine == RECORDED else session.speed)
    if asked.engine is None and asked.name is None:
        return replace(session, speed=speed or session.speed)
    of_session = any(info.name == asked.name for info in get_engine(session.engine).voices())
    engine = session.engine if asked.engine is None and of_session else asked.engine
    return resolve(engine, asked.name, speed, language=language, place=asked.place)


def voice_of(routine: Routine, wishes: Wishes) -> Voice:
    """Return who speaks; a voice named on the command line need not be of the engine that the session names."""
    asked, language = routine.voice, routine.language
    speed = wishes.speed or asked.speed
    if wishes.voice:
        return resolve(None, wishes.voice, speed, language=language)
    place = asked.place or routine.language_place
    return resolve(asked.engine, asked.name, speed, language=language, place=place)


def music_ms(performance: Performance) -> Ms:
    """Return how much of an author's music to keep: surely enough for a session of which nothing has been laid yet.

    How loud the music is made depends on the part that is kept. So that it is the same in a file as live, where the
    length is not known beforehand, this is not taken from the words as they are spoken, but as they are written.
    """
    return Ms(scale(performance.left(), _MUSIC_MARGIN) + _MUSIC_MORE)


def bed_file_of(routine: Routine, session: Path, wishes: Wishes) -> Path | None:
    """Return the sound file of the bed: beside the session, or wherever the command line names it."""
    return bed_file(routine.bed, session.parent if wishes.bed is None else Path())


def _spare_sounds(routine: Routine, session: Path, wishes: Wishes, outputs: Iterable[Path]) -> None:
    """Refuse to write over the music or a recording of a session."""
    from breathcue.voices.recorded import names_a_recording

    music = bed_file_of(routine, session, wishes)
    voices = (routine.voice, *voices_of_lines(routine))
    folders = [session.parent / voice.folder.text for voice in voices if voice.folder is not None]
    for output in outputs:
        check_spares(output, [music] if music is not None else [])
        inside = any(output.parent.resolve() == folder.resolve() for folder in folders)
        if inside and output.exists() and names_a_recording(output):
            raise target_is_source(output)
