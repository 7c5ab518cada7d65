"""``breathcue render``: a session becomes an audio file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from breathcue.cli import reporting
from breathcue.cli.options import SESSION, wishes, wishes_options
from breathcue.cli.outcome import SESSION_HAS_ERRORS

if TYPE_CHECKING:
    from breathcue.audio.render import Report
    from breathcue.pipeline import Session
    from breathcue.verify.model import Verdict


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
@wishes_options
@click.pass_context
def render(
    ctx: click.Context,
    session: Path,
    output: Path | None,
    quality: str | None,
    author: str | None,
    cover: Path | None,
    stems: bool,
    verify: bool,
    voice: str | None,
    speed: float | None,
    pace: float | None,
    bed: str | None,
) -> None:
    """Turn SESSION into an audio file with chapters, to play during a workout.

    The file appears whole or not at all: until it is finished, an older file of the same name stays as it is. So do
    the stems. With --verify, the exit code is 1 if the finished file is not as it should be.
    """
    from breathcue.audio.order import Order, Quality
    from breathcue.audio.render import check_target, written_files
    from breathcue.audio.render import render as render_audio
    from breathcue.pipeline import open_session

    target = output or Path(session.with_suffix(".mp3").name)
    order = Order(Quality(quality) if quality else None, author, cover, stems=stems)
    check_target(target, order)
    with (
        reporting.progress() as progress,
        open_session(
            session,
            wishes(voice, speed, pace, bed),
            reporting.counted(progress, "Speaking"),
            outputs=written_files(target, order),
        ) as opened,
    ):
        if opened.diagnostics:
            reporting.show_diagnostics(opened.diagnostics)
        report = render_audio(
            opened.timeline,
            opened.speaker,
            target,
            replace(order, author=author or opened.author, bed_file=opened.bed_file, bed_ms=opened.bed_ms),
            on_progress=reporting.shares(progress, "Writing"),
        )
        verdict = _verdict(report, opened, author or opened.author, progress) if verify else None
    reporting.message(_summary(report))
    for path in (report.path, *report.stems):
        reporting.result(str(path))
    if verdict is not None and not _passes(verdict):
        ctx.exit(SESSION_HAS_ERRORS)


def _verdict(report: Report, opened: Session, author: str | None, progress: reporting.Progress) -> Verdict:
    from breathcue.cli.verify import listen_to
    from breathcue.verify.model import Expected

    expected = Expected(opened.timeline, opened.speaker, author, any_author=False)
    return listen_to(report.path, expected, progress)


def _passes(verdict: Verdict) -> bool:
    from breathcue.cli.verify import as_table, summary

    reporting.message(summary(verdict) if verdict.passed else as_table(verdict))
    return verdict.passed


def _summary(report: Report) -> str:
    from breathcue.timeline.time import clock

    size = report.bytes / 1_000_000
    return f"{clock(report.duration_ms)} long, {size:.1f} MB, {report.lufs:.1f} LUFS"
