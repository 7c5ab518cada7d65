"""The sheet of lines to record: everything a session may say, once, in order, with its file and its room."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from breathcue.casting import SilentSpeech, silent_cast
from breathcue.compiler.script import live_script_of, script_of
from breathcue.compiler.wishes import Wishes
from breathcue.export.sheet import COLUMNS, WIDTH, sheet_as_csv, sheet_as_text
from breathcue.language.load import load_session, load_text
from breathcue.pipeline.lines import open_sheet
from breathcue.timeline.model import Source, Track, Utterance, Voice
from breathcue.timeline.script import Fit, ScriptLine
from breathcue.timeline.time import Ms
from breathcue.voices.recorded import file_name
from compiling import compile_loaded
from performing import lay_all, performance_of
from workspace import ROOT, SESSIONS

SMALL = """
title: Small
voice: {engine: silent}
steps:
  - say: Welcome, you.
  - exercise: arms
  - say: Welcome, you.
  - say: {text: And me., voice: {engine: silent, speed: 0.7}}
  - check-in: How was that?
exercises:
  arms:
    title: Arms
    rep:
      - move: 3s
        say: Slowly lift both of your arms up to the sky, as high as they will go today.
        short: Lift.
      - hold: 4s
        count: up
      - return: 3s
        to: your sides
    reps: 3
