"""Reading single values: texts, names, choices, times and numbers."""

from __future__ import annotations

import re
from dataclasses import replace

from breathcue.language import limits
from breathcue.language.growth import Growth, parse_clock, parse_date, parse_growth
from breathcue.language.meant import meant_language
from breathcue.language.placeholders import NAMES, Found, fill, scan
from breathcue.language.problems import Problems, listed, nearest, quote, shorten
from breathcue.language.quantities import (
    Fault,
    parse_count,
    parse_count_range,
    parse_duration,
    parse_duration_range,
    parse_number,
)
from breathcue.language.routine import Words
from breathcue.language.shapes import (
    ChoiceType,
    ClockType,
    CountType,
    DateType,
    DurationType,
    GrowthType,
    NameType,
    NumberType,
    YesNoType,
)
from breathcue.language.source import SourceText, Span, without_comment
from breathcue.language.tree import ListNode, MapNode, Node, ScalarNode

SPOKEN_PATTERN = r"[^\s!-/:-@\[-`{-~]"
"""A text has words if it holds anything besides spaces and ASCII punctuation."""
NAME_PATTERN = rf"^(?=.{{1,{limits.NAME_CHARACTERS}}}$)[a-z0-9]+(?:-[a-z0-9]+)*$"

Quantity = DurationType | CountType | NumberType | GrowthType | DateType | ClockType
SimpleType = NameType | ChoiceType | YesNoType | Quantity

_SHOWN = 200
_YES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


class ValueReader:
    """Reads the single values of one file; what is wrong with them goes to ``problems``."""

    def __init__(self, source: SourceText, problems: Problems) -> None:
        """Read values of ``source``."""
        self.source = source
        self.problems = problems

    def report(self, code: str, message: str, span: Span, fix: str | None = None) -> None:
        """Report something wrong at a span of this file."""
        self.problems.add(code, message, self.source.place(span), fix)

    def text(self, node: Node, what: str, key: Span, *, sided: bool) -> Words | None:
        """Return a text on one line; ``what`` names it in messages and ``key`` is shown where it is empty."""
        if not isinstance(node, ScalarNode):
            self.wrong_type(node, what, "a text", key)
            return None
        if not re.search(SPOKEN_PATTERN, node.text):
            span = key if node.blank else node.span
            fix = "Write what should be said after the colon, or remove the line."
            self.report("empty-text", f"{what} has no words.", span, fix)
            return None
        if len(node.text) > limits.TEXT_CHARACTERS:
            message = f"{what} has {len(node.text):,} characters; {limits.TEXT_CHARACTERS:,} is the most."
            self.report("text-too-long", message, node.span, "Split it into several steps.")
            return None
        if not self._braces_are_sound(node, sided=sided):
            return None
        folded = " ".join(node.text.split())
        return Words(folded if sided else fill(folded, {}), self.source.place(node.span))

    def simple(self, sort: SimpleType, node: Node, what: str, key: Span) -> object | None:
        """Return the value of a scalar of this sort, or None where it is wrong."""
        if not isinstance(node, ScalarNode):
            self.wrong_type(node, what, _wanted(sort), key)
            return None
        if not node.text.strip():
            message = f"{what} has no value."
            self.report(
                "empty-value", message, key, f"Write {_wanted(sort)} after the colon, or remove the line."
            )
            return None
        match sort:
            case NameType():
                return self.name(node)
            case ChoiceType():
                return self._choice(sort, node)
            case YesNoType():
                return self._yes_no(node, what)
        value = _quantity(sort, node.text)
        if isinstance(value, Fault):
            self.report(value.code, f"{what}: {value.message}", node.span, value.fix)
            return None
        return replace(value, place=self.source.place(node.span)) if isinstance(value, Growth) else value

    def list(
        self, sort: CountType | DurationType, node: Node, what: str, key: Span
    ) -> tuple[int, ...] | None:
        """Return the values of a list of scalars of this sort, or None where it, or one of them, is wrong."""
        if not isinstance(node, ListNode):
            self.wrong_type(node, what, "a list of times", key)
            return None
        if not node.items:
            fix = "Write at least one thing in it, or remove the line."
            self.report("empty-value", f"{what} has nothing in it.", node.span, fix)
            return None
        read = [self.simple(sort, item, f"A value of {what}", item.span) for item in node.items]
        found = tuple(value for value in read if isinstance(value, int))
        return found if len(found) == len(read) else None

    def name(self, node: ScalarNode) -> Words | None:
        """Return the name of an exercise, or None where it is not written as one."""
        if re.search(NAME_PATTERN, node.text):
            return Words(node.text, self.source.place(node.span))
        plain = re.sub(r"[^a-z0-9]+", "-", node.text[: 2 * limits.NAME_CHARACTERS].lower()).strip("-")
        fix = (
            f"Write {quote(plain)}." if re.search(NAME_PATTERN, plain) else "Write a name such as `cat-cow`."
        )
        message = f"{quote(node.text)} is not a name: names are lower-case words joined by hyphens."
        self.report("bad-name", message, node.span, fix)
        return None

    def wrong_type(self, node: Node, what: str, wanted: str, key: Span) -> None:
        """Report a value of the wrong sort, with the fix that its look suggests."""
        if isinstance(node, ScalarNode) and node.blank:
            message = f"{what} has nothing in it."
            self.report("empty-value", message, key, f"Write {wanted} here, or remove the line.")
            return
        fix = f"Write {wanted} here."
        line = self._beginning(node.span)
        if wanted == "a text" and line[:1] in ("{", "["):
            fix = f'A text that begins with `{line[:1]}` must be in quotes: `"{shorten(line)}"`.'
        elif wanted == "a text" and isinstance(node, MapNode):
            fix = f'If this is a text with a colon in it, put it in quotes: `"{shorten(line)}"`.'
        elif wanted.startswith("a list of") and isinstance(node, ScalarNode):
            fix = f"Write it as a list: `[{shorten(node.text)}]`."
        self.report("wrong-type", f"{what} should be {wanted}, not {describe(node)}.", node.span, fix)

    def _beginning(self, span: Span) -> str:
        """Return the author's words from the start of a span, as far as a message would show them."""
        begin = span.column - 1
        return without_comment(self.source.place(span).source[begin : begin + _SHOWN]).strip()

    def _choice(self, sort: ChoiceType, node: ScalarNode) -> Words | None:
        if node.text in sort.names:
            return Words(node.text, self.source.place(node.span))
        meant = meant_language(node.text) if sort.noun == "language" else None
        near = meant if meant in sort.names else nearest(node.text, sort.names)
        known = (
            f"Known are {listed(sort.names)}." if len(sort.names) > 1 else f"Known is only `{sort.names[0]}`."
        )
        fix = f"Did you mean `{near}`? {known}" if near else known
        self.report("unknown-value", f"There is no {sort.noun} called {quote(node.text)}.", node.span, fix)
        return None

    def _yes_no(self, node: ScalarNode, what: str) -> bool | None:
        if re.fullmatch(YES_NO_PATTERN, node.text):
            return node.text.lower() == "true"
        meant = _YES.get(node.text.strip().lower())
        fix = f"Write `{meant}`." if meant else "Write `true` or `false`."
        self.report(
            "wrong-type", f"{what} should be `true` or `false`, not {quote(node.text)}.", node.span, fix
        )
        return None

    def _braces_are_sound(self, node: ScalarNode, *, sided: bool) -> bool:
        sound = True
        for found in scan(node.text):
            place = self.source.find(node.span, found.written, found.nth)
            if found.name is None:
                fix = f"Write `{found.written * 2}` for a brace that is part of the text, or remove it."
                self.problems.add("unbalanced-brace", "A single brace stands in the text.", place, fix)
            elif found.name not in NAMES:
                fix = _placeholder_fix(found, sided=sided)
                message = f"{quote(found.written)} is nothing that can be filled in."
                self.problems.add("unknown-placeholder", message, place, fix)
            elif not sided:
                self.problems.add(
                    "placeholder-outside-exercise",
                    f"{quote(found.written)} stands where no side is being worked.",
                    place,
                    "Name the side yourself; only an exercise's setup, form, say, short and to can use it.",
                )
            else:
                continue
            sound = False
        return sound


