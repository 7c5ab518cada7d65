"""What the narrate pass makes: phases with their words, not yet with times.

A session is a sequence of two sorts of thing. A *talk* lasts as long as its words and pauses need. A *run* is a chain
of phases that last exactly what the author wrote, into which words have to fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from breathcue.diagnostics import Place
from breathcue.timeline.model import Breath, CueKind, PhaseKind, Side, Utterance
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Body:
    """What the body does in a phase: the fields of a timeline's phase, times apart."""

    kind: PhaseKind
    label: str
    exercise: str | None = None
    set: int | None = None
    rep: int | None = None
    reps: int | None = None
    side: Side | None = None
    breath: Breath | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say, and the quiet after it in which to follow."""

    kind: CueKind
    utterance: Utterance
    place: Place
    pause: Ms = Ms(0)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that belongs at a point of a phase: when ``remaining`` ms of it are left."""

    remaining: Ms
    kind: CueKind
    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone at the start of a talk."""

    kind: CueKind
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Talk:
    """A phase that lasts as long as its lines, and at least ``at_least``.

    Where ``exact``, the author gave its length: it lasts ``at_least``, and lines that do not fit are left out. Where it
    ``gives``, it is what is left of a time to work for, and shorter by what the run before it needed more than written.
    """

    body: Body
    lines: tuple[Line, ...] = ()
    tone: Tone | None = None
    at_least: Ms = Ms(0)
    exact: bool = False
    gives: bool = False
    marks: tuple[Mark, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """A phase of a repetition and the words for it.

    ``forms`` are the wordings of its cue, the fullest first; there are none where its tone, or the count, says enough.
    ``others`` are said instead of a form that was said just before. ``stopgap`` is the form that stands in for the
    author's words and says nothing of them, so it is taken where no other fits, but not to make room for a count. Where
    ``preview``, the fullest form is said before the repetitions if it does not fit inside. ``before`` is said just
    ahead of the cue where there is room (the count of the repetition, or the time that is left of many), or
    ``before_short`` where that is too long. ``counts`` are said one a beat; None is a silent beat. ``marks`` say how
    much time is left. The first of the ``asides`` that finds plenty of room is said after everything else, one in a
    repetition. ``sparse_counts`` are said instead of ``counts`` where a number would outlast its beat. Where the phase
    ``yields``, a shorter form is taken so that the count of the next repetition can be said; where it ``counts_alone``
    and its cue leaves no room for the count, the count is said as its cue. ``tone`` is the tone that sounds all through
    the phase, if one does, and ``speed`` that of the voice in its step.
    """

    body: Body
    duration: Ms
    kind: CueKind
    forms: tuple[Utterance, ...]
    place: Place
    preview: bool = False
    others: tuple[Utterance, ...] = ()
    before: Utterance | None = None
    before_kind: CueKind = CueKind.COUNT
    counts: tuple[Utterance | None, ...] = ()
    marks: tuple[Mark, ...] = ()
    asides: tuple[Line, ...] = ()
    sparse_counts: tuple[Utterance | None, ...] = ()
    yields: bool = False
    counts_alone: bool = False
    pace: float = 1.0
    tone: str | None = None
    speed: float | None = None
    stopgap: Utterance | None = None
    before_short: Utterance | None = None

    @property
    def counted(self) -> tuple[Utterance, ...]:
        """The wordings of what comes before the cue, the fullest first."""
        return tuple(said for said in (self.before, self.before_short) if said)


@dataclass(frozen=True, slots=True)
class Run:
    """A chain of timed phases, and the talk that leads into it without a break.

    ``preview_intro`` leads in the instructions that turn out too long to be said inside the phases. A run that
    continues another one has no ``ready``.
    """

    ready: Talk | None
    preview_intro: Line
    phases: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Narrated:
    """A talk or a run; ``chapter`` is the title of the chapter that begins with it."""

    part: Talk | Run
    chapter: str | None = None
