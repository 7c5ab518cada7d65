"""What may be said in a phase for its cue and for the count before it, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from itertools import product

from breathcue.compiler.narration import Timed
from breathcue.timeline.model import CueKind, Utterance


class Room(Enum):
    """How much a cue leaves to what follows: room for the count of the next repetition, for the lead of the next
    cue, or just enough for that cue to start in time.
    """

    COUNTED = "counted"
    EASY = "easy"
    TIGHT = "tight"


Saying = tuple[Room, Utterance | None, Utterance | None]
"""How a phase's cue is said: how much room it leaves, its form, and the count before it, each if there is one."""


def sayings(phase: Timed, fresh: tuple[Utterance, ...], rooms: tuple[Room, ...]) -> Iterator[Saying]:
    """Yield how a phase's cue may be said, the best first; without a count before it, only forms that are ``fresh``."""
    for room, form, before in _every_saying(phase, fresh, rooms):
        if form is None or form != phase.stopgap or (before is None and room is not Room.COUNTED):
            yield room, form, before


def _every_saying(phase: Timed, fresh: tuple[Utterance, ...], rooms: tuple[Room, ...]) -> Iterator[Saying]:
    if not phase.before:
        yield from product(rooms, fresh, (None,))
    elif phase.counts_alone or not set(fresh) <= set(phase.forms) or not phase.forms:
        yield from product(rooms, phase.forms, phase.counted)
        for room in rooms:
            yield from product((room,), (None,), phase.counted)
            yield from product((room,), fresh, (None,))
    else:
        every = product(rooms, phase.forms, (*phase.counted, None))
        yield from (saying for saying in every if saying[2] or saying[1] in fresh)


def fresh_forms(phase: Timed, last: str | None) -> tuple[Utterance, ...]:
    """Return the forms of a cue that do not repeat the words said ``last``, or other words if all of them do.

    A breath may repeat them.
    """
    if last is None or phase.kind is CueKind.BREATH or phase.body.exercise is None:
        return phase.forms
    fresh = tuple(form for form in phase.forms if form.text != last)
    if fresh and set(fresh) != {phase.stopgap}:
        return fresh
    return tuple(words for words in phase.others if words.text != last) or fresh or phase.forms
