"""``breathcue render`` as it is typed: what is refused before any work, and whose author and cover come out."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest
from click.testing import CliRunner
from mutagen.mp4 import MP4
from PIL import Image

from breathcue.cli.main import breathcue
from breathcue.diagnostics import RequestError
from recordings import spoken_like, write_sound

SESSION = "title: Short\nauthor: Ann Ö\nvoice: {engine: silent}\nsteps:\n  - say: Hello.\n"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "short.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("a.wav", ["--quality", "high"], "format-lacks"),
        ("a.flac", ["--quality", "low"], "format-lacks"),
        ("a.wav", ["--cover", "cover.png"], "format-lacks"),
        ("a.mp3", ["--cover", "nowhere.png"], "bad-cover"),
        ("a.wma", [], "unknown-format"),
        ("a.mp3", ["--bed", "oceans"], "unknown-bed"),
        ("a.mp3", ["--bed", "nowhere.mp3"], "unknown-bed"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(session, name, options, code):
    target = session.with_name(name)
    done = CliRunner().invoke(breathcue, ["render", str(session), "-o", str(target), *options])
    assert isinstance(done.exception, RequestError)
    assert done.exception.diagnostics[0].code == code
    assert sorted(path.name for path in session.parent.iterdir()) == ["short.yaml"]


def test_a_quality_is_one_of_three(session):
    done = CliRunner().invoke(breathcue, ["render", str(session), "--quality", "best"])
    assert done.exit_code == 2
    assert "'low', 'standard', 'high'" in done.output


@pytest.mark.encoder
@pytest.mark.parametrize(("options", "author"), [([], "Ann Ö"), (["--author", "Bo"], "Bo")])
def test_the_author_is_the_sessions_unless_another_is_named(session, options, author):
    cover = session.with_name("cover.png")
    Image.new("RGB", (30, 30), "teal").save(cover)
    target = session.with_name("a.m4a")
    done = CliRunner().invoke(
        breathcue,
        ["render", str(session), "-o", str(target), "--cover", str(cover), *options],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert MP4(target)["©ART"] == [author]
    assert bytes(MP4(target)["covr"][0]) == cover.read_bytes()


@pytest.mark.parametrize("options", [["--bed", "rain"], ["--bed", "tune.wav"], ["--bed", "none"], []])
def test_stems_and_a_bed_as_they_are_asked_for(session, monkeypatch, options):
    write_sound(session.with_name("tune.wav"), spoken_like("la la", 3_000))
    monkeypatch.chdir(session.parent)
    done = CliRunner().invoke(
        breathcue,
        ["render", str(session), "-o", "a.wav", "--stems", *options],
        catch_exceptions=False,
    )
    assert done.exit_code == 0
    assert done.stdout.splitlines() == ["a.wav", "a-voice.wav", "a-tones.wav", "a-bed.wav"]
    with wave.open("a-bed.wav") as bed, wave.open("a.wav") as whole:
        assert bed.getnframes() == whole.getnframes()
        assert any(bed.readframes(bed.getnframes())) is (options[-1:] not in (["none"], []))


def test_a_stem_that_is_a_folder_is_refused_before_any_work(session):
    session.with_name("a-bed.wav").mkdir()
    target = session.with_name("a.wav")
    done = CliRunner().invoke(breathcue, ["render", str(session), "-o", str(target), "--stems"])
    assert isinstance(done.exception, RequestError)
    assert done.exception.diagnostics[0].code == "target-is-folder"
    assert not target.exists()
