"""A live session: the player, the composer and the output together, and what is going on in it."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from threading import Event as Flag
from threading import Thread

from breathcue.audio.sounds import ClipSource
from breathcue.audio.tones import tone_samples
from breathcue.diagnostics import BreathcueError
from breathcue.live.bed import BedMaker
from breathcue.live.composer import Composer, Script
from breathcue.live.deck import EVEN, FADE, Levels
from breathcue.live.moment import Event, Moment, State, Turned
from breathcue.live.outputs.output import Output
from breathcue.live.player import BLOCK, Player, Sound
from breathcue.timeline.model import Cue, CueKind, Source, Track
from breathcue.timeline.score import Control, Score, Stage, Waiting
from breathcue.timeline.time import Ms
from breathcue.voices.base import Samples

BEHIND_SECONDS = 1.5
"""How long one waits without a word before the coach says that the next ones are on their way."""

AGAIN_SECONDS = 10.0
"""How long after that it is said again."""

_FEED_SECONDS = 0.01
_REOPEN_SECONDS = 1.0
_BED_SECONDS = 0.2
"""How long the first sound waits for the bed; what takes longer comes in beneath it."""
_HUSH_SECONDS = 0.3
"""How long the end waits for an output that takes nothing more: longer than one takes a fade at any latency."""


def live_sound(clips: ClipSource) -> Sound:
    """Return the function from a cue to its samples."""

    def sound(cue: Cue) -> Samples:
        if cue.track is Track.TONE:
            return tone_samples(cue.text, cue.duration_ms)
        return clips.clip(cue.utterance).samples

    return sound


class LiveSession:
    """A session that is spoken now, by a coach who listens; see :class:`breathcue.live.remote.Remote`.

    ``reopen`` opens the output again after it has vanished. ``one_moment`` gives what the coach says when the words
    that come next take their time. ``bed`` makes what sounds beneath it, if anything does.
    """

    def __init__(
        self,
        title: str,
        script: Script,
        clips: ClipSource,
        output: Output,
        reopen: Callable[[], Output],
        one_moment: Callable[[], str | None],
        bed: BedMaker | None = None,
    ) -> None:
        self.title = title
        self.player = Player(script.prelude(), live_sound(clips), has_bed=bed is not None)
        self._bed = bed
        self.composer = Composer(script, self.player)
        self._output = output
        self._reopen = reopen
        self._one_moment = one_moment
        self._listeners: list[Callable[[Event], None]] = []
        self._stopped = Flag()
        self._wake = Flag()
        self._feeder = Thread(target=self._feed, name="breathcue-player", daemon=True)
        self._failure: BaseException | None = None
        self._lost = False
        self._found: State | None = None
        self._quit = False
        self._behind_since: float | None = None

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Tell ``listener`` of every event when it is heard."""
        self._listeners.append(listener)

    def start(self) -> None:
        """Begin: the first sound is heard at once.

        Raises:
            MissingError: the device is there no more.
            BreathcueError: the bed is found to be of no use.
        """
        self._lay_bed(_BED_SECONDS)
        self.player.fill()
        self._output.start(self.player.buffer.pull)
        self._feeder.start()
        self.composer.start()

    def press(self, control: Control) -> None:
        """Ask for something."""
        if self.ended:
            return
        if self._lost and control is Control.RESUME:
            return
        self._quit = self._quit or control is Control.QUIT
        self.composer.ask(control)
        self._wake.set()

    @property
    def ended(self) -> bool:
        """Whether it is over, or cannot go on."""
        return self.player.over or self._stopped.is_set() or self.failure is not None

    @property
    def failure(self) -> BaseException | None:
        """Why it cannot go on."""
        return self._failure or self.composer.failure

    @property
    def finished(self) -> bool:
        """Whether it has been brought to its end, and not been quit."""
        return self.player.over and not self._quit

    def hush(self) -> None:
        """Let everything fall silent, without a word; return when the output has taken the end of the sound."""
        self._quit = True
        self.player.fall_silent()
        silent = self.player.buffer.consumed + BLOCK + FADE
        self._wake.set()
        until = time.monotonic() + _HUSH_SECONDS
        while self.player.buffer.consumed < silent and self._output.alive and time.monotonic() < until:
            time.sleep(_FEED_SECONDS / 2)

    def close(self) -> None:
        """Let everything fall silent where the session is not over, and end everything.

        Raises:
            BreathcueError: why the session could not go on, or a recording could not be kept.
        """
        if self._feeder.is_alive() and not self.player.over:
            self.hush()
        self._stopped.set()
        self._wake.set()
        if self._feeder.is_alive():
            self._feeder.join()
        self.composer.stop()
        self._tell()
        self._output.stop()
        if self.failure is not None:
            raise self.failure

    # -- the thread that feeds -------------------------------------------------------------------------------------

    def _feed(self) -> None:
        try:
            while not self._stopped.is_set():
                self._lay_bed()
                self.player.fill()
                self._tell()
                self._watch_device()
                self._mention_delay()
                if self.player.over:
                    self._stopped.set()
                self._wake.wait(_FEED_SECONDS)
                self._wake.clear()
        except BaseException as error:  # raised again in the thread that shows the session
            self._failure = error

    def _lay_bed(self, patience: float = 0.0) -> None:
        """Let the bed sound once it has been made."""
        if self._bed is not None and self.player.bed is None:
            self.player.bed = self._bed.bed(patience)

    def _tell(self) -> None:
        for event in self.player.due(self._output.latency_ms):
            # What the player turns to while nobody can hear it concerns nobody.
            if not (self._lost and isinstance(event, Turned)):
                self._announce(event)

    def _announce(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)

    def _watch_device(self) -> None:
        if self._found is not None:
            # What the player has turned to meanwhile was for nobody's ears, and is not among its events.
            state, self._found = self._found, None
            self._announce(Turned(self.player.position_heard(0)[0].at_ms, state))
        if self._lost or self._output.alive:
            return
        self._lost = True
        position, score = self.player.position_heard(0)
        if score.waiting is None:
            self.composer.ask(Control.PAUSE)
        self._announce(Turned(position.at_ms, State.LOST))
        Thread(
            target=self._go_on_elsewhere, args=(score.waiting is None,), name="breathcue-device", daemon=True
        ).start()

    def _go_on_elsewhere(self, resume: bool) -> None:
        try:
            self._output.stop()
            while not self._stopped.wait(_REOPEN_SECONDS):
                try:
                    output = self._reopen()
                    output.start(self.player.buffer.pull)
                except BreathcueError:
                    continue
                self._output = output
                # Whoever has said meanwhile that something hurts decides when to go on.
                if self._stopped.is_set():
                    output.stop()
                    return
                if resume and not self.player.asked and self.player.score.waiting is Waiting.PAUSED:
                    self.composer.ask(Control.RESUME)
                    self._found = State.PLAYING
                else:
                    self._found = self.player.position_heard(0)[0].state
                self._lost = False
                return
        except BaseException as error:  # raised again in the thread that shows the session
            self._failure = error

    def _mention_delay(self) -> None:
        position, _ = self.player.position_heard(0)
        if position.state is not State.BEHIND:
            self._behind_since = None
            return
        now = time.monotonic()
        self._behind_since = self._behind_since or now
        if now - self._behind_since > BEHIND_SECONDS:
            text = self._one_moment()
            words = Cue("", position.at_ms, Ms(1), Track.VOICE, CueKind.ANNOUNCE, text or "", Source("", 0))
            if text and self.player.say(words):
                self._behind_since = now + AGAIN_SECONDS

    # -- what is going on ------------------------------------------------------------------------------------------

    def moment(self) -> Moment:
        """Return what is going on now, as it is heard.

        Raises:
            BreathcueError: the session cannot go on.
        """
        if self.failure is not None:
            raise self.failure
        position, score = self.player.position_heard(self._output.latency_ms)
        state = State.LOST if self._lost else State.ENDED if self.ended else position.state
        return moment_of(position.at_ms, state, score, position.levels)


