"""The records of a session log: what one line holds, written and read. docs/live-log.md is the format's page."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn

from breathcue.timeline.model import Side
from breathcue.timeline.score import AS_WRITTEN, Fit, Guidance, Level, Manner, Spot
from breathcue.timeline.time import Ms

LOG_VERSION = 1
"""Raised only when a record comes to mean something else; new kinds and new keys may appear within a version."""


class Kind(StrEnum):
    """What a record tells."""

    START = "start"
    STEP = "step"
    REP = "rep"
    REP_DONE = "rep-done"
    SKIPPED = "skipped"
    WENT_BACK = "went-back"
    REPEATED = "repeated"
    PACE = "pace"
    LEVEL = "level"
    MANNER = "manner"
    REST_ADDED = "rest-added"
    REST_SKIPPED = "rest-skipped"
    HURT = "hurt"
    PAUSED = "paused"
    LOST = "lost"
    RESUMED = "resumed"
    CLOSING = "closing"
    END = "end"


class Ending(StrEnum):
    """How a session came to its end."""

    FINISHED = "finished"
    CLOSED_KINDLY = "closed-kindly"
    QUIT = "quit"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


UNFINISHED = frozenset({None, Ending.QUIT.value, Ending.INTERRUPTED.value, Ending.FAILED.value})
"""The endings after which one may want to go on; None is that of a session which was cut off."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a log. ``id`` is that of the session, ``when`` the wall clock, ``at_ms`` session time.

    ``kind`` is a :class:`Kind`, or the word of a newer version. What a kind does not tell is None. ``session`` is the
    absolute path of the session's file, ``digest`` that of its content, ``fit_ms`` how long it was made to last, and
    ``fit_pace`` at which pace that was reckoned, ``avoid`` the complaints with which exercises were not to be done,
    ``resumed_from`` the id of the session that this one goes on with; a start record's ``step``, ``set``, ``rep`` and
    ``side`` say where. ``active_ms`` is session time without waiting. ``manner`` is all that was asked for so far.
    ``how`` is an :class:`Ending`, or the word of a newer version.
    """

    kind: str
    id: str
    when: datetime
    at_ms: Ms
    log: int | None = None
    session: str | None = None
    title: str | None = None
    digest: str | None = None
    pace: float | None = None
    fit_ms: Ms | None = None
    fit_pace: float | None = None
    avoid: tuple[str, ...] = ()
    resumed_from: str | None = None
    step: int | None = None
    step_title: str | None = None
    exercise: str | None = None
    set: int | None = None
    rep: int | None = None
    reps: int | None = None
    side: Side | None = None
    track: str | None = None
    change: str | None = None
    manner: Manner = AS_WRITTEN
    how: str | None = None
    active_ms: Ms | None = None

    @property
    def spot(self) -> Spot | None:
        """The place that the record names, or None where it names no step."""
        return None if self.step is None else Spot(self.step, self.set, self.rep, self.side)

    @property
    def fit(self) -> Fit | None:
        """How long the session was made to last, or None where the record does not tell."""
        return None if self.fit_ms is None or self.fit_pace is None else Fit(self.fit_ms, self.fit_pace)


def encode(record: Record) -> bytes:
    """Return a record as its line: JSON in ASCII, so that no cut can split a character, and a line break."""
    facts = {**{f.name: getattr(record, f.name) for f in fields(record)}, **_told(record.manner)}
    facts["avoid"] = list(record.avoid) or None
    told = {name: value for name in _KEYS if (value := facts.get(name)) is not None}
    told["when"] = record.when.isoformat(timespec="milliseconds")
    return json.dumps(told, separators=(",", ":")).encode("ascii") + b"\n"


def decode(line: bytes) -> Record | None:
    """Return the record in a line, or None where the line is damaged or never was a record."""
    return _decode(line.decode("utf-8", "replace"))


def read(content: bytes) -> Iterator[Record]:
    """Yield the records in a log's content, in order; damaged lines and foreign sessions' lines are passed over.

    A file belongs to one session: that of its first record. A log of a newer version than ours holds nothing for us.
    """
    owner: str | None = None
    for line in content.decode("utf-8", "replace").split("\n"):
        record = _decode(line) if line else None
        if record is None or (owner is not None and record.id != owner):
            continue
        if record.log is not None and record.log > LOG_VERSION:
            return
        owner = record.id
        yield record


def in_brief(content: bytes) -> bytes:
    """Return a log's content without what no longer matters: in an ended session, the repetitions that were begun.

    They are half of its lines; only where one goes on do they tell anything that those done do not.
    """
    lines = content.splitlines(keepends=True)
    last = decode(lines[-1]) if lines else None
    if last is None or last.kind != Kind.END or last.how in UNFINISHED:
        return content
    return b"".join(line for line in lines if not line.startswith(_BEGUN))


def _decode(line: str) -> Record | None:
    try:
        told = _JSON.decode(line)
        if not isinstance(told, dict):
            return None
        known = {key: _KEYS[key](value) for key, value in told.items() if key in _KEYS and value is not None}
        asked = {key: known.pop(key) for key in _MANNER if key in known}
        return Record(**known, manner=Manner(**asked))
    except (ValueError, TypeError, RecursionError, OverflowError):
        return None


def _told(manner: Manner) -> dict[str, Any]:
    return {"level": manner.level, "guidance": manner.guidance, "eased": list(manner.eased) or None}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError("not a whole number that JSON keeps exactly")
    return value


def _time(value: Any) -> Ms:
    return Ms(_whole(value))


def _pace(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value) or value <= 0:
        raise ValueError("not a pace")
    return float(value)


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    return moment


def _side(value: Any) -> Side:
    return Side(value)


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list of names")
    return tuple(map(_text, value))


_JSON = json.JSONDecoder(parse_constant=_refuse)
_BEGUN = b'{"kind":"%s",' % Kind.REP.value.encode("ascii")
_SPECIAL: dict[str, Callable[[Any], Any]] = {
    "when": _moment,
    "at_ms": _time,
    "active_ms": _time,
    "pace": _pace,
    "fit_ms": _time,
    "fit_pace": _pace,
    "avoid": _names,
    "side": _side,
    "log": _whole,
    "step": _whole,
    "set": _whole,
    "rep": _whole,
    "reps": _whole,
}
_MANNER: dict[str, Callable[[Any], Any]] = {"level": Level, "guidance": Guidance, "eased": _names}
_KEYS: dict[str, Callable[[Any], Any]] = {
    f.name: _SPECIAL.get(f.name, _text) for f in fields(Record) if f.name != "manner"
} | _MANNER
"""How the value of each key is read; the order is that in which the keys are written."""
