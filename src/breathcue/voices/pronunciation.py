"""The dictionary of words that voices get wrong, and how to have them said right."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from breathcue.library import read_data


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One word: a respelling that any English voice reads right, and its phonemes by the name of their alphabet."""

    respelled: str
    phonemes: Mapping[str, str]


@cache
def dictionary() -> Mapping[str, Pronunciation]:
    """Return the English dictionary, by word in lower case; read once."""
    entries = tomllib.loads(read_data("pronunciation/en.toml"))
    return {
        word.lower(): Pronunciation(
            entry["respelled"], {name: value for name, value in entry.items() if name != "respelled"}
        )
        for word, entry in entries.items()
    }


@cache
def _known_words() -> re.Pattern[str]:
    words = sorted(dictionary(), key=len, reverse=True)
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def pronounce(text: str, alphabet: str | None) -> str:
    """Return ``text`` with each word of the dictionary made to sound right.

    As ``[word](/phonemes/)`` where the voice reads this alphabet inline, else respelled.
    """

    def sound(match: re.Match[str]) -> str:
        entry = dictionary()[match[0].lower()]
        phonemes = entry.phonemes.get(alphabet) if alphabet else None
        return f"[{match[0]}](/{phonemes}/)" if phonemes else entry.respelled

    return _known_words().sub(sound, text)
