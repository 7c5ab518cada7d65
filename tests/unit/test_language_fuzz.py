"""Whatever is in a file, loading it never raises, and every place it gives is inside the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.diagnostics import Diagnostic
from breathcue.diagnostics.render import render_github, render_json, render_text
from breathcue.language import tree
from breathcue.language.load import check_text
from breathcue.language.parsers import PurePython

CASES = Path(__file__).parents[1] / "diagnostics" / "cases"
FULL = (CASES / "valid-full.yaml").read_text(encoding="utf-8")
PROGRAM = (CASES / "valid-program.yaml").read_text(encoding="utf-8")
LINES = FULL.splitlines(keepends=True)
BITS = [
    *":-#'\"{}[]&*!|>%@`,?~\t \n\r\\",
    "\r\n",
    "  ",
    "- ",
    ": ",
    "0",
    "-1",
    "99999999999",
    "1:75",
    "10-5",
    "{side}",
    "{sid}",
    "{{",
    "&a ",
    "*a",
    "<<: ",
    "!!python/object ",
    "---\n",
    "...\n",
    "🙂",
    "呼吸",
    "\u2028",
    "\x00",
    "\ud800",
    "null",
    "steps:",
    "weeks:",
    "60-100%",
    "rep:",
    "say: ",
]


@st.composite
def mutated(draw: st.DrawFn, text: str = FULL) -> str:
    """Return a file, the full session if no other is named, after a few cuts, copies and insertions."""
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        match draw(st.sampled_from(["insert", "cut", "copy", "swap"])):
            case "insert":
                text = text[:at] + draw(st.sampled_from(BITS)) + text[at:]
            case "cut":
                text = text[:at] + text[at + draw(st.integers(1, 30)) :]
            case "copy":
                start = draw(st.integers(0, len(text)))
                text = text[:at] + text[start : start + draw(st.integers(1, 60))] + text[at:]
            case "swap":
                lines = text.splitlines(keepends=True) or [""]
                one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
                lines[one], lines[other] = lines[other], lines[one]
                text = "".join(lines)
    return text


def assert_sound(found: tuple[Diagnostic, ...], text: str) -> None:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in found:
        for place in (each.place, *(related.place for related in each.related)):
            assert place is not None
            if place.file != "s.yaml":
                continue
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert place.column < place.end_column <= max(len(lines[place.line - 1]) + 1, place.column + 1)
            assert place.source in ("", lines[place.line - 1])
    assert list(found) == sorted(
        found, key=lambda each: (each.place.line, each.place.column) if each.place else ()
    )
    assert len(render_text(found).split("\n\n")) >= (1 if found else 0)
    assert render_json(found).startswith("[")
    assert render_github(found).count("\n") == max(len(found) - 1, 0)


@settings(max_examples=300, deadline=None)
@given(mutated())
def test_mutations_of_a_full_session(text: str) -> None:
    assert_sound(check_text(text, "s.yaml", None), text)


@settings(max_examples=200, deadline=None)
@given(mutated(PROGRAM))
def test_mutations_of_a_full_program(text: str) -> None:
    assert_sound(check_text(text, "s.yaml", None), text)


@settings(max_examples=100, deadline=None)
@given(mutated())
def test_mutations_under_the_other_parser(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        quick = check_text(text, "s.yaml", None)
        patch.setattr(tree, "LOADER", PurePython)
        slow = check_text(text, "s.yaml", None)
    assert_sound(slow, text)
    # Codes only: where several things break the YAML (a tab or a line with `%` among them), each parser may give up at
    # another one first.
    assert [each.code for each in slow] == [each.code for each in quick]


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from(":-#'\"{}[]&*!|>%@`,?~\t \n\r\\abx019."), st.characters()),
        max_size=60,
    )
)
def test_any_text(text: str) -> None:
    assert_sound(check_text(text, "s.yaml", None), text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    for each in check_text(data, "s.yaml", None):
        assert each.place is not None


@pytest.mark.parametrize(
    "text",
    [
        "title: " + "[" * 1_000_000,
        "title: " + "{a: " * 200_000,
        "- " * 500_000,
        "? " * 500_000,
        "title: T\nsteps:\n  - wait: " + "9" * 1_000_000,
        "title: T\npace: '" + " " * 1_000_000 + "x'",
        'title: "' + "{a}" * 300_000 + '"',
        "needs: [" + "[a], " * 20_000 + "]",
        ":" * 1_000_000,
    ],
    ids=range(9),
)
def test_hostile_texts_are_answered(text: str) -> None:
    found = check_text(text, "s.yaml", None)
    assert found
    assert len(render_text(found)) < 1_000_000
