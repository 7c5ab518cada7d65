"""The case files of the language's diagnostics, and what each expects.

An expectation stands at the end of the line it is reported on: ``# E:12 code`` is an error at column 12, ``# W:code``
a warning at any column; a line may have several.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from breathcue.language.tree import ListNode, MapNode, Node

if TYPE_CHECKING:
    from breathcue.diagnostics import Diagnostic

CASES = sorted((Path(__file__).parent / "diagnostics" / "cases").glob("*.yaml"))

_MARK = re.compile(r"\b([EW]):(?:(\d+) )?([a-z][a-z-]*)")

Expectation = tuple[int, int | None, str, str]


def expected(text: str) -> list[Expectation]:
    """Return (line, column or None, E or W, code) for each expectation in the text of a case."""
    found: list[Expectation] = []
    for number, line in enumerate(text.splitlines(), start=1):
        comment = line.rpartition("# ")[2] if "# " in line else ""
        for kind, column, code in _MARK.findall(comment):
            found.append((number, int(column) if column else None, kind, code))
    return found


def reported(diagnostics: tuple[Diagnostic, ...], wanted: list[Expectation]) -> list[Expectation]:
    """Return diagnostics as expectations; the column is left out where ``wanted`` names none for that line and code."""
    loose = {(line, code) for line, column, _, code in wanted if column is None}
    found: list[Expectation] = []
    for each in diagnostics:
        assert each.place is not None
        line = each.place.line
        column = None if (line, each.code) in loose else each.place.column
        found.append((line, column, each.severity.value[0].upper(), each.code))
    return found


_NUMBER = re.compile(r"[-+]?(?:[0-9]+|(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+)")


def as_json(node: Node) -> object:
    """Return a tree as an editor sees it: YAML 1.2, core schema (yaml.org/spec/1.2.2, chapter 10.3)."""
    if isinstance(node, MapNode):
        return {entry.key.text: as_json(entry.value) for entry in node.entries}
    if isinstance(node, ListNode):
        return [as_json(item) for item in node.items]
    if not node.plain:
        return node.text
    if node.text in ("", "~", "null", "Null", "NULL"):
        return None
    if node.text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return node.text.lower() == "true"
    if re.fullmatch(r"0x[0-9a-fA-F]+", node.text):
        return int(node.text, 16)
    if _NUMBER.fullmatch(node.text):
        return int(node.text) if re.fullmatch(r"[-+]?[0-9]+", node.text) else float(node.text)
    return node.text
