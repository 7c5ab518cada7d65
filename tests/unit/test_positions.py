"""From one position to another: every pair has its way and its time, and a body is given both."""

from __future__ import annotations

from itertools import product

import pytest

from breathcue.compiler.phrases import languages, load_phrases
from breathcue.compiler.positions import (
    ANYWHERE,
    Way,
    exact_position,
    is_in,
    is_lying,
    load_positions,
    way_between,
)
from breathcue.language.data import read_yaml_data
from breathcue.language.names import positions
from breathcue.language.wording import spoken, wording
from breathcue.timeline.model import PhaseKind, Side, Timeline
from compiling import compile_text, routine_of

ALL = tuple(load_positions("en"))
PAIRS = [(here, there) for here, there in product(ALL, ALL) if here != ANYWHERE and not is_in(here, there)]
ON_FEET = {"standing", "squatting", "seated-on-chair"}
ON_KNEES = {"hands-and-knees", "forearms-and-knees"}
TRIVIAL = {
    *product(ALL, [ANYWHERE]),
    *product([*ON_KNEES, "kneeling"], [*ON_KNEES, "kneeling", "half-kneeling", "plank"]),
    *product(["half-kneeling"], ["kneeling", "plank"]),
    ("kneeling", "half-kneeling"),
    ("standing", "squatting"),
    ("side-lying", "side-lying-left"),
    ("side-lying", "side-lying-right"),
}
"""Ways of which there is nothing to say: what the exercise says of its position is all."""


def test_lying_on_the_left_and_on_the_right_are_positions_of_their_own() -> None:
    assert set(ALL) - set(positions()) == {"side-lying-left", "side-lying-right"}


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_every_pair_has_a_way_and_a_time(here: str, there: str) -> None:
    way = way_between(here, there)
    assert 5_000 <= way.time <= 20_000
    assert way.steps or (here, there) in TRIVIAL


@pytest.mark.parametrize("there", ALL)
@pytest.mark.parametrize("here", [None, ANYWHERE])
def test_of_an_unknown_start_nothing_is_assumed(here: str | None, there: str) -> None:
    assert way_between(here, there) == Way((), load_positions("en")[there].time)


@pytest.mark.parametrize(("here", "there"), PAIRS)
def test_times_are_those_that_bodies_need(here: str, there: str) -> None:
    """See FIELD facts in docs/writing-sessions.md: sources of the times."""
    time = way_between(here, there).time
    if there == ANYWHERE:
        return
    if {here, there} <= ON_FEET:
        assert 5_000 <= time <= 10_000
    elif there == "prone" and here not in ON_FEET:
        assert 10_000 <= time <= 12_000
    elif (
        there == "supine" or (is_lying(here) and there in ON_KNEES) or (is_lying(there) and here in ON_KNEES)
    ):
        assert 10_000 <= time <= 20_000


def test_nobody_sits_straight_up_or_drops_to_the_floor() -> None:
    for there in ALL:
        way = way_between("supine", there).steps
        assert not way or way[0].startswith("roll"), there
        if is_lying(there):
            assert way_between("standing", there).steps[0] == "down-to-knees"


def test_no_rule_is_there_in_vain_and_every_group_is_one_of_positions() -> None:
    data = read_yaml_data("ways.yaml")
    used = {way_between(here, there) for here, there in PAIRS}
    for rule in data["ways"]:
        assert any(list(way.steps) == rule["way"] for way in used), rule
        for end in (rule.get("from"), rule["to"]):
            assert end is None or end in ALL or end in data["groups"], rule
    assert {name for group in data["groups"].values() for name in group} <= set(ALL)
    assert {step for way in used for step in way.steps} == set(load_phrases("en").data["ways"])


@pytest.mark.parametrize("language", languages())
def test_no_way_needs_eyes_shames_or_says_too_much(language: str) -> None:
    lists = wording(language)
    assert lists is not None
    for name, text in load_phrases(language).data["ways"].items():
        assert len(text.split()) <= 25, name
        assert text.endswith(".")
        assert text[0].isupper()
        for group in (*lists.eyes, *lists.harsh):
            assert not group.runs.any(spoken(text)), (name, group.better)


