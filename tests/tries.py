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

BESIDE_THREADS = "beside busy threads"
"""What a test is called that keeps a processor busy and listens; there is never more than one at a time."""

PLAYER, SERVER = 1, 2
"""How urgent they are: a player that is to be heard as it is, and what hears it."""


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


def put_before_others(process: int, urgency: int) -> None:
    """Let a process, with all the threads that it has by now, go before others, where that is allowed.

    It is put into the system's real-time class: to be less nice helps among the processes of one terminal session
    only, on a Linux that shares the processors out among sessions first (``sched_autogroup_enabled``).
    """
    with suppress(FileNotFoundError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            _put_before_others(int(thread.name), urgency)


def _put_before_others(thread: int, urgency: int) -> bool:
    try:
        os.sched_setscheduler(thread, os.SCHED_RR, os.sched_param(urgency))
    except (AttributeError, PermissionError, ProcessLookupError):
        return False
    return True


@contextmanager
def before_others(urgency: int = PLAYER) -> Iterator[None]:
    """Let this thread, and the threads and processes that it starts, go before others, where that is allowed.

    It takes its turn as ever among those, so that it is held up by what it does itself as it would be anywhere.
    """
    if not hasattr(os, "sched_getscheduler"):
        yield
        return
    usual = os.sched_getscheduler(0), os.sched_getparam(0)
    allowed = _put_before_others(0, urgency)
    try:
        yield
    finally:
        if allowed:
            os.sched_setscheduler(0, *usual)
