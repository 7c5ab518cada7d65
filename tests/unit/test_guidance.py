"""How much is said: words that fade, form notes that come back, and times to work for."""

from __future__ import annotations

from itertools import pairwise

import pytest

from breathcue.timeline.invariants import check
from breathcue.timeline.model import Cue, CueKind, PhaseKind, Timeline
from compiling import compile_text

REACH = """
title: Reaching
{head}
exercises:
  reach:
    title: Reach
    position: standing
    setup: [Come up to standing., Let your arms hang.]
    form: [Keep your neck long., Breathe all the while., Stand on both feet.]
    rep:
      - move: 8s
        say: Reach up with both arms as high as you like.
        short: Reach up.
      - return: 8s
        say: Let your arms sink down again, all the way.
        short: And down.
steps:
{steps}
"""


def reach(steps: str, head: str = "") -> Timeline:
    lines = "".join(f"  - {step}\n" for step in steps.split("; "))
    timeline = compile_text(REACH.format(head=head, steps=lines)).timeline
    assert check(timeline) == ()
    return timeline


def texts(timeline: Timeline, *kinds: CueKind) -> list[str]:
    return [cue.text for cue in timeline.cues if cue.kind in kinds]


def notes_while_moving(timeline: Timeline) -> list[Cue]:
    begun = next(phase.start_ms for phase in timeline.phases if phase.rep)
    return [cue for cue in timeline.cues if cue.kind is CueKind.FORM and cue.start_ms > begun]


def test_under_full_guidance_every_repetition_is_said_in_full() -> None:
    moves = texts(reach("{exercise: reach, reps: 6, guidance: full}"), CueKind.MOVE)
    assert len(moves) == 12
    assert all(len(move.split()) > 6 for move in moves)


def test_words_fade_to_short_ones() -> None:
    moves = texts(reach("{exercise: reach, reps: 4}"), CueKind.MOVE)
    assert moves[4:] == ["Reach up.", "And down."] * 2


def test_minimal_guidance_names_one_repetition_and_counts_the_others() -> None:
    timeline = reach("{exercise: reach, reps: 4}", "about: Not said.\nguidance: minimal")
    said = texts(timeline, CueKind.MOVE)
    assert said == ["Reach up.", "And down.", "Two.", "Two more.", "Last one."]
    assert not texts(timeline, CueKind.FORM)
    assert texts(timeline, CueKind.SETUP) == ["Come up to standing."]
    assert "Not said." not in texts(timeline, CueKind.INTRO)


@pytest.mark.parametrize("guidance", ["full", "balanced"])
def test_form_notes_come_back_one_at_a_time(guidance: str) -> None:
    notes = notes_while_moving(reach(f"{{exercise: reach, reps: 14, guidance: {guidance}}}"))
    assert [note.text for note in notes] == [
        "Keep your neck long.",
        "Breathe all the while.",
        "Stand on both feet.",
        "Keep your neck long.",
    ]


def test_a_form_note_does_not_crowd_the_words_around_it() -> None:
    timeline = reach("{exercise: reach, reps: 14}")
    for note in notes_while_moving(timeline):
        before = max(cue.end_ms for cue in timeline.cues if cue.start_ms < note.start_ms)
        after = min(cue.start_ms for cue in timeline.cues if cue.start_ms > note.start_ms)
        assert note.start_ms - before >= 400
        assert after - note.end_ms >= 400


def test_what_was_done_before_is_not_explained_again_at_any_guidance() -> None:
    for guidance in ("full", "balanced", "minimal"):
        twice = "{exercise: reach, reps: 1}; {exercise: reach, reps: 1}"
        timeline = reach(twice, f"guidance: {guidance}")
        assert texts(timeline, CueKind.SETUP).count("Come up to standing.") == 1
        assert texts(timeline, CueKind.FORM).count("Keep your neck long.") <= 1


@pytest.mark.parametrize("guidance", ["balanced", "minimal"])
def test_a_setup_line_that_names_a_side_is_said_each_time(guidance: str) -> None:
    timeline = compile_text(
        f"title: T\nguidance: {guidance}\nsteps: [{{exercise: step}}, {{exercise: step}}]\nexercises:\n"
        '  step: {title: Step, sides: each, reps: 2, setup: ["Step your {side} foot forward and bend."],\n'
        "    rep: [{move: 3s, say: Lean.}, {return: 3s, say: Back.}]}\n"
    ).timeline
    step = "Step your {} foot forward and bend."
    assert texts(timeline, CueKind.SETUP) == [step.format("right"), step.format("left")] * 2


