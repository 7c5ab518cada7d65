import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.audio.mp3 import (
    FRAME_BYTES,
    FRAME_SAMPLES,
    FrameCrc,
    FrameHeader,
    are_frames,
    crc16,
    frame_count,
    frame_header,
    info_frame,
    parse_header,
    split_frames,
)

FRAME = frame_header().ljust(FRAME_BYTES, b"\x55")


def test_our_frames_last_24_ms_and_take_192_bytes():
    assert FRAME_SAMPLES == 24 * 48
    assert FRAME_BYTES == 192
    assert parse_header(FRAME) == FrameHeader(64_000, 48_000, mono=True, protected=False, size=192)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("fffb9064", FrameHeader(128_000, 44_100, mono=False, protected=False, size=417)),
        ("fffb9264", FrameHeader(128_000, 44_100, mono=False, protected=False, size=418)),  # padded
        ("fffaa8c0", FrameHeader(160_000, 32_000, mono=True, protected=True, size=720)),
        ("fff354c4", None),  # MPEG-2
        ("fffd54c4", None),  # Layer II
        ("fffb04c4", None),  # free format
        ("fffbf4c4", None),  # forbidden bit rate
        ("fffb5cc4", None),  # reserved sample rate
        ("00000000", None),
        ("fffb", None),
    ],
)
def test_headers(head, expected):
    assert parse_header(bytes.fromhex(head)) == expected


def test_frames_are_split_and_checked():
    assert split_frames(FRAME * 3) == [FRAME] * 3
    assert are_frames(FRAME * 3)
    assert are_frames(b"")
    assert not are_frames(FRAME[:-1])
    assert not are_frames(FRAME + b"\0" * FRAME_BYTES)
    with pytest.raises(ValueError, match="byte 192"):
        split_frames(FRAME + b"rubbish")
    with pytest.raises(ValueError, match="byte 0"):
        split_frames(FRAME[:-1])


def test_the_check_value_of_the_crc():
    # CRC-16/ARC in the catalogue of parametrised CRC algorithms.
    assert crc16(b"123456789") == 0xBB3D


@given(st.lists(st.integers(0, 9), max_size=5), st.randoms(use_true_random=False))
def test_the_crc_of_many_frames_is_the_crc_of_their_bytes(pieces, random):
    crc = FrameCrc()
    everything = b""
    for count in pieces:
        data = random.randbytes(count * FRAME_BYTES)
        crc.update(data)
        everything += data
    assert crc.value == crc16(everything)


@pytest.mark.parametrize(
    ("samples", "frames"), [(1, 1), (47, 1), (48, 2), (1199, 2), (1200, 3), (57_600_000, 50_001)]
)
def test_how_many_frames_a_session_needs(samples, frames):
    assert frame_count(samples) == frames


def test_the_frame_of_information_field_by_field():
    samples = 48_000
    frame = info_frame(samples, sound_crc=0xABCD)
    assert len(frame) == FRAME_BYTES
    assert parse_header(frame) == parse_header(FRAME)
    assert frame[21:25] == b"Info"
    frames = int.from_bytes(frame[29:33], "big")
    assert frames == frame_count(samples) == 43
    assert int.from_bytes(frame[33:37], "big") == 44 * FRAME_BYTES
    assert list(frame[37:137:25]) == [0, 64, 128, 192]
    assert frame[141:150] == b"LAME3.100"
    delays = int.from_bytes(frame[162:165], "big")
    assert delays >> 12 == 576
    assert frames * FRAME_SAMPLES - (delays >> 12) - (delays & 0xFFF) == samples
    assert frame[173:175] == b"\xab\xcd"
    assert int.from_bytes(frame[175:177], "big") == crc16(frame[:175])


@given(st.integers(1, 10_000_000))
def test_delay_and_padding_give_back_the_exact_length(samples):
    delays = int.from_bytes(info_frame(samples, 0)[162:165], "big")
    assert frame_count(samples) * FRAME_SAMPLES - (delays >> 12) - (delays & 0xFFF) == samples
    assert (delays & 0xFFF) >= 529
