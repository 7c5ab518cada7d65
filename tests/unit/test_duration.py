"""Sessions are fitted to a length by choosing inside ranges; what cannot be is told with what can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from breathcue.casting import SilentSpeech, silent_cast
from breathcue.compiler.compile import compile_routine
from breathcue.compiler.dials import Kind
from breathcue.compiler.duration import Choice
from breathcue.diagnostics import Diagnostic, RequestError, SessionError
from breathcue.language.load import load_session
from breathcue.language.quantities import parse_duration, written_duration
from breathcue.language.routine import Length, Level
from breathcue.timeline.invariants import check
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.time import Ms
from compiling import compile_loaded, compile_text, routine_of

SEED = Path(__file__).parent.parent.parent / "sessions" / "postpartum-back-relief.yaml"

BOW = """
exercises:
  bow:
    title: Bow
    rep:
      - exhale: 3s
        say: Bow forward.
      - inhale: 3s
        say: Come up.
    reps: 5-15
"""


def text(steps: str, duration: str | None = None, more: str = "") -> str:
    asked = f"duration: {duration}\n" if duration else ""
    return f"title: T\n{asked}{more}steps:\n{steps}{BOW}"


def fitted(steps: str, duration: str, more: str = "") -> Choice:
    compiled = compile_text(text(steps, duration, more))
    assert compiled.choice is not None
    assert compiled.choice.length == compiled.timeline.duration_ms
    assert abs(compiled.timeline.duration_ms - compiled.choice.wanted) <= 1000
    return compiled.choice


def refused(steps: str, duration: str) -> Diagnostic:
    with pytest.raises(SessionError) as caught:
        compile_text(text(steps, duration))
    (found,) = caught.value.diagnostics
    assert found.code == "duration-unreachable"
    assert found.place is not None
    assert found.place.line == 2
    return found


def figures(choice: Choice, kind: Kind) -> list[int]:
    return [each.figure for each in choice.chosen if each.kind is kind]


TWICE = "  - exercise: bow\n  - rest: 20-60s\n  - exercise: bow\n    reps: 4-8\n  - wait: 5-45s\n"


def test_without_a_length_everything_is_at_its_low_end() -> None:
    compiled = compile_text(text(TWICE))
    assert compiled.choice is None
    assert {phase.reps for phase in compiled.timeline.phases} == {None, 5, 4}


def test_everything_is_equally_far_into_its_range() -> None:
    choice = fitted(TWICE, "3m5s")
    assert figures(choice, Kind.REPS) == [10, 6]
    assert 35_000 <= figures(choice, Kind.REST)[0] <= 45_000
    assert 20_000 <= figures(choice, Kind.WAIT)[0] <= 30_000


def test_a_length_that_the_session_has_anyway_changes_nothing() -> None:
    low = compile_text(text(TWICE, more="pace: 1.0\n")).timeline
    same = compile_text(text(TWICE, written_duration(low.duration_ms))).timeline
    assert (same.phases, same.cues) == (low.phases, low.cues)


def test_rests_are_whole_seconds_but_for_what_is_left() -> None:
    steps = "  - rest: 20-60s\n  - say: Well.\n" * 5
    lengths = figures(fitted(steps, "3m20s"), Kind.REST)
    assert sum(length % 1000 > 0 for length in lengths) <= 1
    assert max(lengths) - min(lengths) <= 1000


def test_breaths_and_movements_last_as_long_as_they_are_written() -> None:
    timeline = compile_text(text(TWICE, "3m5s")).timeline
    breaths = {p.duration_ms for p in timeline.phases if p.kind in {PhaseKind.INHALE, PhaseKind.EXHALE}}
    assert breaths == {3000}


OPTIONAL = """\
  - exercise: bow
  - say: Once more.
    optional: true
  - section: More
    optional: true
    steps:
      - exercise: bow
      - wait: 5s
        optional: true
  - rest: 20-30s