def test_the_first_setup_line_of_an_exercise_without_a_position_is_said_once_at_minimal() -> None:
    timeline = compile_text(
        "title: T\nguidance: minimal\nsteps: [{exercise: step}, {exercise: step}]\nexercises:\n"
        "  step: {title: Step, setup: [Find a chair., Stand tall.], rep: [{move: 3s, say: Lean.}]}\n"
    ).timeline
    assert texts(timeline, CueKind.SETUP) == ["Find a chair."]


def test_a_rep_of_one_word_is_counted_instead() -> None:
    timeline = compile_text(
        "title: T\nexercises:\n  squeeze:\n    title: Squeeze\n    rep: [{move: 1s, say: Squeeze.}]\n"
        "steps: [{exercise: squeeze, reps: 6}]\n"
    ).timeline
    assert check(timeline) == ()
    said = texts(timeline, CueKind.MOVE, CueKind.COUNT)
    assert not [a for a, b in pairwise(said) if a == b]
    assert {"Two.", "Three."} <= set(said)


@pytest.mark.parametrize("sides", ["none", "each", "alternate"])
@pytest.mark.parametrize("work", [7, 20, 41, 70])
def test_work_lasts_exactly_its_time(sides: str, work: int) -> None:
    out = "Step out." if sides == "none" else '"Step out to your {side}."'
    timeline = compile_text(
        f"title: T\nexercises:\n  step:\n    title: Step\n    sides: {sides}\n"
        f"    rep: [{{move: 2s, say: {out}}}, {{return: 1.5s, say: And back.}}]\n"
        f"steps: [{{exercise: step, for: {work}s}}]\n"
    ).timeline
    assert check(timeline) == ()
    own = [p for p in timeline.phases if p.rep or (p.kind is PhaseKind.REST and p.exercise)]
    whole = sum(phase.duration_ms for phase in own)
    assert whole == work * 1000 * (2 if sides == "each" else 1)
    assert ("Ten seconds left." in [cue.text for cue in timeline.cues]) is (work >= 20)
    assert "Two." not in [cue.text for cue in timeline.cues]


ONCE = {
    ("en", "none"): ("One repetition.", "Two sets of one."),
    ("en", "each"): ("Once on each side.", "Two sets of one on each side."),
    ("en", "alternate"): ("Once on each side.", "Two sets of one on each side."),
    ("de", "none"): ("Eine Wiederholung.", "Zwei Sätze mit je einer Wiederholung."),
    ("de", "each"): (
        "Eine Wiederholung auf jeder Seite.",
        "Zwei Sätze mit je einer Wiederholung auf jeder Seite.",
    ),
    ("es", "none"): ("Una repetición.", "Dos series de una repetición."),
    ("es", "each"): ("Una repetición con cada lado.", "Dos series de una repetición con cada lado."),
    ("fr", "none"): ("Une répétition.", "Deux séries d'une répétition."),
    ("fr", "each"): ("Une répétition de chaque côté.", "Deux séries d'une répétition de chaque côté."),
}


@pytest.mark.parametrize(("language", "sides"), ONCE)
@pytest.mark.parametrize("more", ["", "sets: 2, rest: 5s"])
def test_a_time_that_is_shorter_than_a_repetition_is_not_announced(
    language: str, sides: str, more: str
) -> None:
    side = "" if sides == "none" else " {side}"
    timeline = compile_text(
        f"title: T\nlanguage: {language}\nexercises:\n  squat:\n    title: Squat\n    sides: {sides}\n"
        f'    rep: [{{move: 3s, say: "Squat{side}."}}, {{return: 3s, say: Up.}}]\n'
        f"steps: [{{exercise: squat, for: 5s, {more}}}]\n"
    ).timeline
    assert check(timeline) == ()
    assert texts(timeline, CueKind.ANNOUNCE)[1] == ONCE[language, sides][bool(more)]


@pytest.mark.parametrize(("work", "said"), [(5, "One repetition."), (6, "For six seconds.")])
def test_a_time_to_work_is_announced_where_one_repetition_fits(work: int, said: str) -> None:
    squat = "  squat: {title: Squat, rep: [{move: 3s, say: Lower.}, {return: 3s, say: Rise.}]}"
    timeline = compile_text(
        f"title: T\nsteps: [{{exercise: squat, for: {work}s}}]\nexercises:\n{squat}\n"
    ).timeline
    assert texts(timeline, CueKind.ANNOUNCE)[1] == said


