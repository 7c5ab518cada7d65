"""Writes the log of a session while it is performed; docs/live-log.md describes what is in it.

Every session has a file of its own: two terminals can never mix their lines, damage stays within one session, and the
file can be held for as long as the session goes on, which tells others that it does.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread

from breathcue.diagnostics import Diagnostic, Severity
from breathcue.live.diary.ledger import Ledger
from breathcue.live.diary.lock import hold
from breathcue.live.diary.memory import ENVIRONMENT, Bookmark, new_log
from breathcue.live.diary.records import LOG_VERSION, Ending, Kind, Record, encode
from breathcue.live.moment import Event
from breathcue.timeline.score import AS_WRITTEN, Fit, Manner
from breathcue.timeline.time import Ms

PATIENCE_SECONDS = 2.0
"""How long the end of a session waits for a disk that does not answer."""


@dataclass(frozen=True, slots=True)
class SessionAbout:
    """What a log says of its session at the start; ``digest`` is that of the file (:func:`memory.digest_of`).

    ``manner`` is what was asked for before the session, or in the one that it goes on with; ``avoid`` are the
    complaints with which exercises are not to be done.
    """

    session: Path
    title: str
    digest: str
    pace: float
    resumed_from: Bookmark | None = None
    fit: Fit | None = None
    manner: Manner = AS_WRITTEN
    avoid: tuple[str, ...] = ()


def local_now() -> datetime:
    """Return the local time with its offset."""
    return datetime.now().astimezone()


class SessionLog:
    """A listener of a live session's events that writes down what was done, in a thread of its own.

    Nothing it does disturbs the session. Where the disk refuses, ``on_trouble`` hears one warning
    (``log-unusable``), from the log's thread, and nothing more is written.
    """

    def __init__(
        self,
        folder: Path,
        about: SessionAbout,
        *,
        now: Callable[[], datetime] = local_now,
        on_trouble: Callable[[Diagnostic], None] | None = None,
    ) -> None:
        """Begin the log in ``folder`` (:func:`memory.data_folder`). ``now`` gives local times with their offset."""
        self.id = secrets.token_hex(4)
        self._folder = folder
        self._about = about
        self._now = now
        self._on_trouble = on_trouble
        self._queue: SimpleQueue[tuple[Event | Ending, datetime]] = SimpleQueue()
        self._closing = Lock()
        self._began = now()
        self._thread = Thread(target=self._run, name="breathcue-log", daemon=True)
        self._thread.start()

    def hear(self, event: Event) -> None:
        """Take note of an event; returns at once. What comes after the end is not written."""
        if self._thread.is_alive():
            self._queue.put((event, self._now()))

    def close(self, how: Ending) -> None:
        """Write how the session ended and wait until that is on the disk, two seconds at most.

        Only the first call counts, so a way of ending may be told before the general one.
        """
        if self._closing.acquire(blocking=False):
            self._queue.put((how, self._now()))
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        try:
            self._write()
        except OSError as error:
            self._give_up(error.strerror or str(error))
        except Exception as error:  # the session is worth more than its log, whatever went wrong
            self._give_up(f"{type(error).__name__}: {error}")

    def _write(self) -> None:
        descriptor = _create(new_log(self._folder, self.id, self._began))
        try:
            _append(descriptor, [self._start()])
            ledger = Ledger(self.id, self._about.pace, self._about.manner)
            ended = False
            while not ended:
                news, when = self._queue.get()
                ended = isinstance(news, Ending)
                records = ledger.close(news, when) if isinstance(news, Ending) else ledger.hear(news, when)
                _append(descriptor, records)
        finally:
            os.close(descriptor)

    def _start(self) -> Record:
        about, mark = self._about, self._about.resumed_from
        start = Record(
            kind=Kind.START.value,
            id=self.id,
            when=self._began,
            at_ms=Ms(0),
            log=LOG_VERSION,
            session=os.path.realpath(about.session),
            title=about.title,
            digest=about.digest,
            pace=about.pace,
            fit_ms=about.fit.ms if about.fit else None,
            fit_pace=about.fit.pace if about.fit else None,
            avoid=about.avoid,
            manner=about.manner,
        )
        return start if mark is None else _going_on(start, mark)

    def _give_up(self, reason: str) -> None:
        if self._on_trouble is not None:
            self._on_trouble(
                Diagnostic(
                    "log-unusable",
                    f"What you do cannot be remembered in {self._folder}: {reason}.",
                    fix=f"Free some space, or name another folder in the variable {ENVIRONMENT}.",
                    severity=Severity.WARNING,
                )
            )


def _going_on(start: Record, mark: Bookmark) -> Record:
    spot = mark.spot
    place = replace(start, step=spot.step, set=spot.set, rep=spot.rep, side=spot.side)
    return replace(place, resumed_from=mark.id, step_title=mark.step_title, exercise=mark.exercise)


def _create(path: Path) -> int:
    """Return the descriptor of a new file that only its owner may read, held until it is closed."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    hold(descriptor)
    _sync_name(path.parent)
    return descriptor


def _sync_name(folder: Path) -> None:
    """Make a new file's name last through a loss of power too, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _append(descriptor: int, records: list[Record]) -> None:
    """Write records through to the disk, so that a loss of power takes none that this function has returned for."""
    rest = b"".join(encode(record) for record in records)
    if not rest:
        return
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)
