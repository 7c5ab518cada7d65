"""The routine: what the author wrote, checked, with every default filled in and every place remembered.

Times are milliseconds at pace 1.0, exactly as written. Words keep their placeholders (``{side}``, ``{other}``),
because the plan decides the side. Each node knows its place, so that later passes can point at the author's line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breathcue.diagnostics import Place
from breathcue.timeline.model import Breath, PhaseKind
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class VoiceRequest:
    """The voice the author asked for; the registry of voices fills in what is None.

    ``folder`` holds an author's own recordings, as written, and is then the name too; ``fallback`` speaks what is not
    among them.
    """

    engine: str | None = None
    name: str | None = None
    speed: float | None = None
    place: Place | None = None
    folder: Words | None = None
    fallback: VoiceRequest | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """Something to say, as the author wrote it, and where; ``voice`` is who says it, if not the session's voice."""

    text: str
    place: Place
    voice: VoiceRequest | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number or a duration in ms that may vary from ``low`` to ``high``; equal where the author fixed it."""

    low: int
    high: int


class Sides(StrEnum):
    """How an exercise treats left and right."""

    NONE = "none"
    EACH = "each"
    ALTERNATE = "alternate"


class Count(StrEnum):
    """How a hold is counted aloud."""

    UP = "up"
    DOWN = "down"
    LAST_3 = "last-3"
    NONE = "none"


class BreathTone(StrEnum):
    """How clearly a tone follows the breath."""

    NONE = "none"
    SOFT = "soft"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class RepPhase:
    """One phase of a repetition.

    ``kind`` is one of inhale, exhale, hold, move, return, rest. ``to`` names the shape it leads to; ``say`` is the
    full instruction and ``short`` what is said once the movement is known. ``breath`` is set on move, hold and return
    where the author gave it; on inhale and exhale it equals the kind.
    """

    kind: PhaseKind
    duration: Ms
    place: Place
    to: str | None = None
    say: Words | None = None
    short: Words | None = None
    breath: Breath | None = None
    count: Count = Count.NONE


@dataclass(frozen=True, slots=True)
class Exercise:
    """A movement and how it is coached. ``rest`` is the time between sets, in ms."""

    name: str
    title: str
    place: Place
    rep: tuple[RepPhase, ...]
    position: str | None = None
    setup: tuple[Words, ...] = ()
    form: tuple[Words, ...] = ()
    sides: Sides = Sides.NONE
    reps: Range = Range(10, 10)
    sets: int = 1
    rest: Range = Range(30_000, 30_000)
    pace: float = 1.0


@dataclass(frozen=True, slots=True)
class Say:
    """Speak these words. ``speed`` is that of the voice in this step, as in every other that has one."""

    words: Words
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of the session; a chapter."""

    title: str
    steps: tuple[Step, ...]
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Breathe:
    """Guided breathing: a breath, made of inhale, hold, exhale and rest phases, repeated ``rounds`` times.

    ``tone`` is the step's own breath tone, here and in :class:`Perform`; None leaves it to the session.
    """

    breath: tuple[RepPhase, ...]
    rounds: Range
    place: Place
    pace: float = 1.0
    speed: float | None = None
    tone: BreathTone | None = None


@dataclass(frozen=True, slots=True)
class Perform:
    """Do an exercise. ``reps``, ``sets``, ``rest`` and ``pace`` are already the step's own where it gave any."""

    exercise: Exercise
    reps: Range
    sets: int
    rest: Range
    pace: float
    place: Place
    speed: float | None = None
    tone: BreathTone | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest for a while; the coach says what comes next."""

    duration: Range
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A question to the person on the mat, with time to feel the answer."""

    words: Words
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Do the steps several times (a circuit)."""

    times: int
    steps: tuple[Step, ...]
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Quiet time."""

    duration: Range
    place: Place
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class Chime:
    """Sound one of the built-in tones."""

    tone: str
    place: Place


Step = Say | Section | Breathe | Perform | Rest | CheckIn | Repeat | Wait | Chime


@dataclass(frozen=True, slots=True)
class Safety:
    """What is said before anything else: to have been cleared by a professional, and when to stop."""

    clearance: bool = False
    stop_if: tuple[Words, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A word and how the author has it said."""

    word: Words
    said: Words


@dataclass(frozen=True, slots=True)
class Routine:
    """A whole session as the author wrote it. ``bed`` is None where there is none."""

    title: str
    steps: tuple[Step, ...]
    place: Place
    about: Words | None = None
    author: str | None = None
    language: str = "en"
    language_place: Place | None = None
    voice: VoiceRequest = VoiceRequest()
    pace: float = 1.0
    needs: tuple[Words, ...] = ()
    safety: Safety = Safety()
    bed: Words | None = None
    breath_tone: BreathTone = BreathTone.NONE
    pronounce: tuple[Pronounced, ...] = ()
