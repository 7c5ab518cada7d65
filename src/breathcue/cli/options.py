"""The options that every command which compiles a session shares."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from breathcue.language import limits

if TYPE_CHECKING:
    from breathcue.compiler.wishes import Wishes

GUIDANCES = ("full", "balanced", "minimal")
LEVELS = ("easier", "normal", "harder")

Command = TypeVar("Command", bound=Callable[..., Any])


class Number(click.FloatRange):
    """A number within bounds; click's own range lets `nan` through, which compares with nothing."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number.

        Raises:
            click.BadParameter: it is none, or out of bounds.
        """
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Return a day of the calendar, as a program writes it.

    Raises:
        click.BadParameter: there is no such day, or it is not written as year, month and day.
    """
    from breathcue.language.growth import parse_date
    from breathcue.language.quantities import Fault

    read = None if value is None else parse_date(value)
    if isinstance(read, Fault):
        message = f"{read.message} Write it as 2027-01-05: the year, the month, the day."
        raise click.BadParameter(message, ctx, param)
    return read


def _time(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return a time as it is written in a session, in ms.

    Raises:
        click.BadParameter: it is none, or longer than a session may be.
    """
    from breathcue.language.quantities import Fault, parse_duration

    found = None if value is None else parse_duration(value, limits.SESSION_MS)
    if isinstance(found, Fault):
        raise click.BadParameter(" ".join(filter(None, (found.message, found.fix))), ctx, param)
    return found


DURATION = click.option(
    "--duration",
    callback=_time,
    metavar="TIME",
    help="Make it last so long, such as 20m: repetitions and rests are chosen inside their ranges.",
)

SESSION = click.argument("session", type=click.Path(exists=True, dir_okay=False, path_type=Path))

_WISHES = (
    click.option(
        "--voice",
        metavar="VOICE",
        help="Who speaks: a voice's name, or ENGINE:NAME. 'breathcue voices' lists them.",
    ),
    click.option(
        "--speed",
        type=Number(*limits.SPEED),
        help="How fast the voice speaks, relative to its own pace (the default is 0.9).",
    ),
    click.option(
        "--pace",
        type=Number(*limits.PACE),
        help="Stretches movement, breath and hold times; 1.2 is a fifth slower. Replaces the session's pace.",
    ),
    click.option(
        "--bed",
        metavar="BED",
        help="What sounds beneath the words: none, ocean, rain, pad, brown, or a sound file.",
    ),
    click.option(
        "--guidance",
        type=click.Choice(GUIDANCES),
        help="How much is said: every movement in full, less as it gets known, or names and counts only.",
    ),
    click.option(
        "--level",
        type=click.Choice(LEVELS),
        help="Do the exercises in their easier or harder form, where they have one.",
    ),
    click.option(
        "--avoid",
        metavar="COMPLAINT",
        multiple=True,
        help="Do other exercises instead of those to avoid with it, such as 'wrist pain'. May be given several times.",
    ),
    DURATION,
)


def wishes_options(command: Command) -> Command:
    """Add the options from which :func:`wishes` is made."""
    for option in reversed(_WISHES):
        command = option(command)
    return command


def wishes(*, guidance: str | None = None, level: str | None = None, **asked: Any) -> Wishes:
    """Return what the command line asks for, from the values of the options."""
    from breathcue.compiler.wishes import Wishes
    from breathcue.language.routine import Guidance, Level

    return Wishes(
        guidance=Guidance(guidance) if guidance else None, level=Level(level) if level else None, **asked
    )
