"""``breathcue library`` as a user meets it: finding exercises, showing one, and what is said where there is none."""

from __future__ import annotations

import json

import pytest

from breathcue.cli.main import execute


def run(*args: str) -> int:
    return execute(["library", *args])


def test_without_a_terminal_every_exercise_has_one_whole_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) - 4 == int(lines[-1].split()[0])
    assert not any("…" in line for line in lines)


def test_all_of_them_are_listed_in_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("breathcue.cli.reporting.columns_for_rows", lambda: 80)
    assert run("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert not any("…" in line for line in lines)
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["Exercise", "Called", "Position", "For", "Needs"]
    assert any(line.startswith("cat-cow ") for line in lines)
    assert lines[-1].endswith(" exercises.")


def test_options_narrow_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list", "--kind", "pelvic-floor", "--position", "seated-on-chair", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found] == ["pelvic-floor-seated", "the-knack"]


def test_words_find_exercises(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", "twist") == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("seated-twist ")


def test_one_is_shown_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "figure-four") == 0
    shown = capsys.readouterr().out
    assert "- exercise: figure-four" in shown
    assert "Cross your right ankle over your left thigh" in shown
    assert "  move (exhale)   4 s  Exhale. Draw your left thigh toward you" in shown
    assert "\nInstead   knee-rolls\n" in shown
    assert all(
        f"\n{row} " in shown for row in ("Easier", "Harder", "Not with", "Impact", "Told in", "Sources")
    )
    assert max(map(len, shown.splitlines())) <= 80


def test_one_is_shown_in_its_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "heel-slide", "--language", "de") == 0
    assert "die rechte Ferse" in capsys.readouterr().out


def test_one_is_told_to_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "box-breath", "--format", "json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["levels"] == ["normal", "easier", "harder"]
    assert [phase["duration_ms"] for phase in told["rep"]] == [4000, 4000, 4000, 4000]
    assert told["easier"]["dose"] == "4 to 6 times, tempo 3 s, 2 s, 4 s, 2 s"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("show", "dead-bog"), "There is no exercise 'dead-bog'. Did you mean 'dead-bug'?"),
        (("show", "zzz"), "'breathcue library list' shows all there are."),
        (("show", "dead-bug", "--language", "de"), "'dead-bug' is not told in de; it is told in en."),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    args: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*args) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("search", "handstand"), "Try fewer words"),
        (("search", "handstand", "--kind", "stretch"), "Without those words there are "),
        (("list", "--body", "elbow"), "They are for: ankles, arms, back"),
        (
            ("list", "--equipment", "kettlebell", "--kind", "rest"),
            "Without --equipment kettlebell there is 1.",
        ),
        (("list", "--equipment", "kettlebell"), "They need: a chair, a cushion"),
    ],
)
def test_where_nothing_is_found_it_says_what_would_be(
    args: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*args) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_programs_are_given_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("search", "handstand", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []
