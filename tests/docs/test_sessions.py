"""Every ready-made session is free of mistakes and warnings at every level and guidance, and compiles soundly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from breathcue.compiler.wishes import avoiding
from breathcue.diagnostics.render import render_text
from breathcue.language.load import check_file, load_session
from breathcue.language.routine import (
    Breathe,
    Guidance,
    Level,
    Perform,
    Range,
    Repeat,
    Rest,
    Routine,
    Section,
    Step,
    Wait,
)
from breathcue.timeline import invariants
from compiling import compile_loaded
from workspace import ROOT, SESSIONS

WISHES = [
    # Levels change times and guidance changes words: what differs in one only is tried always, the rest with --all.
    pytest.param(
        level,
        guidance,
        marks=[] if level is Level.NORMAL or guidance is Guidance.BALANCED else [pytest.mark.slow],
    )
    for level, guidance in product(Level, Guidance)
]
BACK_RELIEF = ROOT / "sessions" / "postpartum-back-relief.yaml"


def minutes(path: Path, steps: tuple[Step, ...]) -> float:
    """Return how long a session lasts with other steps."""
    loaded = load_session(path)
    assert loaded.routine is not None
    compiled = compile_loaded(replace(loaded, routine=replace(loaded.routine, steps=steps)))
    return compiled.timeline.duration_ms / 60_000


def needed(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps that are not optional."""
    kept = []
    for step in steps:
        if isinstance(step, Section | Repeat):
            inside = () if step.optional else needed(step.steps)
            kept += [replace(step, steps=inside)] if inside else []
        elif not getattr(step, "optional", False):
            kept.append(step)
    return tuple(kept)


def most(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps with every range at its high end."""
    return tuple(map(_most, steps))


def _most(step: Step) -> Step:
    match step:
        case Section() | Repeat():
            return replace(step, steps=most(step.steps))
        case Perform():
            own = step.own
            highs = {name: _high(getattr(own, name)) for name in ("reps", "work", "sets", "rest")}
            return replace(step, own=replace(own, **highs))
        case Breathe():
            return replace(
                step, patterns=tuple(replace(each, rounds=_high(each.rounds)) for each in step.patterns)
            )
        case Rest() | Wait():
            return replace(step, duration=_high(step.duration))
    return step


def _high(choice: Range | None) -> Range | None:
    return choice and Range(choice.high, choice.high)


def routine_of(path: Path) -> Routine:
    routine = load_session(path).routine
    assert routine is not None
    return routine


def test_there_are_sessions() -> None:
    assert len(SESSIONS) >= 14


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_ready_made_session_has_no_mistake_and_no_warning(path: Path) -> None:
    assert check_file(path) == ()
    assert load_session(path).diagnostics == ()


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize(("level", "guidance"), WISHES)
def test_a_ready_made_session_compiles_without_a_complaint(
    path: Path, level: Level, guidance: Guidance
) -> None:
    loaded = load_session(path)
    asked = replace(routine_of(path), level=level, guidance=guidance)
    compiled = compile_loaded(replace(loaded, routine=asked))
    assert compiled.diagnostics == (), render_text(compiled.diagnostics)
    assert invariants.check(compiled.timeline) == ()


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_whoever_is_to_avoid_something_can_do_the_session(path: Path) -> None:
    routine = routine_of(path)
    for complaint in {words.text for each in routine.exercises.values() for words in each.avoid_if}:
        other, warnings = avoiding(routine, (complaint,))
        assert warnings == ()
        done = {step.exercise for step in performed(other.steps)}
        assert complaint not in {words.text for exercise in done for words in exercise.avoid_if}


def performed(steps: tuple[Step, ...]) -> Iterator[Perform]:
    """Yield the exercise steps, those inside sections and repeats included."""
    for step in steps:
        if isinstance(step, Perform):
            yield step
        elif isinstance(step, Section | Repeat):
            yield from performed(step.steps)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_session_is_sound_at_both_ends_of_its_ranges(path: Path) -> None:
    steps = routine_of(path).steps
    least, usual, longest = (minutes(path, each) for each in (needed(steps), steps, most(steps)))
    assert least <= usual <= longest


def test_the_back_relief_session_can_take_from_five_to_ninety_minutes() -> None:
    steps = routine_of(BACK_RELIEF).steps
    assert minutes(BACK_RELIEF, needed(steps)) < 5
    assert 20 < minutes(BACK_RELIEF, steps) < 23
    assert minutes(BACK_RELIEF, most(steps)) > 90
