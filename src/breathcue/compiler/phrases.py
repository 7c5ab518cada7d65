"""The coach's own words in one language: templates from the library, filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from breathcue.language.data import read_yaml_data
from breathcue.language.placeholders import NAMES, fill, names_in
from breathcue.library import data_names
from breathcue.timeline.model import Side

_MOST_IN_WORDS = 99


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

    def say(self, path: str, index: int = 0, /, **values: str | int) -> str:
        """Return the phrase at a dotted path, filled in; ``index`` chooses among variants, in turn.

        A number is filled in in words, in the form that the phrase asks for (``{n:f}``).
        """
        return fill(self._choose(path, index, 0), self._worded(values))

    def counted(self, path: str, count: int, /, **values: str | int) -> str:
        """Return the phrase at a path that holds a form for ``one`` and another for all ``other`` numbers."""
        return fill(self._choose(path, 0, count), self._worded(values))

    def every(self, path: str, **values: str) -> list[str]:
        """Return all the phrases at a path that holds a list."""
        return [fill(phrase, values) for phrase in self._at(path)]

    def part(self, path: str, count: int = 0, /, **values: str | int) -> str:
        """Return a phrase that is a part of a sentence, so that nothing in it starts with a capital."""
        return fill(self._choose(path, 0, count), self._worded(values), sentence=False)

    def _worded(self, values: Mapping[str, str | int]) -> dict[str, str]:
        """Return values with each number in words, under its name and, as ``name:form``, in each of its forms."""
        worded: dict[str, str] = {}
        for name, value in values.items():
            worded[name] = value if isinstance(value, str) else self.number(value)
            if isinstance(value, int):
                for form in self._at("numbers.forms"):
                    worded[f"{name}:{form}"] = self.number(value, form)
        return worded

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

    def number(self, n: int, form: str | None = None) -> str:
        """Return a whole number in words up to 99, in digits above.

        ``form`` names one of the language's forms, such as that before a feminine noun. A number is looked up in
        the form, then among the words of its own; else it is composed of a tens word and the rest.
        """
        if n > _MOST_IN_WORDS:
            return str(n)
        own: Mapping[str, str] = self._at("numbers.own")
        words: Sequence[str] = self._at("numbers.words")
        particular: Mapping[str, str] = self._at(f"numbers.forms.{form}") if form else {}
        if str(n) in particular:
            return particular[str(n)]
        if str(n) in own:
            return own[str(n)]
        if n < len(words):
            return words[n]
        tens: Mapping[str, str] = self._at("numbers.tens")
        base = max(int(ten) for ten in tens if int(ten) <= n)
        if base == n:
            return tens[str(base)]
        units = {f"units:{name}": self.number(n - base, name) for name in self._at("numbers.forms")}
        units["units"] = self.number(n - base, form)
        return fill(self._at("numbers.compound"), {"tens": tens[str(base)], **units}, sentence=False)

    def halves(self, n: int) -> str:
        """Return how long ``n`` half seconds are, in words: `four`, `four and a half`, `half a second`."""
        whole, half = divmod(n, 2)
        if not whole:
            return self.part("numbers.half")
        return self.part("numbers.and-a-half" if half else "numbers.whole", whole, n=whole)

    def time(self, ms: int) -> str:
        """Return a duration in words, in whole seconds (at least one)."""
        seconds = max(1, (ms + 500) // 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        parts = ((hours, "hour"), (minutes, "minute"), (seconds, "second"))
        return self.listed([self.part(f"units.{unit}", n, n=n) for n, unit in parts if n], "and")

    def listed(self, items: Sequence[str], last: str) -> str:
        """Return items as a list in a sentence; ``last`` is ``and``, ``or`` or ``comma``."""
        if len(items) < 2:
            return "".join(items)
        comma, final = str(self._at("lists.comma")), str(self._at(f"lists.{last}"))
        for rule in self._at("lists.before"):
            if rule["word"] == last and re.match(rule["sound"], items[-1], re.IGNORECASE):
                final = rule["becomes"]
        return comma.join(items[:-1]) + final + items[-1]

    def side(self, side: Side) -> str:
        """Return the name of a side, as it stands alone."""
        return str(self._at(f"sides.{side}.alone"))

    def sided(self, side: Side | None) -> dict[str, str]:
        """Return the values of ``{side}`` and ``{other}``, alone and with each ending (``side+e`` for ``{side}e``)."""
        if side is None:
            return {}
        values: dict[str, str] = {}
        for name, which in (("side", side), ("other", side.other)):
            forms: Mapping[str, str] = self._at(f"sides.{which}")
            values[name] = forms["alone"]
            values.update({f"{name}+{ending}": form for ending, form in forms.items() if ending != "alone"})
        return values

    def greets(self, text: str) -> bool:
        """Say whether words begin with a greeting."""
        greetings = "|".join(map(re.escape, self._at("opening.greetings")))
        return re.match(rf"\W*(?:{greetings})\b", text, re.IGNORECASE) is not None

    def says_breath(self, text: str, breath: str) -> bool:
        """Say whether words already tell the listener to breathe that way."""
        return any(re.search(words, text, re.IGNORECASE) for words in self._at(f"mentions.{breath}"))
