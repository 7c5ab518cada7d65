"""What a YAML parser's complaint means to someone who is not a programmer.

The two parsers of PyYAML word their complaints differently, so what is said here comes mostly from the author's
own line at the place they agree on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from breathcue.diagnostics import Diagnostic, Related
from breathcue.language.problems import quote, shorten
from breathcue.language.source import SourceText, Span, without_comment

if TYPE_CHECKING:
    import yaml

_PAIR = re.compile(r"^(?P<before>\s*(?:- +)*)(?P<key>[A-Za-z][\w-]*):[ \t]+(?P<value>\S.*?)\s*$")
_NO_SPACE = re.compile(r"^\s*(?:- +)*(?P<key>[A-Za-z][\w-]*):(?P<value>[^\s:].*?)\s*$")
_BARE_WORD = re.compile(r"^\s*(?:- +)*(?P<key>[A-Za-z][\w-]*)(?P<value>(?: [^:]*)?)$")


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A parser's complaint: where (from 1), and in its own words."""

    line: int
    column: int
    began_line: int | None
    began_column: int
    words: str

    @property
    def span(self) -> Span:
        return Span(self.line, self.column, self.line, self.column + 1)


@dataclass(frozen=True, slots=True)
class _Answer:
    message: str
    fix: str
    span: Span
    began: Span | None = None


def explain(error: yaml.YAMLError, source: SourceText) -> Diagnostic:
    """Return the diagnostic for a text that a YAML parser gave up on."""
    trouble = _trouble(error, source)
    if (tag := _tag(trouble, source)) is not None:
        return tag
    line = source.lines[trouble.line - 1]
    answer = (
        _tab(trouble, line)
        or _quotes(trouble, line)
        or _reserved(trouble, line)
        or _colon_in_brackets(trouble, line)
        or _colon(trouble, source)
        or _after_value(trouble, source)
        or _brackets(trouble, line)
        or _indentation(trouble, source)
        or _Answer(
            "YAML cannot make sense of the text here.",
            "Compare the punctuation and the indentation of this line with the lines around it.",
            trouble.span,
        )
    )
    related = (Related("it begins here", source.place(answer.began)),) if answer.began else ()
    return Diagnostic("not-yaml", answer.message, source.place(answer.span), answer.fix, related=related)


def refuse_tag(line: int, column: int, source: SourceText) -> Diagnostic:
    """Return the diagnostic for the YAML tag that stands there (from 1)."""
    written = source.lines[line - 1][column - 1 :].split(" ")[0] or "!"
    return Diagnostic(
        "tag-refused",
        f"{quote(written)} is a YAML tag, and tags are refused: a session is data, never code.",
        source.place(Span(line, column, line, column + len(written))),
        "Remove it; if the text should begin with `!`, put the text in quotes.",
    )


def _tag(trouble: _Trouble, source: SourceText) -> Diagnostic | None:
    # One parser stops at a tag it finds badly written, where the other goes on to give it as an event.
    if trouble.began_line is None or not re.search(r"\ba tag\b|tag handle", trouble.words):
        return None
    if not source.lines[trouble.began_line - 1].startswith("!", trouble.began_column - 1):
        return None
    return refuse_tag(trouble.began_line, trouble.began_column, source)


def _trouble(error: yaml.YAMLError, source: SourceText) -> _Trouble:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    began = getattr(error, "context_mark", None)
    words = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
    line = mark.line + 1 if mark else 1
    column = mark.column + 1 if mark else 1
    if line > len(source.lines):
        line, column = len(source.lines), len(source.lines[-1]) + 1
    begun = began.line + 1 if began and began.line < len(source.lines) else None
    return _Trouble(line, column, begun, began.column + 1 if began else 1, words)


def _tab(trouble: _Trouble, line: str) -> _Answer | None:
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" not in indent or "quoted" in trouble.words:
        return None
    column = indent.index("\t") + 1
    return _Answer(
        "The line is indented with a tab; YAML allows only spaces.",
        "Replace the tab by spaces (two for each level); most editors can do this for the whole file.",
        Span(trouble.line, column, trouble.line, len(indent) + 1),
    )


