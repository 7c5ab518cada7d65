"""Who waits for whom: we for the system's sound, which may hang, and the sound for a turn of the interpreter."""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

_ANSWER_SECONDS = 5.0
"""How long a sound server may take to answer before it counts as absent."""

_TURN_SECONDS = 0.0005
"""How long a Python thread may keep the interpreter while the device waits for it."""


def answered(work: Callable[[], T]) -> T:
    """Return what ``work`` returns, or raise what it raises.

    Raises:
        TimeoutError: it takes too long; it is then left to itself.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # raised again by whoever waits
            errors.append(error)

    thread = Thread(target=run, name="breathcue-sound", daemon=True)
    turn_before = shorten_turns()
    try:
        thread.start()
        thread.join(_ANSWER_SECONDS)
    finally:
        sys.setswitchinterval(turn_before)
    if errors:
        raise errors[0]
    if not results:
        raise TimeoutError("no answer")
    return results[0]


def shorten_turns() -> float:
    """Let Python threads take turns of ``_TURN_SECONDS`` at most, and return how long they were."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(_TURN_SECONDS, before))
    return before
