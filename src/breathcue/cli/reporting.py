"""What a command tells its user: results on stdout; messages, diagnostics and progress on stderr.

Progress appears only on a terminal and only once the work has taken a moment; until then nothing is imported for it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import click

from breathcue.diagnostics import Diagnostic

if TYPE_CHECKING:
    import rich.progress

_UNBOUNDED = 10_000
PAGE_COLUMNS = 80
"""How wide results are where no terminal says it."""

PATIENCE_SECONDS = 0.4
"""How long work may take before a progress bar is worth showing."""


def result(text: str) -> None:
    """Write what the user asked for to stdout."""
    click.echo(text)


def message(text: str) -> None:
    """Say something about the work on stderr, so that it never mixes with a result."""
    click.echo(text, err=True)


def columns() -> int:
    """Return how many columns stdout has: those of the terminal, or of a page where it is a file or a pipe."""
    return shutil.get_terminal_size((PAGE_COLUMNS, 24)).columns if sys.stdout.isatty() else PAGE_COLUMNS


def columns_for_rows() -> int:
    """Return how many columns a table of one line a row may have: where no terminal shows it, as many as it takes."""
    return columns() if sys.stdout.isatty() else _UNBOUNDED


def stderr_is_terminal() -> bool:
    """Say whether stderr is a terminal on which a moving line can be drawn."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"


class Progress(Protocol):
    """Progress over one or more stages, which may run side by side; any thread may advance any stage."""

    def stage(self, label: str, total: int) -> Callable[[int], None]:
        """Announce a stage of ``total`` units of any kind; the function returned reports how many more are done."""
        ...


class QuietProgress:
    """Progress that nobody sees: stderr is a file, a pipe or a log."""

    def stage(self, label: str, total: int) -> Callable[[int], None]:
        """Return a function that does nothing."""
        return lambda _amount: None


class TerminalProgress:
    """Progress bars on stderr, from the first advance after ``PATIENCE_SECONDS`` until the work ends."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._shown_from = now() + PATIENCE_SECONDS
        self._stages: list[_Stage] = []
        self._bars: rich.progress.Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def stage(self, label: str, total: int) -> Callable[[int], None]:
        """Announce a stage; the function returned reports progress and draws it once the time has come."""
        stage = _Stage(label, total)
        self._stages.append(stage)

        def advance(amount: int) -> None:
            stage.done += amount
            if self._bars is None and self._now() >= self._shown_from:
                self._bars = _start_bars()
            if self._bars is not None:
                self._draw(self._bars)

        return advance

    def _draw(self, bars: rich.progress.Progress) -> None:
        for stage in tuple(self._stages):
            if stage.bar is None:
                stage.bar = bars.add_task(stage.label, total=stage.total)
            bars.update(stage.bar, completed=stage.done)


class _Stage:
    """One stage and the bar that shows it, once there is one."""

    def __init__(self, label: str, total: int) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self.bar: rich.progress.TaskID | None = None


def _start_bars() -> rich.progress.Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bars.start()
    return bars


@contextmanager
def progress() -> Iterator[Progress]:
    """Give the progress that suits stderr: bars on a terminal, nothing elsewhere."""
    if not stderr_is_terminal():
        yield QuietProgress()
        return
    with TerminalProgress() as bars:
        yield bars


def counted(progress: Progress, label: str) -> Callable[[int, int], None]:
    """Return a function that takes how many are done, and of how many, and shows them as a stage."""
    advance: Callable[[int], None] | None = None
    shown = 0

    def on_count(done: int, total: int) -> None:
        nonlocal advance, shown
        if advance is None:
            advance = progress.stage(label, total)
        advance(done - shown)
        shown = done

    return on_count


def shares(progress: Progress, label: str) -> Callable[[float], None]:
    """Return a function that takes the share done, from 0 to 1, and shows it as a stage in per cent."""
    advance = progress.stage(label, 100)
    shown = 0

    def on_share(share: float) -> None:
        nonlocal shown
        advance(int(share * 100) - shown)
        shown = int(share * 100)

    return on_share


def show_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Write diagnostics to stderr as text, each with its place and its fix."""
    from breathcue.diagnostics.render import render_text

    colour = stderr_is_terminal() and not os.environ.get("NO_COLOR")
    message(render_text(diagnostics, colour=colour))
