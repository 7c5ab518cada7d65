"""``breathcue voices``, ``cache`` and ``doctor`` as a user meets them."""

import json
from pathlib import Path

import numpy as np
import pytest

from breathcue.cli import cache as cache_command
from breathcue.cli import doctor as doctor_command
from breathcue.cli.doctor import Finding
from breathcue.cli.main import execute
from breathcue.cli.voices import as_text
from breathcue.voices.base import Clip, VoiceInfo, VoiceState
from breathcue.voices.cache import ClipCache, ClipKey


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClipCache:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    return ClipCache(tmp_path / "cache")


def keep(cache: ClipCache, *texts: str) -> None:
    for text in texts:
        key = ClipKey("silent", "1", "silent", 0.9, "en", text)
        cache.store(key, Clip(np.zeros(48_000, np.float32), np.zeros(275), 0.0))


def test_voices_lists_each_with_its_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["voices"]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split() == ["ENGINE", "VOICE", "LANGUAGE", "STATE", "ABOUT"]
    assert any(line.split()[:4] == ["embedded", "heart", "en", "ready"] for line in lines)
    assert any(line.split()[:4] == ["silent", "silent", "any", "ready"] for line in lines)
    assert err == ""


def test_voices_of_one_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["voices", "--language", "fr-CA", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert "silent" in [voice["engine"] for voice in listed]
    assert "embedded" not in [voice["engine"] for voice in listed]
    for voice in listed:
        assert {code.split("-")[0] for code in voice["languages"]} <= {"fr", "any"}


def test_voices_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["voices", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    heart = next(voice for voice in listed if voice["name"] == "heart")
    assert heart["engine"] == "embedded"
    assert heart["state"] == "ready"
    assert heart["languages"] == ["en"]
    assert heart["reason"] is None


def test_a_missing_voice_says_why_and_what_to_do() -> None:
    infos = [
        VoiceInfo("choir", "bass", ("en", "de"), "deep", VoiceState.MISSING, "he has a cold", "give him tea"),
        VoiceInfo("choir", "countertenor", ("en",), "high"),
    ]
    assert as_text(infos) == (
        "ENGINE  VOICE         LANGUAGE  STATE    ABOUT\n"
        "choir   bass          en, de    missing  deep\n"
        "    he has a cold\n"
        "    to mend it: give him tea\n"
        "choir   countertenor  en        ready    high"
    )


def test_cache_shows_what_is_kept(cache: ClipCache, capsys: pytest.CaptureFixture[str]) -> None:
    keep(cache, "one", "two")
    assert execute(["cache"]) == 0
    assert capsys.readouterr().out == f"folder   {cache.folder}\nclips    2\nislands  0\nsize     196.5 KB\n"


def test_cache_prune_by_size(cache: ClipCache, capsys: pytest.CaptureFixture[str]) -> None:
    keep(cache, "one", "two", "three")
    assert execute(["cache", "prune", "--max-size", "100KB"]) == 0
    assert capsys.readouterr().out == "2 entries removed; 98.2 KB left\n"


def test_cache_prune_keeps_what_fits_and_is_new(cache: ClipCache, capsys: pytest.CaptureFixture[str]) -> None:
    keep(cache, "one")
    assert execute(["cache", "prune", "--older-than", "30d"]) == 0
    assert capsys.readouterr().out == "0 entries removed; 98.2 KB left\n"


def test_cache_clear(cache: ClipCache, capsys: pytest.CaptureFixture[str]) -> None:
    keep(cache, "one")
    assert execute(["cache", "clear"]) == 0
    assert capsys.readouterr().out == "1 entry removed\n"
    assert cache.kept.stats().clips == 0


@pytest.mark.parametrize(
    ("text", "size"),
    [("200MB", 200_000_000), ("1.5 gb", 1_500_000_000), ("10KiB", 10_240), ("7", 7), ("9B", 9)],
)
def test_sizes(text: str, size: int) -> None:
    (option,) = [p for p in cache_command.prune.params if p.name == "max_size"]
    context = cache_command.prune.make_context("prune", ["--max-size", text])
    assert option.name is not None
    assert context.params[option.name] == size


@pytest.mark.parametrize(
    "arguments",
    [["--max-size", "lots"], ["--max-size", "-1MB"], ["--older-than", "30"], ["--older-than", "d"]],
)
def test_a_size_or_age_that_is_none(
    cache: ClipCache, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    keep(cache, "one")
    assert execute(["cache", "prune", *arguments]) == 2
    assert "write it like" in capsys.readouterr().err
    assert cache.kept.stats().clips == 1


def findings(monkeypatch: pytest.MonkeyPatch, *found: Finding) -> None:
    monkeypatch.setattr(doctor_command, "CHECKS", tuple(lambda f=f: f for f in found))


def test_doctor_is_content(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    findings(monkeypatch, Finding(True, "Python 3.12.1", "unused"))
    assert execute(["doctor"]) == 0
    assert capsys.readouterr().out == "ok      Python 3.12.1\n"


def test_doctor_says_what_to_do(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    findings(monkeypatch, Finding(False, "encoder: gone", "fetch it"), Finding(True, "Python"))
    assert execute(["doctor"]) == 3
    assert capsys.readouterr().out == "not ok  encoder: gone\n        to mend it: fetch it\nok      Python\n"


def test_what_is_not_needed_does_not_fail_the_doctor(monkeypatch: pytest.MonkeyPatch) -> None:
    findings(monkeypatch, Finding(False, "cache folder", "mend it", needed=False))
    assert execute(["doctor"]) == 0


def test_an_unwritable_cache_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "file" / "cache"))
    finding = doctor_command.check_cache()
    assert not finding.ok
    assert "BREATHCUE_CACHE" in (finding.fix or "")
    assert doctor_command.check_space().ok


def test_a_missing_encoder_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", "/no/such/ffmpeg")
    finding = doctor_command.check_encoder()
    assert not finding.ok
    assert finding.needed
    assert "reinstall" in (finding.fix or "")


@pytest.mark.voice
@pytest.mark.encoder
def test_the_real_checks(cache: ClipCache, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "heart speaks (hibari-tts" in out
    assert "encoder ffmpeg" in out
    assert [
        line for line in out.splitlines() if line.startswith("not ok") and "loudspeaker" not in line
    ] == []
