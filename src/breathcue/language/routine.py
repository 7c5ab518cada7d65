"""The routine: what the author wrote, checked, with every default filled in and every place remembered.

Times are milliseconds at pace 1.0, exactly as written. Words keep their placeholders (``{side}``, ``{other}``),
because the plan decides the side. Each node knows its place, so that later passes can point at the author's line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from breathcue.diagnostics import Place
from breathcue.timeline.model import Breath, PhaseKind
from breathcue.timeline.score import Guidance as Guidance
from breathcue.timeline.score import Level as Level
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


def as_compared(text: str) -> str:
    """Return a text as it is compared with others: without capitals, and with single spaces."""
    return " ".join(text.casefold().split())


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


class FirstSide(StrEnum):
    """Which side begins; ``alternate`` lets the other one begin in every further set."""

    RIGHT = "right"
    LEFT = "left"
    ALTERNATE = "alternate"


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
class Dose:
    """How much of an exercise is done, as far as it was written; None, or empty, is what was left open.

    ``ladder`` holds the repetitions of each set where they differ; ``work`` is the time to work for instead of a
    number of repetitions, and ``rest`` the time between sets, in ms. ``hold`` is how long each hold phase lasts, and
    ``tempo`` how long each phase of the rep does, in ms.
    """

    reps: Range | None = None
    ladder: tuple[int, ...] = ()
    work: Range | None = None
    sets: Range | None = None
    rest: Range | None = None
    pace: float | None = None
    hold: Ms | None = None
    tempo: tuple[Ms, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """An easier or harder form of an exercise: another dose of it, with a word on how, or another ``exercise``."""

    place: Place
    dose: Dose = Dose()
    say: Words | None = None
    exercise: Words | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """A movement and how it is coached.

    ``reps``, ``ladder``, ``work``, ``rest`` and ``pace`` are as in :class:`Dose`. ``transition`` is the time to come
    into its position, in ms, None the library's. Who has something of ``avoid_if`` does ``instead``, the name of
    another exercise. ``kind`` and ``impact`` are names of the language.
    """

    name: str
    title: str
    place: Place
    rep: tuple[RepPhase, ...]
    position: str | None = None
    setup: tuple[Words, ...] = ()
    form: tuple[Words, ...] = ()
    sides: Sides = Sides.NONE
    first_side: FirstSide = FirstSide.RIGHT
    reps: Range = Range(10, 10)
    ladder: tuple[int, ...] = ()
    work: Range | None = None
    sets: Range = Range(1, 1)
    rest: Range = Range(30_000, 30_000)
    pace: float = 1.0
    transition: Ms | None = None
    equipment: tuple[Words, ...] = ()
    easier: Variant | None = None
    harder: Variant | None = None
    avoid_if: tuple[Words, ...] = ()
    instead: Words | None = None
    kind: str | None = None
    impact: str = "low"


@dataclass(frozen=True, slots=True)
class Say:
    """Speak these words.

    In this step as in every other that has them, ``speed`` is that of the voice, and what is ``optional`` may be left
    out to fit the session to a length.
    """

    words: Words
    place: Place
    speed: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A named part of the session; a chapter.

    ``guidance`` and ``level``, here and in every step that has them, are the step's own; None leaves them to what the
    step is in.
    """

    title: str
    steps: tuple[Step, ...]
    place: Place
    speed: float | None = None
    guidance: Guidance | None = None
    level: Level | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Breaths:
    """One breath, made of inhale, hold, exhale and rest phases, repeated ``rounds`` times."""

    breath: tuple[RepPhase, ...]
    rounds: Range


@dataclass(frozen=True, slots=True)
class Breathe:
    """Guided breathing: one pattern after the other.

    ``tone`` is the step's own breath tone, here and in :class:`Perform`; None leaves it to the session.
    """

    patterns: tuple[Breaths, ...]
    place: Place
    pace: float = 1.0
    speed: float | None = None
    tone: BreathTone | None = None
    guidance: Guidance | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Shares:
    """How far into each range of an exercise's dose one goes, from 0 (its low end) to 1 (its high end).

    A share suits whichever range there is: that of the exercise itself, of its easier form, of another in its place.
    """

    sets: float = 0.0
    amount: float = 0.0
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class Perform:
    """Do an exercise. ``own`` is what the step itself says of the dose; the exercise says the rest.

    ``shares`` is what has been chosen of its ranges.
    """

    exercise: Exercise
    place: Place
    own: Dose = Dose()
    first_side: FirstSide | None = None
    transition: Ms | None = None
    speed: float | None = None
    tone: BreathTone | None = None
    guidance: Guidance | None = None
    level: Level | None = None
    optional: bool = False
    shares: Shares = Shares()


@dataclass(frozen=True, slots=True)
class Rest:
    """Rest for a while; the coach says what comes next."""

    duration: Range
    place: Place
    speed: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A question to the person on the mat, with time to feel the answer."""

    words: Words
    place: Place
    speed: float | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """Do the steps several times (a circuit), with a ``rest`` between the rounds if there is one."""

    times: int
    steps: tuple[Step, ...]
    place: Place
    speed: float | None = None
    rest: Range | None = None
    guidance: Guidance | None = None
    level: Level | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Quiet time."""

    duration: Range
    place: Place
    speed: float | None = None
    optional: bool = False


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
class Length:
    """How long a session is to last, in ms, and where that was written; None if the command line asks for it."""

    ms: Ms
    place: Place | None


@dataclass(frozen=True, slots=True)
class Routine:
    """A whole session as the author wrote it. ``bed`` is None where there is none.

    ``exercises`` holds every exercise that is done or may be done in place of another, by name.
    """

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
    guidance: Guidance = Guidance.BALANCED
    level: Level = Level.NORMAL
    duration: Length | None = None
    exercises: Mapping[str, Exercise] = field(default_factory=dict)