"""


def left_out(choice: Choice) -> list[str]:
    return [type(step).__name__ for step in choice.left_out]


@pytest.mark.parametrize(
    ("duration", "gone"),
    [
        ("2m30s", []),
        ("1m51s", []),
        ("1m48s", ["Wait"]),
        ("1m30s", ["Section"]),
        ("1m8s", ["Say", "Section"]),
    ],
)
def test_optional_steps_are_left_out_from_the_last_on_and_only_where_they_must(
    duration: str, gone: list[str]
) -> None:
    assert left_out(fitted(OPTIONAL, duration)) == gone


def test_a_section_of_which_nothing_is_left_goes_too() -> None:
    steps = "  - exercise: bow\n  - section: Quiet\n    steps:\n      - wait: 60s\n        optional: true\n"
    low = compile_text(text("  - exercise: bow\n")).timeline
    compiled = compile_text(text(steps, written_duration(low.duration_ms)))
    assert compiled.timeline.chapters == low.chapters


def test_something_is_left_to_do_where_everything_is_optional() -> None:
    steps = "  - exercise: bow\n    optional: true\n  - say: Enough.\n    optional: true\n"
    assert "it lasts at least" in refused(steps, "10s").message
    assert left_out(fitted(steps, written_duration(nearest(refused(steps, "10s"))))) == ["Say"]


def nearest(found: Diagnostic) -> Ms:
    assert found.fix is not None
    length = parse_duration(found.fix.split("`")[1].removeprefix("duration: "), 10**9)
    assert isinstance(length, int)
    return Ms(length)


@pytest.mark.parametrize(
    ("steps", "duration", "reason"),
    [
        (TWICE, "5s", "it lasts at least 1:43, because everything is at the low end"),
        (TWICE, "2h", "it lasts at most 4:27"),
        (TWICE, "5h59m", "everything is at the high end of its range"),
        (
            "  - exercise: bow\n    reps: 5\n",
            "5m",
            "it lasts at most 0:48, because nothing in it has a range",
        ),
        (
            "  - exercise: bow\n    reps: 5\n",
            "10s",
            "it lasts at least 0:48, because nothing in it has a range",
        ),
        (
            "  - exercise: bow\n    reps: 5-5\n",
            "5m",
            "it lasts at most 0:48, because nothing in it has a range",
        ),
        (
            "  - exercise: bow\n  - rest: 30s\n",
            "1m44s",
            "no rest has a range that takes up what whole repetitions",
        ),
        ("  - exercise: bow\n  - rest: 30-31s\n", "1m44s", "its rests have too little room"),
        (
            "  - exercise: bow\n    reps: 5\n  - exercise: bow\n    reps: 30\n    optional: true\n",
            "2m",
            "with one more of the optional steps it would be too long",
        ),
        (
            "  - exercise: bow\n    reps: 5\n  - exercise: bow\n    reps: 30\n    optional: true\n",
            "3m",
            "without another of the optional steps it would be too short",
        ),
    ],
)
def test_what_cannot_be_is_told_with_the_nearest_length_that_can(
    steps: str, duration: str, reason: str
) -> None:
    found = refused(steps, duration)
    assert reason in found.message
    fitted(steps, written_duration(nearest(found)))


def test_a_length_of_the_command_line_is_refused_as_a_request() -> None:
    routine = replace(routine_of(text(TWICE)), duration=Length(Ms(5000), None))
    with pytest.raises(RequestError) as caught:
        compile_routine(routine, silent_cast(routine), SilentSpeech(), lambda place: place)
    assert str(caught.value.diagnostics[0].fix).startswith("Ask for a duration of `1m43s`")


def test_amounts_of_several_steps_mix_where_no_rest_can_give_way() -> None:
    steps = "".join(f"  - exercise: bow\n    pace: {pace}\n" for pace in ("1.0", "1.1", "0.7", "1.3"))
    choice = fitted(steps, "5m3s")
    reps = figures(choice, Kind.REPS)
    assert max(reps) - min(reps) <= 1


def test_the_figures_of_a_level_are_those_of_its_form() -> None:
    more = "level: easier\n"
    steps = "  - exercise: bow\n  - wait: 20-200s\n"
    easier = text(steps, "2m", more) + "    easier: {reps: 2-4, exercise: nod}\n"
    nod = "  nod:\n    title: Nod\n    reps: 3-9\n    rep:\n      - move: 2s\n        say: Nod.\n"
    compiled = compile_text(easier + nod)
    assert compiled.choice is not None
    assert next((each.title, each.low, each.high) for each in compiled.choice.chosen) == ("Nod", 3, 9)
    assert {phase.exercise for phase in compiled.timeline.phases if phase.rep} == {"nod"}


def test_what_is_done_several_times_is_chosen_once() -> None:
    steps = "  - repeat: 3\n    rest: 10-40s\n    steps:\n      - exercise: bow\n"
    choice = fitted(steps, "4m")
    assert len(figures(choice, Kind.REPS)) == len(figures(choice, Kind.REST)) == 1
    counts = [phase.reps for phase in compile_text(text(steps, "4m")).timeline.phases if phase.rep == 1]
    assert set(counts) == set(figures(choice, Kind.REPS))


def test_work_rounds_and_sets_are_chosen_too() -> None:
    steps = (
        "  - exercise: bow\n    for: 20-90s\n    sets: 1-3\n    rest: 10-40s\n"
        "  - breathe:\n      - {inhale: 4s, exhale: 6s, rounds: 2-6}\n      - {inhale: 3s, exhale: 3s, rounds: 2-6}\n"
    )
    choice = fitted(steps, "6m")
    assert {each.kind for each in choice.chosen} == {Kind.WORK, Kind.SETS, Kind.REST, Kind.ROUNDS}


@pytest.mark.parametrize(
    ("minutes", "level"),
    [
        (5, "normal"),
        (8, "harder"),
        (12, "easier"),
        (20, "normal"),
        (47, "easier"),
        (60, "harder"),
        (90, "normal"),
    ],
)
def test_the_back_session_fits_whatever_time_there_is(minutes: int, level: str) -> None:
    loaded = load_session(SEED)
    assert loaded.routine is not None
    wanted = Length(Ms(minutes * 60_000), None)
    routine = replace(loaded.routine, level=Level(level), duration=wanted)
    timeline = compile_loaded(replace(loaded, routine=routine)).timeline
    assert abs(timeline.duration_ms - wanted.ms) <= 1000
    assert check(timeline) == ()


@pytest.mark.parametrize(
    ("ms", "words"), [(1_180_000, "19m40s"), (4_500, "4s500ms"), (3_900_000, "1h5m"), (0, "0s")]
)
def test_a_time_is_written_as_authors_write_it(ms: int, words: str) -> None:
    assert written_duration(ms) == words
