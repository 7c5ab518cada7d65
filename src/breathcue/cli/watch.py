"""``breathcue render --watch``: renders again whenever what a session is made from has changed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from breathcue.cli import outcome, reporting
from breathcue.cli.making import Wanted, make, passes, report
from breathcue.diagnostics import RequestError
from breathcue.language.sources import Sources, sources_of
from breathcue.watching import Seen, look, stamp_of, wait_for_change

if TYPE_CHECKING:
    from breathcue.timeline.model import Timeline

SHOWN = 8
"""How many entries of each part of a difference are shown; `breathcue diff` has them all."""

NAMED = 3
"""How many changed files are named."""


def keep_rendering(wanted: Wanted) -> int:
    """Render, wait for a change, render again, until the user stops it; return the exit code.

    What goes wrong is told, and the file that was rendered before stays.

    Raises:
        RequestError: what was typed cannot be, so that no change of a file could mend it.
    """
    sources = Sources(frozenset({wanted.session}))
    last: Timeline | None = None
    first = True
    try:
        while True:
            sources, seen = _look_at(wanted, sources)
            last = _render(wanted, last, first=first)
            if first:
                reporting.message(f"Watching {wanted.session} and what it uses. Ctrl-C ends.")
                first = False
            changed = wait_for_change(seen, partial(_look, wanted, sources))
            reporting.message(f"\n{_names(changed, wanted.session.parent)} changed.")
    except KeyboardInterrupt:
        return outcome.INTERRUPTED


def _look_at(wanted: Wanted, known: Sources) -> tuple[Sources, Seen]:
    """Return what the session is made from now, as far as it can be read, and the stamps of that."""
    while True:
        stamp = stamp_of(wanted.session)
        found = sources_of(wanted.session) or known
        sources = Sources(found.files.union(wanted.files), found.folders)
        seen = _look(wanted, sources)
        # What is written in the meantime must not be taken for what was read.
        if seen[wanted.session] == stamp:
            return sources, seen


def _look(wanted: Wanted, sources: Sources) -> Seen:
    # A file that is written among the recordings is news to nobody.
    besides = {path.resolve() for path in wanted.outputs}
    return look(sources.files, sources.folders, besides)


def _render(wanted: Wanted, last: Timeline | None, *, first: bool) -> Timeline | None:
    """Render once; return the timeline of the file that is there now."""
    began, before = time.monotonic(), stamp_of(wanted.target)
    compiled: list[Timeline] = []

    def on_compiled(timeline: Timeline) -> None:
        _show_difference(last, timeline)
        compiled.append(timeline)

    try:
        made = make(wanted, on_compiled)
    except BrokenPipeError:
        raise
    except Exception as error:
        if first and isinstance(error, RequestError):
            raise
        outcome.explain(error)
        if stamp_of(wanted.target) != before:
            # It was written, and only then something went wrong.
            return compiled[-1]
        if last is not None:
            reporting.message(f"{wanted.target} stays as it was.")
        return last
    report(made, f", in {time.monotonic() - began:.1f} s")
    passes(made)
    return made.timeline


def _show_difference(last: Timeline | None, timeline: Timeline) -> None:
    if last is not None:
        from breathcue.export.difference import as_text
        from breathcue.timeline.difference import difference

        reporting.message(as_text(difference(last, timeline), SHOWN))


def _names(paths: Sequence[Path], folder: Path) -> str:
    """Return which files have changed, as they are called from the session's folder."""
    names = [str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths]
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
