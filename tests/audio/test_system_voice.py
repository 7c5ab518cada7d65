"""The system's voices with a real espeak-ng: the contract of every engine, and a session from end to end."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.voices.base import Recording, VoiceState
from breathcue.voices.clip import make_clip
from breathcue.voices.registry import get_engine, resolve
from breathcue.voices.sound_file import read_sound
from breathcue.voices.system import SystemEngine
from engine_contract import EngineContract

pytestmark = pytest.mark.system

SESSION = """\
title: Two breaths
voice: {engine: system, speed: 0.9}
steps:
  - say: Welcome.
  - breathe: {inhale: 4s, exhale: 4s, rounds: 2}
"""


@pytest.fixture(scope="module")
def espeak() -> SystemEngine:
    engine = get_engine("system")
    assert isinstance(engine, SystemEngine)
    if engine.voices()[0].state is VoiceState.MISSING or "espeak" not in engine.version:
        pytest.skip(f"needs pyttsx3 with espeak-ng: {engine.voices()[0].reason}")
    return engine


class TestSystemEngine(EngineContract):
    @pytest.fixture
    def engine(self, espeak: SystemEngine) -> SystemEngine:
        return espeak

    @pytest.fixture
    def voice(self) -> str:
        return "en-us"


def digest(recording: Recording) -> str:
    return hashlib.sha256(recording.samples.tobytes()).hexdigest()


def test_what_was_said_before_changes_nothing_nor_does_another_process(espeak: SystemEngine) -> None:
    code = """
import hashlib
from breathcue.voices.system import SystemEngine
engine = SystemEngine()
engine.speak("Something else.", "de", 1.3, "de")
print(hashlib.sha256(engine.speak("Inhale to cow.", "en-us", 0.9, "en").samples.tobytes()).hexdigest())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest(espeak.speak("Inhale to cow.", "en-us", 0.9, "en"))


def test_its_sound_is_that_of_espeak_itself(espeak: SystemEngine, tmp_path: Path) -> None:
    if "the system's" not in espeak.version:
        pytest.skip("the command espeak-ng may be of another version than the library")
    text, path = "Lift your arms and breathe in.", tmp_path / "direct.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "158", "-w", str(path), text], check=True)
    mine, direct = espeak.speak(text, "en-us", 0.9, "en"), read_sound(path.read_bytes())
    assert mine.rate == direct.rate
    assert abs(len(mine.samples) - len(direct.samples)) < mine.rate // 100
    ours, theirs = make_clip(mine), make_clip(direct)
    assert ours is not None
    assert theirs is not None
    assert ours.duration_ms == pytest.approx(theirs.duration_ms, abs=20)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Inhala y levanta los brazos."),
        ("fr", "Inspirez et levez les bras."),
        ("de", "Einatmen, Arme heben."),
    ],
)
def test_other_languages_have_their_voice(espeak: SystemEngine, language: str, text: str) -> None:
    voice = resolve("system", language=language)
    assert voice.name == language
    clip = make_clip(espeak.speak(text, voice.name, 0.9, language))
    assert clip is not None
    assert 1000 < clip.duration_ms < 4000
    with pytest.raises(MissingError) as caught:
        espeak.speak(text, "en-us", 0.9, language)
    assert caught.value.diagnostics[0].code == "voice-language"
    assert language in (caught.value.diagnostics[0].fix or "")


def breathcue(*arguments: str | Path, cache: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BREATHCUE_CACHE": str(cache)}
    command = [sys.executable, "-m", "breathcue", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300)


@pytest.mark.slow
def test_a_session_is_rendered_and_rendered_again_from_the_cache(
    espeak: SystemEngine, tmp_path: Path
) -> None:
    session, cache = tmp_path / "two.yaml", tmp_path / "cache"
    session.write_text(SESSION, encoding="utf-8")
    first, second = tmp_path / "first.wav", tmp_path / "second.wav"
    assert breathcue("render", session, "-o", first, cache=cache).returncode == 0
    clips = {path: path.stat().st_mtime_ns for path in cache.rglob("*.clip")}
    assert breathcue("render", session, "-o", second, cache=cache).returncode == 0
    assert clips == {path: path.stat().st_mtime_ns for path in cache.rglob("*.clip")}
    assert first.read_bytes() == second.read_bytes()
    shown = breathcue("timeline", session, "--format", "json", cache=cache)
    timeline = json.loads(shown.stdout)
    assert timeline["voice"] == {"engine": "system", "name": "en", "speed": 0.9}
    samples = read_sound(first.read_bytes()).samples
    for cue in timeline["cues"]:
        if cue["track"] == "voice":
            heard = samples[cue["start_ms"] * 48 : (cue["start_ms"] + cue["duration_ms"]) * 48]
            assert np.abs(heard).max() > 0.05


@pytest.mark.slow
def test_a_live_session_speaks_with_it(espeak: SystemEngine, tmp_path: Path) -> None:
    session, recording = tmp_path / "two.yaml", tmp_path / "live.wav"
    session.write_text("title: Hello\nsteps:\n  - say: Welcome.\n", encoding="utf-8")
    done = breathcue(
        "live", session, "--voice", "system:en-us", "--output", recording, "--plain", cache=tmp_path / "cache"
    )
    assert done.returncode == 0, done.stderr
    assert np.abs(read_sound(recording.read_bytes()).samples).max() > 0.05


def test_a_voice_that_is_not_there_is_told_in_few_words(tmp_path: Path, espeak: SystemEngine) -> None:
    session = tmp_path / "two.yaml"
    session.write_text(SESSION.replace("system,", "system, name: en-su,"), encoding="utf-8")
    done = breathcue("timeline", session, cache=tmp_path / "cache")
    assert done.returncode == 3
    assert "unknown-voice" in done.stderr
    assert "en-us" in done.stderr
    assert len(done.stderr) < 700
