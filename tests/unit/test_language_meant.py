"""Natural words for keys and values: one error each, with the word of the language."""

from __future__ import annotations

import pytest

from breathcue.language.load import load_text
from breathcue.language.quantities import Fault
from breathcue.language.read_program import find_zone

SESSION = "title: T\nexercises:\n  sway:\n    title: Sway\n    rep:\n      - {PHASE}\nsteps:\n  - {STEP}\n"


def fixes(step: str = "exercise: sway", phase: str = "{move: 4s, say: Sway.}") -> list[str | None]:
    text = SESSION.replace("{PHASE}", phase).replace("{STEP}", step)
    return [
        each.fix for each in load_text(text, "s.yaml", None).diagnostics if each.code != "unused-exercise"
    ]


@pytest.mark.parametrize(
    "written", ["reps: 8", "count: 5", "repetitions: 5", "times: 5", "cycles: 5", "for: 2m"]
)
def test_breaths_are_counted_in_rounds(written: str) -> None:
    assert fixes(f"breathe: {{inhale: 4s, exhale: 6s, {written}}}") == ["Did you mean `rounds`?"]


@pytest.mark.parametrize(
    ("step", "meant"),
    [
        ("pause: 20s", "`rest` or `wait`"),
        ("{exercise: sway, repetitions: 4}", "`reps`"),
        ("{exercise: sway, times: 4}", "`reps`"),
        ("{exercise: sway, count: 4}", "`reps`"),
        ("{exercise: sway, duration: 40s}", "`for`"),
        ("{exercise: sway, time: 40s}", "`for`"),
        ("{exercise: sway, length: 40s}", "`for`"),
    ],
)
def test_words_in_steps(step: str, meant: str) -> None:
    assert fixes(step) == [f"Did you mean {meant}?"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lift", "`move`"),
        ("lower", "`move` or `return`"),
        ("out", "`move` or `exhale`"),
        ("in", "`return` or `inhale`"),
    ],
)
def test_words_for_phases(word: str, meant: str) -> None:
    assert fixes(phase=f"{{{word}: 4s, say: Sway.}}") == [f"Did you mean {meant}?"]


def test_a_name_is_a_title() -> None:
    loaded = load_text("name: T\nsteps:\n  - say: Hello.\n", "s.yaml", None)
    assert [each.fix for each in loaded.diagnostics] == ["Did you mean `title`?"]


@pytest.mark.parametrize(
    ("written", "code"), [("german", "de"), ("English", "en"), ("Spanish", "es"), ("French", "fr")]
)
def test_a_language_by_its_name(written: str, code: str) -> None:
    loaded = load_text(f"title: T\nlanguage: {written}\nsteps:\n  - say: Hello.\n", "s.yaml", None)
    assert [(each.fix or "").partition("?")[0] for each in loaded.diagnostics] == [f"Did you mean `{code}`"]


@pytest.mark.parametrize(("city", "zone"), [("Berlin", "Europe/Berlin"), ("new york", "America/New_York")])
def test_a_zone_by_its_city(city: str, zone: str) -> None:
    found = find_zone(city)
    assert isinstance(found, Fault)
    assert found.fix == f"Did you mean `{zone}`?"
