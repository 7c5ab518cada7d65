"""How many words a listener got wrong."""

from __future__ import annotations

import re

from breathcue.compiler.phrases import load_phrases

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z']+")
_SAME = {"alright": "all right", "okay": "ok", "towards": "toward"}


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, numbers spelled out and hyphens opened."""
    phrases = load_phrases("en")
    spelled = _NUMBER.sub(lambda match: phrases.number(int(match[0])), text.lower())
    for variant, plain in _SAME.items():
        spelled = re.sub(rf"\b{variant}\b", plain, spelled)
    return _WORD.findall(spelled.replace("-", " "))


def word_errors(said: str, heard: str) -> tuple[int, int]:
    """Return the least number of words to change, add or drop to turn one into the other, and how many were said."""
    wanted, found = words_of(said), words_of(heard)
    row = list(range(len(found) + 1))
    for index, word in enumerate(wanted, 1):
        before, row[0] = row[0], index
        for place, other in enumerate(found, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, before + (word != other))
            before, row[place] = row[place], cost
    return row[-1], len(wanted)
