"""The author's music as a bed: any format, level matched, going round without a seam; what is of no use is said so."""

import errno
import gc
import io
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.beds import BED_LUFS, HIGHEST_DBFS, open_bed
from breathcue.audio.music import CROSS_FADE_MS, open_music
from breathcue.audio.order import Order
from breathcue.audio.render import render
from breathcue.diagnostics import BreathcueError, MissingError
from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.timeline.time import Ms
from decoding import ffmpeg
from recordings import write_hours, write_sound
from timelines import Clips, bed_cue, timeline_of

pytestmark = pytest.mark.encoder

RATE = 48_000
MINUTE = Ms(60_000)


def music(seconds: float, level: float = 0.3) -> np.ndarray:
    """Return a melody over noise, in which no second is like another."""
    time = np.arange(round(seconds * RATE)) / RATE
    hertz = 220 + 40 * np.sin(0.7 * time) + 3 * time
    noise = np.random.default_rng(7).standard_normal(len(time))
    return level * (np.sin(2 * np.pi * np.cumsum(hertz) / RATE) + 0.1 * noise) / 1.5


def heard(path: Path, length_ms: int, start: int = 0) -> np.ndarray:
    out = np.zeros(length_ms * 48, np.float32)
    open_bed(path.name, path, Ms(length_ms)).add(out, start)
    return out


@pytest.fixture
def tune(tmp_path):
    return write_sound(tmp_path / "tune.wav", music(20))


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.dot(one, other) / np.sqrt(np.dot(one, one) * np.dot(other, other)))


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".m4a", ".ogg", ".opus", ".flac"])
def test_any_format_plays_as_it_is(tmp_path, tune, suffix):
    path = tmp_path / f"other{suffix}"
    ffmpeg("-y", "-i", str(tune), "-ac", "2", "-ar", "48000" if suffix == ".opus" else "44100", str(path))
    samples = heard(path, 15_000)
    assert likeness(samples, music(20)[: len(samples)]) > 0.98


@pytest.mark.parametrize("level", [0.9, 0.1, 0.003])
def test_its_level_is_that_of_every_bed(tmp_path, level):
    samples = heard(write_sound(tmp_path / "tune.wav", music(20, level)), 17_000)
    assert integrated_lufs(hop_energy(samples)) == pytest.approx(BED_LUFS, abs=0.5)


def test_the_level_of_long_music_is_told_from_excerpts(tmp_path):
    samples = music(150) * (0.6 + 0.4 * np.sin(np.arange(150 * RATE) / RATE / 9))
    path = write_sound(tmp_path / "long.wav", samples)
    assert integrated_lufs(hop_energy(heard(path, 140_000))) == pytest.approx(BED_LUFS, abs=0.5)


def test_single_strokes_in_silence_do_not_startle(tmp_path):
    samples = np.zeros(20 * RATE)
    samples[:: 5 * RATE] = 0.5
    strokes = heard(write_sound(tmp_path / "strokes.wav", samples), 40_000)
    assert 20 * np.log10(np.abs(strokes).max()) <= HIGHEST_DBFS


def test_it_goes_round_with_a_cross_fade(tune):
    samples = heard(tune, 60_000)
    once = samples[: 17 * RATE]
    # 20 s with 3 s of cross-fade come round every 17 s.
    assert np.array_equal(samples[20 * RATE : 34 * RATE], samples[37 * RATE : 51 * RATE])
    assert np.allclose(samples[20 * RATE : 34 * RATE], once[3 * RATE :], atol=1e-6)
    middle = samples[round(18.5 * RATE) : round(18.5 * RATE) + 48]
    factor = np.dot(once[:48_000], once[:48_000]) / np.dot(music(20)[:48_000], music(20)[:48_000])
    begin = music(20)[round(1.5 * RATE) : round(1.5 * RATE) + 48]
    end = music(20)[round(18.5 * RATE) : round(18.5 * RATE) + 48]
    assert np.allclose(middle, np.sqrt(factor) * (begin + end) / np.sqrt(2), atol=0.001)


def test_it_goes_round_without_a_click_and_without_a_dip(tune):
    samples = heard(tune, 60_000)
    steps = np.abs(np.diff(samples))
    seam = slice(17 * RATE - 100, 20 * RATE + 100)
    assert steps[seam].max() <= 1.5 * steps[: 16 * RATE].max()
    loudness = 10 * np.log10(np.mean(samples[: 59 * RATE].reshape(-1, RATE) ** 2, axis=1))
    assert np.ptp(loudness) < 3


