"""PyYAML's own parser reads a session exactly as libyaml does."""

from __future__ import annotations

import pytest
import yaml

from breathcue.diagnostics import Diagnostic
from breathcue.diagnostics.render import render_json
from breathcue.language import tree
from breathcue.language.load import check_text
from breathcue.language.parsers import PurePython

HEAD = "title: T\nneeds: "
TAIL = "\nsteps:\n  - say: Hello.\n"


def check(needs: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a session that needs this, where both parsers say the same."""
    return check_whole(HEAD + needs + TAIL, monkeypatch)


def check_whole(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a session, where both parsers say the same."""
    quick = check_text(text, "s.yaml", None)
    with monkeypatch.context() as patch:
        patch.setattr(tree, "LOADER", PurePython)
        slow = check_text(text, "s.yaml", None)
    assert render_json(slow) == render_json(quick)
    return slow


@pytest.fixture(autouse=True)
def _two_parsers() -> None:
    if not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml here")


@pytest.mark.parametrize(
    ("needs", "column", "fix"),
    [
        ("[a mat:, water]", 14, '"a mat:"'),
        ("[water, a mat:]", 21, '"a mat:"'),
        ("[a mat :, water]", 15, '"a mat :"'),
        ("{a mat:}", 14, '"a mat:"'),
        ("[a mat:[blue]]", 14, "`: `"),
        ("[a mat:{blue}]", 14, "`: `"),
        ("[a mat:?, water]", 14, "`: `"),
    ],
)
def test_a_colon_before_a_comma_or_bracket(
    needs: str, column: int, fix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = check(needs, monkeypatch)
    assert found.code == "not-yaml"
    assert found.place is not None
    assert (found.place.line, found.place.column) == (2, column)
    assert "colon" in found.message
    assert found.fix is not None
    assert fix in found.fix


@pytest.mark.parametrize(
    "needs", ["[a mat?, water]", "[a mat ?]", "[why?not, water]", "[a mat:blue]", "[http://x]", '["a:", b]']
)
def test_question_marks_and_colons_inside_a_text(needs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(needs, monkeypatch) == ()


@pytest.mark.parametrize(
    "needs",
    [
        "[?a]",
        "[? a]",
        "[?, b]",
        "[a, ?]",
        "[?]",
        "[? : b]",
        "{?, b: c}",
        "{?}",
        "{? a}",
        "[:, a]",
        "[a: , b]",
        "[a:\n  b]",
    ],
)
def test_what_is_wrong_is_wrong_in_the_same_way(needs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(needs, monkeypatch)


@pytest.mark.parametrize(
    ("needs", "column", "written"),
    [
        ("[a mat, !water]", 16, "`!water]`"),
        ("![a mat]", 8, "`![a`"),
        ("[!a, b]", 9, "`!a,`"),
        ("!a!b c", 8, "`!a!b`"),
        ("!!a[b]\nsteps", 8, "`!!a[b]`"),
        ("!<a,b> c", 8, "`!<a,b>`"),
        ("!!str a", 8, "`!!str`"),
        ("&a !b c", 11, "`!b`"),
    ],
)
def test_a_tag_is_refused_however_it_is_written(
    needs: str, column: int, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = check(needs, monkeypatch)
    assert found.code == "tag-refused"
    assert written in found.message
    assert found.place is not None
    assert (found.place.line, found.place.column) == (2, column)


@pytest.mark.parametrize("needs", [r'"a m\qt"', r'["a m\q", b]', r'"\q"'])
def test_a_backslash_is_shown_where_it_stands(needs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [each for each in check(needs, monkeypatch) if each.code == "not-yaml"]
    assert [each.place.column for each in found if each.place] == [len("needs: ") + needs.index("\\") + 1]


@pytest.mark.parametrize("header", ["|", ">", "|-", ">2", "|#what it is", ">-# what it is", "| # what it is"])
def test_a_comment_after_the_mark_of_a_long_text(header: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = check(f"[water]\nauthor: {header}\n  Ann\nzebra: Hello.", monkeypatch)
    assert [(each.code, each.place.line) for each in found if each.place] == [("unknown-key", 5)]


def test_a_last_line_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    found = check_whole("title: T\nsteps:\n  - say: Hello.\n  - repeat: ", monkeypatch)
    assert {each.place.line for each in found if each.place} == {4}
