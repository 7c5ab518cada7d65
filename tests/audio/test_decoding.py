"""Other people's sound files: what is read of them, what is refused; nothing else is opened or left running."""

import http.server
import os
import struct
import sys
import threading
import time
import wave
from itertools import islice
from pathlib import Path

import numpy as np
import psutil
import pytest

from breathcue.audio.formats import FORMATS
from breathcue.audio.render import render
from breathcue.decoding import blocks, decode
from breathcue.diagnostics import BreathcueError, MissingError
from breathcue.timeline.time import Ms
from decoding import ffmpeg
from recordings import write_hours
from timelines import Clips, clip_of, speech_like, timeline_of, voice_cue

pytestmark = pytest.mark.encoder

MINUTE = Ms(60_000)


def write_wav(path: Path, channels: list[np.ndarray], rate: int = 48_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.stack(channels, axis=1) * 32767).astype("<i2").tobytes())
    return path


def tone(seconds: float, rate: int = 48_000, level: float = 0.5) -> np.ndarray:
    return level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate)


@pytest.fixture
def sound(tmp_path):
    return write_wav(tmp_path / "tone.wav", [tone(2)])


def code_of(path: Path, longest_ms: int = MINUTE) -> str:
    with pytest.raises(BreathcueError) as caught:
        decode(path, longest_ms=Ms(longest_ms))
    assert not isinstance(caught.value, MissingError)
    (diagnostic,) = caught.value.diagnostics
    assert str(path) in diagnostic.message
    assert diagnostic.fix
    return diagnostic.code


# What is read.


def test_the_samples_are_those_of_the_file(sound):
    assert np.allclose(decode(sound, longest_ms=MINUTE), tone(2), atol=1e-4)


def test_blocks_are_of_a_second_at_most_and_make_up_the_whole(sound):
    found = list(blocks(sound, longest_ms=MINUTE))
    assert [len(block) for block in found] == [48_000, 48_000]
    assert all(block.dtype == np.float32 and block.flags.writeable for block in found)


def test_two_channels_become_their_mean(tmp_path):
    path = write_wav(tmp_path / "a.wav", [tone(1, level=0.8), tone(1, level=0.2)])
    assert np.allclose(decode(path, longest_ms=MINUTE), tone(1, level=0.5), atol=1e-4)


def test_many_channels_are_no_louder_than_the_loudest(tmp_path):
    path = write_wav(tmp_path / "a.wav", [tone(1, level=0.5)] * 6)
    assert 0.3 < np.abs(decode(path, longest_ms=MINUTE)).max() <= 0.51


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 96_000])
def test_any_rate_becomes_48_khz_in_the_same_time(tmp_path, rate):
    samples = decode(write_wav(tmp_path / "a.wav", [tone(2, rate)], rate), longest_ms=MINUTE)
    assert abs(len(samples) - 96_000) <= 1
    middle = slice(1_000, -1_000)
    assert np.allclose(samples[middle], tone(2)[: len(samples)][middle], atol=2e-3)


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        (".mp3", []),
        (".m4a", []),
        (".m4a", ["-c:a", "alac"]),
        (".opus", []),
        (".ogg", []),
        (".flac", []),
        (".aiff", []),
        (".caf", []),
        (".wma", []),
        (".mka", []),
        (".webm", []),
        (".au", []),
        (".aac", []),
    ],
)
def test_common_formats_are_read_whatever_their_name(tmp_path, sound, suffix, options):
    ffmpeg("-i", str(sound), *options, str(tmp_path / f"a{suffix}"))
    mislabelled = (tmp_path / f"a{suffix}").rename(tmp_path / "a.wav")
    samples = decode(mislabelled, longest_ms=MINUTE)
    # Bare AAC and WMA do not tell what the encoder has put before and after.
    assert abs(len(samples) - 96_000) <= (0 if suffix not in (".aac", ".wma") else 4_096)
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.1)


LENGTHS = [(suffix, ms) for suffix in FORMATS for ms in (999, 3_072, 12_345)]


@pytest.mark.parametrize(("suffix", "duration_ms"), LENGTHS)
def test_what_breathcue_writes_comes_back_as_long_as_it_was(tmp_path, suffix, duration_ms):
    said = [voice_cue(24, 480, "said")]
    clips = Clips({"said": clip_of(speech_like(480, 1))})
    render(timeline_of(said, duration_ms), clips, tmp_path / f"a{suffix}")
    samples = decode(tmp_path / f"a{suffix}", longest_ms=Ms(duration_ms))
    # A Vorbis stream of one page, which is a second, cannot tell its first sample and its last.
    off = 640 if suffix == ".ogg" and duration_ms < 1000 else 0
    assert abs(len(samples) - duration_ms * 48) <= off


