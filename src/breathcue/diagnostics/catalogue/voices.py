"""Codes of the voices: who speaks, and what they cannot say."""

from __future__ import annotations

from breathcue.diagnostics.code import Code

CODES: tuple[Code, ...] = ()
