"""``breathcue timeline``: what is done and heard, moment by moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from breathcue.cli import reporting
from breathcue.cli.options import SESSION, wishes, wishes_options


@click.command(short_help="Show what is done and heard, moment by moment")
@SESSION
@click.option("--format", "form", default="text", show_default=True, help="How to write it: text or json.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file to write instead of the screen."
)
@wishes_options
def timeline(
    session: Path,
    form: str,
    output: Path | None,
    **asked: Any,
) -> None:
    """Show the timeline of SESSION: every cue with its time, its phase and its words.

    The JSON form is documented in docs/timeline.md and stays stable.
    """
    from breathcue.cli.fitted import fitted
    from breathcue.export.registry import find_exporter
    from breathcue.files import check_writable, write_text
    from breathcue.pipeline.session import open_session

    export = find_exporter(form)
    if output is not None:
        check_writable(output)
    with (
        reporting.progress() as progress,
        open_session(
            session,
            wishes(**asked),
            reporting.counted(progress, "Speaking"),
            outputs=[output] if output else [],
        ) as opened,
    ):
        if opened.diagnostics:
            reporting.show_diagnostics(opened.diagnostics)
        if opened.choice:
            reporting.message(fitted(opened.choice))
        text = export(opened.timeline)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
