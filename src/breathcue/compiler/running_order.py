"""The running order of a session: sections opened, circuits unrolled, each step with all that it has from around it.

Here chapters begin, and each step gets to know what comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from breathcue.compiler.prescribe import at_level, settle
from breathcue.diagnostics import Place
from breathcue.language.routine import (
    Breathe,
    BreathTone,
    CheckIn,
    Chime,
    Exercise,
    Guidance,
    Level,
    Perform,
    Range,
    Repeat,
    Rest,
    Routine,
    Say,
    Section,
    Step,
    Wait,
)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The beginning of the session."""

    routine: Routine


@dataclass(frozen=True, slots=True)
class Round:
    """The start of a round of a circuit; the rest before it may have ``told`` of it."""

    number: int
    total: int
    place: Place
    speed: float | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of the session.

    ``position`` is the one that the listener is left in, where no word of the author's has come since.
    """

    routine: Routine
    position: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A step in running order: the chapter it begins, if it begins one, and what is named as coming after it.

    The welcome and the closing are entries too. ``upcoming`` is the title of the next exercise, empty for guided
    breathing, None where nothing comes. ``round`` is the further round of a circuit that a rest leads to; ``rests``
    says that a rest comes next. ``written`` is an exercise step as the session has it, with its level, though another
    exercise may take its place at that level; None for other steps.
    """

    step: Step | Round | Welcome | Closing
    chapter: str | None
    upcoming: str | None
    round: Round | None = None
    written: Perform | None = None
    rests: bool = False

    @property
    def speed(self) -> float | None:
        """How fast the voice speaks in the step; None is the session's own speed."""
        return None if isinstance(self.step, Chime | Welcome | Closing) else self.step.speed


def entries(routine: Routine) -> tuple[Entry, ...]:
    """Return the steps of a session in running order, from welcome to closing."""
    flat = tuple(_merged(_flatten(routine.steps, Given.of(routine))))
    written = (step if isinstance(step, Perform) else None for step, _ in flat)
    chosen = _upcoming(_at_levels(flat, routine.exercises))
    steps = (replace(entry, written=own) for entry, own in zip(chosen, written, strict=True))
    return (Entry(Welcome(routine), None, None), *steps, Entry(Closing(routine), None, None))


def _upcoming(flat: Iterable[tuple[Step | Round, str | None]]) -> Iterator[Entry]:
    """Yield the steps as entries, each knowing the next exercise or breathing after it."""
    upcoming: str | None = None
    found: list[Entry] = []
    steps = list(flat)
    following: list[Step | Round | None] = [*(step for step, _ in steps[1:]), None]
    for (step, chapter), after in reversed(list(zip(steps, following, strict=True))):
        further = after if isinstance(step, Rest) and isinstance(after, Round) and after.number > 1 else None
        if further:
            found[-1] = replace(found[-1], step=replace(further, told=True))
        found.append(Entry(step, chapter, upcoming, further, rests=isinstance(after, Rest)))
        if isinstance(step, Perform):
            upcoming = step.exercise.title
        elif isinstance(step, Breathe):
            upcoming = ""
    yield from reversed(found)


def _at_levels(
    flat: Iterable[tuple[Step | Round, str | None]], exercises: Mapping[str, Exercise]
) -> Iterator[tuple[Step | Round, str | None]]:
    """Put the exercises in place that are done instead of others at the level of their step."""
    for step, chapter in flat:
        if not isinstance(step, Perform):
            yield step, chapter
            continue
        chosen = at_level(step, exercises)
        yield chosen, chosen.exercise.title if chapter == step.exercise.title else chapter


def _merged(
    flat: Iterable[tuple[Step | Round, str | None]],
) -> Iterator[tuple[Step | Round, str | None]]:
    """Join waits that follow each other, and rests, so that their length is announced once and all of it explained."""
    held: tuple[Step | Round, str | None] | None = None
    for step, chapter in flat:
        joined = _joined(held[0], step) if held and not chapter else None
        if held and joined:
            held = joined, held[1]
            continue
        if held:
            yield held
        held = step, chapter
    if held:
        yield held


def _joined(earlier: Step | Round, later: Step | Round) -> Step | None:
    """Return one wait or rest for two of them; None for anything else."""
    if (
        not isinstance(earlier, Wait | Rest)
        or not isinstance(later, Wait | Rest)
        or type(earlier) is not type(later)
    ):
        return None
    low = settle(earlier.duration) + settle(later.duration)
    return replace(earlier, duration=Range(low, low))


@dataclass(frozen=True, slots=True)
class Given:
    """What a step has from what it is in, where it has none of its own."""

    speed: float | None
    guidance: Guidance
    level: Level
    tone: BreathTone

    @classmethod
    def of(cls, routine: Routine) -> Given:
        """Return what the steps of a session are given."""
        return cls(None, routine.guidance, routine.level, routine.breath_tone)

    def to(self, step: Step) -> Step:
        """Return the step with what it has none of."""
        if isinstance(step, Chime):
            return step
        speed = self.speed if step.speed is None else step.speed
        if isinstance(step, Say | Rest | CheckIn | Wait):
            return replace(step, speed=speed)
        step = replace(step, speed=speed, guidance=step.guidance or self.guidance)
        if isinstance(step, Breathe | Perform):
            step = replace(step, tone=step.tone or self.tone)
        return step if isinstance(step, Breathe) else replace(step, level=step.level or self.level)

    def inside(self, step: Section | Repeat) -> Given:
        """Return what the steps inside another are given, which has been given everything itself."""
        return replace(
            self,
            speed=step.speed,
            guidance=step.guidance or self.guidance,
            level=step.level or self.level,
        )


def _flatten(
    steps: tuple[Step, ...], given: Given, chapter: str | None = None, *, inside: bool = False
) -> Iterator[tuple[Step | Round, str | None]]:
    """Yield the steps with sections opened and circuits unrolled, each with the chapter that begins with it.

    A section is a chapter; outside of sections (``inside``) each exercise is one.
    """
    for outer in steps:
        step = given.to(outer)
        if isinstance(step, Section):
            title = f"{chapter}: {step.title}" if chapter else step.title
            yield from _flatten(step.steps, given.inside(step), title, inside=True)
        elif isinstance(step, Repeat):
            yield from _rounds(step, given.inside(step), chapter, inside=inside)
        elif isinstance(step, Perform) and not inside:
            yield step, step.exercise.title
        else:
            yield step, chapter
        chapter = None


def _rounds(
    step: Repeat, given: Given, chapter: str | None, *, inside: bool
) -> Iterator[tuple[Step | Round, str | None]]:
    """Yield the steps of a circuit, round after round."""
    for number in range(1, step.times + 1):
        if number > 1 and step.rest:
            yield Rest(step.rest, step.place, step.speed), None
        if step.times > 1:
            yield Round(number, step.times, step.place, step.speed), chapter
            chapter = None
        yield from _flatten(step.steps, given, chapter, inside=inside)
        chapter = None
