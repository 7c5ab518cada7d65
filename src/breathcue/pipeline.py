"""From a session file to a checked timeline with someone to speak it: what every command that compiles shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from breathcue.casting import compile_spoken, open_speaker, rehearse, sheet_of, telling_where, unread_phonemes
from breathcue.compiler import requests
from breathcue.compiler.answers import answers
from breathcue.compiler.cast import Cast
from breathcue.compiler.duration import Choice
from breathcue.compiler.performance import Performance
from breathcue.compiler.resume import go_on_at
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.wishes import Wishes, reckoned_again, wished, without_form
from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError, Place, RequestError, SessionError
from breathcue.files import check_spares, target_is_source
from breathcue.language.bed import bed_file
from breathcue.language.load import load_session
from breathcue.language.routine import Routine, VoiceRequest
from breathcue.language.voice import voices_of_lines
from breathcue.store import default_folder
from breathcue.timeline.invariants import MIN_TAIL_MS, check
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
from breathcue.timeline.score import AS_WRITTEN, Control, Fit, Manner, Score, Spot
from breathcue.timeline.script import ScriptLine
from breathcue.timeline.time import GRID_MS, Ms, scale
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices.cache import ClipCache
from breathcue.voices.registry import RECORDED, get_engine, resolve
from breathcue.voices.speaker import Speaker

AT_ONCE = 4
"""How many answers are spoken at a time: a listener's request waits no longer than they take."""

_MUSIC_MARGIN, _MUSIC_MORE = 1.5, Ms(60_000)
"""Of an author's music, half as much again is kept as a session seems to need, and a minute more."""


@dataclass(frozen=True, slots=True)
class Session:
    """A compiled session: its timeline, the speaker who holds its clips, warnings for its author, and who that is.

    ``bed_file`` is the sound file of its bed, if that is not a built-in one, and ``bed_ms`` how much of it to keep.
    ``choice`` says how it was made to last as long as it should, if it was.
    """

    timeline: Timeline
    speaker: Speaker
    diagnostics: tuple[Diagnostic, ...]
    author: str | None = None
    bed_file: Path | None = None
    bed_ms: Ms = Ms(0)
    choice: Choice | None = None


@contextmanager
def open_session(
    path: Path,
    wishes: Wishes,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    outputs: Iterable[Path] = (),
) -> Iterator[Session]:
    """Compile a session file; its speaker is closed at the end of the block.

    ``on_progress`` hears how many of the lines have been spoken, and of how many. ``outputs`` are the files that will
    be written, none of which may be one that the session is made from.

    Raises:
        RequestError: one of ``outputs`` is (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: the voice is not there.
        InvariantError: the compiler made a timeline that breaks a promise, which is a bug.
    """
    routine, cast, source_of, diagnostics = _loaded(path, wishes, outputs)
    trouble: list[Diagnostic] = []
    cache = ClipCache(default_folder(), trouble.append)
    with open_speaker(path.parent, routine, cast, cache, on_progress) as speaker:
        compiled = compile_spoken(routine, cast, speaker, source_of)
        violations = check(compiled.timeline)
        if violations:
            raise InvariantError(path, [str(violation) for violation in violations])
        warnings = (*diagnostics, *compiled.diagnostics, *trouble)
        file = _bed_file(routine, path, wishes)
        keep = _music_ms(Performance(compiled.routine, cast, speaker, source_of)) if file else Ms(0)
        yield Session(compiled.timeline, speaker, warnings, routine.author, file, keep, compiled.choice)


