"""Every case file gives exactly the diagnostics it expects, whichever YAML parser is there, and JSON Schema agrees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from breathcue.diagnostics import Diagnostic
from breathcue.diagnostics.codes import CODES, ROOMS
from breathcue.diagnostics.render import render_json, render_text
from breathcue.language import tree
from breathcue.language.json_schema import json_schema
from breathcue.language.load import check_text, is_exercise, is_program
from breathcue.language.parsers import PurePython
from breathcue.language.problems import Problems
from breathcue.language.source import source_text
from diagnostics_cases import CASES, as_json, expected, reported

TESTS = Path(__file__).parent.parent
LANGUAGE_ROOMS = {
    "Reading the file",
    "Keys and their values",
    "Times and numbers",
    "Words and exercises",
    "What stands beside the session",
    "How words carry",
    "Safety",
    "Programs of several weeks",
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, jsonschema.Draft202012Validator]:
    return {
        name: jsonschema.Draft202012Validator(json_schema(name))
        for name in ("session", "exercise", "program")
    }


def check(case: Path) -> tuple[Diagnostic, ...]:
    return check_text(case.read_bytes(), case.name, None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case_reports_exactly_what_it_expects(case: Path) -> None:
    wanted = expected(case.read_text(encoding="utf-8"))
    found = check(case)
    assert sorted(reported(found, wanted), key=str) == sorted(wanted, key=str), render_text(found)
    assert case.stem.startswith("valid-") == (not wanted)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_places_are_the_authors_own_text(case: Path) -> None:
    lines = case.read_text(encoding="utf-8").split("\n")
    for diagnostic in check(case):
        place = diagnostic.place
        assert place is not None
        assert place.source == lines[place.line - 1]
        assert 1 <= place.column < place.end_column <= len(place.source) + 2


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_both_yaml_parsers_agree(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml here")
    quick = check(case)
    monkeypatch.setattr(tree, "LOADER", PurePython)
    slow = check(case)
    assert render_json(slow) == render_json(quick)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_json_schema_agrees_with_the_validator(case: Path, schemas: dict[str, Any]) -> None:
    problems = Problems()
    node = tree.parse(source_text(case.read_text(encoding="utf-8"), case.name, case.name), problems)
    if node is None or any(each.code in ("merge-key", "bad-key") for each in problems.in_order(())):
        pytest.skip("the file is no tree that a schema could look at")
    structural = [each.code for each in check(case) if CODES[each.code].structural]
    schema = schemas["exercise" if is_exercise(node) else "program" if is_program(node) else "session"]
    errors = [error.message for error in schema.iter_errors(as_json(node))]
    assert bool(errors) == bool(structural), (errors, structural)


@pytest.mark.parametrize("name", ["session", "exercise", "program"])
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(name))


def test_every_code_has_a_case() -> None:
    cases = {code for case in CASES for _, _, _, code in expected(case.read_text(encoding="utf-8"))}
    tests = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    assert {code for code in CODES if code not in cases and f'"{code}"' not in tests} == set()
    assert cases <= CODES.keys()


def test_severities_of_the_cases_are_those_of_the_codes() -> None:
    for case in CASES:
        for diagnostic in check(case):
            assert diagnostic.severity is CODES[diagnostic.code].severity


def as_file(example: str) -> str:
    """Return an example of the documentation as a whole file."""
    if not example.startswith("- "):
        return example
    return "title: T\nsteps:\n" + "".join(f"  {line}\n" for line in example.split("\n"))


LANGUAGE_CODES = [code for room, codes in ROOMS if room in LANGUAGE_ROOMS for code in codes if code.bad]


@pytest.mark.parametrize("code", LANGUAGE_CODES, ids=lambda code: code.name)
def test_documented_examples_are_true(code: Any) -> None:
    assert [each.code for each in check_text(as_file(code.bad), "bad.yaml", None)] == [code.name]
    assert check_text(as_file(code.good), "good.yaml", None) == ()


def test_nothing_speaks_of_what_may_come() -> None:
    words = " ".join(f"{code.summary} {code.meaning}" for code in CODES.values())
    said = " ".join(f"{each.message} {each.fix}" for case in CASES for each in check(case))
    assert not re.search(r"\blater\b", f"{words} {said}", re.IGNORECASE)
