"""Writes docs/cli.md from the help texts of the commands: ``python -m breathcue.cli.docs``, run in the repository.

A test compares the page with what this module would write, so the two cannot drift apart.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from breathcue.cli.main import COMMANDS, breathcue, load_command

PAGE = Path("docs", "cli.md")
WIDTH = 90
HEAD = """\
# The command line

Results go to stdout; progress and messages go to stderr.

| Exit code | Meaning |
|---|---|
| 0 | done |
| 1 | the session has errors |
| 2 | wrong usage |
| 3 | something it needs is missing (a voice, an encoder, room on a disk), named with the way to get it |
| 70 | a bug in breathcue; `BREATHCUE_DEBUG=1` shows the traceback |
| 130 | interrupted: Ctrl-C, or the system asked it to stop |

What follows is what `--help` prints. This page is written by `python -m breathcue.cli.docs`.
"""


def page() -> str:
    """Return the page in Markdown: how commands end, then the help of each command."""
    sections = [f"## {name}\n\n```text\n{text}\n```\n" for name, text in help_texts()]
    return "\n".join([HEAD, *sections])


def help_texts() -> Iterator[tuple[str, str]]:
    """Yield each command's full name, such as ``breathcue cache clear``, and its help, in the order of the table."""
    context = breathcue.make_context("breathcue", [], resilient_parsing=True, terminal_width=WIDTH)
    yield "breathcue", breathcue.get_help(context)
    for name in COMMANDS:
        yield from _help_of(load_command(name), name, context)


def _help_of(command: click.Command, name: str, parent: click.Context) -> Iterator[tuple[str, str]]:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=WIDTH)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            subcommand = command.get_command(context, part)
            if subcommand is not None:
                yield from _help_of(subcommand, part, context)


def main() -> int:
    """Write the page, and return the exit code."""
    if not PAGE.parent.is_dir():
        click.echo(f"There is no folder {PAGE.parent} here; run this in the repository.", err=True)
        return 2
    PAGE.write_text(page(), encoding="utf-8")
    click.echo(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
