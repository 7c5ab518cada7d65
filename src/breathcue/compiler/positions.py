"""Where the body is, and how it gets there: the library's positions and the ways between them.

A position in which one lies on a side is exact once the side is known: `side-lying` becomes `side-lying-left` or
`side-lying-right`, which are as far apart as other positions are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from breathcue.compiler.phrases import Phrases, load_phrases
from breathcue.language.data import read_yaml_data
from breathcue.language.limits import PAUSE_MS
from breathcue.language.quantities import Fault, parse_duration
from breathcue.language.routine import Exercise, Sides
from breathcue.timeline.model import Side
from breathcue.timeline.time import Ms

ANYWHERE = "any"
"""The position of which nothing is known but that it is comfortable."""

STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Position:
    """A position of the body.

    ``title`` is shown, ``come`` completes "come ..." and ``stay`` "stay ..."; ``time`` is the ms it takes to get
    there without hurry from wherever one is, ``switch`` the ms to change sides in it.
    """

    title: str
    come: str
    stay: str
    time: Ms
    switch: Ms


@dataclass(frozen=True, slots=True)
class Way:
    """How to get from one position to another: the names of what is said on the way, and the time for it in ms."""

    steps: tuple[str, ...]
    time: Ms


@cache
def load_positions(language: str) -> Mapping[str, Position]:
    """Return the positions of the library by name, the exact ones too, in the words of a language.

    Raises:
        FileNotFoundError: the library has no phrases in that language.
    """
    phrases = load_phrases(language)
    return {name: _position(phrases, name, row) for name, row in read_yaml_data("positions.yaml").items()} | {
        _exact(name, side): _position(phrases, name, row, side)
        for name, row in read_yaml_data("positions.yaml").items()
        for side in Side
        if "sided" in row
    }


def _position(phrases: Phrases, name: str, row: Mapping[str, str], side: Side | None = None) -> Position:
    path = f"positions.{name}.lain" if side else f"positions.{name}"
    sides = phrases.sided(side)
    title, come, stay = (phrases.part(f"{path}.{key}", **sides) for key in ("title", "come", "stay"))
    if "sided" in row:
        switch = way_between(_exact(name, Side.LEFT), _exact(name, Side.RIGHT)).time
    else:
        switch = _time(row["switch"])
    return Position(title, come, stay, _time(row["time"]), switch)


def exact_position(exercise: Exercise, side: Side | None) -> str | None:
    """Return the position in which an exercise is done when ``side`` is worked; None where it has none.

    Who works one side lies on the other. Where the sides take turns, nobody turns over with each repetition.
    """
    name = exercise.position
    if name is None or side is None or exercise.sides is not Sides.EACH or not _exacts(name):
        return name
    return _exact(name, side.other)


def is_in(here: str | None, position: str) -> bool:
    """Say whether a body that is ``here`` is in a position already."""
    return here == position or here in _exacts(position)


def is_lying(position: str | None) -> bool:
    """Say whether one lies in a position, and has to get up from it."""
    return position in _group(read_yaml_data("ways.yaml"), "lying")


def is_on_feet(position: str | None) -> bool:
    """Say whether one is not on the floor in a position."""
    return position in _group(read_yaml_data("ways.yaml"), "high")


def way_between(here: str | None, position: str) -> Way:
    """Return the way to a position; where nothing is known of ``here``, none, and the position's own time."""
    if here in {None, ANYWHERE}:
        return Way((), _times()[position])
    if is_in(here, position):
        return Way((), Ms(0))
    fitting = (way for origins, goals, way in ways() if here in origins and position in goals)
    return next(fitting)


@cache
def ways() -> tuple[tuple[frozenset[str], frozenset[str], Way], ...]:
    """Return which ways lead from which positions to which; of those that fit, the first is the one to go."""
    data = read_yaml_data("ways.yaml")
    return tuple(
        (
            _group(data, rule.get("from")),
            _group(data, rule["to"]),
            Way(tuple(rule["way"]), _time(rule["time"])),
        )
        for rule in data["ways"]
    )


def _exact(name: str, side: Side) -> str:
    return f"{name}-{side}"


@cache
def _exacts(name: str) -> frozenset[str]:
    """Return the exact positions that a position may be; none where it is exact itself."""
    row = read_yaml_data("positions.yaml").get(name, {})
    return frozenset(_exact(name, side) for side in Side if "sided" in row)


@cache
def _times() -> Mapping[str, Ms]:
    times: dict[str, Ms] = {}
    for name, row in read_yaml_data("positions.yaml").items():
        times |= dict.fromkeys((name, *_exacts(name)), _time(row["time"]))
    return times


def _group(data: Mapping[str, Mapping[str, list[str]]], name: str | None) -> frozenset[str]:
    return frozenset(_times()) if name is None else frozenset(data["groups"].get(name, [name]))


def _time(written: str) -> Ms:
    parsed = parse_duration(written, PAUSE_MS)
    if isinstance(parsed, Fault):
        raise TypeError(f"the library's {written!r} is no duration")
    return parsed