@pytest.mark.parametrize("seconds", [1.0, 1.3, 4.0])
def test_a_short_sound_goes_round_with_a_quarter_of_it(tmp_path, seconds):
    path = write_sound(tmp_path / "short.wav", music(seconds))
    samples = heard(path, 13_000)
    turn = round(seconds * RATE) - round(seconds * RATE) // 4
    assert np.array_equal(samples[2 * turn : 3 * turn], samples[3 * turn : 4 * turn])


def test_any_block_gives_the_same_samples(tune):
    whole = heard(tune, 50_000)
    bed = open_bed(tune.name, tune, Ms(50_000))
    for block in (480, 24_000, 33_333):
        out = np.zeros(len(whole), np.float32)
        for start in range(0, len(out), block):
            bed.add(out[start : start + block], start)
        assert np.array_equal(out, whole)


def test_of_a_long_file_no_more_is_kept_than_the_session_needs(tmp_path):
    path = write_sound(tmp_path / "long.wav", music(30))
    bed = open_music(path, Ms(5_000))
    assert bed._file.seek(0, os.SEEK_END) == (5_000 + CROSS_FADE_MS) * 48 * 2


def code_of(path: Path, length_ms: int = 20_000) -> str:
    with pytest.raises(BreathcueError) as caught:
        open_bed(path.name, path, Ms(length_ms))
    (diagnostic,) = caught.value.diagnostics
    assert path.name in diagnostic.message
    assert diagnostic.fix
    return diagnostic.code


def write_bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


BAD = {
    "bed-silent": lambda folder: write_sound(folder / "a.wav", np.zeros(10 * RATE)),
    "bed-too-short": lambda folder: write_sound(folder / "a.wav", music(0.9)),
    "sound-empty": lambda folder: write_sound(folder / "a.wav", np.zeros(0)),
    "sound-unreadable": lambda folder: write_bytes(folder / "a.mp3", bytes(range(256)) * 99),
    "sound-too-long": lambda folder: write_hours(folder / "a.wav", 10),
    "sound-missing": lambda folder: folder / "nowhere.mp3",
}


@pytest.mark.parametrize("code", BAD)
def test_what_is_of_no_use_is_told_and_nothing_is_written(tmp_path, code):
    path = BAD[code](tmp_path)
    assert code_of(path) == code
    timeline = timeline_of([bed_cue(path.name, 20_000)], 20_000)
    (tmp_path / "out").mkdir()
    with pytest.raises(BreathcueError):
        render(timeline, Clips({}), tmp_path / "out" / "a.mp3", Order(bed_file=path, stems=True))
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("what", ["one sample", "no bytes", "a folder", "text", "a cut MP3"])
def test_more_of_no_use(tmp_path, tune, what):
    path = tmp_path / "bad.mp3"
    if what == "one sample":
        assert code_of(write_sound(tmp_path / "one.wav", music(1 / RATE))) == "bed-too-short"
        return
    if what == "a folder":
        path.mkdir()
    elif what == "a cut MP3":
        ffmpeg("-y", "-i", str(tune), "-t", "2", str(path))
        path.write_bytes(path.read_bytes()[:600])
    else:
        path.write_bytes(b"" if what == "no bytes" else b"no sound at all\n" * 500)
    assert code_of(path) in ("sound-unreadable", "sound-empty", "bed-too-short", "bed-silent")


def test_a_mislabelled_file_is_read_for_what_it_is(tmp_path, tune):
    tune.rename(tmp_path / "tune.mp3")
    assert np.abs(heard(tmp_path / "tune.mp3", 5_000)).max() > 0


def test_ten_hours_of_mp3_are_refused_at_once(tmp_path):
    path = tmp_path / "hours.mp3"
    sine = [
        "-f",
        "lavfi",
        "-i",
        "sine=440:r=8000",
        "-t",
        "180",
        "-b:a",
        "8k",
        "-write_xing",
        "0",
        "-id3v2_version",
        "0",
    ]
    ffmpeg(*sine, str(path))
    path.write_bytes(path.read_bytes() * 200)
    assert code_of(path) == "sound-too-long"


def test_a_full_disk_of_temporary_files_is_told(tune, monkeypatch):
    class Full(io.BytesIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    real = tempfile.TemporaryFile
    monkeypatch.setattr(
        tempfile, "TemporaryFile", lambda **named: Full() if "prefix" in named else real(**named)
    )
    with pytest.raises(MissingError) as caught:
        open_music(tune, MINUTE)
    assert caught.value.diagnostics[0].code == "disk-full"


def test_the_temporary_file_is_closed_when_the_bed_is_gone(tune):
    bed = open_music(tune, MINUTE)
    bed.add(np.zeros(480, np.float32), 0)
    file = bed._file
    assert not file.closed
    gc.disable()
    try:
        del bed
    finally:
        gc.enable()
    assert file.closed
