"""The listener that the other tests rely on must itself hear right, or their failures would mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from breathcue.verify.hearing import thinned
from breathcue.verify.recogniser import Recogniser
from breathcue.voices.clip import make_clip
from breathcue.voices.embedded import EmbeddedEngine

pytestmark = [pytest.mark.recogniser, pytest.mark.voice]

SAID = "Inhale, and lift your chest."


def test_hears_words_and_where_they_are(
    recogniser: Callable[[Path], list[tuple[int, int, str]]], tmp_path: Path
) -> None:
    import hibari

    voice = hibari.Hibari("heart")
    spoken = voice(SAID, seed=0)
    silence = np.zeros(5 * hibari.SAMPLE_RATE, dtype=np.float32)
    sound = tmp_path / "sound.wav"
    hibari.write_wav(str(sound), np.concatenate([silence, spoken, silence]))

    [(start, end, text)] = recogniser(sound)

    assert text.lower().replace(",", "").rstrip(".") == "inhale and lift your chest"
    assert 4_800 <= start < end <= 5_200 + len(spoken) * 1000 // hibari.SAMPLE_RATE


@pytest.mark.usefixtures("recogniser")
def test_hears_the_same_words_each_time_and_other_words_where_others_are_said() -> None:
    clip = make_clip(EmbeddedEngine().speak(SAID, "heart", 0.9, "en"))
    assert clip is not None
    sound = thinned(clip.samples)
    # Where words are hard to make out, chance would show first.
    noise = np.random.default_rng(1).standard_normal(len(sound)).astype(np.float32) * np.float32(0.1)
    ears = Recogniser()
    assert ears.knows("en-GB")
    assert not ears.knows("tlh")
    for heard in (sound, sound + noise):
        assert len({ears.hear(heard, "en") for _ in range(2)} | {Recogniser().hear(heard, "en")}) == 1
    assert ears.hear(sound, "en").lower().replace(",", "").rstrip(".") == "inhale and lift your chest"
    assert ears.hear(sound[: len(sound) // 2], "en") != ears.hear(sound, "en")
