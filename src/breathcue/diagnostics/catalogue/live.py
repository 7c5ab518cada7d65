"""Codes of the live coach: what it plays on, and what it remembers."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, warning

CODES: tuple[Code, ...] = (
    warning(
        "log-unusable",
        "What you do cannot be remembered.",
        "The folder of the session log is full, read-only or damaged. The session goes on, but `breathcue history` "
        "will not show it all, and `breathcue live --resume` may not know where you were. `breathcue history --where` "
        "prints the folder; the variable BREATHCUE_DATA names another.",
    ),
)
