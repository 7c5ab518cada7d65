"""The lines of a session by themselves: the sheet of all of them, to be recorded, and one alone, to be heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from breathcue.casting import open_speaker, sheet_of, unread_phonemes
from breathcue.compiler.cast import Cast
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Diagnostic, Place, RequestError, SessionError
from breathcue.language.load import load_session
from breathcue.language.routine import Routine
from breathcue.pipeline.loading import load_with_cast, voice_of
from breathcue.store import default_folder
from breathcue.timeline.invariants import MIN_TAIL_MS
from breathcue.timeline.model import (
    Chapter,
    Cue,
    CueKind,
    Phase,
    PhaseKind,
    Source,
    Timeline,
    Track,
    Utterance,
    Voice,
)
from breathcue.timeline.script import ScriptLine
from breathcue.timeline.time import GRID_MS, Ms
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices.cache import ClipCache
from breathcue.voices.speaker import Speaker


def open_sheet(
    path: Path, wishes: Wishes, *, outputs: Iterable[Path] = ()
) -> tuple[Routine, tuple[ScriptLine, ...], tuple[Diagnostic, ...]]:
    """Return a session, every line of it to record, and warnings for its author; nothing is spoken.

    ``outputs`` are as for :func:`open_session`.

    Raises:
        RequestError: one of ``outputs`` is a file that the session is made from (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: a voice, or its folder, is not there.
    """
    routine, cast, source_of, diagnostics = load_with_cast(path, wishes, outputs)
    with open_speaker(path.parent, routine, cast, ClipCache(default_folder())) as speaker:
        return routine, sheet_of(path.parent, routine, cast, speaker, source_of), diagnostics


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One line on its own, to be heard: ``spoken`` is what the voice was given, ``timeline`` holds nothing else."""

    utterance: Utterance
    spoken: str
    speaker: Speaker
    timeline: Timeline
    diagnostics: tuple[Diagnostic, ...]


@contextmanager
def open_line(
    text: str, wishes: Wishes, language: str | None = None, session: Path | None = None
) -> Iterator[SpokenLine]:
    """Have one line spoken, in the voice and language and with the pronunciations of ``session`` if one is named.

    Raises:
        SessionError: the session's file has errors.
        MissingError: the voice is not there, or does not speak the language.
        RequestError: the voice cannot say the line.
    """
    folder, routine = Path(), Routine("", (), Place("", 1))
    found: tuple[Diagnostic, ...] = ()
    if session is not None:
        loaded = load_session(session)
        if loaded.routine is None:
            raise SessionError(*loaded.diagnostics)
        folder, routine, found = session.parent, loaded.routine, loaded.diagnostics
    if language is not None:
        routine = replace(routine, language=language)
    cast = Cast(voice_of(routine, wishes))
    trouble: list[Diagnostic] = []
    with open_speaker(folder, routine, cast, ClipCache(default_folder(), trouble.append)) as speaker:
        said = Utterance(text)
        try:
            length = speaker.measure([said])[said]
        except UnspeakableError as error:
            raise RequestError(*error.diagnostics) from None
        timeline = _timeline_of(said, routine.language, cast.session, length)
        warnings = (*found, *unread_phonemes(routine, cast), *trouble)
        yield SpokenLine(said, speaker.spoken(said), speaker, timeline, warnings)


def _timeline_of(said: Utterance, language: str, voice: Voice, length: Ms) -> Timeline:
    """Return a timeline in which nothing but one line is said."""
    start = Ms(GRID_MS * 10)
    end = Ms(start + length + MIN_TAIL_MS)
    source = Source("", 1)
    cue = Cue("c0001", start, length, Track.VOICE, CueKind.ANNOUNCE, said.text, source)
    chapter, phase = Chapter(Ms(0), end, said.text), Phase(Ms(0), end, PhaseKind.TALK, said.text)
    return Timeline(said.text, language, voice, end, (chapter,), (phase,), (cue,))
