"""Checking a tree against the tables: everything that is wrong is reported, everything that is sound is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from breathcue.diagnostics import Related
from breathcue.language.meant import meant_keys
from breathcue.language.owners import owners
from breathcue.language.problems import Problems, listed, nearest, quote, shorten
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Pronounced, Words
from breathcue.language.shapes import (
    ChoicesType,
    CountType,
    DurationType,
    ItemsType,
    Key,
    NamedType,
    PronounceType,
    Shape,
    ShapeType,
    TextsType,
    TextType,
    TimesType,
    ValueType,
)
from breathcue.language.source import SourceText, Span
from breathcue.language.tables import SHAPES, SPOKEN, SPOKEN_PLAIN, STEP
from breathcue.language.tree import Entry, ListNode, MapNode, Node, ScalarNode
from breathcue.language.values import ValueReader, describe
from breathcue.language.voice import is_whole, voice_request

_ITEM = {
    "step": "a step",
    "phase": "a phase",
    "breathe": "a breath",
    "week": "a block of weeks",
    "practice": "a practice",
}
_EXAMPLE = {
    "step": "`say: Welcome.`",
    "phase": "`move: 3s`",
    "breathe": "`{inhale: 4s, exhale: 6s, rounds: 5}`",
    "voice": "`{name: heart, speed: 0.9}`",
    "spoken": "`{text: And breathe., voice: emma}`",
    "variant": "`{reps: 6-8, say: Keep the movement small.}`",
    "safety": "`{clearance: true, stop-if: [pain, dizziness]}`",
    "exercise": "`title:` and `rep:` lines, indented under the name",
    "session": "`title:` and `steps:`",
    "program": "`title:` and `weeks:`",
    "week": "`weeks: 1-2` and `days:`",
    "days": "`monday: back-relief.yaml`",
    "practice": "`{session: back-relief.yaml, reps: 60-100%}`",
}
_LISTS = {"session": "steps", "program": "weeks"}
"""The key that holds the list of a file which is often written without it."""


def validate(node: Node, shape: str, source: SourceText, problems: Problems) -> Record | None:
    """Return the record of a file whose top is a mapping of that shape, or None where it is no mapping."""
    top = node.entries[0].key.span if isinstance(node, MapNode) and node.entries else node.span
    return _Validator(source, problems).record(SHAPES[shape], node, "The file", top)


@dataclass(slots=True)
class _Draft:
    """A record in the making."""

    kinds: tuple[str, ...]
    certain: bool
    allowed: dict[str, Key]
    guessed: set[str] = field(default_factory=set)
    values: dict[str, object] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


class _Validator:
    def __init__(self, source: SourceText, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._read = ValueReader(source, problems)

    def record(self, shape: Shape, node: Node, what: str, key: Span) -> Record | None:
        if not isinstance(node, MapNode):
            self._not_a_mapping(shape, node, what, key)
            return None
        if not node.entries:
            message = f"{what} has nothing in it."
            self._read.report("empty-value", message, node.span, f"Write {_EXAMPLE[shape.name]} here.")
            return None
        draft = self._draft(shape, node)
        for entry in (*node.entries, *node.repeated):
            self._entry(shape, draft, entry)
        kind = draft.kinds[0] if draft.kinds else None
        self._missing(shape, draft, node, key)
        self._fill_defaults(draft)
        named = node.get(kind) if kind else None
        place = self._source.place(named.key.span if named else key)
        written = frozenset((*node.names, *draft.guessed))
        places = {entry.key.text: self._source.place(entry.key.span) for entry in node.entries}
        return Record(shape, kind, place, draft.values, written, frozenset(draft.broken), places)

    def _draft(self, shape: Shape, node: MapNode) -> _Draft:
        if not shape.kinds:
            return _Draft((), True, {key.name: key for key in shape.keys})
        kinds = self._kinds(shape, node)
        allowed: dict[str, Key] = {}
        for kind in kinds:
            for key in shape.keys_for(kind):
                allowed.setdefault(key.name, key)
        return _Draft(kinds, bool(kinds) and kinds[0] in node.names, allowed)

    def _kinds(self, shape: Shape, node: MapNode) -> tuple[str, ...]:
        """Return the kinds that a step or phase claims to be; the first is what it is taken for."""
        present = [key for key in node.names if shape.kind(key)]
        beside = {key.name for kind in present for key in shape.keys_for(kind)[1:]}
        kinds = tuple(key for key in present if key not in beside)
        if len(kinds) > 1:
            self._several_kinds(shape, node, kinds)
        if kinds:
            return kinds
        names = [kind.key.name for kind in shape.kinds]
        known = {key.name for kind in shape.kinds for key in kind.beside}
        for key in node.names:
            meant = meant_keys(shape.name, key, names)
            near = meant[0] if meant else nearest(key, names)
            if near is not None and key not in known:
                return (near,)
        fix = f"Write one of {listed(names, 'or')}, for example {_EXAMPLE[shape.name]}."
        place = self._source.place(node.entries[0].key.span)
        self._problems.add("no-kind", f"This does not say what kind of {shape.name} it is.", place, fix)
        return ()

    def _several_kinds(self, shape: Shape, node: MapNode, kinds: tuple[str, ...]) -> None:
        first, second = node.get(kinds[0]), node.get(kinds[1])
        if first is None or second is None:
            return
        item = _ITEM[shape.name]
        self._problems.add(
            "several-kinds",
            f"This is {item} with {listed(kinds)}, but it can be only one of them.",
            self._source.place(second.key.span),
            f"Give `{kinds[1]}` a dash of its own: it is then done after `{kinds[0]}`.",
            (Related(f"{item} begins here", self._source.place(first.key.span)),),
        )

    def _entry(self, shape: Shape, draft: _Draft, entry: Entry) -> None:
        name = entry.key.text
        key = draft.allowed.get(name)
        if key is None:
            key = self._unknown(shape, draft, entry.key)
            if key is None:
                return
        value = self._value(key, entry)
        if value is None:
            draft.broken.add(key.name)
        elif key.name not in draft.values:
            draft.values[key.name] = value

    def _unknown(self, shape: Shape, draft: _Draft, key: ScalarNode) -> Key | None:
        """Report a key that has no place here, and return the one it was probably meant to be."""
        name = key.text
        certain = draft.kinds and draft.certain
        inside = f"`{draft.kinds[0]}` {shape.name}s" if certain else shape.noun
        if not draft.kinds:
            # What it is has been asked already; what could stand beside any kind is still checked.
            beside = next((own for kind in shape.kinds for own in kind.beside if own.name == name), None)
            if beside is not None:
                return beside
        places = owners(name, shape)
        free = [own for own in draft.allowed if own not in draft.values]
        meant = meant_keys(shape.name, name, free)
        near = meant[0] if meant else nearest(name, free)
        if meant and not certain:
            meant = meant_keys(shape.name, name, [meant[0], *(kind.key.name for kind in shape.kinds)])
        words = meant or ((near,) if near else ())
        ask = f"Did you mean {listed(words, 'or')}?" if words else _known(draft)
        if places:
            message = f"`{name}` does not belong to {inside}; it belongs to {_and(places)}."
            fix = "Move it there, or remove it."
            if meant:
                # Its value was written for the other key: it is not read, but nothing is missing either.
                fix = ask
                draft.guessed.add(meant[0])
                draft.broken.add(meant[0])
            elif near and near != name:
                fix = f"{ask} Otherwise move it there, or remove it."
            self._read.report("misplaced-key", message, key.span, fix)
            return None
        self._read.report("unknown-key", f"There is no key {quote(name)} in {inside}.", key.span, ask)
        if near is None:
            return None
        draft.guessed.add(near)
        return draft.allowed[near]

    def _missing(self, shape: Shape, draft: _Draft, node: MapNode, at: Span) -> None:
        kind = draft.kinds[0] if draft.kinds else None
        keys = set(node.names) | draft.guessed
        for key in shape.keys_for(kind):
            if not key.required or key.name in keys:
                continue
            entry = node.get(kind) if kind else None
            span = entry.key.span if entry else at
            example = f"{key.name}: {key.example}" if key.example else f"{key.name}:"
            inside = f"A `{kind}` step" if kind else _capital(shape.noun)
            message = f"{inside} needs `{key.name}`, and there is none."
            fix = (
                f"Add `{example}`."
                if key.example
                else f"Add `{example}`, with what belongs to it indented below."
            )
            self._read.report("missing-key", message, span, fix)

    def _fill_defaults(self, draft: _Draft) -> None:
        for key in draft.allowed.values():
            if key.default is None or key.name in draft.values or key.name in draft.broken:
                continue
            blank = Span(0, 0, 0, 0)
            value = self._value(
                key, Entry(ScalarNode(key.name, blank, True), ScalarNode(key.default, blank, True))
            )
            draft.values[key.name] = value

    def _value(self, key: Key, entry: Entry) -> object | None:
        return self._typed(key.type, entry.value, f"`{entry.key.text}`", entry.key.span)

    def _typed(self, sort: ValueType, node: Node, what: str, key: Span) -> object | None:
        match sort:
            case TextType():
                if sort.voiced and isinstance(node, MapNode) and {"text", "voice"} & set(node.names):
                    return self._voiced(sort, node, what, key)
                return self._read.text(node, what, key, sided=sort.sided)
            case TextsType():
                return self._texts(sort, node, what, key)
            case ShapeType():
                if sort.or_text and isinstance(node, ScalarNode) and not (sort.or_list and node.blank):
                    return self._read.text(node, what, key, sided=False)
                if sort.or_list and isinstance(node, ListNode) and node.items:
                    one, each = replace(sort, or_list=False), _capital(_ITEM[sort.shape])
                    return tuple(self._typed(one, item, each, item.span) for item in node.items)
                if sort.or_list and isinstance(node, ListNode):
                    self._empty_list("empty-value", what, node)
                    return None
                return self.record(SHAPES[sort.shape], node, what, key)
            case CountType(ladder=True) if isinstance(node, ListNode):
                return self._read.list(replace(sort, ranged=False, ladder=False), node, what, key)
            case TimesType():
                return self._read.list(DurationType(sort.limit), node, what, key)
            case ChoicesType():
                return self._choices(sort, node, what, key)
            case NamedType():
                return self._named(sort, node, what, key)
            case PronounceType():
                return self._pronounced(node, what, key)
            case ItemsType():
                return self._items(sort, node, what, key)
            case _:
                return self._read.simple(sort, node, what, key)

    def _voiced(self, sort: TextType, node: MapNode, what: str, key: Span) -> Words | None:
        record = self.record(SPOKEN if sort.sided else SPOKEN_PLAIN, node, what, key)
        text = record.get("text", Words) if record else None
        voice = voice_request(record) if record and is_whole(record) else None
        return replace(text, voice=voice) if text and voice else None

    def _pronounced(self, node: Node, what: str, key: Span) -> tuple[Pronounced, ...] | None:
        if not isinstance(node, MapNode):
            self._read.wrong_type(node, what, "a mapping from words to how they are said", key)
            return None
        if not node.entries:
            self._read.report("empty-value", f"{what} has nothing in it.", node.span, "Remove the line.")
            return None
        read = [
            (
                self._read.text(entry.key, "A word", entry.key.span, sided=False),
                self._read.text(entry.value, quote(entry.key.text), entry.key.span, sided=False),
            )
            for entry in (*node.entries, *node.repeated)
        ]
        found = tuple(Pronounced(word, said) for word, said in read if word and said)
        return found if len(found) == len(read) else None

    def _choices(self, sort: ChoicesType, node: Node, what: str, key: Span) -> object | None:
        if isinstance(node, ListNode) and not node.items:
            self._empty_list("empty-value", what, node)
            return None
        nodes = node.items if isinstance(node, ListNode) else (node,)
        chosen = [self._read.simple(sort.choice, each, what, key) for each in nodes]
        return None if None in chosen else tuple(chosen)

    def _texts(self, sort: TextsType, node: Node, what: str, key: Span) -> object | None:
        if isinstance(node, ScalarNode) and (sort.single and not node.blank):
            text = self._read.text(node, what, key, sided=sort.sided)
            return (text,) if text else None
        if not isinstance(node, ListNode):
            self._read.wrong_type(node, what, "a list of texts", key)
            return None
        if not node.items:
            self._empty_list("empty-value", what, node)
            return None
        texts = [
            self._read.text(item, f"A text of {what}", item.span, sided=sort.sided) for item in node.items
        ]
        return None if None in texts else tuple(texts)

    def _named(self, sort: NamedType, node: Node, what: str, key: Span) -> object | None:
        if not isinstance(node, MapNode):
            self._read.wrong_type(node, what, "a mapping from names to exercises", key)
            return None
        if not node.entries:
            self._read.report("empty-value", f"{what} has nothing in it.", node.span, "Remove the line.")
            return None
        found: list[Definition] = []
        for entry in (*node.entries, *node.repeated):
            name = self._read.name(entry.key)
            record = self.record(SHAPES[sort.shape], entry.value, f"{quote(entry.key.text)}", entry.key.span)
            if name is not None:
                found.append(Definition(name, record))
        return tuple(found)

    def _items(self, sort: ItemsType, node: Node, what: str, key: Span) -> object | None:
        item = _ITEM[sort.shape]
        if isinstance(node, ScalarNode) and node.blank:
            self._empty_list(sort.code, what, ListNode((), key))
            return None
        if not isinstance(node, ListNode):
            fix = f"Begin each with a dash: `- {_EXAMPLE[sort.shape].strip('`')}`."
            if isinstance(node, MapNode) and any(
                re.match("[\u2010-\u2015\u2212]", name) for name in node.names
            ):
                fix = "Begin each with a plain hyphen, `-`: a long dash is none for YAML."
            message = f"{what} should be a list, {item} a line, each beginning with a dash."
            self._read.report("wrong-type", message, key, fix)
            if isinstance(node, MapNode):
                self._look_inside(sort, node)
            return None
        if not node.items:
            self._empty_list(sort.code, what, node)
            return None
        return self._records(sort.shape, node)

    def _records(self, shape: str, node: ListNode) -> tuple[Record | None, ...]:
        what = _capital(_ITEM[shape])
        return tuple(self.record(SHAPES[shape], each, what, each.span) for each in node.items)

    def _look_inside(self, sort: ItemsType, node: MapNode) -> None:
        """Check a single step or phase whose dash was forgotten, so that its own mistakes are not hidden."""
        if any(SHAPES[sort.shape].kind(key) for key in node.names) and not node.repeated:
            kinds = [key for key in node.names if SHAPES[sort.shape].kind(key)]
            if len(kinds) == 1:
                self.record(SHAPES[sort.shape], node, _capital(_ITEM[sort.shape]), node.span)

    def _empty_list(self, code: str, what: str, node: ListNode) -> None:
        if code == "rep-without-phases":
            fix = "Write at least one phase under it, for example `- move: 3s`."
            self._read.report(code, "A repetition without phases is nothing to do.", node.span, fix)
        else:
            fix = "Write at least one thing in it, or remove the line."
            if what == "`steps`":
                fix = "Write at least one step under it, for example `- say: Welcome.`"
            self._read.report(code, f"{what} has nothing in it.", node.span, fix)

    def _not_a_mapping(self, shape: Shape, node: Node, what: str, key: Span) -> None:
        example = _EXAMPLE[shape.name]
        if isinstance(node, ScalarNode) and node.blank:
            self._read.report("empty-value", f"{what} has nothing in it.", key, f"Write {example} here.")
            return
        fix = f"Write {example}."
        if isinstance(node, ScalarNode) and shape.kinds:
            fix = _dash_fix(shape, node.text)
        elif isinstance(node, ListNode) and shape.name in _LISTS:
            key_of_list = _LISTS[shape.name]
            fix = f"Write `title: ...` and `{key_of_list}:` first, with this list under `{key_of_list}:`."
        message = f"{what} should be a mapping (lines of `key: value`), not {describe(node)}."
        self._read.report("wrong-type", message, node.span, fix)


def _dash_fix(shape: Shape, text: str) -> str:
    joined = re.match(r"^([a-z-]+):(\S.*)$", text, re.DOTALL)
    if joined and shape.kind(joined[1]):
        return f"Put a space after the colon: `- {joined[1]}: {shorten(joined[2])}`."
    if shape.kind(text.strip()):
        return f"Write a colon and a value after it: `- {text.strip()}: ...`."
    if shape is STEP:
        return f"To have it spoken, write `- say: {shorten(text)}`."
    return f"Write what the body does and for how long, for example {_EXAMPLE[shape.name]}."


def _known(draft: _Draft) -> str:
    return f"Known here are {listed(draft.allowed)}." if draft.allowed else "Remove it."


def _and(places: tuple[str, ...]) -> str:
    return places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
