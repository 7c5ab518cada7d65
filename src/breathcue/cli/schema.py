"""``breathcue schema``: the JSON Schema of the language."""

from __future__ import annotations

from pathlib import Path

import click

from breathcue.cli import reporting


@click.command(short_help="Print the JSON Schema of session files, for editors")
@click.option("--exercise", is_flag=True, help="The schema of exercise files instead of session files.")
@click.option("--program", is_flag=True, help="The schema of program files instead of session files.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="A file to write instead of the screen."
)
def schema(exercise: bool, program: bool, output: Path | None) -> None:
    """Print the JSON Schema (draft 2020-12) of session files.

    An editor that knows it completes keys and names, explains them, and marks mistakes as one types. Write it beside
    the sessions with 'breathcue schema -o breathcue.schema.json'; the first line of a session then names it, as in
    the file that 'breathcue new' writes.
    """
    import json

    from breathcue.language.json_schema import json_schema

    if exercise and program:
        raise click.UsageError("Choose one of --exercise and --program.")
    shape = "exercise" if exercise else "program" if program else "session"
    text = json.dumps(json_schema(shape), indent=2, ensure_ascii=False)
    if output is None:
        reporting.result(text)
        return
    from breathcue.files import write_text

    write_text(output, f"{text}\n")
    reporting.result(str(output))
