"""Every format, read by other programs than the one that wrote it: length, places, level, chapters, tags, cover."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen.flac import Picture as FlacPicture
from mutagen.mp4 import MP4
from PIL import Image

from breathcue.audio.formats import FORMATS
from breathcue.audio.order import Order, Quality
from breathcue.audio.render import render
from breathcue.audio.tags import lyrics
from breathcue.diagnostics import MissingError
from breathcue.timeline.model import CueKind
from decoding import chapters, decode, loudness
from timelines import Clips, clip_of, clips_of, long_session, speech_like, timeline_of, voice_cue

pytestmark = pytest.mark.encoder

ALL = [(suffix, quality) for suffix, form in FORMATS.items() for quality in (form.bit_rates or [None])]
BY_FFMPEG = [suffix for suffix in FORMATS if suffix not in (".mp3", ".wav")]
LABELLED = [suffix for suffix, form in FORMATS.items() if form.cover]
MARKS = [(0, "Welcome = start; #1"), (4_321, "Ü: 呼吸 😌"), (5_000, "A\\B"), (9_001, "x" * 200)]
SAID = [
    voice_cue(24, 1000, "Stop if it hurts.", CueKind.SAFETY),
    voice_cue(4_800, 1000, "Inhale = “softly”; 呼吸."),
    voice_cue(9_600, 1000, "#3 \\ done"),
]
SESSION = timeline_of(SAID, 12_345, MARKS)
CLIPS = Clips({cue.text: clip_of(speech_like(1000, i)) for i, cue in enumerate(SAID)})


@pytest.fixture(scope="module")
def cover(tmp_path_factory):
    path = tmp_path_factory.mktemp("cover") / "50% off: %d.png"
    Image.new("RGB", (300, 200), "teal").save(path)
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory, cover):
    """A file of the session in each format that can be labelled."""
    folder = tmp_path_factory.mktemp("written")
    files = {suffix: folder / f"a{suffix}" for suffix in LABELLED}
    for path in files.values():
        render(SESSION, CLIPS, path, Order(author="Ann; Ö=1", cover=cover))
    return files


def probe(path: Path) -> dict:
    """Return what the system's ffprobe, another version of another build, reads in a file."""
    if not shutil.which("ffprobe"):
        pytest.skip("there is no ffprobe on this system")
    shown = ["-show_format", "-show_streams", "-show_chapters"]
    command = ["ffprobe", "-loglevel", "error", *shown, "-of", "json", str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def tags_of(found: dict) -> dict[str, str]:
    """Return the tags of a file or, where its container has none, of its sound."""
    tags = {**found["streams"][0].get("tags", {}), **found["format"].get("tags", {})}
    return {key.lower(): value for key, value in tags.items()}


LENGTHS = [(suffix, ms) for suffix in FORMATS for ms in (1, 25, 999, 3_072, 61_234)]


@pytest.mark.parametrize(("suffix", "duration_ms"), LENGTHS)
def test_a_decoder_returns_exactly_the_session(tmp_path, suffix, duration_ms):
    path = tmp_path / f"a{suffix}"
    report = render(timeline_of([], duration_ms), Clips({}), path)
    assert report.bytes == path.stat().st_size
    samples = decode(path)
    # A Vorbis stream of one page, which is a second, cannot tell its first sample and its last.
    off = 640 if suffix == ".ogg" and duration_ms < 1000 else 0
    assert abs(len(samples) - duration_ms * 48) <= off
    assert not samples.any()


def chirp(length_ms: int) -> np.ndarray:
    time = np.arange(length_ms * 48) / 48_000
    return (0.3 * np.sin(2 * np.pi * (200 + 8000 * time) * time) * np.hanning(len(time))).astype(np.float32)


@pytest.mark.parametrize(("suffix", "quality"), ALL)
def test_every_sound_is_at_its_sample(tmp_path, suffix, quality):
    clip = clip_of(chirp(300))
    starts = [0, 480, 5_016, 12_000, 19_680]
    timeline = timeline_of([voice_cue(start, 300, "chirp") for start in starts], 20_001)
    render(timeline, Clips({"chirp": clip}), tmp_path / f"a{suffix}", Order(quality))
    heard = decode(tmp_path / f"a{suffix}")
    assert len(heard) == 20_001 * 48
    assert_in_place(heard, clip.samples, starts)
    if shutil.which("ffmpeg"):
        assert_in_place(decoded_elsewhere(tmp_path / f"a{suffix}"), clip.samples, starts)


def assert_in_place(heard: np.ndarray, clip: np.ndarray, starts: list[int]) -> None:
    for start in starts:
        window = np.pad(heard, 4_000)[start * 48 + 3_960 : start * 48 + 4_040 + 300 * 48]
        match = np.correlate(window, clip)
        # Opus' own filters turn phases a little; a fiftieth of a millisecond is a sample.
        assert abs(int(np.argmax(match)) - 40) <= 1


def decoded_elsewhere(path: Path) -> np.ndarray:
    """Return the samples that the system's ffmpeg, another version of another build, hears."""
    source = ["-loglevel", "error", "-i", str(path), "-map", "0:a"]
    command = ["ffmpeg", *source, "-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<f4")


@pytest.mark.parametrize("suffix", [".m4a", ".m4b"])
def test_an_older_player_of_mp4_hears_a_frame_of_silence_more_at_most(tmp_path, suffix):
    if not shutil.which("ffmpeg"):
        pytest.skip("there is no ffmpeg on this system")
    render(SESSION, CLIPS, tmp_path / f"a{suffix}")
    heard = decoded_elsewhere(tmp_path / f"a{suffix}")
    assert 0 <= len(heard) - 12_345 * 48 <= 1024


@pytest.mark.parametrize(("suffix", "quality"), ALL)
def test_its_level_is_that_of_spoken_word(tmp_path, suffix, quality):
    timeline = long_session(1)
    report = render(timeline, clips_of(timeline), tmp_path / f"a{suffix}", Order(quality))
    measured = loudness(tmp_path / f"a{suffix}")
    assert measured.lufs == pytest.approx(-16.0, abs=0.5)
    assert measured.lufs == pytest.approx(report.lufs, abs=0.2)
    assert measured.peak_dbtp <= -1.0


@pytest.mark.parametrize("suffix", [s for s, form in FORMATS.items() if form.bit_rates])
def test_a_better_quality_takes_more_room(tmp_path, suffix):
    timeline = long_session(0.5)
    clips = clips_of(timeline)
    low, high = (
        render(timeline, clips, tmp_path / f"a{suffix}", Order(quality)).bytes
        for quality in (Quality.LOW, Quality.HIGH)
    )
    assert low < high


@pytest.mark.parametrize("suffix", LABELLED)
def test_another_ffmpeg_reads_the_chapters(written, suffix):
    starts = [start for start, _ in MARKS]
    expected = list(zip(starts, [*starts[1:], 12_345], [title for _, title in MARKS], strict=True))
    found = [
        (round(1000 * float(c["start_time"])), round(1000 * float(c["end_time"])), c["tags"]["title"])
        for c in probe(written[suffix])["chapters"]
    ]
    # Vorbis comments have no end of the last chapter: it is the file's, whose length Opus tells with its pre-skip.
    assert found[:-1] == expected[:-1]
    assert found[-1] == pytest.approx((expected[-1][0], expected[-1][1], expected[-1][2]), abs=10)
    assert [c[0] for c in chapters(written[suffix])] == starts


@pytest.mark.parametrize("suffix", LABELLED)
def test_another_ffmpeg_reads_title_author_and_words(written, suffix):
    tags = tags_of(probe(written[suffix]))
    assert tags["title"] == SESSION.title
    assert tags["artist"] == "Ann; Ö=1"
    words = next(value for key, value in tags.items() if key.startswith("lyrics"))
    assert words.replace("\r", "") == lyrics(SESSION)
    assert "Stop if it hurts." in (tags.get("description"), tags.get("comment"))


@pytest.mark.parametrize("suffix", LABELLED)
def test_another_ffmpeg_sees_the_cover(written, suffix):
    (picture,) = [s for s in probe(written[suffix])["streams"] if s["codec_type"] == "video"]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("png", 300, 200)
    assert picture["disposition"]["attached_pic"] == 1


def test_mutagen_reads_mp4(written, cover):
    for suffix in (".m4a", ".m4b"):
        tags = MP4(written[suffix])
        assert tags["©nam"] == [SESSION.title]
        assert tags["©ART"] == ["Ann; Ö=1"]
        assert tags["©lyr"] == [lyrics(SESSION)]
        assert tags["desc"] == ["Stop if it hurts."]
        assert bytes(tags["covr"][0]) == cover.read_bytes()
        assert [c.title for c in tags.chapters] == [title for _, title in MARKS]
        assert [round(1000 * c.start) for c in tags.chapters] == [start for start, _ in MARKS]
    assert MP4(written[".m4b"])["stik"] == [2]
    assert written[".m4b"].read_bytes()[8:12] == b"M4B "


@pytest.mark.parametrize("suffix", [".opus", ".ogg", ".flac"])
def test_mutagen_reads_vorbis_comments(written, cover, suffix):
    file = mutagen.File(written[suffix])
    assert file["title"] == [SESSION.title]
    assert file["artist"] == ["Ann; Ö=1"]
    assert file["lyrics"] == [lyrics(SESSION)]
    assert file["language"] == ["en"] or file["language"] == ["eng"]
    assert file["chapter001"] == ["00:00:04.321"]
    assert [file[f"chapter{i:03}name"] for i in range(4)] == [[title] for _, title in MARKS]
    pictures = file.pictures if suffix == ".flac" else [FlacPicture(_decoded(file))]
    assert [(p.type, p.mime, p.width, p.height) for p in pictures] == [(3, "image/png", 300, 200)]
    assert pictures[0].data == cover.read_bytes()


def _decoded(file) -> bytes:
    import base64

    return base64.b64decode(file["metadata_block_picture"][0])


@pytest.mark.parametrize("suffix", [".ogg", ".flac", ".wav"])
def test_sox_reads_it(tmp_path, suffix):
    if not shutil.which("soxi"):
        pytest.skip("there is no sox on this system")
    render(SESSION, CLIPS, tmp_path / f"a{suffix}", Order(author="Ann"))
    samples = subprocess.run(
        ["soxi", "-s", str(tmp_path / f"a{suffix}")], capture_output=True, check=True, text=True
    )
    assert samples.stdout.strip() == str(12_345 * 48)
    decoded = ["sox", str(tmp_path / f"a{suffix}"), "-t", "s16", "-"]
    heard = np.frombuffer(subprocess.run(decoded, capture_output=True, check=True).stdout, "<i2")
    ours = np.round(decode(tmp_path / f"a{suffix}") * 32768)
    # Vorbis is decoded to whole numbers by one and to fractions by the other.
    assert np.abs(heard - ours).max() <= 1


def test_another_ffmpeg_reads_what_a_wav_says_of_itself(tmp_path):
    render(SESSION, CLIPS, tmp_path / "a.wav", Order(author="Ann Ö"))
    tags = tags_of(probe(tmp_path / "a.wav"))
    assert (tags["title"], tags["artist"]) == (SESSION.title, "Ann Ö")


@pytest.mark.parametrize("suffix", LABELLED)
def test_a_cover_is_made_where_none_is_given(tmp_path, suffix):
    render(SESSION, CLIPS, tmp_path / f"a{suffix}")
    (picture,) = [s for s in probe(tmp_path / f"a{suffix}")["streams"] if s["codec_type"] == "video"]
    assert (picture["codec_name"], picture["width"], picture["height"]) == ("mjpeg", 800, 800)


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_session_gives_the_same_bytes(tmp_path, suffix):
    digests = set()
    for name in ("a", "b"):
        render(SESSION, CLIPS, tmp_path / f"{name}{suffix}", Order(author="Ann"))
        digests.add(hashlib.sha256((tmp_path / f"{name}{suffix}").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_lossless_formats_have_the_same_samples(tmp_path):
    for suffix in (".flac", ".wav"):
        render(SESSION, CLIPS, tmp_path / f"a{suffix}")
    assert np.array_equal(decode(tmp_path / "a.flac"), decode(tmp_path / "a.wav"))


def test_an_mp4_can_be_played_while_it_is_downloaded(written):
    data = written[".m4a"].read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def fake_encoder(tmp_path: Path, monkeypatch, lines: str) -> None:
    program = tmp_path / "fake-ffmpeg"
    program.write_text(f"#!{sys.executable}\nimport sys\n{lines}\n")
    program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(program))


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
@pytest.mark.parametrize("suffix", BY_FFMPEG)
@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("sys.exit('Error writing trailer: No space left on device')", "disk-full"),
        ("sys.exit('Unknown encoder')", "encoder-failed"),
        ("sys.stdin.buffer.read()", "encoder-failed"),
        ("open(sys.argv[-1][5:], 'wb').write(sys.stdin.buffer.read()[:9999])", "encoder-failed"),
    ],
    ids=["disk full", "no such encoder", "nothing written", "rubbish written"],
)
def test_an_encoder_that_fails_leaves_no_file(tmp_path, monkeypatch, suffix, lines, code):
    fake_encoder(tmp_path, monkeypatch, lines)
    target = tmp_path / f"a{suffix}"
    target.write_bytes(b"old")
    with pytest.raises(MissingError) as caught:
        render(SESSION, CLIPS, target)
    assert caught.value.diagnostics[0].code == code
    assert target.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == [target.name, "fake-ffmpeg"]


