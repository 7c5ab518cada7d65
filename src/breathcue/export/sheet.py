"""The recording sheet of a session: for a person to print and read aloud, and as a table for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from textwrap import wrap

from breathcue.timeline.script import Fit, ScriptLine

COLUMNS = (
    *(
        "number",
        "text",
        "folder",
        "file",
        "longest_s",
        "if_longer",
        "where",
        "moment",
        "uses",
        "part",
        "recorded",
    ),
)
"""The columns of the table; they are never renamed or moved, but some may be added at the end."""

WIDTH = 88
"""Columns of the printed sheet, as many as fit on a page of paper in an ordinary typeface."""

_ALWAYS_ROOM_MS = 8_000
_INDENT = " " * 10

_IF_LONGER = {
    Fit.FREE: "",
    Fit.LEFT_OUT: "it is left out",
    Fit.SHORTER: "a shorter line is said",
    Fit.BEFORE: "it is said before the repetitions",
    Fit.MUST: "it does not fit",
}

_HOW = (
    "One file a line, in any format, named as it says below each line; what comes before the ending is what counts. "
    "Read the words as they stand, in the order of the sheet, and leave a moment of quiet before and after. "
    "Where a time is given, the words should take no longer."
)
_LIVE = (
    "The lines above are all that a file needs. Those below are what `breathcue live` answers when a listener asks for "
    "something; a fallback may say them as well."
)


def sheet_as_text(title: str, lines: Sequence[ScriptLine]) -> str:
    """Return the sheet to print: each line with its number, its file, and how long it may be."""
    return "\n".join(line.rstrip() for line in _text(title, lines)) + "\n"


def sheet_as_csv(lines: Sequence[ScriptLine]) -> str:
    """Return the sheet as CSV (RFC 4180), one row a line after that of :data:`COLUMNS`.

    ``longest_s`` is in seconds and empty where there is always room; ``if_longer`` says what happens to a longer line.
    ``part`` is ``session`` or ``live``; ``recorded`` is ``yes``, ``no``, or empty where the voice is none of
    recordings.
    """
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for number, line in enumerate(lines, start=1):
        longest = "" if line.room is None else f"{_seconds(line.room):.1f}"
        recorded = "" if line.recorded is None else "yes" if line.recorded else "no"
        part = "live" if line.live else "session"
        row = (number, _plain(line.utterance.text), _folder(line), line.file, longest, _IF_LONGER[line.fit])
        writer.writerow((*row, line.where, line.moment, line.uses, part, recorded))
    return table.getvalue()


def _text(title: str, lines: Sequence[ScriptLine]) -> Iterator[str]:
    yield from (title, "=" * min(len(title), WIDTH), "")
    yield from wrap(_HOW, WIDTH)
    yield ""
    yield _count(lines)
    where: str | None = None
    for number, line in enumerate(lines, start=1):
        heading = "In answer to a listener" if line.live else line.where
        if heading != where:
            where = heading
            yield from ("", _capital(heading), "-" * len(heading))
            if line.live:
                yield from wrap(_LIVE, WIDTH)
        yield ""
        yield from _line(number, line)


def _count(lines: Sequence[ScriptLine]) -> str:
    live = sum(line.live for line in lines)
    counted = f"{len(lines) - live} lines, and {live} for live sessions."
    if all(line.recorded is None for line in lines):
        return counted
    done = sum(line.recorded is True for line in lines)
    return f"{counted} {done} of them are recorded: [x]."


def _line(number: int, line: ScriptLine) -> Iterator[str]:
    box = "   " if line.recorded is None else "[x]" if line.recorded else "[ ]"
    first, *rest = wrap(_plain(line.utterance.text), WIDTH - len(_INDENT)) or [""]
    yield f"{number:4}  {box} {first}"
    yield from (f"{_INDENT}{words}" for words in rest)
    folder = _folder(line)
    yield f"{_INDENT}{f'{folder}/' if folder else ''}{line.file}.wav{_limit(line)}"


def _limit(line: ScriptLine) -> str:
    if line.room is None or (line.room >= _ALWAYS_ROOM_MS and line.fit is not Fit.MUST):
        return ""
    seconds = f"{_seconds(line.room):g} s"
    return f"   at most {seconds}" if line.fit is Fit.MUST else f"   over {seconds}, {_IF_LONGER[line.fit]}"


def _seconds(ms: int) -> float:
    """Return milliseconds as seconds with one decimal, rounded down to be on the safe side."""
    return ms // 100 / 10


def _folder(line: ScriptLine) -> str:
    voice = line.utterance.voice
    return voice.name if voice is not None and line.recorded is not None else ""


def _plain(text: str) -> str:
    return " ".join(text.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
