"""How far a session that is performed has come in the middle of a step: where the body is, and what is known."""

from __future__ import annotations

from dataclasses import replace

from breathcue.compiler.laid import Item, Laid, Turn
from breathcue.compiler.narration import Body, Talk
from breathcue.compiler.performance import Performance
from breathcue.compiler.plan import Course, Introduce, plan_entry
from breathcue.compiler.positions import exact_position
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.time import Ms


def course_at(performance: Performance, turn: Turn, at: Ms) -> Course:
    """Return how far the session has come at ``at``, in the middle of a step.

    Who is on the way from one position to another may be anywhere.
    """
    introduce = plan_entry(turn.entry, turn.course)[0][0].item if turn.entry else None
    if not isinstance(introduce, Introduce):
        return turn.course
    exercise, course = introduce.prescription.exercise, turn.course
    begun = [laid for laid in performance.laid if laid.item.turn.goes_on_with(turn) and laid.begin < at]
    # The name comes first, and then what has to be fetched.
    settling = 2 if introduce.fetch else 1
    there = [laid for laid in begun if (laid.item.index or 0) >= settling]
    if there:
        side = next((body.side for laid in reversed(there) if (body := _body(laid.item)) and body.side), None)
        course = course.introduced(exercise, side)
        turns_over = exact_position(exercise, side) != exercise.position
        moves = turns_over or (introduce.moves and len(there) == 1)
        if moves and _on_the_way(performance, there[-1], at):
            course = replace(course, whereabouts=course.whereabouts.lost())
    elif introduce.fetch and introduce.fetch.rise_from and any(laid.item.index == 1 for laid in begun):
        course = replace(course, whereabouts=course.whereabouts.lost())
    if any(laid.run and laid.run.first < at for laid in begun):
        seen = course.seen.get(exercise.name, 0) + 1
        course = replace(course, seen={**course.seen, exercise.name: seen})
    return course


def _on_the_way(performance: Performance, last: Laid, at: Ms) -> bool:
    """Say whether a change of position is going on at ``at``, or was interrupted before its end."""
    if not _leads_elsewhere(last.item):
        return False
    left = performance.items[0] if performance.items else None
    return at < last.end or (left is not None and left.index is None and _leads_elsewhere(left))


def _leads_elsewhere(item: Item) -> bool:
    return isinstance(item.part, Talk) and item.part.body.kind is PhaseKind.TRANSITION


def _body(item: Item) -> Body | None:
    """Return what the body does when a part begins; None of a run that was left before its first phase."""
    if isinstance(item.part, Talk):
        return item.part.body
    return next((phase.body for phase in item.part.phases), item.part.ready.body if item.part.ready else None)
