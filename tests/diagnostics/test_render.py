"""How diagnostics look: the caret under the exact words, whatever the line is made of."""

from __future__ import annotations

import json

import pytest

from breathcue.diagnostics import Diagnostic, Place, Related, Severity
from breathcue.diagnostics.render import WIDTH, render_github, render_json, render_text


def at(source: str, words: str, **options: object) -> Diagnostic:
    start = source.index(words)
    place = Place("s.yaml", 12, start + 1, start + 1 + len(words), source)
    return Diagnostic("unknown-key", "There is no such key.", place, **options)  # type: ignore[arg-type]


def shown(diagnostic: Diagnostic) -> list[str]:
    return render_text([diagnostic]).split("\n")


def test_a_whole_diagnostic() -> None:
    first = Related("it stands here first", Place("s.yaml", 7, 5, 9, "    reps: 8"))
    found = at("    reps: 10", "reps", fix="Keep one.", related=(first,))
    assert render_text([found]) == (
        "s.yaml:12:5: error[unknown-key]: There is no such key.\n"
        "  12 |     reps: 10\n"
        "     |     ^^^^\n"
        "  fix: Keep one.\n"
        "  see: s.yaml:7:5: it stands here first\n"
        "  7 |     reps: 8\n"
        "    |     ^^^^"
    )


@pytest.mark.parametrize(
    ("source", "words", "line", "caret"),
    [
        ("say: 健康 {sid}", "{sid}", "say: 健康 {sid}", "          ^^^^^"),
        ("say: 健康", "健康", "say: 健康", "     ^^^^"),
        ("say: 🙂 x", "x", "say: 🙂 x", "        ^"),
        ("say: e\u0301 x", "x", "say: e\u0301 x", "       ^"),
        ("\tsay: x", "say", "    say: x", "    ^^^"),
        ("a\tb", "b", "a   b", "    ^"),
        ("a\x1b[31mb", "b", "a\ufffd[31mb", "      ^"),
        ("a \u202eb", "b", "a \ufffdb", "   ^"),
    ],
)
def test_the_caret_stands_under_the_words(source: str, words: str, line: str, caret: str) -> None:
    assert shown(at(source, words))[1:3] == [f"  12 | {line}", f"     | {caret}"]


@pytest.mark.parametrize("before", [0, 30, 500, 5000])
@pytest.mark.parametrize("after", [0, 200, 5000])
def test_a_long_line_is_cut_around_the_caret(before: int, after: int) -> None:
    _, line, caret, *_ = shown(at("a" * before + "HERE" + "b" * after, "HERE"))
    column = caret.index("^")
    assert line[column : column + 4] == "HERE"
    assert caret.count("^") == 4
    assert len(line) <= WIDTH + 12


def test_a_long_run_is_cut_with_its_line() -> None:
    _, line, caret, *_ = shown(at("x: " + "w" * 5000, "w" * 5000))
    assert len(caret) <= len(line) <= WIDTH + 12


def test_no_excerpt_where_there_is_no_line() -> None:
    assert shown(Diagnostic("file-unreadable", "It cannot be read.", Place("s.yaml", 1))) == [
        "s.yaml:1:1: error[file-unreadable]: It cannot be read."
    ]
    assert shown(Diagnostic("voice-missing", "No voice.")) == ["error[voice-missing]: No voice."]


def test_colour_only_when_asked() -> None:
    found = at("reps: 10", "reps", severity=Severity.WARNING)
    assert "\x1b" not in render_text([found])
    assert "\x1b[33m" in render_text([found], colour=True)


def test_a_file_name_cannot_command_the_terminal() -> None:
    assert "\x1b" not in render_text([Diagnostic("x", "m\x1b[2J", Place("\x1b]0;x\x07", 1))])


def test_json_is_what_the_documentation_says() -> None:
    related = (Related("here", Place("s.yaml", 1, 2, 3, "ab")),)
    assert json.loads(render_json([at("say: 健康", "健康", related=related), Diagnostic("x", "y")])) == [
        {
            "code": "unknown-key",
            "severity": "error",
            "message": "There is no such key.",
            "fix": None,
            "file": "s.yaml",
            "line": 12,
            "column": 6,
            "end_column": 8,
            "source": "say: 健康",
            "related": [
                {"message": "here", "file": "s.yaml", "line": 1, "column": 2, "end_column": 3, "source": "ab"}
            ],
        },
        {
            "code": "x",
            "severity": "error",
            "message": "y",
            "fix": None,
            "file": None,
            "line": None,
            "column": None,
            "end_column": None,
            "source": None,
            "related": [],
        },
    ]
    assert json.loads(render_json([])) == []


def test_github_annotations_are_escaped() -> None:
    place = Place("a,b:c%.yaml", 3, 5, 9, "x")
    found = Diagnostic("unknown-key", "100 %: a,b\nnext", place, "Fix it.", Severity.WARNING)
    assert render_github([found]) == (
        "::warning file=a%2Cb%3Ac%25.yaml,line=3,col=5,endColumn=9,title=unknown-key"
        "::100 %25: a,b%0Anext%0AFix it."
    )
