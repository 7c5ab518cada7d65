"""What a session is made from: its own file, and the files and folders beside it that it names.

Nothing is checked here. A file that is half written, or names what is not there, still tells what to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from breathcue.diagnostics import Diagnostic
from breathcue.language.beside import leaves
from breathcue.language.lookup import read_bounded
from breathcue.language.problems import Problems
from breathcue.language.source import decode
from breathcue.language.tree import ListNode, MapNode, Node, ScalarNode, parse


@dataclass(frozen=True, slots=True)
class Sources:
    """Files, which need not exist, and folders whose files all matter."""

    files: frozenset[Path]
    folders: frozenset[Path] = frozenset()


def sources_of(session: Path) -> Sources | None:
    """Return what a session is made from, or None where its file cannot be understood.

    Every place is among the files where an exercise that the session names would be looked for: one that appears there
    takes the place of a built-in one.
    """
    names = _names_in(session)
    if names is None:
        return None
    exercises: set[Path] = set()
    # What is done instead of an exercise, or in its place at another level, is named in the exercise's own file.
    while new := _exercise_places(session.parent, names) - exercises:
        exercises |= new
        for path in sorted(new):
            names |= _names_in(path) or set()
    beds = {session.parent / name for key, name in names if key == "bed"}
    folders = frozenset(session.parent / name for key, name in names if key == "folder")
    return Sources(frozenset({session, *exercises, *beds}), folders)


_EXERCISE_KEYS = frozenset({"exercise", "instead"})
_KEYS = frozenset({*_EXERCISE_KEYS, "bed", "folder"})


def _exercise_places(folder: Path, names: set[tuple[str, str]]) -> set[Path]:
    named = {name for key, name in names if key in _EXERCISE_KEYS}
    return {folder / place for name in named for place in (f"{name}.yaml", f"exercises/{name}.yaml")}


def _names_in(path: Path) -> set[tuple[str, str]] | None:
    """Return what a file names beside it, each with its key; None where it cannot be read as YAML."""
    try:
        source = decode(read_bounded(path), str(path), path.name)
    except OSError:
        return None
    node = None if isinstance(source, Diagnostic) else parse(source, Problems())
    return None if node is None else {(key, name) for key, name in _named(node) if _may_be_beside(name)}


def _may_be_beside(name: str) -> bool:
    return bool(name) and "\0" not in name and not leaves(name)


def _named(node: Node) -> Iterator[tuple[str, str]]:
    if isinstance(node, ListNode):
        for item in node.items:
            yield from _named(item)
    elif isinstance(node, MapNode):
        for entry in node.entries:
            if isinstance(entry.value, ScalarNode) and entry.key.text in _KEYS:
                yield entry.key.text, entry.value.text
            else:
                yield from _named(entry.value)
