"""The words that voices get wrong, and how to have them said right: a dictionary of the field, and the author's own.

An author gives a word as it sounds, in plain letters, or between slashes in phonemes of the International Phonetic
Alphabet, which become those of the voice that reads them.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from breathcue.library import data_names, read_data

MISAKI = "misaki"
"""The phonemes of Kokoro and of the voices made after it: IPA with letters of its own for some sounds."""

MISAKI_SOUNDS = frozenset("AIOTWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹʃʊʌʒʔʤʧˈˌθᵊᵻ ")
"""What a voice trained on American English has heard, and the space between words (hexgrad/misaki, EN_PHONES.md)."""

# Each as it is printed in dictionaries, longer ones first (EN_PHONES.md: diphthongs and affricates are one letter).
_IPA = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "əʊ": "O",
    "dʒ": "ʤ", "tʃ": "ʧ", "ɝ": "ɜɹ", "ɚ": "əɹ", "ɾ": "T", "r": "ɹ", "g": "ɡ", "e": "ɛ", "o": "O", "a": "ɑ", "ɒ": "ɑ",
    "ɐ": "ʌ", "ɫ": "l", "'": "ˈ", "ː": "", ".": "", "\u0329": "",
}  # fmt: skip
_TIE = "\u0361"
_FROM_IPA = re.compile("|".join(map(re.escape, _IPA)))
_STRESS_BEFORE_CONSONANTS = re.compile(r"([ˈˌ])([bdfhjklmnpstvwzðŋɡɹʃʒʤʧθx]+)")
_PHONEMES = re.compile(r"/[^/]+/")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One word: a respelling that any voice of the language reads right, and phonemes by the name of their alphabet."""

    respelled: str
    phonemes: Mapping[str, str]


@cache
def dictionary(language: str = "en") -> Mapping[str, Pronunciation]:
    """Return the dictionary of a language, by word in lower case; read once. Not every language has one."""
    if language not in data_names("pronunciation", ".toml"):
        return {}
    entries = tomllib.loads(read_data(f"pronunciation/{language}.toml"))
    return {
        word.lower(): Pronunciation(
            entry["respelled"], {name: value for name, value in entry.items() if name != "respelled"}
        )
        for word, entry in entries.items()
    }


def is_phonemes(said: str) -> bool:
    """Say whether an author's entry is given in phonemes, ``/.../``."""
    return _PHONEMES.fullmatch(said.strip()) is not None


def phonemes_for(said: str, alphabet: str | None) -> str | None:
    """Return an entry's phonemes in the alphabet of a voice; None where the voice cannot read them."""
    return None if why_unread(said, alphabet) else _in_misaki(said)


def why_unread(said: str, alphabet: str | None) -> str | None:
    """Return why a voice cannot read an entry's phonemes, as half a sentence; None where it can."""
    if alphabet != MISAKI:
        return "it reads plain words only"
    sounds = _in_misaki(said)
    strange = "".join(dict.fromkeys(c for c in sounds if c not in MISAKI_SOUNDS))
    if strange:
        return f"it has no sound for {' '.join(strange)}"
    return None if sounds else "there are none"


def _in_misaki(said: str) -> str:
    written = unicodedata.normalize("NFC", said.strip().strip("/").strip()).replace(_TIE, "")
    sounds = _FROM_IPA.sub(lambda m: _IPA[m[0]], written)
    # Dictionaries mark stress before the syllable, misaki right before its vowel.
    return _STRESS_BEFORE_CONSONANTS.sub(r"\2\1", " ".join(sounds.split()))


def pronounced(
    text: str, alphabet: str | None, language: str = "en", own: tuple[tuple[str, str], ...] = ()
) -> str:
    """Return ``text`` with each word of the author's entries, and of the dictionary, made to sound right.

    As ``[word](/phonemes/)`` where the voice reads this alphabet inline, else respelled. Phonemes that the voice
    cannot read leave their word to the dictionary, or as it is.
    """
    words = _known_words(alphabet, language, own)
    return words.mend(text) if words is not None else text


@dataclass(frozen=True, slots=True)
class _Words:
    """What is replaced, as one pattern, and by what; the words are in lower case."""

    pattern: re.Pattern[str]
    respelled: Mapping[str, str]
    phonemes: Mapping[str, str]

    def mend(self, text: str) -> str:
        """Return the text with every known word replaced, once."""
        return self.pattern.sub(self._sound, text)

    def _sound(self, match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in self.phonemes:
            return f"[{match[0]}](/{self.phonemes[word]}/)"
        # A letter may match another that is not its lower case, such as the long s.
        return self.respelled.get(word, match[0])


@cache
def _known_words(alphabet: str | None, language: str, own: tuple[tuple[str, str], ...]) -> _Words | None:
    respelled: dict[str, str] = {}
    phonemes: dict[str, str] = {}
    for word, entry in dictionary(language).items():
        if alphabet in entry.phonemes:
            phonemes[word] = entry.phonemes[alphabet or ""]
        else:
            respelled[word] = entry.respelled
    built_in = _either([*respelled, *phonemes])
    asked: list[str] = []
    for word, said in own:
        word = word.lower()
        if not is_phonemes(said):
            phonemes.pop(word, None)
            respelled[word] = said
        elif sounds := phonemes_for(said, alphabet):
            phonemes[word] = sounds
        else:
            continue
        asked.append(word)
    patterns = []
    if asked:
        patterns.append(rf"(?<!\w){_either(asked)}(?!\w)")
    if built_in:
        patterns.append(rf"(?<![\w'-]){built_in}(?![\w-])")
    return _Words(re.compile("|".join(patterns), re.IGNORECASE), respelled, phonemes) if patterns else None


def _either(words: list[str]) -> str:
    """Return a pattern for any of the words, the longest first; "" for none."""
    if not words:
        return ""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