def test_a_single_sample_is_a_sound(tmp_path):
    assert len(decode(write_wav(tmp_path / "a.wav", [np.array([0.5])]), longest_ms=Ms(1))) == 1


def test_what_is_left_of_a_cut_file_is_read(tmp_path, sound):
    ffmpeg("-i", str(sound), str(tmp_path / "a.mp3"))
    for name in ("tone.wav", "a.mp3"):
        path = tmp_path / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert 40_000 < len(decode(path, longest_ms=MINUTE)) < 56_000


def test_numbers_that_are_none_are_silence(tmp_path):
    values = [0.5, float("nan"), float("inf"), float("-inf"), 3e38, -0.5]
    data = struct.pack("<6f", *values)
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3, 1, 48_000, 192_000, 4, 32
    )
    path = tmp_path / "a.wav"
    path.write_bytes(head + struct.pack("<4sI", b"data", len(data)) + data)
    assert decode(path, longest_ms=MINUTE).tolist() == [0.5, 0.0, 0.0, 0.0, 100.0, -0.5]


@pytest.mark.parametrize(
    "name", ["-y.wav", "concat:a|b.wav", "http:.wav", "%d.wav", "ä 呼吸 'x'.wav", "a:b.wav"]
)
@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot be there")
def test_any_name_is_but_a_name(tmp_path, monkeypatch, sound, name):
    sound.rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert len(decode(Path(name), longest_ms=MINUTE)) == 96_000


# What is refused.


def test_a_file_that_is_not_there(tmp_path):
    assert code_of(tmp_path / "gone.wav") == "sound-missing"


def test_a_folder(tmp_path):
    assert code_of(tmp_path) == "sound-unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    assert code_of(tmp_path / "a.wav") == "sound-unreadable"


def test_a_file_of_no_bytes(tmp_path):
    (tmp_path / "a.mp3").touch()
    assert code_of(tmp_path / "a.mp3") == "sound-empty"


def test_a_sound_of_no_samples(tmp_path):
    assert code_of(write_wav(tmp_path / "a.wav", [np.zeros(0)])) == "sound-empty"


def rubbish(kind: str, sound: Path) -> bytes:
    rng = np.random.default_rng(1)
    if kind == "text":
        return b"Breathe in, and out.\n" * 100
    if kind == "noise":
        return rng.integers(0, 256, 200_000, np.uint8).tobytes()
    if kind == "zeros":
        return bytes(200_000)
    if kind == "head only":
        return sound.read_bytes()[:30]
    target = sound.with_name("whole.m4a")
    ffmpeg("-i", str(sound), str(target))
    return target.read_bytes()[: target.stat().st_size // 2]


@pytest.mark.parametrize("kind", ["text", "noise", "zeros", "head only", "cut off before its index"])
@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".m4a", ""])
def test_what_is_no_sound(tmp_path, sound, kind, suffix):
    path = tmp_path / f"bad{suffix}"
    path.write_bytes(rubbish(kind, sound))
    assert code_of(path) == "sound-unreadable"


def test_a_picture_and_a_film_without_sound(tmp_path):
    film = ["-f", "lavfi", "-i", "color=c=teal:s=16x16:d=1"]
    ffmpeg(*film, "-frames:v", "1", str(tmp_path / "picture.png"))
    ffmpeg(*film, str(tmp_path / "film.mp4"))
    (tmp_path / "picture.png").rename(tmp_path / "picture.mp3")
    assert code_of(tmp_path / "picture.mp3") == "sound-unreadable"
    assert code_of(tmp_path / "film.mp4") == "sound-unreadable"
    with pytest.raises(BreathcueError, match="there is no sound in it"):
        decode(tmp_path / "film.mp4", longest_ms=MINUTE)


# What lasts too long.


def test_as_long_as_allowed_and_a_sample_more(tmp_path):
    path = write_wav(tmp_path / "a.wav", [np.zeros(48_001)])
    assert code_of(path, 1_000) == "sound-too-long"
    assert len(decode(path, longest_ms=Ms(1_001))) == 48_001


