"""Laying two sequences side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from breathcue.timeline import alignment
from breathcue.timeline.alignment import Block, align

FEW = st.lists(st.sampled_from("abc"), max_size=25)


def longest_common(one: list[str], other: list[str]) -> int:
    """The length of a longest common subsequence, as textbooks find it."""
    row = [0] * (len(other) + 1)
    for item in one:
        new = [0]
        for j, its_like in enumerate(other):
            new.append(row[j] + 1 if item == its_like else max(new[j], row[j + 1]))
        row = new
    return row[-1]


def check(one: list[str], other: list[str]) -> int:
    """Check that blocks tile both sequences and tell the truth; return how many items they have in common."""
    i = j = common = 0
    for block in align(one, other):
        assert (block.before.start, block.after.start) == (i, j)
        assert len(block.before) + len(block.after) > 0
        if block.same:
            assert [one[n] for n in block.before] == [other[n] for n in block.after]
            common += len(block.before)
        i, j = block.before.stop, block.after.stop
    assert (i, j) == (len(one), len(other))
    return common


@given(FEW, FEW)
def test_as_much_as_can_be_is_the_same(one: list[str], other: list[str]) -> None:
    assert check(one, other) == longest_common(one, other)


def test_blocks_take_turns() -> None:
    assert list(align("abcd", "axcd")) == [
        Block(range(1), range(1), same=True),
        Block(range(1, 2), range(1, 2), same=False),
        Block(range(2, 4), range(2, 4), same=True),
    ]
    assert list(align("", "")) == []


def test_what_has_next_to_nothing_in_common_is_aligned_somehow() -> None:
    one = [f"a{n}" for n in range(alignment.MOST_EDITS)]
    other = [f"b{n}" for n in range(alignment.MOST_EDITS)]
    assert check([*one, "x", *one], [*other, "x", *other]) == 1
