"""What is known of words in each language: lists of words in library/wording, and finding them in what is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from breathcue.language.data import read_yaml_data
from breathcue.library import data_names

_TOKEN = re.compile(r"[^\W_]+")
_JOINING = re.compile(r"[\s'’\-‐‑]*")
_JOINING_OR_COMMA = re.compile(r"[\s'’\-‐‑,]*")
_CLAUSE_END = re.compile(r"[.!?:;,–—]")

SAYING = 4
"""A run of at least so many words is recognised with commas in it, too: "no pain, no gain"."""
NEGATION_REACH = 6
"""How many words before a run of words one that denies it may stand: "never try to push through the pain"."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, in lower case, and where it stands in it."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text and its words; ``text`` is composed (NFC), so that accents are letters."""

    text: str
    tokens: tuple[Token, ...]

    def gap(self, index: int) -> str:
        """Return what stands between the word of that index and the one before."""
        before = self.tokens[index - 1].end if index else 0
        return self.text[before : self.tokens[index].start]

    def written(self, first: int, last: int) -> str:
        """Return the text from one word to another, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def spoken(text: str) -> Spoken:
    """Return a text with its words; an apostrophe or a hyphen parts words."""
    composed = unicodedata.normalize("NFC", text)
    found = _TOKEN.finditer(composed)
    return Spoken(composed, tuple(Token(each[0].casefold(), each.start(), each.end()) for each in found))


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words found in a text: the indices of its first and its last word."""

    first: int
    last: int


class Runs:
    """A list of runs of words that can be looked for in a text, in time that grows with the text alone."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Take runs of words as they are said; capitals do not matter."""
        table: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(token.word for token in spoken(phrase).tokens)
            table.setdefault(words[0], []).append(words)
        self._table = {first: tuple(sorted(found, key=len, reverse=True)) for first, found in table.items()}

    def find(self, said: Spoken) -> Iterator[Run]:
        """Yield each run that stands in the text, the longest where several begin with the same word.

        No word is part of two runs.
        """
        free = 0
        for index, token in enumerate(said.tokens):
            candidates = self._table.get(token.word, ()) if index >= free else ()
            found = next((words for words in candidates if _stands(words, said, index)), None)
            if found is not None:
                free = index + len(found)
                yield Run(index, free - 1)

    def any(self, said: Spoken) -> bool:
        """Say whether one of the runs stands in the text."""
        return next(self.find(said), None) is not None


def _stands(words: Sequence[str], said: Spoken, at: int) -> bool:
    if at + len(words) > len(said.tokens):
        return False
    joining = _JOINING_OR_COMMA if len(words) >= SAYING else _JOINING
    return all(
        said.tokens[at + offset].word == word and (offset == 0 or joining.fullmatch(said.gap(at + offset)))
        for offset, word in enumerate(words)
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Runs of words that should not be said, and a wording to be shown instead."""

    runs: Runs
    better: str


@dataclass(frozen=True, slots=True)
class Actions:
    """How instructions to move are worded.

    ``verbs`` begin them, perhaps after one of ``adverbs`` or of what they are ``joined_by``; ``sequence`` is what puts
    one after another, and ``none`` begins like a movement and is none.
    """

    verbs: frozenset[str]
    joined_by: frozenset[str]
    adverbs: frozenset[str]
    sequence: Runs
    none: Runs


@dataclass(frozen=True, slots=True)
class Posture:
    """What a setup says of a position, and a line that says it."""

    runs: Runs
    say: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The word lists of one language; library/wording/en.yaml says what each is for."""

    negations: Runs
    harmless: Runs
    eyes: tuple[Group, ...]
    harsh: tuple[Group, ...]
    actions: Actions
    positions: Mapping[str, Posture]
    water: Runs
    gentle: Runs
    impact: Runs

    def meant(self, group: Runs, said: Spoken) -> Iterator[Run]:
        """Yield the runs of a list that are neither denied by a word before them nor part of a harmless one."""
        harmless = tuple(self.harmless.find(said))
        for run in group.find(said):
            inside = any(each.first <= run.first and run.last <= each.last for each in harmless)
            if not inside and not self._denied(run, said):
                yield run

    def _denied(self, run: Run, said: Spoken) -> bool:
        first = run.first
        while first > max(0, run.first - NEGATION_REACH) and not _CLAUSE_END.search(said.gap(first)):
            first -= 1
        before = Spoken(said.text, said.tokens[first : run.first])
        return self.negations.any(before)


@cache
def wording(language: str) -> Wording | None:
    """Return the word lists of a language, or None where the library has none."""
    if language not in data_names("wording", ".yaml"):
        return None
    data = read_yaml_data(f"wording/{language}.yaml")
    acts = data["actions"]
    return Wording(
        negations=Runs(data["negations"]),
        harmless=Runs(data["harmless"]),
        eyes=_groups(data["eyes"]),
        harsh=_groups(data["harsh"]),
        actions=Actions(
            frozenset(map(str.casefold, acts["verbs"])),
            frozenset(map(str.casefold, acts["joined-by"])),
            frozenset(map(str.casefold, acts["adverbs"])),
            Runs(acts["sequence"]),
            Runs(acts["none"]),
        ),
        positions={name: Posture(Runs(row["words"]), row["say"]) for name, row in data["positions"].items()},
        water=Runs(data["water"]),
        gentle=Runs(data["gentle"]),
        impact=Runs(data["impact"]),
    )


def _groups(data: Sequence[Mapping[str, Any]]) -> tuple[Group, ...]:
    return tuple(Group(Runs(group["words"]), group["better"]) for group in data)


def language_of(texts: Iterable[str]) -> str | None:
    """Return the language that texts seem to be in, by its commonest words; None where they do not tell."""
    words = [token.word for text in texts for token in spoken(text).tokens]
    scores = sorted(
        ((sum(word in known for word in words), language) for language, known in _common().items()),
        reverse=True,
    )
    (most, language), (second, _) = scores[0], scores[1]
    return language if most > second else None


@cache
def _common() -> Mapping[str, frozenset[str]]:
    return {
        language: frozenset(map(str.casefold, read_yaml_data(f"wording/{language}.yaml")["known-by"]))
        for language in data_names("wording", ".yaml")
    }