def _quotes(trouble: _Trouble, line: str) -> _Answer | None:
    if "quoted scalar" not in trouble.words or trouble.began_line is None:
        return None
    if "escape" in trouble.words:
        # One parser gives the place of the backslash, the other that of the character after it.
        column = trouble.column if line.startswith("\\", trouble.column - 1) else max(trouble.column - 1, 1)
        return _Answer(
            "Inside double quotes a backslash has a special meaning, and this one is not known.",
            r"Write the backslash twice (`\\`), or use single quotes around the text.",
            Span(trouble.line, column, trouble.line, column + 2),
        )
    span = Span(trouble.began_line, trouble.began_column, trouble.began_line, trouble.began_column + 1)
    return _Answer(
        "The quote that opens here is never closed.",
        "Put the same kind of quote at the end of the text.",
        span,
    )


def _reserved(trouble: _Trouble, line: str) -> _Answer | None:
    char = line[trouble.column - 1 : trouble.column]
    if "scanning an a" in trouble.words:  # an alias or an anchor
        char, column = line[max(trouble.began_column - 1, 0) :][:1], trouble.began_column
    elif "cannot start any token" in trouble.words and char and char in "%@`":
        column = trouble.column
    elif trouble.column == 1 and char == "%":
        return _Answer(
            "A line that begins with `%` is an instruction to a YAML program, and this one is not understood.",
            "Remove the line.",
            Span(trouble.line, 1, trouble.line, len(line) + 1),
        )
    else:
        return None
    return _Answer(
        f"A text cannot begin with `{char}` unless it is in quotes.",
        f'Put the text in quotes: `"{shorten(without_comment(line[column - 1 :]).strip())}"`.',
        Span(trouble.line, column, trouble.line, column + 1),
    )


def _colon_in_brackets(trouble: _Trouble, line: str) -> _Answer | None:
    if "unexpected ':'" not in trouble.words:
        return None
    after = line[trouble.column : trouble.column + 1]
    text = line[: trouble.column]
    if trouble.began_line == trouble.line:
        text = text[trouble.began_column - 1 :]
    fix = f"Put the text in quotes: {quote(_in_quotes(text.strip()))}."
    if after not in (",", "]", "}"):
        fix = "Put the text in quotes, or write `: ` with a space if a key stands before the colon."
    return _Answer(
        f"Inside brackets a colon cannot stand directly before `{after}` unless the text is in quotes.",
        fix,
        trouble.span,
    )


def _colon(trouble: _Trouble, source: SourceText) -> _Answer | None:
    if "mapping values are not allowed" in trouble.words:
        return _second_colon(trouble, source.lines[trouble.line - 1]) or _line_above(trouble, source)
    if "sequence entries are not allowed" in trouble.words:
        return _Answer(
            "A list cannot begin on the same line as its key.",
            "Put each `- item` on a line of its own under the key; if the dash is part of a text, use quotes.",
            trouble.span,
        )
    if "simple key" in trouble.words and trouble.began_line is not None:
        return _missing_colon(trouble.began_line, source) or _Answer(
            "A colon is missing: this line should be `key: value`.",
            "Add the colon, or put a longer text in quotes.",
            Span(trouble.began_line, trouble.began_column, trouble.began_line + 1, 1),
        )
    return None


def _second_colon(trouble: _Trouble, line: str) -> _Answer | None:
    pair = _PAIR.match(without_comment(line))
    if pair is None or trouble.column <= pair.start("value"):
        return None
    return _Answer(
        "A colon followed by a space stands inside a text, where YAML takes it for a new key.",
        f"Put the text in quotes: `{pair['key']}: {_in_quotes(pair['value'])}`.",
        trouble.span,
    )


def _long_dash(number: int, source: SourceText) -> _Answer | None:
    """Return what is wrong with a line that begins with a dash as phones and word processors put it."""
    line = source.lines[number - 1]
    dash = re.match(r"\s*(?P<dash>[\u2010-\u2015\u2212])\s*(?P<rest>\S.*)", line)
    if dash is None:
        return None
    return _Answer(
        f"This line begins with a long dash (`{dash['dash']}`), and YAML wants a plain hyphen: `-`.",
        f"Write `- {shorten(dash['rest'])}`.",
        Span(number, dash.start("dash") + 1, number, dash.end("dash") + 1),
    )


def _in_quotes(text: str) -> str:
    whole = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    plain = text[1:-1] if whole else text
    if '"' in plain or "\\" in plain:
        return "'" + plain.replace("'", "''") + "'"
    return f'"{plain}"'


