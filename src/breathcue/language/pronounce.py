"""Checks of an author's pronunciations: that phonemes are phonemes, and that each word is there to be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from breathcue.language.data import read_yaml_data
from breathcue.language.lookup import Found
from breathcue.language.names import DEFAULT_LANGUAGE
from breathcue.language.problems import Problems, quote
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Pronounced, Words

_SEPARATORS = " .'"


def check_pronounce(session: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Report phonemes that are none, and warn of words that nobody says."""
    entries = [entry for entry in session.get("pronounce", tuple) or () if isinstance(entry, Pronounced)]
    if not entries:
        return
    heard = _heard(session, used)
    for entry in entries:
        if not _is_sound(entry.said.text):
            problems.add(
                "bad-phonemes",
                f"{quote(entry.said.text)} is not a word in phonemes.",
                entry.said.place,
                "Write the phonemes between two slashes, as `/daɪˈæstəsɪs/`, or how the word sounds, without any.",
            )
        if not re.search(rf"(?<!\w){_spaced(entry.word.text)}(?!\w)", heard, re.IGNORECASE):
            problems.add(
                "unused-pronunciation",
                f"Nothing that is said holds {quote(entry.word.text)}.",
                entry.word.place,
                "Write the word as it stands in the session, in all its forms, or remove the line.",
            )


def _is_sound(said: str) -> bool:
    """Say whether an entry is plain words, or phonemes between slashes: letters, stress marks and signs on them."""
    if "/" not in said:
        return True
    inside = said[1:-1]
    return (
        len(said) > 2
        and said[0] == said[-1] == "/"
        and all(c.isalpha() or c in _SEPARATORS or unicodedata.category(c) == "Mn" for c in inside)
    )


def _spaced(word: str) -> str:
    return r"\s+".join(map(re.escape, word.split()))


def _heard(session: Record, used: Mapping[str, Found]) -> str:
    """Return everything that a session may say, in no order: its own texts, its exercises' and the coach's."""
    language = session.get("language", Words)
    coach = read_yaml_data(f"phrases/{language.text if language else DEFAULT_LANGUAGE}.yaml")
    texts = [*_texts(session), *_strings(coach)]
    for found in used.values():
        texts += _texts(found.record) if found.record else ()
    return "\n".join(texts)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts of a record or a list; an exercise that no step uses is not heard."""
    if isinstance(value, Words):
        yield value.text
    elif isinstance(value, Record):
        for key, part in value.values.items():
            if key != "pronounce":
                yield from _texts(part)
    elif isinstance(value, tuple):
        for item in value:
            if not isinstance(item, Definition):
                yield from _texts(item)


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _strings(item)
