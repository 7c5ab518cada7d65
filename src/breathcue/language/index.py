"""The built-in library as an index: every exercise with what it is found by, and finding them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache

from breathcue.language import names
from breathcue.language.build import build_exercise
from breathcue.language.lookup import built_in
from breathcue.language.problems import nearest
from breathcue.language.record import Record
from breathcue.language.routine import Exercise, Level, Words
from breathcue.language.wording import spoken

NO_EQUIPMENT = "none"
"""What is asked for to find the exercises that need nothing at hand."""

_NAMED, _SORTED, _TOLD = 8, 3, 1
"""What a word counts that is found in an exercise's name, among what it is sorted by, or in its instructions."""
_PLURALS = ("s", "es")


@dataclass(frozen=True, slots=True)
class Entry:
    """A built-in exercise as it is told in one language, and the facts it is found by.

    ``body`` are the parts of the body it is for, and ``sources`` say where its facts come from; both are told in
    English.
    """

    exercise: Exercise
    language: str
    body: tuple[str, ...]
    kind: str
    impact: str
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """What a session calls it by."""
        return self.exercise.name

    @property
    def equipment(self) -> tuple[str, ...]:
        """What it needs at hand."""
        return tuple(words.text for words in self.exercise.equipment)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels that it has a form of its own for."""
        forms = {Level.EASIER: self.exercise.easier, Level.HARDER: self.exercise.harder}
        return tuple(level for level, form in forms.items() if form is not None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an exercise should be like to be found; None, or no words, is what does not matter.

    All ``words`` are to be found somewhere in it. ``body`` and ``equipment`` are found by one of their words, too.
    """

    words: tuple[str, ...] = ()
    body: str | None = None
    position: str | None = None
    equipment: str | None = None
    kind: str | None = None
    level: Level | None = None

    def given(self) -> tuple[str, ...]:
        """Return the names of what matters."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name))


@cache
def entries(language: str = names.DEFAULT_LANGUAGE) -> tuple[Entry, ...]:
    """Return the exercises that are told in a language, by name."""
    return tuple(_entry(name, language) for name in names.exercises(language))


def entry(name: str, language: str = names.DEFAULT_LANGUAGE) -> Entry | None:
    """Return the exercise of that name; None where there is none, or it is not told in the language."""
    return next((each for each in entries(language) if each.name == name), None)


def told_in(name: str) -> tuple[str, ...]:
    """Return the languages in which an exercise is told."""
    return tuple(language for language in names.languages() if name in names.exercises(language))


def nearest_exercise(wanted: str, language: str = names.DEFAULT_LANGUAGE) -> str | None:
    """Return the name of the exercise that is called nearly so, by its name or its title; None where none is."""
    known = {each.name: each.name for each in entries(language)}
    titles = {"-".join(_plain(each.exercise.title)): each.name for each in entries(language)}
    found = nearest(wanted, known) or nearest(wanted, titles)
    return (known | titles).get(found) if found else None


def search(wanted: Wanted, language: str = names.DEFAULT_LANGUAGE) -> tuple[Entry, ...]:
    """Return the exercises that are as wanted, those first whose names say it."""
    scored = [(_score(each, wanted.words), each) for each in entries(language) if _is_as(each, wanted)]
    return tuple(each for score, each in sorted(scored, key=lambda pair: (-pair[0], pair[1].name)) if score)


def instead_of(wanted: Wanted, language: str = names.DEFAULT_LANGUAGE) -> Mapping[str, int]:
    """Return how many exercises there would be without each of the things that are wanted, where there are any."""
    empty = Wanted()
    without = {
        name: len(search(replace(wanted, **{name: getattr(empty, name)}), language))
        for name in wanted.given()
    }
    return {name: number for name, number in without.items() if number and len(without) > 1}


def known_values(what: str, language: str = names.DEFAULT_LANGUAGE) -> tuple[str, ...]:
    """Return all that the exercises have of something to find them by: ``body`` or ``equipment``."""
    values = {value for each in entries(language) for value in getattr(each, what)}
    return tuple(sorted(values, key=str.casefold))


def _entry(name: str, language: str) -> Entry:
    record, facts = built_in(name, language), built_in(name)
    if record is None or facts is None:
        raise TypeError(f"the library's exercise {name} has a mistake")
    return Entry(
        build_exercise(name, record),
        language,
        tuple(words.text for words in facts.words("body")),
        _word(record, "kind"),
        _word(record, "impact"),
        tuple(words.text for words in facts.words("source")),
    )


def _word(facts: Record, key: str) -> str:
    words = facts.get(key, Words)
    return words.text if words else ""


def _is_as(each: Entry, wanted: Wanted) -> bool:
    return (
        (wanted.position is None or each.exercise.position == wanted.position)
        and (wanted.kind is None or each.kind == wanted.kind)
        and (wanted.level is None or wanted.level in each.levels)
        and (wanted.body is None or _among(wanted.body, each.body))
        and (wanted.equipment is None or _has_at_hand(each, wanted.equipment))
    )


def _has_at_hand(each: Entry, wanted: str) -> bool:
    if wanted.casefold() == NO_EQUIPMENT:
        return not each.equipment
    return _among(wanted, each.equipment)


def _among(wanted: str, values: tuple[str, ...]) -> bool:
    """Say whether all words of what is wanted stand in one of the values."""
    asked = _plain(wanted)
    return bool(asked) and any(all(_stands(word, _plain(value)) for word in asked) for value in values)


def _score(each: Entry, words: tuple[str, ...]) -> int:
    """Return how well words describe an exercise: 0 where one of them is nowhere in it, else 1 or more."""
    asked = [word for text in words for word in _plain(text)]
    exercise = each.exercise
    fields_by_weight = {
        _NAMED: _plain(f"{each.name} {exercise.title}"),
        _SORTED: _plain(" ".join((exercise.position or "", each.kind, *each.body, *each.equipment))),
        _TOLD: _plain(" ".join(_instructions(exercise))),
    }
    found = [
        sum(weight for weight, said in fields_by_weight.items() if _stands(word, said)) for word in asked
    ]
    return 1 + sum(found) if all(found) else 0


def _instructions(exercise: Exercise) -> Iterator[str]:
    phases = [words for phase in exercise.rep for words in (phase.say, phase.short)]
    forms = [form.say for form in (exercise.easier, exercise.harder) if form]
    for words in (*exercise.setup, *exercise.form, *phases, *forms):
        if words is not None:
            yield words.text


def _stands(word: str, said: tuple[str, ...]) -> bool:
    """Say whether a word, or one that it begins, or the one that it is the plural of, is among those said."""
    singular = {word.removesuffix(ending) for ending in _PLURALS}
    return any(each.startswith(word) or each in singular for each in said)


def _plain(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case and without accents, so that they are found however they are typed."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return tuple(token.word for token in spoken(bare).tokens)
