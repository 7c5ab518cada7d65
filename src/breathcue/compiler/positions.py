"""Where the body is, and how long it takes to get there: the library's positions, in the words of a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from breathcue.compiler.phrases import Phrases, load_phrases
from breathcue.language.data import read_yaml_data
from breathcue.language.limits import PAUSE_MS
from breathcue.language.quantities import Fault, parse_duration
from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Position:
    """A position of the body.

    ``title`` is shown, ``come`` completes "come ..." and ``stay`` "stay ..."; ``time`` is the ms it takes to get
    there without hurry, ``switch`` the ms to change sides in it.
    """

    title: str
    come: str
    stay: str
    time: Ms
    switch: Ms


@cache
def load_positions(language: str) -> Mapping[str, Position]:
    """Return the positions of the library by name, in the words of a language.

    Raises:
        FileNotFoundError: the library has no phrases in that language.
    """
    phrases = load_phrases(language)
    return {name: _position(phrases, name, row) for name, row in read_yaml_data("positions.yaml").items()}


def _position(phrases: Phrases, name: str, times: Mapping[str, str]) -> Position:
    title, come, stay = (phrases.part(f"positions.{name}.{key}") for key in ("title", "come", "stay"))
    return Position(title, come, stay, _time(times["time"]), _time(times["switch"]))


def _time(written: str) -> Ms:
    parsed = parse_duration(written, PAUSE_MS)
    if isinstance(parsed, Fault):
        raise TypeError(f"library/positions.yaml: {written!r} is no duration")
    return parsed