def transitions(timeline: Timeline) -> list[tuple[str, int, list[str]]]:
    """Return the label of each change of position, how long it leaves to move in quiet, and what is said."""
    found = []
    for phase in timeline.phases:
        if phase.kind is PhaseKind.TRANSITION:
            said = [
                cue
                for cue in timeline.cues
                if cue.track == "voice" and phase.start_ms <= cue.start_ms < phase.end_ms
            ]
            quiet = phase.duration_ms - sum(cue.duration_ms for cue in said)
            found.append((phase.label, quiet, [cue.text for cue in said]))
    return found


def session(*steps: str, head: str = "") -> str:
    return (
        f"title: T\n{head}exercises:\n"
        "  bare: {title: Bare, position: prone, rep: [{exhale: 4s}], reps: 1}\n"
        "  press: {title: Press, position: standing, equipment: [a wall], setup: [Stand at the wall.],"
        " rep: [{exhale: 4s}], reps: 1}\n"
        "  squeeze: {title: Squeeze, position: standing, equipment: [a Wall, a ball], setup: [Stand at the wall.],"
        " rep: [{exhale: 4s}], reps: 1}\n"
        "  open: {title: Open, position: side-lying, sides: each, setup: ['Lie on your {other} side.'],"
        " rep: [{exhale: 4s, say: 'Your {side} arm.'}], reps: 1}\n"
        "steps:\n" + "".join(f"  - {step}\n" for step in steps)
    )


def changes(*steps: str, head: str = "") -> list[tuple[str, int, list[str]]]:
    return transitions(compile_text(session(*steps, head=head)).timeline)


def test_the_way_comes_before_the_place_and_all_the_quiet_is_the_time_of_the_way() -> None:
    _, (label, quiet, said) = changes("{exercise: bridge, reps: 1}", "{exercise: cat-cow, reps: 1}")
    assert label == "On hands and knees"
    assert said == ["Roll onto your side, and press up with your hands.", "Come onto your hands and knees."]
    assert 15_000 <= quiet <= 15_100


def test_the_authors_time_is_the_whole_of_it() -> None:
    step = "{exercise: cat-cow, reps: 1, transition: 7s}"
    _, (_, quiet, said) = changes("{exercise: bridge, reps: 1}", step)
    assert len(said) == 2
    assert 7_000 <= quiet <= 7_100


def test_a_long_time_of_the_authors_is_framed() -> None:
    ((_, quiet, said),) = changes("{exercise: cat-cow, reps: 1, transition: 2m}")
    assert said[1:] == [
        "One minute and forty-five seconds left.",
        "One minute and thirty seconds left.",
        "One minute left.",
        "Thirty seconds left.",
        "Ten seconds left.",
    ]
    assert 120_000 <= quiet <= 120_200


def test_where_the_author_says_nothing_of_the_position_the_coach_does() -> None:
    _, (_, _, said) = changes("{exercise: bridge, reps: 1}", "{exercise: bare}")
    assert said == ["Roll over slowly, by way of your side.", "Take your time to come onto your front."]


def test_words_and_breaths_between_leave_the_body_where_it_is() -> None:
    between = "breathe: {inhale: 4s, exhale: 4s, rounds: 1}"
    found = changes("{exercise: bridge, reps: 1}", "say: Good.", between, "{exercise: pelvic-tilt, reps: 1}")
    assert len(found) == 1


def test_changing_sides_while_lying_on_one_is_a_way_with_its_time() -> None:
    come, switch = changes("exercise: open")
    assert come[0] == "On your left side"
    assert switch[2] == [
        "Switch sides.",
        "Roll across your back, onto your other side.",
        "Lie on your right side.",
    ]
    assert 12_000 <= switch[1] - 1_200 - 900 <= 12_200, "beside the bell and the pause after the first words"


def test_the_side_one_lies_on_is_known_from_one_exercise_to_the_next() -> None:
    first = changes("exercise: open", "{exercise: side-lying-leg-lift, first-side: left, reps: 1}")
    assert [said[0] for _, _, said in first] == ["Lie on your left side.", "Switch sides.", "Switch sides."]
    again = changes("exercise: open", "{exercise: side-lying-leg-lift, reps: 1}")
    assert again[2][2][0] == "Roll across your back, onto your other side."


