"""A linked MP3 file is, bit for bit, what one encoder makes of the whole session, and costs only what is new in it."""

import errno
import io
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from breathcue import store as store_module
from breathcue.audio.encode import encode
from breathcue.audio.encoder import LAME_GAIN
from breathcue.audio.linker import decode as decode_frames
from breathcue.audio.mixer import CueSource, Span, mix_sources
from breathcue.audio.mp3 import FRAME_BYTES, FRAME_SAMPLES, frame_header
from breathcue.audio.order import Order, Quality, Route
from breathcue.audio.pcm import pcm_stream
from breathcue.audio.render import Report, render
from breathcue.audio.sounds import ClipSource, sounds
from breathcue.diagnostics import Diagnostic
from breathcue.dsp.shape import gain_from_db
from breathcue.library.tones import breath_tones
from breathcue.store import Kind, Store
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.voices.base import Clip
from decoding import chapters, decode, ffmpeg
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
from workspace import ROOT, SESSIONS

pytestmark = pytest.mark.encoder

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example costs two encoders a second, and what fails is short enough to be read."""

RATES = {Quality.LOW: 56_000, Quality.STANDARD: 64_000, Quality.HIGH: 128_000}


def after_the_tag(path: Path) -> bytes:
    data = path.read_bytes()
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte
    return data[10 + size :]


def encoded_whole(timeline: Timeline, clips: ClipSource, report: Report, bit_rate: int = 64_000) -> bytes:
    """Return what a single encoder makes of a session, heard from beginning to end."""
    gain = gain_from_db(report.gain_db) / LAME_GAIN

    def pcm(windows: Iterable[Span]) -> Iterator[memoryview]:
        return pcm_stream(mix_sources([CueSource(timeline.cues, sounds(clips))], gain, windows))

    file = io.BytesIO()
    encode(file, 0, pcm, timeline.duration_ms * 48, bit_rate=bit_rate)
    return file.getvalue()


def assert_same(timeline: Timeline, clips: ClipSource, path: Path, report: Report) -> None:
    assert report.written.route is Route.LINKED
    assert after_the_tag(path) == encoded_whole(timeline, clips, report)


@cache
def a_clip(number: int) -> Clip:
    """Return one of ten clips: a tenth of a second to two seconds long, some soft, some that swell from nothing."""
    length = (120, 480, 960, 2000, 333, 1111, 240, 700, 1500, 555)[number]
    samples = speech_like(length, number)
    if number in (3, 7):
        samples = samples * np.float32(0.02)
    if number in (5, 8):
        samples = samples * np.linspace(0, 1, len(samples), dtype=np.float32) ** 3
    return clip_of(samples)


SPOKEN = Clips({str(number): a_clip(number) for number in range(10)})


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Return sessions of words and tones that lie apart, touch or overlap, from the very start or to the very end."""
    cues: list[Cue] = []
    at = draw(st.sampled_from([0, 0, 24, 1000, 7008]))
    for _ in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(["voice", "voice", "voice", "voice", "tone", "breath"]))
        if kind == "voice":
            number = draw(st.integers(0, 9))
            cue = voice_cue(at, int(a_clip(number).duration_ms), str(number))
        elif kind == "tone":
            cue = tone_cue(at, draw(st.sampled_from(["bowl", "bell", "wood", "countdown"])))
        else:
            name = draw(st.sampled_from(sorted(breath_tones())))
            cue = breath_cue(at, draw(st.sampled_from([2000, 4000])), name)
        cues.append(cue)
        overlaps = kind != "voice" and draw(st.booleans())
        gap = draw(st.sampled_from([0, 1, 24, 72, 96, 120, 480, 1008, 1500, 2400, 2520, 2544, 9000]))
        at = at + 48 if overlaps else int(cue.end_ms) + gap
    end = max(int(cue.end_ms) for cue in cues)
    return timeline_of(cues, end + draw(st.sampled_from([0, 1, 23, 500, 4000])))


@settings(max_examples=25, phases=NO_SHRINKING)
@given(timeline=timelines(), processors=st.integers(1, 3))
def test_any_session(tmp_path_factory, timeline, processors):
    path = tmp_path_factory.mktemp("linked") / "a.mp3"
    report = render(timeline, SPOKEN, path, processors=processors)
    assert_same(timeline, SPOKEN, path, report)


