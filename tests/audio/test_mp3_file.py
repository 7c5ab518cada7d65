"""What another program hears and reads in the MP3 files that breathcue writes."""

import numpy as np
import pytest

from breathcue.audio.loudness import measure
from breathcue.audio.mp3 import FRAME_BYTES, FrameCrc, frame_count, split_frames
from breathcue.audio.render import render
from decoding import chapters, decode, loudness
from timelines import Clips, clip_of, clips_of, long_session, speech_like, timeline_of, tone_cue, voice_cue

pytestmark = pytest.mark.encoder


def sound_frames(data: bytes) -> tuple[bytes, bytes]:
    """Return the frame of information and the frames of sound."""
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte
    info, *rest = split_frames(data[10 + size :])
    return info, b"".join(rest)


@pytest.mark.parametrize("duration_ms", [1, 2, 23, 24, 25, 48, 100, 999, 3_071, 3_072, 3_073, 61_234])
def test_a_decoder_returns_exactly_the_session(tmp_path, duration_ms):
    report = render(timeline_of([], duration_ms), Clips({}), tmp_path / "a.mp3")
    assert report.bytes == (tmp_path / "a.mp3").stat().st_size
    samples = decode(tmp_path / "a.mp3")
    assert len(samples) == duration_ms * 48
    assert not samples.any()


def test_the_file_is_what_its_frame_of_information_says(tmp_path):
    timeline = long_session(0.5)
    render(timeline, clips_of(timeline), tmp_path / "a.mp3")
    info, sound = sound_frames((tmp_path / "a.mp3").read_bytes())
    crc = FrameCrc()
    crc.update(sound)
    assert len(sound) == frame_count(timeline.duration_ms * 48) * FRAME_BYTES
    assert int.from_bytes(info[29:33], "big") == len(sound) // FRAME_BYTES
    assert int.from_bytes(info[33:37], "big") == len(sound) + FRAME_BYTES
    assert int.from_bytes(info[173:175], "big") == crc.value


def chirp(length_ms: int) -> np.ndarray:
    """Return a sweep whose place in time a correlation finds to the sample."""
    time = np.arange(length_ms * 48) / 48_000
    sweep = np.sin(2 * np.pi * (200 + 8000 * time) * time) * np.hanning(len(time))
    return (0.3 * sweep).astype(np.float32)


def test_every_sound_is_at_its_sample(tmp_path):
    clip = clip_of(chirp(300))
    starts = [0, 480, 5_016, 12_000, 19_680]
    timeline = timeline_of([voice_cue(start, 300, "chirp") for start in starts], 20_001)
    render(timeline, Clips({"chirp": clip}), tmp_path / "a.mp3")
    heard = decode(tmp_path / "a.mp3")
    for start in starts:
        at = start * 48
        lags = range(-40, 41)
        window = np.pad(heard, 4_000)[at + 4_000 - 40 : at + 4_000 + 300 * 48 + 40]
        match = [float(window[40 + lag : 40 + lag + 300 * 48] @ clip.samples) for lag in lags]
        assert lags[int(np.argmax(match))] == 0


def test_silence_between_sounds_is_digital_silence(tmp_path):
    clip = clip_of(speech_like(1000, 3))
    render(
        timeline_of([voice_cue(0, 1000, "x"), voice_cue(6000, 1000, "x")], 7000),
        Clips({"x": clip}),
        tmp_path / "a.mp3",
    )
    assert not decode(tmp_path / "a.mp3")[1200 * 48 : 5800 * 48].any()


def test_the_level_is_what_the_report_says_and_what_was_asked_for(tmp_path):
    timeline = long_session(3)
    report = render(timeline, clips_of(timeline), tmp_path / "a.mp3")
    measured = loudness(tmp_path / "a.mp3")
    assert measured.lufs == pytest.approx(-16.0, abs=0.5)
    assert measured.lufs == pytest.approx(report.lufs, abs=0.2)
    assert measured.peak_dbtp <= -1.0


def test_the_level_of_a_wav(tmp_path):
    timeline = long_session(1)
    report = render(timeline, clips_of(timeline), tmp_path / "a.wav")
    measured = loudness(tmp_path / "a.wav")
    assert measured.lufs == pytest.approx(report.lufs, abs=0.1)
    peak_dbtp = measure(timeline, clips_of(timeline)).peak_dbtp() + report.gain_db
    assert measured.peak_dbtp == pytest.approx(peak_dbtp, abs=0.15)


def test_a_session_of_chimes_stays_quiet(tmp_path):
    report = render(
        timeline_of([tone_cue(0, "bowl"), tone_cue(30_000, "bell")], 60_000), Clips({}), tmp_path / "a.mp3"
    )
    assert report.gain_db == pytest.approx(2.0)
    assert loudness(tmp_path / "a.mp3").lufs < -25


def test_ffmpeg_reads_the_chapters_in_order(tmp_path):
    marks = [
        (0, "A longer title than the others have"),
        (1000, "Ü: 呼吸 😌"),
        (2500, "Short"),
        (2600, "x" * 200),
    ]
    render(timeline_of([], 4321, marks), Clips({}), tmp_path / "a.mp3")
    starts = [start for start, _ in marks]
    expected = list(zip(starts, [*starts[1:], 4321], [title for _, title in marks], strict=True))
    assert chapters(tmp_path / "a.mp3") == expected