def moment_of(at: Ms, state: State, score: Score, levels: Levels = EVEN) -> Moment:
    """Return what is going on at a moment of a score."""
    phase = score.phase_at(at)
    cues = score.cues[: bisect_right(score.cues, at, key=lambda cue: cue.start_ms)]
    spoken = _last_words(cues)
    counts = (
        c.text for c in reversed(cues) if c.kind is CueKind.COUNT and phase and c.start_ms >= phase.start_ms
    )
    stage = score.stage_at(at)
    chapter = bisect_right(score.chapters, at, key=lambda chapter: chapter.start_ms) - 1
    return Moment(
        state,
        at,
        Ms(max(score.duration_ms - at, 0)),
        not score.complete and score.waiting is None,
        spoken.text if spoken else "",
        spoken is not None and at < spoken.end_ms,
        phase,
        min(max((at - phase.start_ms) / phase.duration_ms, 0.0), 1.0) if phase else 0.0,
        next(counts, None),
        stage,
        _up_next(stage, score),
        tuple(chapter.title for chapter in score.chapters),
        chapter,
        score.pace,
        levels.voice_db,
        levels.tones_db,
        levels.bed_db,
        score.manner_at(at),
        score.eases,
    )


def _last_words(cues: Sequence[Cue]) -> Cue | None:
    """Return what was spoken last; None where a tone has led more than one breath since: words would contradict it."""
    breaths = 0
    for cue in reversed(cues):
        if cue.track is Track.VOICE:
            return cue
        breaths += cue.kind is CueKind.BREATH_TONE
        if breaths > 1:
            break
    return None


def _up_next(stage: Stage | None, score: Score) -> str | None:
    later = [s.title for s in score.stages if not s.minor and (stage is None or s.start_ms > stage.start_ms)]
    return next(iter((*later, *score.upcoming)), None)
