"""What a screen, or anyone who gives commands, knows of a live session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from breathcue.live.moment import Event, Moment
from breathcue.timeline.score import Control


class Remote(Protocol):
    """A live session from the outside. Every method returns at once and may be called from any thread."""

    title: str

    def moment(self) -> Moment:
        """Return what is going on now, as it is heard."""
        ...

    def press(self, control: Control) -> None:
        """Ask for something. What makes no sense now is answered in words, never with an error."""
        ...

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Tell ``listener`` of every event, when it is heard, from a thread of the session; it must return at once."""
        ...
