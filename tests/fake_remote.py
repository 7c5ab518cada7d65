"""A live session for the tests of the screens: its moments are set by the test, and it remembers what was pressed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from breathcue.live.moment import Asked, Begun, Event, Heard, Moment, State, Turned
from breathcue.timeline.model import Breath, Cue, CueKind, Phase, PhaseKind, Source, Track
from breathcue.timeline.score import Control, Stage
from breathcue.timeline.time import Ms

CHAPTERS = ("Welcome", "Warm up", "Cat-cow stretch", "Bird dog", "Quiet time", "Closing")


def phase_of(kind: PhaseKind = PhaseKind.INHALE, label: str = "cow", *, start: int = 0, **more: Any) -> Phase:
    """Return a phase of four seconds inside a repetition."""
    facts: dict[str, Any] = {"exercise": "cat-cow", "set": 1, "rep": 3, "reps": 10, "breath": None, **more}
    if kind in (PhaseKind.INHALE, PhaseKind.EXHALE) and "breath" not in more:
        facts["breath"] = Breath(kind.value)
    return Phase(Ms(start), Ms(facts.pop("end", start + 4000)), kind, label, **facts)


def moment_of(**changes: Any) -> Moment:
    """Return a moment in the middle of an ordinary session, with ``changes``."""
    usual = Moment(
        state=State.PLAYING,
        at_ms=Ms(543_200),
        left_ms=Ms(752_000),
        about=True,
        words="Inhale to cow. Arch your back, and lift your chest and tailbone.",
        speaking=True,
        phase=phase_of(start=541_000),
        share=0.55,
        count=None,
        stage=Stage(Ms(500_000), "Cat-cow stretch", 4, "cat-cow"),
        up_next="Bird dog",
        chapters=CHAPTERS,
        chapter=2,
        pace=1.0,
        voice_db=0.0,
        tones_db=0.0,
    )
    return dataclasses.replace(usual, **changes)


@dataclasses.dataclass
class FakeRemote:
    """A session that does nothing by itself.

    Where ``obeys``, pausing, resuming, being hurt and quitting change the state, as a session would.
    """

    title: str = "Back relief for new mothers"
    now: Moment = dataclasses.field(default_factory=moment_of)
    obeys: bool = True
    error: BaseException | None = None
    asked: list[Control] = dataclasses.field(default_factory=list)
    listeners: list[Callable[[Event], None]] = dataclasses.field(default_factory=list)

    def moment(self) -> Moment:
        if self.error is not None:
            raise self.error
        return self.now

    def press(self, control: Control) -> None:
        self.asked.append(control)
        states = {
            Control.PAUSE: State.PAUSED,
            Control.RESUME: State.PLAYING,
            Control.HURT: State.HURT,
            Control.QUIT: State.ENDED,
        }
        if self.obeys and control in states:
            self.turn(states[control])

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        self.listeners.append(listener)

    def set(self, **changes: Any) -> None:
        """Change what is going on now."""
        self.now = dataclasses.replace(self.now, **changes)

    def tell(self, event: Event) -> None:
        """Let everyone who listens know of an event."""
        for listener in self.listeners:
            listener(event)

    def turn(self, state: State) -> None:
        """Change the state, and tell of it."""
        self.set(state=state)
        self.tell(Turned(self.now.at_ms, state))

    def say(self, at_ms: int, text: str, kind: CueKind = CueKind.BREATH, track: Track = Track.VOICE) -> None:
        """Let a cue be heard."""
        cue = Cue(f"c{at_ms}", Ms(at_ms), Ms(1000), track, kind, text, Source("session.yaml", 1))
        self.set(at_ms=Ms(at_ms), words=text)
        self.tell(Heard(Ms(at_ms), cue))

    def begin(self, at_ms: int, phase: Phase, stage: Stage) -> None:
        """Let a phase begin."""
        self.set(at_ms=Ms(at_ms), phase=phase, stage=stage)
        self.tell(Begun(Ms(at_ms), phase, stage))

    def answer(self, control: Control, pace: float = 1.0) -> None:
        """Tell that a control is being done."""
        self.tell(Asked(self.now.at_ms, control, self.now.stage, self.now.phase, pace))
