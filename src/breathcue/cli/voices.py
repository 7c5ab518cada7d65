"""``breathcue voices``: every engine and voice, its state, and what a missing one needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from breathcue.cli.reporting import result

if TYPE_CHECKING:
    from breathcue.voices.base import VoiceInfo


@click.command(short_help="List the voices, and what each one needs")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them."
)
@click.option("--language", metavar="CODE", help="Only those that speak this language: en, de, fr-CA ...")
def voices(form: str, language: str | None) -> None:
    """List the voices: their engine, language and state, and what a missing one needs.

    In a session, or after --voice, a voice is named by its own name (heart) or as engine:name (system:en-us).
    """
    from breathcue.voices.languages import speaks
    from breathcue.voices.registry import all_voices

    found = [voice for voice in all_voices() if language is None or speaks(voice, language)]
    result(as_json(found) if form == "json" else as_text(found))


def as_text(found: Sequence[VoiceInfo]) -> str:
    """Return a table, one voice a line, with the reason and the remedy under each that cannot speak."""
    rows = [("ENGINE", "VOICE", "LANGUAGE", "STATE", "ABOUT")]
    rows += [(v.engine, v.name, ", ".join(v.languages), v.state.value, v.about) for v in found]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for index, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        lines.append("  ".join((*cells, row[4])).rstrip())
        voice = found[index - 1] if index else None
        if voice is not None and voice.reason:
            lines.append(f"    {voice.reason}")
        if voice is not None and voice.fix:
            lines.append(f"    to mend it: {voice.fix}")
    return "\n".join(lines)


def as_json(found: Sequence[VoiceInfo]) -> str:
    """Return a JSON array with one object a voice; keys as in :class:`breathcue.voices.base.VoiceInfo`."""
    import json
    from dataclasses import asdict

    return json.dumps([asdict(voice) for voice in found], indent=2, ensure_ascii=False)
