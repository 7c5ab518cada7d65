"""Codes of the compiler: a routine that reads well but cannot be laid out in time."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

CODES: tuple[Code, ...] = (
    warning(
        "phase-too-short",
        "The words for a phase need more time than it has.",
        "A phase has room for words until the cue of the next one must start. Where a full instruction does not "
        "fit, it is said before the repetitions, and the short form inside; where even the shortest form does "
        "not fit, the phase is made longer, so that nothing is cut. The message says which time would do. "
        "A phase's `short:` is what is said once the movement is known.",
        bad="rep:\n  - inhale: 500ms\n    short: Breathe in through your nose, down into your belly.",
        good="rep:\n  - inhale: 4s\n    short: Breathe in through your nose.",
    ),
    error(
        "bad-timeline",
        "A file that should hold a timeline does not.",
        "Timelines are written by `breathcue timeline SESSION --format json`. The message names the field that is "
        "missing or wrong. docs/timeline.md describes them all.",
    ),
    error(
        "broken-exporter",
        "An exporter is installed but cannot be loaded.",
        "The package that brings the exporter is damaged, or was made for another version of breathcue. "
        "Reinstall or remove it; the other formats are not affected.",
    ),
    error(
        "unknown-timeline-format",
        "There is no exporter of this name.",
        "The message lists the formats there are. A format from another package appears once that package is "
        "installed beside breathcue.",
    ),
)
