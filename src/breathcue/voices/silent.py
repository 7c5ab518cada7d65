"""The silent voice: says nothing, for exactly as long as a calm speaker would take.

It serves tests, and anyone who wants the timing of a session without its words. Its lengths are computable by
hand, so that a test can say when a cue must end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms, scale
from breathcue.voices.base import Recording, VoiceInfo

# Milliseconds at speed 1.0, fitted to the embedded voice: 4.1 words a second with pauses, as calm English is
# read.
_UTTERANCE_MS = 150
_WORD_MS = 60
_LETTER_MS = 42
_DIGIT_MS = 200
_SENTENCE_PAUSE_MS = 350

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INNER_SENTENCE_END = re.compile(r"[.!?…]+\s+(?=\w)")


def length_ms(text: str, speed: float) -> Ms:
    """Return how long the silent voice takes for ``text``, in ms; 0 where there is no word in it.

    150 ms, and for each word 60 ms, each letter 42 ms, each digit 200 ms, and each end of a sentence inside
    the text 350 ms; all of it divided by ``speed`` and rounded half up.
    """
    words = _WORD.findall(text)
    if not words:
        return Ms(0)
    digits = sum(c.isdigit() for word in words for c in word)
    letters = sum(c.isalpha() for word in words for c in word)
    pauses = len(_INNER_SENTENCE_END.findall(text))
    total = _UTTERANCE_MS + len(words) * _WORD_MS + letters * _LETTER_MS + digits * _DIGIT_MS
    return scale(total + pauses * _SENTENCE_PAUSE_MS, 1 / speed)


class SilentEngine:
    """An engine whose recordings are silence of the length given by :func:`length_ms`, in any language."""

    name = "silent"
    alphabet: ClassVar[str | None] = None
    version = "silent 1"

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the one voice there is."""
        about = "says nothing, for as long as speech would take; for tests and timings"
        return (VoiceInfo(self.name, "silent", ("any",), about),)

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return silence; an empty recording where the text holds no word."""
        length = samples_from_ms(length_ms(text, speed))
        return Recording(np.zeros(length, np.float32), SAMPLE_RATE, silent=True)
