import io
import wave

import numpy as np
import pytest

from breathcue.audio.pcm import pcm16
from breathcue.audio.render import render
from breathcue.audio.wav import info_chunk, wav_size, write_wav
from breathcue.diagnostics import BreathcueError
from timelines import Clips, impulse_clip, timeline_of, voice_cue


def test_the_bytes_of_a_wav_file():
    file = io.BytesIO()
    size = write_wav(file, [memoryview(b"\1\0\2\0"), memoryview(b"\3\0")], 3)
    assert file.getvalue() == (
        b"RIFF" + (42).to_bytes(4, "little") + b"WAVEfmt \x10\0\0\0\1\0\1\0\x80\xbb\0\0\0\x77\1\0\2\0\x10\0"
        b"data\6\0\0\0\1\0\2\0\3\0"
    )
    assert size == 50


def test_a_wav_file_says_what_it_is():
    file = io.BytesIO()
    size = write_wav(file, [memoryview(b"\1\0")], 1, info_chunk("Odd", "Ann"))
    data = file.getvalue()
    assert size == len(data)
    assert int.from_bytes(data[4:8], "little") == size - 8
    assert data[46:] == b"LIST\x1c\0\0\0INFOINAM\4\0\0\0Odd\0IART\4\0\0\0Ann\0"
    assert info_chunk("Even") == b"LIST\x12\0\0\0INFOINAM\5\0\0\0Even\0\0"


def test_no_word_makes_a_wav_file_too_long():
    class Counting(io.RawIOBase):
        """A file of which nothing is kept but its length."""

        at = end = 0

        def tell(self):
            return self.at

        def seek(self, at, whence=0):
            self.at = at
            return at

        def write(self, data):
            self.at += len(data)
            self.end = max(self.end, self.at)
            return len(data)

    longest = (2**32 - 1 - 44) // 2
    piece = memoryview(bytes(2**24))
    pieces = [piece[: min(2**24, 2 * longest - at)] for at in range(0, 2 * longest, 2**24)]
    file = Counting()
    assert write_wav(file, pieces, longest, info_chunk("Title")) == file.end == wav_size(longest)


def test_the_most_that_a_wav_file_can_hold():
    longest = (2**32 - 1 - 44) // 2
    assert wav_size(longest) == 2**32 - 2
    with pytest.raises(BreathcueError) as caught:
        wav_size(longest + 1)
    assert caught.value.diagnostics[0].code == "wav-too-long"


def test_a_session_as_wav_sample_by_sample(tmp_path):
    clips = Clips({"x": impulse_clip(100, at=7, height=0.25)})
    timeline = timeline_of([voice_cue(24, 100, "x"), voice_cue(480, 100, "x")], 1001)
    report = render(timeline, clips, tmp_path / "a.wav")
    assert report.bytes == (tmp_path / "a.wav").stat().st_size
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:4] == (1, 2, 48_000, 1001 * 48)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    heard = np.flatnonzero(samples)
    assert heard.tolist() == [24 * 48 + 7, 480 * 48 + 7]
    gain = 10 ** (report.gain_db / 20)
    assert samples[heard].tolist() == [int(pcm16(np.float32([0.25 * gain]))[0])] * 2
