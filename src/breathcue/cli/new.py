"""``breathcue new``: a commented session to start from."""

from __future__ import annotations

from pathlib import Path

import click

from breathcue.cli import reporting


@click.command(short_help="Write a commented session file to start from")
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a commented session to FILE, ready to render and to change; '-' prints it instead.

    A file that is there already is never touched.
    """
    from breathcue.language.starter import starter, write_new

    if str(file) == "-":
        click.echo(starter(), nl=False)
        return
    try:
        write_new(file)
    except FileExistsError:
        raise click.UsageError(
            f"{file} is there already. Choose another name, or move it away first."
        ) from None
    except (FileNotFoundError, NotADirectoryError):
        raise click.UsageError(
            f"There is no folder {file.parent}. Make it first, or choose another."
        ) from None
    reporting.result(str(file))
    reporting.message(f"Now change it as you like, then run: breathcue render {file}")
