"""What an author writes becomes what a voice can read: signs, units and times in words, and nothing but words.

Voices read ``30 s`` as "thirty ess", ``3 x 10`` as "three ex ten", and whatever looks like their own markup as a
command. So markup is taken out first (an author's ``[word](/.../)``, tags, stars), then signs become words, then
everything that is not a word or punctuation goes. Only after that may the pronunciation dictionary add phonemes.

The words are those of the session's language (:mod:`breathcue.voices.words`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from breathcue.voices.base import AS_WRITTEN
from breathcue.voices.pronunciation import is_phonemes, pronounced
from breathcue.voices.words import Rule, apply, wording

NOTHING: Mapping[str, str] = MappingProxyType({})

_PLAIN = re.compile(r"[A-Za-z ,.!?'’;:-]*\Z")
"""Text in which nothing but abbreviations can need attention: most of a session, so it is worth knowing early."""

_MARKUP: tuple[Rule, ...] = (
    (re.compile(r"\[([^\[\]]*)\]\([^()]*\)"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->"), " "),
    (re.compile(r"^\s*(?:[-*+•]|#{1,6})\s+", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`+"), ""),
)

_PUNCTUATION: tuple[Rule, ...] = (
    (re.compile(r"[‘’ʼ`´]"), "'"),
    (re.compile(r"[\"“”„«»‹›]"), ""),
    (re.compile(r"(?<!\w)['’]|['’](?!\w)"), ""),
    (re.compile(r"\s*…"), "..."),
    (re.compile(r"\s+[‐‑–−]\s+|\s*[—―]\s*"), ", "),
    (re.compile(r"[‐‑–−]"), "-"),
    (re.compile(r"(?<=\w)\s*[(\[{]\s*"), ", "),
    (re.compile(r"\s*[)\]}](?=\s*\w)"), ", "),
    (re.compile(r"[()\[\]{}|]"), " "),
    (re.compile(r"[*_#\\/^~<>§¶+=@]"), " "),
)

_TIDY: tuple[Rule, ...] = (
    (re.compile("’"), "'"),
    (re.compile(r"\s*\.{2,}\s*(?=[a-z])|\s+-+\s+"), ", "),
    (re.compile(r"\s+"), " "),
    (re.compile(r" (?=[,.;:!?])"), ""),
    (re.compile(r"[,;:]+(?=[,;:.!?])"), ""),
    (re.compile(r"([.!?])[.,;:]+"), r"\1"),
    (re.compile(r"^[\s,;:.!?-]+|[\s,;:-]+$"), ""),
)


def speakable(
    text: str,
    language: str = "en",
    alphabet: str | None = None,
    pronounce: Mapping[str, str] = NOTHING,
) -> str:
    """Return ``text`` as it is sent to a voice; "" where nothing in it can be said.

    ``alphabet`` names the phonemes that the voice reads inline (:attr:`breathcue.voices.base.Engine.alphabet`);
    with None, words that voices get wrong are respelled, and with ``AS_WRITTEN`` they stay as they are. ``pronounce``
    holds the author's own words and how they are said (:mod:`breathcue.voices.pronunciation`). The result is the same
    for the same arguments.
    """
    if alphabet == AS_WRITTEN:
        return text if any(c.isalnum() for c in text) else ""
    base = language.split("-")[0].lower()
    text = plain(text, base)
    if not any(c.isalnum() for c in text):
        return ""
    return pronounced(text, alphabet, base, _cleaned(tuple(pronounce.items()), base))


def plain(text: str, language: str) -> str:
    """Return ``text`` in words, without markup and signs, before any word of it is made to sound right."""
    rules = wording(language)
    if _PLAIN.match(text):
        text = apply(text, rules.abbreviations)
    else:
        text = apply(unicodedata.normalize("NFC", text), _MARKUP)
        text = apply(apply(text, rules.signs), rules.abbreviations)
        text = "".join(c if _is_readable(c) else " " for c in apply(text, _PUNCTUATION))
    return apply(text, _TIDY)


@cache
def _cleaned(entries: tuple[tuple[str, str], ...], language: str) -> tuple[tuple[str, str], ...]:
    """Return an author's entries as words of a text that is plain already, so that nothing in them is a command."""
    cleaned = [
        (plain(word, language), said if is_phonemes(said) else plain(said, language))
        for word, said in entries
    ]
    return tuple((word, said) for word, said in cleaned if word and said)


def _is_readable(c: str) -> bool:
    """Say whether a character is a letter, a mark on one, a digit, a space or ordinary punctuation."""
    return c.isalnum() or c in " ,.;:!?'-%$£€" or c.isspace() or unicodedata.category(c) in ("Mn", "Mc")
