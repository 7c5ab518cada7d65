"""``breathcue script``: the lines of a session, for an instructor to record."""

from __future__ import annotations

from pathlib import Path

import click

from breathcue.cli import reporting
from breathcue.cli.options import DURATION, SESSION, Number
from breathcue.language import limits
from breathcue.timeline.time import Ms


@click.command(short_help="Write the sheet of all lines, to record them yourself")
@SESSION
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file to write instead of the screen."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv"]),
    default="text",
    show_default=True,
    help="How to write it: text to print and read from, or csv for spreadsheets and programs.",
)
@click.option(
    "--pace",
    type=Number(*limits.PACE),
    help="The pace at which the session will be rendered; at another pace some lines may differ.",
)
@DURATION
def script(session: Path, output: Path | None, form: str, pace: float | None, duration: Ms | None) -> None:
    """Write every line that SESSION may say, for you to record them in your own voice.

    Each line comes once, in reading order, with the name of the file to record it into and how long it may be. Where
    the session's voice is recorded already, lines that are there are marked. docs/recording.md tells how to record.
    """
    from breathcue.compiler.wishes import Wishes
    from breathcue.export.sheet import sheet_as_csv, sheet_as_text
    from breathcue.files import check_writable, write_text
    from breathcue.pipeline.lines import open_sheet

    if output is not None:
        check_writable(output)
    routine, lines, diagnostics = open_sheet(
        session, Wishes(pace=pace, duration=duration), outputs=[output] if output else []
    )
    if diagnostics:
        reporting.show_diagnostics(diagnostics)
    text = sheet_as_csv(lines) if form == "csv" else sheet_as_text(routine.title, lines)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
