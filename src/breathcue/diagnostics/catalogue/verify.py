"""Codes of verifying a sound file."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "recogniser-missing",
        "The speech recogniser that `breathcue verify --listen` hears with is not there.",
        "It is optional: the package faster-whisper (`pip install 'breathcue[recogniser]'`) and a model of its kind, a "
        "folder with `model.bin`, `config.json`, `tokenizer.json` and `vocabulary.json`. In a working copy of "
        "breathcue, `scripts/setup-recogniser` gets both. The variable BREATHCUE_RECOGNISER names the folder; without "
        "it, it is `breathcue-recogniser` in the user's cache. Everything else that `verify` checks needs neither.",
    ),
)
