"""``breathcue verify``: whether a sound file holds what its session says, found in its samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breathcue.cli import reporting
from breathcue.cli.options import wishes, wishes_options
from breathcue.cli.outcome import SESSION_HAS_ERRORS

if TYPE_CHECKING:
    from breathcue.pipeline.session import Session
    from breathcue.verify.listening import Ears
    from breathcue.verify.model import Check, Expected, Verdict

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

_PAUSES = {"extra-sound", "noise-floor", "bed"}

SHOWN_FINDINGS = 12
"""How many findings of one check are listed for people; the JSON has them all."""


@click.command(short_help="Check a sound file against its session, by listening to it")
@click.argument("audio", type=FILE)
@click.argument("session", type=FILE, required=False, metavar="[SESSION|TIMELINE.json]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to report: a table to read, or json for programs.",
)
@click.option(
    "--listen",
    is_flag=True,
    help="Have a speech recogniser hear every voice cue too, and report what it misheard.",
)
@wishes_options
@click.pass_context
def verify(
    ctx: click.Context, /, audio: Path, session: Path | None, form: str, listen: bool, **asked: Any
) -> None:
    """Decode AUDIO and compare it with its SESSION, or with the session's timeline as JSON.

    With a SESSION, every cue is looked for by its own sound; give the options with which it was rendered. With a
    timeline, sound must begin and end with each voice cue. With neither, what can be said of the file alone is checked.
    The exit code is 1 if anything is not as it should be. docs/verify.md explains each check.
    """
    from breathcue.verify.report import as_json

    if listen and session is None:
        raise click.UsageError("--listen needs the session or its timeline, to know what is said.", ctx)
    ears = open_ears() if listen else None
    with reporting.progress() as progress, _expected(session, asked, progress) as expected:
        verdict = listen_to(audio, expected, progress, ears)
    reporting.result(as_json(verdict) if form == "json" else as_table(verdict) + _hint(verdict, session))
    if not verdict.passed:
        ctx.exit(SESSION_HAS_ERRORS)


def _hint(verdict: Verdict, session: Path | None) -> str:
    """Return what may have been forgotten, where the pauses hold something else than they should."""
    from breathcue.verify.model import Status

    missed = {check.name for check in verdict.checks if check.status is Status.MISS}
    if session is None or session.suffix.lower() == ".json" or not missed & _PAUSES:
        return ""
    return "\nIf it was rendered with options such as --bed, give verify the same ones."


@contextmanager
def _expected(
    session: Path | None, asked: dict[str, Any], progress: reporting.Progress
) -> Iterator[Expected | None]:
    """Give what the file should hold, as far as the second argument says; a session's speaker stays open meanwhile."""
    from breathcue.verify.model import Expected

    if session is None:
        yield None
        return
    if not session.is_file():
        raise click.UsageError(f"'{session}' is not a file.")
    if session.suffix.lower() == ".json":
        from breathcue.timeline.codec import load

        yield Expected(load(session.read_text(encoding="utf-8", errors="replace")))
        return
    from breathcue.pipeline.session import open_session

    with open_session(session, wishes(**asked), reporting.counted(progress, "Speaking")) as opened:
        if opened.diagnostics:
            reporting.show_diagnostics(opened.diagnostics)
        yield expected_of(opened, opened.author)


def expected_of(opened: Session, author: str | None, *, any_author: bool = True) -> Expected:
    """Return what the file of a session should hold; where it names no author, ``any_author`` may be named."""
    from breathcue.audio.beds import session_bed
    from breathcue.verify.model import Expected

    bed = session_bed(opened.timeline, opened.bed_file, opened.bed_ms or None)
    return Expected(opened.timeline, opened.speaker, author, any_author=any_author, bed=bed)


def open_ears() -> Ears:
    """Return the speech recogniser.

    Raises:
        MissingError: it, or its model, is not there (``recogniser-missing``).
    """
    from breathcue.verify.recogniser import Recogniser

    return Recogniser()


def listen_to(
    audio: Path, expected: Expected | None, progress: reporting.Progress, ears: Ears | None = None
) -> Verdict:
    """Return the verdict on a file, with a bar while it is being listened to."""
    from breathcue.verify.verify import verify as verify_file

    heard = reporting.shares(progress, "Listening")
    return verify_file(audio, expected, ears=ears, spell=_spelling(expected), on_progress=heard)


def _spelling(expected: Expected | None) -> Callable[[int], str]:
    """Return how the session's language spells numbers; as digits where that is not known."""
    from breathcue.compiler.phrases import languages, load_phrases

    language = expected.timeline.language.split("-")[0].lower() if expected else ""
    return load_phrases(language).number if language in languages() else str


def as_table(verdict: Verdict) -> str:
    """Return a verdict for people: one check a line, and below it what is wrong."""
    rows = [("CHECK", "", "MEASURED", "EXPECTED")]
    rows += [(check.name, check.status.value, check.measured, check.expected) for check in verdict.checks]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = []
    for index, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join((*cells, row[3])).rstrip())
        if index:
            lines += _findings(verdict.checks[index - 1])
    return "\n".join([*lines, "", summary(verdict)])


def _findings(check: Check) -> list[str]:
    from breathcue.timeline.time import clock

    lines = []
    for finding in check.findings[:SHOWN_FINDINGS]:
        at = f"{clock(finding.at_ms, millis=True)}  " if finding.at_ms is not None else ""
        lines.append(f"    {at}{finding.message}")
    more = len(check.findings) - SHOWN_FINDINGS
    return [*lines, f"    and {more} more"] if more > 0 else lines


def summary(verdict: Verdict) -> str:
    """Return the verdict in one line."""
    from breathcue.verify.model import Status

    missed = [check.name for check in verdict.checks if check.status is Status.MISS]
    if missed:
        return f"{verdict.file.name} is not as it should be: {', '.join(missed)}."
    made = sum(check.status is Status.OK for check in verdict.checks)
    return f"{verdict.file.name} passes all {made} checks that could be made."
