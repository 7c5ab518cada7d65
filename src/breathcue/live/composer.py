"""Keeps the score laid ahead of the player, and has it changed on request, in a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Protocol

from breathcue.live.player import Player
from breathcue.timeline.score import Control, Score
from breathcue.timeline.time import Ms

CLOSE_MS = Ms(15_000)
"""While less than this is laid ahead of the player, every part is handed over as soon as it is laid."""

_PUBLISH_EVERY_SECONDS = 0.25
_ATTENTION_SECONDS = 0.2


class Script(Protocol):
    """A session that can be laid part by part. Used by one thread at a time.

    Every method may raise SessionError or MissingError where words cannot be spoken.
    """

    def prelude(self) -> Score:
        """Return what can be heard before a word has been spoken."""
        ...

    def lay(self) -> bool:
        """Lay one more part; return whether there was one."""
        ...

    def score(self) -> Score:
        """Return everything laid so far."""
        ...

    def spare(self) -> bool:
        """Have some of the words spoken that answers to requests need; return whether there are more."""
        ...

    def prepare(self, control: Control, at: Ms) -> None:
        """Have the words spoken that a request at about ``at`` needs, in ms of the session."""
        ...

    def stops(self, control: Control, at: Ms) -> bool:
        """Say whether a request must stop what is going on at ``at``."""
        ...

    def carry_out(self, control: Control, at: Ms, *, stopped: bool) -> None:
        """Do what the listener asks for at ``at``, in ms of the session; ``stopped`` if all is silent there."""
        ...


@dataclass(frozen=True, slots=True)
class _Job:
    """A control, and the moment at which it has stopped the session; None if it lets it go on."""

    control: Control
    at: Ms | None


class Composer:
    """Lays a script for a player. ``failure`` is why it cannot go on, if it cannot."""

    def __init__(self, script: Script, player: Player, now: Callable[[], float] = time.monotonic) -> None:
        self.failure: BaseException | None = None
        self._script = script
        self._player = player
        self._now = now
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._asking = Lock()
        self._stopped = Event()
        self._thread: Thread | None = None
        self._published = now()
        self._laid = True
        self._spare = True

    def ask(self, control: Control) -> None:
        """Have a control take effect: at once what can be done at once, the rest as soon as it has been laid."""
        with self._asking:
            self._jobs.put(_Job(control, self._player.ask(control)))

    def start(self) -> None:
        """Begin to work in a thread."""
        self._thread = Thread(target=self._run, name="breathcue-composer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread after what it is doing."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set():
                self.work(patience=_ATTENTION_SECONDS)
        except BaseException as error:  # raised again in the thread that shows the session
            self.failure = error

    def work(self, patience: float = 0.0) -> bool:
        """Do the next thing there is to do, waiting ``patience`` seconds for it; return whether there was any."""
        busy = self._laid or self._spare
        try:
            job = self._jobs.get(block=not busy and patience > 0, timeout=patience or None)
        except Empty:
            return self._lay_ahead()
        self._do(job)
        return True

    def _do(self, job: _Job) -> None:
        self._script.prepare(job.control, self._player.mixed_ms)
        if job.at is not None:
            self._script.carry_out(job.control, job.at, stopped=True)
        else:
            at = self._player.reserve()
            # The session may have gone on since the listener asked, and a rest begun, say.
            stops = self._script.stops(job.control, at)
            self._script.carry_out(job.control, self._player.halt() if stops else at, stopped=stops)
        self._hand_over(job.control if job.at is None else None)
        self._laid = True

    def _lay_ahead(self) -> bool:
        ahead = self._player.score.end_ms - self._player.mixed_ms
        if self._laid and (ahead < CLOSE_MS or not self._spare):
            self._laid = self._script.lay()
            if ahead < CLOSE_MS or not self._laid or self._now() - self._published > _PUBLISH_EVERY_SECONDS:
                self._hand_over()
            return True
        if self._spare:
            self._spare = self._script.spare()
            return True
        return False

    def _hand_over(self, done: Control | None = None) -> None:
        self._player.publish(self._script.score(), done)
        self._published = self._now()
