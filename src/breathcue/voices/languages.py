"""Which voice speaks which language: codes are those of BCP 47, such as ``en`` or ``de-AT``."""

from __future__ import annotations

from collections.abc import Sequence

from breathcue.voices.base import VoiceInfo, VoiceState

ANY = "any"
"""What a voice states that speaks whatever it is given."""

# Engines name the language, sessions the macrolanguage it belongs to (ISO 639-3): Mandarin and Cantonese are Chinese,
# Bokmål and Nynorsk are Norwegian.
_PART_OF = {"cmn": "zh", "yue": "zh", "nb": "no", "nn": "no"}


def speaks(voice: VoiceInfo, language: str) -> bool:
    """Say whether a voice speaks a language, in whichever country's way."""
    return ANY in voice.languages or _base(language) in map(_base, voice.languages)


def best_for(voices: Sequence[VoiceInfo], language: str) -> VoiceInfo:
    """Return the voice to use where only the language is known; of equals, the first.

    One that can speak now comes before one that cannot, then one that speaks the language, then one of the very same
    country or named after the language.
    """

    def rank(voice: VoiceInfo) -> tuple[bool, bool, bool]:
        codes = (code.lower() for code in (*voice.languages, voice.name))
        exactly = language.lower() in codes
        return voice.state is not VoiceState.READY, not speaks(voice, language), not exactly

    return min(voices, key=rank)


def _base(language: str) -> str:
    base = language.split("-")[0].lower()
    return _PART_OF.get(base, base)
