"""Codes of the compiler: a routine that reads well but cannot be laid out in time."""

from __future__ import annotations

from breathcue.diagnostics.code import Code

CODES: tuple[Code, ...] = ()
