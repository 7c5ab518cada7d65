"""The words in braces that an exercise's texts may hold: ``{side}`` and ``{other}``.

Where placeholders are welcome, a routine's texts are as the author wrote them, ``{{`` and ``}}`` included, and
:func:`fill` makes the final words. Everywhere else the loader has already made them final.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SIDE, OTHER = "side", "other"
NAMES = (SIDE, OTHER)

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\{|\}")
_FILLED = re.compile(r"\{\{|\}\}|\{([^{}]*)\}([^\W\d_]*)|\{|\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?]\s+)[¿¡]?$")


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


def fill(text: str, values: Mapping[str, str], *, sentence: bool = True) -> str:
    """Return the text with its placeholders replaced and its doubled braces made single.

    A value starts with a capital where its placeholder does (``{Side}``) or, in a ``sentence``, where it begins one.
    ``{n:f}`` is the form ``f`` of ``n``, or ``n`` where it has none. An ending right after a placeholder
    (``{side}e``) belongs to it if there is a value ``side+e``.

    Raises:
        KeyError: ``values`` lacks a placeholder of the text.
    """

    def replace(piece: re.Match[str]) -> str:
        if piece[0] in ("{{", "}}"):
            return piece[0][0]
        written, ending = piece[1], piece[2]
        if written is None:
            return piece[0]
        name = written if written in values else written.lower()
        value, rest = values.get(f"{name}+{ending}"), ""
        if value is None:
            value, rest = values[name] if name in values else values[name.split(":")[0]], ending
        begins = written[:1].isupper() or (sentence and _SENTENCE_START.search(text[: piece.start()]))
        return (value[:1].upper() + value[1:] if begins else value) + rest

    return _FILLED.sub(replace, text)
