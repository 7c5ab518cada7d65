"""MPEG-1 Layer III, frame by frame, for the shape of stream that breathcue writes.

That shape is 48 kHz mono at a constant bit rate, usually 64 kbit/s, without a bit reservoir: every frame is 192 bytes,
lasts 24 ms and stands for itself, so frames from different encoder runs may follow each other, and frame k lies at byte
192 * k. Other bit rates differ in the size of a frame only; each is a multiple of 8 kbit/s, which is 24 bytes.

Sources: ISO/IEC 11172-3, 2.4.1 (frame header); the "Mp3 Info Tag rev 1" description of the LAME project for the frame
of information that comes before the sound.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from breathcue.timeline.time import SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

BIT_RATE = 64_000
FRAME_SAMPLES = 1152
FRAME_BYTES = FRAME_SAMPLES // 8 * BIT_RATE // SAMPLE_RATE
"""The size of a frame at the usual bit rate."""

ENCODER_DELAY = 576
"""Samples by which LAME's output lags behind its input, as its tag states it."""

DECODER_DELAY = 529
"""Samples by which every Layer III decoder lags besides (528 of the filter bank, and one)."""

_BIT_RATES_KBIT = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SAMPLE_RATES = (44_100, 48_000, 32_000)
_MONO_SIDE_INFO_BYTES = 17


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """What the four bytes at the head of a frame say. ``size`` is the whole frame in bytes."""

    bit_rate: int
    sample_rate: int
    mono: bool
    protected: bool
    size: int


def parse_header(data: bytes | memoryview) -> FrameHeader | None:
    """Return the header in the first four bytes, or None where they do not begin an MPEG-1 Layer III frame."""
    if len(data) < 4:
        return None
    word = int.from_bytes(data[:4], "big")
    rate_index, pitch_index = word >> 12 & 0xF, word >> 10 & 0x3
    # 11 bits of sync, MPEG-1 (11), Layer III (01).
    if word >> 17 != 0x7FFD or rate_index in (0, 15) or pitch_index == 3:
        return None
    bit_rate, sample_rate = _BIT_RATES_KBIT[rate_index] * 1000, _SAMPLE_RATES[pitch_index]
    return FrameHeader(
        bit_rate=bit_rate,
        sample_rate=sample_rate,
        mono=word >> 6 & 0x3 == 3,
        protected=not word >> 16 & 1,
        size=FRAME_SAMPLES // 8 * bit_rate // sample_rate + (word >> 9 & 1),
    )


def frame_bytes(bit_rate: int) -> int:
    """Return the size of a frame at ``bit_rate`` bits a second."""
    return FRAME_SAMPLES // 8 * bit_rate // SAMPLE_RATE


def info_bytes(bit_rate: int) -> int:
    """Return the size of the frame before the sound; what it says would not fit into one of less than 64 kbit/s."""
    return frame_bytes(max(bit_rate, BIT_RATE))


