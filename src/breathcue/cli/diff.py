"""``breathcue diff``: what is different between two sessions, as they are heard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breathcue.cli import reporting
from breathcue.cli.options import wishes, wishes_options

if TYPE_CHECKING:
    from breathcue.timeline.model import Timeline

DIFFERENT = 1
"""The exit code that ``--exit-code`` asks for."""

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Show what is different between two sessions or timelines")
@click.argument("before", type=FILE)
@click.argument("after", type=FILE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report: lines to read, or json for programs.",
)
@click.option("--exit-code", is_flag=True, help="End with 1 if there is a difference, as git diff does.")
@wishes_options
@click.pass_context
def diff(ctx: click.Context, /, before: Path, after: Path, form: str, exit_code: bool, **asked: Any) -> None:
    """Show what is different in AFTER: words, phases, chapters, and what comes earlier or later.

    Each is a session, or a timeline as JSON (its name ends in .json). The options of how it is spoken are for sessions;
    --voice silent tells the words apart without speaking any. docs/timeline.md explains the signs and the JSON.
    """
    from breathcue.export.difference import as_json, as_text
    from breathcue.timeline.difference import difference

    with reporting.progress() as progress:
        found = difference(_timeline(before, asked, progress), _timeline(after, asked, progress))
    reporting.result(as_json(found) if form == "json" else as_text(found))
    if exit_code and not found.same:
        ctx.exit(DIFFERENT)


def _timeline(path: Path, asked: dict[str, Any], progress: reporting.Progress) -> Timeline:
    if path.suffix.lower() == ".json":
        from breathcue.timeline.codec import load

        return load(path.read_text(encoding="utf-8", errors="replace"))
    from breathcue.pipeline.session import open_session

    with open_session(path, wishes(**asked), reporting.counted(progress, f"Speaking {path.name}")) as opened:
        if opened.diagnostics:
            reporting.show_diagnostics(opened.diagnostics)
        return opened.timeline
