"""What to do about a machine that is busy with something else: sound goes first, and gets another try.

A player has 200 ms to spare. Other programs may keep a machine from it for longer than that, which no player can mend
and no figure of ours tells from a fault of ours; but a fault would be there each time.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TRIES = 3


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
