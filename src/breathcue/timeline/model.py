"""The timeline, version 1: what the body does (phases) and what is heard (cues), immutable and exact.

Everything right of the compiler sees only these values: the renderer, the exporters, the live coach. The JSON form
and its stability are documented in docs/timeline.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breathcue.timeline.time import Ms


class PhaseKind(StrEnum):
    """What the body is doing."""

    TALK = "talk"
    SETUP = "setup"
    TRANSITION = "transition"
    INHALE = "inhale"
    EXHALE = "exhale"
    HOLD = "hold"
    MOVE = "move"
    RETURN = "return"
    REST = "rest"
    WAIT = "wait"


class Breath(StrEnum):
    """What the breath does during a phase."""

    INHALE = "inhale"
    EXHALE = "exhale"
    FREE = "free"


class Side(StrEnum):
    """Which side of the body leads."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.LEFT if self is Side.RIGHT else Side.RIGHT


class Track(StrEnum):
    """Where a cue is heard."""

    VOICE = "voice"
    TONE = "tone"
    BED = "bed"


class CueKind(StrEnum):
    """Why a cue is heard. The first fourteen are voice cues, then come tones, and last the bed."""

    INTRO = "intro"
    SAFETY = "safety"
    ANNOUNCE = "announce"
    SETUP = "setup"
    FORM = "form"
    BREATH = "breath"
    MOVE = "move"
    HOLD = "hold"
    COUNT = "count"
    SWITCH = "switch"
    REST = "rest"
    CHECK_IN = "check-in"
    ENCOURAGE = "encourage"
    OUTRO = "outro"
    START_TONE = "start-tone"
    SWITCH_TONE = "switch-tone"
    END_TONE = "end-tone"
    CHIME = "chime"
    BREATH_TONE = "breath-tone"
    BED = "bed"


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: an engine, one of its voices, and the speed relative to that voice's own pace (1.0)."""

    engine: str
    name: str
    speed: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to say, and who says it; None is the voice of the session."""

    text: str
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The line of the author's file that a cue comes from; ``file`` is relative to the session's folder."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A named stretch of the session; chapters tile it."""

    start_ms: Ms
    end_ms: Ms
    title: str


@dataclass(frozen=True, slots=True)
class Phase:
    """What the body does from ``start_ms`` to ``end_ms``; phases tile the session.

    ``label`` is a short name for a screen. ``exercise`` is the exercise's name as written in the session;
    ``set``, ``rep`` and ``reps`` count from 1 and are None outside repetitions.
    """

    start_ms: Ms
    end_ms: Ms
    kind: PhaseKind
    label: str
    exercise: str | None = None
    set: int | None = None
    rep: int | None = None
    reps: int | None = None
    side: Side | None = None
    breath: Breath | None = None

    @property
    def duration_ms(self) -> Ms:
        """How long the phase lasts."""
        return Ms(self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True)
class Cue:
    """Something heard.

    ``text`` is what is said, as a person reads it; for a tone it is the tone's name, for the bed that of the sound, or
    of the author's file. ``voice`` is who says it where that is not the session's voice.
    """

    id: str
    start_ms: Ms
    duration_ms: Ms
    track: Track
    kind: CueKind
    text: str
    source: Source
    voice: Voice | None = None

    @property
    def utterance(self) -> Utterance:
        """What is said, and by whom; only of a voice cue."""
        return Utterance(self.text, self.voice)

    @property
    def end_ms(self) -> Ms:
        """When the cue has been heard."""
        return Ms(self.start_ms + self.duration_ms)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole session, millisecond by millisecond."""

    title: str
    language: str
    voice: Voice
    duration_ms: Ms
    chapters: tuple[Chapter, ...]
    phases: tuple[Phase, ...]
    cues: tuple[Cue, ...]
