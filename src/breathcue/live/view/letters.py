"""Words in letters four rows high, drawn with quarter blocks: what one reads from two metres.

The drawings are in letters.txt. Text with a character that is not drawn there is shown in ordinary letters instead.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

ROWS = 4
"""How many rows of the terminal a line of letters takes at scale 1."""

_DOTS = 8
_PITCH = 9
"""How many characters of letters.txt a drawing takes across."""
_SPACE = 3
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Quarter blocks by the dots they show: upper left 1, upper right 2, lower left 4, lower right 8."""

_SAME = str.maketrans("’‘“”„«»–—−×\u00a0", '\'\'"""""---x ')
_MARKS = {
    "\u0300": (".#..", "..#."),
    "\u0301": ("..#.", ".#.."),
    "\u0302": (".##.", "#..#"),
    "\u0303": (".#.#", "#.#."),
    "\u0308": ("#..#", "...."),
    "\u030a": (".##.", ".##."),
    "\u030c": ("#..#", ".##."),
}
"""What stands over a letter, by its combining character."""
_CEDILLA = "\u0327"

Drawing = tuple[str, ...]
"""The rows of a letter: eight texts of the same length, ``#`` for a dot."""


@dataclass(frozen=True, slots=True)
class Lettering:
    """Text in large letters: its lines, each of them ``scale`` times four rows of text."""

    scale: int
    lines: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        """How many rows of the terminal it takes, without any space between lines."""
        return ROWS * self.scale * len(self.lines)


@lru_cache(64)
def lettering(text: str, columns: int, rows: int, *, largest: int = 2) -> Lettering | None:
    """Return ``text`` as large as it fits into ``columns`` and ``rows``; None if it does not fit at all."""
    text = " ".join(text.translate(_SAME).split())
    if not text or len(text) > columns * rows or not _is_drawn(text):
        return None
    for scale in range(largest, 0, -1):
        lines = _wrapped(text, columns, scale)
        if lines is not None and len(lines) * ROWS * scale <= rows:
            return Lettering(scale, tuple(_rows_of(line, scale) for line in lines))
    return None


def _wrapped(text: str, columns: int, scale: int) -> list[str] | None:
    """Return ``text`` broken between words into lines as even as can be; None if a word is wider than a line."""
    words = text.split(" ")
    if max(_width(word, scale) for word in words) > columns:
        return None
    lines = _filled(words, columns, scale)
    for narrower in range(columns - 1, 0, -1):
        if max(_width(word, scale) for word in words) > narrower:
            break
        even = _filled(words, narrower, scale)
        if len(even) > len(lines):
            break
        lines = even
    return lines


def _filled(words: list[str], columns: int, scale: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        longer = f"{lines[-1]} {word}"
        if _width(longer, scale) <= columns:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str, scale: int) -> int:
    dots = sum(len(_dots(letter)[0]) + 1 for letter in _letters(text)) - 1
    return -(-dots * scale // 2)


@cache
def _rows_of(text: str, scale: int) -> tuple[str, ...]:
    rows = [".".join(parts) for parts in zip(*map(_dots, _letters(text)), strict=True)]
    rows = ["".join(dot * scale for dot in row) for row in rows for _ in range(scale)]
    rows = [row + "." * (len(row) % 2) for row in rows]
    return tuple(_quarters(upper, lower) for upper, lower in zip(rows[::2], rows[1::2], strict=True))


def _quarters(upper: str, lower: str) -> str:
    pairs = zip(upper[::2], upper[1::2], lower[::2], lower[1::2], strict=True)
    return "".join(_QUARTERS[sum(1 << i for i, dot in enumerate(dots) if dot == "#")] for dots in pairs)


@cache
def _letters(text: str) -> tuple[str, ...]:
    """Return the letters of a text, each with the marks that stand over it."""
    letters: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character) and letters:
            letters[-1] += character
        else:
            letters.append(character)
    return tuple(letters)


def _is_drawn(text: str) -> bool:
    known = _drawings()
    return all(
        (letter[0] in known or letter == " ")
        and all(mark in _MARKS or mark == _CEDILLA for mark in letter[1:])
        for letter in _letters(text)
    )


@cache
def _dots(letter: str) -> Drawing:
    if letter == " ":
        return ("." * _SPACE,) * _DOTS
    drawing = _drawings()[letter[0]]
    for mark in letter[1:]:
        drawing = _marked(drawing, letter[0], mark)
    return tuple(_widened(row) for row in drawing)


def _marked(drawing: Drawing, letter: str, mark: str) -> Drawing:
    """Return a letter with a mark; a capital makes room for it by being drawn lower."""
    drawing = tuple(row.center(4, ".") for row in drawing)
    width = len(drawing[0])
    if mark == _CEDILLA:
        return (*drawing[:-1], ".#..".center(width, "."))
    body = tuple(drawing[i] for i in (0, 1, 3, 5, 6)) if letter.isupper() else drawing[2:-1]
    return (*(row.center(width, ".") for row in _MARKS[mark]), *body, drawing[-1])


def _widened(row: str) -> str:
    """Draw each dot twice as wide, since it is half as wide as it is high."""
    padded = f".{row}."
    return "".join("#" if "#" in pair else "." for pair in pairwise(padded))


@cache
def _drawings() -> dict[str, Drawing]:
    text = (files(__package__) / "letters.txt").read_text(encoding="utf-8")
    drawings: dict[str, Drawing] = {}
    for block in text.split("\n\n")[1:]:
        names, *rows = block.splitlines()
        for at in range(0, len(names), _PITCH):
            cells = [row.ljust(at + _PITCH)[at : at + _PITCH].rstrip() for row in rows]
            drawings[names[at]] = tuple(cells)
    return drawings
