"""What ``check`` says of words: no false alarm on good ones, whole lists in every language, no harm from bad files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import breathcue
from breathcue.diagnostics import Diagnostic
from breathcue.language.data import read_yaml_data
from breathcue.language.load import check_file, check_text, load_text
from breathcue.language.names import languages, positions
from breathcue.language.wording import Runs, language_of, spoken, wording
from workspace import SESSIONS

LIBRARY = Path(breathcue.__file__).parent / "library"
GOOD = sorted(
    (
        *SESSIONS,
        *(LIBRARY / "exercises").rglob("*.yaml"),
    )
)
TOLD_OF_WORDS = {
    "needs-eyes",
    "harsh-words",
    "long-cue",
    "several-actions",
    "side-not-named",
    "position-not-said",
}


def session(*said: str, language: str = "en") -> str:
    steps = "".join(f"  - say: {text!r}\n" for text in said)
    return f"title: T\nlanguage: {language}\nsteps:\n{steps}"


def found_in(*said: str, language: str = "en") -> tuple[Diagnostic, ...]:
    return check_text(session(*said, language=language), "s.yaml", None)


def data_of(language: str) -> dict[str, Any]:
    return read_yaml_data(f"wording/{language}.yaml")


def phrases(language: str, part: str) -> Iterator[tuple[str, str]]:
    """Yield each run of words that should not be said, and the wording that is shown instead."""
    for group in data_of(language)[part]:
        for phrase in group["words"]:
            yield phrase, group["better"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_is_said_against_good_words(path: Path) -> None:
    assert check_file(path) == ()


@pytest.mark.parametrize("language", languages())
def test_every_language_has_all_lists(language: str) -> None:
    own, english = data_of(language), data_of("en")
    assert own.keys() == english.keys()
    assert own["actions"].keys() == english["actions"].keys()
    assert set(own["positions"]) == set(positions()) - {"any"}
    assert all(own[key] for key in own.keys() - {"harmless"})


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("part", "code"), [("eyes", "needs-eyes"), ("harsh", "harsh-words")])
def test_every_phrase_is_found_and_what_is_better_is_better(language: str, part: str, code: str) -> None:
    for phrase, better in phrases(language, part):
        assert code in {each.code for each in found_in(phrase.upper(), language=language)}, phrase
        assert found_in(better, language=language) == (), better


@pytest.mark.parametrize("language", languages())
def test_the_line_that_says_a_position_says_it(language: str) -> None:
    lists = wording(language)
    assert lists is not None
    for name, posture in lists.positions.items():
        assert posture.runs.any(spoken(posture.say)), name


@pytest.mark.parametrize("path", sorted((LIBRARY / "exercises").rglob("*.yaml")), ids=str)
def test_the_language_of_an_exercise_is_heard_in_its_words(path: Path) -> None:
    folder = path.parent.name
    assert language_of([path.read_text(encoding="utf-8")]) == ("en" if folder == "exercises" else folder)


def test_words_that_tell_no_language_are_left_alone() -> None:
    assert language_of(["Hop hop hop"]) is None
    assert (
        check_text("title: Hop\nsetup: Like this.\nrep:\n  - move: 1s\n    say: Hop.\n", "e.yaml", None) == ()
    )


def test_a_fix_shows_a_better_wording() -> None:
    text = "title: T\nrep:\n  - exhale: 4s\n    say: Lift your hips, then slowly lower your chest.\n"
    (found,) = check_text(text, "e.yaml", None)
    assert found.code == "several-actions"
    assert found.fix == "Say `Lift your hips.` here, and `Lower your chest.` in a phase of its own."
    (found,) = found_in("Hold it like this.")
    assert found.fix == "Say what moves where, as in `Lift your arm beside your ear.`"


def test_a_long_cue_is_parted_after_a_sentence() -> None:
    (found,) = found_in("Let your back be heavy. " + "Let your arms be as heavy as your back, " * 4)
    assert found.code == "long-cue"
    assert found.fix == "Split it, for instance after `… back be heavy.`."


def test_rendering_and_live_leave_words_to_their_author() -> None:
    loaded = load_text(session("Hold your arm up like this."), "s.yaml", None)
    assert loaded.diagnostics == ()
    assert loaded.routine is not None


def test_words_are_looked_at_beside_errors() -> None:
    found = check_text(session("Watch me.") + "  - wait: soon\n", "s.yaml", None)
    assert [each.code for each in found] == ["needs-eyes", "bad-duration"]


def test_letters_with_their_accents_apart_are_letters() -> None:
    text = "title: T\nlanguage: de\nsteps:\n  - say: U\u0308ber Kopf, wie ich es tue.\n  - say: Reiß dich zusammen.\n"
    assert [each.code for each in check_text(text, "s.yaml", None)] == ["needs-eyes", "harsh-words"]


def test_runs_are_whole_words_in_order_and_never_share_one() -> None:
    runs = Runs(["watch me", "watch me closely", "me too", "no pain, no gain"])
    said = spoken("Watch  me closely! Watchme. Watch. Me too. No pain, no gain. Watch, me.")
    assert [said.written(run.first, run.last) for run in runs.find(said)] == [
        "Watch  me closely",
        "Me too",
        "No pain, no gain",
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "then",
                    "lift",
                    "lower",
                    "and",
                    "like",
                    "this",
                    "before",
                    "you",
                    ",",
                    ".",
                    ":",
                    "{side}",
                    "'",
                ]
            ),
            st.text(max_size=5),
        ),
        max_size=40,
    ),
    st.sampled_from(languages()),
)
def test_any_words_are_read(words: list[str], language: str) -> None:
    text = " ".join(words).replace("'", "''")
    file = (
        f"title: T\nlanguage: {language}\nexercises:\n  e:\n    title: E\n    sides: each\n    position: supine\n"
        f"    setup: '{text}'\n    rep:\n      - inhale: 4s\n        say: '{text}'\nsteps:\n  - exercise: e\n"
    )
    lines = re.split(r"\r\n|\r|\n", file)
    for each in check_text(file, "s.yaml", None):
        if each.code in TOLD_OF_WORDS:
            assert each.place is not None
            assert each.place.source == lines[each.place.line - 1]


@pytest.mark.parametrize(
    "said",
    [
        "lift then " * 200,
        "no " * 660,
        "like " * 390,
        "before you " * 180,
        "push through the " * 110,
        ", " * 900 + "lift",
        "{{" * 990 + "lift",
        "lift, " * 330,
    ],
)
def test_hostile_words_are_answered(said: str) -> None:
    file = (
        "title: T\nexercises:\n  e:\n    title: E\n    rep:\n"
        + f"      - inhale: 4s\n        say: '{said}'\n" * 60
    )
    found = check_text(file + "steps:\n  - exercise: e\n", "s.yaml", None)
    assert len(found) <= 501


def test_what_is_repeated_is_read_once() -> None:
    alias = "title: T\nsteps:\n  - say: &a " + "watch me " * 200 + "\n" + "  - say: *a\n" * 3_000
    assert {each.code for each in check_text(alias, "s.yaml", None)} == {"needs-eyes", "long-cue"}


@pytest.mark.parametrize("named", [True, False])
def test_an_exercise_that_repeats_itself_is_read_once(named: bool) -> None:
    first = f"&a lift your hips, {'then lower the hips, ' * 90}"
    exercise = f"title: E\nsides: each\nposition: supine\nsetup: [{{0}}{', *a' * 2_000}]\nrep:\n".format(
        f"'{first}'".replace("'&a ", "&a '")
    )
    exercise += "  - inhale: 4s\n    say: *a\n" * 2_000
    if named:
        inside = "".join(f"    {line}\n" for line in exercise.splitlines())
        exercise = f"title: T\naudience: postpartum\nexercises:\n  e:\n{inside}steps:\n  - say: *a\n  - exercise: e\n"
    found = {each.code for each in check_text(exercise, "s.yaml", None)}
    assert found >= {"several-actions", "long-cue", "position-not-said", "sides-without-placeholder"}
