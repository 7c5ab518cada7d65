"""From what happens in a live session to what is written of it: events in, records out, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from breathcue.live.diary.records import Ending, Kind, Record
from breathcue.live.moment import Asked, Begun, Event, Heard, State, Turned
from breathcue.timeline.model import Phase, Side
from breathcue.timeline.score import AS_WRITTEN, Control, Manner, Stage
from breathcue.timeline.time import Ms

LEEWAY_MS = Ms(100)
"""How far before its planned end a phase counts as done: what comes next may be heard a block early."""

_LEVELS = {
    Control.VOICE_LOUDER: ("voice", "louder"),
    Control.VOICE_QUIETER: ("voice", "quieter"),
    Control.TONES_LOUDER: ("tones", "louder"),
    Control.TONES_QUIETER: ("tones", "quieter"),
    Control.BED_LOUDER: ("bed", "louder"),
    Control.BED_QUIETER: ("bed", "quieter"),
}
_FORMS = {Control.EASIER, Control.HARDER, Control.MORE_TALK, Control.LESS_TALK}
_MOVES = {Control.NEXT: Kind.SKIPPED, Control.BACK: Kind.WENT_BACK, Control.FINISH: Kind.CLOSING}
"""What leaves the repetition behind at once, and the record of it."""

_AFTER = {
    Control.ADD_REST: Kind.REST_ADDED,
    Control.SKIP_REST: Kind.REST_SKIPPED,
    Control.REPEAT: Kind.REPEATED,
}
"""What lets the repetition run to its end, and the record of it."""

_WAITS = {State.PAUSED: Kind.PAUSED, State.LOST: Kind.LOST}

_StageKey = tuple[int, Ms]
_RepKey = tuple[_StageKey, int | None, int, Side | None]


@dataclass(slots=True)
class _Rep:
    """The repetition that is going on: its record, when its current phase should end, and how it fares.

    ``halted`` while one waits in the middle of it; ``through`` says whether its last phase has run to its end, and
    is None as long as that phase goes on.
    """

    key: _RepKey
    begun: Record
    end_ms: Ms
    halted: bool = False
    through: bool | None = None


class Ledger:
    """Follows one session and says what to write. It reads no clock: whoever tells it of an event says when that was.

    A repetition is done when another one or another step begins, or the session ends, after its last phase has run to
    its end. Waiting within it does not break it, since it is then done again from its start.
    """

    def __init__(self, session_id: str, pace: float, manner: Manner = AS_WRITTEN) -> None:
        """Begin with the pace and the manner in which the session begins."""
        self._id = session_id
        self._pace = pace
        self._manner = manner
        self._first_ms: Ms | None = None
        self._at_ms = Ms(0)
        self._stage: _StageKey | None = None
        self._rep: _Rep | None = None
        self._waiting = False
        self._hurt = False
        self._closing = False

    def hear(self, event: Event, when: datetime) -> list[Record]:
        """Return the records of an event that happened ``when`` the wall clock says, often none."""
        if self._first_ms is None:
            self._first_ms = event.at_ms
        self._at_ms = Ms(max(self._at_ms, event.at_ms))
        match event:
            case Begun():
                return self._begun(event, when)
            case Asked():
                return self._asked(event, when)
            case Turned():
                return self._turned(event, when)
            case Heard():
                return []

    def close(self, how: Ending, when: datetime) -> list[Record]:
        """Return the last records. Once the listener has asked for the closing words, ending there is kind."""
        if self._closing and how is not Ending.FAILED:
            how = Ending.CLOSED_KINDLY
        active = Ms(self._at_ms - (self._first_ms or 0))
        end = replace(self._record(Kind.END, when), how=how.value, active_ms=active)
        return [*self._leave_rep(when), end]

    def _begun(self, event: Begun, when: datetime) -> list[Record]:
        phase, stage = event.phase, event.stage
        key = _key(phase, stage)
        records: list[Record] = []
        if self._rep is not None and self._rep.key == key:
            self._rep.end_ms = phase.end_ms
            self._rep.halted, self._rep.through = False, None
            return records
        self._look_whether_through(event.at_ms)
        begins = _stage_key(stage) != self._stage
        if key is not None or begins:
            records += self._leave_rep(when)
        if begins:
            self._stage = _stage_key(stage)
            records.append(self._record(Kind.STEP, when, stage))
        if key is not None:
            begun = self._record(Kind.REP, when, stage, phase)
            self._rep = _Rep(key, begun, phase.end_ms)
            records.append(begun)
        return records

    def _asked(self, event: Asked, when: datetime) -> list[Record]:
        control, stage, phase = event.control, event.stage, event.phase
        if control in _LEVELS:
            track, change = _LEVELS[control]
            return [replace(self._record(Kind.LEVEL, when), track=track, change=change)]
        if control in (Control.SLOWER, Control.FASTER):
            changed, self._pace = event.pace != self._pace, event.pace
            return [replace(self._record(Kind.PACE, when), pace=event.pace)] if changed else []
        if control in _FORMS:
            return self._in_manner(event, when)
        if control is Control.HURT:
            return self._marked(event, when)
        was_hurt, self._hurt = self._hurt, False
        if control in (*_MOVES, Control.REPEAT):
            self._closing = control is Control.FINISH
        if control in _MOVES:
            return [*self._leave_rep(when), self._record(_MOVES[control], when, stage, phase)]
        if control in _AFTER:
            # What is asked for because of pain leaves the repetition; otherwise it comes after it.
            left = self._leave_rep(when) if was_hurt else []
            return [*left, self._record(_AFTER[control], when, stage, phase)]
        if self._rep is not None:
            self._rep.halted = control is not Control.RESUME
        return []

    def _in_manner(self, event: Asked, when: datetime) -> list[Record]:
        """What is asked for counts where it changes anything; after pain, it is how one goes on."""
        changed, self._manner = event.manner != self._manner, event.manner
        if not changed:
            return []
        self._hurt = False
        place = self._record(Kind.MANNER, when, event.stage, event.phase)
        return [replace(place, manner=event.manner)]

    def _marked(self, event: Asked, when: datetime) -> list[Record]:
        """Pain is marked once, however often the key is pressed while the coach waits for an answer."""
        if self._rep is not None:
            self._rep.halted = True
        if self._hurt:
            return []
        self._hurt = True
        return [self._record(Kind.HURT, when, event.stage, event.phase)]

    def _turned(self, event: Turned, when: datetime) -> list[Record]:
        state = event.state
        if state is State.ENDED:
            self._look_whether_through(event.at_ms)
            return self._leave_rep(when)
        if state is State.PLAYING:
            resumed, self._waiting, self._hurt = self._waiting, False, False
            if self._rep is not None:
                self._rep.halted = False
            return [self._record(Kind.RESUMED, when)] if resumed else []
        if state is State.BEHIND:
            return []
        self._waiting = True
        if self._rep is not None:
            self._rep.halted = True
        return [self._record(_WAITS[state], when)] if state in _WAITS else []

    def _look_whether_through(self, at_ms: Ms) -> None:
        rep = self._rep
        if rep is not None and rep.through is None:
            rep.through = not rep.halted and at_ms >= rep.end_ms - LEEWAY_MS

    def _leave_rep(self, when: datetime) -> list[Record]:
        """Leave the repetition that is going on, if one is; only what has run through was done."""
        rep, self._rep = self._rep, None
        if rep is None or not rep.through:
            return []
        return [replace(rep.begun, kind=Kind.REP_DONE.value, when=when, at_ms=self._at_ms)]

    def _record(
        self, kind: Kind, when: datetime, stage: Stage | None = None, phase: Phase | None = None
    ) -> Record:
        record = Record(kind.value, self._id, when, self._at_ms)
        if stage is not None:
            record = replace(record, step=stage.step, step_title=stage.title, exercise=stage.exercise)
        if phase is not None:
            record = replace(record, set=phase.set, rep=phase.rep, reps=phase.reps, side=phase.side)
        return record


def _stage_key(stage: Stage) -> _StageKey:
    """Return what tells a step as it is performed from every other: one that is repeated begins at another time."""
    return stage.step, stage.start_ms


def _key(phase: Phase, stage: Stage) -> _RepKey | None:
    """Return what tells one repetition from every other, or None for a phase outside of repetitions."""
    return None if phase.rep is None else (_stage_key(stage), phase.set, phase.rep, phase.side)
