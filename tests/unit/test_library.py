"""The built-in exercises: all of them whole, sound at every level, and never a dead end for whom they are not for."""

from __future__ import annotations

from itertools import product

import pytest

from breathcue.diagnostics.render import render_text
from breathcue.language import names
from breathcue.language.index import (
    Entry,
    Wanted,
    entries,
    entry,
    instead_of,
    known_values,
    nearest_exercise,
    search,
    told_in,
)
from breathcue.language.load import check_text, load_text
from breathcue.language.routine import Guidance, Level, Sides, Variant
from breathcue.timeline import invariants
from compiling import compile_loaded

EVERY = [each for language in names.languages() for each in entries(language)]
ABROAD = [each for each in EVERY if each.language != names.DEFAULT_LANGUAGE]
ENGLISH = entries()


def label(each: Entry) -> str:
    return f"{each.language}-{each.name}"


def whole(each: Entry, level: Level = Level.NORMAL, guidance: Guidance = Guidance.BALANCED) -> str:
    """Return the smallest session in which an exercise is done."""
    head = f"title: T\nlanguage: {each.language}\nlevel: {level}\nguidance: {guidance}\n"
    return f"{head}steps:\n  - exercise: {each.name}\n"


def forms(each: Entry) -> dict[Level, Variant]:
    easier, harder = each.exercise.easier, each.exercise.harder
    assert easier is not None
    assert harder is not None
    return {Level.EASIER: easier, Level.HARDER: harder}


def test_there_are_exercises_of_every_group() -> None:
    assert len(ENGLISH) >= 45
    assert {each.kind for each in ENGLISH} >= {"strength", "mobility", "stretch", "breathing", "pelvic-floor"}


@pytest.mark.parametrize("each", ENGLISH, ids=label)
def test_an_exercise_tells_all_there_is_to_know(each: Entry) -> None:
    exercise = each.exercise
    assert exercise.position
    assert len(exercise.setup) >= 2
    assert exercise.form
    assert exercise.avoid_if
    assert exercise.instead
    assert each.body
    assert all(part == part.lower() for part in each.body)
    assert each.kind
    assert each.impact == "low"
    assert all(source.endswith(".") for source in each.sources)
    assert each.sources
    assert each.levels == (Level.EASIER, Level.HARDER)


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_the_first_words_that_name_a_phase_are_short_enough_to_repeat(each: Entry) -> None:
    for phase in each.exercise.rep:
        assert phase.say or phase.short or phase.kind == "hold"
        assert len((phase.short or phase.say).text.split()) <= 6 if phase.short or phase.say else True


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_nothing_is_said_against_an_exercise(each: Entry) -> None:
    assert check_text(whole(each), "s.yaml", None) == ()


def is_sound(each: Entry, level: Level, guidance: Guidance) -> None:
    compiled = compile_loaded(load_text(whole(each, level, guidance), "s.yaml", None))
    assert compiled.diagnostics == (), render_text(compiled.diagnostics)
    assert invariants.check(compiled.timeline) == ()


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_an_exercise_is_sound_at_every_level_and_guidance(each: Entry) -> None:
    # Levels change times and guidance changes words: what differs in one only is tried always.
    for level in Level:
        is_sound(each, level, Guidance.BALANCED)
    for guidance in Guidance:
        is_sound(each, Level.NORMAL, guidance)


@pytest.mark.slow
@pytest.mark.parametrize("each", EVERY, ids=label)
def test_an_exercise_is_sound_at_every_level_with_every_guidance(each: Entry) -> None:
    for level, guidance in product(Level, Guidance):
        is_sound(each, level, guidance)


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_an_easier_form_asks_for_less_and_a_harder_one_for_more(each: Entry) -> None:
    exercise = each.exercise
    for level, form in forms(each).items():
        dose = form.dose
        sign = 1 if level is Level.HARDER else -1
        assert form.say is not None or form.exercise is not None
        changes = [dose.reps and (dose.reps.low - exercise.reps.low), dose.sets and dose.sets.low - 1]
        held = [phase.duration for phase in exercise.rep if phase.kind == "hold"]
        changes += [dose.hold - most for most in held if dose.hold]
        changes += [sum(dose.tempo) - sum(phase.duration for phase in exercise.rep)] if dose.tempo else []
        assert all(sign * (change or 0) >= 0 for change in changes), level


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_whoever_is_to_avoid_an_exercise_is_led_to_one_that_suits(each: Entry) -> None:
    for reason in each.exercise.avoid_if:
        here, seen = each, [each.name]
        while reason.text in {words.text for words in here.exercise.avoid_if}:
            assert here.exercise.instead is not None, (reason.text, seen)
            there = entry(here.exercise.instead.text, each.language)
            assert there is not None, (reason.text, here.exercise.instead.text)
            assert there.name not in seen, (reason.text, seen)
            here, seen = there, [*seen, there.name]


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_a_form_that_is_another_exercise_leads_to_one_that_is_told(each: Entry) -> None:
    for level in (Level.EASIER, Level.HARDER):
        here, seen = each, [each.name]
        while (other := forms(here)[level].exercise) is not None:
            there = entry(other.text, each.language)
            assert there is not None, other.text
            assert there.name not in seen, seen
            here, seen = there, [*seen, there.name]


