"""A performance that goes on where an earlier one was left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from breathcue.compiler.coach import READY_PAUSE, SENTENCE_PAUSE
from breathcue.compiler.laid import Item
from breathcue.compiler.narrate import START_TONE
from breathcue.compiler.narration import Body, Line, Run, Talk, Tone
from breathcue.compiler.outlook import title_of
from breathcue.compiler.performance import Performance
from breathcue.compiler.plan import plan_entry
from breathcue.compiler.positions import exact_position
from breathcue.compiler.remainder import tail
from breathcue.compiler.transitions import fetch_lines
from breathcue.language.routine import Exercise, Perform
from breathcue.timeline.model import CueKind, PhaseKind, Side
from breathcue.timeline.score import Spot


def go_on_at(performance: Performance, spot: Spot) -> None:
    """Let a performance that has not begun start at ``spot``, with a greeting and the way into position.

    A repetition that the session does not have (any more) means its step's own start; a step that it does not have
    means the first.
    """
    step = spot.step if 0 < spot.step < len(performance.entries) else 0
    course = begun = performance.outline.start()
    for entry in performance.entries[:step]:
        _, course = plan_entry(entry, course)
    performance.course = replace(course, whereabouts=begun.whereabouts, named=None)
    performance.begin(step, tuple(range(step + 1, len(performance.entries))))
    item = next((i for i in performance.items if _phase(i, spot) is not None), None)
    if item is not None and spot.rep is not None:
        while performance.items[0] is not item:
            performance.items.popleft()
        phase = _phase(item, spot) or 0
        assert isinstance(item.part, Run)
        performance.items[0] = replace(item, part=tail(item.part, phase, None), skipped=phase)
    _greet(performance, step, spot)


def _into_place(exercise: Exercise, side: Side | None, performance: Performance) -> Iterator[Line]:
    """Yield how one gets ready to go on in the middle of an exercise: with what it needs, and in its position."""
    coach, place = performance.coach, performance.routine.place
    fetch = performance.outline.start().whereabouts.fetch(exercise)
    if fetch:
        yield from fetch_lines(fetch, coach)
    name = exact_position(exercise, side)
    if name:
        position = coach.positions[name]
        come = coach.phrases.say("transition", position=position.come)
        yield Line(CueKind.SETUP, coach.utter(come), place, position.time)


def _phase(item: Item, spot: Spot) -> int | None:
    """Return the phase of an item with which the repetition of ``spot`` begins, if it is in it."""
    if not isinstance(item.part, Run):
        return None
    wanted = spot.set, spot.rep, spot.side
    bodies = (phase.body for phase in item.part.phases)
    return next((i for i, body in enumerate(bodies) if (body.set, body.rep, body.side) == wanted), None)


def _greet(performance: Performance, step: int, spot: Spot) -> None:
    entry, place = performance.entries[step], performance.routine.place
    coach = performance.coach.at(entry.speed)
    title = title_of(entry, coach.phrases)
    lines = [
        Line(CueKind.INTRO, coach.utter(coach.phrases.say("live.again", title=title)), place, SENTENCE_PAUSE)
    ]
    whole = performance.items[0].index == 0
    if isinstance(entry.step, Perform) and not whole:
        lines += _into_place(entry.step.exercise, spot.side, performance)
    first = performance.items[0]
    body = Body(PhaseKind.TALK, coach.phrases.say("labels.opening"))
    tone = Tone(CueKind.START_TONE, START_TONE, place)
    chapter = performance.outline.chapter(step)
    performance.items.appendleft(
        Item(Talk(body, tuple(lines), tone), first.turn, chapter=chapter, opens=True, passing=True)
    )
    now = coach.utter(coach.phrases.say("ready.plain"))
    ready = Talk(body, (Line(CueKind.ANNOUNCE, now, place, READY_PAUSE),))
    if isinstance(first.part, Run) and first.part.ready is None:
        first = replace(first, part=replace(first.part, ready=ready))
    performance.items[1] = replace(first, opens=False, chapter=None)
