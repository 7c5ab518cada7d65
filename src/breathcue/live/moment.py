"""What is going on now: all that a screen shows, and what happens, for those who write it down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breathcue.timeline.model import Cue, Phase
from breathcue.timeline.score import AS_WRITTEN, Control, Manner, Stage
from breathcue.timeline.time import Ms


class State(StrEnum):
    """What the coach is doing."""

    PLAYING = "playing"
    PAUSED = "paused"
    HURT = "hurt"
    BEHIND = "behind"
    """The words that come next are still being made; the body waits."""
    LOST = "lost"
    """The loudspeaker is gone; the session waits for another."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a live session, as it is heard.

    ``at_ms`` is session time, which stands still while one waits; ``left_ms`` is how long is left, and ``about`` says
    that this is still an estimate. ``words`` are the last ones spoken, ``speaking`` whether they sound now. ``share``
    is how much of the phase is over, from 0 to 1. ``count`` is the last number spoken in this phase, as text.
    ``chapters`` are titles in order, ``chapter`` the index of the current one (-1 before the first). ``up_next`` is
    the title of the next step that is not minor, None at the end. Levels are in dB relative to the file's. ``manner``
    is what the listener has changed of the present step; ``eases`` says that there is an easier way after pain.
    """

    state: State
    at_ms: Ms
    left_ms: Ms
    about: bool
    words: str
    speaking: bool
    phase: Phase | None
    share: float
    count: str | None
    stage: Stage | None
    up_next: str | None
    chapters: tuple[str, ...]
    chapter: int
    pace: float
    voice_db: float
    tones_db: float
    bed_db: float = 0.0
    manner: Manner = AS_WRITTEN
    eases: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A cue begins to sound. ``at_ms`` is session time."""

    at_ms: Ms
    cue: Cue


@dataclass(frozen=True, slots=True)
class Begun:
    """A phase begins, within ``stage``."""

    at_ms: Ms
    phase: Phase
    stage: Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """The listener asked for something, and it is being done; ``manner`` is all that was asked for so far."""

    at_ms: Ms
    control: Control
    stage: Stage | None
    phase: Phase | None
    pace: float
    manner: Manner = AS_WRITTEN


@dataclass(frozen=True, slots=True)
class Turned:
    """The coach's state has changed."""

    at_ms: Ms
    state: State


Event = Heard | Begun | Asked | Turned
