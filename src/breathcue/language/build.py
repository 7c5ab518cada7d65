"""Records that passed every check become a Routine."""

from __future__ import annotations

from collections.abc import Mapping

from breathcue.diagnostics import Place
from breathcue.language.bed import wanted_bed
from breathcue.language.lookup import Found
from breathcue.language.record import Record
from breathcue.language.routine import (
    Breathe,
    Breaths,
    BreathTone,
    CheckIn,
    Chime,
    Count,
    Dose,
    Exercise,
    FirstSide,
    Guidance,
    Length,
    Level,
    Perform,
    Range,
    Repeat,
    RepPhase,
    Rest,
    Routine,
    Safety,
    Say,
    Section,
    Sides,
    Step,
    Variant,
    VoiceRequest,
    Wait,
    Words,
)
from breathcue.language.voice import voice_request
from breathcue.timeline.model import Breath, PhaseKind
from breathcue.timeline.time import Ms

_BREATH_ORDER = ("inhale", "hold", "exhale", "rest")


def build_routine(session: Record, found: Mapping[str, Found]) -> Routine:
    """Return the routine of a session without errors.

    Raises:
        TypeError: the record has errors after all.
    """
    exercises = {
        name: build_exercise(name, exercise.record)
        for name, exercise in found.items()
        if exercise.record is not None
    }
    title = session.need("title", Words)
    author = session.get("author", Words)
    language = session.need("language", Words)
    duration = session.get("duration", int)
    return Routine(
        title=title.text,
        steps=_steps(session, exercises),
        place=title.place,
        about=session.get("about", Words),
        author=author.text if author else None,
        language=language.text,
        language_place=language.place if "language" in session.written else None,
        voice=voice_request(session) or VoiceRequest(),
        pace=session.need("pace", float),
        needs=session.words("needs"),
        safety=_safety(session),
        bed=wanted_bed(session.get("bed", Words)),
        breath_tone=BreathTone(session.need("breath-tone", Words).text),
        pronounce=session.get("pronounce", tuple) or (),
        guidance=Guidance(session.need("guidance", Words).text),
        level=Level(session.need("level", Words).text),
        duration=Length(Ms(duration), session.place_of("duration")) if duration else None,
        exercises=exercises,
    )


def build_exercise(name: str, record: Record) -> Exercise:
    """Return the exercise of a definition without errors."""
    position, kind = record.get("position", Words), record.get("kind", Words)
    dose = _dose(record)
    transition = record.get("transition", int)
    return Exercise(
        name=name,
        title=record.need("title", Words).text,
        place=record.place,
        rep=tuple(_phase(phase, phase.need(phase.kind or "", int)) for phase in record.records("rep")),
        position=position.text if position else None,
        setup=record.words("setup"),
        form=record.words("form"),
        sides=Sides(record.need("sides", Words).text),
        first_side=FirstSide(record.need("first-side", Words).text),
        reps=dose.reps or Range(1, 1),
        ladder=dose.ladder,
        work=dose.work,
        sets=record.need("sets", Range),
        rest=record.need("rest", Range),
        pace=record.need("pace", float),
        transition=Ms(transition) if transition is not None else None,
        equipment=record.words("equipment"),
        easier=_variant(record.get("easier", Record)),
        harder=_variant(record.get("harder", Record)),
        avoid_if=record.words("avoid-if"),
        instead=record.get("instead", Words),
        kind=kind.text if kind else None,
        impact=record.need("impact", Words).text,
    )


def _variant(record: Record | None) -> Variant | None:
    if record is None:
        return None
    return Variant(record.place, _dose(record), record.get("say", Words), record.get("exercise", Words))


def _dose(record: Record) -> Dose:
    """Return what a mapping says of how much of an exercise is done."""
    reps, hold = record.values.get("reps"), record.get("hold", int)
    ladder = reps if isinstance(reps, tuple) else ()
    return Dose(
        reps=reps if isinstance(reps, Range) else Range(ladder[0], ladder[0]) if ladder else None,
        ladder=ladder,
        work=record.get("for", Range),
        sets=record.get("sets", Range),
        rest=record.get("rest", Range),
        pace=record.get("pace", float),
        hold=Ms(hold) if hold is not None else None,
        tempo=tuple(map(Ms, record.get("tempo", tuple) or ())),
    )


