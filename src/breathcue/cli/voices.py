"""``breathcue voices``: every engine and voice, its state, and what a missing one needs; and one line to hear one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from breathcue.cli import reporting
from breathcue.cli.options import Number
from breathcue.cli.reporting import result
from breathcue.language import limits

if TYPE_CHECKING:
    from breathcue.pipeline.lines import SpokenLine
    from breathcue.voices.base import VoiceInfo


@click.group(invoke_without_command=True, short_help="List the voices and what each one needs, or hear one")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print them."
)
@click.option("--language", metavar="CODE", help="Only those that speak this language: en, de, fr-CA ...")
@click.pass_context
def voices(ctx: click.Context, form: str, language: str | None) -> None:
    """List the voices: their engine, language and state, and what a missing one needs.

    In a session, or after --voice, a voice is named by its own name (heart) or as engine:name (system:en-us).
    """
    if ctx.invoked_subcommand is not None:
        ctx.obj = language
        return
    from breathcue.voices.languages import speaks
    from breathcue.voices.registry import all_voices

    found = [voice for voice in all_voices() if language is None or speaks(voice, language)]
    result(as_json(found) if form == "json" else as_text(found))


@voices.command("try", short_help="Speak one line, to hear how it sounds")
@click.argument("text")
@click.option("--voice", metavar="VOICE", help="Who speaks it: a voice's name, or ENGINE:NAME.")
@click.option(
    "--speed",
    type=Number(*limits.SPEED),
    help="How fast, relative to the voice's own pace (the default is 0.9).",
)
@click.option("--language", metavar="CODE", help="The language of the line: en, de, fr ...  [default: en]")
@click.option(
    "--session",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use the voice, the language and the pronunciations of this session.",
)
@click.option(
    "-o",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write it to a file instead, as 'breathcue render' does: .wav, .mp3, .flac ...",
)
@click.option(
    "--output",
    metavar="OUTPUT",
    help="Play it there: a loudspeaker's name or a part of it, or null.  [default: the system's]",
)
@click.pass_obj
def try_line(
    before: str | None,
    text: str,
    voice: str | None,
    speed: float | None,
    language: str | None,
    session: Path | None,
    target: Path | None,
    output: str | None,
) -> None:
    """Speak TEXT as a session would say it, and show the words that the voice was given.

    Numbers, units and signs are words in them, and what has a pronunciation of its own stands as it is said: so one
    sees why a line sounds as it does, and hears what 'pronounce' in a session mends.
    """
    from breathcue.compiler.wishes import Wishes
    from breathcue.pipeline.lines import open_line

    if target is not None and output is not None:
        raise click.UsageError("-o writes a file and --output plays: choose one of them.")
    if target is not None:
        from breathcue.audio.render import check_target
        from breathcue.files import check_spares

        check_target(target)
        check_spares(target, [session] if session is not None else [])
    with open_line(text, Wishes(voice, speed), language or before, session) as line:
        if line.diagnostics:
            reporting.show_diagnostics(line.diagnostics)
        who = line.timeline.voice
        reporting.message(f"{who.engine}:{who.name} at speed {who.speed:g} is given:")
        result(line.spoken)
        reporting.message(_written(line, target) if target is not None else _played(line, output))


def _written(line: SpokenLine, target: Path) -> str:
    from breathcue.audio.render import render

    return f"It is in {render(line.timeline, line.speaker, target).path}."


def _played(line: SpokenLine, output: str | None) -> str:
    from breathcue.live.outputs.chime import play

    return f"It went to “{play(line.speaker.clip(line.utterance).samples, output)}”."


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