def test_a_set_that_begins_on_the_side_that_one_lies_on_has_nobody_turn_over() -> None:
    found = changes("{exercise: open, sets: 2, first-side: alternate}")
    assert [said[0] for _, _, said in found] == ["Lie on your left side.", "Switch sides.", "Switch sides."]
    back = changes("{exercise: open, sets: 2}")
    assert back[2][2][0] == "Roll across your back, onto your other side."


def test_who_alternates_sides_does_not_turn_over() -> None:
    routine = routine_of(session("exercise: open").replace("sides: each", "sides: alternate"))
    (step,) = routine.steps
    assert exact_position(step.exercise, Side.RIGHT) == "side-lying"


def test_things_are_fetched_before_the_exercise_unless_they_are_at_hand() -> None:
    found = changes("exercise: press", "exercise: squeeze", "exercise: press")
    fetched = [said[0] for label, _, said in found if label == "What you need"]
    assert fetched == [
        "For this, you will need a wall. Take your time.",
        "For this, you will need a ball. Take your time.",
    ]


def test_things_are_out_of_reach_after_an_exercise_elsewhere() -> None:
    found = changes("exercise: press", "{exercise: bridge, reps: 1}", "exercise: press")
    assert [label for label, _, _ in found].count("What you need") == 2


@pytest.mark.parametrize(
    ("needs", "least"), [("", 20_000), ("needs: [water, A wall without pictures]\n", 8_000)]
)
def test_what_nobody_has_spoken_of_takes_longer_to_fetch(needs: str, least: int) -> None:
    fetch, _ = changes("exercise: press", head=needs)
    assert least <= fetch[1] <= least + 100


PRESS_BACK = "Set your hands under your shoulders, and press back onto your knees."
RISE = "From your knees, set one foot forward and rise, with a hand on a chair if you like."
GO_DOWN = "Step one foot back, and come down onto your knees, with a hand on a chair if you like."
WALK_FORWARD = "Walk your hands forward, and lower yourself down."


def fetching(first: str, place: str, needs: str) -> list[str]:
    """Return what is said from the name of an exercise on whose towel has to be fetched, after ``first``."""
    text = session(f"exercise: {first}", "exercise: far", head=f"needs: [{needs}]\n")
    far = (
        f"  far: {{title: Far, position: {place}, equipment: [a towel], setup: [Come up.], rep: [{{exhale: 4s}}],"
        " reps: 1}\nsteps:"
    )
    words = [cue.text for cue in compile_text(text.replace("steps:", far)).timeline.cues]
    return words[words.index("One repetition.", words.index("Now: Far.")) + 1 :]


@pytest.mark.parametrize(
    ("first", "place", "up", "down"),
    [
        ("press", "standing", [], []),
        ("bare", "standing", [PRESS_BACK, RISE], []),
        ("bare", "prone", [PRESS_BACK, RISE], [GO_DOWN, WALK_FORWARD]),
    ],
)
def test_who_has_to_go_for_something_is_told_the_way_up_and_then_the_place_again(
    first: str, place: str, up: list[str], down: list[str]
) -> None:
    fetch = "For this, you will need a towel. Take your time."
    said = [*up, fetch, "Ten seconds left.", *down, "Come up."]
    assert fetching(first, place, "a wall")[: len(said)] == said


def test_who_is_to_stand_anyway_gets_up_before_reaching_for_what_is_known() -> None:
    fetch = "For this, you will need a towel. Take your time."
    assert fetching("bare", "standing", "a wall, a towel")[:4] == [PRESS_BACK, RISE, fetch, "Come up."]
    assert fetching("bare", "prone", "a wall, a towel")[0] == fetch, "it is within reach of the floor"


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("{exercise: bridge, reps: 1}", "Roll onto your side, and press up with your hands."),
        ("exercise: bare", "Set your hands under your shoulders, and press back onto your knees."),
        ("exercise: open", "Press up with both hands."),
        ("{exercise: cat-cow, reps: 1}", None),
        ("exercise: press", None),
    ],
)
def test_who_lies_at_the_end_hears_how_to_get_up(last: str, said: str | None) -> None:
    def outro(*steps: str) -> list[str]:
        return [cue.text for cue in compile_text(session(*steps)).timeline.cues if cue.kind == "outro"]

    kindly = "Rest as long as you like, and get up slowly."
    assert outro(last)[1:] == ([kindly, said] if said else [])
    assert outro(last, "say: Get up when you like.")[1:] == [], "the author's words are enough"
