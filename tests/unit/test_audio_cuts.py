import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.audio.encode import WARM_UP_FRAMES, cut_frames, segments
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import FRAME_SAMPLES, frame_count

MINUTE = 60 * 48_000


def sound(*ms: tuple[int, int]) -> list[Span]:
    return [Span(start * 48, stop * 48) for start, stop in ms]


@given(st.lists(st.integers(1, 999), unique=True).map(sorted), st.integers(0, 100))
def test_segments_hold_every_frame_once(cuts, beyond):
    samples = (max(cuts, default=0) + beyond) * FRAME_SAMPLES + 1
    parts = segments(cuts, samples)
    assert [part.first for part in parts] == [0, *cuts]
    assert sum(part.count for part in parts) == frame_count(samples)
    assert all(part.warm_up == min(part.first, WARM_UP_FRAMES) for part in parts)


@pytest.mark.parametrize("parts", [1, 2, 8])
def test_a_session_under_two_minutes_is_not_cut(parts):
    assert cut_frames(sound((0, 119_000)), 2 * MINUTE - 1, parts) == []


def test_one_processor_makes_no_cut():
    assert cut_frames(sound((0, 600_000)), 10 * MINUTE, 1) == []


def test_silence_is_not_worth_a_cut():
    assert cut_frames([], 10 * MINUTE, 2) == []


def test_a_cut_lies_at_the_end_of_a_sound_long_enough_to_settle_the_encoder():
    lines = sound((100_000, 103_000), (270_000, 270_300), (299_000, 299_400), (500_000, 503_000))
    (cut,) = cut_frames(lines, 10 * MINUTE, 2)
    assert 299_384 // 24 <= cut <= 299_400 // 24


def test_sound_weighs_three_times_as_much_as_silence():
    # Many short sounds in silence, then as much sound as costs the same.
    gap = 2_496
    lines = [(i * (480 + gap), i * (480 + gap) + 480) for i in range(83)]
    dense = lines[-1][1] + gap
    weight = 3 * 480 * len(lines) + gap * len(lines)
    spans = sound(*lines, (dense, dense + weight // 3))
    (cut,) = cut_frames(spans, 20 * MINUTE, 2)
    assert cut * 24 == pytest.approx(dense, abs=8000)


def test_only_short_sounds_leave_nowhere_to_cut():
    assert cut_frames(sound(*((i * 1000, i * 1000 + 200) for i in range(600))), 10 * MINUTE, 4) == []


def test_endless_sound_is_cut_inside():
    cuts = cut_frames(sound((0, 1_200_000)), 20 * MINUTE, 2)
    assert len(cuts) == 1
    assert cuts[0] * 24 == pytest.approx(600_000, abs=10_000)


@given(
    st.lists(st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)), min_size=1, max_size=60),
    st.integers(1, 16),
)
def test_cuts_rise_and_lie_inside_the_session(gaps_and_lengths, parts):
    spans, at = [], 0
    for gap, length in gaps_and_lengths:
        spans.append((at + gap, at + gap + length))
        at += gap + length
    samples = at * 48 + 48
    cuts = cut_frames(sound(*spans), samples, parts)
    assert cuts == sorted(set(cuts))
    assert len(cuts) < parts
    assert all(0 < cut < frame_count(samples) for cut in cuts)
