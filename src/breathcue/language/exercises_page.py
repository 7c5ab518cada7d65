"""Writes docs/exercises.md from the library: ``python -m breathcue.language.exercises_page``, in the repository.

A test compares the page with what this module would write, so the two cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from breathcue.language.index import Entry, entries, told_in
from breathcue.language.keys import EXERCISE_KINDS
from breathcue.language.names import DEFAULT_LANGUAGE, languages

PAGE = Path("docs", "exercises.md")

_HEAD = """\
# The exercises

{count} exercises are built in. A session names them: `- exercise: cat-cow`. Each has an easier and a harder form
(`level: easier`), says with what it should not be done and which exercise is done instead, and tells where its facts
come from. `breathcue library search WORDS` finds them by what they are for; `breathcue library show NAME` shows all of
one.

They are general information about movement, not medical advice. If you are pregnant, have recently given birth, or have
pain or an injury, ask your doctor, midwife or physiotherapist before you start.

{told}

This page is written by `python -m breathcue.language.exercises_page`.
"""
_GROUPS = {
    "strength": "Strength",
    "mobility": "Mobility",
    "stretch": "Stretches",
    "breathing": "Breathing",
    "pelvic-floor": "Pelvic floor",
    "balance": "Balance",
    "cardio": "Getting warm",
    "rest": "Rest",
}
"""The headings of the kinds of exercises."""


def page() -> str:
    """Return the page in Markdown: the exercises of each kind in a table."""
    found = entries()
    sections = (_section(kind, [each for each in found if each.kind == kind]) for kind in EXERCISE_KINDS)
    head = _HEAD.format(count=len(found), told=_told(found))
    return "\n".join((head, *filter(None, sections)))


def _section(kind: str, found: Sequence[Entry]) -> str:
    if not found:
        return ""
    rows = [
        "| Exercise | Called | For | Position | Needs | Not with | Instead |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += map(_row, found)
    return "\n".join((f"## {_GROUPS[kind]}", "", *rows, ""))


def _row(each: Entry) -> str:
    exercise = each.exercise
    cells = (
        f"`{each.name}`",
        exercise.title,
        ", ".join(each.body),
        f"`{exercise.position}`",
        ", ".join(each.equipment),
        ", ".join(words.text for words in exercise.avoid_if),
        f"`{exercise.instead.text}`" if exercise.instead else "",
    )
    return f"| {' | '.join(cells)} |"


def _told(found: Sequence[Entry]) -> str:
    """Return which exercises are told in other languages too: one sentence for all languages that tell the same."""
    by_names: dict[tuple[str, ...], list[str]] = {}
    for language in languages():
        if language != DEFAULT_LANGUAGE:
            names = tuple(each.name for each in found if language in told_in(each.name))
            by_names.setdefault(names, []).append(f"`{language}`")
    return "\n".join(_sentences(by_names))


def _sentences(by_names: dict[tuple[str, ...], list[str]]) -> Iterator[str]:
    for names, told in by_names.items():
        yield f"Told in {', '.join(told)} as well as in English: {', '.join(f'`{name}`' for name in names)}."


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
