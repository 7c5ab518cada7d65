"""Silence that is not encoded: the file is the same, bit for bit, as if the encoder had heard all of it."""

import io
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.encode import SETTLING_FRAMES, cut_frames, encode
from breathcue.audio.mixer import CueSource, Span, islands, mix_sources, silences
from breathcue.audio.mp3 import FRAME_BYTES, FRAME_SAMPLES, frame_header
from breathcue.audio.pcm import pcm16, pcm_stream
from breathcue.audio.sounds import ClipSource, sounds
from breathcue.audio.tones import tone_clip
from breathcue.timeline.model import Timeline
from breathcue.voices.base import Samples
from timelines import speech_like

ROOT = Path(__file__).parents[2]
SETTLING = SETTLING_FRAMES * FRAME_SAMPLES


class Session:
    """Samples in memory, with the stretches in which they are nought; counts what is read."""

    def __init__(self, pieces: Iterable[Samples | int]) -> None:
        parts, self.sounding, at = [], [], 0
        for piece in pieces:
            part = np.zeros(piece, np.int16) if isinstance(piece, int) else pcm16(piece)
            if not isinstance(piece, int):
                self.sounding.append(Span(at, at + len(part)))
            parts.append(part)
            at += len(part)
        self.samples = np.concatenate(parts)
        self.read = 0

    def pcm(self, windows: Iterable[Span]) -> Iterator[memoryview]:
        for window in windows:
            self.read += window.stop - window.start
            yield self.samples[window.start : window.stop].data.cast("B")

    def encoded(self, *, whole: bool, cuts: Iterable[int] = ()) -> bytes:
        file, self.read = io.BytesIO(), 0
        gaps = [] if whole else silences(self.sounding, len(self.samples))
        encode(file, 0, self.pcm, len(self.samples), list(cuts), gaps)
        return file.getvalue()


def noise(length: int, rng: np.random.Generator) -> Samples:
    return (0.2 * rng.standard_normal(length)).astype(np.float32)


def tone(length: int, rng: np.random.Generator) -> Samples:
    time = np.arange(length) / 48_000
    return (0.5 * np.sin(2 * np.pi * rng.uniform(40, 15_000) * time)).astype(np.float32)


def speech(length: int, rng: np.random.Generator) -> Samples:
    return speech_like(length // 48 + 500, int(rng.integers(1_000_000)))[:length]


def bowl(length: int, rng: np.random.Generator) -> Samples:
    return tone_clip("bowl").samples[:length]


def any_sound(rng: np.random.Generator) -> Samples:
    """Return a sound of any kind, length and level, which may fade in: what depends most on how LAME has settled."""
    make = (noise, tone, speech, bowl)[rng.integers(4)]
    samples = make(int(rng.integers(1, 40_000)), rng)
    if rng.random() < 0.5:
        samples = samples * np.linspace(0, 1, len(samples), dtype=np.float32) ** rng.uniform(1, 6)
    return samples * np.float32(10 ** (-rng.uniform(0, 90) / 20))


def any_gap(rng: np.random.Generator) -> int:
    """Return a length of silence: short, close to the one from which on silence is left out, or long."""
    near = SETTLING + int(rng.integers(-3 * FRAME_SAMPLES, 4 * FRAME_SAMPLES))
    return int((rng.integers(0, SETTLING), near, near, rng.integers(SETTLING, 4 * SETTLING))[rng.integers(4)])


@pytest.mark.encoder
@pytest.mark.parametrize("seed", range(6))
def test_any_sounds_between_any_silences(seed):
    rng = np.random.default_rng(seed)
    pieces: list[Samples | int] = []
    for _ in range(40):
        pieces += [any_gap(rng), speech(24_000, rng), any_gap(rng), any_sound(rng)]
    session = Session([*pieces[seed % 2 :], *([any_gap(rng)] if seed % 3 else [])])
    cuts = cut_frames(session.sounding, len(session.samples), 1 + seed % 3)
    short = session.encoded(whole=False, cuts=cuts)
    assert session.read < 0.9 * len(session.samples)
    assert short == session.encoded(whole=True)


@pytest.mark.encoder
@pytest.mark.parametrize(
    "pieces",
    [
        [10_000_000],
        [SETTLING + 5 * FRAME_SAMPLES + 17],
        [5_000_000, tone_clip("bowl").samples],
        [tone_clip("bowl").samples, 5_000_001],
    ],
    ids=["nothing else", "little of it", "at the start", "at the end"],
)
def test_silence_at_the_edges_of_a_session(pieces):
    session = Session(pieces)
    short = session.encoded(whole=False)
    heard = sum(len(piece) for piece in pieces if not isinstance(piece, int))
    assert session.read <= heard + SETTLING + 3 * FRAME_SAMPLES
    assert short == session.encoded(whole=True)


NEVER_THE_SAME_FRAME = f"""
import sys
frame = 0
def put(count):
    global frame
    for _ in range(count):
        sys.stdout.buffer.write({frame_header()!r} + frame.to_bytes(4, "big") + bytes({FRAME_BYTES - 8}))
        frame += 1
rest = 0
while data := sys.stdin.buffer.read1(1 << 20):
    count, rest = divmod(rest + len(data), {2 * FRAME_SAMPLES})
    put(count)
put(2)
"""


def test_an_encoder_with_no_one_frame_for_silence_hears_all_of_it(tmp_path, monkeypatch):
    path = tmp_path / "fake-ffmpeg"
    path.write_text(f"#!{sys.executable}\n{NEVER_THE_SAME_FRAME}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(path))
    session = Session([10 * SETTLING])
    data = session.encoded(whole=False)
    frames = [data[at + 4 : at + 8] for at in range(FRAME_BYTES, len(data), FRAME_BYTES)]
    assert [int.from_bytes(frame, "big") for frame in frames] == list(range(10 * SETTLING_FRAMES + 1))


def encoded_session(timeline: Timeline, clips: ClipSource, *, processors: int) -> bytes:
    source, length = CueSource(timeline.cues, sounds(clips)), timeline.duration_ms * 48
    sounding = islands([source])
    cuts = cut_frames(sounding, length, processors)
    gaps = silences(sounding, length) if processors > 1 else []

    def pcm(windows: Iterable[Span]) -> Iterable[memoryview]:
        return pcm_stream(mix_sources([CueSource(timeline.cues, sounds(clips))], 1.1, windows))

    file = io.BytesIO()
    encode(file, 0, pcm, length, cuts, gaps)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.voice
@pytest.mark.encoder
@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "sessions").glob("*.yaml")))
def test_the_sessions_we_ship(name):
    from breathcue.compiler.wishes import Wishes
    from breathcue.pipeline import open_session

    with open_session(ROOT / "sessions" / name, Wishes()) as session:
        short = encoded_session(session.timeline, session.speaker, processors=2)
        assert short == encoded_session(session.timeline, session.speaker, processors=1)
