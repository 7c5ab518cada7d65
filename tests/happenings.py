"""What happens in a live session, made by hand: events for tests of those who listen to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from breathcue.live.diary.ledger import Ledger
from breathcue.live.diary.log import SessionAbout
from breathcue.live.diary.memory import log_files
from breathcue.live.diary.records import Ending, Kind, Record
from breathcue.live.moment import Asked, Begun, Event, State, Turned
from breathcue.timeline.model import Phase, PhaseKind, Side
from breathcue.timeline.score import AS_WRITTEN, Control, Manner, Stage
from breathcue.timeline.time import Ms

WHEN = datetime(2025, 6, 3, 7, 10, tzinfo=UTC)
RIGHT, LEFT = Side.RIGHT, Side.LEFT


@dataclass
class Acted:
    """A session that is acted out: each method lets something happen, in session time."""

    events: list[Event] = field(default_factory=list)
    at_ms: int = 0
    stage: Stage | None = None
    phase: Phase | None = None
    pace: float = 1.0

    def step(self, step: int, title: str, exercise: str | None = None, *, ms: int = 2000) -> Acted:
        """Begin a step with a phase in which somebody talks."""
        self.stage = Stage(Ms(self.at_ms), title, step, exercise)
        return self.pause_for(PhaseKind.TALK, ms)

    def pause_for(self, kind: PhaseKind, ms: int) -> Acted:
        """Let a phase outside of repetitions begin and run to its end."""
        return self._begin(Phase(Ms(self.at_ms), Ms(self.at_ms + ms), kind, "", self._exercise), ms)

    def rep(
        self,
        number: int,
        *,
        of: int = 10,
        set: int = 1,
        side: Side | None = None,
        cut_after: int | None = None,
    ) -> Acted:
        """Do a repetition of two phases of 4 s; ``cut_after`` leaves it so many ms after it began."""
        for start, kind in ((0, PhaseKind.INHALE), (4000, PhaseKind.EXHALE)):
            runs = 4000 if cut_after is None else min(4000, cut_after - start)
            if runs > 0:
                times = Ms(self.at_ms), Ms(self.at_ms + 4000)
                self._begin(Phase(*times, kind, "", self._exercise, set, number, of, side), runs)
        return self

    def reps(self, count: int, *, set: int = 1) -> Acted:
        """Do a whole set."""
        for number in range(1, count + 1):
            self.rep(number, of=count, set=set)
        return self

    def ask(self, control: Control, *, pace: float | None = None, manner: Manner = AS_WRITTEN) -> Acted:
        """Let the listener ask for something."""
        self.pace = self.pace if pace is None else pace
        self.events.append(Asked(Ms(self.at_ms), control, self.stage, self.phase, self.pace, manner))
        return self

    def turn(self, state: State) -> Acted:
        """Let the coach's state change."""
        self.events.append(Turned(Ms(self.at_ms), state))
        return self

    def records(self, how: Ending | None = None) -> list[Record]:
        """Return what a ledger makes of it all, one second apart; without ``how``, it is cut off."""
        ledger = Ledger("0000abcd", 1.0)
        times = (WHEN + timedelta(seconds=number) for number in range(len(self.events) + 1))
        found = [record for event in self.events for record in ledger.hear(event, next(times))]
        return found if how is None else found + ledger.close(how, next(times))

    @property
    def at_ms_of_last_event(self) -> int:
        return self.events[-1].at_ms

    @property
    def _exercise(self) -> str | None:
        return self.stage.exercise if self.stage else None

    def _begin(self, phase: Phase, ms: int) -> Acted:
        assert self.stage is not None
        self.phase = phase
        self.events.append(Begun(Ms(self.at_ms), phase, self.stage))
        self.at_ms += ms
        return self


def about(path: Path, title: str = "Morning", **more: object) -> SessionAbout:
    return SessionAbout(path, title, "0" * 40, 1.0, **more)  # type: ignore[arg-type]


def kinds(records: Iterable[Record]) -> list[str]:
    """Return the kinds of records, with the number of the repetition where there is one: ``rep 3``."""
    return [f"{r.kind} {r.rep}" if r.rep else r.kind for r in records]


def start(session: str = "/home/me/morning.yaml", **more: object) -> Record:
    """Return a start record."""
    given = {"id": "0000abcd", "when": WHEN, "title": "Morning", "digest": "0" * 40, "pace": 1.0, **more}
    return Record(Kind.START.value, at_ms=Ms(0), log=1, session=session, **given)  # type: ignore[arg-type]


def wait_for(folder: Path, part: bytes) -> None:
    """Wait until a log in ``folder`` holds ``part``: it is written by a thread of its own."""
    patience = monotonic() + 20
    while not any(part in path.read_bytes() for path in log_files(folder)):
        assert monotonic() < patience, "the log's thread has written nothing"
        sleep(0.002)
