"""What is different between two timelines: words, phases, chapters, and what only comes earlier or later.

Sequences are aligned by what their items are, not by when they come. So one longer rest is one change, and all that
follows it one shift. Where a cue comes from in the author's file, and its id, make no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Generic, TypeVar

from breathcue.timeline.alignment import Block, align
from breathcue.timeline.model import Chapter, Cue, Phase, Timeline, Track, Voice
from breathcue.timeline.time import GRID_MS, Ms

Item = TypeVar("Item", Chapter, Phase, Cue)

_ALIKE = 0.5
"""From which share of common letters on two lines count as one that was reworded (difflib's ratio)."""
_LOOK_AHEAD = 8
"""Among how many of the new lines the one is looked for that an old one has become."""
_SURELY_MOVED = 3
"""So many lines in a row that left one place and came to another have moved, even if they are said elsewhere, too."""


@dataclass(frozen=True, slots=True)
class Change(Generic[Item]):
    """One item before and after."""

    before: Item
    after: Item


@dataclass(frozen=True, slots=True)
class Changes(Generic[Item]):
    """What became of chapters, phases or cues, each in the order of its timeline."""

    removed: tuple[Item, ...] = ()
    added: tuple[Item, ...] = ()
    changed: tuple[Change[Item], ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.removed or self.added or self.changed)


@dataclass(frozen=True, slots=True)
class Field:
    """A word about the whole session that is another now: its ``title``, ``language`` or ``voice``."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A run of cues that come ``shift_ms`` later, or earlier where that is negative; all within one grid step of it.

    ``from_ms`` and ``to_ms`` are when the first and the last of them started before; ``last`` if none follows it.
    """

    from_ms: Ms
    to_ms: Ms
    shift_ms: int
    cues: int
    last: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is different between two timelines.

    A changed chapter has another title or length; a changed phase another length, number of repetitions or name; a
    changed cue other words, another voice or length. ``moved`` are cues that come in another order, and ``shifts``
    those that merely come earlier or later.
    """

    title: str
    before_ms: Ms
    after_ms: Ms
    fields: tuple[Field, ...]
    chapters: Changes[Chapter]
    phases: Changes[Phase]
    cues: Changes[Cue]
    moved: tuple[Change[Cue], ...]
    shifts: tuple[Shift, ...]

    @property
    def same(self) -> bool:
        """Whether there is no difference at all."""
        found = (self.fields, self.chapters, self.phases, self.cues, self.moved, self.shifts)
        return self.before_ms == self.after_ms and not any(found)


def difference(before: Timeline, after: Timeline) -> Difference:
    """Return what is different in ``after``; nothing, if it differs in no more than ids and places of the source."""
    chapters, _ = _compare(before.chapters, after.chapters, _chapter_key, _all_with_all, _chapter_look)
    phases, _ = _compare(before.phases, after.phases, _phase_key, _same_kinds, _phase_look)
    one, other = _without_bed_length(before), _without_bed_length(after)
    cues, pairs = _compare(one, other, _cue_key, _alike, _cue_look)
    moved = tuple(_moved(cues, one, other))
    gone, come = {id(pair.before) for pair in moved}, {id(pair.after) for pair in moved}
    left = tuple(cue for cue in cues.removed if id(cue) not in gone)
    new = tuple(cue for cue in cues.added if id(cue) not in come)
    stretched = [pair for pair in moved if _cue_look(pair.before) != _cue_look(pair.after)]
    return Difference(
        title=after.title,
        before_ms=before.duration_ms,
        after_ms=after.duration_ms,
        fields=tuple(_fields(before, after)),
        chapters=chapters,
        phases=phases,
        cues=Changes(left, new, (*cues.changed, *stretched)),
        moved=moved,
        shifts=tuple(_shifts(pairs)),
    )


def voice_in_words(voice: Voice) -> str:
    """Return a voice as a person names it."""
    return f"{voice.engine}:{voice.name} at speed {voice.speed:g}"


def _fields(before: Timeline, after: Timeline) -> Iterator[Field]:
    for name in ("title", "language"):
        if getattr(before, name) != getattr(after, name):
            yield Field(name, getattr(before, name), getattr(after, name))
    if before.voice != after.voice:
        yield Field("voice", voice_in_words(before.voice), voice_in_words(after.voice))


_Pairs = list[tuple[int, int]]
_Pairing = Callable[[Sequence[Item], Sequence[Item]], _Pairs]


def _compare(
    before: Sequence[Item],
    after: Sequence[Item],
    key: Callable[[Item], Hashable],
    pairing: _Pairing[Item],
    look: Callable[[Item], Hashable],
) -> tuple[Changes[Item], list[Change[Item]]]:
    """Return the changes, and all pairs of items that are one item before and after.

    Items of the same ``key`` are one; ``pairing`` finds more of them in a stretch where none is. A pair whose ``look``
    differs has changed.
    """
    removed: list[Item] = []
    added: list[Item] = []
    pairs: list[Change[Item]] = []
    for block in align([key(item) for item in before], [key(item) for item in after]):
        found = _pairs_of(block, before, after, pairing)
        pairs += [Change(before[i], after[j]) for i, j in found]
        gone, come = {i for i, _ in found}, {j for _, j in found}
        removed += [before[i] for i in block.before if i not in gone]
        added += [after[j] for j in block.after if j not in come]
    changed = tuple(pair for pair in pairs if look(pair.before) != look(pair.after))
    return Changes(tuple(removed), tuple(added), changed), pairs


def _pairs_of(block: Block, before: Sequence[Item], after: Sequence[Item], pairing: _Pairing[Item]) -> _Pairs:
    if block.same:
        return list(zip(block.before, block.after, strict=True))
    inner = pairing([before[i] for i in block.before], [after[j] for j in block.after])
    return [(block.before[i], block.after[j]) for i, j in inner]


def _chapter_key(chapter: Chapter) -> Hashable:
    return chapter.title


def _chapter_look(chapter: Chapter) -> Hashable:
    return chapter.title, chapter.end_ms - chapter.start_ms


def _phase_key(phase: Phase) -> Hashable:
    return _phase_look(phase)[:-2]


def _phase_look(phase: Phase) -> tuple[object, ...]:
    who = (phase.kind, phase.label, phase.exercise, phase.set, phase.rep, phase.side, phase.breath)
    return (*who, phase.reps, phase.duration_ms)


def _cue_key(cue: Cue) -> Hashable:
    return cue.track, cue.kind, cue.text, cue.voice


def _cue_look(cue: Cue) -> Hashable:
    return cue.text, cue.voice, cue.duration_ms


def _all_with_all(before: Sequence[Item], after: Sequence[Item]) -> _Pairs:
    """Pair a stretch item by item if it has as many as before."""
    return [(index, index) for index in range(len(before))] if len(before) == len(after) else []


def _same_kinds(before: Sequence[Phase], after: Sequence[Phase]) -> _Pairs:
    """Pair phases that do the same under another name."""
    same = [phase.kind for phase in before] == [phase.kind for phase in after]
    return _all_with_all(before, after) if same else []


def _alike(before: Sequence[Cue], after: Sequence[Cue]) -> _Pairs:
    """Pair cues of which one has become the other: in order, of the same kind, with much of the same words."""
    pairs: _Pairs = []
    start = 0
    for i, cue in enumerate(before):
        ahead = (j for j in range(start, len(after)) if _kind(after[j]) == _kind(cue))
        for _, j in zip(range(_LOOK_AHEAD), ahead, strict=False):
            if _much_the_same(cue.text, after[j].text):
                pairs.append((i, j))
                start = j + 1
                break
    return sorted([*pairs, *_left_alone(before, after, pairs)])


def _left_alone(before: Sequence[Cue], after: Sequence[Cue], pairs: _Pairs) -> Iterator[tuple[int, int]]:
    """Yield pairs of what stands alone between two pairs: whatever its words, one has become the other."""
    for (i, j), (next_i, next_j) in pairwise([(-1, -1), *pairs, (len(before), len(after))]):
        if next_i - i == next_j - j == 2 and _kind(before[i + 1]) == _kind(after[j + 1]):
            yield i + 1, j + 1


def _kind(cue: Cue) -> Hashable:
    return cue.track, cue.kind


def _much_the_same(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _moved(cues: Changes[Cue], before: Sequence[Cue], after: Sequence[Cue]) -> Iterator[Change[Cue]]:
    """Yield the cues that went from one place and came to another: a run of them, or one that is said only once."""
    times = Counter(map(_cue_key, before)) + Counter(map(_cue_key, after))
    keys = [_cue_key(cue) for cue in cues.removed], [_cue_key(cue) for cue in cues.added]
    for block in align(*keys):
        if not block.same:
            continue
        run = [Change(cues.removed[i], cues.added[j]) for i, j in zip(block.before, block.after, strict=True)]
        if len(run) >= _SURELY_MOVED or any(times[_cue_key(pair.before)] == 2 for pair in run):
            yield from run


def _without_bed_length(timeline: Timeline) -> tuple[Cue, ...]:
    """Return the cues; a bed that lasts as long as the session has no length of its own."""
    return tuple(
        replace(cue, duration_ms=Ms(0))
        if cue.track is Track.BED and cue.duration_ms == timeline.duration_ms
        else cue
        for cue in timeline.cues
    )


def _shifts(pairs: Iterable[Change[Cue]]) -> Iterator[Shift]:
    """Yield the runs of cues that come earlier or later by the same time.

    Cues start on a grid, and what they belong to does not, so that of those which move together some move one step of
    the grid more.
    """
    runs: list[list[Change[Cue]]] = []
    for pair in pairs:
        if runs and _move_together(runs[-1][0], pair):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    for index, run in enumerate(runs):
        shift = _shift(run[0])
        if shift:
            ends = run[0].before.start_ms, run[-1].before.start_ms
            yield Shift(*ends, shift, len(run), last=index == len(runs) - 1)


def _shift(pair: Change[Cue]) -> int:
    return pair.after.start_ms - pair.before.start_ms


def _move_together(first: Change[Cue], pair: Change[Cue]) -> bool:
    one, other = _shift(first), _shift(pair)
    return bool(one) == bool(other) and abs(one - other) <= GRID_MS
