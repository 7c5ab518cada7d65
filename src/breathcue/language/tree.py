"""The values of a YAML file with their places: scalars as written, lists, and mappings with unique keys.

The tree is built from PyYAML's event stream rather than from its composed nodes: every bound (depth, aliases, number
of values) is checked before anything is made of the event, without recursion, and whichever of PyYAML's two parsers
is there gives the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from breathcue.diagnostics import Related
from breathcue.language import limits
from breathcue.language.parsers import LOADER
from breathcue.language.problems import Problems, quote
from breathcue.language.source import SourceText, Span
from breathcue.language.syntax import explain, refuse_tag

# Between words a tab is a space: the two parsers would not agree on it. In front of a line it is indentation, which
# YAML forbids; there it stays, to be reported. One character for one keeps every column.
_INNER_GAP = re.compile(r"(?<=\S)[ \t]*\t[ \t]*")


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value as it was written; ``plain`` if it stood there without quotes."""

    text: str
    span: Span
    plain: bool

    @property
    def blank(self) -> bool:
        """Whether nothing was written at all (not even quotes)."""
        return self.plain and not self.text


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: ScalarNode
    value: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping. ``entries`` have different keys; ``repeated`` are the ones whose key stood there already."""

    entries: tuple[Entry, ...]
    repeated: tuple[Entry, ...]
    span: Span

    @property
    def names(self) -> tuple[str, ...]:
        """The keys in the author's order."""
        return tuple(entry.key.text for entry in self.entries)

    def get(self, key: str) -> Entry | None:
        """Return the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key.text == key), None)


Node = ScalarNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class _Built:
    """A node with what bounds it: how many values it unfolds into, and how deep it is."""

    node: Node
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun and not ended."""

    mapping: bool
    span: Span
    anchor: str | None
    children: list[_Built] = field(default_factory=list)


class _StopError(Exception):
    """What has been reported makes it impossible to go on."""


def parse(source: SourceText, problems: Problems) -> Node | None:
    """Return the file's one value, or None where it cannot be read; what is wrong is reported."""
    builder = _Builder(source, problems)
    try:
        for event in _events(_spaced(source.text)):
            builder.take(event)
    except _StopError:
        return None
    except yaml.YAMLError as trouble:
        problems.take(explain(trouble, source))
        return None
    if builder.root is None or (isinstance(builder.root, ScalarNode) and builder.root.blank):
        problems.add(
            "empty-file",
            "The file has nothing in it.",
            source.start(),
            "Start with `title:` and `steps:`; `breathcue new FILE` writes a session to begin with.",
        )
        return None
    return builder.root


def _spaced(text: str) -> str:
    # The parsers do not agree on where a file ends whose last line is not.
    return _INNER_GAP.sub(lambda gap: " " * len(gap[0]), text) + ("" if text.endswith(("\n", "\r")) else "\n")


def _events(text: str) -> Iterator[yaml.Event]:
    loader = LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _span(event: yaml.Event) -> Span:
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        raise TypeError("an event of a parser has its marks")
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


