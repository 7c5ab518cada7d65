"""Whatever goes wrong, it is said in words, no half file appears, and no process or thread stays behind."""

import errno
import os
import shutil
import stat
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from breathcue.audio import linker, stream
from breathcue.audio.encode import encode
from breathcue.audio.encoder import ticking
from breathcue.audio.formats import FORMATS
from breathcue.audio.render import check_target, format_names, render
from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError
from breathcue.diagnostics.codes import CODES
from breathcue.files import unwritable, whole_file
from timelines import Clips, clip_of, timeline_of, voice_cue

SILENCE = timeline_of([], 60_000)
SOUND = timeline_of([voice_cue(0, 500, "x")], 60_000)
SOUND_TWICE = timeline_of([voice_cue(0, 500, "x"), voice_cue(60_000, 500, "x")], 120_000)
CLIPS = Clips({"x": clip_of(0.1 * np.sin(np.arange(24_000, dtype=np.float32) / 20))})

DIES_AT_ONCE = "import sys; sys.exit('Unknown encoder libmp3lame.')"
DIES_HALF_WAY = "import sys; sys.stdin.buffer.read(100_000); sys.stderr.write('out of luck'); sys.exit(3)"
IS_KILLED = "import os, sys; sys.stdin.buffer.read(9); os.kill(os.getpid(), 9)"
WRITES_GARBAGE = "import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write(b'hello ' * 99_999)"
WRITES_NOTHING = "import sys; sys.stdin.buffer.read()"
WRITES_ENDLESSLY = "import sys\nwhile True: sys.stdout.buffer.write(bytes(4096))"
NEVER_READS = "import time; time.sleep(600)"
READS_AND_WAITS = "import sys, time; sys.stdin.buffer.read(); time.sleep(600)"
CLOSES_AND_WAITS = "import os, sys, time; sys.stdin.buffer.read(); os.close(1); time.sleep(600)"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file of an earlier run, in a folder of its own."""
    (tmp_path / "out").mkdir()
    path = tmp_path / "out" / "session.mp3"
    path.write_bytes(b"old")
    return path


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a script of ours in the encoder's place."""

    def put(script: str) -> None:
        path = tmp_path / "fake-ffmpeg"
        path.write_text(f"#!{sys.executable}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(path))

    return put


BEFORE: set[object] = set()
"""The processes and threads that other tests of this process have left, and that are none of ours."""


@pytest.fixture(autouse=True)
def note_what_is_there() -> None:
    BEFORE.clear()
    BEFORE.update(psutil.Process().children(recursive=True), threading.enumerate())


def failure(call, *arguments, **options) -> Diagnostic:
    with pytest.raises(BreathcueError) as caught:
        call(*arguments, **options)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code in CODES
    assert diagnostic.fix
    return diagnostic


def assert_nothing_happened(old: Path) -> None:
    assert old.read_bytes() == b"old"
    assert list(old.parent.iterdir()) == [old]
    assert set(psutil.Process().children(recursive=True)) <= BEFORE
    assert set(threading.enumerate()) <= BEFORE


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (DIES_AT_ONCE, "exit code 1: Unknown encoder libmp3lame"),
        (DIES_HALF_WAY, "exit code 3: out of luck"),
        (IS_KILLED, "killed by signal 9"),
        (WRITES_GARBAGE, "not an MP3 stream"),
        (WRITES_ENDLESSLY, "not an MP3 stream"),
        (WRITES_NOTHING, "8 MP3 frames before the end"),
    ],
)
@pytest.mark.parametrize("processors", [1, 2])
def test_an_encoder_that_fails(old, fake, script, words, processors):
    fake(script)
    timeline = SILENCE if processors == 1 else SOUND_TWICE
    diagnostic = failure(render, timeline, CLIPS, old, processors=processors)
    assert diagnostic.code == "encoder-failed"
    assert words in diagnostic.message
    assert_nothing_happened(old)


@pytest.mark.parametrize("script", [NEVER_READS, READS_AND_WAITS, CLOSES_AND_WAITS])
def test_an_encoder_that_hangs_is_stopped(old, fake, script):
    fake(script)
    pcm = memoryview(bytes(2 * 48_000 * 60))

    def work() -> None:
        with whole_file(old) as file:
            encode(
                file,
                0,
                lambda spans: [pcm[2 * s.start : 2 * s.stop] for s in spans],
                48_000 * 60,
                [1000],
                stall_s=0.4,
            )

    assert failure(work).code == "encoder-stalled"
    assert_nothing_happened(old)


@pytest.mark.parametrize("script", [NEVER_READS, READS_AND_WAITS, CLOSES_AND_WAITS])
@pytest.mark.parametrize("suffix", [".mp3", ".m4a"])
def test_a_render_whose_encoder_hangs_is_given_up(old, fake, monkeypatch, script, suffix):
    for module in (linker, stream):
        monkeypatch.setattr(module, "ticking", partial(ticking, stall_s=0.4))
    fake(script)
    diagnostic = failure(render, SOUND_TWICE, CLIPS, old.with_suffix(suffix))
    assert diagnostic.code == "encoder-stalled"
    assert_nothing_happened(old)


