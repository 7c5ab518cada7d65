"""A mark on a file that lasts as long as the process which set it, however that process ends.

It tells a session that is going on from one that was cut off. A process number would not: after a power cut another
process may have it. Where a system has no such locks (some network folders), no file ever looks held.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

_FAR = 1 << 40
"""Where the locked byte lies on Windows, whose locks forbid reading: beyond the end of any log."""


def hold(descriptor: int) -> None:
    """Mark an open file as held, until it is closed or the process ends."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_END)
        else:
            import fcntl

            # Waits only for those who are looking whether the file is held, which takes them no time.
            fcntl.flock(descriptor, fcntl.LOCK_EX)


def is_held(path: Path) -> bool:
    """Say whether some process, this one included, holds a file. Any number may ask at once."""
    try:
        with path.open("rb") as file:
            return _refused(file.fileno())
    except OSError:
        return False


def _refused(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return True
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
