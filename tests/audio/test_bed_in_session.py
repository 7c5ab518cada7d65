"""Rendered sessions with a bed and breath tones, decoded and measured: ducking, level, peaks, stems, the same bytes."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.beds import BED_LUFS, open_bed, session_bed
from breathcue.audio.formats import FORMATS
from breathcue.audio.loudness import measure
from breathcue.audio.order import Order
from breathcue.audio.render import render
from breathcue.audio.stems import write_stem
from breathcue.diagnostics import MissingError, RequestError
from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import Ms
from decoding import decode, loudness
from timelines import (
    Clips,
    bed_cue,
    breath_cue,
    clip_of,
    clips_of,
    long_session,
    speech_like,
    timeline_of,
    tone_cue,
    voice_cue,
)

pytestmark = pytest.mark.encoder

RATE = 48_000
MS = 48


def with_sound(timeline: Timeline, bed: str | None = "ocean", tones: bool = True) -> Timeline:
    """Return a session with a bed beneath it, and a breath tone for every five seconds."""
    cues = list(timeline.cues)
    if tones:
        names = ("inhale-clear", "exhale-clear")
        starts = range(4_800, timeline.duration_ms - 9_600, 4_800)
        cues += [breath_cue(start, 4_800, names[i % 2]) for i, start in enumerate(starts)]
    if bed:
        cues.append(bed_cue(bed, timeline.duration_ms))
    return replace(timeline, cues=tuple(sorted(cues, key=lambda cue: cue.start_ms)))


def one_word(start_ms: int, length_ms: int, duration_ms: int) -> tuple[Timeline, Clips]:
    """Return a session of one word that is a soft click and then silence, so that the bed is heard beneath it."""
    samples = np.zeros(length_ms * MS, np.float32)
    samples[:2400] = 0.05 * np.hanning(2400) * np.sin(np.arange(2400) / 3)
    timeline = timeline_of([voice_cue(start_ms, length_ms, "x"), bed_cue("brown", duration_ms)], duration_ms)
    return timeline, Clips({"x": clip_of(samples)})


def level(samples: np.ndarray, first_ms: int, last_ms: int) -> float:
    part = samples[first_ms * MS : last_ms * MS].astype(np.float64)
    return float(10 * np.log10(np.mean(part**2)))


@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_the_bed_makes_way_by_14_db_at_the_right_time(tmp_path, suffix):
    timeline, clips = one_word(12_000, 6_000, 30_000)
    report = render(timeline, clips, tmp_path / f"a{suffix}")
    heard = decode(tmp_path / f"a{suffix}")
    bare = np.zeros(len(heard), np.float32)
    open_bed("brown", None, Ms(0)).add(bare, 0)
    bare *= 10 ** (report.gain_db / 20)

    def lowered(first_ms: int, last_ms: int) -> float:
        return level(bare, first_ms, last_ms) - level(heard, first_ms, last_ms)

    assert lowered(5_000, 11_000) == pytest.approx(0, abs=0.3)
    assert lowered(12_500, 17_900) == pytest.approx(14, abs=1)
    assert lowered(20_000, 24_000) == pytest.approx(0, abs=0.3)
    # The line of decibels through the middle of each slope says when it began and when it ends.
    for begin, end, rising in [(11_400, 12_000, False), (18_000, 19_500, True)]:
        quarter = (end - begin) // 4
        times = np.arange(begin + quarter, end - quarter, 30)
        depth = [lowered(t - 30, t + 30) for t in times]
        slope, offset = np.polyfit(times, depth, 1)
        reaches = {db: (db - offset) / slope for db in (0, 14)}
        expected = {0: end, 14: begin} if rising else {0: begin, 14: end}
        assert reaches == pytest.approx(expected, abs=20)


@pytest.mark.parametrize("bed", ["brown", "ocean", "pad", "rain"])
def test_the_voice_stays_as_loud_as_it_is_without(tmp_path, bed):
    timeline = long_session(1)
    clips = clips_of(timeline)
    plain = render(timeline, clips, tmp_path / "plain.flac")
    full = with_sound(timeline, bed)
    report = render(full, clips, tmp_path / "full.flac", Order(stems=True))
    assert report.gain_db == pytest.approx(plain.gain_db, abs=0.01)
    assert loudness(tmp_path / "full-voice.wav").lufs == pytest.approx(-16, abs=0.5)
    assert loudness(tmp_path / "full.flac").lufs == pytest.approx(-16, abs=0.5)


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".m4a", ".opus", ".ogg"])
def test_voice_tones_and_bed_together_stay_below_the_ceiling(tmp_path, suffix):
    timeline = with_sound(long_session(1))
    report = render(timeline, clips_of(timeline), tmp_path / f"a{suffix}")
    measured = loudness(tmp_path / f"a{suffix}")
    assert measured.peak_dbtp <= -1.0
    assert measured.lufs == pytest.approx(-16, abs=0.5)
    if suffix == ".flac":
        computed = measure(timeline, clips_of(timeline), session_bed(timeline, None))
        assert measured.peak_dbtp == pytest.approx(computed.peak_dbtp() + report.gain_db, abs=0.1)


def test_where_nobody_speaks_the_bed_has_its_level(tmp_path):
    timeline = timeline_of([bed_cue("rain", 60_000)], 60_000)
    render(timeline, Clips({}), tmp_path / "a.flac")
    heard = decode(tmp_path / "a.flac")
    assert integrated_lufs(hop_energy(heard[5 * RATE : 50 * RATE])) == pytest.approx(BED_LUFS, abs=0.5)
    assert np.abs(heard[: 5 * MS]).max() < 0.001
    assert np.abs(heard[-5 * MS :]).max() < 0.001


def test_the_file_is_the_same_for_any_number_of_encoders_and_on_every_run(tmp_path):
    timeline = with_sound(long_session(3.2, distinct=9))
    clips = clips_of(timeline)
    for name, processors in (("one", 1), ("two", 2), ("three", 3), ("again", 3)):
        render(timeline, clips, tmp_path / f"{name}.mp3", processors=processors)
    made = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(made) == 1


# Stems.


def whole(path: Path) -> np.ndarray:
    """Return the samples of a file as whole 16-bit steps."""
    steps = decode(path) * 32768
    assert np.array_equal(steps, np.rint(steps))
    return steps.astype(np.int64)


def stems(target: Path) -> list[Path]:
    return [target.with_name(f"{target.stem}-{name}.wav") for name in ("voice", "tones", "bed")]


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
@pytest.mark.parametrize("bed", ["ocean", None])
@pytest.mark.parametrize("tones", [True, False])
def test_stems_add_up_to_the_session_to_the_last_bit(tmp_path, suffix, bed, tones):
    timeline = with_sound(long_session(0.5), bed, tones)
    target = tmp_path / f"a{suffix}"
    report = render(timeline, clips_of(timeline), target, Order(stems=True))
    assert report.stems == tuple(stems(target))
    assert np.array_equal(sum(whole(path) for path in stems(target)), whole(target))


def test_each_stem_holds_what_its_name_says(tmp_path):
    words = [voice_cue(6_000, 2_000, "x")]
    rings = [tone_cue(1_200, "wood"), breath_cue(7_200, 2_400, "inhale-soft")]
    timeline = timeline_of([*words, *rings, bed_cue("pad", 12_000)], 12_000)
    clips = Clips({"x": clip_of(speech_like(2_000, 1))})
    render(timeline, clips, tmp_path / "all.wav", Order(stems=True))
    voice, tones, bed = (whole(path) for path in stems(tmp_path / "all.wav"))
    assert not voice[: 6_000 * MS].any()
    assert not voice[8_000 * MS :].any()
    assert voice.any()
    assert np.flatnonzero(tones)[0] // MS in (1_200, 1_201)
    assert not tones[1_512 * MS : 7_200 * MS].any()
    assert not tones[9_600 * MS :].any()
    quiet = timeline_of([bed_cue("pad", 12_000), *words], 12_000)
    render(quiet, clips, tmp_path / "some.wav", Order(stems=True))
    # What the roundings leave over is a step and a half at most, in each of the two.
    assert np.abs(bed - whole(stems(tmp_path / "some.wav")[2])).max() <= 3


def test_without_a_bed_its_stem_is_silence(tmp_path):
    timeline = with_sound(long_session(0.3), None)
    render(timeline, clips_of(timeline), tmp_path / "a.mp3", Order(stems=True))
    assert not whole(stems(tmp_path / "a.mp3")[2]).any()


def test_stems_of_a_lossy_file_add_up_to_what_was_encoded(tmp_path):
    timeline = with_sound(long_session(0.5))
    render(timeline, clips_of(timeline), tmp_path / "a.mp3", Order(stems=True))
    mixed = sum(decode(path) for path in stems(tmp_path / "a.mp3"))
    coded = decode(tmp_path / "a.mp3")
    assert np.dot(mixed, coded) / np.sqrt(np.dot(mixed, mixed) * np.dot(coded, coded)) > 0.99


def test_a_stem_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    timeline = timeline_of([], 1_000)
    (tmp_path / "a-tones.wav").mkdir()
    with pytest.raises(RequestError) as caught:
        render(timeline, Clips({}), tmp_path / "a.mp3", Order(stems=True))
    assert caught.value.diagnostics[0].code == "target-is-folder"
    assert [path.name for path in tmp_path.iterdir()] == ["a-tones.wav"]


class Full:
    """A file on a disk with room for a megabyte."""

    def __init__(self, file):
        self.file = file

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, data):
        if self.file.tell() + len(data) > 1_000_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(data)


@pytest.mark.parametrize("filled_by", [Track.VOICE, Track.BED])
def test_a_disk_that_fills_up_leaves_neither_session_nor_stems(tmp_path, monkeypatch, filled_by):
    timeline = with_sound(long_session(0.5))
    old = [*stems(tmp_path / "a.mp3")[:2], tmp_path / "a.mp3"]
    for path in old:
        path.write_bytes(b"old")

    def write(job, track, file):
        write_stem(job, track, Full(file) if track is filled_by else file)

    monkeypatch.setattr("breathcue.audio.render.write_stem", write)
    with pytest.raises(MissingError) as caught:
        render(timeline, clips_of(timeline), tmp_path / "a.mp3", Order(stems=True))
    assert caught.value.diagnostics[0].code == "disk-full"
    assert sorted(tmp_path.iterdir()) == sorted(old)
    assert all(path.read_bytes() == b"old" for path in old)


def test_a_session_that_cannot_be_finished_leaves_no_stems(tmp_path, monkeypatch):
    def fails(job, file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    form = replace(FORMATS[".mp3"], write=fails)
    monkeypatch.setattr("breathcue.audio.render.FORMATS", {".mp3": form})
    with pytest.raises(MissingError):
        render(
            with_sound(long_session(0.3)), clips_of(long_session(0.3)), tmp_path / "a.mp3", Order(stems=True)
        )
    assert list(tmp_path.iterdir()) == []


def test_stems_that_there_is_no_room_for_are_refused_before_any_work(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    free = 3 * 60 * 96_000 - 1_000_000
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    timeline = timeline_of([], 60_000)
    with pytest.raises(MissingError) as caught:
        render(timeline, Clips({}), tmp_path / "a.mp3", Order(stems=True))
    assert caught.value.diagnostics[0].code == "disk-full"
    render(timeline, Clips({}), tmp_path / "a.mp3")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp3"]
