"""Two sequences laid side by side: which items of one are which items of the other.

By the greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its Variations" (Algorithmica 1, 1986), which finds
as many common items as there are, at a cost that grows with the square of the differences. Repetitions are the same few
items again and again, where difflib goes astray; it is for what has next to nothing in common.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_EDITS = 800
"""With more differences than these, any reasonable alignment will do. So many take a fraction of a second."""

Pairs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of both sequences; ``same`` if it is item by item the same, else nothing in it is in the other."""

    before: range
    after: range
    same: bool


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> Iterator[Block]:
    """Yield both sequences from start to end in blocks, none of them empty on both sides."""
    numbers: dict[Hashable, int] = {}
    one, other = ([numbers.setdefault(item, len(numbers)) for item in items] for items in (before, after))
    i = j = 0
    for start, end in _runs(_common_items(one, other)):
        if (i, j) != start:
            yield Block(range(i, start[0]), range(j, start[1]), same=False)
        yield Block(range(start[0], end[0]), range(start[1], end[1]), same=True)
        i, j = end
    if (i, j) != (len(one), len(other)):
        yield Block(range(i, len(one)), range(j, len(other)), same=False)


def _runs(pairs: Pairs) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where each unbroken run of pairs starts and ends (one past its last)."""
    start = end = (-1, -1)
    for pair in pairs:
        if pair != end:
            if start != end:
                yield start, end
            start = pair
        end = pair[0] + 1, pair[1] + 1
    if start != end:
        yield start, end


def _common_items(one: list[int], other: list[int]) -> Pairs:
    head = _common_start(one, other)
    tail = _common_start(one[head:][::-1], other[head:][::-1])
    ends = len(one) - tail, len(other) - tail
    middle = one[head : ends[0]], other[head : ends[1]]
    between = _fewest_edits(*middle)
    if between is None:
        blocks = SequenceMatcher(None, *middle, autojunk=False).get_matching_blocks()
        between = [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]
    return [
        *((n, n) for n in range(head)),
        *((head + i, head + j) for i, j in between),
        *((ends[0] + n, ends[1] + n) for n in range(tail)),
    ]


def _common_start(one: list[int], other: list[int]) -> int:
    """Return with how many of the same items both begin."""
    for index, (item, its_like) in enumerate(zip(one, other, strict=False)):
        if item != its_like:
            return index
    return min(len(one), len(other))


def _fewest_edits(one: list[int], other: list[int]) -> Pairs | None:
    """Return the pairs of a longest common subsequence, or None where it takes more than ``MOST_EDITS`` edits."""
    # How far into `one` each diagonal k (an index of `one` less one of `other`) gets, edit by edit.
    reached = {1: 0}
    history: list[dict[int, int]] = []
    for edits in range(MOST_EDITS + 1):
        history.append(dict(reached))
        for k in range(-edits, edits + 1, 2):
            i = reached[k + 1] if _goes_down(reached, k, edits) else reached[k - 1] + 1
            j = i - k
            while i < len(one) and j < len(other) and one[i] == other[j]:
                i, j = i + 1, j + 1
            reached[k] = i
            if (i, j) == (len(one), len(other)):
                return _walk_back(history, i, j)
    return None


def _goes_down(reached: dict[int, int], k: int, edits: int) -> bool:
    """Say whether the furthest way to a diagonal takes in an item of the other sequence, or leaves out one of this."""
    return k == -edits or (k != edits and reached[k - 1] < reached[k + 1])


def _walk_back(history: list[dict[int, int]], i: int, j: int) -> Pairs:
    pairs: Pairs = []
    for edits in range(len(history) - 1, -1, -1):
        k = i - j
        came_from = k + 1 if _goes_down(history[edits], k, edits) else k - 1
        start_i = history[edits][came_from]
        start_j = start_i - came_from
        while i > max(start_i, 0) and j > max(start_j, 0):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        i, j = start_i, start_j
    return pairs[::-1]
