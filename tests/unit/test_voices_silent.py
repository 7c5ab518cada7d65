"""The silent engine keeps the contract, and its lengths can be computed by hand."""

import numpy as np
import pytest

from breathcue.voices.clip import make_clip
from breathcue.voices.silent import SilentEngine, length_ms
from engine_contract import EngineContract


class TestSilentEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> SilentEngine:
        return SilentEngine()

    @pytest.fixture
    def voice(self) -> str:
        return "silent"

    @pytest.mark.parametrize("text", ["One.", "Rest for 30 seconds. Next, bird dog.", "don't"])
    @pytest.mark.parametrize("speed", [0.5, 0.9, 1.0, 1.37])
    def test_the_clip_lasts_exactly_what_was_computed(
        self, engine: SilentEngine, voice: str, text: str, speed: float
    ) -> None:
        clip = make_clip(engine.speak(text, voice, speed, "en"))
        assert clip is not None
        assert clip.duration_ms == length_ms(text, speed)
        assert not np.any(clip.samples)
        assert not np.any(clip.energy)


def test_lengths_by_hand() -> None:
    assert length_ms("One.", 1.0) == 150 + 60 + 3 * 42
    assert length_ms("Inhale, then exhale", 1.0) == 150 + 3 * 60 + 16 * 42
    assert length_ms("Hold 10", 1.0) == 150 + 2 * 60 + 4 * 42 + 2 * 200
    assert length_ms("Rest. Go.", 1.0) == 150 + 2 * 60 + 6 * 42 + 350
    assert length_ms("One.", 0.5) == 2 * length_ms("One.", 1.0)
    assert length_ms("...", 1.0) == 0


def test_lengths_are_those_of_calm_english() -> None:
    assert 300 <= length_ms("One.", 0.9) <= 500
    line = "Set your wrists under your shoulders and your knees under your hips."
    assert 3200 <= length_ms(line, 0.9) <= 3900
