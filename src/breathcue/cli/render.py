"""``breathcue render``: a session becomes an audio file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from breathcue.cli.options import SESSION, wishes, wishes_options
from breathcue.cli.outcome import SESSION_HAS_ERRORS


@click.command(short_help="Turn a session into an audio file")
@SESSION
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write; its suffix is its format: .mp3, .m4a, .m4b, .opus, .ogg, .flac or .wav.  "
    "[default: SESSION's name with .mp3, here]",
)
@click.option(
    "--quality",
    type=click.Choice(["low", "standard", "high"]),
    help="How much room the sound may take; for .mp3, 56, 64 or 128 kbit/s.  [default: standard]",
)
@click.option(
    "--author",
    metavar="NAME",
    help="Who made the session, for players to show; replaces the session's author.",
)
@click.option(
    "--cover",
    type=click.Path(path_type=Path),
    help="A JPEG or PNG picture for players to show.  [default: one made from the title]",
)
@click.option(
    "--stems",
    is_flag=True,
    help="Also write voice, tones and bed as files of their own, such as session-voice.wav; together they are the "
    "session.",
)
@click.option(
    "--verify",
    is_flag=True,
    help="Then listen to the file, and compare it with the session; see 'breathcue verify'.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Render again whenever the session, or a file that it uses, has changed, and tell what is different.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Tell how the sound got into the file: what was new, what had been encoded before, and why if all of it was "
    "encoded.",
)
@wishes_options
@click.pass_context
def render(
    ctx: click.Context,
    /,
    session: Path,
    output: Path | None,
    quality: str | None,
    author: str | None,
    cover: Path | None,
    stems: bool,
    verify: bool,
    watch: bool,
    explain: bool,
    **asked: Any,
) -> None:
    """Turn SESSION into an audio file with chapters, to play during a workout.

    The file appears whole or not at all: until it is finished, an older file of the same name stays as it is. So do
    the stems. With --verify, the exit code is 1 if the finished file is not as it should be.

    With --watch, mistakes are told and the last good file stays, until Ctrl-C ends it (exit code 130).
    """
    from breathcue.audio.order import Order, Quality
    from breathcue.audio.render import check_target
    from breathcue.cli.making import Wanted, make, passes, report

    target = output or Path(session.with_suffix(".mp3").name)
    order = Order(Quality(quality) if quality else None, author, cover, stems=stems)
    check_target(target, order)
    wanted = Wanted(session, target, order, wishes(**asked), verify=verify, explain=explain)
    if watch:
        from breathcue.cli.watch import keep_rendering

        ctx.exit(keep_rendering(wanted))
    made = make(wanted)
    report(made)
    if not passes(made):
        ctx.exit(SESSION_HAS_ERRORS)