YES_NO_PATTERN = r"^(?:true|True|TRUE|false|False|FALSE)$"


def describe(node: Node) -> str:
    """Return what a node is, for a message."""
    if isinstance(node, ListNode):
        return "a list"
    if isinstance(node, MapNode):
        return "a mapping (lines of `key: value`)"
    return f"the text {quote(node.text)}" if node.text.strip() else "nothing"


def _placeholder_fix(found: Found, *, sided: bool) -> str:
    near = nearest((found.name or "").strip(), NAMES) if sided else None
    braces = f"For braces that are part of the text, write `{{{found.written}}}`."
    if near:
        return f"Did you mean `{{{near}}}`?"
    return f"Only `{{side}}` and `{{other}}` are known. {braces}" if sided else braces


def _wanted(sort: SimpleType) -> str:
    match sort:
        case NameType():
            return "the name of an exercise"
        case ChoiceType():
            return (
                f"one of {listed(sort.names, 'or')}" if len(sort.names) <= 4 else f"the name of a {sort.noun}"
            )
        case DurationType():
            return "a time such as `30s` or `20-40s`" if sort.ranged else "a time such as `4s`"
        case CountType():
            return "a whole number, or a range such as `8-10`" if sort.ranged else "a whole number"
        case NumberType():
            return f"a number from {sort.low:g} to {sort.high:g}"
        case YesNoType():
            return "`true` or `false`"
        case DateType():
            return "a date such as `2027-01-04`"
        case ClockType():
            return "a time of day such as `09:00`"
        case GrowthType():
            shared = "`10` or `60-100%`" if sort.share else "`2` or `1-3`"
            match sort.sort:
                case DurationType():
                    return "a time, or one for the first week and one for the last, such as `3-5s`"
                case CountType():
                    return f"a number, or one for the first week and one for the last, such as {shared}"
                case NumberType():
                    return "a number, or one for the first week and one for the last, such as `1.2-1.0`"


def _quantity(sort: Quantity, text: str) -> object:
    match sort:
        case GrowthType():
            return parse_growth(text, sort)
        case DateType():
            return parse_date(text)
        case ClockType():
            return parse_clock(text)
        case DurationType():
            return parse_duration_range(text, sort.limit) if sort.ranged else parse_duration(text, sort.limit)
        case CountType():
            return parse_count_range(text, sort.limit) if sort.ranged else parse_count(text, sort.limit)
        case NumberType():
            return parse_number(text, sort.low, sort.high)