@pytest.mark.parametrize("suffix", BY_FFMPEG)
def test_a_file_that_ends_too_early_is_not_taken_for_whole(tmp_path, monkeypatch, suffix):
    import imageio_ffmpeg

    real = imageio_ffmpeg.get_ffmpeg_exe()
    lines = (
        "import subprocess\n"
        f"subprocess.run([{real!r}, *sys.argv[1:]], input=sys.stdin.buffer.read()[:480_000], check=True)"
    )
    fake_encoder(tmp_path, monkeypatch, lines)
    with pytest.raises(MissingError) as caught:
        render(SESSION, CLIPS, tmp_path / f"a{suffix}")
    assert caught.value.diagnostics[0].code == "encoder-failed"
    assert "instead of 12345" in caught.value.diagnostics[0].message


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a file system in memory")
def test_a_disk_that_is_really_full(tmp_path, suffix):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only the superuser can make a small disk")
    try:
        timeline = long_session(0.5)
        with pytest.raises(MissingError) as caught:
            render(timeline, clips_of(timeline), small / f"a{suffix}")
        left = list(small.iterdir())
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert caught.value.diagnostics[0].code == "disk-full"
    assert left == []


def test_a_picture_need_not_be_named_after_its_kind(tmp_path):
    data = io.BytesIO()
    Image.new("RGB", (30, 30)).save(data, "JPEG")
    (tmp_path / "cover.png").write_bytes(data.getvalue())
    render(SESSION, CLIPS, tmp_path / "a.m4a", Order(cover=tmp_path / "cover.png"))
    assert bytes(MP4(tmp_path / "a.m4a")["covr"][0]) == data.getvalue()
