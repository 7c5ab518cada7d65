"""A timeline while it is being performed: what the live coach plays, and what the listener may ask of it.

A rendered session is compiled to its end before it is heard. A live one is laid part by part, a little ahead of the
listener, and changed on the way. A :class:`Score` is one state of it: everything that has been performed, as it was
performed, and everything laid so far. Where nobody changes anything, the last score holds the timeline's own phases
and cues.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from breathcue.timeline.model import Chapter, Cue, Phase, PhaseKind, Side
from breathcue.timeline.time import Ms


class Control(StrEnum):
    """What the listener may ask for; the value is the word one types in plain mode."""

    PAUSE = "pause"
    RESUME = "resume"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    SLOWER = "slower"
    FASTER = "faster"
    VOICE_LOUDER = "voice louder"
    VOICE_QUIETER = "voice quieter"
    TONES_LOUDER = "tones louder"
    TONES_QUIETER = "tones quieter"
    BED_LOUDER = "bed louder"
    BED_QUIETER = "bed quieter"
    EASIER = "easier"
    HARDER = "harder"
    MORE_TALK = "more talk"
    LESS_TALK = "less talk"
    ADD_REST = "rest"
    SKIP_REST = "skip rest"
    HURT = "hurt"
    FINISH = "finish"
    QUIT = "quit"


_AT_ONCE = {
    Control.PAUSE,
    Control.NEXT,
    Control.BACK,
    Control.HURT,
    Control.FINISH,
    Control.QUIT,
}


def interrupts(control: Control, phase: Phase | None, *, waiting: bool) -> bool:
    """Say whether a control stops what is going on at once; the others let the repetition end, or change no times.

    ``phase`` is what is going on, and ``waiting`` whether the session waits for a decision.
    """
    if control is Control.RESUME:
        return waiting
    if control is Control.ADD_REST:
        return waiting or rests(phase)
    if control is Control.SKIP_REST:
        return not waiting and rests(phase)
    return control in _AT_ONCE


def rests(phase: Phase | None) -> bool:
    """Say whether a phase is a rest that can be made longer or left: one between repetitions, not inside one."""
    return phase is not None and phase.rep is None and phase.kind in {PhaseKind.REST, PhaseKind.WAIT}


class Guidance(StrEnum):
    """How much is said."""

    FULL = "full"
    BALANCED = "balanced"
    MINIMAL = "minimal"


class Level(StrEnum):
    """Which form of the exercises is done."""

    EASIER = "easier"
    NORMAL = "normal"
    HARDER = "harder"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a listener wants what is still to come; None leaves what the session says.

    ``eased`` are exercises, by name, that have hurt and are done in their easier form from then on.
    """

    level: Level | None = None
    guidance: Guidance | None = None
    eased: tuple[str, ...] = ()


AS_WRITTEN = Manner()
"""A session as it says itself."""


class Waiting(StrEnum):
    """Why nothing more is laid until the listener decides."""

    PAUSED = "paused"
    HURT = "hurt"


@dataclass(frozen=True, slots=True)
class Stage:
    """A step as it is performed: when it began, what a screen calls it, and which step of the session it is.

    ``exercise`` is the exercise's name as written in the session, None where the step is none. A ``minor`` step is
    nothing to look forward to: a few words, a chime, quiet time.
    """

    start_ms: Ms
    title: str
    step: int
    exercise: str | None = None
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a session where one can go on: a step, and within it the repetition that is done from its start.

    ``step`` is that of :class:`Stage`; ``set``, ``rep`` and ``side`` are those of a phase. Without a ``rep``, the
    step begins from its own start.
    """

    step: int
    set: int | None = None
    rep: int | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How long a session was made to last, in ms, and at which pace that was reckoned."""

    ms: Ms
    pace: float


@dataclass(frozen=True, slots=True)
class Score:
    """What has been performed and what is laid so far, in session time: time stands still while one waits.

    Nothing that starts before ``end_ms`` will be added or taken away, except by a control. ``left_ms`` is how long the
    steps that are not laid yet will last; it is an estimate until their words have been spoken. ``complete`` says
    that the session ends at ``end_ms``. ``upcoming`` names the steps after the last laid one
    that are not minor. ``serial`` counts the controls that have been taken into account. ``manner`` is what the
    listener has asked for so far, and ``changed`` what that changes of each step of the session: its level and
    guidance where they are not the session's own. ``eases`` says that there is an easier way to do what has hurt.
    """

    phases: tuple[Phase, ...]
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    stages: tuple[Stage, ...]
    end_ms: Ms
    left_ms: Ms = Ms(0)
    upcoming: tuple[str, ...] = ()
    waiting: Waiting | None = None
    complete: bool = False
    pace: float = 1.0
    serial: int = 0
    manner: Manner = AS_WRITTEN
    changed: tuple[Manner, ...] = ()
    eases: bool = False

    @property
    def duration_ms(self) -> Ms:
        """How long the whole session will have lasted."""
        return Ms(self.end_ms + self.left_ms)

    def phase_at(self, at: Ms) -> Phase | None:
        """Return the phase that has begun last at ``at``; None before the first."""
        return _last_begun(self.phases, at)

    def stage_at(self, at: Ms) -> Stage | None:
        """Return the stage that has begun last at ``at``; None before the first."""
        return _last_begun(self.stages, at)

    def manner_at(self, at: Ms) -> Manner:
        """Return what the listener has changed of the step that is going on at ``at``."""
        stage = self.stage_at(at)
        step = stage.step if stage else 0
        return self.changed[step] if step < len(self.changed) else AS_WRITTEN


_Begun = TypeVar("_Begun", Phase, Stage)


def _last_begun(spans: Sequence[_Begun], at: Ms) -> _Begun | None:
    index = bisect_right(spans, at, key=lambda span: span.start_ms) - 1
    return spans[index] if index >= 0 else None