class LiveScript:
    """A session to be performed live, and who speaks it: a :class:`breathcue.live.composer.Script`.

    ``bed_file`` is the sound file of its bed, if that is not a built-in one, and ``bed_ms`` how much of it to keep.
    ``choice`` says how it was made to last as long as it should, if it was; ``manner`` was asked for before it.
    """

    def __init__(
        self,
        routine: Routine,
        cast: Cast,
        speaker: Speaker,
        source_of: SourceOf,
        spot: Spot | None,
        bed_file: Path | None = None,
        choice: Choice | None = None,
        fit: Fit | None = None,
        manner: Manner = AS_WRITTEN,
    ) -> None:
        self.routine = routine
        self.choice, self.fit = choice, fit
        self.speaker = speaker
        self._cast = cast
        self.bed_file = bed_file
        self._performance = Performance(routine, cast, speaker, source_of, manner)
        self.bed_ms = _music_ms(self._performance) if bed_file else Ms(0)
        self.manner = manner
        self._answers = answers(self._performance)
        if spot is not None:
            go_on_at(self._performance, spot)

    def one_moment(self) -> str | None:
        """Return what the coach says where the next words take their time, once it has been spoken."""
        words = self._one_moment()
        return words.text if words in self._performance.fitting.lengths else None

    def _one_moment(self) -> Utterance:
        coach = self._performance.coach
        return coach.utter(coach.phrases.say("live.behind"))

    @property
    def bed(self) -> str | None:
        """What the bed is called, as in the timeline, if there is one."""
        return self.routine.bed.text if self.routine.bed else None

    @property
    def length_ms(self) -> Ms:
        """About how long it will last, before anything has been laid."""
        return self._performance.left()

    def prelude(self) -> Score:
        """Return what can be heard before a word has been spoken."""
        return self._performance.prelude()

    def lay(self) -> bool:
        """Lay one more part; return whether there was one."""
        with telling_where(self.routine, self._cast):
            return self._lay()

    def _lay(self) -> bool:
        if self._performance.laid:
            # Not before the first words: nothing may keep those waiting.
            self._performance.fitting.measure([self._one_moment()])
        # A few at a time, so that a request need not wait until all of a long part has been spoken.
        unspoken = self._performance.unspoken()
        if len(unspoken) > AT_ONCE:
            with suppress(UnspeakableError):  # laying the part says where it is written
                self._performance.fitting.measure(unspoken[:AT_ONCE])
                return True
        return self._performance.lay()

    def score(self) -> Score:
        """Return everything laid so far."""
        return self._performance.score()

    def spare(self) -> bool:
        """Have some of the words spoken that answers to requests need; return whether there are more."""
        some, self._answers = self._answers[:AT_ONCE], self._answers[AT_ONCE:]
        self._performance.fitting.measure(some)
        return bool(self._answers)

    def prepare(self, control: Control, at: Ms) -> None:
        """Have the words spoken that a request at about ``at`` needs, in ms of the session."""
        requests.prepare(self._performance, control, at)

    def stops(self, control: Control, at: Ms) -> bool:
        """Say whether a request must stop what is going on at ``at``."""
        return requests.stops(self._performance, control, at)

    def carry_out(self, control: Control, at: Ms, *, stopped: bool) -> None:
        """Do what the listener asks for at ``at``, in ms of the session; ``stopped`` if all is silent there."""
        requests.carry_out(self._performance, control, at, stopped=stopped)


@contextmanager
def open_live(
    path: Path,
    wishes: Wishes,
    spot: Spot | None = None,
    *,
    manner: Manner = AS_WRITTEN,
    outputs: Iterable[Path] = (),
    on_progress: Callable[[int, int], None] | None = None,
    fit: Fit | None = None,
) -> Iterator[tuple[LiveScript, tuple[Diagnostic, ...]]]:
    """Open a session file to be performed live; yield its script, and warnings for its author.

    No word has been spoken yet; words that cannot be are found when their turn comes, but for recordings, all of which
    must be there. It goes on at ``spot`` in ``manner``, unless wishes differ. ``outputs``: as for :func:`open_session`.

    A session that is to last for a certain time is spoken first, so that the same is chosen as in a file;
    ``on_progress`` hears how far that is. One that goes on is reckoned as it was when it was begun, which is ``fit``,
    unless another length is wished for.

    Raises:
        RequestError: one of ``outputs`` is a file that the session is made from (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: the voice is not there.
    """
    routine, cast, source_of, diagnostics = _loaded(path, wishes, outputs)
    with open_speaker(path.parent, routine, cast, ClipCache(default_folder()), on_progress) as speaker:
        choice: Choice | None = None
        reckoned, fit = reckoned_again(routine, wishes, fit)
        if fit is not None:
            compiled = compile_spoken(reckoned, cast, speaker, source_of)
            routine, choice = replace(compiled.routine, pace=routine.pace), compiled.choice
        speaker.on_progress = None
        warnings = (*diagnostics, *rehearse(routine, cast, speaker, source_of))
        bed = _bed_file(routine, path, wishes)
        manner = wishes.before(manner)
        yield LiveScript(routine, cast, speaker, source_of, spot, bed, choice, fit, manner), warnings


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
    routine, cast, source_of, diagnostics = _loaded(path, wishes, outputs)
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
    cast = Cast(_voice(routine, wishes))
    with open_speaker(folder, routine, cast, ClipCache(default_folder())) as speaker:
        said = Utterance(text)
        try:
            length = speaker.measure([said])[said]
        except UnspeakableError as error:
            raise RequestError(*error.diagnostics) from None
        timeline = _timeline_of(said, routine.language, cast.session, length)
        warnings = (*found, *unread_phonemes(routine, cast))
        yield SpokenLine(said, speaker.spoken(said), speaker, timeline, warnings)


