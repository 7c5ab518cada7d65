"""A mapping that has been checked against its table: the values that are sound, and which keys are broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from breathcue.diagnostics import Place
from breathcue.language.routine import Words
from breathcue.language.shapes import Shape

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One mapping of a session or exercise.

    ``kind`` is the key that says what a step or phase is. ``values`` holds what could be read, defaults filled in:
    Words, Range, int, float, bool, a Record, or a tuple of those. ``written`` are the keys the author wrote, and
    ``broken`` those of them whose value, or part of it, could not be read. ``places`` tells where each key stands.
    """

    shape: Shape
    kind: str | None
    place: Place
    values: Mapping[str, object]
    written: frozenset[str]
    broken: frozenset[str]
    places: Mapping[str, Place]

    def place_of(self, key: str) -> Place:
        """Return where a key is written; where it is not, the place of the whole."""
        return self.places.get(key, self.place)

    def get(self, key: str, sort: type[T]) -> T | None:
        """Return the value of a key if it is there and of that sort."""
        value = self.values.get(key)
        return value if isinstance(value, sort) else None

    def need(self, key: str, sort: type[T]) -> T:
        """Return the value of a key that validation has made sure of.

        Raises:
            TypeError: it is not there, which is a mistake of this program and not of the author.
        """
        value = self.get(key, sort)
        if value is None:
            raise TypeError(f"{self.shape.name}.{key} should be a {sort.__name__}")
        return value

    def records(self, key: str) -> tuple[Record, ...]:
        """Return the records of a key, such as steps, whether it holds one or a list."""
        value = self.values.get(key)
        if isinstance(value, Record):
            return (value,)
        return tuple(item for item in value if isinstance(item, Record)) if isinstance(value, tuple) else ()

    def words(self, key: str) -> tuple[Words, ...]:
        """Return the texts of a key, whether it holds one or a list."""
        value = self.values.get(key)
        if isinstance(value, Words):
            return (value,)
        return tuple(item for item in value if isinstance(item, Words)) if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True)
class Definition:
    """An exercise defined in a session: its name as written, and what is under it (None where that is no mapping)."""

    name: Words
    record: Record | None
