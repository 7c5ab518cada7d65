"""Where the listener is while a session goes on, and what is within reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breathcue.compiler.positions import ANYWHERE, STANDING, exact_position, is_in, is_on_feet
from breathcue.language.routine import Exercise, Words, as_compared
from breathcue.timeline.model import Side


@dataclass(frozen=True, slots=True)
class Fetch:
    """Things to fetch; ``afar`` says that something is among them of which nobody has spoken before.

    ``rise_from`` is the position from which the body gets on its feet first, None where it does not have to.
    """

    things: tuple[Words, ...]
    afar: bool
    rise_from: str | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the body is, and where things are.

    ``position`` is exact (see :mod:`breathcue.compiler.positions`), and None where it is not known. ``at_hand`` are
    the things within reach, ``known`` those that the session named at its start or that were fetched before; both as
    they are compared, without capitals.
    """

    position: str | None = None
    at_hand: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def fetch(self, exercise: Exercise) -> Fetch | None:
        """Return what has to be fetched for an exercise, if anything has."""
        things = tuple(thing for thing in exercise.equipment if _plain(thing) not in self.at_hand)
        if not things:
            return None
        afar = not all(map(self._knows, things))
        goes = afar or is_on_feet(exercise.position)
        low = self.position not in {None, ANYWHERE} and not is_on_feet(self.position)
        return Fetch(things, afar, self.position if goes and low else None)

    def _knows(self, thing: Words) -> bool:
        return any(f" {_plain(thing)} " in f" {known} " for known in self.known)

    def fetched(self, exercise: Exercise) -> Whereabouts:
        """Return the whereabouts with everything at hand for an exercise.

        Who had to get up or to go for it is on the feet if that was known before, and may be anywhere if not, or if
        the exercise does not say where it is done.
        """
        fetch = self.fetch(exercise)
        things = frozenset(map(_plain, exercise.equipment))
        there = replace(self, at_hand=self.at_hand | things, known=self.known | things)
        if fetch is None or not (fetch.afar or fetch.rise_from):
            return there
        if fetch.rise_from:
            there = replace(there, at_hand=things)
        stands = is_on_feet(self.position) or (fetch.rise_from and exercise.position)
        return replace(there, position=STANDING if stands else None)

    def settled(self, exercise: Exercise, side: Side | None) -> Whereabouts:
        """Return the whereabouts of a body in place for an exercise that works ``side``.

        What was at hand before is out of reach after a change of position, unless it belongs to the exercise.
        """
        there = self.fetched(exercise)
        position = exact_position(exercise, side)
        if position is None or is_in(there.position, position):
            return there
        return replace(there, position=position, at_hand=frozenset(map(_plain, exercise.equipment)))

    def lost(self) -> Whereabouts:
        """Return the whereabouts of a body that may be anywhere."""
        return replace(self, position=None)


def begin_with(needs: tuple[Words, ...]) -> Whereabouts:
    """Return the whereabouts at the start of a session that has named what it needs."""
    return Whereabouts(known=frozenset(map(_plain, needs)))


def _plain(thing: Words) -> str:
    return as_compared(thing.text)
