"""A step that is planned anew in its middle: at another pace, in another form, with more words or fewer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from breathcue.compiler.begun import FIRST, RESTS, SECOND, Begun, Point
from breathcue.compiler.laid import Item, Laid, Turn
from breathcue.compiler.narration import Run, Talk
from breathcue.compiler.outline import Outline
from breathcue.compiler.plan import Course
from breathcue.compiler.remainder import moment_before, tail
from breathcue.language.routine import Sides
from breathcue.timeline.time import Ms


def planned_anew(
    items: Sequence[Item], laid: Sequence[Laid], outline: Outline, course: Course
) -> tuple[Item, ...]:
    """Return what is left of the step that is going on, as ``outline`` has it.

    ``course`` is how far the session has come now. What was begun is brought to its end: the set, and its other side.
    Where another exercise takes the place of the step's own, it begins from its name, in the set that was begun.
    """
    first = next((item for item in items if item.index is not None), None)
    if first is None:
        return tuple(items)
    front = tuple(takewhile(lambda item: item is not first, items))
    own = first.turn.instead_of
    if own is not None and not any(one.item.turn.goes_on_with(first.turn) and one.item.point for one in laid):
        first = own
    if first.turn.does(outline.exercise(first.turn.step)):
        return _led_in((*front, *_same(first, laid, outline)), laid)
    return _led_in(tuple(_other(front, first, laid, outline, course)), laid)


def _led_in(items: tuple[Item, ...], laid: Sequence[Laid]) -> tuple[Item, ...]:
    """Return the items with a moment before the first, if that is a run which does not go on with what is laid."""
    first = items[0] if items else None
    if first is None or not isinstance(first.part, Run) or first.part.ready or _goes_on(first, laid):
        return items
    return (replace(first, part=replace(first.part, ready=moment_before(first.part))), *items[1:])


def _goes_on(item: Item, laid: Sequence[Laid]) -> bool:
    """Say whether a run goes on where the one that is laid last was left after a repetition, whole to its end."""
    last = laid[-1] if laid else None
    if last is None or last.run is None or last.end != last.run.starts[-1]:
        return False
    before = last.item
    return (before.point, before.stop) == (item.point, item.skipped) and before.turn.goes_on_with(item.turn)


def run_anew(item: Item, outline: Outline) -> Item | None:
    """Return what is left of an interrupted run as ``outline`` has it; None where something else is done instead."""
    if item.index is None:
        return item
    if not item.turn.does(outline.exercise(item.turn.step)):
        return None
    found = (part.part for part in outline.parts(item.turn)[0] if part.point == item.point)
    return _left_of(item, next(found, item.part))


def _same(first: Item, laid: Sequence[Laid], outline: Outline) -> Iterator[Item]:
    """Yield the parts of the same exercise from ``first`` on."""
    point = _point(first)
    turn = replace(first.turn, begun=_begun(first, laid))
    first = replace(first, stop=None)
    if _is_left_over(point):
        yield replace(first, turn=turn)
    for index, part in enumerate(outline.parts(turn)[0]):
        if part.point > point:
            yield Item(part.part, turn, index, part.point)
        elif part.point == point and not _is_left_over(point):
            item = _left_of(replace(first, turn=turn, index=index), part.part)
            if item is not None:
                yield item


def _left_of(item: Item, part: Talk | Run) -> Item | None:
    """Return what is left of an item that is planned as ``part`` now; None where nothing is."""
    if not isinstance(part, Run) or not isinstance(item.part, Run) or not (item.skipped or item.stop):
        return replace(item, part=part)
    rest = tail(part, item.skipped, item.part.ready, item.stop)
    return replace(item, part=rest) if rest.phases else None


def _other(
    front: tuple[Item, ...], first: Item, laid: Sequence[Laid], outline: Outline, course: Course
) -> Iterator[Item]:
    """Yield another exercise in place of what is left of one; a rest that is due before it stays."""
    number, half, _ = _point(first)
    old, step = first.turn, first.turn.step
    done = max(number - 1, 0) + (old.begun.left_out if old.begun else 0)
    if _is_left_over(_point(first)) and (
        half > SECOND or old.exercise is None or old.exercise.sides is not Sides.EACH
    ):
        done += 1
    prescription = outline.prescription(step)
    turn = replace(
        old, course=course, entry=outline.entries[step], begun=Begun(left_out=done), instead_of=first
    )
    yield from (replace(item, turn=turn) for item in front if item.index is None and not _introduces(item))
    yield from _other_side(first, laid)
    ends_set = number > 0 and half not in (FIRST, SECOND)
    if ends_set:
        over = prescription is None or len(prescription.sets) <= done
        if not over or half != RESTS:
            yield _before_another(first, turn, outline)
        if over:
            return
    for index, part in enumerate(outline.parts(turn)[0]):
        yield Item(part.part, turn, index, part.point, opens=index == 0)


def _other_side(first: Item, laid: Sequence[Laid]) -> Iterator[Item]:
    """Yield the repetition of the other side, where sides take turns and one of them has just had its own."""
    exercise, part = first.turn.exercise, first.part
    if exercise is None or exercise.sides is not Sides.ALTERNATE or not isinstance(part, Run):
        return
    rep = len(exercise.rep)
    if _goes_on(first, laid) and first.skipped // rep % 2:
        stop = first.skipped + rep
        yield replace(first, part=replace(part, phases=part.phases[:rep]), stop=stop)


def _before_another(first: Item, turn: Turn, outline: Outline) -> Item:
    """Return the rest, or what is left of a time to work for, that comes before another exercise, and names that."""
    rest, exercise = first.part, turn.exercise
    assert isinstance(rest, Talk)
    phrases = outline.coach.phrases
    texts = (
        phrases.say("rest.plain", time=phrases.time(rest.at_least)),
        phrases.say("rest.next", next=exercise.title if exercise else ""),
    )
    lines = tuple(replace(line, utterance=outline.coach.utter(text)) for line in rest.lines for text in texts)
    return replace(first, part=replace(rest, lines=lines), turn=turn, index=None)


def _introduces(item: Item) -> bool:
    return item.point is not None and item.point[0] == 0


def _begun(first: Item, laid: Sequence[Laid]) -> Begun | None:
    """Return how far an exercise has come of which ``first`` is what comes next."""
    number, half, _ = _point(first)
    exercise, before = first.turn.exercise, first.turn.begun
    left_out = before.left_out if before else 0
    if exercise is None or number == 0:
        return before
    if half == RESTS:
        return Begun(max(1, number - 1), left_out=left_out)
    if half not in (FIRST, SECOND):
        return Begun(number, half - 1, left_out=left_out)
    ran = [
        one
        for one in laid
        if one.run and one.item.turn.goes_on_with(first.turn) and one.item.point == first.point
    ]
    turns = first.skipped // len(exercise.rep)
    if ran and ran[-1].item.stop != first.skipped:
        turns += 1  # one was interrupted, and is done from its start
    return Begun(number, half, turns, _worked(ran, first.skipped), left_out)


def _worked(ran: Sequence[Laid], until: int) -> Ms:
    """Return how long the phases of a run took that come before ``until``; what was done again counts once."""
    lengths: dict[int, Ms] = {}
    for one in ran:
        durations = one.run.fitted.durations if one.run else ()
        lengths |= {one.item.skipped + n: length for n, length in enumerate(durations)}
    return Ms(sum(length for phase, length in lengths.items() if phase < until))


def _point(item: Item) -> Point:
    assert item.point is not None
    return item.point


def _is_left_over(point: Point) -> bool:
    return point[1] not in (RESTS, FIRST, SECOND)
