"""A live session without a device, a thread or a clock: the test pulls samples, and time is how many it has pulled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from breathcue.audio.beds import Bed
from breathcue.casting import SilentSpeech, silent_cast
from breathcue.language.load import Loaded
from breathcue.live.composer import Composer
from breathcue.live.moment import Asked, Event, Heard, State, Turned
from breathcue.live.player import Player
from breathcue.live.session import moment_of
from breathcue.pipeline.live import LiveScript
from breathcue.timeline.model import Cue, PhaseKind, Source, Track, Utterance
from breathcue.timeline.score import AS_WRITTEN, Control, Manner, Spot, Waiting
from breathcue.timeline.time import Ms, samples_from_ms
from breathcue.voices.base import Samples

LOUD = 8_192
"""The level of every spoken clip, as a 16-bit sample: two at once would be louder."""

EDGE = samples_from_ms(4)
CALLBACK = 960


class ToneVoice(SilentSpeech):
    """Speaks each text as a steady level as long as the silent voice takes, with soft edges."""

    def sound(self, words: Utterance) -> Samples:
        clip = np.full(samples_from_ms(self.measure([words])[words]), LOUD / 32_768, np.float32)
        ramp = np.linspace(0, 1, EDGE, dtype=np.float32)
        clip[:EDGE] *= ramp
        clip[-EDGE:] *= ramp[::-1]
        return clip


@dataclass
class Rehearsal:
    """Plays a session into ``heard``.

    ``tones`` says whether tones sound; silent ones leave only the voice. ``bed`` is what sounds beneath it, and
    ``manner`` what was asked for before.
    """

    loaded: Loaded
    tones: bool = False
    spot: Spot | None = None
    bed: Bed | None = None
    manner: Manner = AS_WRITTEN
    voice: ToneVoice = field(default_factory=ToneVoice)
    events: list[Event] = field(default_factory=list)
    asked: list[tuple[int, Control]] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.loaded.routine is not None, self.loaded.diagnostics
        self.pulled = 0
        self._heard: list[np.ndarray] = []
        self.script = LiveScript(
            self.loaded.routine,
            silent_cast(self.loaded.routine),
            self.voice,
            lambda p: Source(self.loaded.source_name(p), p.line),
            self.spot,
            manner=self.manner,
        )
        self.player = Player(self.script.prelude(), self._sound, has_bed=self.bed is not None)
        self.player.bed = self.bed
        self.composer = Composer(self.script, self.player, now=lambda: self.pulled / 48_000)

    def _sound(self, cue: Cue) -> Samples:
        if cue.track is Track.VOICE:
            return self.voice.sound(cue.utterance)
        return np.full(48, 0.1 if self.tones else 0.0, np.float32)

    @property
    def heard(self) -> np.ndarray:
        """Everything heard so far, as 16-bit samples."""
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.int16)

    @property
    def at_ms(self) -> Ms:
        return self.player.position_heard(0)[0].at_ms

    @property
    def state(self) -> State:
        return self.player.position_heard(0)[0].state

    def moment(self):
        position, score = self.player.position_heard(0)
        return moment_of(position.at_ms, position.state, score)

    def compose(self) -> None:
        """Let the composer do everything there is to do."""
        while self.composer.work():
            pass

    def play(self, ms: int, *, compose: bool = True) -> None:
        """Let ``ms`` of sound be heard, or all that is left."""
        end = self.pulled + samples_from_ms(ms)
        while self.pulled < end and not self.player.over:
            if compose:
                self.compose()
            self.player.fill()
            frames = min(CALLBACK, end - self.pulled)
            self._heard.append(np.frombuffer(bytes(self.player.buffer.pull(frames)), np.int16))
            self.pulled += frames
            self.events += self.player.due(0)

    def press(self, control: Control) -> None:
        self.asked.append((self.pulled, control))
        self.composer.ask(control)

    def to_the_end(self, limit_ms: int = 3_600_000) -> None:
        """Play until it ends, going on wherever it waits."""
        while not self.player.over:
            assert self.pulled < samples_from_ms(limit_ms), "the session never ends"
            if self.player.score.waiting and self.state in {State.PAUSED, State.HURT}:
                self.press(Control.RESUME)
            self.play(5_000)

    def words(self) -> list[tuple[int, int]]:
        """Return when each stretch of voice was heard, in samples: start and stop."""
        return list(stretches(self.heard))


def stretches(samples: np.ndarray) -> Iterator[tuple[int, int]]:
    loud = np.concatenate(([False], np.abs(samples) > 0, [False]))
    edges = np.flatnonzero(np.diff(loud.astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def lengths_of(voice: ToneVoice, words: Iterable[Utterance]) -> set[int]:
    return {samples_from_ms(ms) for ms in voice.measure(set(words)).values()}


def waits(rehearsal: Rehearsal) -> Waiting | None:
    return rehearsal.player.score.waiting


def play_until(rehearsal: Rehearsal, wanted) -> None:
    for _ in range(60_000):
        if wanted(rehearsal.moment()):
            return
        rehearsal.play(50)
    raise AssertionError("that moment never came")


def in_rep(number: int, kind: PhaseKind, exercise: str = "tilt"):
    def wanted(moment) -> bool:
        phase = moment.phase
        return bool(
            phase
            and phase.exercise == exercise
            and phase.kind is kind
            and phase.rep == number
            and moment.share > 0.4
        )

    return wanted


def spoken(rehearsal: Rehearsal) -> list[str]:
    return [e.cue.text for e in rehearsal.events if isinstance(e, Heard) and e.cue.track is Track.VOICE]


def assert_promises(rehearsal: Rehearsal) -> None:
    """Check with what was heard that no two voices spoke at once and that nothing was cut but on request."""
    assert np.abs(rehearsal.heard.astype(int)).max() <= LOUD * 1.6, "two voices at once, or far too loud"
    whole = lengths_of(rehearsal.voice, map(Utterance, spoken(rehearsal)))
    cut = [s for s in rehearsal.words() if not any(abs(s[1] - s[0] - w) <= 2 for w in whole)]
    assert len(cut) <= sum(1 for e in rehearsal.events if isinstance(e, Asked))
    times = [e.at_ms for e in rehearsal.events]
    assert min(times) >= 0
    assert times == sorted(times)
    assert sum(isinstance(e, Turned) and e.state is State.ENDED for e in rehearsal.events) == 1
