"""The words and the time between exercises: fetching things, coming into position, turning over, getting up.

The way is told before the place that it leads to, each with its share of the time, so that a body can follow word by
word. All of the quiet together is the time of the way, or the author's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from breathcue.compiler.coach import CLOSING_PAUSE, SENTENCE_PAUSE, Coach
from breathcue.compiler.narration import Body, Line, Talk
from breathcue.compiler.plan import Introduce, Opening, Reps
from breathcue.compiler.positions import STANDING, exact_position, is_lying, way_between
from breathcue.compiler.whereabouts import Fetch
from breathcue.diagnostics import Place
from breathcue.language.routine import Sides, Words
from breathcue.timeline.invariants import MAX_SILENCE_MS
from breathcue.timeline.model import CueKind, PhaseKind, Side
from breathcue.timeline.time import GRID_MS, Ms

FETCH_PAUSE = Ms(8_000)
"""Time to reach for what was named at the start of the session, or was there before."""

FETCH_AFAR_PAUSE = Ms(20_000)
"""Time to get up for something of which nobody has spoken before."""

_DEFAULT_SWITCH = Ms(6_000)
_WAY_SHARE, _ARRIVAL_SHARE = 3, 2


def fetch_first(item: Introduce, coach: Coach) -> Iterator[Talk]:
    """Yield the time to fetch what an exercise needs, if it has to be fetched."""
    if item.fetch is None:
        return
    label = coach.phrases.say("labels.fetch")
    body = Body(PhaseKind.TRANSITION, label, item.prescription.exercise.name)
    yield Talk(body, tuple(fetch_lines(item.fetch, coach)))


def fetch_lines(fetch: Fetch, coach: Coach) -> Iterator[Line]:
    """Yield how to get up for the things to fetch, if one has to, and what is said of them, with the time for it."""
    if fetch.rise_from:
        way = way_between(fetch.rise_from, STANDING)
        yield from _shared(_on_the_way(way.steps, fetch.things[0].place, coach), way.time)
    things = coach.phrases.listed([thing.text for thing in fetch.things], "and")
    words = coach.utter(coach.phrases.say("fetch", list=things))
    pause = FETCH_AFAR_PAUSE if fetch.afar else FETCH_PAUSE
    yield from _framed(Line(CueKind.SETUP, words, fetch.things[0].place, pause), coach)


def come_into_position(item: Introduce, arrive: Sequence[Words], coach: Coach) -> Talk:
    """Return the way into position, and then what the author says of the position, or the coach does."""
    prescription = item.prescription
    name = exact_position(prescription.exercise, item.side) or ""
    position, way = coach.positions[name], way_between(item.came_from, name)
    time = way.time if prescription.transition is None else prescription.transition
    if arrive:
        lines = coach.sided_lines(CueKind.SETUP, arrive, Ms(0), item.side)
    else:
        text = coach.phrases.say("transition", position=position.come)
        lines = [Line(CueKind.SETUP, coach.utter(text), prescription.place)]
    lines = _shared([*_on_the_way(way.steps, prescription.place, coach), *lines], time)
    body = Body(PhaseKind.TRANSITION, position.title, prescription.exercise.name, side=item.side)
    return Talk(body, tuple(said for line in lines for said in _framed(line, coach)))


def change_sides(item: Reps, first: list[Line], setup: list[Line], coach: Coach) -> list[Line]:
    """Return the lines with which a body comes onto the side of ``item``, and the time for it.

    After what is said ``first`` comes the way, where the body has to turn over, and then ``setup``, which is what the
    author says of that side.
    """
    exercise = item.prescription.exercise
    before, after = (exact_position(exercise, side) for side in (_side_before(item), item.side))
    if after is None or before == after:
        position = coach.positions.get(after or "")
        pause = position.switch if position else _DEFAULT_SWITCH
        lines = [*first, *setup]
        return [*lines[:-1], *(replace(last, pause=pause) for last in lines[-1:])]
    way = way_between(before, after)
    onto = [*_on_the_way(way.steps, item.prescription.place, coach), *setup[:1]]
    return [*first, *_shared(onto, way.time), *setup[1:]]


def turns(item: Reps) -> bool:
    """Say whether a set begins on another side than the one before it ended on."""
    return item.prescription.exercise.sides is Sides.EACH and _side_before(item) is not item.side


def get_up(position: str | None, place: Place, coach: Coach) -> list[Line]:
    """Return how to get up from lying at the end of a session, in one's own time; nothing where nobody lies."""
    if not is_lying(position):
        return []
    kindly = Line(CueKind.OUTRO, coach.utter(coach.phrases.say("closing.rise")), place, SENTENCE_PAUSE)
    way = _on_the_way(way_between(position, "seated").steps, place, coach)
    return [kindly, *(replace(line, kind=CueKind.OUTRO, pause=CLOSING_PAUSE) for line in way)]


def _on_the_way(steps: Sequence[str], place: Place, coach: Coach) -> list[Line]:
    said = (coach.utter(coach.phrases.say(f"ways.{step}")) for step in steps)
    return [Line(CueKind.SETUP, utterance, place) for utterance in said]


def _side_before(item: Reps) -> Side | None:
    """Return the side that was worked last before a set, or a side of one, of the same exercise."""
    if item.opening is Opening.SWITCH:
        return item.side.other if item.side else None
    last = item.prescription.leads(item.number - 1)
    return last.other if last else None


def _shared(lines: list[Line], time: Ms) -> list[Line]:
    """Give each of the lines its part of the time: to get there takes longer than to arrive."""
    if not lines:
        return []
    whole = _WAY_SHARE * (len(lines) - 1) + _ARRIVAL_SHARE
    pauses = [Ms(time * _WAY_SHARE // whole)] * (len(lines) - 1)
    pauses.append(Ms(time - sum(pauses)))
    return [replace(line, pause=pause) for line, pause in zip(lines, pauses, strict=True)]


def _framed(line: Line, coach: Coach) -> Iterator[Line]:
    """Yield a line and, in a long pause after it, how much of that is left."""
    marks = coach.marks(line.pause)
    ends = [line.pause, *(mark.remaining for mark in marks), 0]
    # A line begins up to a step of the grid after the pause before it, and 30 s without a word are too long.
    pauses = [Ms(min(earlier - later, MAX_SILENCE_MS - GRID_MS)) for earlier, later in pairwise(ends)]
    pauses[-1] = Ms(line.pause - sum(pauses[:-1]))
    yield replace(line, pause=pauses[0])
    for mark, pause in zip(marks, pauses[1:], strict=True):
        yield Line(mark.kind, mark.utterance, line.place, pause)
