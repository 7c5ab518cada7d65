"""What the compiler says and when: the rules that goldens show only by example."""

from __future__ import annotations

import pytest

from breathcue.compiler.phrases import languages, load_phrases
from breathcue.compiler.positions import load_positions
from breathcue.diagnostics import SessionError
from breathcue.timeline.invariants import check
from breathcue.timeline.model import CueKind, Phase, Timeline
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import Refusal, UnspeakableError
from compiling import compile_text

EN = load_phrases("en")


def spoken(timeline: Timeline) -> list[str]:
    return [cue.text for cue in timeline.cues if cue.track == "voice"]


def session(steps: str, head: str = "") -> str:
    return f"title: A test\n{head}steps:\n{steps}"


def exercise(rep: str, more: str = "") -> str:
    return session(
        "  - exercise: mine\n",
        f"exercises:\n  mine:\n    title: Mine\n{more}    rep:\n{rep}",
    )


def reps_of(timeline: Timeline) -> list[Phase]:
    return [phase for phase in timeline.phases if phase.rep is not None]


def test_numbers_and_times_in_words() -> None:
    assert [EN.number(n) for n in (0, 7, 13, 20, 42, 99, 100)] == [
        "zero",
        "seven",
        "thirteen",
        "twenty",
        "forty-two",
        "ninety-nine",
        "100",
    ]
    assert EN.time(90_000) == "one minute and thirty seconds"
    assert EN.time(3_600_000) == "one hour"
    assert EN.halves(11) == "five and a half"


def test_lists_in_words() -> None:
    assert EN.listed([], "and") == ""
    assert EN.listed(["a mat"], "and") == "a mat"
    assert EN.listed(["a mat", "water", "a cushion"], "and") == "a mat, water and a cushion"


def test_the_library_is_whole() -> None:
    assert "en" in languages()
    assert {"supine", "side-lying", "hands-and-knees", "standing"} <= set(load_positions("en"))


def test_clearance_comes_before_anything_else_is_asked() -> None:
    said = spoken(
        compile_text(
            session(
                "  - exercise: cat-cow\n    reps: 1\n",
                "needs: [a mat]\nsafety: {clearance: true, stop-if: [pain]}\n",
            )
        ).timeline
    )
    assert said[0] == "Welcome to A test."
    assert "doctor, midwife or physiotherapist" in said[1]
    assert said[3] == "Stop if you notice pain, and ask a professional before you go on."
    assert said[4] == "You will need a mat."


def test_an_author_who_opens_with_words_is_not_welcomed_twice() -> None:
    assert spoken(compile_text(session("  - say: Welcome.\n")).timeline)[:2] == ["A test.", "Welcome."]


@pytest.mark.parametrize(
    ("steps", "title"),
    [
        ("  - section: Arrive\n    steps: [{say: Welcome.}]\n", "A test."),
        ("  - chime: bowl\n  - wait: 2s\n  - say: Welcome.\n", "A test."),
        ("  - repeat: 1\n    steps: [{chime: bowl}, {say: Welcome.}]\n", "A test."),
        ("  - say: Lie down.\n  - say: Welcome.\n", "Welcome to A test."),
        ("  - wait: 40s\n  - say: Welcome.\n", "Welcome to A test."),
        ("  - chime: bowl\n", "Welcome to A test."),
    ],
)
def test_nobody_is_welcomed_twice_by_the_first_words_inside_the_steps(steps: str, title: str) -> None:
    assert spoken(compile_text(session(steps)).timeline)[0] == title


def test_braces_in_plain_words_stay() -> None:
    assert "Look {up}." in spoken(compile_text(session('  - say: "Look {{up}}."\n')).timeline)


def test_side_labels_and_words_name_the_side() -> None:
    timeline = compile_text(
        exercise(
            "      - move: 4s\n        to: the {side} edge\n        say: Turn {side}.\n",
            "    sides: each\n    reps: 1\n",
        )
    ).timeline
    assert [(phase.side, phase.label) for phase in reps_of(timeline)] == [
        ("right", "the right edge"),
        ("left", "the left edge"),
    ]
    assert [text for text in spoken(timeline) if text.startswith("Turn")] == ["Turn right.", "Turn left."]


def test_a_range_gives_its_low_end() -> None:
    timeline = compile_text(session("  - exercise: cat-cow\n    reps: 3-12\n  - rest: 20-40s\n")).timeline
    assert {phase.reps for phase in reps_of(timeline)} == {3}
    assert [p.duration_ms for p in timeline.phases if p.kind == "rest"] == [20_000]