class _Builder:
    """Takes events one by one and keeps the unfinished part of the tree on a stack."""

    def __init__(self, source: SourceText, problems: Problems) -> None:
        self.root: Node | None = None
        self._source = source
        self._problems = problems
        self._stack: list[_Open] = []
        self._anchors: dict[str, _Built | None] = {}
        self._documents = 0
        self._size = 0

    def take(self, event: yaml.Event) -> None:
        """Add one event to the tree."""
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop(event, "several-documents", "A second document starts here.", _ONE_DOCUMENT)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.ScalarEvent():
                self._refuse_tag(event)
                plain = event.style is None or event.style == ""
                built = _Built(ScalarNode(event.value, _span(event), plain), 1, 0)
                self._remember(event.anchor, built)
                self._place(event, built)
            case yaml.CollectionStartEvent():
                self._refuse_question_mark(event)
                self._open(event)
            case yaml.CollectionEndEvent():
                self._close(event)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self._stack) >= limits.DEPTH:
            self._stop(event, "nested-too-deep", _DEEP, _LESS_DEEP)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(isinstance(event, yaml.MappingStartEvent), _span(event), event.anchor))

    def _close(self, event: yaml.Event) -> None:
        done, end = self._stack.pop(), _span(event)
        span = Span(done.span.line, done.span.column, end.end_line, end.end_column)
        node = self._map(done, span) if done.mapping else ListNode(tuple(c.node for c in done.children), span)
        size = 1 + sum(child.size for child in done.children)
        built = _Built(node, size, 1 + max((child.height for child in done.children), default=0))
        self._remember(done.anchor, built)
        self._place(event, built, counted=True)

    def _place(self, event: yaml.Event, built: _Built, *, counted: bool = False) -> None:
        # The parts of a finished list or mapping were counted as they came; only its own node is new.
        self._size += 1 if counted else built.size
        if self._size > limits.NODES:
            self._stop(event, "too-many-parts", _MANY, _LESS_MANY)
        if self._stack:
            self._stack[-1].children.append(built)
        else:
            self.root = built.node

    def _remember(self, anchor: str | None, built: _Built) -> None:
        if anchor is not None:
            self._anchors[anchor] = built

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        if name not in self._anchors:
            message = f"`*{name}` repeats something marked `&{name}`, and nothing above has that mark."
            self._stop(
                event, "unknown-alias", message, "If the text should begin with `*`, put it in quotes."
            )
        built = self._anchors[name]
        if built is None:
            message = f"`*{name}` stands inside the very value it repeats, which would never end."
            self._stop(event, "recursive-alias", message, "Use `repeat` to do steps again.")
        elif len(self._stack) + built.height > limits.DEPTH:
            self._stop(event, "nested-too-deep", _DEEP, _LESS_DEEP)
        else:
            self._place(event, built)

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is None:
            return
        span = _span(event)
        after_anchor = self._source.lines[span.line - 1].find("!", span.column - 1) if event.anchor else -1
        column = after_anchor + 1 if after_anchor >= 0 else span.column
        self._problems.take(refuse_tag(span.line, column, self._source))
        raise _StopError

    def _refuse_question_mark(self, event: yaml.CollectionStartEvent) -> None:
        # `[?, a]`: libyaml loses the comma after the mark, so what follows differs from one parser to the other.
        span = _span(event)
        if event.flow_style and self._source.lines[span.line - 1][span.column - 1 :].startswith("?"):
            message = "A text inside brackets cannot begin with `?` unless it is in quotes."
            self._stop(event, "bad-key", message, "Put the text in quotes.", width=1)

    def _stop(self, event: yaml.Event, code: str, message: str, fix: str, width: int | None = None) -> None:
        span = _span(event)
        if width is not None:
            span = Span(span.line, span.column, span.line, span.column + width)
        self._problems.add(code, message, self._source.place(span), fix)
        raise _StopError

    def _map(self, done: _Open, span: Span) -> MapNode:
        entries: dict[str, Entry] = {}
        repeated: list[Entry] = []
        for key, value in zip(done.children[::2], done.children[1::2], strict=True):
            name = self._key(key.node)
            if name is None:
                continue
            entry = Entry(name, value.node)
            first = entries.setdefault(name.text, entry)
            if first is not entry:
                repeated.append(entry)
                self._report_repeated(first.key, name)
        return MapNode(tuple(entries.values()), tuple(repeated), span)

    def _key(self, node: Node) -> ScalarNode | None:
        place = self._source.place(node.span)
        if not isinstance(node, ScalarNode) or not node.text.strip():
            message = (
                "A key must be a simple word." if not isinstance(node, ScalarNode) else "A key is missing."
            )
            fix = "Write `key: value`; a text that begins with `{`, `[` or `?` belongs in quotes."
            self._problems.add("bad-key", message, place, fix)
            return None
        if node.plain and node.text == "<<":
            fix = "Write the keys out where they are needed."
            self._problems.add("merge-key", "`<<` (merging keys) is not part of the language.", place, fix)
            return None
        return node

    def _report_repeated(self, first: ScalarNode, second: ScalarNode) -> None:
        self._problems.add(
            "duplicate-key",
            f"{quote(second.text)} stands here a second time.",
            self._source.place(second.span),
            "Keep the one you mean and remove the other.",
            (Related("it stands here first", self._source.place(first.span)),),
        )


_ONE_DOCUMENT = "Remove the line of dashes, or put the second session in a file of its own."
_DEEP = f"This is nested more than {limits.DEPTH} levels deep."
_LESS_DEEP = "Close the brackets that are open, or flatten the steps: no session needs that many levels."
_MANY = f"The file unfolds into more than {limits.NODES:,} values here."
_LESS_MANY = "Use `repeat` to do steps again instead of copying or aliasing them."
