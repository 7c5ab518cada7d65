"""What was done: a log's records become past sessions, and past sessions become figures. Reads no file, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from breathcue.live.diary.records import UNFINISHED, Ending, Kind, Record
from breathcue.timeline.score import AS_WRITTEN, Fit, Manner, Spot
from breathcue.timeline.time import Ms

COUNTS_FROM_MS = Ms(60_000)
"""A session in which nothing was repeated or brought to its end counts from this much active time on: one minute."""


@dataclass(frozen=True, slots=True)
class Performed:
    """An exercise as it was done in one step of a session; each side's repetitions count."""

    step: int
    exercise: str
    title: str
    reps: int


@dataclass(frozen=True, slots=True)
class Hurt:
    """A mark that something hurt: in which step, of which exercise (None outside of them), on which day."""

    title: str
    exercise: str | None
    day: date


@dataclass(frozen=True, slots=True)
class PastSession:
    """One session that was performed, or is going on where ``alive``.

    ``session`` is its file's absolute path and empty where the log has lost it. ``began`` is the local time of then,
    ``last`` that of the last sign of life. ``spot`` is where to go on, with ``step_title`` and ``exercise`` naming
    it, and None after a kind end or where nothing had begun; ``pace`` and ``manner`` are the last ones, and ``fit``
    tells how long the session was made to last, if it was. ``avoid`` are the complaints with which exercises were
    not to be done. ``how`` is an :class:`Ending`, the word of a newer version, or None where the session was cut off.
    ``reps`` counts every repetition done, guided breaths included.
    """

    id: str
    began: datetime
    last: datetime
    session: str
    title: str
    digest: str
    pace: float
    resumed_from: str | None
    spot: Spot | None
    step_title: str
    exercise: str | None
    active_ms: Ms
    how: str | None
    reps: int
    performed: tuple[Performed, ...]
    hurts: tuple[Hurt, ...]
    manner: Manner = AS_WRITTEN
    alive: bool = False
    fit: Fit | None = None
    avoid: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The local date on which the session began; one that runs past midnight belongs to that day."""
        return self.began.date()

    @property
    def unfinished(self) -> bool:
        """Whether the session neither came to its end nor was closed kindly."""
        return self.how in UNFINISHED

    @property
    def counts(self) -> bool:
        """Whether something was done at all, rather than a session opened and closed."""
        return bool(self.reps) or not self.unfinished or self.active_ms >= COUNTS_FROM_MS


@dataclass(frozen=True, slots=True)
class Total:
    """Sessions that were begun, parts that go on with one not counted again, and their active time."""

    sessions: int
    active_ms: Ms


@dataclass(frozen=True, slots=True)
class ExerciseFigures:
    """An exercise over all sessions: how often, how many repetitions (each side's count), and when last."""

    exercise: str
    title: str
    times: int
    reps: int
    last: date


@dataclass(frozen=True, slots=True)
class HurtFigures:
    """Where something hurt, how often that was marked, and on which days, the newest first."""

    title: str
    exercise: str | None
    times: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The figures of a history. ``sessions`` lists the newest first, ``exercises`` those done last first."""

    streak: int
    longest_streak: int
    this_week: Total
    in_all: Total
    exercises: tuple[ExerciseFigures, ...]
    hurts: tuple[HurtFigures, ...]
    sessions: tuple[PastSession, ...]


@dataclass(slots=True)
class _Replay:
    """What is known of a session after some of its records."""

    start: Record | None = None
    pace: float = 1.0
    manner: Manner = AS_WRITTEN
    at: Record | None = None
    first_ms: Ms | None = None
    last_ms: Ms = Ms(0)
    closing: bool = False
    how: str | None = None
    active_ms: Ms | None = None
    reps: int = 0
    performed: dict[tuple[int, str], Performed] = field(default_factory=dict)
    hurts: list[Hurt] = field(default_factory=list)


def replay(records: Iterable[Record]) -> PastSession | None:
    """Return the session that one log tells of, or None where it tells nothing. Unknown kinds are passed over."""
    state = _Replay()
    first: Record | None = None
    last: Record | None = None
    for record in records:
        first = first or record
        last = record
        if record.kind != Kind.START:
            state.first_ms = record.at_ms if state.first_ms is None else state.first_ms
            state.last_ms = Ms(max(state.last_ms, record.at_ms))
        _take(state, record)
    return None if first is None or last is None else _past_session(state, first, last)


def _take(state: _Replay, record: Record) -> None:
    match record.kind:
        case Kind.START:
            state.start, state.at = record, record
            state.pace, state.manner = record.pace or state.pace, record.manner
        case Kind.STEP | Kind.REP:
            state.at = state.at if _greets(state.at, record) else record
        case Kind.REP_DONE:
            _count(state, record)
        case Kind.PACE:
            state.pace = record.pace or state.pace
        case Kind.MANNER:
            state.manner = record.manner
        case Kind.HURT:
            state.hurts.append(Hurt(record.step_title or "", record.exercise, record.when.date()))
        case Kind.CLOSING | Kind.WENT_BACK | Kind.REPEATED | Kind.SKIPPED:
            state.closing = record.kind == Kind.CLOSING
        case Kind.END:
            state.how, state.active_ms = record.how, record.active_ms


def _greets(at: Record | None, record: Record) -> bool:
    """Say whether a step only begins again on the way to the repetition with which a session was to go on."""
    if at is None or at.kind != Kind.START or at.rep is None:
        return False
    return record.kind == Kind.STEP and record.step == at.step


def _count(state: _Replay, record: Record) -> None:
    state.reps += 1
    if record.exercise is None or record.step is None:
        return
    key = record.step, record.exercise
    before = state.performed.get(key)
    title = record.step_title or record.exercise
    state.performed[key] = Performed(*key, title, before.reps + 1 if before else 1)


def _past_session(state: _Replay, first: Record, last: Record) -> PastSession:
    start = state.start
    how = state.how or (Ending.CLOSED_KINDLY.value if state.closing else None)
    at = state.at if how in UNFINISHED else None
    active = state.active_ms
    if active is None:
        active = Ms(state.last_ms - (state.first_ms or 0))
    return PastSession(
        id=first.id,
        began=first.when,
        last=last.when,
        session=(start.session if start else None) or "",
        title=(start.title if start else None) or "",
        digest=(start.digest if start else None) or "",
        pace=state.pace,
        manner=state.manner,
        resumed_from=start.resumed_from if start else None,
        spot=at.spot if at else None,
        step_title=(at.step_title if at else None) or "",
        exercise=at.exercise if at else None,
        active_ms=active,
        how=how,
        reps=state.reps,
        performed=tuple(state.performed.values()),
        hurts=tuple(state.hurts),
        fit=start.fit if start else None,
        avoid=start.avoid if start else (),
    )


def history(sessions: Sequence[PastSession], today: date, days: int | None = None) -> History:
    """Return the figures of sessions, given the newest first.

    ``today`` is the local date. ``days`` narrows all but the streaks to that many days, today included.
    """
    counted = [past for past in sessions if past.counts]
    dates = {past.day for past in counted}
    if days is not None:
        counted = [past for past in counted if (today - past.day).days < days]
    week = [past for past in counted if past.day.isocalendar()[:2] == today.isocalendar()[:2]]
    return History(
        streak=current_streak(dates, today),
        longest_streak=longest_streak(dates),
        this_week=_total(week, counted),
        in_all=_total(counted, counted),
        exercises=_exercises(counted),
        hurts=_hurts(counted),
        sessions=tuple(counted),
    )


def current_streak(days: set[date], today: date) -> int:
    """Return how many days in a row something was done, up to today.

    A day that is not over breaks nothing, so yesterday may be the last one. Tomorrow may be, too: after a flight to
    the west, the day of the last session can lie ahead of the local date.
    """
    ordinals = {day.toordinal() for day in days}
    now = today.toordinal()
    last = next((day for day in (now + 1, now, now - 1) if day in ordinals), None)
    length = 0
    while last is not None and last - length in ordinals:
        length += 1
    return length


def longest_streak(days: set[date]) -> int:
    """Return the greatest number of days in a row on which something was done."""
    longest = length = 0
    before: int | None = None
    for day in sorted(day.toordinal() for day in days):
        length = length + 1 if before is not None and day == before + 1 else 1
        longest, before = max(longest, length), day
    return longest


def _total(sessions: Sequence[PastSession], known: Sequence[PastSession]) -> Total:
    ids = {past.id for past in known}
    begun = sum(past.resumed_from not in ids for past in sessions)
    return Total(begun, Ms(sum(past.active_ms for past in sessions)))


def _exercises(sessions: Sequence[PastSession]) -> tuple[ExerciseFigures, ...]:
    """Sum up each exercise; going on with a step where another session left it is not a second time."""
    done = {past.id: {(each.step, each.exercise) for each in past.performed} for past in sessions}
    found: dict[str, ExerciseFigures] = {}
    for past in sessions:
        before = done.get(past.resumed_from or "", set())
        for each in past.performed:
            once = 0 if (each.step, each.exercise) in before else 1
            newer = found.get(each.exercise)
            if newer is None:
                found[each.exercise] = ExerciseFigures(each.exercise, each.title, once, each.reps, past.day)
            else:
                found[each.exercise] = ExerciseFigures(
                    newer.exercise, newer.title, newer.times + once, newer.reps + each.reps, newer.last
                )
    return tuple(found.values())


def _hurts(sessions: Sequence[PastSession]) -> tuple[HurtFigures, ...]:
    found: dict[tuple[str | None, str], list[Hurt]] = {}
    for past in sessions:
        for hurt in reversed(past.hurts):
            found.setdefault((hurt.exercise, "" if hurt.exercise else hurt.title), []).append(hurt)
    return tuple(
        HurtFigures(marks[0].title, exercise, len(marks), tuple(dict.fromkeys(mark.day for mark in marks)))
        for (exercise, _), marks in found.items()
    )