def test_paces_of_session_and_step_multiply() -> None:
    timeline = compile_text(
        session("  - exercise: cat-cow\n    reps: 1\n    pace: 0.8\n", "pace: 1.5\n")
    ).timeline
    assert [phase.duration_ms for phase in reps_of(timeline)] == [6_000, 6_000]


def test_waits_in_a_row_are_one() -> None:
    timeline = compile_text(session("  - wait: 6s\n  - wait: 6s\n")).timeline
    assert [p.duration_ms for p in timeline.phases if p.kind == "wait"] == [12_000]
    assert "Stay here for twelve seconds." in spoken(timeline)


def test_a_rest_says_what_comes_next_and_the_exercise_does_not_say_it_again() -> None:
    said = spoken(compile_text(session("  - rest: 20s\n  - exercise: cat-cow\n    reps: 1\n")).timeline)
    assert "Next: Cat-cow stretch." in said
    assert "Cat-cow stretch." in said


def test_the_last_rest_announces_nothing() -> None:
    said = spoken(compile_text(session("  - say: Hello.\n  - rest: 20s\n")).timeline)
    assert not [text for text in said if text.startswith("Next")]


def test_chapters_are_sections_and_exercises_outside_of_them() -> None:
    steps = (
        "  - say: Hello.\n"
        "  - section: Warm up\n    steps:\n      - exercise: cat-cow\n        reps: 1\n"
        "  - repeat: 2\n    steps:\n      - exercise: bridge\n        reps: 1\n"
    )
    titles = [chapter.title for chapter in compile_text(session(steps)).timeline.chapters]
    assert titles == ["Welcome", "Warm up", "Bridge", "Bridge (2)"]


def test_an_exercise_done_again_is_not_set_up_again() -> None:
    steps = "  - exercise: bridge\n    reps: 1\n" * 2
    said = spoken(compile_text(session(steps)).timeline)
    assert said.count("Lie on your back.") == 1
    assert "Once more: Bridge." in said


def test_what_the_author_left_out_is_said_in_the_coachs_words() -> None:
    rep = (
        "      - inhale: 4s\n        to: cow\n      - move: 4s\n        breath: exhale\n      - return: 4s\n"
    )
    said = spoken(compile_text(exercise(rep, "    reps: 1\n")).timeline)
    assert said[-4:-1] == ["Inhale to cow.", "Exhale and move.", "And return."]


def test_a_long_instruction_is_said_first_and_a_short_one_inside() -> None:
    rep = (
        "      - move: 2s\n        say: Draw your lower belly in and up, as if you zipped up a tight pair of jeans.\n"
        "        short: Draw in.\n      - return: 3s\n"
    )
    timeline = compile_text(exercise(rep, "    reps: 2\n")).timeline
    said = spoken(timeline)
    assert said.index("This is the movement.") < said.index("Draw in.")
    assert said.count("Draw in.") == 2
    assert {phase.duration_ms for phase in reps_of(timeline)} == {2_000, 3_000}


def test_a_phase_too_short_for_any_words_is_lengthened_with_a_warning() -> None:
    rep = "      - move: 300ms\n        short: Reach up and over to the far side.\n      - return: 3s\n"
    compiled = compile_text(exercise(rep, "    reps: 3\n    pace: 2\n"))
    (warning,) = compiled.diagnostics
    assert warning.code == "phase-too-short"
    assert warning.place is not None
    assert warning.place.source.strip() == "- move: 300ms"
    needed = float(warning.fix.split()[4].rstrip("s,"))
    moves = [phase.duration_ms for phase in reps_of(compiled.timeline) if phase.kind == "move"]
    assert len(set(moves)) == 1
    assert moves[0] <= needed * 1000 * 2
    assert check(compiled.timeline) == ()
    mended = compile_text(exercise(rep.replace("300ms", f"{needed}s"), "    reps: 3\n    pace: 2\n"))
    assert mended.diagnostics == ()


class Slow:
    """Speech that takes as many ms for each letter."""

    def __init__(self, letter_ms: int) -> None:
        self.letter_ms = letter_ms

    def measure(self, utterances):
        return {said: Ms(300 + self.letter_ms * len(said.text)) for said in utterances}

    def is_fixed(self, utterance):
        return False


class Refusing:
    """Speech that has no sound for anything with a Cyrillic letter in it."""

    def measure(self, utterances):
        refusal = Refusal("it is in another alphabet")
        raise UnspeakableError({said: refusal for said in utterances if "Д" in said.text})


def test_texts_without_a_sound_are_errors_at_their_lines() -> None:
    steps = "  - say: Hello.\n  - say: Да.\n  - exercise: cat-cow\n  - check-in: Дом?\n"
    with pytest.raises(SessionError) as caught:
        compile_text(session(steps), Refusing())
    found = [(d.code, d.place.line, "another alphabet" in d.message) for d in caught.value.diagnostics]
    assert found == [("unspeakable-text", 4, True), ("unspeakable-text", 6, True)]


