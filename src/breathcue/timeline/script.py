"""The script of a session: every line that it may say, as an instructor records it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breathcue.diagnostics import Place
from breathcue.timeline.model import Utterance
from breathcue.timeline.time import Ms


class Fit(StrEnum):
    """What becomes of a line that is longer than there is room for."""

    FREE = "free"
    """There is always room: what follows waits for it."""
    LEFT_OUT = "left out"
    """It is not said then."""
    SHORTER = "shorter"
    """A shorter line is said in its place."""
    BEFORE = "before"
    """It is said before the repetitions, and a shorter line inside them."""
    MUST = "must"
    """Nothing can take its place, so it has to fit."""


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line to record.

    ``where`` names the part of the session where it is heard first, ``moment`` what the body does then, if more is to
    be said, and ``uses`` in how many places it may be heard. ``room`` is how long it may last in the tightest of them,
    None where that does not matter, and ``fit`` what happens otherwise. ``file`` is the name of its recording without
    an ending, ``recorded`` whether that is there already, None where nobody knows; ``place`` is where its author wrote
    what it says. A ``live`` line is only said where a listener asks for something.
    """

    utterance: Utterance
    where: str
    moment: str = ""
    uses: int = 1
    room: Ms | None = None
    fit: Fit = Fit.FREE
    live: bool = False
    file: str = ""
    recorded: bool | None = None
    place: Place | None = None