def _timeline_of(said: Utterance, language: str, voice: Voice, length: Ms) -> Timeline:
    """Return a timeline in which nothing but one line is said."""
    start = Ms(GRID_MS * 10)
    end = Ms(start + length + MIN_TAIL_MS)
    source = Source("", 1)
    cue = Cue("c0001", start, length, Track.VOICE, CueKind.ANNOUNCE, said.text, source)
    chapter, phase = Chapter(Ms(0), end, said.text), Phase(Ms(0), end, PhaseKind.TALK, said.text)
    return Timeline(said.text, language, voice, end, (chapter,), (phase,), (cue,))


def _loaded(
    path: Path, wishes: Wishes, outputs: Iterable[Path]
) -> tuple[Routine, Cast, SourceOf, tuple[Diagnostic, ...]]:
    for output in outputs:
        check_spares(output, [path])
    loaded = load_session(path)
    if loaded.routine is None:
        raise SessionError(*loaded.diagnostics)
    routine, warnings = wished(loaded.routine, wishes)
    _spare_sounds(routine, path, wishes, outputs)

    def source_of(place: Place) -> Source:
        return Source(loaded.source_name(place), place.line)

    cast = _cast(routine, wishes)
    found = (*loaded.diagnostics, *warnings, *without_form(routine), *unread_phonemes(routine, cast))
    return routine, cast, source_of, found


def _cast(routine: Routine, wishes: Wishes) -> Cast:
    """Return who speaks in a session; what is asked for on the command line replaces the session's voice only.

    Raises:
        SessionError, MissingError: some of the voices are not there; it names them all.
    """
    session = _voice(routine, wishes)
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


def _voice_of_line(asked: VoiceRequest, session: Voice, language: str) -> Voice:
    """Return the voice that a line names for itself; what it leaves open is the session's."""
    # A recording has no speed that another voice could share.
    speed = asked.speed or (None if session.engine == RECORDED else session.speed)
    if asked.engine is None and asked.name is None:
        return replace(session, speed=speed or session.speed)
    of_session = any(info.name == asked.name for info in get_engine(session.engine).voices())
    engine = session.engine if asked.engine is None and of_session else asked.engine
    return resolve(engine, asked.name, speed, language=language, place=asked.place)


def _voice(routine: Routine, wishes: Wishes) -> Voice:
    """Return who speaks; a voice named on the command line need not be of the engine that the session names."""
    asked, language = routine.voice, routine.language
    speed = wishes.speed or asked.speed
    if wishes.voice:
        return resolve(None, wishes.voice, speed, language=language)
    place = asked.place or routine.language_place
    return resolve(asked.engine, asked.name, speed, language=language, place=place)


def _music_ms(performance: Performance) -> Ms:
    """Return how much of an author's music to keep: surely enough for a session of which nothing has been laid yet.

    How loud the music is made depends on the part that is kept. So that it is the same in a file as live, where the
    length is not known beforehand, this is not taken from the words as they are spoken, but as they are written.
    """
    return Ms(scale(performance.left(), _MUSIC_MARGIN) + _MUSIC_MORE)


def _bed_file(routine: Routine, session: Path, wishes: Wishes) -> Path | None:
    """Return the sound file of the bed: beside the session, or wherever the command line names it."""
    return bed_file(routine.bed, session.parent if wishes.bed is None else Path())


def _spare_sounds(routine: Routine, session: Path, wishes: Wishes, outputs: Iterable[Path]) -> None:
    """Refuse to write over the music or a recording of a session."""
    from breathcue.voices.recorded import names_a_recording

    music = _bed_file(routine, session, wishes)
    voices = (routine.voice, *voices_of_lines(routine))
    folders = [session.parent / voice.folder.text for voice in voices if voice.folder is not None]
    for output in outputs:
        check_spares(output, [music] if music is not None else [])
        inside = any(output.parent.resolve() == folder.resolve() for folder in folders)
        if inside and output.exists() and names_a_recording(output):
            raise target_is_source(output)


class InvariantError(AssertionError):
    """A compiled timeline breaks an invariant: a bug in the compiler, never the author's fault."""

    def __init__(self, path: Path, violations: list[str]) -> None:
        super().__init__(f"{path}: the timeline breaks a promise: " + "; ".join(violations[:3]))