def test_hold_counts_follow_the_author() -> None:
    rep = "      - hold: 5s\n        count: {}\n"
    for count, numbers in {
        "up": ["One.", "Two.", "Three.", "Four.", "Five."],
        "down": ["Five.", "Four.", "Three.", "Two.", "One."],
        "last-3": ["Three.", "Two.", "One."],
        "none": [],
    }.items():
        timeline = compile_text(exercise(rep.format(count), "    reps: 1\n")).timeline
        assert [cue.text for cue in timeline.cues if cue.kind is CueKind.COUNT] == numbers


def test_numbers_too_long_for_their_beat_are_left_out_rather_than_the_hold_made_longer() -> None:
    rep = "      - hold: 1:30\n        count: up\n"
    compiled = compile_text(exercise(rep, "    reps: 1\n"), Slow(60))
    assert compiled.diagnostics == ()
    assert [phase.duration_ms for phase in reps_of(compiled.timeline)] == [90_000]
    counts = [cue.text for cue in compiled.timeline.cues if cue.kind is CueKind.COUNT]
    assert counts[18:] == [
        "Nineteen.",
        "Twenty.",
        "Thirty.",
        "Forty.",
        "Fifty.",
        "Sixty.",
        "Seventy.",
        "Eighty.",
        "Ninety.",
    ]


def test_a_count_that_lengthens_its_hold_is_named_as_the_cause() -> None:
    rep = "      - hold: 9s\n        count: up\n"
    (warning,) = compile_text(exercise(rep, "    reps: 1\n    pace: 0.9\n"), Slow(100)).diagnostics
    assert "'Three.'" in warning.message
    assert "last-3" in warning.fix


def test_a_brief_instruction_is_said_once() -> None:
    rep = "      - inhale: 4s\n        say: Lift your shoulders.\n      - exhale: 4s\n        say: Let them drop.\n"
    said = spoken(compile_text(exercise(rep, "    reps: 2\n")).timeline)
    assert said.count("Inhale. Lift your shoulders.") == 2
    assert not [text for text in said if text.count("Lift your shoulders.") > 1]


def test_quick_repetitions_are_counted_instead_of_cued() -> None:
    rep = "      - move: 1s\n        short: Squeeze.\n      - return: 1s\n        short: Let go.\n"
    timeline = compile_text(exercise(rep, "    reps: 8\n")).timeline
    moves = [cue.text for cue in timeline.cues if cue.kind in {CueKind.MOVE, CueKind.COUNT}]
    heard = [text for text in moves if text != "Let go."]
    assert [t for t in heard if t != "Squeeze."] == [
        "Two.",
        "Three.",
        "Four.",
        "Five.",
        "Six.",
        "Two more.",
        "Last one.",
    ]
    assert check(timeline) == ()


def test_the_middle_of_a_set_is_named_where_there_is_room() -> None:
    steps = "".join(
        f"  - exercise: {name}\n    reps: 8\n" for name in ("bridge", "bird-dog", "side-lying-leg-lift")
    )
    said = spoken(compile_text(session(steps)).timeline)
    assert len([text for text in said if "halfway" in text.lower()]) >= 3


def test_a_body_already_in_place_is_told_to_stay() -> None:
    steps = "  - exercise: pelvic-tilt\n    reps: 1\n  - exercise: bridge\n    reps: 1\n"
    said = spoken(compile_text(session(steps)).timeline)
    assert said.count("Lie on your back.") == 1
    assert "Stay on your back." in said


def test_a_short_rest_lasts_what_was_written() -> None:
    timeline = compile_text(session("  - rest: 1s\n  - exercise: bridge\n    reps: 1\n")).timeline
    assert [p.duration_ms for p in timeline.phases if p.kind == "rest"] == [1_000]


def test_quick_pace_counts_fewer_beats_rather_than_faster() -> None:
    rep = "      - hold: 6s\n        count: up\n"
    timeline = compile_text(exercise(rep, "    reps: 1\n    pace: 0.5\n")).timeline
    counts = [cue for cue in timeline.cues if cue.kind is CueKind.COUNT]
    assert [cue.text for cue in counts] == ["One.", "Two.", "Three."]


def test_a_session_that_turns_out_too_long_is_refused() -> None:
    steps = "  - repeat: 60\n    steps:\n" + "      - say: One two three four five six.\n" * 200
    with pytest.raises(SessionError) as caught:
        compile_text(session(steps))
    assert caught.value.diagnostics[0].code == "session-too-long"
