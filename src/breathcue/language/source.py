"""The text of a file, line by line, and places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from breathcue.diagnostics import Diagnostic, Place
from breathcue.language import limits

_COMMENT = re.compile(r"\s+#.*$")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
# Everything YAML 1.1 does not call printable (PyYAML's Reader.NON_PRINTABLE), and the three breaks it knows besides
# CR and LF: editors do not count those as lines, so they would shift every line number after them.
_REFUSED = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file; lines and columns start at 1, and ``end_column`` is one past the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's text. ``shown`` is its path as a person knows it, ``name`` its path from the session's folder."""

    shown: str
    name: str
    text: str
    lines: tuple[str, ...]

    def place(self, span: Span) -> Place:
        """Return the part of the span that lies on its first line, at least one column wide."""
        index = min(max(span.line, 1), max(len(self.lines), 1))
        line = self.lines[index - 1] if self.lines else ""
        column = min(max(span.column, 1), len(line) + 1)
        end = span.end_column if span.end_line == span.line else len(line.rstrip()) + 1
        return Place(self.shown, index, column, max(min(end, len(line) + 1), column + 1), line)

    def start(self) -> Place:
        """Return the place of the file's first character."""
        return self.place(Span(1, 1, 1, 2))

    def find(self, span: Span, words: str, nth: int = 0) -> Place:
        """Return where ``words`` stand inside the span for the ``nth`` time (from 0), or the span's own place."""
        for number in range(span.line, min(span.end_line, len(self.lines)) + 1):
            line = self.lines[number - 1]
            begin = span.column - 1 if number == span.line else 0
            stop = span.end_column - 1 if number == span.end_line else len(line)
            at = line.find(words, begin, stop)
            while at >= 0:
                if nth == 0:
                    return self.place(Span(number, at + 1, number, at + 1 + len(words)))
                nth -= 1
                at = line.find(words, at + len(words), stop)
        return self.place(span)


def without_comment(line: str) -> str:
    """Return a line, or the rest of one, without the comment at its end."""
    return _COMMENT.sub("", line)


def source_text(text: str, shown: str, name: str) -> SourceText:
    """Return the source of ``text``."""
    return SourceText(shown, name, text, tuple(_LINE_BREAK.split(text)))


def decode(data: str | bytes, shown: str, name: str) -> SourceText | Diagnostic:
    """Return the source of a file's bytes (UTF-8, with or without a byte order mark), or why they are no text."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > limits.FILE_BYTES:
        return Diagnostic(
            "file-too-large",
            "The file is larger than 1 MiB, far more than any session needs.",
            Place(shown, 1),
            "Use `repeat` for steps that come again, or split the file into several sessions.",
        )
    if isinstance(data, str):
        text = data
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as trouble:
            return _wrong_encoding(data, trouble.start, shown)
    return _checked(source_text(text.removeprefix("\ufeff"), shown, name))


def _wrong_encoding(data: bytes, offset: int, shown: str) -> Diagnostic:
    # Latin-1 gives every byte a character, so the author's line can be shown whatever its encoding was.
    lines = _LINE_BREAK.split(data[:offset].decode("latin-1"))
    rest = _LINE_BREAK.split(data[offset:].decode("latin-1"))[0]
    source = re.sub(r"[^\t\x20-\x7e\xa0-\xff]", "\ufffd", lines[-1] + rest)
    column = len(lines[-1]) + 1
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "The file is saved as UTF-16, not as UTF-8."
    else:
        message = f"The file is not UTF-8 text: byte 0x{data[offset]:02x} here cannot be read."
    place = Place(shown, len(lines), column, column + 1, source)
    return Diagnostic("wrong-encoding", message, place, "Save the file again with the encoding UTF-8.")


def _checked(source: SourceText) -> SourceText | Diagnostic:
    found = _REFUSED.search(source.text)
    if found is None:
        return source
    lines = _LINE_BREAK.split(source.text[: found.start()])
    column = len(lines[-1]) + 1
    return Diagnostic(
        "bad-character",
        f"An invisible character (U+{ord(found[0]):04X}) stands here, which YAML does not allow.",
        source.place(Span(len(lines), column, len(lines), column + 1)),
        "Delete it; it usually comes from text copied out of another program.",
    )