def test_work_keeps_its_time_where_a_phase_had_to_be_made_longer() -> None:
    compiled = compile_text(
        "title: T\nexercises:\n  step:\n    title: Step\n"
        "    rep: [{move: 300ms, short: Step out to the side.}, {return: 4s, say: And back.}]\n"
        "steps: [{exercise: step, for: 12s}]\n"
    )
    assert [diagnostic.code for diagnostic in compiled.diagnostics] == ["phase-too-short"]
    own = [p for p in compiled.timeline.phases if p.rep or (p.kind is PhaseKind.REST and p.exercise)]
    assert sum(phase.duration_ms for phase in own) == 12_000


def test_a_rest_between_rounds_names_the_round_and_nothing_twice() -> None:
    timeline = compile_text(
        "title: T\nsteps: [{repeat: 2, rest: 15s, steps: [{exercise: cat-cow, reps: 1}]}]\n"
    ).timeline
    said = texts(timeline, CueKind.REST, CueKind.ANNOUNCE)
    assert "Rest for fifteen seconds. Then round two of two." in said
    assert said.count("Round two of two.") == 0
    assert "Round two." in said


def test_a_pattern_that_changes_is_told_before_it_and_ends_once() -> None:
    timeline = compile_text(
        "title: T\nsteps:\n  - breathe:\n      - {inhale: 4s, exhale: 4s, rounds: 3}\n"
        "      - {inhale: 4s, exhale: 6s, rounds: 3}\n"
    ).timeline
    said = [cue.text for cue in timeline.cues]
    change = said.index("The breath changes.")
    assert said[change + 1] == "In for four, out for six."
    assert said.count("Last breath.") == 1
    assert said.count("Ready. We begin.") == 1
    assert said.index("Last breath.") > change


def test_an_open_breath_is_put_before_the_full_words_alone() -> None:
    timeline = compile_text(
        "title: T\nexercises:\n  lift:\n    title: Lift\n    rep:\n"
        "      - {inhale: 4s, to: cow, say: Arch your back., short: Inhale to cow.}\n"
        "      - {exhale: 4s, say: Squeeze and lift., short: Squeeze.}\n"
        "steps: [{exercise: lift, reps: 3}]\n"
    ).timeline
    said = texts(timeline, CueKind.BREATH)
    assert said[:2] == ["Inhale to cow. Arch your back.", "Exhale. Squeeze and lift."]
    assert said[-1] == "Exhale. Squeeze."


SLIDE = """
title: T
exercises:
  slide:
    title: Wall slide
    rep: [{move: 4s, say: Slide down.}, {return: 3s, say: And up.}]
steps:
"""


def test_repetitions_of_a_time_to_work_for_are_not_counted() -> None:
    timeline = compile_text(SLIDE + "  - {exercise: slide, for: 40s}\n").timeline
    said = [cue.text for cue in timeline.cues]
    assert "Last one." not in said
    assert said.count("Ten seconds left.") == 1
    assert said.count("Rest.") == 1


def test_a_left_over_before_a_rest_is_not_called_a_rest_too() -> None:
    steps = "  - {exercise: slide, for: 40s, sets: 2, rest: 20s}\n  - rest: 20s\n"
    said = [cue.text for cue in compile_text(SLIDE + steps).timeline.cues]
    assert "Rest." not in said
    assert "Rest for twenty seconds. Then set two of two." in said


PRESS = """
title: T
exercises:
  press:
    title: Press
    rep: [{move: 2s, say: Press the knees down.}, {rest: 2s, say: Let go.}]
  squeeze:
    title: Squeeze
    rep: [{exhale: 3s, say: Squeeze.}, {hold: 10s, count: up}, {rest: 10s, say: Let go.}]
  lift:
    title: Lift
    rep: [{move: 3s, say: Lift your leg up.}, {return: 3s, say: Lower your leg.}]
steps:
"""


def left(steps: str, text: str = "Ten seconds left.") -> list[int]:
    """Return when the time that is left is said, in ms before the end of the time to work for."""
    timeline = compile_text(PRESS + steps).timeline
    end = max(phase.end_ms for phase in timeline.phases if phase.exercise)
    return [end - cue.start_ms for cue in timeline.cues if cue.text == text]


def test_the_authors_words_give_way_to_no_empty_ones() -> None:
    timeline = compile_text(
        PRESS + "  - {exercise: press, for: 40s}\n  - {exercise: press, reps: 8}\n"
    ).timeline
    assert "And move." not in [cue.text for cue in timeline.cues]


