"""``breathcue check``: everything that is wrong in session files."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from breathcue.cli import reporting
from breathcue.cli.outcome import SESSION_HAS_ERRORS
from breathcue.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from breathcue.diagnostics.code import Code


@click.command(short_help="Report everything that is wrong in session files")
@click.argument("paths", nargs=-1, metavar="PATH...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to report: text to read, json for programs, or github for annotations in GitHub Actions.",
)
@click.option(
    "--explain",
    metavar="CODE",
    help="Say what a diagnostic's code means, with an example and, for a rule of safety, its source; and stop.",
)
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...], form: str, explain: str | None) -> None:
    """Report everything that is wrong in each PATH: files of sessions, exercises and programs, or folders of them.

    With a program, every session in it is compiled as it is done in every week.

    Warnings do not make a session wrong: the exit code is 0 unless there is an error.
    """
    if explain is not None:
        reporting.result(_explanation(_find_code(explain)))
        return
    if not paths:
        raise click.UsageError("Name at least one file or folder to check.", ctx)
    from breathcue.language.gather import gather

    files = list(gather(paths))
    if not files:
        raise click.UsageError("There are no .yaml files in there.", ctx)
    found = _shown(_diagnostics(files), form)
    reporting.message(_summary(len(files), found))
    if any(each.severity is Severity.ERROR for each in found):
        ctx.exit(SESSION_HAS_ERRORS)


def _diagnostics(files: Iterable[Path]) -> Iterator[Diagnostic]:
    """Yield what is wrong in each file; an exercise's file that several sessions use is reported once."""
    seen = set()
    for file in files:
        for each in _of_file(file):
            key = (each.code, each.place, each.message)
            if key not in seen:
                seen.add(key)
                yield each


def _of_file(file: Path) -> Iterator[Diagnostic]:
    from breathcue.language.load import is_program_file, load_checked
    from breathcue.pipeline.loading import check_voices
    from breathcue.program.check import check_program
    from breathcue.unspoken import check_times

    if is_program_file(file):
        yield from check_program(file)
        return
    loaded = load_checked(file)
    yield from loaded.diagnostics
    yield from check_times(loaded)
    yield from check_voices(loaded)


def _shown(found: Iterator[Diagnostic], form: str) -> list[Diagnostic]:
    from breathcue.diagnostics import render

    if form == "json":
        everything = list(found)
        reporting.result(render.render_json(everything))
        return everything
    if form == "github":
        return list(_each(found, lambda each: render.render_github([each])))
    colour = _colour_is_welcome()
    return list(_each(found, lambda each: render.render_text([each], colour=colour) + "\n"))


def _colour_is_welcome() -> bool:
    """Say whether stdout is a terminal whose user has not asked for plain text (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _each(found: Iterator[Diagnostic], words: Callable[[Diagnostic], str]) -> Iterator[Diagnostic]:
    for each in found:
        reporting.result(words(each))
        yield each


def _summary(files: int, found: list[Diagnostic]) -> str:
    checked = _count(files, "file")
    if not found:
        return f"{checked} checked, nothing wrong."
    counts = Counter(each.severity for each in found)
    parts = [_count(counts[severity], severity.value) for severity in Severity if counts[severity]]
    return f"{checked} checked: {' and '.join(parts)}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _find_code(name: str) -> Code:
    from breathcue.diagnostics.codes import CODES

    plain = name.strip("[] ").lower().replace("_", "-")
    code = CODES.get(plain)
    if code is None:
        from difflib import get_close_matches

        near = get_close_matches(plain, CODES, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(CODES)}."
        raise click.UsageError(f"There is no code '{name}'. {hint}")
    return code


def _explanation(code: Code) -> str:
    from textwrap import indent

    from breathcue.language.safety import rules

    parts = [f"{code.name} ({code.severity.value}): {code.summary}", _wrapped(code.meaning)]
    rule = rules().get(code.name)
    if rule is not None:
        parts += [_wrapped(f"Why: {rule.reason}"), _wrapped(f"Source: {rule.source}")]
    if code.bad:
        parts += ["Instead of", indent(code.bad, "    "), "write", indent(code.good, "    ")]
    return "\n\n".join(parts)


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(text, 90, break_on_hyphens=False, break_long_words=False)
