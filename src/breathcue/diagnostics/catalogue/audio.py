"""Codes of the sound file: mixing, encoding and writing it."""

from __future__ import annotations

from breathcue.diagnostics.code import Code

CODES: tuple[Code, ...] = ()
