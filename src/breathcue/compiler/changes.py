"""What plans the rest of a session anew, from the next repetition on: its pace, its form, how much is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from breathcue.compiler.answers import answer, lead_in
from breathcue.compiler.laid import Turn
from breathcue.compiler.manners import FORMS, TALK, change_of, easier_after_pain, note_of
from breathcue.compiler.midway import course_at
from breathcue.compiler.narration import Line
from breathcue.compiler.outline import Outline
from breathcue.compiler.performance import Performance
from breathcue.compiler.stopping import branch, interrupt
from breathcue.language.limits import PACE
from breathcue.timeline.score import Control, Waiting
from breathcue.timeline.time import Ms

PACE_STEP = 1.1
"""How much slower or faster one request makes the session."""


def _pace(performance: Performance, control: Control, at: Ms) -> None:
    pace, words = _new_pace(performance, control)
    if pace != performance.pace:
        _go_on_as(performance, performance.outline.at_pace(pace), at)
        performance.lay()
    answer(performance, words, at, "pace")


def _go_on_as(performance: Performance, outline: Outline, at: Ms) -> None:
    """Go on after the present repetition as another outline has the session."""
    boundary = branch(performance, at)
    performance.drop_later()
    turn = performance.turn_at(at)
    performance.plan_anew(outline, course_at(performance, turn, boundary))


def _ease(performance: Performance, at: Ms) -> None:
    """Go on after pain, in the easier form."""
    outline = easier_after_pain(performance, at)
    if outline is None:
        answer(performance, "no-easier", at, "form")
        return
    course = course_at(performance, performance.turn_at(at), at)
    interrupt(performance, at)
    performance.waiting = None
    performance.drop_later()
    performance.plan_anew(outline, course)
    lead_in(performance, at, "easier", *note_of(performance))


def _form(performance: Performance, control: Control, at: Ms) -> None:
    if control is Control.EASIER and performance.waiting_at(at) is Waiting.HURT:
        _ease(performance, at)
        return
    change = change_of(performance, control, at)
    turn = performance.turn_at(at)
    notes: tuple[Line, ...] = ()
    if change.outline is not None:
        _go_on_as(performance, change.outline, at)
        notes = note_of(performance)
        if not performance.waiting and (notes or _begins_another(performance, turn)):
            # How it is done now must be said before it is done.
            lead_in(performance, at, change.answer, *notes)
            return
        performance.lay()
    answer(performance, change.answer, at, "form", *notes)


def _begins_another(performance: Performance, turn: Turn) -> bool:
    """Say whether what is left of a turn is another exercise."""
    return any(not item.turn.does(turn.exercise) for item in performance.items if item.index is not None)


def _talk(performance: Performance, control: Control, at: Ms) -> None:
    change = change_of(performance, control, at)
    if change.outline is not None:
        _go_on_as(performance, change.outline, at)
        performance.lay()
    answer(performance, change.answer, at, "talk")


def outline_after(performance: Performance, control: Control, at: Ms) -> Outline | None:
    """Return the session as it would go on after a request at ``at``; None where that changes none of its steps."""
    if control in {Control.SLOWER, Control.FASTER}:
        return performance.outline.at_pace(_new_pace(performance, control)[0])
    if control is Control.EASIER and performance.waiting_at(at) is Waiting.HURT:
        return easier_after_pain(performance, at)
    return change_of(performance, control, at).outline if control in {*FORMS, *TALK} else None


def _new_pace(performance: Performance, control: Control) -> tuple[float, str]:
    slowest, fastest = PACE[1], PACE[0]
    wanted = performance.pace * PACE_STEP if control is Control.SLOWER else performance.pace / PACE_STEP
    pace = round(min(max(wanted, fastest), slowest), 3)
    if control is Control.SLOWER:
        return pace, "slowest" if pace == performance.pace else "slower"
    return pace, "fastest" if pace == performance.pace else "faster"


CHANGES: Mapping[Control, Callable[[Performance, Control, Ms], None]] = {
    Control.SLOWER: _pace,
    Control.FASTER: _pace,
    Control.EASIER: _form,
    Control.HARDER: _form,
    Control.MORE_TALK: _talk,
    Control.LESS_TALK: _talk,
}
"""The requests that let the repetition end and plan what follows anew, and what does so."""
