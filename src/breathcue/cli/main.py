"""The ``breathcue`` command: one table of commands, each loaded only when it is asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import NoReturn

import click

from breathcue import __version__
from breathcue.cli import outcome


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """Where a command lives, and its line in the list; the module holds a click command of the table's name."""

    module: str
    help: str


COMMANDS: dict[str, CommandEntry] = {
    "render": CommandEntry("breathcue.cli.render", "Turn a session into an audio file"),
    "live": CommandEntry("breathcue.cli.live", "Speak a session now, with a coach who listens"),
    "verify": CommandEntry(
        "breathcue.cli.verify", "Check a sound file against its session, by listening to it"
    ),
    "check": CommandEntry("breathcue.cli.check", "Report everything that is wrong in session files"),
    "program": CommandEntry("breathcue.cli.program", "Show, render or schedule weeks of sessions"),
    "timeline": CommandEntry("breathcue.cli.timeline", "Show what is done and heard, moment by moment"),
    "diff": CommandEntry("breathcue.cli.diff", "Show what is different between two sessions or timelines"),
    "script": CommandEntry("breathcue.cli.script", "Write the sheet of all lines, to record them yourself"),
    "library": CommandEntry("breathcue.cli.library", "Find built-in exercises, and show how they are done"),
    "history": CommandEntry("breathcue.cli.history", "Show what you have done: streaks, minutes, exercises"),
    "new": CommandEntry("breathcue.cli.new", "Write a commented session file to start from"),
    "voices": CommandEntry("breathcue.cli.voices", "List the voices and what each one needs, or hear one"),
    "cache": CommandEntry("breathcue.cli.cache", "Show, prune or clear what is kept of speech and sound"),
    "doctor": CommandEntry("breathcue.cli.doctor", "Check that everything breathcue needs is here"),
    "schema": CommandEntry("breathcue.cli.schema", "Print the JSON Schema of session files, for editors"),
}


class CommandTable(click.Group):
    """A group that knows its commands by name and imports one only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, which is the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return the command, or None where the table has no such name."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, so that help costs no imports."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a name that is not there, suggest the nearest one.

        Raises:
            click.UsageError: there is no such command.
        """
        if args[0] not in COMMANDS:
            raise click.UsageError(_no_such_command(args[0]), ctx)
        return super().resolve_command(ctx, args)


def load_command(name: str) -> click.Command:
    """Import and return the command called ``name`` in the table.

    Raises:
        TypeError: its module holds no click command of that name.
    """
    command = getattr(import_module(COMMANDS[name].module), name, None)
    if not isinstance(command, click.Command):
        raise TypeError(f"{COMMANDS[name].module} holds no click command named {name}")
    return command


def _no_such_command(name: str) -> str:
    from difflib import get_close_matches

    nearest = get_close_matches(name.lower(), COMMANDS, n=1)
    if nearest:
        return f"There is no command '{name}'. Did you mean '{nearest[0]}'?"
    return f"There is no command '{name}'. There are: {', '.join(COMMANDS)}."


@click.group(
    name="breathcue",
    cls=CommandTable,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nTo start:\n  breathcue new my-session.yaml\n  breathcue render my-session.yaml",
)
@click.version_option(__version__, "-V", "--version", prog_name="breathcue", message="%(prog)s %(version)s")
def breathcue() -> None:
    """Turn an exercise session written in YAML into a narrated, exactly timed audio file.

    'breathcue COMMAND --help' tells more about one command.
    """


def execute(args: Sequence[str]) -> int:
    """Run the command line ``args`` (without the program's name) and return the exit code; never raises."""
    return outcome.guard(lambda: _invoke(list(args)))


def _invoke(args: list[str]) -> int:
    try:
        with breathcue.make_context("breathcue", args) as ctx:
            breathcue.invoke(ctx)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    return outcome.DONE


def run() -> NoReturn:
    """Be the ``breathcue`` command: run the arguments of this process and end it."""
    # Before numpy is imported: nothing here multiplies matrices, and starting threads for it takes 0.1 s of CPU.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    outcome.prepare_process()
    sys.exit(execute(sys.argv[1:]))
