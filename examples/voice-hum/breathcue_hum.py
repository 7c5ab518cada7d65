"""A voice that hums one soft note a word: an example of an engine for breathcue in a package of its own.

``pip install ./examples/voice-hum`` beside breathcue, and ``breathcue voices`` lists it; ``--voice hum:low`` uses it.
"""

import re

import numpy as np

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.base import Recording, RefusedError, VoiceInfo

RATE = 24_000
PITCHES = {"low": 147.0, "high": 294.0}
SECONDS_A_LETTER = 0.06


class HumEngine:
    """An engine with two voices, in any language; see ``breathcue.voices.base.Engine`` for what each part promises."""

    name = "hum"
    alphabet = None  # it reads plain words, no phonemes
    version = "breathcue-hum 1"  # part of the cache key: changes with the sound

    def voices(self) -> tuple[VoiceInfo, ...]:
        """List the voices; ``any`` stands for every language."""
        return tuple(
            VoiceInfo(self.name, voice, ("any",), f"hums at {hertz:.0f} Hz")
            for voice, hertz in PITCHES.items()
        )

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return a note for each word, the longer the more letters it has."""
        if voice not in PITCHES:
            fix = f"Choose one of: {', '.join(PITCHES)}."
            raise MissingError(Diagnostic("missing-voice", f"There is no voice hum:{voice}.", fix=fix))
        words = re.findall(r"\w+", text)
        if not words:
            raise RefusedError("there is no word in it")
        return Recording(np.concatenate([_note(word, PITCHES[voice], speed) for word in words]), RATE)


def _note(word: str, hertz: float, speed: float) -> np.ndarray:
    length = round(RATE * SECONDS_A_LETTER * (2 + len(word)) / speed)
    swell = np.sin(np.linspace(0, np.pi, length))
    return (0.3 * swell * np.sin(2 * np.pi * hertz * np.arange(length) / RATE)).astype(np.float32)
