"""``breathcue program``: weeks of sessions, shown, rendered, and put into a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breathcue.cli import reporting
from breathcue.cli.options import day, wishes, wishes_options

if TYPE_CHECKING:
    from breathcue.program.making import Outcome

PROGRAM = click.argument(
    "program_file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
WEEK = click.option("--week", type=click.IntRange(1), help="Only this week.")


@click.group(short_help="Show, render or schedule weeks of sessions")
def program() -> None:
    """Work with a program: a file that says which session is done on which day of which week, and how it grows.

    docs/programs.md tells how to write one; 'breathcue check' tells what is wrong with it.
    """


@program.command(short_help="Show what is done on each day, how long, and what grows")
@PROGRAM
@WEEK
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text to read, or json for programs.",
)
def show(program_file: Path, week: int | None, form: str) -> None:
    """Show the plan of FILE: each week and day, how long the sessions are, and what has grown since the week before.

    Nothing is spoken for it, so lengths are about those of the sound files.
    """
    import json

    from breathcue.program.opened import check_week, open_program
    from breathcue.program.overview import as_data, as_text

    opened = open_program(program_file)
    check_week(opened, week)
    if opened.diagnostics:
        reporting.show_diagnostics(opened.diagnostics)
    if form == "json":
        data = as_data(opened.program, opened.weeks, opened.sessions, week)
        reporting.result(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        reporting.result(as_text(opened.program, opened.weeks, opened.sessions, week))


@program.command(short_help="Make the sound files of a program, and playlists")
@PROGRAM
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder to write into; it is made if it is not there.",
)
@WEEK
@click.option(
    "--format",
    "form",
    type=click.Choice(["mp3", "m4a", "m4b", "opus", "ogg", "flac", "wav"]),
    default="mp3",
    show_default=True,
    help="The format of the sound files.",
)
@click.option(
    "--quality",
    type=click.Choice(["low", "standard", "high"]),
    help="How much room the sound may take; for .mp3, 56, 64 or 128 kbit/s.  [default: standard]",
)
@click.option("--author", metavar="NAME", help="Who made the sessions, for players to show.")
@click.option("--cover", type=click.Path(path_type=Path), help="A JPEG or PNG picture for players to show.")
@click.option(
    "--prune", is_flag=True, help="Remove files that were made for the program and it no longer wants."
)
@wishes_options
def render(
    program_file: Path,
    output: Path,
    week: int | None,
    form: str,
    quality: str | None,
    author: str | None,
    cover: Path | None,
    prune: bool,
    **asked: Any,
) -> None:
    """Make a sound file for each session of each day of FILE, and a playlist for each week.

    Only what has changed is made again, and what is the same on several days is made once. Whenever the work is
    stopped, the next run goes on from there. Mistakes are told, all of them, before anything is made. Files that were
    made for the program and it no longer wants are named; --prune removes them.
    """
    from breathcue.audio.order import Order, Quality
    from breathcue.program.making import Job, Listener, make
    from breathcue.program.opened import check_week, open_program

    opened = open_program(program_file, wishes(**asked))
    check_week(opened, week)
    order = Order(Quality(quality) if quality else None, author, cover)
    job = Job(
        opened.program,
        opened.weeks,
        opened.sessions,
        output,
        f".{form}",
        order,
        frozenset({week} if week else ()),
    )
    # Names beside moving bars would tear them; there, the bars tell how far it is.
    bars = reporting.stderr_is_terminal()
    with reporting.progress() as progress:
        listener = Listener(
            reporting.shares(progress, "Speaking"),
            reporting.shares(progress, "Writing"),
            (lambda _name: None) if bars else (lambda name: reporting.result(str(output / name))),
        )
        outcome = make(job, listener, prune=prune)
    for name in outcome.made if bars else ():
        reporting.result(str(output / name))
    if outcome.diagnostics:
        reporting.show_diagnostics(outcome.diagnostics)
    _tell(outcome, output)


def _tell(outcome: Outcome, folder: Path) -> None:
    """Say what came of it, and name what the program no longer wants."""
    for name in outcome.removed:
        reporting.message(f"{folder / name} removed")
    for name in outcome.unwanted:
        reporting.message(f"{folder / name} is not part of the program any more; --prune removes it")
    made, kept = len(outcome.made), len(outcome.kept)
    files = "1 file" if made + kept == 1 else f"{made + kept} files"
    lists = "1 playlist" if len(outcome.playlists) == 1 else f"{len(outcome.playlists)} playlists"
    reporting.message(f"{files} and {lists} in {folder}: {made} made, {kept} as they were")


@program.command(short_help="Write the calendar of a program")
@PROGRAM
@click.option(
    "--start",
    callback=day,
    metavar="DATE",
    help="The day on which week 1 begins, such as 2027-01-04.  [default: the program's own]",
)
@click.option(
    "--time", "at", type=click.DateTime(["%H:%M"]), metavar="TIME", help="The time of day.  [default: 09:00]"
)
@click.option(
    "--zone",
    metavar="ZONE",
    help="The time zone, such as Europe/London.  [default: wherever it is looked at]",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The .ics file to write instead of the screen."
)
def calendar(
    program_file: Path, start: date | None, at: datetime | None, zone: str | None, output: Path | None
) -> None:
    """Write FILE as a calendar: each session at its time, and days of rest, for any calendar program to import.

    Imported again, it changes the events that are there.
    """
    from breathcue.files import check_spares, write_text
    from breathcue.program.calendar import Asked, calendar_of
    from breathcue.program.opened import open_program

    opened = open_program(program_file)
    asked = Asked(start, at.time() if at else None, zone)
    text = calendar_of(opened, asked, datetime.now(UTC))
    if output is None:
        click.echo(text, nl=False)
        return
    check_spares(output, [program_file])
    write_text(output, text)
    reporting.result(str(output))
