"""The built-in tones as data: what they are called, how long they sound, what they are made of.

Struck tones (bowl, bell ...) last as long as they ring. Breath tones last as long as the breath they lead; an author
does not name them, but asks for them with ``breath-tone``.

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
class Stroke:
    """When a tone is struck, and what the pitch of its partials is multiplied by."""

    at_ms: Ms
    pitch: float


@dataclass(frozen=True, slots=True)
class Tone:
    """A built-in tone that is struck.

    ``level_dbfs`` is its highest sample; ``attack_ms`` how long a stroke takes to rise. ``lead_ms`` is when what
    follows it in a session may begin: most tones are waited for, but a countdown leads to its last stroke.
    """

    name: str
    about: str
    length_ms: Ms
    lead_ms: Ms
    attack_ms: int
    level_dbfs: float
    partials: tuple[Partial, ...]
    strokes: tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class BreathTone:
    """A tone that glides from one pitch to another for as long as a breath, swelling as it rises.

    ``level_dbfs`` is its highest sample, ``overtones`` the shares of the fundamental and its multiples, ``air`` that of
    a breath-like noise.
    """

    name: str
    from_hz: float
    to_hz: float
    level_dbfs: float
    overtones: tuple[float, ...]
    air: float


LONGEST_BREATH_TONE_MS = Ms(120_000)
"""A breath tone sounds no longer than this, so that it stays small; nobody breathes in for two minutes."""


_ONCE = ({"at-ms": 0, "pitch": 1.0},)


def _tone(name: str, table: Mapping[str, Any]) -> Tone:
    return Tone(
        name=name,
        about=table["about"],
        length_ms=Ms(table["length-ms"]),
        lead_ms=Ms(table.get("lead-ms", table["length-ms"])),
        attack_ms=table["attack-ms"],
        level_dbfs=table["level-dbfs"],
        partials=tuple(Partial(p["hz"], p["gain"], p["decay-ms"]) for p in table["partials"]),
        strokes=tuple(Stroke(Ms(s["at-ms"]), s["pitch"]) for s in table.get("strokes", _ONCE)),
    )


def _breath_tone(name: str, table: Mapping[str, Any]) -> BreathTone:
    return BreathTone(
        name=name,
        from_hz=table["from-hz"],
        to_hz=table["to-hz"],
        level_dbfs=table["level-dbfs"],
        overtones=tuple(table["overtones"]),
        air=table["air"],
    )


@cache
def tones() -> Mapping[str, Tone]:
    """Return every struck tone by name, in the order of the table."""
    tables = tomllib.loads(read_data("tones.toml"))
    return MappingProxyType({name: _tone(name, table) for name, table in tables.items()})


def tone_names() -> tuple[str, ...]:
    """Return the names an author may write after ``chime:``, sorted."""
    return tuple(sorted(tones()))


def tone_length_ms(name: str) -> Ms:
    """Return how long a struck tone sounds, in ms.

    Raises:
        KeyError: there is no such tone.
    """
    return tones()[name].length_ms


def tone_lead_ms(name: str) -> Ms:
    """Return when what follows a struck tone may begin, in ms from its start.

    Raises:
        KeyError: there is no such tone.
    """
    return tones()[name].lead_ms


@cache
def breath_tones() -> Mapping[str, BreathTone]:
    """Return every breath tone by name: ``inhale-soft``, ``exhale-soft``, ``inhale-clear`` and ``exhale-clear``."""
    tables = tomllib.loads(read_data("breath_tones.toml"))
    return MappingProxyType({name: _breath_tone(name, table) for name, table in tables.items()})
