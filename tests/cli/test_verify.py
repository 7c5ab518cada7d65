"""``breathcue verify`` and ``render --verify`` as they are typed: what they say, and how they end."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import mutagen
import pytest
from mutagen.mp4 import MP4

from breathcue.cli.main import execute

pytestmark = pytest.mark.encoder

SESSION = """\
title: Short
author: Ann Ö
voice: {engine: silent}
steps:
  - chime: bell
  - section: One
    steps:
      - say: Hello.
      - wait: 3s
  - section: Two
    steps:
      - chime: bowl
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "short.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


@pytest.fixture
def audio(session: Path) -> Path:
    path = session.with_suffix(".m4b")
    assert execute(["render", str(session), "-o", str(path)]) == 0
    return path


def test_a_sound_file_passes(session, audio, capsys):
    capsys.readouterr()
    assert execute(["verify", str(audio), str(session)]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split() == ["CHECK", "MEASURED", "EXPECTED"]
    assert any(line.split()[:2] == ["cues", "ok"] for line in lines)
    assert lines[-1].startswith("short.m4b passes all ")
    assert err == ""


def test_a_miss_is_told_at_its_place_and_as_json(session, audio, capsys):
    file = MP4(audio)
    file["©nam"] = ["Long"]
    file.save()
    capsys.readouterr()

    assert execute(["verify", str(audio), str(session)]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("title"))
    assert lines[at].split()[1] == "miss"
    assert lines[at + 1] == "    “Long” stands where “Short” should."
    assert lines[-1] == "short.m4b is not as it should be: title."

    assert execute(["verify", str(audio), str(session), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["passed"]) == ("breathcue/verify/1", False)
    by_name = {check["name"]: check for check in found["checks"]}
    assert by_name["title"]["status"] == "miss"
    assert by_name["length"]["values"]["samples"] == by_name["length"]["values"]["expected_samples"]
    assert by_name["title"]["findings"] == [
        {"message": "“Long” stands where “Short” should.", "at_ms": None, "cue": None}
    ]
    assert {cue["track"] for cue in found["cues"]} == {"voice", "tone"}
    assert all(abs(cue["offset_ms"]) < 1 for cue in found["cues"])


def test_a_timeline_does_where_the_session_is_not_at_hand(session, audio, capsys):
    assert execute(["timeline", str(session), "--format", "json", "-o", "times.json"]) == 0
    assert execute(["verify", str(audio), "times.json"]) == 0
    assert execute(["verify", str(audio)]) == 0
    other = session.with_name("other.yaml")
    other.write_text(SESSION.replace("wait: 3s", "wait: 5s").replace("Short", "Other"), encoding="utf-8")
    assert execute(["timeline", str(other), "--format", "json", "-o", "times.json"]) == 0
    capsys.readouterr()
    assert execute(["verify", str(audio), "times.json"]) == 1
    assert "title" in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize(
    ("content", "name", "code", "said"),
    [
        ("title: T\nsteps:\n  - sai: Hello.\n", "bad.yaml", 1, "unknown-key"),
        ("{}", "bad.json", 1, "bad-timeline"),
        ("\x00\xff not json", "bad.json", 1, "bad-timeline"),
    ],
)
def test_what_it_is_compared_with_may_be_wrong(session, audio, capsys, content, name, code, said):
    Path(name).write_text(content, encoding="utf-8")
    capsys.readouterr()
    assert execute(["verify", str(audio), name]) == code
    out, err = capsys.readouterr()
    assert said in err
    assert out == ""


def test_what_is_no_sound_is_said(session, capsys):
    Path("words.mp3").write_text("This is a text.\n" * 40)
    Path("nothing.mp3").write_bytes(b"")
    for name, said in (
        ("words.mp3", "sound-unreadable"),
        ("nothing.mp3", "sound-empty"),
        ("short.yaml", "sound-"),
    ):
        assert execute(["verify", name, str(session)]) == 1
        assert said in capsys.readouterr().err
    assert execute(["verify", "nowhere.mp3"]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert execute(["verify", "."]) == 2


def test_listening_needs_the_words_and_a_recogniser(session, audio, capsys, monkeypatch):
    monkeypatch.setenv("BREATHCUE_RECOGNISER", str(session.parent / "nowhere"))
    assert execute(["verify", str(audio), "--listen"]) == 2
    assert "--listen needs" in capsys.readouterr().err
    assert execute(["verify", str(audio), str(session), "--listen"]) == 3
    err = capsys.readouterr().err
    assert "recogniser-missing" in err
    assert "setup-recogniser" in err


def test_rendering_can_listen_to_itself(session, capsys):
    assert execute(["render", str(session), "-o", "a.opus", "--author", "Eve", "--verify"]) == 0
    out, err = capsys.readouterr()
    assert out == "a.opus\n"
    assert "a.opus passes all " in err


def test_rendering_says_when_the_file_is_not_as_it_should_be(session, capsys, monkeypatch):
    from breathcue.audio import render as rendering

    whole = rendering.render

    def spoiled(timeline, clips, target, *rest, **options):
        report = whole(timeline, clips, target, *rest, **options)
        file = mutagen.File(target)
        file["artist"] = ["Somebody else"]
        file.save()
        return report

    monkeypatch.setattr(rendering, "render", spoiled)
    assert execute(["render", str(session), "-o", "a.ogg", "--verify"]) == 1
    out, err = capsys.readouterr()
    assert out == "a.ogg\n"
    assert "a.ogg is not as it should be: author." in err
    assert "“Somebody else”" in err


@pytest.mark.parametrize("suffix", [".mp3", ".flac"])
def test_a_missing_ffmpeg_is_named_whatever_the_format(session, capsys, monkeypatch, suffix):
    path = session.with_suffix(suffix)
    assert execute(["render", str(session), "-o", str(path)]) == 0
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(session.with_name("nowhere")))
    assert execute(["verify", str(path), str(session)]) == 3
    assert "error[encoder-missing]" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="there are no such programs")
@pytest.mark.parametrize("program", ["false", "true"])
def test_a_broken_ffmpeg_is_not_blamed_on_the_file(session, audio, capsys, monkeypatch, program):
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(shutil.which(program)))
    capsys.readouterr()
    assert execute(["verify", str(audio), str(session)]) == 3
    err = capsys.readouterr().err
    assert "error[encoder-missing]" in err
    assert f"{program} does not even say which version it is" in err


HINT = "If it was rendered with options such as --bed, give verify the same ones."


def test_a_forgotten_bed_is_hinted_at(session, audio, capsys):
    words = SESSION.replace(
        "      - chime: bowl\n", "      - wait: 20s\n      - say: Go on.\n      - wait: 20s\n"
    )
    session.write_text(words, encoding="utf-8")
    assert execute(["render", str(session), "-o", "a.flac"]) == 0
    assert execute(["render", str(session), "-o", "b.flac", "--bed", "brown"]) == 0
    for name, options in (("a.flac", ["--bed", "brown"]), ("b.flac", [])):
        capsys.readouterr()
        assert execute(["verify", name, str(session), *options]) == 1
        assert capsys.readouterr().out.splitlines()[-1] == HINT
    assert execute(["verify", "b.flac", str(session), "--bed", "brown"]) == 0
    assert HINT not in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
@pytest.mark.parametrize("name", ["pipe.json", "pipe.yaml"])
def test_a_pipe_is_not_waited_for(session, audio, capsys, name):
    os.mkfifo(name)
    assert execute(["verify", str(audio), name]) in (1, 2)
    assert "is not a" in capsys.readouterr().err