@pytest.mark.parametrize("work", [20, 23, 30, 41, 60])
def test_ten_seconds_are_about_ten(work: int) -> None:
    for exercise in ("press", "lift"):
        (said,) = left(f"  - {{exercise: {exercise}, for: {work}s}}\n")
        assert 7_500 <= said <= 12_500


def test_time_is_not_said_when_the_work_is_done() -> None:
    assert left("  - {exercise: squeeze, for: 2m}\n") == []
    assert left("  - {exercise: squeeze, for: 2m}\n", "Rest.") == []


TURN = """
title: T
guidance: minimal
exercises:
  warrior:
    title: Warrior
    sides: each
    rep: [{inhale: 4s, say: "Bend your {side} knee, and open both arms wide."}, {exhale: 4s, say: And back.}]
  open:
    title: Open
    sides: alternate
    rep: [{move: 4s, say: "Open to the {other} side."}, {return: 4s, say: And back.}]
steps:
"""


def test_at_minimal_long_words_that_have_no_short_form_are_said_once() -> None:
    said = texts(compile_text(TURN + "  - {exercise: warrior, reps: 4}\n").timeline, CueKind.BREATH)
    assert [text for text in said if "knee" in text] == [
        "Inhale. Bend your right knee, and open both arms wide."
    ]


def test_the_side_that_is_named_is_the_one_of_the_authors_words() -> None:
    said = texts(compile_text(TURN + "  - {exercise: open, reps: 3}\n").timeline, CueKind.MOVE)
    assert said[:5] == [
        "Open to the left side.",
        "And back.",
        "Open to the right side.",
        "And back.",
        "Left side.",
    ]


@pytest.mark.parametrize("guidance", ["balanced", "minimal"])
def test_quick_repetitions_that_alternate_are_counted_to_their_end(guidance: str) -> None:
    timeline = compile_text(
        f"title: T\nguidance: {guidance}\nexercises:\n  climber:\n    title: Climbers\n    sides: alternate\n"
        '    rep: [{move: 1s, say: "{side} knee in."}, {return: 500ms, say: Out.}]\n'
        "steps: [{exercise: climber, reps: 8}]\n"
    ).timeline
    assert check(timeline) == ()
    said = texts(timeline, CueKind.COUNT, CueKind.MOVE)
    assert {"Three.", "Four.", "Five.", "Six."} <= set(said)
    assert [text for text in said if text.startswith(("Two more", "Last one"))] == ["Two more.", "Last one."]


@pytest.mark.parametrize(
    "breaths", ["inhale: 20s, exhale: 40s, rounds: 2", "inhale: 1s, exhale: 1s, rounds: 20"]
)
def test_the_last_breath_is_named_of_few_and_of_quick_ones(breaths: str) -> None:
    timeline = compile_text(f"title: T\nsteps: [{{breathe: {{{breaths}}}}}]\n").timeline
    assert check(timeline) == ()
    assert [cue.text for cue in timeline.cues].count("Last breath.") == 1


@pytest.mark.parametrize(("level", "hold"), [("harder", 8_000), ("easier", 4_000), ("normal", 8_000)])
def test_the_tempo_of_a_form_keeps_the_hold_of_the_step_within_bounds(level: str, hold: int) -> None:
    rep = "[{move: 2s, say: Lift.}, {hold: 2s}, {return: 2s, say: Lower.}]"
    forms = "harder: {tempo: [4s, 4s, 4s]}, easier: {tempo: [4s, 4s, 4s]}"
    text = f"title: T\nexercises:\n  a: {{title: A, rep: {rep}, reps: 1, {forms}}}\nsteps:\n"
    timeline = compile_text(f"{text}  - {{exercise: a, hold: 8s, level: {level}}}\n").timeline
    held = [phase.duration_ms for phase in timeline.phases if phase.kind is PhaseKind.HOLD]
    assert [round(each, -2) for each in held] == [hold]


@pytest.mark.parametrize("step", ["wait: 5m", "rest: 60s", "wait: 2m", "rest: 90s"])
def test_what_is_told_with_its_length_is_framed_every_half_minute(step: str) -> None:
    timeline = compile_text(f"title: T\nsteps: [{step}]\n".replace("[", "[{").replace("]", "}]")).timeline
    assert check(timeline) == ()
    at = [cue.start_ms for cue in timeline.cues if cue.text.endswith(" left.")]
    assert all(later - earlier >= 20_000 for earlier, later in pairwise(at))
