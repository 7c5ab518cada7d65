"""Records that passed every check become a Routine."""

from __future__ import annotations

from collections.abc import Mapping

from breathcue.language.bed import wanted_bed
from breathcue.language.lookup import Found
from breathcue.language.record import Record
from breathcue.language.routine import (
    Breathe,
    BreathTone,
    CheckIn,
    Chime,
    Count,
    Exercise,
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
    )


def build_exercise(name: str, record: Record) -> Exercise:
    """Return the exercise of a definition without errors."""
    position = record.get("position", Words)
    return Exercise(
        name=name,
        title=record.need("title", Words).text,
        place=record.place,
        rep=tuple(_phase(phase, phase.need(phase.kind or "", int)) for phase in record.records("rep")),
        position=position.text if position else None,
        setup=record.words("setup"),
        form=record.words("form"),
        sides=Sides(record.need("sides", Words).text),
        reps=record.need("reps", Range),
        sets=record.need("sets", int),
        rest=record.need("rest", Range),
        pace=record.need("pace", float),
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
    place, speed = step.place, step.get("speed", float)
    match step.kind:
        case "say":
            return Say(step.need("say", Words), place, speed)
        case "section":
            return Section(step.need("section", Words).text, _steps(step, exercises), place, speed)
        case "breathe":
            return _breathe(step)
        case "exercise":
            return _perform(step, exercises[step.need("exercise", Words).text])
        case "rest":
            return Rest(step.need("rest", Range), place, speed)
        case "check-in":
            return CheckIn(step.need("check-in", Words), place, speed)
        case "repeat":
            return Repeat(step.need("repeat", int), _steps(step, exercises), place, speed)
        case "wait":
            return Wait(step.need("wait", Range), place, speed)
        case "chime":
            return Chime(step.need("chime", Words).text, place)
    raise TypeError(f"there is no kind of step called {step.kind}")


def _breathe(step: Record) -> Breathe:
    breath = step.need("breathe", Record)
    phases: list[RepPhase] = []
    for kind in _BREATH_ORDER:
        duration = breath.get(kind, int)
        if duration is not None:
            flow = Breath(kind) if kind in ("inhale", "exhale") else None
            phases.append(RepPhase(PhaseKind(kind), Ms(duration), step.place, breath=flow))
    return Breathe(
        breath=tuple(phases),
        rounds=breath.need("rounds", Range),
        place=step.place,
        pace=step.need("pace", float),
        speed=step.get("speed", float),
        tone=_tone(step),
    )


def _perform(step: Record, exercise: Exercise) -> Perform:
    return Perform(
        exercise=exercise,
        reps=step.get("reps", Range) or exercise.reps,
        sets=step.get("sets", int) or exercise.sets,
        rest=step.get("rest", Range) or exercise.rest,
        pace=step.get("pace", float) or exercise.pace,
        place=step.place,
        speed=step.get("speed", float),
        tone=_tone(step),
    )


def _tone(step: Record) -> BreathTone | None:
    tone = step.get("breath-tone", Words)
    return BreathTone(tone.text) if tone else None


def _safety(session: Record) -> Safety:
    safety = session.get("safety", Record)
    if safety is None:
        return Safety()
    return Safety(safety.get("clearance", bool) or False, safety.words("stop-if"), safety.place)
