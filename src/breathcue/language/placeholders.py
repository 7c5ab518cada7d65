"""The words in braces that an exercise's texts may hold: ``{side}`` and ``{other}``.

Where placeholders are welcome, a routine's texts are as the author wrote them, ``{{`` and ``}}`` included, and
:func:`fill` makes the final words. Everywhere else the loader has already made them final.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("side", "other")

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{|\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+)$")


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a text that has to do with braces.

    ``written`` is the piece itself and ``nth`` how many equal ones stand before it; ``name`` is what stands between
    the braces, or None for a brace without its partner.
    """

    written: str
    name: str | None
    nth: int


def scan(text: str) -> tuple[Found, ...]:
    """Return every placeholder and every single brace of a text, in order; doubled braces are just braces."""
    found: list[Found] = []
    for piece in _PIECE.finditer(text):
        if piece[0] in ("{{", "}}"):
            continue
        nth = text[: piece.start()].count(piece[0])
        found.append(Found(piece[0], piece[1], nth))
    return tuple(found)


def names_in(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(found.name for found in scan(text) if found.name is not None)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders replaced and its doubled braces made single.

    A value starts with a capital where its placeholder does (``{Side}``) or where it begins a sentence.

    Raises:
        KeyError: ``values`` lacks a placeholder of the text.
    """

    def replace(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        name = piece[1]
        if name is None:
            return piece[0]
        value = values[name] if name in values else values[name.lower()]
        begins = name[:1].isupper() or _SENTENCE_START.search(text[: piece.start()])
        return value[:1].upper() + value[1:] if begins else value

    return _PIECE.sub(replace, text)
