"""How the compiler learns how long words take to say, without knowing who says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from breathcue.timeline.model import Utterance
from breathcue.timeline.time import Ms

Lengths = Mapping[Utterance, Ms]


class Speech(Protocol):
    """Someone who will speak the session."""

    def measure(self, utterances: Iterable[Utterance]) -> Lengths:
        """Return how long each of the utterances takes to say, in ms of the finished clip.

        Raises:
            UnspeakableError: some of them give no sound; it names them all.
        """
        ...

    def is_fixed(self, utterance: Utterance) -> bool:
        """Say whether an utterance is a recording, for which no movement is to be made longer."""
        ...
