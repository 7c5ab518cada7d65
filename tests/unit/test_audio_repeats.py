import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.audio.encoder import Repeat, UnevenSilenceError, _with_repeats
from breathcue.audio.mp3 import FRAME_BYTES


def frames(numbers: list[int]) -> bytes:
    return b"".join(number.to_bytes(2, "big") * (FRAME_BYTES // 2) for number in numbers)


def in_pieces(data: bytes, sizes: list[int]):
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 900)), max_size=5),
    st.lists(st.integers(1, 2000), max_size=20),
)
def test_frames_are_repeated_whatever_the_pieces(gaps, sizes):
    encoded: list[int] = []
    expected: list[int] = []
    repeats = []
    for between, times in gaps:
        before = [1000 + len(encoded) + i for i in range(between)]
        repeats.append(Repeat(len(encoded) + between, times))
        encoded += [*before, 7, 7]
        expected += [*before, 7, *[7] * times, 7]
    assert b"".join(_with_repeats(in_pieces(frames(encoded), sizes), repeats)) == frames(expected)


def test_a_frame_that_is_not_like_the_next_is_not_repeated():
    with pytest.raises(UnevenSilenceError):
        list(_with_repeats([frames([1, 1, 2])], [Repeat(1, 3)]))


def test_an_encoder_that_ends_early_is_not_filled_up():
    assert b"".join(_with_repeats([frames([1, 2])], [Repeat(1, 3)])) == frames([1, 2])


def test_long_silence_comes_in_pieces():
    assert max(map(len, _with_repeats([frames([1, 1])], [Repeat(0, 100_000)]))) <= 1 << 16
