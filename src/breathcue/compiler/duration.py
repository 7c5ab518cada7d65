"""Before the plan: figures are chosen inside their ranges, so that the session lasts as long as it should.

Repetitions, rounds, sets and times to work for, rests and waits are chosen; what may be left out is left out where
even the low ends are too long, the last of it first. How long a breath, a hold or a movement takes is never touched.

What words add to a session is only known once it has been laid, so the search goes back and forth: it reckons with
what was found before, lays the session, and mends what is amiss. Nothing in it is left to chance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from breathcue.compiler.dialling import Sets, Settings, SpokenTime, dialled, lasting, sets_of
from breathcue.compiler.dials import Kind, Panel, Setting, optional_steps, panels_of, set_dials, without
from breathcue.compiler.unreachable import Bounds, unreachable
from breathcue.language.routine import Routine, Step
from breathcue.timeline.time import Ms, seconds_from_ms

TOLERANCE = Ms(1_000)
"""A session that misses its length by no more than this has it."""

_EXACT = Ms(200)
"""Nearer than this nobody hears that it is not there: laying it once more gains nothing."""

_ROUNDS = 6
"""So often a session is laid at the most, to mend what words have added; nearly always two are enough."""


class Laid(Protocol):
    """A session with everything at its time."""

    @property
    def duration(self) -> Ms:
        """How long it lasts."""
        ...


L = TypeVar("L", bound=Laid)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A figure that was chosen inside its range: repetitions, sets or rounds, or a length in ms.

    ``title`` is its exercise's if it has one.
    """

    kind: Kind
    title: str
    figure: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Choice:
    """How a session was made to last ``wanted`` ms: figures chosen, in order, and steps left out.

    ``length`` is what it comes to.
    """

    wanted: Ms
    length: Ms
    chosen: tuple[Chosen, ...]
    left_out: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Adjusted(Generic[L]):
    """A routine in which everything is settled, as it is laid; ``choice`` is None where no length was asked for."""

    routine: Routine
    laid: L
    choice: Choice | None = None


def adjust(routine: Routine, lay: Callable[[Routine], L]) -> Adjusted[L]:
    """Return a routine that lasts as long as it asks for itself; one that does not ask stays as it is.

    ``lay`` gives everything in a routine its time, as far as that depends on words.

    Raises:
        SessionError: it cannot be had (``duration-unreachable``); what can is named.
        RequestError: the same, where the command line asks.
    """
    wanted = routine.duration
    if wanted is None:
        return Adjusted(routine, lay(routine))
    search = _Search(replace(routine, duration=None), lay)
    found = search.nearest(wanted.ms)
    if not found.lands(wanted.ms):
        second, other = search.reachable(found, wanted.ms)
        raise unreachable(wanted, search.bounds(found if found.lands(second) else other), second)
    return Adjusted(search.settled(found), search.laid(found), search.choice(found, wanted.ms))


@dataclass(frozen=True, slots=True)
class _Found:
    """A way to perform a session: how many steps are left out, the settings of the panels of it, its length."""

    out: int
    settings: Settings
    length: Ms

    def lands(self, wanted: int) -> bool:
        return abs(self.length - wanted) <= TOLERANCE


