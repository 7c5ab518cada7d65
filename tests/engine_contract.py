"""What every engine promises, as tests: a suite to inherit from. An engine of another package may use it too."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest

from breathcue.voices.base import Engine, RefusedError, VoiceState
from breathcue.voices.clip import make_clip

LINES = ["One.", "Inhale to cow.", "Set your wrists under your shoulders and your knees under your hips."]


class EngineContract:
    """Inherit, and give the fixtures ``engine`` and ``voice`` (a voice of it that is ready)."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def voice(self) -> str:
        raise NotImplementedError

    def test_names_itself(self, engine: Engine) -> None:
        assert engine.name
        assert engine.version
        assert engine.version == engine.version

    def test_lists_its_voices_with_their_state(self, engine: Engine, voice: str) -> None:
        voices = engine.voices()
        assert voice in [info.name for info in voices if info.state is VoiceState.READY]
        assert len({info.name for info in voices}) == len(voices)
        for info in voices:
            assert info.engine == engine.name
            assert info.languages
            if info.state is VoiceState.MISSING:
                assert info.reason
                assert info.fix

    @pytest.mark.parametrize("line", LINES)
    def test_a_recording_is_mono_float32_in_range(self, engine: Engine, voice: str, line: str) -> None:
        recording = engine.speak(line, voice, 0.9, "en")
        assert recording.samples.dtype == np.float32
        assert recording.samples.ndim == 1
        assert 8_000 <= recording.rate <= 192_000
        assert np.abs(recording.samples).max() <= 1
        assert 0.2 < len(recording.samples) / recording.rate < 8

    @pytest.mark.parametrize("line", LINES)
    def test_the_same_line_sounds_the_same(self, engine: Engine, voice: str, line: str) -> None:
        first, second = (engine.speak(line, voice, 0.9, "en") for _ in range(2))
        assert first.rate == second.rate
        assert np.array_equal(first.samples, second.samples)

    def test_speed_shortens(self, engine: Engine, voice: str) -> None:
        slow, fast = (make_clip(engine.speak(LINES[2], voice, speed, "en")) for speed in (0.7, 1.4))
        assert slow is not None
        assert fast is not None
        assert 1.5 < slow.duration_ms / fast.duration_ms < 2.5

    def test_threads_hear_what_one_hears(self, engine: Engine, voice: str) -> None:
        def speak(line: str) -> np.ndarray:
            return engine.speak(line, voice, 0.9, "en").samples

        with ThreadPoolExecutor(3) as pool:
            together = list(pool.map(speak, LINES * 3))
        for line, samples in zip(LINES * 3, together, strict=True):
            assert np.array_equal(samples, speak(line))

    @pytest.mark.parametrize("text", ["", "...", "🙂"])
    def test_nothing_to_say_is_refused_or_empty(self, engine: Engine, voice: str, text: str) -> None:
        clip = None
        with suppress(RefusedError):
            clip = make_clip(engine.speak(text, voice, 0.9, "en"))
        assert clip is None
