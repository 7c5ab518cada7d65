"""Sound files of the system's engines: what is in them comes out, and what is none is said to be none."""

import struct
import wave
from io import BytesIO
from typing import Any

import numpy as np
import pytest

from breathcue.voices.sound_file import NotASoundError, read_sound

WAVE = np.round(12_000 * np.sin(np.arange(2205) / 9)).astype(np.int16)
EXPECTED = WAVE.astype(np.float32) / 32_768
RATE_22050 = struct.pack(">HQ", 16383 + 14, 22_050 << (63 - 14))


def wav(samples: np.ndarray, width: int = 2, channels: int = 1, rate: int = 22_050) -> bytes:
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">I", len(content)) + content + b"\0" * (len(content) % 2)


def aiff(
    data: bytes, *, frames: int = len(WAVE), bits: int = 16, form: bytes = b"", offset: int = 0
) -> bytes:
    common = struct.pack(">hIh", 1, frames, bits) + RATE_22050 + form
    sound = struct.pack(">II", offset, 0) + b"?" * offset + data
    body = chunk(b"COMM", common) + chunk(b"NAME", b"odd") + chunk(b"SSND", sound)
    return b"FORM" + struct.pack(">I", len(body) + 4) + (b"AIFC" if form else b"AIFF") + body


SOUNDS: dict[str, Any] = {
    "wav": wav(WAVE),
    "wav of 32 bits": wav(WAVE.astype(np.int32) << 16, 4),
    "wav in stereo": wav(np.repeat(WAVE, 2), channels=2),
    "aiff": aiff(WAVE.astype(">i2").tobytes()),
    "aiff with an offset": aiff(WAVE.astype(">i2").tobytes(), offset=6),
    "aiff of 32 bits": aiff((WAVE.astype(">i4") * 65_536).astype(">i4").tobytes(), bits=32),
    "aiff-c": aiff(WAVE.astype("<i2").tobytes(), form=b"sowt\x00\x00"),
}


@pytest.mark.parametrize("content", SOUNDS.values(), ids=SOUNDS.keys())
def test_what_is_in_a_file_comes_out(content: bytes) -> None:
    recording = read_sound(content)
    assert recording.rate == 22_050
    assert recording.samples.dtype == np.float32
    assert np.array_equal(recording.samples, EXPECTED)


def test_eight_bits_are_read_around_their_middle() -> None:
    content = wav(np.array([128, 255, 0], np.uint8), 1, rate=8000)
    assert read_sound(content).samples.tolist() == [0.0, 127 / 128, -1.0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"This is not a sound.",
        b"FORM",
        SOUNDS["wav"][:1000],
        SOUNDS["aiff"][:1000],
        aiff(b"", form=b"ima4\x00\x00"),
        aiff(WAVE.tobytes(), bits=24),
        wav(np.zeros(30, np.uint8), 3),
    ],
    ids=["empty", "header", "text", "aiff header", "cut wav", "cut aiff", "compressed", "aiff 24", "wav 24"],
)
def test_what_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(NotASoundError, match="not a sound file"):
        read_sound(content)
