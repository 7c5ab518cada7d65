"""However many encoders share the work, the file is the same, bit for bit."""

import hashlib
import io
from collections.abc import Iterable

import numpy as np
import pytest

from breathcue.audio.encode import encode
from breathcue.audio.mixer import Span
from breathcue.audio.order import Order, Quality
from breathcue.audio.pcm import pcm16
from breathcue.audio.render import render
from timelines import clips_of, long_session, speech_like, timeline_of

pytestmark = pytest.mark.encoder


def encoded(pcm: np.ndarray, cuts: list[int]) -> bytes:
    data = memoryview(pcm).cast("B")

    def read(windows: Iterable[Span]):
        step = 70_001  # odd, so that pieces end inside samples and frames
        for window in windows:
            for at in range(2 * window.start, 2 * window.stop, step):
                yield data[at : min(at + step, 2 * window.stop)]

    file = io.BytesIO()
    encode(file, 0, read, len(pcm), cuts)
    return file.getvalue()


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("length", [1, 48, 1151, 1152, 1153, 12_345, 240_000, 480_001])
@pytest.mark.parametrize("share", [[0.5], [0.25, 0.6]])
def test_odd_lengths_and_cuts_anywhere(length, share):
    pcm = pcm16(speech_like(11_000, 5)[:length])
    frames = length // 1152
    cuts = sorted({int(frames * s) for s in share} - {0})
    assert encoded(pcm, cuts) == encoded(pcm, [])


@pytest.mark.parametrize("seed", range(4))
def test_cuts_at_the_ends_of_sounds_of_all_levels(seed):
    rng = np.random.default_rng(seed)
    pieces, cuts, at = [], [], 0
    for i in range(8):
        level = 10 ** (-rng.uniform(0, 40) / 20)
        sound = speech_like(int(rng.integers(400, 2500)), 10 * seed + i) * np.float32(level)
        silence = np.zeros(int(rng.integers(0, 6 * 48_000)), np.float32)
        pieces += [sound, silence]
        cuts.append((at + len(sound)) // 1152)
        at += len(sound) + len(silence)
    pcm = pcm16(np.concatenate(pieces))
    assert encoded(pcm, cuts) == encoded(pcm, [])


def test_a_whole_session_on_one_to_five_processors(tmp_path):
    timeline = long_session(6)
    clips = clips_of(timeline)
    seen = set()
    for processors in (1, 2, 5):
        path = tmp_path / f"{processors}.mp3"
        render(timeline, clips, path, processors=processors)
        seen.add(digest(path))
    assert len(seen) == 1


@pytest.mark.parametrize("quality", [Quality.LOW, Quality.HIGH])
def test_other_qualities_are_the_same_on_any_number_of_processors_too(tmp_path, quality):
    timeline = long_session(4)
    clips = clips_of(timeline)
    for processors in (1, 3):
        render(timeline, clips, tmp_path / f"{processors}.mp3", Order(quality), processors=processors)
    assert digest(tmp_path / "1.mp3") == digest(tmp_path / "3.mp3")


def test_a_silent_session_may_be_cut_too(tmp_path):
    timeline = timeline_of([], 300_017)
    for processors in (1, 3):
        render(timeline, clips_of(timeline), tmp_path / f"{processors}.mp3", processors=processors)
    assert digest(tmp_path / "1.mp3") == digest(tmp_path / "3.mp3")
