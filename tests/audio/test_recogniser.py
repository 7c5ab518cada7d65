"""The listener that the other tests rely on must itself hear right, or their failures would mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.recogniser, pytest.mark.voice]


def test_hears_words_and_where_they_are(
    recogniser: Callable[[Path], list[tuple[int, int, str]]], tmp_path: Path
) -> None:
    import hibari
    import numpy as np

    voice = hibari.Hibari("heart")
    spoken = voice("Inhale, and lift your chest.", seed=0)
    silence = np.zeros(5 * hibari.SAMPLE_RATE, dtype=np.float32)
    sound = tmp_path / "sound.wav"
    hibari.write_wav(str(sound), np.concatenate([silence, spoken, silence]))

    [(start, end, text)] = recogniser(sound)

    assert text.lower().replace(",", "").rstrip(".") == "inhale and lift your chest"
    assert 4_800 <= start < end <= 5_200 + len(spoken) * 1000 // hibari.SAMPLE_RATE