@pytest.mark.parametrize("each", ABROAD, ids=label)
def test_an_exercise_is_the_same_movement_in_every_language(each: Entry) -> None:
    def facts(told: Entry) -> object:
        exercise = told.exercise
        phases = [
            (p.kind, p.duration, p.breath, p.count, bool(p.to), bool(p.say), bool(p.short))
            for p in exercise.rep
        ]
        shape = (
            len(exercise.setup),
            len(exercise.form),
            exercise.position,
            exercise.sides,
            exercise.first_side,
        )
        amount = exercise.reps, exercise.ladder, exercise.work, exercise.sets, exercise.rest, exercise.pace
        others = [
            (form.dose, bool(form.say), form.exercise and form.exercise.text) for form in forms(told).values()
        ]
        around = len(exercise.avoid_if), exercise.instead and exercise.instead.text, len(exercise.equipment)
        return phases, shape, amount, others, around, told.kind, told.impact

    original = entry(each.name)
    assert original is not None
    assert facts(each) == facts(original)
    assert each.exercise.place.file.split("/")[-2] == each.language


@pytest.mark.parametrize("each", EVERY, ids=label)
def test_sides_are_full_on_both(each: Entry) -> None:
    if each.exercise.sides is Sides.NONE:
        return
    timeline = compile_loaded(load_text(whole(each), "s.yaml", None)).timeline
    done = [(phase.side, phase.rep) for phase in timeline.phases if phase.rep]
    right, left = ({rep for side, rep in done if side == name} for name in ("right", "left"))
    assert right == left == set(range(1, each.exercise.reps.low + 1))


def names_of(**wanted: object) -> list[str]:
    return [each.name for each in search(Wanted(**wanted))]  # type: ignore[arg-type]


def test_words_find_names_before_what_is_said() -> None:
    found = names_of(words=("bridge",))
    assert found[:2] == ["bridge", "marching-bridge"]
    assert names_of(words=("bridges",))[0] == "bridge"
    assert names_of(words=("Child's pose",))[0] == "childs-pose"
    assert names_of(words=("pelvic floor", "cough"))[0] == "the-knack"
    assert names_of(words=("handstand",)) == []


def test_accents_may_be_left_out() -> None:
    assert [each.name for each in search(Wanted(("ruecken",)), "de")] == []
    assert "pelvic-tilt" in [each.name for each in search(Wanted(("rucken",)), "de")]
    assert "shoulder-blade-squeeze" in [each.name for each in search(Wanted(("omoplatos",)), "es")]


def test_what_it_is_for_narrows_what_is_found() -> None:
    assert set(names_of(body="back")) > set(names_of(body="lower back")) >= {"pelvic-tilt", "knee-rolls"}
    assert all(entry(name).exercise.position == "prone" for name in names_of(position="prone"))  # type: ignore[union-attr]
    assert names_of(kind="pelvic-floor", equipment="chair") == ["pelvic-floor-seated", "the-knack"]
    assert all(not entry(name).equipment for name in names_of(equipment="none"))  # type: ignore[union-attr]
    assert len(names_of(level=Level.HARDER)) == len(ENGLISH)


def test_where_nothing_is_found_it_is_known_what_would_be() -> None:
    assert instead_of(Wanted(("handstand",), body="core")) == {"words": len(names_of(body="core"))}
    assert instead_of(Wanted(body="elbow")) == {}
    assert "core" in known_values("body")
    assert "a chair" in known_values("equipment")


def test_the_nearest_exercise_is_found_by_its_name_or_its_title() -> None:
    assert nearest_exercise("dead-bog") == "dead-bug"
    assert nearest_exercise("Cat Cow") == "cat-cow"
    assert nearest_exercise("Schulterbrücke", "de") == "bridge"
    assert nearest_exercise("zzz") is None


def test_an_exercise_knows_the_languages_it_is_told_in() -> None:
    assert told_in("cat-cow") == names.languages()
    assert told_in("dead-bug") == ("en",)
    assert told_in("zumba") == ()
    assert entry("dead-bug", "de") is None


@pytest.mark.parametrize("language", [each for each in names.languages() if each != "en"])
def test_the_first_ones_are_told_in_every_language(language: str) -> None:
    first = {"pelvic-tilt", "cat-cow", "bird-dog", "bridge", "side-lying-leg-lift"}
    then = {"childs-pose", "knee-to-chest", "clamshell", "pelvic-floor-slow", "shoulder-roll", "sit-to-stand"}
    assert first | then <= set(names.exercises(language)) <= set(names.exercises())