class _Search(Generic[L]):
    """Looks for settings of one session, each of which is laid once."""

    def __init__(self, routine: Routine, lay: Callable[[Routine], L]) -> None:
        self._routine = routine
        self._lay = lay
        self._optional = optional_steps(routine)
        self._laid: dict[tuple[int, Settings], L] = {}
        self._kept: dict[int, tuple[Routine, tuple[Panel, ...]]] = {}
        counts = range(len(self._optional) + 1)
        # Something must be left to do.
        self._most = bisect_left(counts, True, key=lambda out: not self._without(out)[0].steps) - 1

    def nearest(self, wanted: int) -> _Found:
        """Return the way of which the length is nearest to what is wanted."""
        low = self._least_left_out(wanted)
        found = [low]
        panels = self._without(low.out)[1]
        known: dict[Sets, int] = {}
        for _ in range(_ROUNDS if low.length < wanted - _EXACT else 0):
            last = found[-1]
            words = known[sets_of(last.settings)] = last.length - lasting(panels, last.settings)
            settings = dialled(panels, wanted, SpokenTime(words, known))
            if settings in {each.settings for each in found}:
                break
            found.append(self._found(low.out, settings))
            if abs(found[-1].length - wanted) <= _EXACT:
                break
        if low.out:
            found.append(self._low(low.out - 1))
        return min(found, key=lambda each: abs(each.length - wanted))

    def laid(self, found: _Found) -> L:
        """Return a session as it is laid."""
        return self._laid[found.out, found.settings]

    def settled(self, found: _Found) -> Routine:
        """Return the session as it is performed."""
        return self._settled(found.out, found.settings)

    def choice(self, found: _Found, wanted: Ms) -> Choice:
        """Return what was chosen."""
        panels = self._without(found.out)[1]
        chosen = (each for panel, s in zip(panels, found.settings, strict=True) for each in _chosen(panel, s))
        return Choice(wanted, found.length, tuple(chosen), self._left_out(found.out))

    def bounds(self, found: _Found) -> Bounds:
        """Return between which lengths the one lies that was found, as its ranges are."""
        panels = self._without(found.out)[1]
        return Bounds(
            at_least=found.out == self._most and found.settings == _lowest(panels),
            at_most=found.settings == _highest(panels),
            lowest=found.settings == _lowest(panels),
            ranges=bool(panels),
            rests=any(panel.rest.span and panel.times * (panel.sets.high - 1) for panel in panels),
            left_out=self._left_out(found.out),
        )

    def reachable(self, found: _Found, wanted: int) -> tuple[Ms, _Found]:
        """Return a length in whole seconds, near to what is wanted, that the session can be given, and how."""
        lengths = {found.length, *(laid.duration for laid in self._laid.values())}
        for length in sorted(lengths, key=lambda each: (abs(each - wanted), each)):
            second = Ms(max(1, seconds_from_ms(length)) * 1000)
            other = self.nearest(second)
            if other.lands(second):
                return second, other
        return found.length, found

    def _least_left_out(self, wanted: int) -> _Found:
        """Return the session at its low ends, with as little left out as makes them short enough, if anything does."""
        limit = wanted + TOLERANCE
        if self._low(0).length <= limit:
            return self._low(0)
        counts = range(1, self._most + 1)
        out = 1 + bisect_left(counts, True, key=lambda each: self._low(each).length <= limit)
        return self._low(min(out, self._most))

    def _low(self, out: int) -> _Found:
        return self._found(out, _lowest(self._without(out)[1]))

    def _found(self, out: int, settings: Settings) -> _Found:
        if (out, settings) not in self._laid:
            self._laid[out, settings] = self._lay(self._settled(out, settings))
        return _Found(out, settings, self._laid[out, settings].duration)

    def _settled(self, out: int, settings: Settings) -> Routine:
        routine, panels = self._without(out)
        return set_dials(routine, dict(zip(panels, settings, strict=True)))

    def _without(self, out: int) -> tuple[Routine, tuple[Panel, ...]]:
        """Return the session without the last ``out`` of the steps that may be left out, and its panels."""
        if out not in self._kept:
            paths = frozenset(path for path, _ in self._optional[len(self._optional) - out :])
            routine = without(self._routine, paths)
            self._kept[out] = routine, panels_of(routine)
        return self._kept[out]

    def _left_out(self, out: int) -> tuple[Step, ...]:
        """Return the steps that are left out; of those inside one another the outermost."""
        gone = dict(self._optional[len(self._optional) - out :])
        return tuple(
            step for path, step in gone.items() if not any(path[:end] in gone for end in range(len(path)))
        )


def _lowest(panels: tuple[Panel, ...]) -> Settings:
    return tuple(Setting(panel.sets.low, panel.amount.low, panel.rest.low) for panel in panels)


def _highest(panels: tuple[Panel, ...]) -> Settings:
    return tuple(Setting(panel.sets.high, panel.amount.high, panel.rest.high) for panel in panels)


def _chosen(panel: Panel, setting: Setting) -> Iterator[Chosen]:
    """Yield the figures of a panel that were chosen: those of ranges."""
    rest = panel.kind if panel.kind is Kind.WAIT else Kind.REST
    rests = panel.rests(setting)
    figures = (
        (panel.kind, panel.amount, setting.amount),
        (Kind.SETS, panel.sets, setting.sets),
        *([(rest, panel.rest, setting.rest)] if rests else []),
    )
    for kind, dial, figure in figures:
        if dial.span:
            yield Chosen(kind, panel.title, figure, dial.low, dial.high)
