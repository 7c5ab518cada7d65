"""Kokoro-82M: the contract of every engine, what it makes of a text, and what is said where it is not installed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.timeline.model import Voice
from breathcue.voices import kokoro
from breathcue.voices.base import RefusedError, VoiceState
from breathcue.voices.clip import make_clip
from breathcue.voices.kokoro import KokoroEngine, part_files
from breathcue.voices.registry import get_engine, resolve
from engine_contract import EngineContract

INSTALLED = all(path.is_file() for path in part_files())
installed = pytest.mark.skipif(not INSTALLED, reason="needs breathcue[kokoro]")
LINE = "Inhale to cow."


@pytest.fixture(scope="module")
def engine_of_kokoro() -> KokoroEngine:
    engine = get_engine("kokoro")
    assert isinstance(engine, KokoroEngine)
    return engine


@installed
@pytest.mark.slow
class TestKokoroEngine(EngineContract):
    @pytest.fixture
    def engine(self, engine_of_kokoro: KokoroEngine) -> KokoroEngine:
        return engine_of_kokoro

    @pytest.fixture
    def voice(self) -> str:
        return "heart"


@installed
@pytest.mark.slow
def test_another_process_makes_the_same_samples(engine_of_kokoro: KokoroEngine) -> None:
    code = f"""
import hashlib
from breathcue.voices.kokoro import KokoroEngine
engine = KokoroEngine()
engine.speak("Something else.", "emma", 1.2, "en")
print(hashlib.sha256(engine.speak({LINE!r}, "heart", 0.9, "en").samples.tobytes()).hexdigest())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    mine = engine_of_kokoro.speak(LINE, "heart", 0.9, "en").samples.tobytes()
    assert done.stdout.strip() == hashlib.sha256(mine).hexdigest()


@installed
@pytest.mark.slow
def test_each_voice_is_another_one(engine_of_kokoro: KokoroEngine) -> None:
    names = [info.name for info in engine_of_kokoro.voices()]
    clips = [make_clip(engine_of_kokoro.speak(LINE, name, 0.9, "en")) for name in names]
    assert all(clip and 700 < clip.duration_ms < 2500 for clip in clips)
    assert len({clip.samples.tobytes() for clip in clips if clip}) == len(names) == 4


@installed
@pytest.mark.recogniser
@pytest.mark.parametrize("voice", ["heart", "michael", "emma", "george"])
def test_a_recogniser_hears_the_words(
    engine_of_kokoro: KokoroEngine,
    voice: str,
    recogniser: Callable[[Path], list[tuple[int, int, str]]],
    tmp_path: Path,
) -> None:
    from hibari import write_wav

    text = "Set your wrists under your shoulders and your knees under your hips."
    recording = engine_of_kokoro.speak(text, voice, 0.9, "en")
    write_wav(str(tmp_path / "said.wav"), recording.samples, recording.rate)
    heard = " ".join(words for _, _, words in recogniser(tmp_path / "said.wav"))
    assert heard.lower().replace(",", "").rstrip(".") == text.lower().rstrip(".")


@installed
def test_it_reads_as_carefully_as_the_embedded_voice(engine_of_kokoro: KokoroEngine) -> None:
    with pytest.raises(RefusedError, match="not written in Latin letters"):
        engine_of_kokoro.speak("Breathe 吸气", "heart", 0.9, "en")


@installed
def test_it_is_chosen_by_name_and_never_by_itself() -> None:
    assert resolve("kokoro") == Voice("kokoro", "heart", 0.9)
    assert resolve(None, "michael") == Voice("kokoro", "michael", 0.9)
    assert resolve(None, "kokoro:george") == Voice("kokoro", "george", 0.9)
    assert resolve().engine == "embedded"


def test_another_language_is_an_error_and_not_english() -> None:
    with pytest.raises(MissingError) as caught:
        KokoroEngine().speak("Einatmen", "heart", 0.9, "de")
    assert caught.value.diagnostics[0].code == "voice-language"


def test_without_its_network_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "PARTS", ("no_such_package_anywhere",))
    engine = KokoroEngine()
    assert {(info.state, info.fix) for info in engine.voices()} == {(VoiceState.MISSING, kokoro.INSTALL)}
    with pytest.raises(MissingError) as caught:
        engine.speak(LINE, "heart", 0.9, "en")
    assert caught.value.diagnostics[0].code == "missing-voice"
    assert caught.value.diagnostics[0].fix == kokoro.INSTALL


def test_another_network_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "part.bin").write_bytes(b"a network of somebody else")
    monkeypatch.setattr(kokoro, "part_files", lambda: (tmp_path / "part.bin",))
    with pytest.raises(MissingError) as caught:
        KokoroEngine().speak(LINE, "heart", 0.9, "en")
    assert "damaged, or another version" in caught.value.diagnostics[0].message


def test_a_voice_that_it_has_not_is_told() -> None:
    with pytest.raises(MissingError) as caught:
        resolve("kokoro", "herat")
    if INSTALLED:
        assert caught.value.diagnostics[0].code == "unknown-voice"
        assert "Did you mean heart?" in (caught.value.diagnostics[0].fix or "")
    else:
        assert caught.value.diagnostics[0].code == "missing-voice"


def test_its_voices_are_whole() -> None:
    for info in KokoroEngine().voices():
        styles = kokoro._styles(info.name)
        assert styles.shape == (510, 256)
        assert styles.dtype == np.float32
        assert np.isfinite(styles).all()
