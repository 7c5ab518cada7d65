"""Where the body is, and how long it takes to get there: library/positions.yaml as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from breathcue.language.data import read_yaml_data
from breathcue.language.limits import PAUSE_MS
from breathcue.language.quantities import Fault, parse_duration
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Position:
    """A position of the body.

    ``come`` completes "come ..."; ``time`` is the ms it takes to get there without hurry, ``switch`` the ms to
    change sides in it.
    """

    title: str
    come: str
    time: Ms
    switch: Ms


@cache
def load_positions() -> Mapping[str, Position]:
    """Return the positions of the library by name."""
    data = read_yaml_data("positions.yaml")
    return {
        name: Position(row["title"], row["come"], _time(row["time"]), _time(row["switch"]))
        for name, row in data.items()
    }


def _time(written: str) -> Ms:
    parsed = parse_duration(written, PAUSE_MS)
    if isinstance(parsed, Fault):
        raise TypeError(f"library/positions.yaml: {written!r} is no duration")
    return parsed
