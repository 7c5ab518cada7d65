"""The built-in beds as data: what they are called and what they are made of.

The language checks names and the audio room makes the sound; both read this table. It needs no numpy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from breathcue.library import read_data

NO_BED = "none"
"""What an author writes for a session without a bed."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of noise in a layer's spectrum, in Hz, that falls by ``slope_db`` an octave; ``gain`` is its share."""

    low_hz: float
    high_hz: float
    slope_db: float
    gain: float


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a layer, and its overtones: ``hz`` is its pitch and ``gain`` its share."""

    hz: float
    gain: float


@dataclass(frozen=True, slots=True)
class Swell:
    """How a layer comes and goes: by ``depth_db`` either way, in waves of incommensurate ``periods_s``.

    ``lag_s`` is by how much it follows another layer with the same periods.
    """

    depth_db: float
    periods_s: tuple[float, ...]
    lag_s: float


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the sounds that a bed is the sum of.

    ``level_db`` is its loudness beside the other layers; ``drops`` is how many drops a second its noise is made of,
    and 0 for noise without grain.
    """

    level_db: float
    bands: tuple[Band, ...]
    notes: tuple[Note, ...]
    drops: float
    swell: Swell | None


@dataclass(frozen=True, slots=True)
class BedPlan:
    """What a built-in bed is made of."""

    name: str
    about: str
    layers: tuple[Layer, ...]


def _layer(table: Mapping[str, Any]) -> Layer:
    swell = table.get("swell")
    return Layer(
        level_db=table["level-db"],
        bands=tuple(
            Band(b["low-hz"], b["high-hz"], b["slope-db"], b.get("gain", 1.0)) for b in table.get("bands", ())
        ),
        notes=tuple(Note(n["hz"], n["gain"]) for n in table.get("notes", ())),
        drops=table.get("drops", 0.0),
        swell=swell and Swell(swell["depth-db"], tuple(swell["periods-s"]), swell["lag-s"]),
    )


@cache
def bed_plans() -> Mapping[str, BedPlan]:
    """Return every built-in bed by name, in the order of the table."""
    tables = tomllib.loads(read_data("beds.toml"))
    return MappingProxyType(
        {
            name: BedPlan(name, table["about"], tuple(map(_layer, table["layers"])))
            for name, table in tables.items()
        }
    )


def bed_names() -> tuple[str, ...]:
    """Return the names of the built-in beds, sorted; ``none`` is not among them."""
    return tuple(sorted(bed_plans()))
