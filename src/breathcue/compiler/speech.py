"""How the compiler learns how long words take to say, without knowing who says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from breathcue.timeline.time import Ms

Lengths = Mapping[str, Ms]


class Speech(Protocol):
    """Someone who will speak the session, in one voice and language."""

    def measure(self, texts: Iterable[str]) -> Lengths:
        """Return how long each of the texts takes to say, in ms of the finished clip.

        Raises:
            UnspeakableError: some of the texts give no sound; it names them all.
        """
        ...
