"""Writes the reference tables into the language's pages: ``python -m breathcue.language.docs``, in the repository.

A page is written by hand around them: a table stands between ``<!-- table: NAME -->`` and ``<!-- end -->``. A test
compares each page with what this module would write.
"""

from __future__ import annotations

import re
from pathlib import Path

from breathcue.language.growth import YEARS
from breathcue.language.shapes import (
    ChoicesType,
    ChoiceType,
    ClockType,
    CountType,
    DateType,
    DurationType,
    GrowthType,
    ItemsType,
    Key,
    NamedType,
    NameType,
    NumberType,
    PronounceType,
    Shape,
    ShapeType,
    TextsType,
    TextType,
    TimesType,
    ValueType,
    YesNoType,
)
from breathcue.language.tables import SHAPES

PAGES = (Path("docs", "language.md"), Path("docs", "programs.md"))

_PLURAL = {"week": "blocks of weeks"}
_TABLE = re.compile(r"(<!-- table: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """Return a page with every table written anew.

    Raises:
        KeyError: the page asks for a table that there is none of.
    """
    return _TABLE.sub(lambda found: found[1] + table(SHAPES[found[2]]) + found[3], page)


def table(shape: Shape) -> str:
    """Return the reference of one mapping as Markdown."""
    if shape.kinds:
        rows = ["| Key | Value | What it does | Beside it |", "|---|---|---|---|"]
        for kind in shape.kinds:
            beside = ", ".join(
                f"`{key.name}`" + ("" if not key.required else " (needed)") for key in kind.beside
            )
            rows.append(f"| `{kind.key.name}` | {_value(kind.key.type)} | {kind.key.doc} | {beside} |")
        others = {key.name: key for kind in shape.kinds for key in kind.beside}
        rows += ["", "The keys beside them:", "", *_rows(tuple(others.values()))]
    else:
        rows = _rows(shape.keys)
    return "\n".join(("", *rows, "", ""))


def _rows(keys: tuple[Key, ...]) -> list[str]:
    rows = ["| Key | Value | If not written | What it does |", "|---|---|---|---|"]
    for key in keys:
        default = "needed" if key.required else f"`{key.default}`" if key.default else ""
        rows.append(f"| `{key.name}` | {_value(key.type)} | {default} | {key.doc} |")
    return rows


def _value(sort: ValueType) -> str:
    match sort:
        case TextType():
            return "text, or mapping (see *Spoken words*)" if sort.voiced else "text"
        case TextsType():
            return "text or list of texts" if sort.single else "list of texts"
        case NameType():
            return "name of an exercise"
        case ChoiceType():
            return ", ".join(f"`{name}`" for name in sort.names)
        case DurationType():
            most = f"{sort.limit // 60_000} min"
            return f"time{' or range' if sort.ranged else ''}, at most {most}"
        case CountType():
            kinds = ["whole number", *(["range"] if sort.ranged else []), *(["list"] if sort.ladder else [])]
            return f"{' or '.join(kinds)}, 1 to {sort.limit}"
        case TimesType():
            return f"list of times, each at most {sort.limit // 60_000} min"
        case NumberType():
            return f"number, {sort.low:g} to {sort.high:g}"
        case GrowthType():
            share = " or share in %" if sort.share else ""
            return f"{_value(sort.sort)}{share}; or two with a hyphen"
        case ChoicesType():
            return f"{_value(sort.choice)}; or list of them"
        case DateType():
            return f"date, from {YEARS[0]} to {YEARS[1]}"
        case ClockType():
            return "time of day"
        case YesNoType():
            return "`true` or `false`"
        case ShapeType():
            one = "text or mapping" if sort.or_text else "mapping"
            return f"{one} or list of {'them' if sort.or_text else 'mappings'}" if sort.or_list else one
        case NamedType():
            return "mapping from names to exercises"
        case PronounceType():
            return "mapping from words to how they are said"
        case ItemsType():
            return f"list of {_PLURAL.get(sort.shape, f'{sort.shape}s')}"


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