def frame_header(bit_rate: int = BIT_RATE) -> bytes:
    """Return the four bytes that begin every frame breathcue writes (LAME marks its frames as original)."""
    sync_layer = 0xFFFB
    rates = _BIT_RATES_KBIT.index(bit_rate // 1000) << 4 | _SAMPLE_RATES.index(SAMPLE_RATE) << 2
    mono_original = 0xC4
    return struct.pack(">HBB", sync_layer, rates, mono_original)


def are_frames(data: bytes, bit_rate: int = BIT_RATE) -> bool:
    """Say whether ``data`` is nothing but whole frames of our shape at ``bit_rate``."""
    size = frame_bytes(bit_rate)
    count, rest = divmod(len(data), size)
    header = frame_header(bit_rate)
    return not rest and all(data[i::size] == header[i : i + 1] * count for i in range(len(header)))


def split_frames(data: bytes) -> list[bytes]:
    """Return the frames of a stream of any MPEG-1 Layer III shape.

    Raises:
        ValueError: something other than whole frames.
    """
    frames = []
    at = 0
    while at < len(data):
        header = parse_header(data[at : at + 4])
        if header is None or at + header.size > len(data):
            raise ValueError(f"no whole frame at byte {at}")
        frames.append(data[at : at + header.size])
        at += header.size
    return frames


def frame_count(samples: int) -> int:
    """Return how many frames carry ``samples`` samples through encoder and decoder."""
    return -(-(samples + ENCODER_DELAY + DECODER_DELAY) // FRAME_SAMPLES)


def info_frame(samples: int, sound_crc: int, bit_rate: int = BIT_RATE) -> bytes:
    """Return the frame before the sound: its length, seek table, and the delay and padding a player cuts off.

    ``samples`` is the session's length; ``sound_crc`` is :func:`crc16` over all frames of sound. With this frame a
    gapless decoder returns exactly ``samples`` samples, the first of them the first of the session. It is an "Info"
    frame, as constant bit rates have it; encoders that write "Xing" mean a variable one.
    """
    frames = frame_count(samples)
    size = info_bytes(bit_rate) + frames * frame_bytes(bit_rate)
    padding = frames * FRAME_SAMPLES - ENCODER_DELAY - samples
    # At a constant bit rate, a hundredth of the time is a hundredth of the bytes.
    seek_table = bytes(percent * 256 // 100 for percent in range(100))
    all_four_fields, quality = 0xF, 55
    xing = (
        b"Info" + struct.pack(">III", all_four_fields, frames, size) + seek_table + struct.pack(">I", quality)
    )
    constant_rate, ath_type_psytune, noise_shaping_48k = 0x01, 0x14, 0x81
    lame = struct.pack(
        ">9sBBIHHBB3sBBHIH",
        b"LAME3.100",
        constant_rate,
        0,  # lowpass: not stated
        0,  # peak and
        0,  # both replay gains: not stated
        0,
        ath_type_psytune,
        bit_rate // 1000,
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        noise_shaping_48k,
        0,  # MP3Gain
        0,  # preset
        size,
        sound_crc,
    )
    body = frame_header(max(bit_rate, BIT_RATE)) + bytes(_MONO_SIDE_INFO_BYTES) + xing + lame
    body += struct.pack(">H", crc16(body))
    return body.ljust(info_bytes(bit_rate), b"\0")


@cache
def _crc_table() -> NDArray[np.uint16]:
    """Return the register after one more byte, by its low byte: CRC-16/ARC, polynomial 0x8005 reflected."""
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ 0xA001, table >> 1).astype(np.uint16)
    return table


def crc16(data: bytes) -> int:
    """Return the CRC-16 (polynomial 0x8005, reflected, starting at 0) that LAME's tag uses."""
    table = _crc_table()
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ int(table[(crc ^ byte) & 0xFF])
    return crc


_X_TO_0, _X_TO_8 = 0x8000, 0x0080
"""Powers of x, lowest bit last, as this CRC has them."""


def _times(first: int, second: int) -> int:
    """Return the product of two polynomials modulo that of the CRC."""
    product = 0
    for bit in range(15, -1, -1):
        if first >> bit & 1:
            product ^= second
        second = second >> 1 ^ 0xA001 if second & 1 else second >> 1
    return product


@cache
def _zeros_factor(count: int) -> int:
    """Return what a register is multiplied by as ``count`` bytes of nought go by."""
    if count == 0:
        return _X_TO_0
    half = _zeros_factor(count // 2)
    both = _times(half, half)
    return _times(both, _X_TO_8) if count % 2 else both


def join_crc(before: int, after: int, length: int) -> int:
    """Return the CRC-16 of two runs of bytes laid end to end, from that of each and the length of the second."""
    return _times(before, _zeros_factor(length)) ^ after


class FrameCrc:
    """CRC-16 of a long run of frames, fed in pieces of whole frames.

    The CRC is linear: it is the exclusive or of what each byte adds, and what follows a piece acts on the piece's CRC
    as a fixed map. So all frames of a piece are read side by side, two bytes at a time, and then joined in pairs, in
    pairs of pairs, and so on: some twenty array operations instead of a loop over millions of bytes.
    """

    def __init__(self, bit_rate: int = BIT_RATE) -> None:
        self._size = frame_bytes(bit_rate)
        self._crc = np.zeros(1, np.uint16)

    def update(self, data: bytes) -> None:
        """Add whole frames."""
        words = np.frombuffer(data, "<u2").reshape(-1, self._size // 2)
        if not len(words):
            return
        step = _zeros_map(2)
        crcs = np.zeros(len(words), np.uint16)
        for column in words.T:
            crcs = step[crcs ^ column]
        self._crc = _shift(self._crc, len(data)) ^ _join(crcs, self._size)

    @property
    def value(self) -> int:
        """The CRC of everything so far."""
        return int(self._crc[0])


@cache
def _zeros_map(count: int) -> NDArray[np.uint16]:
    """Return what ``count`` bytes of nought do to each of the 65,536 states of the register."""
    if count == 1:
        states = np.arange(65_536, dtype=np.uint16)
        stepped: NDArray[np.uint16] = (states >> 8) ^ _crc_table()[states & 0xFF]
        return stepped
    half = _zeros_map(count // 2)
    both = half[half]
    return _zeros_map(1)[both] if count % 2 else both


def _shift(crc: NDArray[np.uint16], count: int) -> NDArray[np.uint16]:
    """Return the registers after ``count`` bytes of nought."""
    power = 1
    while count:
        if count & 1:
            crc = _zeros_map(power)[crc]
        count >>= 1
        power <<= 1
    return crc


def _join(crcs: NDArray[np.uint16], size: int) -> NDArray[np.uint16]:
    """Return the CRC of frames of ``size`` bytes laid end to end, as an array of one, from the CRC of each."""
    while len(crcs) > 1:
        if len(crcs) % 2:
            # A frame of noughts in front leaves a register of nought as it is.
            crcs = np.concatenate((np.zeros(1, np.uint16), crcs))
        crcs = _shift(crcs[0::2], size) ^ crcs[1::2]
        size *= 2
    return crcs
