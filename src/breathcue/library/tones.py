"""The built-in tones as data: what they are called, how long they sound, what they are made of.

The language checks names, the compiler lays lengths into the timeline and the audio room makes the sound; all three
read this table. It needs no numpy.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from breathcue.library import read_data
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Partial:
    """One decaying sine wave of a tone.

    ``hz`` is its pitch, ``gain`` its share of the whole, ``decay_ms`` the time in which it falls by 60 dB.
    """

    hz: float
    gain: float
    decay_ms: float


@dataclass(frozen=True, slots=True)
class Tone:
    """A built-in tone. ``level_dbfs`` is its highest sample; ``attack_ms`` how long the strike takes to rise."""

    name: str
    about: str
    length_ms: Ms
    attack_ms: int
    level_dbfs: float
    partials: tuple[Partial, ...]


def _tone(name: str, table: Mapping[str, Any]) -> Tone:
    return Tone(
        name=name,
        about=table["about"],
        length_ms=Ms(table["length-ms"]),
        attack_ms=table["attack-ms"],
        level_dbfs=table["level-dbfs"],
        partials=tuple(Partial(p["hz"], p["gain"], p["decay-ms"]) for p in table["partials"]),
    )


@cache
def tones() -> Mapping[str, Tone]:
    """Return every built-in tone by name, in the order of the table."""
    tables = tomllib.loads(read_data("tones.toml"))
    return MappingProxyType({name: _tone(name, table) for name, table in tables.items()})


def tone_names() -> tuple[str, ...]:
    """Return the names an author may write after ``chime:``, sorted."""
    return tuple(sorted(tones()))


def tone_length_ms(name: str) -> Ms:
    """Return how long a tone sounds, in ms.

    Raises:
        KeyError: there is no such tone.
    """
    return tones()[name].length_ms
