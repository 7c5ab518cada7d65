"""Rendering as the command line asks for it: once, and again with ``--watch``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from breathcue.cli import reporting

if TYPE_CHECKING:
    from breathcue.audio.order import Order, Written
    from breathcue.audio.render import Report
    from breathcue.compiler.wishes import Wishes
    from breathcue.diagnostics import Diagnostic
    from breathcue.pipeline.session import Session
    from breathcue.timeline.model import Timeline
    from breathcue.verify.model import Verdict


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that shall be rendered; ``verify`` if it shall be listened to, ``explain`` if its making shall be told."""

    session: Path
    target: Path
    order: Order
    wishes: Wishes
    verify: bool = False
    explain: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that were named on the command line, besides the session; those of a bed need not be one."""
        named = (self.order.cover, Path(self.wishes.bed) if self.wishes.bed else None)
        return tuple(path for path in named if path is not None)

    @property
    def outputs(self) -> tuple[Path, ...]:
        """The files that will be written."""
        from breathcue.audio.render import written_files

        return tuple(written_files(self.target, self.order))


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was rendered, and what was heard in it and how it came about, if that was asked for."""

    report: Report
    timeline: Timeline
    verdict: Verdict | None
    explained: str | None


def make(wanted: Wanted, on_compiled: Callable[[Timeline], None] = lambda _timeline: None) -> Made:
    """Render a file; warnings are shown, and ``on_compiled`` hears what it will hold before it is written.

    Raises:
        BreathcueError: the session has errors, a voice is missing, the file cannot be written ...
    """
    from breathcue.audio.render import render
    from breathcue.cli.fitted import fitted
    from breathcue.pipeline.session import open_session
    from breathcue.store import Store, default_folder

    trouble: list[Diagnostic] = []
    with (
        reporting.progress() as progress,
        open_session(
            wanted.session,
            wanted.wishes,
            reporting.counted(progress, "Speaking"),
            outputs=wanted.outputs,
        ) as opened,
    ):
        if opened.diagnostics:
            reporting.show_diagnostics(opened.diagnostics)
        if opened.choice:
            reporting.message(fitted(opened.choice))
        on_compiled(opened.timeline)
        order = replace(
            wanted.order,
            author=wanted.order.author or opened.author,
            bed_file=opened.bed_file,
            bed_ms=opened.bed_ms,
        )
        written = render(
            opened.timeline,
            opened.speaker,
            wanted.target,
            order,
            on_progress=reporting.shares(progress, "Writing"),
            kept=Store(default_folder(), trouble.append),
        )
        # A full disk has been told already where it kept the words, too.
        if trouble and trouble[0] not in opened.diagnostics:
            reporting.show_diagnostics(trouble)
        verdict = _verdict(written, opened, order.author, progress) if wanted.verify else None
    explained = explanation(written.written) if wanted.explain else None
    return Made(written, opened.timeline, verdict, explained)


def _verdict(written: Report, opened: Session, author: str | None, progress: reporting.Progress) -> Verdict:
    from breathcue.cli.verify import expected_of, listen_to

    return listen_to(written.path, expected_of(opened, author, any_author=False), progress)


def explanation(written: Written) -> str:
    """Return how the sound got into a file, and why that way."""
    from breathcue.audio.order import Route

    if written.linked is not None:
        linked = written.linked
        new = f"{linked.new} new ({linked.new_ms / 1000:.1f} s encoded)" if linked.new else "none new"
        return (
            f"Linked: {linked.islands} islands of sound, {linked.different} of them different, {new}; "
            "silence is laid as it is."
        )
    why = {
        Route.UNDER_A_BED: "Encoded as a whole: a bed leaves no silence between which sound could be linked.",
        Route.OF_THIS_FORMAT: "Written as a whole: only frames of MP3 stand for themselves, and can be linked.",
        Route.BY_THIS_ENCODER: "Encoded as a whole: this ffmpeg does not give one and the same frame for all silence.",
    }
    return why[written.route]


def report(made: Made, more: str = "") -> None:
    """Say how long, large and loud the file is, and ``more``; its path is the result, and those of its stems."""
    from breathcue.timeline.time import clock

    written = made.report
    size = written.bytes / 1_000_000
    reporting.message(f"{clock(written.duration_ms)} long, {size:.1f} MB, {written.lufs:.1f} LUFS{more}")
    if made.explained:
        reporting.message(made.explained)
    for path in (written.path, *written.stems):
        reporting.result(str(path))


def passes(made: Made) -> bool:
    """Say what was heard in the file, if that was asked for, and whether it is as it should be."""
    if made.verdict is None:
        return True
    from breathcue.cli.verify import as_table, summary

    passed = made.verdict.passed
    reporting.message(summary(made.verdict) if passed else as_table(made.verdict))
    return passed
