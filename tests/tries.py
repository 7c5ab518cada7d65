"""What to do about a machine that is busy with something else: sound goes first, and gets another try.

A player has 200 ms to spare. Other programs may keep a machine from it for longer than that, which no player can mend
and no figure of ours tells from a fault of ours; but a fault would be there each time.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TRIES = 3

PLAYER, SERVER = 1, 2
"""How urgent they are: a test that plays, with the player that it starts, and what hears them."""


def until_right(attempt: Callable[[Path], None], folder: Path) -> None:
    """Call ``attempt`` with a new folder, and again with another where it fails, three times at most."""
    for number in range(1, TRIES + 1):
        fresh = folder / f"try-{number}"
        fresh.mkdir(parents=True)
        try:
            attempt(fresh)
        except AssertionError as error:
            if number == TRIES:
                raise
            warnings.warn(f"try {number} of {TRIES}: {error}", stacklevel=2)
        else:
            return


@contextmanager
def before_others(niceness: int = -10) -> Iterator[None]:
    """Let this thread, and the threads and processes that it starts, go before others, where that is allowed.

    It takes its turn as ever among those, so that it is held up by what it does itself as it would be anywhere.
    """
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    try:
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, usual)


@contextmanager
def in_real_time(urgency: int = PLAYER) -> Iterator[None]:
    """Let this thread, and the threads and processes that it starts, go before all others, where that is allowed.

    To be less nice is not enough for what is heard as it is played: Linux shares the processors out among terminal
    sessions first. Those that are as urgent take turns of 100 ms, so there must not be many at a time.
    """
    if not hasattr(os, "sched_setscheduler"):
        yield
        return
    usual = os.sched_getscheduler(0), os.sched_getparam(0)
    put_into_real_time(0, urgency)
    try:
        yield
    finally:
        os.sched_setscheduler(0, *usual)


def put_into_real_time(process: int, urgency: int) -> None:
    """Let the first thread of a process (0: this thread) go before all others, where that is allowed."""
    with suppress(AttributeError, PermissionError):
        os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(urgency))