def _line_above(trouble: _Trouble, source: SourceText) -> _Answer | None:
    above = _above(trouble, source)
    if above is None:
        return None
    missing = _long_dash(above, source) or _missing_colon(above, source)
    if missing is not None:
        return missing
    line = source.lines[trouble.line - 1]
    indent = len(line) - len(line.lstrip())
    return _Answer(
        "This line is indented under a line that has a value already.",
        "Move it left until it stands under the key it belongs beside.",
        Span(trouble.line, indent + 1, trouble.line, len(line.rstrip()) + 1),
        Span(above, 1, above + 1, 1),
    )


def _above(trouble: _Trouble, source: SourceText) -> int | None:
    return next((n for n in range(trouble.line - 1, 0, -1) if _says_something(source.lines[n - 1])), None)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _missing_colon(number: int, source: SourceText) -> _Answer | None:
    line = without_comment(source.lines[number - 1])
    joined = _NO_SPACE.match(line)
    if joined is not None:
        column = joined.end("key") + 1
        return _Answer(
            f"A space is missing after the colon of `{joined['key']}:`.",
            f"Write `{joined['key']}: {shorten(joined['value'])}`.",
            Span(number, joined.start("key") + 1, number, column + 1),
        )
    bare = _BARE_WORD.match(line.rstrip())
    if bare is None:
        return None
    value = bare["value"].strip()
    return _Answer(
        f"A colon is missing after `{bare['key']}`.",
        f"Write `{bare['key']}: {shorten(value)}`." if value else f"Write `{bare['key']}:`.",
        Span(number, bare.start("key") + 1, number, bare.end("key") + 1),
    )


def _after_value(trouble: _Trouble, source: SourceText) -> _Answer | None:
    line = source.lines[trouble.line - 1]
    before = line[: trouble.column - 1].rstrip()
    last = before[-1:]
    if not before or line[trouble.column - 1 : trouble.column] in ("]", "}"):
        return None
    value = re.search(r"(?:^|[:\-,] +)([\"'{\[*])", before)
    if last in "\"'" and (value is None or value[1] != last):
        return _Answer(
            "More text follows a closing quote.",
            "Look for a quote that was not closed on a line above: this one ends the text it began.",
            trouble.span,
        )
    if value is None:
        return None
    written = without_comment(line[value.start(1) :]).strip()
    if value[1] == "[" and "{" in written:
        return _Answer(
            "A text with `{` in it must be in quotes where it stands in a list in brackets.",
            "Put that one text in quotes, or write the list with one line and one dash for each text.",
            trouble.span,
        )
    if value[1] == "'":
        message = "A text in single quotes ends at the next single quote, even in a word such as `don't`."
    elif value[1] == '"':
        message = "More text follows the closing quote."
    elif value[1] == "*":
        message = "A text cannot begin with `*` unless it is in quotes."
    else:
        message = f"A text that begins with `{value[1]}` must be in quotes."
    return _Answer(message, f"Put the whole text in quotes: {quote(_in_quotes(written))}.", trouble.span)


def _brackets(trouble: _Trouble, line: str) -> _Answer | None:
    if "flow" in trouble.words and trouble.began_line is not None:
        return _Answer(
            "The bracket that opens here is never closed, or a comma is missing inside it.",
            "Close it with the matching `}` or `]`, with commas between the parts; "
            "if it is part of a text, put the text in quotes.",
            Span(trouble.began_line, trouble.began_column, trouble.began_line, trouble.began_column + 1),
        )
    char = line[trouble.column - 1 : trouble.column]
    if char and char in "]},":
        return _Answer(
            f"A `{char}` stands here that belongs to nothing.",
            "Remove it, or put the text in quotes if it is part of one.",
            trouble.span,
        )
    return None


def _indentation(trouble: _Trouble, source: SourceText) -> _Answer | None:
    line = source.lines[trouble.line - 1]
    if line[: trouble.column - 1].strip() or not line.strip():
        return None
    above = _above(trouble, source)
    dashed = _long_dash(trouble.line, source) or (_long_dash(above, source) if above is not None else None)
    if dashed is not None:
        return dashed
    if above is not None and not source.lines[above - 1].lstrip().startswith("-"):
        missing = _missing_colon(above, source)
        if missing is not None:
            return missing
    return _Answer(
        "This line does not line up with the lines it belongs to.",
        "Give it exactly the same number of spaces before its first letter (or dash) as its neighbours have.",
        Span(trouble.line, trouble.column, trouble.line, len(line.rstrip()) + 1),
    )
