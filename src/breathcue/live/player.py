"""Session time becomes samples, block by block. The only clock is the number of samples that the device has taken.

The player mixes a little ahead of the device and keeps what it mixes in a buffer. A request that interrupts takes
back what the device has not begun, so that it acts within the device's own latency; session time then stands still
until the score says how the session goes on. Sounds that have begun go on to their end even while it stands still.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from breathcue.audio.beds import Bed
from breathcue.audio.pcm import pcm16
from breathcue.live.bed import ABSENT, BedState, add_bed, ahead_of, spoken
from breathcue.live.buffer import BlockBuffer, QueuedBlock
from breathcue.live.deck import EVEN, FADE, Levels, Sounding, faded, mixed
from breathcue.live.moment import Asked, Begun, Event, Heard, State, Turned
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import Cue, CueKind, Source, Track
from breathcue.timeline.score import Control, Score, Stage, Waiting, interrupts
from breathcue.timeline.time import SAMPLES_PER_MS, Ms, samples_from_ms
from breathcue.voices.base import Samples

Sound = Callable[[Cue], Samples]
"""Gives the samples of a voice or tone cue."""

BLOCK = samples_from_ms(10)

AHEAD_BLOCKS = 25
"""How many blocks wait for the device: it asks for 20 ms at a time, but after a delay for all of its 200 ms at once.
More would not make requests slower, since what waits can be taken back."""

GAP = samples_from_ms(MIN_GAP_MS)

TICK = "wood"
"""The tone that answers a request at once where the words for it have to wait."""

LEVEL_STEP_DB = 2.0
MAX_LEVEL_DB = 4.0
"""Clips keep 4 dB below full scale, so this is as loud as a voice gets without being clipped."""
MAX_BED_DB = 12.0
"""A bed is far softer than a voice, and makes way for it."""
MIN_LEVEL_DB = -24.0

_LEVELS = {
    Control.VOICE_LOUDER: (LEVEL_STEP_DB, 0.0, 0.0),
    Control.VOICE_QUIETER: (-LEVEL_STEP_DB, 0.0, 0.0),
    Control.TONES_LOUDER: (0.0, LEVEL_STEP_DB, 0.0),
    Control.TONES_QUIETER: (0.0, -LEVEL_STEP_DB, 0.0),
    Control.BED_LOUDER: (0.0, 0.0, LEVEL_STEP_DB),
    Control.BED_QUIETER: (0.0, 0.0, -LEVEL_STEP_DB),
}
_OF_THE_BED = {Control.BED_LOUDER, Control.BED_QUIETER}
_STATES = {Waiting.PAUSED: State.PAUSED, Waiting.HURT: State.HURT}
_KEPT_POSITIONS = 600


@dataclass(frozen=True, slots=True)
class Position:
    """Where the player is: sample ``out`` of what is heard, sample ``at`` of the session.

    Session time stands still until sample ``still_until``. ``bed`` is what the bed has to remember.
    """

    out: int = 0
    at: int = 0
    sounding: tuple[Sounding, ...] = ()
    still_until: int = 0
    levels: Levels = EVEN
    state: State = State.PLAYING
    bed: BedState = ABSENT

    @property
    def at_ms(self) -> Ms:
        """Session time in ms."""
        return Ms(self.at // SAMPLES_PER_MS)


@dataclass(frozen=True, slots=True)
class _Due:
    """An event, and the sample with which it is heard. What is ``firm`` stays though its block is taken back."""

    out: int
    event: Event
    firm: bool = False

    def no_later_than(self, position: Position) -> _Due:
        """Return what is firm at a place that still exists when everything from ``position`` on is taken back."""
        if self.out <= position.out:
            return self
        return replace(self, out=position.out, event=replace(self.event, at_ms=position.at_ms))


class Player:
    """Plays a score that may grow and change while it is played.

    ``sound`` gives the clip of a cue. One thread fills the buffer; any thread may ask for something. ``bed`` is what
    sounds beneath it, as soon as it is there, and ``has_bed`` whether there will be any.
    """

    def __init__(self, score: Score, sound: Sound, *, has_bed: bool = False) -> None:
        self.bed: Bed | None = None
        self.has_bed = has_bed
        self.buffer: BlockBuffer[Position] = BlockBuffer()
        self.score = score
        self._sound = sound
        self._lock = Lock()
        self._position = Position()
        self._awaited = score.serial
        self._levels = Levels()
        self._trail: deque[Position] = deque(maxlen=_KEPT_POSITIONS)
        self._events: deque[_Due] = deque()

    # -- for whoever feeds the device ------------------------------------------------------------------------------

    def fill(self) -> None:
        """Mix until the buffer holds enough; called often, and by one thread only."""
        while len(self.buffer) < AHEAD_BLOCKS and self._position.state is not State.ENDED:
            with self._lock:
                # A request is about to change what comes next: mixing waits for it as long as the buffer lasts.
                if self.asked and len(self.buffer) > 2 and not self._position.still_until:
                    return
                self.buffer.put(self._block())

    def due(self, latency_ms: int) -> list[Event]:
        """Return the events that are heard by now, oldest first."""
        with self._lock:
            heard = self._heard(latency_ms)
            found = []
            while self._events and (self._events[0].out <= heard or self.over):
                found.append(self._events.popleft().event)
            return found

    @property
    def over(self) -> bool:
        """Whether the session has ended, and the device has taken the last of it."""
        return self._position.state is State.ENDED and self.buffer.consumed >= self._position.out

    @property
    def asked(self) -> bool:
        """Whether a request has not been carried out yet."""
        return self._awaited > self.score.serial

    @property
    def mixed_ms(self) -> Ms:
        """Session time up to which everything has been mixed."""
        return self._position.at_ms

    # -- for whoever asks for something ----------------------------------------------------------------------------

    def ask(self, control: Control) -> Ms | None:
        """Do at once what can be done at once.

        Return the moment of the session from which on everything may change, if the control has stopped it there;
        else None: the moment is then given by :meth:`reserve`.
        """
        with self._lock:
            return self._ask(control)

    def fall_silent(self) -> None:
        """Let everything fall silent for good, the bed too."""
        with self._lock:
            self._ask(Control.QUIT)
            here = self._position
            self._position = replace(here, bed=replace(here.bed, silent_from=here.out))

    def reserve(self) -> Ms:
        """Stop session time where it has been mixed to, until the next score; return that moment."""
        with self._lock:
            self._awaited += 1
            return self._position.at_ms

    def halt(self) -> Ms:
        """Silence what sounds, after :meth:`reserve`; return the moment at which session time stands still."""
        with self._lock:
            self._take_back()
            self._hush()
            return self._position.at_ms

    def publish(self, score: Score, done: Control | None = None) -> None:
        """Play this score from now on; what has been mixed of the one before is the same in it.

        ``done`` is a control that let the session go on and has taken effect in this score.
        """
        with self._lock:
            self.score = score
            if done is not None:
                self._note_asked(done)
            if score.serial >= self._awaited:
                self._awaited = score.serial

    def say(self, cue: Cue) -> bool:
        """Say something while session time stands still; return False if something sounds or the session goes on."""
        with self._lock:
            here = self._position
            if here.state is not State.BEHIND or any(s.cue.track is Track.VOICE for s in here.sounding):
                return False
            clip = self._sound(cue)
            still = here.out + len(clip) + GAP
            spoken = Sounding(cue, clip, here.out)
            self._position = replace(here, sounding=(*here.sounding, spoken), still_until=still)
            self._note(Heard(here.at_ms, cue))
            return True

    def position_heard(self, latency_ms: int) -> tuple[Position, Score]:
        """Return the position as it is heard now, ``latency_ms`` after the device has asked for it, and the score."""
        with self._lock:
            heard = self._heard(latency_ms)
            index = bisect_right(self._trail, heard, key=lambda position: position.out) - 1
            if index < 0:
                return self._position, self.score
            found = self._trail[index]
            last = index + 1 == len(self._trail)
            following = self._position if last else self._trail[index + 1]
            moved = min(heard - found.out, max(following.at - found.at, 0))
            return replace(
                found, at=found.at + moved, state=self._position.state if last else found.state
            ), self.score

    # -- one block -------------------------------------------------------------------------------------------------

    def _block(self) -> QueuedBlock[Position]:
        here, score = self._position, self.score
        self._trail.append(here)
        still = self.asked or here.out < here.still_until
        ahead = samples_from_ms(score.end_ms) - here.at
        advance = 0 if still else min(BLOCK, ahead)
        state = self._state_after(here, advance, still=still)
        if state is not here.state:
            self._events.append(_Due(here.out, Turned(here.at_ms, state)))
        sounding = here.sounding + self._started(here, advance)
        samples = mixed(sounding, here.out, BLOCK, here.levels, self._levels)
        bed = self._bed_beneath(samples, here, sounding, still=still)
        out = here.out + BLOCK
        self.buffer.closed = state is State.ENDED
        self._position = Position(
            out,
            here.at + advance,
            tuple(s for s in sounding if s.stop > out),
            here.still_until if here.still_until > out else 0,
            self._levels,
            state,
            bed,
        )
        return QueuedBlock(pcm16(samples).tobytes(), here)

    def _started(self, here: Position, advance: int) -> tuple[Sounding, ...]:
        """Return the clips that begin in the next ``advance`` samples of the session, and note all that begins."""
        score, begin, end = self.score, here.at // SAMPLES_PER_MS, -(-(here.at + advance) // SAMPLES_PER_MS)
        first = bisect_left(score.cues, begin, key=lambda cue: cue.start_ms)
        last = bisect_left(score.cues, end, key=lambda cue: cue.start_ms)
        started, due = [], []
        for cue in score.cues[first:last]:
            start = here.out + samples_from_ms(cue.start_ms) - here.at
            started.append(Sounding(cue, self._sound(cue), start))
            due.append(_Due(start, Heard(cue.start_ms, cue)))
        first = bisect_left(score.phases, begin, key=lambda phase: phase.start_ms)
        last = bisect_left(score.phases, end, key=lambda phase: phase.start_ms)
        for phase in score.phases[first:last]:
            stage = score.stage_at(phase.start_ms) or Stage(Ms(0), phase.label, 0)
            at = here.out + samples_from_ms(phase.start_ms) - here.at
            due.append(_Due(at, Begun(phase.start_ms, phase, stage)))
        self._events.extend(sorted(due, key=lambda one: (one.out, isinstance(one.event, Heard))))
        return tuple(started)

    def _bed_beneath(
        self, samples: Samples, here: Position, sounding: tuple[Sounding, ...], *, still: bool
    ) -> BedState:
        """Add the bed to a block, and return what to remember of it."""
        if self.bed is None:
            return here.bed
        # Session time goes on with a block: with this one, or the first after it has stood still.
        pause = max(1, -(-(here.still_until - here.out) // BLOCK)) * BLOCK if still else 0
        ahead = ahead_of(self.score, here.out, here.at, pause, BLOCK)
        state = spoken(here.bed, sounding, here.out)
        was, now = here.levels.gain(Track.BED), self._levels.gain(Track.BED)
        return add_bed(self.bed, samples, here.out, state, ahead, was, now)

    def _state_after(self, here: Position, advance: int, *, still: bool) -> State:
        score = self.score
        if here.at + advance < samples_from_ms(score.end_ms):
            return _STATES[score.waiting] if score.waiting and self._waits(here.at_ms) else State.PLAYING
        if score.waiting:
            return _STATES[score.waiting]
        if still:
            return here.state
        if score.complete:
            return State.PLAYING if any(s.stop > here.out + BLOCK for s in here.sounding) else State.ENDED
        return State.BEHIND

    # -- requests --------------------------------------------------------------------------------------------------

    def _ask(self, control: Control) -> Ms | None:
        self._take_back()
        here = self._position
        if interrupts(control, self.score.phase_at(here.at_ms), waiting=self._waits(here.at_ms)):
            self._note_asked(control)
            self._awaited += 1
            self._hush()
            return here.at_ms
        self._change_levels(control)
        self._strike(TICK)
        return None

    def _take_back(self) -> None:
        taken = self.buffer.take_back()
        self.buffer.closed = False
        if taken is None:
            return
        self._position = taken.before
        while self._trail and self._trail[-1].out >= taken.before.out:
            self._trail.pop()
        here = taken.before
        self._events = deque(
            due.no_later_than(here) for due in self._events if due.firm or due.out < here.out
        )

    def _hush(self) -> None:
        """Let everything fall silent, and session time stand still until it has."""
        here = self._position
        still = here.out + FADE + GAP
        self._position = replace(here, sounding=faded(here.sounding, here.out), still_until=still)

    def _strike(self, tone: str) -> None:
        here = self._position
        cue = Cue("", here.at_ms, Ms(0), Track.TONE, CueKind.CHIME, tone, Source("", 0))
        sounding = (*here.sounding, Sounding(cue, self._sound(cue), here.out))
        self._position = replace(here, sounding=sounding)

    def _change_levels(self, control: Control) -> None:
        voice, tones, bed = _LEVELS.get(control, (0.0, 0.0, 0.0))
        levels = self._levels
        self._levels = Levels(
            _held(levels.voice_db + voice),
            _held(levels.tones_db + tones),
            _held(levels.bed_db + bed, MAX_BED_DB) if self.has_bed else 0.0,
        )

    # -- what is where ---------------------------------------------------------------------------------------------

    def _note(self, event: Event) -> None:
        self._events.append(_Due(self._position.out, event, firm=True))

    def _note_asked(self, control: Control) -> None:
        if control in _OF_THE_BED and not self.has_bed:
            return
        at, score = self._position.at_ms, self.score
        self._note(Asked(at, control, score.stage_at(at), score.phase_at(at), score.pace, score.manner))

    def _heard(self, latency_ms: int) -> int:
        return self.buffer.consumed - samples_from_ms(latency_ms)

    def _waits(self, at: Ms) -> bool:
        """Say whether the session waits for a decision at ``at``: it does from the words on that announce it."""
        score = self.score
        return score.waiting is not None and bool(score.phases) and at >= score.phases[-1].start_ms


def _held(level_db: float, most: float = MAX_LEVEL_DB) -> float:
    return min(max(level_db, MIN_LEVEL_DB), most)
