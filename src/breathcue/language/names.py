"""The names that the library knows: positions, tones, languages and exercises."""

from __future__ import annotations

import re
from functools import cache

from breathcue.language.data import read_yaml_data
from breathcue.library import data_names, read_data
from breathcue.library.tones import tone_names

DEFAULT_LANGUAGE = "en"

_TOP_KEY = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


@cache
def positions() -> tuple[str, ...]:
    """Return the positions a body can be in, in the library's order."""
    return tuple(_TOP_KEY.findall(read_data("positions.yaml")))


def tones() -> tuple[str, ...]:
    """Return the tones that can be sounded."""
    return tone_names()


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that the coach has words in."""
    return data_names("phrases", ".yaml")


@cache
def audiences() -> tuple[str, ...]:
    """Return those whom a session can be for, because there are rules of safety for them."""
    return tuple(read_yaml_data("safety.yaml")["audiences"])


@cache
def exercises(language: str = DEFAULT_LANGUAGE) -> tuple[str, ...]:
    """Return the names of the built-in exercises that are told in a language; in English all of them are."""
    return data_names(exercise_folder(language), ".yaml")


def exercise_folder(language: str) -> str:
    """Return the folder of the library in which the built-in exercises are told in a language."""
    return "exercises" if language == DEFAULT_LANGUAGE else f"exercises/{language}"