def test_an_encoder_that_is_not_there(old, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(old.parent / "no-such-program"))
    diagnostic = failure(render, SILENCE, CLIPS, old)
    assert diagnostic.code == "encoder-missing"
    assert "no-such-program" in diagnostic.message
    assert_nothing_happened(old)


def test_an_encoder_that_is_no_program(old, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(old))
    assert failure(render, SILENCE, CLIPS, old).code == "encoder-missing"
    assert_nothing_happened(old)


def test_wav_needs_no_encoder(tmp_path, monkeypatch):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "no-such-program")
    render(SOUND, CLIPS, tmp_path / "a.wav")
    assert (tmp_path / "a.wav").stat().st_size >= 44 + 60 * 96_000


@pytest.mark.parametrize("name", ["session.wma", "session", "mp3", ".mp3", "session.mp3.txt"])
def test_an_unknown_format_is_refused_before_any_work(tmp_path, name):
    clips = Clips({})
    diagnostic = failure(render, SOUND, clips, tmp_path / name)
    assert diagnostic.code == "unknown-format"
    assert all(suffix in (diagnostic.fix or "") for suffix in format_names())
    assert clips.asked == {}
    assert list(tmp_path.iterdir()) == []


def test_the_suffix_may_be_in_capitals(tmp_path):
    check_target(tmp_path / "SESSION.MP3")


def test_a_folder_is_refused(tmp_path):
    (tmp_path / "a.mp3").mkdir()
    assert failure(render, SOUND, CLIPS, tmp_path / "a.mp3").code == "target-is-folder"


def test_a_missing_folder_is_named(tmp_path):
    diagnostic = failure(render, SOUND, CLIPS, tmp_path / "nowhere" / "a.mp3")
    assert diagnostic.code == "no-such-folder"
    assert "nowhere" in diagnostic.message


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert failure(render, SOUND, CLIPS, folder / "a.mp3").code == "target-unwritable"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_file_is_not_replaced(old):
    old.chmod(0o400)
    assert failure(render, SOUND, CLIPS, old).code == "target-unwritable"
    assert_nothing_happened(old)


def test_a_refusal_of_the_system_is_told_in_its_words(tmp_path):
    def refuse() -> None:
        raise unwritable(tmp_path / "a.mp3", PermissionError(errno.EACCES, "Permission denied"))

    diagnostic = failure(refuse)
    assert diagnostic.code == "target-unwritable"
    assert diagnostic.message.endswith("cannot be written: Permission denied.")


def test_a_disk_without_room_is_noticed_before_any_work(old, monkeypatch):
    usage = shutil.disk_usage(old.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000))
    diagnostic = failure(render, SOUND, Clips({}), old.with_suffix(".wav"))
    assert diagnostic.code == "disk-full"
    assert "6 MB" in diagnostic.message
    assert_nothing_happened(old)


@pytest.mark.parametrize("suffix", [".wav", pytest.param(".mp3", marks=pytest.mark.encoder)])
def test_a_disk_that_fills_up_on_the_way(old, monkeypatch, suffix):
    class Full:
        """A file on a disk with room for 100,000 bytes."""

        def __init__(self, file):
            self.file = file

        def __getattr__(self, name):
            return getattr(self.file, name)

        def write(self, data):
            if self.file.tell() + len(data) > 100_000:
                raise OSError(errno.ENOSPC, "No space left on device")
            return self.file.write(data)

    form = FORMATS[suffix]
    small = replace(form, size=lambda *_: 0, write=lambda job, file: form.write(job, Full(file)))
    monkeypatch.setattr("breathcue.audio.render.FORMATS", {suffix: small})
    assert failure(render, SOUND, CLIPS, old.with_suffix(suffix)).code == "disk-full"
    assert_nothing_happened(old)


class Fickle:
    """Clips that are there for the first look only."""

    def __init__(self, error: BaseException) -> None:
        self.error, self.looks = error, 0

    def clip(self, utterance):
        self.looks += 1
        if self.looks > 1:
            raise self.error
        return CLIPS.clips["x"]


@pytest.mark.encoder
@pytest.mark.parametrize(
    "error", [MissingError(Diagnostic("voice-gone", "The voice is gone.")), KeyError("bug")]
)
def test_a_clip_that_fails_on_the_way(old, error):
    with pytest.raises(type(error)) as caught:
        render(SOUND, Fickle(error), old)
    assert caught.value is error
    assert_nothing_happened(old)


@pytest.mark.encoder
@pytest.mark.parametrize("suffix", FORMATS)
def test_an_interruption_leaves_nothing_behind(old, suffix):
    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(SOUND_TWICE, CLIPS, old.with_suffix(suffix), on_progress=interrupt)
    assert_nothing_happened(old)


@pytest.mark.encoder
@pytest.mark.parametrize("suffix", FORMATS)
def test_progress_rises_to_one(tmp_path, suffix):
    shares: list[float] = []
    render(timeline_of([], 120_000), CLIPS, tmp_path / f"a{suffix}", on_progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert min(shares) >= 0.0
