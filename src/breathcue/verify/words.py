"""How many words a listener got wrong, and in which cues.

What sounds the same counts as the same: numbers in digits or words, words written together or apart, and homophones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

Spell = Callable[[int], str]
"""A whole number in the words of a language."""

_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")

# Words that sound the same in English; a recogniser that hears a single word cannot tell which is meant.
_ALIKE = {
    "en": (
        "four for fore", "two to too", "one won", "eight ate", "right write", "waist waste", "allright alright",
        "sole soul", "heel heal", "heels heals", "toe tow", "toes tows", "here hear", "your you're",
        "their there they're", "its it's", "piece peace", "way weigh",
        "weight wait", "ok okay", "towards toward", "through threw",
    ),
}  # fmt: skip


def words_of(text: str, language: str, spell: Spell) -> list[str]:
    """Return the words of a text in small letters, numbers spelled out, each homophone as the first of its kind."""
    plain = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    spelled = _NUMBER.sub(lambda number: f" {spell(int(number[0]))} ", plain)
    alike = _same_sound(language)
    return [alike.get(word, word) for word in _WORD.findall(spelled)]


def _same_sound(language: str) -> dict[str, str]:
    groups = [group.split() for group in _ALIKE.get(language.split("-")[0].lower(), ())]
    return {word: words[0] for words in groups for word in words[1:]}


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Return the least number of words to change, add or drop to turn one into the other."""
    return sum(errors_by_word(said, heard))


def errors_by_word(said: Sequence[str], heard: Sequence[str]) -> list[int]:
    """Return how many errors belong to each word that was said: 1 for a changed or dropped one, 1 for each added after.

    Two words that are heard as one, or one as two, of the same letters are no error. A word added before the first
    belongs to the first. Of nothing said, nothing is returned.
    """
    if not said:
        return []
    costs = _costs(said, heard)
    errors = [0] * len(said)
    i, j = len(said), len(heard)
    while i or j:
        for back, ahead, cost in _moves(said, heard, i, j):
            if costs[i - back][j - ahead] + cost == costs[i][j]:
                errors[max(0, i - 1)] += cost
                i, j = i - back, j - ahead
                break
    return errors


def _costs(said: Sequence[str], heard: Sequence[str]) -> list[list[int]]:
    """Return the least number of errors between the first words of both, for each pair of counts."""
    table = [[0] * (len(heard) + 1) for _ in range(len(said) + 1)]
    for i in range(len(said) + 1):
        for j in range(len(heard) + 1):
            if i or j:
                moves = _moves(said, heard, i, j)
                table[i][j] = min(table[i - back][j - ahead] + cost for back, ahead, cost in moves)
    return table


def _moves(said: Sequence[str], heard: Sequence[str], i: int, j: int) -> list[tuple[int, int, int]]:
    """Return the ways in which the last of ``i`` and ``j`` words may belong together: how many of each, and errors."""
    moves = []
    if i and j:
        moves.append((1, 1, int(said[i - 1] != heard[j - 1])))
    if i >= 2 and j and said[i - 2] + said[i - 1] == heard[j - 1]:
        moves.append((2, 1, 0))
    if i and j >= 2 and said[i - 1] == heard[j - 2] + heard[j - 1]:
        moves.append((1, 2, 0))
    if i:
        moves.append((1, 0, 1))
    if j:
        moves.append((0, 1, 1))
    return moves
