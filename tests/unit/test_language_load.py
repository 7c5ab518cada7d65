"""Loading whole files: what becomes of a session, where exercises are found, and what is refused at the door."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from breathcue.diagnostics import Diagnostic
from breathcue.language import limits, names
from breathcue.language.load import Loaded, check_file, load_session, load_text
from breathcue.language.placeholders import fill
from breathcue.language.routine import (
    Breathe,
    Count,
    Dose,
    FirstSide,
    Guidance,
    Level,
    Perform,
    Range,
    Repeat,
    Safety,
    Say,
    Section,
    Sides,
    VoiceRequest,
    Words,
)
from breathcue.timeline.model import Breath, PhaseKind
from breathcue.timeline.time import Ms

FULL = Path(__file__).parents[1] / "diagnostics" / "cases" / "valid-full.yaml"
SWAY = "title: Sway\nrep:\n  - move: 4s\n    say: Sway.\n"


def codes(loaded: Loaded) -> list[str]:
    return [each.code for each in loaded.diagnostics]


def session(step: str) -> str:
    return f"title: T\nsteps:\n  - {step}\n"


def one_step(step: str) -> object:
    loaded = load_text(session(step), "s.yaml", None)
    assert loaded.diagnostics == ()
    assert loaded.routine is not None
    return loaded.routine.steps[0]


def test_the_full_example_of_the_design() -> None:
    loaded = load_session(FULL, "full.yaml")
    assert loaded.diagnostics == ()
    routine = loaded.routine
    assert routine is not None
    assert routine.title == "Back relief for new mothers"
    assert [type(step).__name__ for step in routine.steps] == [
        "Say",
        "Section",
        "Perform",
        "Rest",
        "CheckIn",
        "Repeat",
        "Wait",
        "Chime",
    ]
    assert routine.voice.name == "heart"
    assert [need.text for need in routine.needs] == ["a mat", "water", "a cushion"]
    assert routine.safety.clearance
    cat_cow, circuit = routine.steps[2], routine.steps[5]
    assert isinstance(cat_cow, Perform)
    assert cat_cow.own == Dose(sets=Range(2, 2), rest=Range(30_000, 30_000))
    assert cat_cow.exercise.reps == Range(10, 15)
    assert isinstance(circuit, Repeat)
    bird_dog = circuit.steps[0]
    assert isinstance(bird_dog, Perform)
    assert bird_dog.exercise.sides is Sides.ALTERNATE
    assert bird_dog.exercise.rep[1].count is Count.UP
    assert (bird_dog.exercise.place.line, bird_dog.exercise.place.column) == (29, 3)
    assert bird_dog.exercise.rep[0].say is not None
    assert bird_dog.exercise.rep[0].say.place.column == 14


def test_everything_has_a_default() -> None:
    loaded = load_text(
        "title: T\nsteps:\n  - exercise: sway\nexercises:\n  sway:\n" + _indented(SWAY), "s.yaml", None
    )
    assert loaded.routine is not None
    routine, step = loaded.routine, loaded.routine.steps[0]
    assert (routine.language, routine.pace, routine.voice) == ("en", 1.0, VoiceRequest())
    assert routine.safety == Safety()
    assert isinstance(step, Perform)
    exercise = step.exercise
    assert (exercise.reps, exercise.sets, exercise.rest, exercise.pace) == (
        Range(10, 10),
        Range(1, 1),
        Range(30_000, 30_000),
        1.0,
    )
    assert (exercise.sides, exercise.position, exercise.setup, exercise.form) == (Sides.NONE, None, (), ())
    assert (exercise.rep[0].breath, exercise.rep[0].count) == (None, Count.NONE)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def test_a_step_takes_the_place_of_the_definitions_amounts() -> None:
    step = one_step("{exercise: cat-cow, reps: 3-4, sets: 2, rest: 10-20s, pace: 1.25}")
    assert isinstance(step, Perform)
    assert step.own == Dose(reps=Range(3, 4), sets=Range(2, 2), rest=Range(10_000, 20_000), pace=1.25)


def test_a_step_says_how_much_in_every_way_there_is() -> None:
    step = one_step(
        "{exercise: bird-dog, reps: [4, 6, 8], hold: 8s, first-side: left, transition: 20s, level: easier}"
    )
    assert isinstance(step, Perform)
    assert step.own == Dose(reps=Range(4, 4), ladder=(4, 6, 8), hold=Ms(8_000))
    assert (step.first_side, step.transition, step.level) == (FirstSide.LEFT, 20_000, Level.EASIER)
    step = one_step("{exercise: bird-dog, for: 30-60s, tempo: [3s, 1s, 3s], guidance: full, optional: true}")
    assert isinstance(step, Perform)
    assert step.own == Dose(work=Range(30_000, 60_000), tempo=(Ms(3_000), Ms(1_000), Ms(3_000)))
    assert (step.guidance, step.optional) == (Guidance.FULL, True)


def test_an_exercise_may_have_other_forms_and_another_in_its_place() -> None:
    forms = "easier: {reps: 6-8, say: Small.}\nharder: {exercise: bird-dog}\navoid-if: [wrist pain]\ninstead: bridge\n"
    text = "title: T\nsteps:\n  - exercise: sway\nexercises:\n  sway:\n" + _indented(SWAY + forms)
    routine = load_text(text, "s.yaml", None).routine
    assert routine is not None
    sway = routine.exercises["sway"]
    assert set(routine.exercises) >= {"sway", "bird-dog", "bridge"}
    assert sway.easier is not None
    assert sway.harder is not None
    assert sway.easier.dose == Dose(reps=Range(6, 8))
    assert sway.harder.exercise is not None
    assert sway.harder.exercise.text == "bird-dog"
    assert [words.text for words in sway.avoid_if] == ["wrist pain"]


def test_a_breath_may_change_its_pattern() -> None:
    step = one_step("breathe: [{inhale: 3s, exhale: 3s, rounds: 2}, {inhale: 4s, exhale: 6s, rounds: 3}]")
    assert isinstance(step, Breathe)
    assert [breaths.rounds for breaths in step.patterns] == [Range(2, 2), Range(3, 3)]
    assert [breaths.breath[1].duration for breaths in step.patterns] == [3_000, 6_000]


def test_a_breath_keeps_its_order_whatever_the_order_of_the_keys() -> None:
    step = one_step("breathe: {rest: 1s, exhale: 6s, hold: 2s, inhale: 4s, rounds: 4-6}\n    pace: 1.5")
    assert isinstance(step, Breathe)
    kinds = [(phase.kind, phase.duration, phase.breath) for phase in step.patterns[0].breath]
    assert kinds == [
        (PhaseKind.INHALE, 4000, Breath.INHALE),
        (PhaseKind.HOLD, 2000, None),
        (PhaseKind.EXHALE, 6000, Breath.EXHALE),
        (PhaseKind.REST, 1000, None),
    ]
    assert (step.patterns[0].rounds, step.pace) == (Range(4, 6), 1.5)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("no", "no"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("null", "null"),
        ('"two\\nlines"', "two lines"),
        (">\n      two\n      lines", "two lines"),
        ("|\n      two\n\n      lines", "two lines"),
        ("a {{brace}}", "a {brace}"),
        ("'it''s'", "it's"),
    ],
)
def test_texts_are_as_written_on_one_line(written: str, said: str) -> None:
    step = one_step(f"say: {written}")
    assert isinstance(step, Say)
    assert step.words.text == said


def test_texts_of_exercises_keep_their_braces_for_the_plan() -> None:
    text = "title: T\nsteps:\n  - exercise: reach\nexercises:\n  reach:\n    title: Reach\n    sides: each\n    rep:\n"
    loaded = load_text(text + "      - move: 3s\n        say: '{side} {{x}} {other}'\n", "s.yaml", None)
    assert loaded.routine is not None
    step = loaded.routine.steps[0]
    assert isinstance(step, Perform)
    words = step.exercise.rep[0].say
    assert words is not None
    assert words.text == "{side} {{x}} {other}"
    assert fill(words.text, {"side": "left", "other": "right"}) == "Left {x} right"


@pytest.mark.parametrize(
    ("written", "voice"),
    [
        ("heart", (None, "heart", None)),
        ("{engine: system, name: Samantha, speed: 0.9}", ("system", "Samantha", 0.9)),
        ("{speed: 1.5}", (None, None, 1.5)),
    ],
)
def test_voice(written: str, voice: tuple[str | None, str | None, float | None]) -> None:
    loaded = load_text(f"title: T\nvoice: {written}\nsteps:\n  - say: Hi.\n", "s.yaml", None)
    assert loaded.routine is not None
    found = loaded.routine.voice
    assert (found.engine, found.name, found.speed) == voice


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_byte_order_marks_and_line_ends_do_not_matter(mark: bytes, end: bytes) -> None:
    data = mark + end.join([b"title: T", b"steps:", b"  - wait: soon", b""])
    place = load_text(data, "s.yaml", None).diagnostics[0].place
    assert place is not None
    assert (place.line, place.column, place.source) == (3, 11, "  - wait: soon")


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        ("title: Café".encode("latin-1"), "wrong-encoding", 1, 11),
        (b"title: T\nabout: x\xff\n", "wrong-encoding", 2, 9),
        ("title: T".encode("utf-16"), "wrong-encoding", 1, 1),
        (b"title: T\nabout: a\x00b\n", "bad-character", 2, 9),
        ("title: a\u2028b\n".encode(), "bad-character", 1, 9),
        (b"title: " + b"x" * limits.FILE_BYTES, "file-too-large", 1, 1),
        (b"", "empty-file", 1, 1),
        (b"\n\n", "empty-file", 1, 1),
        (b"--- \n...\n", "empty-file", 1, 1),
    ],
)
def test_files_that_are_no_session_text(data: bytes, code: str, line: int, column: int) -> None:
    found = load_text(data, "s.yaml", None)
    assert codes(found) == [code]
    place = found.diagnostics[0].place
    assert place is not None
    assert (place.line, place.column) == (line, column)


def test_a_text_is_bounded() -> None:
    assert codes(load_text(session("say: " + "a" * 2001), "s.yaml", None)) == ["text-too-long"]
    assert codes(load_text(session("say: " + "a" * 2000), "s.yaml", None)) == []


def test_the_list_of_problems_is_bounded() -> None:
    found = load_text("title: T\nsteps:\n" + "  - wait: 0s\n" * 2000, "s.yaml", None)
    assert len(found.diagnostics) == limits.PROBLEMS + 1
    assert "too-many-problems" in codes(found)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        found = load_session(path)
        assert codes(found) == ["file-unreadable"]
        assert found.routine is None


def test_an_exercises_file_is_no_session(tmp_path: Path) -> None:
    file = tmp_path / "sway.yaml"
    file.write_text(SWAY)
    assert codes(load_session(file)) == ["not-a-session"]
    assert check_file(file) == ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "s.yaml").write_text(session("exercise: sway"))
    return tmp_path


def test_an_exercise_beside_the_session(folder: Path) -> None:
    (folder / "sway.yaml").write_text(SWAY)
    (folder / "exercises" / "sway.yaml").write_text(SWAY.replace("Sway.", "Other."))
    loaded = load_session(folder / "s.yaml", "my/s.yaml")
    assert loaded.routine is not None
    step = loaded.routine.steps[0]
    assert isinstance(step, Perform)
    assert step.exercise.rep[0].say == Words("Sway.", step.exercise.rep[0].say.place)  # type: ignore[union-attr]
    assert step.exercise.place.file == str(Path("my/sway.yaml"))
    assert loaded.source_name(step.exercise.place) == "sway.yaml"
    assert loaded.source_name(step.place) == "s.yaml"


def test_an_exercise_in_the_folder_of_exercises(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "exercises" / "sway.yaml").write_text(SWAY)
    monkeypatch.chdir(folder)
    for path in (Path("s.yaml"), folder / "s.yaml"):
        loaded = load_session(path)
        assert loaded.routine is not None
        step = loaded.routine.steps[0]
        assert isinstance(step, Perform)
        assert loaded.source_name(step.exercise.place) == "exercises/sway.yaml"


def test_a_built_in_exercise_has_a_name_that_is_the_same_everywhere() -> None:
    loaded = load_text(session("exercise: cat-cow"), "s.yaml", None)
    assert loaded.routine is not None
    step = loaded.routine.steps[0]
    assert isinstance(step, Perform)
    assert loaded.source_name(step.exercise.place) == "breathcue/library/exercises/cat-cow.yaml"


def test_sessions_named_like_exercises_are_passed_over(folder: Path) -> None:
    for name in ("cat-cow", "bird-dog"):
        (folder / f"{name}.yaml").write_text(session("exercise: cat-cow") + "  - exercise: bird-dog\n")
    loaded = load_session(folder / "cat-cow.yaml")
    assert loaded.diagnostics == ()
    assert set(loaded.files.values()) >= {
        "breathcue/library/exercises/bird-dog.yaml",
        "breathcue/library/exercises/cat-cow.yaml",
    }
    assert [name for name in loaded.files.values() if "/" not in name] == ["cat-cow.yaml"]


def test_a_broken_session_named_like_an_exercise_is_passed_over(folder: Path) -> None:
    (folder / "cat-cow.yaml").write_text("title: Draft\nsteps:\n  - say: 'unfinished\n")
    (folder / "s.yaml").write_text(session("exercise: cat-cow"))
    assert codes(load_session(folder / "s.yaml")) == []


@pytest.mark.parametrize("name", names.exercises())
def test_the_built_in_exercises_have_no_mistake(name: str) -> None:
    assert load_text(session(f"exercise: {name}"), "s.yaml", None).diagnostics == ()


def test_errors_of_an_exercises_file_are_shown_there(folder: Path) -> None:
    (folder / "sway.yaml").write_text(SWAY.replace("4s", "0s"))
    (folder / "s.yaml").write_text(session("exercise: sway") + "  - exercise: sway\n  - wait: 0s\n")
    loaded = load_session(folder / "s.yaml", "s.yaml")
    places = [each.place for each in loaded.diagnostics]
    assert [(place.file, place.line) for place in places if place] == [("s.yaml", 5), ("sway.yaml", 3)]
    assert loaded.diagnostics[1].related[0].place.line == 3
    assert loaded.routine is None


def test_an_unknown_exercise_knows_its_neighbours(folder: Path) -> None:
    (folder / "exercises" / "swaying.yaml").write_text(SWAY)
    (folder / "notes.yaml").write_text("just: notes\n")
    (folder / "s.yaml").write_text(session("exercise: swaing") + "  - exercise: notess\n")
    found = load_session(folder / "s.yaml").diagnostics
    assert found[0].fix == "Did you mean `swaying`?"
    assert "notes`?" not in (found[1].fix or "")
    assert "`exercises/swaing.yaml`" in found[0].message


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "sway.yaml"
    outside.write_text(SWAY)
    (folder / "sway.yaml").symlink_to(outside)
    assert codes(load_session(folder / "s.yaml")) == ["exercise-outside-folder"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "exercises" / "other.yaml").write_text(SWAY)
    (folder / "sway.yaml").symlink_to(folder / "exercises" / "other.yaml")
    assert codes(load_session(folder / "s.yaml")) == []


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes of that kind")
def test_an_exercise_that_is_no_file_is_refused_at_once(folder: Path) -> None:
    os.mkfifo(folder / "sway.yaml")
    assert codes(load_session(folder / "s.yaml")) == ["file-unreadable"]
    (folder / "sway.yaml").unlink()
    (folder / "sway.yaml").symlink_to("sway.yaml")
    assert codes(load_session(folder / "s.yaml")) == ["file-unreadable"]
    (folder / "sway.yaml").unlink()
    (folder / "sway.yaml").mkdir()
    assert codes(load_session(folder / "s.yaml")) == ["file-unreadable"]


def test_a_large_exercise_is_refused(folder: Path) -> None:
    (folder / "sway.yaml").write_text(SWAY + "#" * limits.FILE_BYTES)
    found = load_session(folder / "s.yaml", "s.yaml")
    assert codes(found) == ["file-too-large"]
    assert found.diagnostics[0].place is not None
    assert found.diagnostics[0].place.file == "sway.yaml"


def test_a_session_of_sections_keeps_their_titles() -> None:
    step = one_step("section: Warm up\n    steps:\n      - say: Hi.")
    assert isinstance(step, Section)
    assert (step.title, len(step.steps)) == ("Warm up", 1)


def test_loading_twice_gives_equal_values() -> None:
    assert load_session(FULL) == load_session(FULL)
    assert isinstance(load_session(FULL).diagnostics, tuple)
    assert Diagnostic("x", "y") == Diagnostic("x", "y")
