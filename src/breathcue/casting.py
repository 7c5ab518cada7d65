"""The voices of a session put to work: a speaker with an author's own recordings, and fallbacks for what they lack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from breathcue.compiler.cast import Cast
from breathcue.compiler.compile import Compiled, compile_routine
from breathcue.compiler.outlook import spoken_ms
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.script import live_script_of, script_of
from breathcue.compiler.speech import Lengths
from breathcue.compiler.verdict import TooLongError
from breathcue.diagnostics import Diagnostic, Place, SessionError, Severity
from breathcue.language.routine import Routine, VoiceRequest
from breathcue.language.voice import voices_of_lines
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.script import ScriptLine
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import Refusal, UnspeakableError
from breathcue.voices.base import Engine, VoiceMissingError
from breathcue.voices.cache import ClipCache
from breathcue.voices.pronunciation import is_phonemes, why_unread
from breathcue.voices.registry import DEFAULT_SPEED, RECORDED, get_engine, resolve
from breathcue.voices.silent import length_ms
from breathcue.voices.speaker import Speaker, Who

if TYPE_CHECKING:
    from breathcue.voices.recorded import RecordedEngine

_SHOWN = 3
"""How many of the lines that another voice speaks are named."""

SILENT = Voice("silent", "silent", DEFAULT_SPEED)
"""Who says what nobody has recorded and nobody could foresee, in the middle of a live session."""

_NO_WORD = Refusal("there is no word in it")


class SilentSpeech:
    """Speech whose lengths are those of the silent voice, without a clip: for timings, before anybody has spoken."""

    speed = DEFAULT_SPEED

    def __init__(self, speed: float | None = None) -> None:
        """Speak at ``speed`` where an utterance asks for none."""
        if speed is not None:
            self.speed = speed

    def measure(self, utterances: Iterable[Utterance]) -> dict[Utterance, Ms]:
        """Return how long each utterance takes to say, in ms.

        Raises:
            UnspeakableError: some of them hold no word.
        """
        lengths = {
            said: length_ms(said.text, said.voice.speed if said.voice else self.speed) for said in utterances
        }
        silent = {said: _NO_WORD for said, length in lengths.items() if not length}
        if silent:
            raise UnspeakableError(silent)
        return lengths

    def is_fixed(self, utterance: Utterance) -> bool:
        """Say that nothing is a recording."""
        return False


def silent_cast(routine: Routine, speed: float = DEFAULT_SPEED) -> Cast:
    """Return the silent voice for a session, and for each line that names a voice a silent one of that name."""
    others = {
        asked: Voice(SILENT.engine, asked.name or SILENT.name, asked.speed or speed)
        for asked in voices_of_lines(routine)
    }
    return Cast(replace(SILENT, speed=speed), others)


def open_speaker(
    folder: Path,
    routine: Routine,
    cast: Cast,
    cache: ClipCache,
    on_progress: Callable[[int, int], None] | None = None,
) -> Speaker:
    """Return a speaker for a session in ``folder``, with its author's recordings and fallbacks where it has any.

    Raises:
        MissingError: a fallback is not there.
    """
    engines: dict[str, Engine] = {}
    if any(voice.engine == RECORDED for voice in _voices(cast)):
        from breathcue.voices.recorded import RecordedEngine

        engines[RECORDED] = RecordedEngine(folder)
    return Speaker(
        cast.session,
        routine.language,
        cache=cache,
        engines=engines,
        fallbacks=_fallbacks(routine, cast),
        on_progress=on_progress,
        pronounce={entry.word.text: entry.said.text for entry in routine.pronounce},
    )


def unread_phonemes(routine: Routine, cast: Cast) -> tuple[Diagnostic, ...]:
    """Return a warning for each word that is given in phonemes which a voice of the session cannot read."""
    spoken = sorted({(voice.engine, voice.name) for voice in _voices(cast) if voice.engine != RECORDED})
    found: list[Diagnostic] = []
    for entry in routine.pronounce:
        if not is_phonemes(entry.said.text):
            continue
        for engine, name in spoken:
            reason = why_unread(entry.said.text, get_engine(engine).alphabet)
            if reason:
                found.append(
                    Diagnostic(
                        "phonemes-not-read",
                        f"The voice {engine}:{name} says {entry.word.text!r} without them: {reason}.",
                        entry.said.place,
                        fix="Write how the word sounds in plain letters, such as `dye-ASS-tuh-sis`.",
                        severity=Severity.WARNING,
                    )
                )
    return tuple(found)


def compile_spoken(routine: Routine, cast: Cast, speaker: Speaker, source_of: SourceOf) -> Compiled:
    """Compile a routine; recordings that are missing or too long are left to their fallbacks, and told as warnings.

    Raises:
        SessionError: as :func:`breathcue.compiler.compile.compile_routine` does.
        MissingError: a voice cannot speak; it says where that was asked for.
    """
    with telling_where(routine, cast):
        return _compile_spoken(routine, cast, speaker, source_of)


def _compile_spoken(routine: Routine, cast: Cast, speaker: Speaker, source_of: SourceOf) -> Compiled:
    left: list[Diagnostic] = []
    while True:
        try:
            compiled = compile_routine(routine, cast, speaker, source_of)
        except TooLongError as error:
            if [said for said in error.said if not speaker.stand_in(said)]:
                raise
            left += error.diagnostics
        else:
            warnings = tuple(_left_to_fallbacks(routine, speaker, left))
            return replace(compiled, diagnostics=(*compiled.diagnostics, *warnings))


@contextmanager
def telling_where(routine: Routine, cast: Cast) -> Iterator[None]:
    """Let a voice that cannot speak be told at the place where a session first asks for it."""
    try:
        yield
    except VoiceMissingError as error:
        place = _place_of((error.engine, error.voice), routine, cast)
        placed = [replace(found, place=found.place or place) for found in error.diagnostics]
        raise VoiceMissingError(error.engine, error.voice, *placed) from error


def _place_of(who: Who, routine: Routine, cast: Cast) -> Place | None:
    if who == _who(cast.session):
        return routine.voice.place
    asked = next((request for request, voice in cast.others.items() if _who(voice) == who), None)
    if asked is not None:
        return asked.place
    for request in (routine.voice, *voices_of_lines(routine)):
        other = request.fallback
        while other is not None:
            if other.place is not None and who[1] in (other.name or "").split(":"):
                return other.place
            other = other.fallback
    return None


def rehearse(routine: Routine, cast: Cast, speaker: Speaker, source_of: SourceOf) -> tuple[Diagnostic, ...]:
    """Make sure that everything recorded is there before a session is spoken live; return warnings.

    What only comes up on the way, because the listener asks for something nobody foresaw, and has no fallback, is
    left unsaid from here on.

    Raises:
        SessionError: some lines are not recorded, cannot be used or are too long, and have no fallback.
    """
    if all(voice.engine != RECORDED for voice in _voices(cast)):
        return ()
    lines = (*script_of(routine, cast), *live_script_of(routine, cast, speaker, source_of))
    _measure([line for line in lines if _speaks(line, cast).engine == RECORDED], speaker)
    if cast.session.engine == RECORDED:
        warnings = compile_spoken(routine, cast, speaker, source_of).diagnostics
    else:
        warnings = tuple(_left_to_fallbacks(routine, speaker, []))
    for voice in _voices(cast):
        if voice.engine == RECORDED:
            speaker.add_fallback((voice.engine, voice.name), SILENT)
    return warnings


def sheet_of(
    folder: Path, routine: Routine, cast: Cast, speaker: Speaker, source_of: SourceOf
) -> tuple[ScriptLine, ...]:
    """Return the lines to record: those of recorded voices, or where there are none those of the session's voice.

    ``folder`` is the session's. Each line has the name of its file, and says whether that is there.

    Raises:
        MissingError: a folder of recordings cannot be read.
    """
    from breathcue.voices.recorded import RecordedEngine, file_name

    engine = RecordedEngine(folder)
    expected = _Expected(cast, speaker, engine)
    routine = compile_routine(routine, cast, expected, source_of).routine if routine.duration else routine
    lines = (*script_of(routine, cast), *live_script_of(routine, cast, speaker, source_of))
    wanted = {_who(voice) for voice in _voices(cast) if voice.engine == RECORDED} or {_who(cast.session)}
    found: list[ScriptLine] = []
    for line in lines:
        voice = _speaks(line, cast)
        if _who(voice) in wanted:
            text = line.utterance.text
            there = engine.is_recorded(text, voice.name) if voice.engine == RECORDED else None
            named = replace(line.utterance, voice=voice)
            found.append(replace(line, utterance=named, file=file_name(text), recorded=there))
    return tuple(found)


class _Expected:
    """Speech of which nothing has been spoken: recordings are as long as they are, all else about as it is written."""

    def __init__(self, cast: Cast, speaker: Speaker, engine: RecordedEngine) -> None:
        self._cast = cast
        self._speaker = speaker
        self._engine = engine

    def measure(self, utterances: Iterable[Utterance]) -> Lengths:
        """Return how long each utterance will take to say, as far as one knows."""
        lengths = {said: spoken_ms(said) for said in utterances}
        recorded = [said for said in lengths if self._is_there(said)]
        try:
            return lengths | self._speaker.measure(recorded)
        except UnspeakableError as error:
            usable = [said for said in recorded if said not in error.refusals]
            return lengths | self._speaker.measure(usable)

    def is_fixed(self, utterance: Utterance) -> bool:
        """Say that no length is certain."""
        return False

    def _is_there(self, said: Utterance) -> bool:
        voice = said.voice or self._cast.session
        return voice.engine == RECORDED and self._engine.is_recorded(said.text, voice.name)


def _voices(cast: Cast) -> tuple[Voice, ...]:
    return tuple(dict.fromkeys((cast.session, *cast.others.values())))


def _who(voice: Voice) -> Who:
    return voice.engine, voice.name


def _speaks(line: ScriptLine, cast: Cast) -> Voice:
    return line.utterance.voice or cast.session


def _measure(lines: Sequence[ScriptLine], speaker: Speaker) -> None:
    try:
        speaker.measure(line.utterance for line in lines)
    except UnspeakableError as error:
        places = {line.utterance: line.place for line in lines}
        refused = zip(error.refusals, error.diagnostics, strict=True)
        raise SessionError(*(replace(found, place=places.get(said)) for said, found in refused)) from None


def _fallbacks(routine: Routine, cast: Cast) -> Mapping[Who, Voice]:
    """Return who speaks what each recorded voice lacks, as their author asks for it."""
    found: dict[Who, Voice] = {}
    speaking = {_who(voice) for voice in _voices(cast)}
    for asked in (routine.voice, *voices_of_lines(routine)):
        request: VoiceRequest | None = asked
        while request is not None and request.fallback is not None:
            who, other = (request.engine or "", request.name or ""), request.fallback
            if who in speaking and who not in found:
                place = other.place
                found[who] = resolve(
                    other.engine, other.name, other.speed, language=routine.language, place=place
                )
                speaking.add(_who(found[who]))
            request = other
    return found


def _left_to_fallbacks(
    routine: Routine, speaker: Speaker, too_long: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """Yield what an author should know of the lines that another voice speaks than the one that was asked."""
    # Where several name the same folder, what the session itself says comes first.
    requests = (*reversed(voices_of_lines(routine)), routine.voice)
    places = {request.name: request.place for request in requests}
    missing: dict[str, list[str]] = {}
    for said, error in speaker.stood_in.items():
        folder = speaker.voice_of(said).name
        if error is None:
            continue
        if error.code == "not-recorded":
            missing.setdefault(folder, []).append(said.text)
        else:
            message = f"The fallback says {said.text!r}: {error}."
            yield Diagnostic(error.code, message, places.get(folder), error.fix, Severity.WARNING)
    for folder, texts in missing.items():
        yield _not_recorded(folder, list(dict.fromkeys(texts)), places.get(folder))
    for found in dict.fromkeys(too_long):
        message = f"{found.message} The fallback says it instead."
        yield replace(found, message=message, severity=Severity.WARNING)


def _not_recorded(folder: str, texts: list[str], place: Place | None) -> Diagnostic:
    more = len(texts) - _SHOWN
    shown = ", ".join(repr(text) for text in texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    lines = "1 line is" if len(texts) == 1 else f"{len(texts)} lines are"
    message = f"{lines} not recorded in “{folder}”, so the fallback speaks: {shown}."
    fix = "`breathcue script` writes the sheet of all lines, and marks those that are recorded."
    return Diagnostic("spoken-by-fallback", message, place, fix, Severity.WARNING)