def test_ten_hours_are_found_too_long_before_they_are_decoded(tmp_path):
    path = write_hours(tmp_path / "ten-hours.wav", 10)
    decoded = blocks(path, longest_ms=Ms(600_000))
    assert sum(len(block) for block in islice(decoded, 600)) == 600 * 48_000
    with pytest.raises(BreathcueError, match="longer than 10 minutes") as caught:
        next(decoded)
    assert caught.value.diagnostics[0].code == "sound-too-long"
    assert ours_of_ffmpeg() == []


# Nothing is left running, and nothing hangs.


def ours_of_ffmpeg() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "ffmpeg" in p.name()]


def test_ffmpeg_ends_with_whoever_stops_listening(tmp_path):
    path = write_wav(tmp_path / "a.wav", [np.zeros(60 * 48_000)])
    decoded = blocks(path, longest_ms=MINUTE)
    assert [len(block) for block in islice(decoded, 2)] == [48_000, 48_000]
    assert ours_of_ffmpeg()
    decoded.close()
    assert ours_of_ffmpeg() == []
    assert threading.active_count() == 1 or not [t for t in threading.enumerate() if "_watch" in t.name]


def fake_ffmpeg(tmp_path: Path, monkeypatch, lines: str) -> None:
    program = tmp_path / "fake-ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\n{lines}\n")
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
@pytest.mark.parametrize(
    "lines",
    [
        "time.sleep(600)",
        "os.write(1, bytes(4000)); time.sleep(600)",
        "os.write(1, bytes(4000)); os.close(1); time.sleep(600)",
    ],
    ids=["gives nothing", "stops in the middle", "does not end"],
)
def test_an_ffmpeg_that_hangs_is_given_up(tmp_path, monkeypatch, sound, lines):
    fake_ffmpeg(tmp_path, monkeypatch, lines)
    with pytest.raises(BreathcueError, match="came to a halt for 1 seconds") as caught:
        list(blocks(sound, longest_ms=MINUTE, stall_s=1))
    assert caught.value.diagnostics[0].code == "sound-unreadable"
    assert ours_of_ffmpeg() == []


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_listener_may_take_its_time(sound):
    """Only ffmpeg is hurried, not whoever uses the blocks."""
    lengths = []
    for block in blocks(sound, longest_ms=MINUTE, stall_s=0.2):
        lengths.append(len(block))
        time.sleep(0.5)
    assert lengths == [48_000, 48_000]


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_an_ffmpeg_that_fails_in_the_middle_is_no_end(tmp_path, monkeypatch, sound):
    fake_ffmpeg(tmp_path, monkeypatch, "os.write(1, bytes(4000)); sys.exit('Input/output error')")
    assert code_of(sound) == "sound-unreadable"


def test_no_ffmpeg_at_all(tmp_path, monkeypatch, sound):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "none"))
    with pytest.raises(MissingError) as caught:
        decode(sound, longest_ms=MINUTE)
    assert caught.value.diagnostics[0].code == "encoder-missing"


# A file cannot make ffmpeg open another, nor an address.


@pytest.fixture
def server():
    """Yield an address that answers, and the list of what was asked of it."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()


PLAYLISTS = {
    "concat": "ffconcat version 1.0\nfile '{}'\n",
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:2,\n{}\n#EXT-X-ENDLIST\n",
    "dash": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-'
    'on-demand:2011" type="static" mediaPresentationDuration="PT2S"><Period><AdaptationSet mimeType="audio/mp4">'
    '<Representation id="1" bandwidth="64000"><BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=x:{}\nm=audio 49170 RTP/AVP 0\n",
}


@pytest.mark.parametrize("kind", PLAYLISTS)
@pytest.mark.parametrize("suffix", [".mp3", ".m3u8", ".wav", ".mpd"])
def test_a_playlist_is_no_sound_and_opens_nothing(tmp_path, server, sound, kind, suffix):
    address, asked = server
    path = tmp_path / f"list{suffix}"
    for target in (f"{address}/a.mp3", "tone.wav", str(sound)):
        path.write_text(PLAYLISTS[kind].format(target))
        assert code_of(path) == "sound-unreadable"
    assert asked == []


def test_the_planted_playlist_would_work_without_the_walls(tmp_path, sound):
    """Or the test above could not fail."""
    path = tmp_path / "list.wav"
    path.write_text(PLAYLISTS["concat"].format("tone.wav"))
    done = ffmpeg("-i", str(path), "-f", "f32le", "pipe:1")
    assert len(done.stdout) == 4 * 96_000
