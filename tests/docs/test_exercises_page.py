"""docs/exercises.md lists what the library has."""

from __future__ import annotations

from breathcue.language import exercises_page
from breathcue.language.keys import EXERCISE_KINDS
from breathcue.language.names import DEFAULT_LANGUAGE, exercises, languages
from workspace import ROOT


def test_the_page_is_what_the_generator_writes() -> None:
    written = (ROOT / exercises_page.PAGE).read_text(encoding="utf-8")
    assert written == exercises_page.page(), "run: python -m breathcue.language.exercises_page"


def test_every_exercise_has_one_row() -> None:
    page = exercises_page.page()
    assert {name for name in exercises() if page.count(f"\n| `{name}` |") != 1} == set()
    assert page.count("\n## ") == len(EXERCISE_KINDS)


def test_the_readme_tells_how_many_there_are() -> None:
    assert f"[{len(exercises())} exercises](docs/exercises.md)" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )


def test_the_language_page_tells_how_many_are_told_elsewhere() -> None:
    page = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    told = {len(exercises(language)) for language in languages() if language != DEFAULT_LANGUAGE}
    assert [f"and {number} of the [built-in exercises](exercises.md)" in page for number in told] == [True]
