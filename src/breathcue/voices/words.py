"""Signs, units and times become words: the rules of each language.

English has rules of its own (:mod:`breathcue.voices.words_english`). Every other language is a table in
library/speech, from which the same rules are made; a language without one keeps its text as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from breathcue.library import data_names, read_data

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

NUMBER = r"\d+(?:[.,]\d+)?"
HYPHEN = "[-‐‑–—]"
FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}

_ONE = ("1", "1.0", "1,0")


@dataclass(frozen=True, slots=True)
class Wording:
    """The rules of a language: for ``signs``, which only some texts hold, and for ``abbreviations``."""

    signs: tuple[Rule, ...] = ()
    abbreviations: tuple[Rule, ...] = ()


def apply(text: str, rules: tuple[Rule, ...]) -> str:
    """Return the text after each of the rules, in order."""
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


@cache
def wording(language: str) -> Wording:
    """Return the rules of a language, given by its code without a country."""
    if language == "en":
        from breathcue.voices import words_english

        return Wording(words_english.SIGNS, words_english.ABBREVIATIONS)
    if language not in data_names("speech", ".toml"):
        return Wording()
    table = tomllib.loads(read_data(f"speech/{language}.toml"))
    return Wording(_Signs(table).rules(), _abbreviations(table["abbreviations"]))


def _abbreviations(table: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return a rule for each abbreviation; those in small letters may be written with capitals too."""
    return tuple(
        (re.compile(_abbreviated(short), re.IGNORECASE if short.islower() else 0), _in_full(full))
        for short, full in table.items()
    )


def _abbreviated(short: str) -> str:
    """Return a pattern for an abbreviation, whose spaces may be left out."""
    return r"(?<!\w)" + r"\s?".join(map(re.escape, short.split())) + r"(?!\w)"


def _in_full(full: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        ends = match[0].endswith(".") and not match.string[match.end() :].strip()
        return f"{full}." if ends else full

    return replace


class _Signs:
    """Makes the rules for signs from the table of a language; the table itself tells what its keys are for."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._say: Mapping[str, str] = table["words"]
        self._counted: Mapping[str, list[str]] = table["counted"]
        self._units: Mapping[str, list[str]] = table["units"]
        self._fractions: Mapping[str, str] = table["fractions"]

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules, each before those that would take it apart."""
        return (*self._ranges_and_times(), *self._quantities(), *self._between_words())

    def _ranges_and_times(self) -> tuple[Rule, ...]:
        say, units = self._say, self._names()
        low, high = (
            rf"(?<![\w.])({NUMBER})(?:\s?(?:{units}))?",
            rf"({NUMBER})((?:\s?(?:{units}|[%°x×])(?!\w))?)",
        )
        before, after = (re.escape(say[key]) for key in ("clock-after", "clock-before"))
        not_of_day = rf"(?<!{before})" if before else ""
        then_not = rf"(?!\s?{after})" if after else ""
        return (
            (re.compile("|".join(FRACTIONS)), lambda m: f" {FRACTIONS[m[0]]}"),
            (re.compile(rf"{not_of_day}\b(\d+):([0-5]\d)(?::([0-5]\d))?(?![\d:]){then_not}"), self._clock),
            (re.compile(rf"(?<![\w.-])(\d+){HYPHEN}(\d+){HYPHEN}(\d+)(?:{HYPHEN}(\d+))?(?![\w-])"),
             lambda m: ", ".join(part for part in m.groups() if part)),
            (re.compile(rf"{low}\s?{HYPHEN}\s?{high}(?![\w-])"), rf"\1 {say['to']} \2\3"),
            (re.compile(r"\b(\d+)\s?[x×]\s?(?=\d)"), rf"\1 {say['by']} "),
            (re.compile(r"(?<=[^\W\d])\s[x×]\s(?=\d)"), f" {say['of']} "),
            (re.compile(r"\b(\d+)\s?[x×](?!\w)"), lambda m: self._count(m[1], "times")),
            (re.compile(r"(?<!\w)[x×]\s?(\d+)\b"), lambda m: self._count(m[1], "times")),
            (re.compile(r"\b(?:(\d+)h\s?)?(?:(\d+)m\s?)(\d+)s\b"), self._compound),
            (re.compile(r"\b(\d+)h\s?(\d+)m()\b"), self._compound),
            (re.compile(r"\b(\d+)h(\d\d)()\b"), self._compound),
        )  # fmt: skip

    def _quantities(self) -> tuple[Rule, ...]:
        say = self._say
        return (
            (
                re.compile(rf"\b({NUMBER})([ -]?)({self._names()})(?![\w'’])(?:\.(?=\s+[a-zà-ÿ]))?"),
                self._unit,
            ),
            (re.compile(rf"\b({NUMBER})\s?°\s?C\b"), lambda m: self._count(m[1], "celsius")),
            (re.compile(rf"\b({NUMBER})\s?°"), lambda m: self._count(m[1], "degree")),
            (re.compile(r"(?<![\d/])(?:(\d+)\s+)?(\d{1,2})/(\d{1,2})(?![\d/])"), self._fraction),
            (re.compile(rf"\b({NUMBER})\s?%"), rf"\1 {say['percent']}"),
            (re.compile(r"(?<=\d)\+"), f" {say['or-more']}"),
            (re.compile(r"[~≈](?=\s?\d)"), f"{say['about']} "),
            (re.compile(r"±\s?"), f"{say['plus-or-minus']} "),
            (re.compile(r"(?:≥|>=|>)\s?(?=\d)"), f"{say['more-than']} "),
            (re.compile(r"(?:≤|<=|<)\s?(?=\d)"), f"{say['less-than']} "),
            (re.compile(r"#(?=\d)"), f"{say['number']} "),
        )

    def _between_words(self) -> tuple[Rule, ...]:
        say = self._say
        return (
            (re.compile(r"\b[A-Z]\s?/\s?[A-Z]\b"), lambda m: self._sides(m[0])),
            (re.compile(r"(?<=[^\W\d])\s?/\s?(?=[^\W\d])"), f" {say['or']} "),
            (re.compile(r"\s*&\s*"), f" {say['and']} "),
            (re.compile(r"(?<=\w)\s*\+\s*(?=\w)"), f" {say['plus']} "),
            (re.compile(r"\s*(?:→|->|=>)\s*"), f", {say['then']} "),
            (re.compile(r"\s*=\s*"), f" {say['equals']} "),
        )

    def _names(self) -> str:
        return "|".join(map(re.escape, sorted(self._units, key=len, reverse=True)))

    def _count(self, number: str, name: str) -> str:
        one, other = self._counted[name] if name in self._counted else self._units[name]
        return one if number in _ONE else other.replace("{n}", number)

    def _unit(self, match: re.Match[str]) -> str:
        # "5m" is how this project's own files write five minutes; "5 m" is how everybody writes five metres.
        unit = "min" if match[3] == "m" and not match[2] else match[3]
        return self._count(match[1], unit)

    def _clock(self, match: re.Match[str]) -> str:
        """Return ``1:30`` or ``1:02:03`` as a duration; what cannot be one stays as it is."""
        *upper, seconds = (int(part) for part in match[0].split(":"))
        if len(upper) == 2 and upper[1] > 59:
            return match[0]
        return self._listed(zip((*upper, seconds), ("h", "min", "s")[2 - len(upper) :], strict=True))

    def _compound(self, match: re.Match[str]) -> str:
        numbers = (int(part or 0) for part in match.groups())
        return self._listed(zip(numbers, ("h", "min", "s"), strict=True))

    def _listed(self, parts: Iterable[tuple[int, str]]) -> str:
        named = [self._count(str(n), unit) for n, unit in parts if n]
        return f" {self._say['and']} ".join(named) or self._count("0", "s")

    def _fraction(self, match: re.Match[str]) -> str:
        whole, top, bottom = match.groups()
        said = self._fractions.get(f"{top}/{bottom}", f"{top} {self._say['out-of']} {bottom}")
        return f"{whole} {self._say['and']} {said}" if whole else said

    def _sides(self, written: str) -> str:
        return self._say.get(written.replace(" ", ""), written)