@settings(max_examples=10, phases=NO_SHRINKING)
@given(before=timelines(), after=timelines())
def test_what_is_kept_of_one_session_is_right_in_another(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("linked")
    kept = Store(folder / "kept")
    render(before, SPOKEN, folder / "a.mp3", kept=kept)
    report = render(after, SPOKEN, folder / "b.mp3", kept=kept)
    assert_same(after, SPOKEN, folder / "b.mp3", report)


@pytest.mark.parametrize("quality", list(RATES))
def test_every_quality(tmp_path, quality):
    timeline = long_session(2, gap_ms=500)
    clips = clips_of(timeline)
    report = render(timeline, clips, tmp_path / "a.mp3", Order(quality))
    assert after_the_tag(tmp_path / "a.mp3") == encoded_whole(timeline, clips, report, RATES[quality])


@pytest.mark.slow
@pytest.mark.voice
@pytest.mark.parametrize("name", [path.name for path in SESSIONS])
def test_the_sessions_we_ship(tmp_path, name):
    from breathcue.compiler.wishes import Wishes
    from breathcue.pipeline.session import open_session

    with open_session(ROOT / "sessions" / name, Wishes(bed="none")) as session:
        kept = Store(tmp_path / "kept")
        report = render(session.timeline, session.speaker, tmp_path / "a.mp3", kept=kept)
        assert_same(session.timeline, session.speaker, tmp_path / "a.mp3", report)
        again = render(session.timeline, session.speaker, tmp_path / "b.mp3", kept=kept)
        assert again.written.linked
        assert again.written.linked.new == 0
        assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def spoken(count: int, changed: int | None = None) -> Timeline:
    """Return a session of lines a second apart, each of them several times; one may be other words."""
    cues = []
    at = 0
    for index in range(count):
        number = 9 if index == changed else (0, 1, 2, 5, 1, 2)[index % 6]
        length = int(a_clip(number).duration_ms)
        cues.append(voice_cue(at, length, str(number)))
        at += -(-length // 24) * 24 + 1008
    return timeline_of(cues, at + 1000)


def test_what_was_encoded_is_not_encoded_again(tmp_path):
    kept = Store(tmp_path / "kept")
    first = render(spoken(30), SPOKEN, tmp_path / "a.mp3", kept=kept).written.linked
    second = render(spoken(30), SPOKEN, tmp_path / "b.mp3", kept=kept).written.linked
    assert first
    assert second
    assert first.islands == second.islands == 30
    assert first.new == first.different < 15
    assert (second.new, second.new_ms) == (0, 0)
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()


def test_another_word_makes_itself_and_what_follows_new(tmp_path):
    kept = Store(tmp_path / "kept")
    render(spoken(30), SPOKEN, tmp_path / "a.mp3", kept=kept)
    report = render(spoken(30, changed=13), SPOKEN, tmp_path / "b.mp3", kept=kept)
    assert report.written.linked
    # All that follows begins at another time, but at the same distance from what comes before it.
    assert 2 <= report.written.linked.new <= 3
    assert_same(spoken(30, changed=13), SPOKEN, tmp_path / "b.mp3", report)


def test_nothing_is_asked_for_again(tmp_path):
    """Neither level nor sound of a session that is all kept costs a single clip."""

    class Named(Clips):
        def digest(self, utterance):
            return utterance.text

    kept = Store(tmp_path / "kept")
    clips = Named(SPOKEN.clips)
    report = render(spoken(30), clips, tmp_path / "a.mp3", kept=kept)
    clips.asked.clear()
    assert (
        replace(render(spoken(30), clips, tmp_path / "b.mp3", kept=kept), path=report.path).lufs
        == report.lufs
    )
    assert clips.asked == {}


def test_a_gain_is_part_of_what_is_kept(tmp_path):
    kept = Store(tmp_path / "kept")
    soft = Clips({text: clip_of(clip.samples * np.float32(0.8)) for text, clip in SPOKEN.clips.items()})
    one = render(spoken(20), SPOKEN, tmp_path / "a.mp3", kept=kept)
    other = render(spoken(20), soft, tmp_path / "b.mp3", kept=kept)
    assert one.gain_db != other.gain_db
    assert_same(spoken(20), soft, tmp_path / "b.mp3", other)


def damage(content: bytes, kind: str) -> bytes:
    if kind == "cut short":
        return content[:-10]
    if kind == "empty":
        return b""
    position = {"magic": 0, "length": 5, "checksum": 9, "frames": len(content) // 2}[kind]
    return content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :]


@pytest.mark.parametrize("kind", ["cut short", "empty", "magic", "length", "checksum", "frames"])
def test_damaged_entries_are_made_again(tmp_path, kind):
    kept = Store(tmp_path / "kept")
    render(spoken(12), SPOKEN, tmp_path / "a.mp3", kept=kept)
    entries = sorted(kept.entries(Kind.ISLAND, Kind.LEVEL))
    contents = [path.read_bytes() for path in entries]
    for path, content in zip(entries, contents, strict=True):
        path.write_bytes(damage(content, kind))
    report = render(spoken(12), SPOKEN, tmp_path / "b.mp3", kept=kept)
    assert report.written.linked
    assert report.written.linked.new == report.written.linked.different
    assert (tmp_path / "a.mp3").read_bytes() == (tmp_path / "b.mp3").read_bytes()
    assert [path.read_bytes() for path in entries] == contents


@given(st.binary(max_size=100))
def test_no_content_of_an_entry_can_raise(content):
    assert decode_frames(content) is None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_is_told_once_and_the_file_is_written(tmp_path, monkeypatch, code):
    def fail(path: Path, content: bytes) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(store_module, "_write", fail)
    told: list[Diagnostic] = []
    report = render(spoken(12), SPOKEN, tmp_path / "a.mp3", kept=Store(tmp_path / "kept", told.append))
    assert_same(spoken(12), SPOKEN, tmp_path / "a.mp3", report)
    assert [diagnostic.code for diagnostic in told] == ["cache-unusable"]


def test_several_at_once_share_what_is_kept(tmp_path):
    kept = Store(tmp_path / "kept")

    def work(number: int) -> bytes:
        path = tmp_path / f"{number}.mp3"
        render(spoken(10 + number % 2), SPOKEN, path, kept=kept)
        return path.read_bytes()

    with ThreadPoolExecutor(4) as pool:
        files = list(pool.map(work, range(4)))
    assert files[0] == files[2]
    assert files[1] == files[3]
    assert not list(kept.folder.rglob("*.part"))


def test_a_bed_and_other_formats_are_streamed(tmp_path):
    timeline = spoken(5)
    assert render(timeline, SPOKEN, tmp_path / "a.opus").written.route is Route.OF_THIS_FORMAT
    with_bed = replace(timeline, cues=(bed_cue("brown", timeline.duration_ms), *timeline.cues))
    assert render(with_bed, SPOKEN, tmp_path / "a.mp3").written.route is Route.UNDER_A_BED


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
    report = render(spoken(3), SPOKEN, tmp_path / "a.mp3")
    assert report.written.route is Route.BY_THIS_ENCODER
    data = after_the_tag(tmp_path / "a.mp3")
    frames = [data[at + 4 : at + 8] for at in range(FRAME_BYTES, len(data), FRAME_BYTES)]
    assert [int.from_bytes(frame, "big") for frame in frames] == list(range(len(frames)))


@pytest.fixture(scope="module")
def linked(tmp_path_factory) -> tuple[Path, Timeline]:
    """Return a file all of whose islands were kept, and its session."""
    folder = tmp_path_factory.mktemp("linked")
    timeline = long_session(2, distinct=9)
    clips, kept = clips_of(timeline), Store(folder / "kept")
    render(timeline, clips, folder / "a.mp3", kept=kept)
    render(timeline, clips, folder / "a.mp3", kept=kept)
    return folder / "a.mp3", timeline


def test_ffmpeg_reads_length_and_chapters(linked):
    path, timeline = linked
    assert len(decode(path)) == timeline.duration_ms * 48
    assert [start for start, _, _ in chapters(path)] == [chapter.start_ms for chapter in timeline.chapters]


@pytest.mark.parametrize("second", [0.5, 5, 24.024, 60, 61.7, 110, 119.5])
def test_seeking_leads_to_the_very_sample(linked, second):
    path, _ = linked
    whole = decode(path)
    sought = np.frombuffer(
        ffmpeg("-loglevel", "error", "-ss", str(second), "-i", str(path), "-f", "f32le", "pipe:1").stdout,
        "<f4",
    )
    at = round(second * 48_000)
    assert abs(len(sought) - (len(whole) - at)) <= 1
    # A decoder that begins in the middle has not heard the frame before, which its first one overlaps.
    settled = 2 * FRAME_SAMPLES
    assert np.abs(sought[settled:] - whole[len(whole) - len(sought) + settled :]).max() < 1e-6


def played_by_mpv(path: Path, target: Path, *options: str) -> np.ndarray:
    quiet = ["--no-config", "--no-terminal", "--no-video", "--audio-display=no", "--audio-format=float"]
    output = ["--ao=pcm", "--ao-pcm-waveheader=no", f"--ao-pcm-file={target}"]
    subprocess.run(["mpv", *quiet, *output, *options, str(path)], check=True, timeout=60, capture_output=True)
    return np.frombuffer(target.read_bytes(), "<f4")


@pytest.mark.skipif(shutil.which("mpv") is None, reason="mpv is not installed")
def test_mpv_plays_and_seeks(linked, tmp_path):
    path, timeline = linked
    whole = played_by_mpv(path, tmp_path / "whole.raw")
    ours = decode(path)
    assert len(whole) == timeline.duration_ms * 48
    assert np.abs(whole - ours).max() < 1e-4
    sought = played_by_mpv(path, tmp_path / "sought.raw", "--start=60")
    assert len(sought) == len(ours) - 60 * 48_000
    assert np.abs(sought[4800:] - ours[60 * 48_000 + 4800 :]).max() < 1e-4


def test_the_seek_table_and_the_words_of_the_tag(linked):
    from mutagen.mp3 import MP3

    path, timeline = linked
    info = MP3(path)
    assert info.info.length == pytest.approx(timeline.duration_ms / 1000, abs=0.03)
    assert info.info.bitrate == 64_000
    spoken_lines = [cue.text for cue in timeline.cues if cue.track is Track.VOICE]
    assert [text for text, _ in info.tags.getall("SYLT")[0].text] == spoken_lines
