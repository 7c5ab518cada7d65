"""How the neural voices read English: hibari's lexicon and rules turn a text into the phonemes of Kokoro.

What is guarded against, found by measuring hibari-tts 0.2.1: it gives nothing for text it cannot read, a noise for lone
punctuation, reads letters of other scripts as gibberish, and cuts a word of more than 24 letters that it does not know,
all without an error; it takes "no." at the end of a sentence for "number". A network's memory grows with the square of
the length of what it is given at once (2.4 GB for five minutes of speech), so that long text is passed on in parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.base import RefusedError

if TYPE_CHECKING:
    from hibari import Hibari

MAX_PHONEMES = 400
"""As many phonemes as a network is given at once: about 20 s of speech, and hibari's own limit where it can cut."""

LONGEST_WORD = 24
"""Letters that are read of a word outside the lexicon."""

_WORD = re.compile(r"[^\W\d_]+")
_PHONEMES = re.compile(r"\]\(/[^)]*/\)")
# hibari reads these as abbreviations even where they end a sentence: "Say no." becomes "Say number."
_FALSE_ABBREVIATION = re.compile(r"\b(no|No|Rep|Sat|Sun)\.(?!\s*\d)")
_READINGS = {"no": "nˈO", "rep": "ɹˈɛp", "sat": "sˈæt", "sun": "sˈʌn"}


def refuse_what_cannot_be_read(text: str, voice: str, language: str) -> None:
    """Say at once, before anything is loaded, what no English voice can read.

    Raises:
        MissingError: the language is another one.
        RefusedError: there is no word in the text.
    """
    if language.split("-")[0] != "en":
        raise MissingError(
            Diagnostic(
                "voice-language",
                f"The voice {voice} speaks English only, and the session's language is {language!r}.",
                fix="Choose a voice of that language (`breathcue voices`), or set `language: en`.",
            )
        )
    if not any(c.isalnum() for c in text):
        raise RefusedError("there is no word in it")


def phonemes(text: str, model: Hibari) -> Iterator[str]:
    """Yield the phonemes of each sentence, in parts that a network can take at once.

    Raises:
        RefusedError: the text holds something that would be left out.
    """
    _refuse_what_would_be_lost(text, model)
    marked = _FALSE_ABBREVIATION.sub(lambda m: f"[{m[1]}](/{_READINGS[m[1].lower()]}/).", text)
    for sentence in model.phonemize(marked):
        strange = sorted(set(sentence) - set(model.vocab))
        if strange:
            raise RefusedError(f"it has no sound for {' '.join(strange)}")
        yield from _split(sentence)


def _refuse_what_would_be_lost(text: str, model: Hibari) -> None:
    lexicon = model.g2p.lexicon
    for word in _WORD.findall(_PHONEMES.sub("]", text)):
        if not _is_latin(word):
            raise RefusedError(
                f"{_shown(word)} is not written in Latin letters", "Write it in Latin letters, as it sounds."
            )
        known = lexicon.golds.get(word.lower()) or lexicon.silvers.get(word.lower())
        if len(word) > LONGEST_WORD and not known:
            raise RefusedError(
                f"the word {_shown(word)} has {len(word)} letters, and the voice reads at most {LONGEST_WORD} "
                "of a word it does not know",
                "Write the word in parts, with spaces or hyphens between them.",
            )


def _shown(word: str) -> str:
    return repr(word if len(word) <= LONGEST_WORD + 6 else f"{word[:LONGEST_WORD]}...")


def _is_latin(word: str) -> bool:
    return word.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in word)


def _split(phonemes: str) -> Iterator[str]:
    """Cut phonemes between words into parts of at most ``MAX_PHONEMES``, as even as can be."""
    words = phonemes.split(" ")
    target = len(phonemes) / -(-len(phonemes) // MAX_PHONEMES)
    part: list[str] = []
    size = 0
    for word in words:
        if part and (size + len(word) > MAX_PHONEMES or size >= target):
            yield " ".join(part)
            part, size = [], 0
        part.append(word)
        size += len(word) + 1
    yield " ".join(part)
