"""The language's pages are what the program would write, and their examples are sessions without a mistake."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from breathcue.compiler import docs as positions_docs
from breathcue.diagnostics import docs as diagnostics_docs
from breathcue.diagnostics.codes import CODES
from breathcue.diagnostics.render import render_text
from breathcue.language import docs as language_docs
from breathcue.language.load import check_text
from breathcue.language.starter import starter
from breathcue.language.tables import SHAPES
from breathcue.program.check import check_program

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGE = (DOCS / "language.md").read_text(encoding="utf-8")
PROGRAMS = (DOCS / "programs.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", LANGUAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", [LANGUAGE, PROGRAMS], ids=["language", "programs"])
def test_the_reference_tables_are_current(page: str) -> None:
    assert language_docs.with_tables(page) == page, "run: python -m breathcue.language.docs"


def test_the_tables_of_positions_are_current() -> None:
    page = (DOCS / "writing-sessions.md").read_text(encoding="utf-8")
    assert positions_docs.with_tables(page) == page, "run: python -m breathcue.compiler.docs"


def test_the_page_of_diagnostics_is_current() -> None:
    page = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert page == diagnostics_docs.page(), "run: python -m breathcue.diagnostics.docs"
    assert all(f"### `{code}`" in page for code in CODES)


def test_every_mapping_has_its_table() -> None:
    assert set(re.findall(r"<!-- table: ([a-z]+) -->", LANGUAGE + PROGRAMS)) == set(SHAPES)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_the_examples_have_no_mistake(example: str) -> None:
    found = check_text(example, "example.yaml", None)
    assert found == (), render_text(found)


def test_the_example_of_a_program_has_no_mistake(tmp_path: Path) -> None:
    sessions = DOCS.parent / "sessions"
    for name in ("cat-cow", "bridge", "pelvic-tilt"):
        shutil.copy(sessions / f"{name}.yaml", tmp_path)
    (example,) = re.findall(r"^```yaml\n(.*?)^```", PROGRAMS, re.DOTALL | re.MULTILINE)
    path = tmp_path / "plan.yaml"
    path.write_text(example, encoding="utf-8")
    found = tuple(check_program(path))
    assert found == (), render_text(found)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


def test_the_starting_session_has_no_mistake() -> None:
    found = check_text(starter(), "new.yaml", None)
    assert found == (), render_text(found)
