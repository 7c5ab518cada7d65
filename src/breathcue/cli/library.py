"""``breathcue library``: the built-in exercises, found by what they are for, and each one told whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from breathcue.cli import reporting
from breathcue.language.keys import EXERCISE_KINDS
from breathcue.language.names import DEFAULT_LANGUAGE, languages, positions

if TYPE_CHECKING:
    from breathcue.language.index import Entry, Wanted

F = TypeVar("F", bound=Callable[..., Any])

_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it."
)
_LANGUAGE = click.option(
    "--language",
    type=click.Choice(languages()),
    default=DEFAULT_LANGUAGE,
    help="The language that they are told in.  [default: en]",
)
_FILTERS = (
    click.option(
        "--body", metavar="PART", help="Only those for this part of the body: back, core, pelvic floor ..."
    ),
    click.option(
        "--position",
        metavar="POSITION",
        type=click.Choice(positions()),
        help="Only those done in this position: standing, supine, seated-on-chair ...",
    ),
    click.option(
        "--equipment",
        metavar="THING",
        help="Only those that need this: chair, cushion ..., or none for nothing.",
    ),
    click.option("--kind", type=click.Choice(EXERCISE_KINDS), help="Only those of this kind."),
    click.option(
        "--level",
        type=click.Choice(["easier", "harder"]),
        help="Only those that have a form of this level.",
    ),
    _LANGUAGE,
    _FORMAT,
)


def _with_filters(command: F) -> F:
    """Give a command the options that narrow what is found."""
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.group(short_help="Find built-in exercises, and show how they are done")
def library() -> None:
    """Find exercises of the built-in library by what they are for, and show how one is done.

    A session uses them by name: '- exercise: cat-cow'. 'breathcue live' and 'render' do the rest.
    """


@library.command("list", short_help="List the exercises, all of them or some")
@_with_filters
def list_exercises(language: str, form: str, **filters: str | None) -> None:
    """List the exercises by name; options narrow the list."""
    _find((), language, form, filters)


@library.command(short_help="Find exercises by words")
@click.argument("words", nargs=-1, required=True)
@_with_filters
def search(words: tuple[str, ...], language: str, form: str, **filters: str | None) -> None:
    """Find the exercises in which all WORDS stand: in the name, in what they are for, or in what is said.

    Those come first whose names say it. The same options as those of 'list' narrow what is found.
    """
    _find(words, language, form, filters)


@library.command(short_help="Show how an exercise is done, its levels and its sources")
@click.argument("name")
@_LANGUAGE
@_FORMAT
def show(name: str, language: str, form: str) -> None:
    """Show how the exercise NAME is done: setup, phases, breath, form, levels, and where its facts come from."""
    from breathcue.cli.exercise_text import as_json, as_text
    from breathcue.language.index import entry, told_in

    found = entry(name, language)
    if found is None:
        raise click.UsageError(_not_there(name, language))
    told = told_in(name)
    reporting.result(as_json([found]) if form == "json" else as_text(found, told, reporting.columns()))


def _find(words: tuple[str, ...], language: str, form: str, filters: dict[str, str | None]) -> None:
    from breathcue.cli.exercise_text import as_json
    from breathcue.language.index import Wanted, search
    from breathcue.language.routine import Level

    level = filters.pop("level")
    wanted = Wanted(words, level=Level(level) if level else None, **filters)
    found = search(wanted, language)
    if form == "json":
        reporting.result(as_json(found))
    elif found:
        reporting.result(as_table(found, reporting.columns_for_rows()))
    if not found:
        reporting.message(_nothing(wanted, language))


def _not_there(name: str, language: str) -> str:
    from breathcue.language.index import nearest_exercise, told_in

    if told_in(name):
        others = f"it is told in {', '.join(told_in(name))}"
        return f"The exercise '{name}' is not told in {language}; {others}."
    near = nearest_exercise(name, language)
    hint = f"Did you mean '{near}'?" if near else "'breathcue library list' shows all there are."
    return f"There is no exercise '{name}'. {hint}"


def _nothing(wanted: Wanted, language: str) -> str:
    """Return what to say where nothing was found: what there would be instead."""
    from breathcue.language.index import Wanted, instead_of, known_values, search

    lines = ["There is no such exercise."]
    for name, number in instead_of(wanted, language).items():
        option = "those words" if name == "words" else f"--{name} {getattr(wanted, name)}"
        lines.append(f"Without {option} there {'is 1' if number == 1 else f'are {number}'}.")
    if wanted.body and not search(Wanted(body=wanted.body), language):
        lines.append(f"They are for: {', '.join(known_values('body', language))}.")
    if wanted.equipment and not search(Wanted(equipment=wanted.equipment), language):
        lines.append(f"They need: {', '.join(known_values('equipment', language))}, or none.")
    if len(lines) == 1:
        lines.append("Try fewer words, or 'breathcue library list' for all of them.")
    return "\n".join(lines)


def as_table(found: Sequence[Entry], columns: int) -> str:
    """Return a table, one exercise a row, nothing cut, no line longer than ``columns``."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("Exercise", "Called", "Position", "For", "Needs"):
        table.add_column(title, no_wrap=title in ("Exercise", "Position"), overflow="fold")
    for each in found:
        exercise = each.exercise
        row = (
            each.name,
            exercise.title,
            exercise.position or "any",
            ", ".join(each.body),
            ", ".join(each.equipment),
        )
        table.add_row(*row)
    lines = StringIO()
    Console(file=lines, width=columns, color_system=None, markup=False, highlight=False).print(table)
    count = "1 exercise." if len(found) == 1 else f"{len(found)} exercises."
    return "\n".join((*(line.rstrip() for line in lines.getvalue().splitlines()), "", count))