"""


def small() -> tuple[ScriptLine, ...]:
    loaded = load_text(SMALL, "session.yaml", None)
    assert loaded.routine is not None, loaded.diagnostics
    return script_of(loaded.routine, silent_cast(loaded.routine))


def line(text: str) -> ScriptLine:
    return next(each for each in small() if each.utterance.text == text)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_it_holds_all_that_a_session_says_and_hardly_more(path: Path) -> None:
    loaded = load_session(path)
    assert loaded.routine is not None
    lines = [each.utterance.text for each in script_of(loaded.routine, silent_cast(loaded.routine))]
    said = [cue.text for cue in compile_loaded(loaded).timeline.cues if cue.track is Track.VOICE]
    assert len(lines) == len(set(lines))
    assert set(said) <= set(lines)
    assert len(lines) <= 1.15 * len(set(said))


def test_it_holds_what_a_coach_answers() -> None:
    loaded = load_text(SMALL, "session.yaml", None)
    performance = performance_of(loaded)
    lay_all(performance)
    assert loaded.routine is not None
    lines = live_script_of(
        loaded.routine,
        silent_cast(loaded.routine),
        SilentSpeech(),
        lambda place: Source("session.yaml", place.line),
    )
    texts = [each.utterance.text for each in lines]
    assert {"Paused.", "A little slower.", "One moment.", "Welcome back. We go on with Arms."} <= set(texts)
    assert all(each.live and each.room is None for each in lines)
    assert not set(texts) & {each.utterance.text for each in small()}


def test_lines_come_in_the_order_in_which_they_are_heard() -> None:
    loaded = load_text(SMALL, "session.yaml", None)
    heard = list(
        dict.fromkeys(c.text for c in compile_loaded(loaded).timeline.cues if c.track is Track.VOICE)
    )
    lines = [each.utterance.text for each in small()]
    talks = [text for text in heard if text not in ("Lift.", "Hold.", "Two.", "One.", "Three.", "Four.")]
    assert [text for text in lines if text in talks[:3]] == talks[:3]
    assert lines.index("Lift.") < lines.index("Hold.") < lines.index("One.") < lines.index("Four.")
    assert lines[-1] == heard[-1]


def test_a_line_knows_where_it_is_used() -> None:
    assert (line("Welcome, you.").uses, line("Welcome, you.").where) == (2, "Listen")
    assert (line("Lift.").where, line("Lift.").moment, line("Lift.").uses) == ("Arms", "Move", 3)
    assert line("Welcome, you.").place is not None
    assert line("How was that?").where == "Check in"


def test_a_line_knows_how_long_it_may_be() -> None:
    assert line("Welcome, you.").room is None
    assert line("Lift.").fit is Fit.MUST
    full = line("Slowly lift both of your arms up to the sky, as high as they will go today.")
    assert full.fit is Fit.BEFORE
    assert line("One.").fit is Fit.MUST
    assert (line("One.").room, line("Two.").room) == (500, 750)
    assert line("Last one.").fit is Fit.LEFT_OUT


class AsLongAsThereIsRoom(SilentSpeech):
    """Speech in which every line that has to fit is exactly as long as the sheet allows."""

    def __init__(self, lines: tuple[ScriptLine, ...]) -> None:
        self.rooms = {each.utterance.text: each.room for each in lines if each.fit is Fit.MUST}

    def measure(self, utterances):
        return {
            said: Ms(self.rooms.get(said.text) or length)
            for said, length in super().measure(utterances).items()
        }


CASES = sorted((ROOT / "tests" / "cases").glob("*.yaml"))


@pytest.mark.parametrize("path", [*SESSIONS, *CASES], ids=lambda path: path.stem)
def test_what_takes_no_longer_than_it_may_fits(path: Path) -> None:
    """The room on the sheet can be relied on: where every line takes all of its own, nothing is made longer."""
    loaded = load_session(path)
    assert loaded.routine is not None
    lines = script_of(loaded.routine, silent_cast(loaded.routine))
    assert compile_loaded(loaded, AsLongAsThereIsRoom(lines)).diagnostics == ()


def test_lines_that_others_say_are_not_to_be_recorded(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    path = tmp_path / "session.yaml"
    path.write_text(SMALL.replace("{engine: silent, speed: 0.7}", "{engine: recorded, folder: mine}"))
    _, lines, _ = open_sheet(path, Wishes())
    assert [each.utterance.text for each in lines] == ["And me."]
    assert lines[0].utterance == Utterance("And me.", Voice("recorded", "mine", 1.0))
    assert lines[0].recorded is False
    (tmp_path / "mine" / f"{file_name('And me.')}.m4a").touch()
    assert open_sheet(path, Wishes())[1][0].recorded is True


# On paper, and as a table.


def recorded(text: str, **more: object) -> ScriptLine:
    said = Utterance(text, Voice("recorded", "mine", 1.0))
    return ScriptLine(said, "Arms", file=file_name(text), recorded=False, **more)  # type: ignore[arg-type]


TRICKY = (
    recorded('Say "yes", please; or no.'),
    recorded("Respira — 呼吸.\nDespacio,", room=Ms(1_999), fit=Fit.MUST),
    recorded("x" * 300),
    recorded("Paused.", live=True),
)


def test_the_table_is_read_back_as_it_was() -> None:
    rows = list(csv.DictReader(io.StringIO(sheet_as_csv(TRICKY), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [row["text"] for row in rows] == [" ".join(each.utterance.text.split()) for each in TRICKY]
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    assert {row["folder"] for row in rows} == {"mine"}
    assert rows[1]["longest_s"] == "1.9"
    assert rows[1]["if_longer"] == "it does not fit"
    assert [row["part"] for row in rows] == ["session", "session", "session", "live"]
    assert [row["file"] for row in rows] == [each.file for each in TRICKY]
    assert {row["recorded"] for row in rows} == {"no"}


def test_the_sheet_fits_on_paper_and_has_every_word() -> None:
    text = sheet_as_text("Small", (*TRICKY, *small()))
    assert all(len(row) <= WIDTH or set(row.strip()) == {"x"} for row in text.splitlines())
    words = " ".join(text.split())
    for each in (*TRICKY[:2], TRICKY[3], *small()):
        assert " ".join(each.utterance.text.split()) in words
    assert f"mine/{TRICKY[0].file}.wav\n" in text
    assert f"mine/{TRICKY[1].file}.wav   at most 1.9 s\n" in text
    assert "   1  [ ] Say" in text
    assert "In answer to a listener\n-----------------------\n" in text
