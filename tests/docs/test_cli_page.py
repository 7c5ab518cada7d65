"""docs/cli.md says what the commands say."""

from __future__ import annotations

from pathlib import Path

from breathcue.cli import docs
from breathcue.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_generator_writes() -> None:
    written = (ROOT / docs.PAGE).read_text(encoding="utf-8")
    assert written == docs.page(), "run: python -m breathcue.cli.docs"


def test_every_command_has_its_section() -> None:
    headings = [name for name, _ in docs.help_texts()]
    assert [name for name in COMMANDS if f"breathcue {name}" not in headings] == []
    assert len(headings) == len(set(headings))
