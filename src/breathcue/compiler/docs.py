"""Writes the tables of positions into docs/writing-sessions.md: ``python -m breathcue.compiler.docs``.

Run it in the repository. The page is written by hand around them. A test compares it with what this module would write.
"""

from __future__ import annotations

import re
from pathlib import Path

from breathcue.compiler.phrases import load_phrases
from breathcue.compiler.positions import load_positions, ways
from breathcue.language.names import DEFAULT_LANGUAGE, positions

PAGE = Path("docs", "writing-sessions.md")

_TABLES = re.compile(r"(<!-- positions -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """Return a page with the tables of positions written anew."""
    rows = "\n".join(("", *_positions(), "", *_ways(), "", ""))
    return _TABLES.sub(lambda found: found[1] + rows + found[2], page)


def _positions() -> list[str]:
    known = load_positions(DEFAULT_LANGUAGE)
    rows = ["| Position | From somewhere unknown | To change sides |", "|---|---|---|"]
    for name in positions():
        rows.append(f"| `{name}` | {known[name].time // 1000} s | {known[name].switch // 1000} s |")
    return rows


def _ways() -> list[str]:
    phrases = load_phrases(DEFAULT_LANGUAGE)
    rows = ["| From | To | Time | What is said on the way |", "|---|---|---|---|"]
    for origins, goals, way in ways():
        said = " ".join(phrases.say(f"ways.{step}") for step in way.steps)
        rows.append(f"| {_named(origins)} | {_named(goals)} | {way.time // 1000} s | {said} |")
    return rows


def _named(names: frozenset[str]) -> str:
    """Return positions as the page names them: the exact ones only where they are not the position as a whole."""
    known = load_positions(DEFAULT_LANGUAGE)
    if names == set(known):
        return "anywhere"
    whole = [name for name in positions() if name in names]
    exact = [name for name in known if name in names and name not in positions()]
    shown = whole or [known[name].stay for name in exact]
    return ", ".join(f"`{name}`" if name in whole else name for name in shown)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
