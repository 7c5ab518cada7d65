"""``breathcue cache``: how much finished speech and sound is kept, and how to have less of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from breathcue.cli.reporting import result

if TYPE_CHECKING:
    from breathcue.store import Store

_SIZES = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_AGES = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_size(ctx: click.Context, param: click.Parameter, value: str) -> int:
    """Return the bytes in an amount such as 200MB."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMG]I?B|B|)", value.strip().upper())
    if match is None:
        raise click.BadParameter(f"{value!r} is not a size; write it like 200MB or 1.5GB.", ctx, param)
    try:
        return int(float(match[1]) * _SIZES[match[2]])
    except OverflowError:
        raise click.BadParameter("No disk holds so much; write it like 200MB or 1.5GB.", ctx, param) from None


def parse_age(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return the seconds in a length of time such as 30d."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d+)\s*([mhdw])", value.strip().lower())
    if match is None:
        raise click.BadParameter(f"{value!r} is not an age; write it like 12h, 30d or 8w.", ctx, param)
    return int(match[1]) * _AGES[match[2]]


@click.group(invoke_without_command=True, short_help="Show, prune or clear what is kept of speech and sound")
@click.pass_context
def cache(ctx: click.Context) -> None:
    """Show how much finished speech is kept, and where.

    Every line a voice has spoken is kept, and every stretch of sound that was encoded for an MP3 (an island), so that
    rendering a session again, or one that shares lines with it, takes a moment only. The size is that of all that is
    kept, with what islands measure and with the dictionaries of a voice. It is always safe to remove: it is then made
    again. The variable BREATHCUE_CACHE names another folder.
    """
    if ctx.invoked_subcommand is None:
        stats = _open().stats()
        result(
            f"folder   {stats.folder}\nclips    {stats.clips}\nislands  {stats.islands}\n"
            f"size     {_in_words(stats.size)}"
        )


@cache.command()
@click.option(
    "--max-size",
    callback=parse_size,
    metavar="SIZE",
    default="200MB",
    show_default=True,
    help="Keep at most so much.",
)
@click.option(
    "--older-than", callback=parse_age, metavar="AGE", help="Remove first what has not been used for so long."
)
def prune(max_size: int, older_than: int | None) -> None:
    """Remove what has not been used for longest.

    Ages are written like 30d (m, h, d, w), sizes like 200MB (KB, MB, GB).
    """
    folder = _open()
    removed = folder.prune(max_size=max_size, older_than_seconds=older_than)
    result(f"{_entries(removed)} removed; {_in_words(folder.stats().size)} left")


@cache.command()
def clear() -> None:
    """Remove all that is kept."""
    result(f"{_entries(_open().clear())} removed")


def _open() -> Store:
    from breathcue.store import Store, default_folder

    return Store(default_folder())


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _in_words(size: int) -> str:
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
