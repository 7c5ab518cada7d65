"""The coach's own words in one language: templates from the library, filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from breathcue.language.data import read_yaml_data
from breathcue.language.placeholders import NAMES, fill, names_in
from breathcue.library import data_names
from breathcue.timeline.model import Side


def languages() -> tuple[str, ...]:
    """Return the languages that have phrases, by their codes."""
    return data_names("phrases", ".yaml")


@cache
def load_phrases(language: str) -> Phrases:
    """Return the phrases of a language.

    Raises:
        FileNotFoundError: the library has no phrases in that language.
    """
    return Phrases(read_yaml_data(f"phrases/{language}.yaml"))


def mentions_side(template: str) -> bool:
    """Say whether an author's words name a side."""
    return bool(names_in(template) & set(NAMES))


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language; ``data`` is the content of its file in library/phrases."""

    data: Mapping[str, Any]

    def say(self, path: str, index: int = 0, /, **values: str) -> str:
        """Return the phrase at a dotted path, filled in; ``index`` chooses among variants, in turn."""
        return fill(self._choose(path, index, 0), values)

    def counted(self, path: str, count: int, /, **values: str) -> str:
        """Return the phrase at a path that holds a form for ``one`` and another for all ``other`` numbers."""
        return fill(self._choose(path, 0, count), values)

    def every(self, path: str, **values: str) -> list[str]:
        """Return all the phrases at a path that holds a list."""
        return [fill(phrase, values) for phrase in self._at(path)]

    def part(self, path: str, count: int = 0, /, **values: str) -> str:
        """Return a phrase that is a part of a sentence, so that nothing in it starts with a capital."""
        return self._choose(path, 0, count).format_map(values)

    def _choose(self, path: str, index: int, count: int) -> str:
        found = self._at(path)
        if isinstance(found, Mapping):
            found = found["one" if count == 1 else "other"]
        if isinstance(found, str):
            return found
        return str(found[index % len(found)])

    def _at(self, path: str) -> Any:
        found: Any = self.data
        for key in path.split("."):
            found = found[key]
        return found

    def number(self, n: int) -> str:
        """Return a whole number in words up to 99, in digits above."""
        words: Sequence[str] = self._at("numbers.words")
        if n < len(words):
            return words[n]
        tens, units = divmod(n, 10)
        names: Sequence[str] = self._at("numbers.tens")
        if tens - 2 >= len(names):
            return str(n)
        if not units:
            return names[tens - 2]
        return self.part("numbers.compound", tens=names[tens - 2], units=words[units])

    def halves(self, n: int) -> str:
        """Return ``n`` halves in words: `four`, `four and a half`, `half`."""
        whole, half = divmod(n, 2)
        if not half:
            return self.number(whole)
        return self.part("numbers.and-a-half", n=self.number(whole)) if whole else self.part("numbers.half")

    def time(self, ms: int) -> str:
        """Return a duration in words, in whole seconds (at least one)."""
        seconds = max(1, (ms + 500) // 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        named = [self.part(f"units.{unit}", n, n=self.number(n)) for n, unit in parts if n]
        return str(self._at("units.and")).join(named)

    def listed(self, items: Sequence[str], last: str) -> str:
        """Return items as a list in a sentence; ``last`` is ``and`` or ``or``."""
        if len(items) < 2:
            return "".join(items)
        comma, final = str(self._at("lists.comma")), str(self._at(f"lists.{last}"))
        return comma.join(items[:-1]) + final + items[-1]

    def side(self, side: Side) -> str:
        """Return the name of a side."""
        return self.say(f"sides.{side}")

    def sided(self, side: Side | None) -> dict[str, str]:
        """Return the values of ``{side}`` and ``{other}``."""
        if side is None:
            return {}
        return {"side": self.side(side), "other": self.side(side.other)}

    def greets(self, text: str) -> bool:
        """Say whether words begin with a greeting."""
        return text.lower().startswith(tuple(self._at("opening.greetings")))

    def says_breath(self, text: str, breath: str) -> bool:
        """Say whether words already tell the listener to breathe that way."""
        lowered = text.lower()
        return any(words in lowered for words in self._at(f"mentions.{breath}"))
