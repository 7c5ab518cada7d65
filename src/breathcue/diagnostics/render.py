"""Diagnostics as people and programs read them: text with the author's line and a caret, JSON, GitHub annotations."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from breathcue.diagnostics.model import Diagnostic, Place, Severity

TAB = 4
"""How many columns a tab is shown as."""
WIDTH = 100
"""How many columns of an author's line are shown; a longer line is cut around the caret."""

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_BLUE = "\x1b[34m"
_COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}


@dataclass(frozen=True, slots=True)
class _Paint:
    on: bool

    def __call__(self, text: str, *styles: str) -> str:
        return f"{''.join(styles)}{text}{_RESET}" if self.on and text else text


def render_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False) -> str:
    """Return the diagnostics for a terminal, a blank line between two; no line break at the end."""
    paint = _Paint(colour)
    return "\n\n".join("\n".join(_block(diagnostic, paint)) for diagnostic in diagnostics)


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as a JSON list.

    Each is an object with ``code``, ``severity`` (``error`` or ``warning``), ``message``, ``fix`` (or null),
    ``file``, ``line``, ``column``, ``end_column``, ``source`` (these five null without a place) and ``related``: a
    list of objects with ``message``, ``file``, ``line``, ``column``, ``end_column`` and ``source``. Lines and columns
    start at 1 and columns count characters; keys are never removed or renamed, but may be added.
    """
    return json.dumps([_as_object(diagnostic) for diagnostic in diagnostics], indent=2, ensure_ascii=False)


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as workflow commands of GitHub Actions, one a line."""
    return "\n".join(_annotation(diagnostic) for diagnostic in diagnostics)


def _block(diagnostic: Diagnostic, paint: _Paint) -> list[str]:
    severity = diagnostic.severity
    label = paint(f"{severity.value}[{diagnostic.code}]", _BOLD, _COLOURS[severity])
    where = f"{_where(diagnostic.place)}: " if diagnostic.place else ""
    lines = [f"{paint(_plain(where), _BOLD)}{label}: {_plain(diagnostic.message)}"]
    if diagnostic.place is not None:
        lines += _excerpt(diagnostic.place, paint, _COLOURS[severity])
    if diagnostic.fix is not None:
        lines.append(f"{paint('  fix:', _BOLD)} {_plain(diagnostic.fix)}")
    for related in diagnostic.related:
        lines.append(f"{paint('  see:', _BOLD)} {_plain(_where(related.place))}: {_plain(related.message)}")
        lines += _excerpt(related.place, paint, _BLUE)
    return lines


def _where(place: Place) -> str:
    return f"{place.file}:{place.line}:{place.column}"


def _excerpt(place: Place, paint: _Paint, colour: str) -> list[str]:
    if not place.source.strip():
        return []
    shown, before, width = _window(place)
    number = str(place.line)
    gutter = f"  {' ' * len(number)} |"
    caret = paint("^" * width, _BOLD, colour)
    return [f"{paint(f'  {number} |', _BLUE)} {shown}", f"{paint(gutter, _BLUE)} {' ' * before}{caret}"]


def _window(place: Place) -> tuple[str, int, int]:
    """Return the part of the line to show, the columns before the caret run, and the columns of the run."""
    skipped = max(0, place.column - 1 - 2 * WIDTH)
    cells = [
        _cell(char, column) for char, column in _columns(place.source[skipped : place.column + 3 * WIDTH])
    ]
    start = min(place.column - 1 - skipped, len(cells))
    end = min(max(place.end_column - 1 - skipped, start + 1), max(len(cells), start + 1))
    first, last = 0, len(cells)
    if sum(width for _, width in cells) > WIDTH:
        first = _back(cells, start, WIDTH // 3)
        last = _forward(cells, first, WIDTH)
    head, tail = ("… " if first or skipped else ""), (" …" if last < len(cells) else "")
    end = min(end, last) if last > start else end
    before = len(head) + sum(width for _, width in cells[first:start])
    run = sum(width for _, width in cells[start:end])
    return head + "".join(text for text, _ in cells[first:last]) + tail, before, max(run, 1)


def _columns(line: str) -> Iterable[tuple[str, int]]:
    column = 0
    for char in line:
        yield char, column
        column += TAB - column % TAB if char == "\t" else _width(char)


def _cell(char: str, column: int) -> tuple[str, int]:
    """Return a character as it is shown, and how many columns of a terminal it takes."""
    if char == "\t":
        width = TAB - column % TAB
        return " " * width, width
    if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in _DIRECTION:
        return "\ufffd", 1
    return char, _width(char)


# Marks that reorder the text of a whole terminal line, which would part the caret from its word.
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 1 if char in _DIRECTION else 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _back(cells: list[tuple[str, int]], start: int, columns: int) -> int:
    while start > 0 and columns > 0:
        start -= 1
        columns -= cells[start][1]
    return start


def _forward(cells: list[tuple[str, int]], first: int, columns: int) -> int:
    while first < len(cells) and columns > 0:
        columns -= cells[first][1]
        first += 1
    return first


def _plain(text: str) -> str:
    """Return text that cannot command a terminal: control characters are shown as replacement marks."""
    return "".join(_cell(char, 0)[0] if char != "\n" else char for char in text)


def _as_object(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "fix": diagnostic.fix,
        **_place_fields(diagnostic.place),
        "related": [
            {"message": related.message, **_place_fields(related.place)} for related in diagnostic.related
        ],
    }


def _place_fields(place: Place | None) -> dict[str, object]:
    if place is None:
        return dict.fromkeys(("file", "line", "column", "end_column", "source"))
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_column": place.end_column,
        "source": place.source,
    }


def _annotation(diagnostic: Diagnostic) -> str:
    place = diagnostic.place
    properties = [f"title={_escaped(diagnostic.code, property_=True)}"]
    if place is not None:
        where = (
            f"file={_escaped(place.file, property_=True)}",
            f"line={place.line}",
            f"col={place.column}",
            f"endColumn={place.end_column}",
        )
        properties = [*where, *properties]
    message = diagnostic.message if diagnostic.fix is None else f"{diagnostic.message}\n{diagnostic.fix}"
    return f"::{diagnostic.severity.value} {','.join(properties)}::{_escaped(message, property_=False)}"


def _escaped(text: str, *, property_: bool) -> str:
    """Escape as GitHub's toolkit does (actions/toolkit, packages/core/src/command.ts)."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return escaped.replace(":", "%3A").replace(",", "%2C") if property_ else escaped
