"""A difference of two timelines for reading, and as JSON (documented in docs/timeline.md, and stable)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from breathcue.timeline.codec import plain
from breathcue.timeline.difference import Change, Changes, Difference, Shift, voice_in_words
from breathcue.timeline.model import Chapter, Cue, Phase, PhaseKind, Track
from breathcue.timeline.time import GRID_MS, Ms, clock

SCHEMA = "breathcue/difference/1"

_MOST_TIMES = 6
"""How many shifts, or lines of another length, are listed; where there are more, their extent says more."""


_OF_WORDS = frozenset({PhaseKind.TALK, PhaseKind.SETUP, PhaseKind.TRANSITION})
"""The phases whose length follows from their words."""


def as_json(difference: Difference) -> str:
    """Return a difference as JSON text, one item a line."""
    lines = [
        f'"schema": {_json(SCHEMA)}',
        f'"same": {_json(difference.same)}',
        f'"duration_ms": {_json({"before": difference.before_ms, "after": difference.after_ms})}',
        _array("fields", difference.fields),
    ]
    for name in ("chapters", "phases", "cues"):
        changes = getattr(difference, name)
        inner = [_array(part, getattr(changes, part)) for part in ("removed", "added", "changed")]
        lines.append(f"{_json(name)}: {{\n" + ",\n".join(inner) + "\n}")
    lines += [_array("moved", difference.moved), _array("shifts", difference.shifts)]
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(key: str, items: Sequence[object]) -> str:
    inner = ",\n".join(_json(plain(item)) for item in items)
    return f"{_json(key)}: [\n{inner}\n]" if items else f"{_json(key)}: []"


def as_text(difference: Difference, most: int | None = None) -> str:
    """Return a difference for reading, without a line break at its end.

    ``-`` is what is gone, ``+`` what is new, ``~`` what has changed, ``>`` what is said in another order, and ``@``
    what comes earlier or later. Of each part, at most ``most`` entries are written.
    """
    if difference.same:
        return f"No difference: {difference.title}, {clock(difference.before_ms)}."
    parts = {
        "session": [f"  ~ {field.name}: {field.before} → {field.after}" for field in difference.fields],
        "chapters": list(_chapters(difference.chapters)),
        "phases": list(_phases(difference.phases)),
        "words": list(_cues(difference)),
        "times": list(_times(difference)),
    }
    lines = [_head(difference)]
    for name, entries in parts.items():
        if entries:
            lines += [name, *_at_most(entries, most)]
    return "\n".join(lines)


def _at_most(entries: list[str], most: int | None) -> list[str]:
    # "and 1 more" would take the line that the one more takes.
    if most is None or len(entries) <= most + 1:
        return entries
    return [*entries[:most], f"  and {len(entries) - most} more"]


def _head(difference: Difference) -> str:
    before, after = difference.before_ms, difference.after_ms
    if before == after:
        return f"{difference.title}: {clock(after)}, as long as before"
    return f"{difference.title}: {clock(before)} → {clock(after)}, {_by(after - before, 'longer', 'shorter')}"


def _length(ms: int) -> str:
    """Return a length for reading: milliseconds, seconds with a decimal, or minutes and seconds."""
    if ms < 1_000:
        return f"{ms} ms"
    return f"{ms / 1000:.1f} s" if ms < 60_000 else clock(ms)


def _by(ms: int, more: str, less: str) -> str:
    return f"{_length(abs(ms))} {more if ms > 0 else less}"


def _chapters(changes: Changes[Chapter]) -> Iterator[str]:
    for sign, chapters in (("-", changes.removed), ("+", changes.added)):
        for chapter in chapters:
            length = _length(chapter.end_ms - chapter.start_ms)
            yield f"  {sign} {clock(chapter.start_ms)}  {chapter.title}, {length}"
    for change in changes.changed:
        one, other = change.before, change.after
        lengths = one.end_ms - one.start_ms, other.end_ms - other.start_ms
        yield f"  ~ {_became(one.title, other.title)}{_lengths(*lengths)}"


def _became(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _lengths(before: int, after: int) -> str:
    if before == after:
        return ""
    pair = _length(before), _length(after)
    if pair[0] == pair[1]:
        pair = clock(before, millis=True), clock(after, millis=True)
    return f": {pair[0]} → {pair[1]}"


def _phases(changes: Changes[Phase]) -> Iterator[str]:
    for sign, phases in (("-", changes.removed), ("+", changes.added)):
        for name, run in groupby(phases, key=lambda phase: phase.exercise or phase.label):
            yield _run(sign, name, list(run))
    large = [change for change in changes.changed if not _is_slight(change)]
    # The same change in every repetition is one.
    for change, times in Counter(map(_phase_change, large)).items():
        yield f"  ~ {change}{f' ({times} times)' if times > 1 else ''}"
    slight = len(changes.changed) - len(large)
    if slight:
        yield f"  ~ {_counted(slight, 'phase')} up to {GRID_MS} ms longer or shorter, for cues start on a grid"


def _is_slight(change: Change[Phase]) -> bool:
    """Say whether a phase of words lasts longer or shorter by a step of the grid; no author asked for that."""
    one, other = change.before, change.after
    same = (one.label, one.exercise, one.reps) == (other.label, other.exercise, other.reps)
    return same and one.kind in _OF_WORDS and abs(one.duration_ms - other.duration_ms) <= GRID_MS


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}"


def _run(sign: str, name: str, phases: list[Phase]) -> str:
    number = f"{len(phases)} phases, " if len(phases) > 1 else ""
    return (
        f"  {sign} {clock(phases[0].start_ms)}  {name}: {number}{_length(sum(p.duration_ms for p in phases))}"
    )


def _phase_change(change: Change[Phase]) -> str:
    one, other = change.before, change.after
    reps = "" if one.reps == other.reps else f", of {_reps(one)} → of {_reps(other)}"
    name = _became(_phase_name(one), _phase_name(other))
    return f"{name}{reps}{_lengths(one.duration_ms, other.duration_ms)}"


def _reps(phase: Phase) -> str:
    return "none" if phase.reps is None else str(phase.reps)


def _phase_name(phase: Phase) -> str:
    label = phase.label if phase.label.lower() == phase.kind else f"{phase.kind} “{phase.label}”"
    return f"{phase.exercise}, {label}" if phase.exercise else label


def _cues(difference: Difference) -> Iterator[str]:
    """Yield what is said otherwise, in the order in which it is heard."""
    entries: list[tuple[int, str]] = []
    for cue in difference.cues.removed:
        entries.append((_new_time(cue.start_ms, difference.shifts), f"  - {_line(cue)}"))
    for cue in difference.cues.added:
        entries.append((cue.start_ms, f"  + {_line(cue)}"))
    for change in difference.cues.changed:
        if _words(change.before) != _words(change.after):
            entries.append((change.after.start_ms, _reworded(change)))
    for change in difference.moved:
        before, after = change.before, change.after
        entries.append((after.start_ms, f"  > {_line(after)}  (was at {clock(before.start_ms)})"))
    yield from (line for _, line in sorted(entries, key=lambda entry: entry[0]))


def _new_time(at: Ms, shifts: Sequence[Shift]) -> int:
    """Return about when what was at ``at`` would be now, so that what is gone stands where it was."""
    for shift in reversed(shifts):
        if shift.from_ms <= at:
            return at + shift.shift_ms if shift.last or at <= shift.to_ms else at
    return at


def _line(cue: Cue) -> str:
    return f"{clock(cue.start_ms)}  {_words(cue)}"


def _words(cue: Cue) -> str:
    if cue.track is not Track.VOICE:
        return f"[{'bed ' if cue.track is Track.BED else ''}{cue.text}]"
    return f"({voice_in_words(cue.voice)}) {cue.text}" if cue.voice else cue.text


def _reworded(change: Change[Cue]) -> str:
    at = clock(change.after.start_ms)
    return f"  ~ {at}  {_words(change.before)}\n  {'→':>{len(at) + 2}}  {_words(change.after)}"


def _times(difference: Difference) -> Iterator[str]:
    yield from _stretched([c for c in difference.cues.changed if _words(c.before) == _words(c.after)])
    shifts = difference.shifts
    if len(shifts) <= _MOST_TIMES:
        yield from map(_shift, shifts)
        return
    first, last = shifts[0], shifts[-1]
    by = sorted(shift.shift_ms for shift in shifts)
    until = "everything" if last.last else f"much until {clock(last.to_ms)}"
    extent = f"{_by(by[0], 'later', 'earlier')} to {_by(by[-1], 'later', 'earlier')}"
    yield f"  @ from {clock(first.from_ms)} on, {until} comes at another time, {extent}"


def _stretched(changes: list[Change[Cue]]) -> Iterator[str]:
    """Yield which cues take another time, though their words are the same."""
    if len(changes) <= _MOST_TIMES:
        for change in changes:
            lengths = _lengths(change.before.duration_ms, change.after.duration_ms)
            yield f"  ~ {clock(change.after.start_ms)}  {_words(change.after)}{lengths}"
        return
    by = sorted(change.after.duration_ms - change.before.duration_ms for change in changes)
    extent = f"{_by(by[0], 'longer', 'shorter')} to {_by(by[-1], 'longer', 'shorter')}"
    yield f"  ~ {len(changes)} lines take another time, {extent}"


def _shift(shift: Shift) -> str:
    by = _by(shift.shift_ms, "later", "earlier")
    if shift.last and shift.cues > 1:
        return f"  @ everything from {clock(shift.from_ms)} on comes {by}"
    if shift.cues == 1:
        return f"  @ what came at {clock(shift.from_ms)} comes {by}"
    return f"  @ what came from {clock(shift.from_ms)} to {clock(shift.to_ms)} comes {by}"