def _phase(record: Record, duration: int) -> RepPhase:
    kind = PhaseKind(record.kind or "")
    to = record.get("to", Words)
    breath = record.get("breath", Words)
    count = record.get("count", Words)
    own = kind.value if kind in (PhaseKind.INHALE, PhaseKind.EXHALE) else None
    written = breath.text if breath else own
    return RepPhase(
        kind=kind,
        duration=Ms(duration),
        place=record.place,
        to=to.text if to else None,
        say=record.get("say", Words),
        short=record.get("short", Words),
        breath=Breath(written) if written else None,
        count=Count(count.text) if count else Count.NONE,
    )


def _steps(record: Record, exercises: Mapping[str, Exercise]) -> tuple[Step, ...]:
    return tuple(_step(step, exercises) for step in record.records("steps"))


def _step(step: Record, exercises: Mapping[str, Exercise]) -> Step:
    place, speed, optional = step.place, step.get("speed", float), step.get("optional", bool) or False
    match step.kind:
        case "say":
            return Say(step.need("say", Words), place, speed, optional)
        case "section" | "repeat":
            return _group(step, _steps(step, exercises))
        case "breathe":
            return _breathe(step)
        case "exercise":
            return _perform(step, exercises[step.need("exercise", Words).text])
        case "rest":
            return Rest(step.need("rest", Range), place, speed, optional)
        case "check-in":
            return CheckIn(step.need("check-in", Words), place, speed, optional)
        case "wait":
            return Wait(step.need("wait", Range), place, speed, optional)
        case "chime":
            return Chime(step.need("chime", Words).text, place)
    raise TypeError(f"there is no kind of step called {step.kind}")


def _group(step: Record, steps: tuple[Step, ...]) -> Section | Repeat:
    place, speed, optional = step.place, step.get("speed", float), step.get("optional", bool) or False
    guidance, level = _guidance(step), _level(step)
    if step.kind == "section":
        title = step.need("section", Words).text
        return Section(title, steps, place, speed, guidance, level, optional)
    rest = step.get("rest", Range)
    return Repeat(step.need("repeat", int), steps, place, speed, rest, guidance, level, optional)


def _breathe(step: Record) -> Breathe:
    return Breathe(
        patterns=tuple(_breaths(breath, step.place) for breath in step.records("breathe")),
        place=step.place,
        pace=step.need("pace", float),
        speed=step.get("speed", float),
        tone=_tone(step),
        guidance=_guidance(step),
        optional=step.get("optional", bool) or False,
    )


def _breaths(breath: Record, place: Place) -> Breaths:
    phases: list[RepPhase] = []
    for kind in _BREATH_ORDER:
        duration = breath.get(kind, int)
        if duration is not None:
            flow = Breath(kind) if kind in ("inhale", "exhale") else None
            phases.append(RepPhase(PhaseKind(kind), Ms(duration), place, breath=flow))
    return Breaths(tuple(phases), breath.need("rounds", Range))


def _perform(step: Record, exercise: Exercise) -> Perform:
    first, transition = step.get("first-side", Words), step.get("transition", int)
    return Perform(
        exercise=exercise,
        place=step.place,
        own=_dose(step),
        first_side=FirstSide(first.text) if first else None,
        transition=Ms(transition) if transition is not None else None,
        speed=step.get("speed", float),
        tone=_tone(step),
        guidance=_guidance(step),
        level=_level(step),
        optional=step.get("optional", bool) or False,
    )


def _guidance(step: Record) -> Guidance | None:
    guidance = step.get("guidance", Words)
    return Guidance(guidance.text) if guidance else None


def _level(step: Record) -> Level | None:
    level = step.get("level", Words)
    return Level(level.text) if level else None


def _tone(step: Record) -> BreathTone | None:
    tone = step.get("breath-tone", Words)
    return BreathTone(tone.text) if tone else None


def _safety(session: Record) -> Safety:
    safety = session.get("safety", Record)
    if safety is None:
        return Safety()
    return Safety(safety.get("clearance", bool) or False, safety.words("stop-if"), safety.place)
