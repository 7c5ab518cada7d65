"""Easier and harder, more words and fewer: what a listener gets who asks for it, wherever the session is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from breathcue.compiler.coach import FORM_PAUSE
from breathcue.compiler.laid import Turn
from breathcue.compiler.midway import course_at
from breathcue.compiler.narration import Line, Run, Talk
from breathcue.compiler.outline import Outline, forms_of
from breathcue.compiler.performance import Performance
from breathcue.language.routine import Guidance, Level
from breathcue.timeline.model import CueKind
from breathcue.timeline.score import Control
from breathcue.timeline.time import Ms

FORMS = {Control.EASIER: "easier", Control.HARDER: "harder"}
TALK = {Control.MORE_TALK: "more-talk", Control.LESS_TALK: "less-talk"}

_LIMITS = {
    Control.EASIER: "easiest",
    Control.HARDER: "hardest",
    Control.MORE_TALK: "most-talk",
    Control.LESS_TALK: "least-talk",
}
_LEVELS = (Level.EASIER, Level.NORMAL, Level.HARDER)
_GUIDANCE = (Guidance.MINIMAL, Guidance.BALANCED, Guidance.FULL)
_UP = {Control.HARDER, Control.MORE_TALK}

_Kind = TypeVar("_Kind", Level, Guidance)


@dataclass(frozen=True, slots=True)
class Change:
    """What is done for a request: ``answer`` names what is said, ``outline`` is the session from then on if another."""

    answer: str
    outline: Outline | None = None


def answers_to(control: Control) -> tuple[str, ...]:
    """Return the names of all that may be said when a control asks for another form, or for more or fewer words."""
    if control in TALK:
        return TALK[control], _LIMITS[control]
    name = FORMS[control]
    return name, _LIMITS[control], f"no-{name}", f"{name}-later"


def change_of(performance: Performance, control: Control, at: Ms) -> Change:
    """Return what becomes of a session when its listener asks at ``at`` for another form, or for more or fewer words.

    Both are relative to what goes on then; between exercises, to the next one.
    """
    turn, outline = performance.turn_at(at), performance.outline
    return _talk(outline, control, turn) if control in TALK else _form(outline, control, turn)


def _talk(outline: Outline, control: Control, turn: Turn) -> Change:
    now = next((asked for step in _from(turn) if (asked := outline.guidance(step))), None)
    now = now or outline.manner.guidance or outline.routine.guidance
    wanted = next(iter(_beyond(_GUIDANCE, now, control)), None)
    if wanted is None:
        return Change(_LIMITS[control])
    return Change(TALK[control], outline.in_manner(replace(outline.manner, guidance=wanted)))


def _form(outline: Outline, control: Control, turn: Turn) -> Change:
    name = FORMS[control]
    step = next((step for step in _from(turn) if outline.level(step)), None)
    if step is None:
        return Change(f"no-{name}")
    levels = _beyond(_LEVELS, outline.level(step) or Level.NORMAL, control)
    if not levels:
        return Change(_LIMITS[control])
    others = [_at_level(outline, level, step, control) for level in levels]
    here = next((other for other in others if _differs(outline, other, step)), None)
    if here is not None:
        return Change(name, here)
    later = (other for other in others if any(_differs(outline, other, ahead) for ahead in turn.ahead))
    other = next(later, None)
    if other is None:
        return Change(f"no-{name}")
    # What is going on is spoken of where it stays as it is; between exercises, nothing is going on.
    return Change(f"{name}-later" if step == turn.step else name, other)


def _at_level(outline: Outline, level: Level, step: int, control: Control) -> Outline:
    """Return the session at a level; what has hurt stays easier until one asks for more of just that."""
    written, eased = outline.entries[step].written, outline.manner.eased
    if control is Control.HARDER and written is not None:
        eased = tuple(each for each in eased if each not in forms_of(written.exercise))
    return outline.in_manner(replace(outline.manner, level=level, eased=eased))


def easier_after_pain(performance: Performance, at: Ms) -> Outline | None:
    """Return the session with the exercise that goes on at ``at`` in its easier form from now on; None without one."""
    turn, outline = performance.turn_at(at), performance.outline
    if turn.exercise is None or not turn.does(outline.exercise(turn.step)):
        return None
    eased = tuple(dict.fromkeys((*outline.manner.eased, turn.exercise.name)))
    other = outline.in_manner(replace(outline.manner, eased=eased))
    return other if _differs(outline, other, turn.step) else None


def turn_in(performance: Performance, turn: Turn, outline: Outline, at: Ms) -> Turn:
    """Return the turn that a step would have if the session went on as another outline has it from ``at`` on."""
    if turn.does(outline.exercise(turn.step)):
        return turn
    return replace(
        turn, course=course_at(performance, turn, at), entry=outline.entries[turn.step], begun=None
    )


def note_of(performance: Performance) -> tuple[Line, ...]:
    """Return what is said of the form in which the present exercise goes on; nothing where it is said anyway."""
    runs = [item for item in performance.items if isinstance(item.part, Run)]
    if not runs or runs[0].turn.exercise is None:
        return ()
    turn, run = runs[0].turn, runs[0].part
    assert isinstance(run, Run)
    prescription = performance.outline.prescription(turn.step)
    if prescription is None or prescription.note is None:
        return ()
    coach = performance.coach.at(performance.entries[turn.step].speed)
    lines = coach.sided_lines(CueKind.FORM, [prescription.note], FORM_PAUSE, run.phases[0].body.side)
    said = {line.utterance for line in _lines(item.part for item in performance.items)}
    return tuple(line for line in lines if line.utterance not in said)


def _lines(parts: Iterable[Talk | Run]) -> Iterable[Line]:
    return (line for part in parts if isinstance(part, Talk) for line in part.lines)


def _differs(outline: Outline, other: Outline, step: int) -> bool:
    return outline.prescription(step) != other.prescription(step)


def _from(turn: Turn) -> tuple[int, ...]:
    return turn.step, *turn.ahead


def _beyond(order: tuple[_Kind, ...], now: _Kind, control: Control) -> tuple[_Kind, ...]:
    """Return what comes after ``now`` in the direction that is asked for, the nearest first."""
    index = order.index(now)
    return order[index + 1 :] if control in _UP else order[:index][::-1]
