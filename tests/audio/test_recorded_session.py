"""Sessions spoken by recordings, from the sheet to the file: whole, with gaps, with lines that do not fit, and live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from breathcue.cli.main import breathcue
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Diagnostic, SessionError, Severity
from breathcue.pipeline.lines import open_sheet
from breathcue.pipeline.live import open_live
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Cue, Track, Voice
from breathcue.timeline.score import Control
from breathcue.timeline.script import Fit
from breathcue.timeline.time import Ms
from decoding import decode
from recordings import record, spoken_like

pytestmark = pytest.mark.encoder

SESSION = """
title: Arms
voice: {voice}
steps:
  - say: Welcome, you.
  - exercise: arms
    reps: 3
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
        say: And lower.
"""
ALONE = "{engine: recorded, folder: mine}"
HELPED = "{engine: recorded, folder: mine, fallback: {engine: silent}}"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a cache for all these tests: a recording that one of them has made is not decoded for each."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cached(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREATHCUE_CACHE", str(cache))


@pytest.fixture
def session(tmp_path: Path) -> Path:
    (tmp_path / "work" / "mine").mkdir(parents=True)
    path = tmp_path / "work" / "arms.yaml"
    path.write_text(SESSION.replace("{voice}", ALONE), encoding="utf-8")
    return path


def helped(session: Path) -> None:
    session.write_text(SESSION.replace("{voice}", HELPED), encoding="utf-8")


def record_all(session: Path, *, live: bool = False, but: tuple[str, ...] = ()) -> list[str]:
    """Record the lines of the sheet, each as long as it may be at most; return their words."""
    lines = [line for line in open_sheet(session, Wishes())[1] if live or not line.live]
    for line in lines:
        text = line.utterance.text
        if text not in but:
            # Some of the room around the words is left when they are trimmed.
            record(
                session.parent / "mine", text, line.room - 80 if line.fit is Fit.MUST and line.room else None
            )
    return [line.utterance.text for line in lines]


def voice_cues(path: Path) -> list[Cue]:
    with open_session(path, Wishes()) as opened:
        return [cue for cue in opened.timeline.cues if cue.track is Track.VOICE]


def errors(path: Path) -> list[Diagnostic]:
    with pytest.raises(SessionError) as caught, open_session(path, Wishes()):
        pass
    return list(caught.value.diagnostics)


def test_a_session_with_all_its_lines_recorded_is_heard_in_them(session: Path) -> None:
    record_all(session)
    target = session.with_name("arms.flac")
    done = CliRunner().invoke(breathcue, ["render", str(session), "-o", str(target)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    with open_session(session, Wishes()) as opened:
        assert opened.timeline.voice == Voice("recorded", "mine", 1.0)
        assert opened.diagnostics == ()
        cues = [cue for cue in opened.timeline.cues if cue.track is Track.VOICE]
    heard = decode(target)
    assert "Slowly lift both of your arms up to the sky, as high as they will go today." in [
        c.text for c in cues
    ]
    for cue in cues:
        words = spoken_like(cue.text, 300)[:9_600]
        window = heard[cue.start_ms * 48 : cue.end_ms * 48]
        match = np.abs(np.correlate(window, words)).max()
        assert match > 0.9 * np.linalg.norm(words) * np.linalg.norm(window[: len(words)]) * 0.5, cue


def test_all_that_is_missing_is_listed_at_its_lines(session: Path) -> None:
    texts = record_all(session, but=("Lift.", "Welcome, you.", "Two."))
    assert len(texts) > 10
    found = errors(session)
    assert {each.code for each in found} == {"not-recorded"}
    places = {each.message.split("'")[1]: each.place.line for each in found if each.place}
    assert places == {"Welcome, you.": 5, "Lift.": 13, "Two.": 16}
    assert all("“mine/" in (each.fix or "") and "breathcue script" in (each.fix or "") for each in found)


def test_what_is_missing_is_told_where_the_session_names_its_voice(session: Path) -> None:
    helped(session)
    line = f"  - say: {{text: Hello., voice: {ALONE}}}\n"
    session.write_text(session.read_text().replace("  - check-in", f"{line}  - check-in"), encoding="utf-8")
    record_all(session, but=("Lift.",))
    with open_session(session, Wishes()) as opened:
        (warning,) = opened.diagnostics
    assert warning.place is not None
    assert warning.place.line == 3


def test_a_fallback_says_what_is_missing(session: Path) -> None:
    helped(session)
    record_all(session, but=("Lift.", "Welcome, you.", "Two.", "How was that?"))
    with open_session(session, Wishes()) as opened:
        (warning,) = opened.diagnostics
        sounds = {
            cue.text: bool(opened.speaker.clip(cue.utterance).samples.any())
            for cue in opened.timeline.cues
            if cue.track is Track.VOICE
        }
    assert (warning.code, warning.severity) == ("spoken-by-fallback", Severity.WARNING)
    assert warning.message.startswith("4 lines are not recorded in “mine”")
    assert warning.place is not None
    assert warning.place.line == 3
    assert {text for text, heard in sounds.items() if not heard} == {
        "Lift.",
        "Welcome, you.",
        "Two.",
        "How was that?",
    }


def test_bad_recordings_are_told_with_the_missing_ones(session: Path) -> None:
    record_all(session, but=("Two.",))
    next((session.parent / "mine").glob("lift-*")).write_bytes(b"no sound at all")
    assert {each.code for each in errors(session)} == {"not-recorded", "recording-unusable"}
    helped(session)
    with open_session(session, Wishes()) as opened:
        found = {each.code: each for each in opened.diagnostics}
    assert set(found) == {"spoken-by-fallback", "recording-unusable"}
    assert all(each.severity is Severity.WARNING for each in found.values())
    assert "'Lift.'" in found["recording-unusable"].message


def test_lines_that_are_too_long_are_all_told_with_the_time_there_is(session: Path) -> None:
    record_all(session)
    for text, length in (("Lift.", 6_000), ("Two.", 1_800), ("Three.", 1_500), ("And return.", 7_000)):
        record(session.parent / "mine", text, length)
    record(session.parent / "mine", "And lower.", 7_000)
    found = {each.message.split("'")[1]: each for each in errors(session)}
    assert set(found) == {"Lift.", "Two.", "Three.", "And return."}, list(found)
    assert {each.code for each in found.values()} == {"recording-too-long"}
    assert {each.place and each.place.line for each in found.values()} == {13, 16, 18}
    for text, each in found.items():
        room = float(each.message.rsplit(" s.", 1)[0].rsplit(" ", 1)[1])
        assert 0.4 < room < 3
        record(session.parent / "mine", text, round(room * 1000) - 80)
    assert voice_cues(session)


def test_a_fallback_says_what_takes_too_long(session: Path) -> None:
    record_all(session)
    record(session.parent / "mine", "Lift.", 7_000)
    assert [(each.code, each.message.split("'")[1]) for each in errors(session)] == [
        ("recording-too-long", "Lift.")
    ]
    helped(session)
    with open_session(session, Wishes()) as opened:
        (warning,) = opened.diagnostics
        lengths = {phase.duration_ms for phase in opened.timeline.phases if phase.kind == "move"}
    assert (warning.code, warning.severity) == ("recording-too-long", Severity.WARNING)
    assert "The fallback says it" in warning.message
    assert lengths == {3_000}


def test_recordings_never_make_a_movement_longer(session: Path) -> None:
    record_all(session)
    with open_session(session, Wishes()) as opened:
        lengths = {phase.duration_ms for phase in opened.timeline.phases if phase.rep is not None}
    assert lengths == {3_000, 4_000}


def test_speed_is_not_for_recordings(session: Path) -> None:
    record_all(session)
    usual = voice_cues(session)
    with open_session(session, Wishes(speed=1.7)) as opened:
        assert [cue for cue in opened.timeline.cues if cue.track is Track.VOICE] == usual
    text = session.read_text(encoding="utf-8").replace("    reps: 3\n", "    reps: 3\n    speed: 0.6\n")
    session.write_text(text, encoding="utf-8")
    assert [(cue.text, cue.start_ms) for cue in voice_cues(session)] == [(c.text, c.start_ms) for c in usual]


def test_a_single_line_may_be_recorded(session: Path) -> None:
    text = SESSION.replace("{voice}", "{engine: silent}").replace(
        "say: Welcome, you.", "say: {text: 'Welcome, you.', voice: {folder: mine}}"
    )
    session.write_text(text, encoding="utf-8")
    (found,) = errors(session)
    assert (found.code, found.place and found.place.line) == ("not-recorded", 5)
    record(session.parent / "mine", "Welcome, you.")
    with open_session(session, Wishes()) as opened:
        cues = {cue.text: cue for cue in opened.timeline.cues if cue.track is Track.VOICE}
        assert cues["Welcome, you."].voice == Voice("recorded", "mine", 1.0)
        assert opened.speaker.clip(cues["Welcome, you."].utterance).samples.any()
        assert not opened.speaker.clip(cues["How was that?"].utterance).samples.any()


# Live.


def performed(path: Path, asking: dict[int, Control] | None = None) -> tuple[list[str], list[str]]:
    """Perform a session live; return the words that sound, and those that are left silent."""
    with open_live(path, Wishes()) as (script, _):
        part = 0
        while script.lay():
            part += 1
            if asking and part in asking:
                script.carry_out(asking[part], Ms(script.score().end_ms - 500), stopped=False)
        cues = [cue for cue in script.score().cues if cue.track is Track.VOICE]
        loud = {cue.text: bool(script.speaker.clip(cue.utterance).samples.any()) for cue in cues}
    return [text for text in loud if loud[text]], [text for text in loud if not loud[text]]


def live_errors(path: Path) -> Iterator[Diagnostic]:
    with pytest.raises(SessionError) as caught, open_live(path, Wishes()):
        pass
    yield from caught.value.diagnostics


def test_a_live_session_needs_the_answers_too(session: Path) -> None:
    texts = record_all(session)
    found = list(live_errors(session))
    assert {each.code for each in found} == {"not-recorded"}
    missing = {each.message.split("'")[1] for each in found}
    assert "Paused." in missing
    assert not missing & set(texts)


def test_a_live_session_speaks_in_recordings(session: Path) -> None:
    record_all(session, live=True)
    loud, silent = performed(session)
    assert silent == []
    assert "Lift." in loud


def test_what_nobody_could_foresee_is_left_unsaid(session: Path) -> None:
    record_all(session, live=True)
    loud, silent = performed(session, {3: Control.SLOWER, 5: Control.BACK})
    assert "A little slower." in loud
    assert set(silent) & {"Lift.", "And lower.", "A little slower.", "Paused."} == set()


def test_a_fallback_answers(session: Path) -> None:
    helped(session)
    record_all(session)
    loud, silent = performed(session, {3: Control.SLOWER})
    assert "A little slower." in silent
    assert "Lift." in loud


def test_what_is_too_long_is_told_before_a_live_session(session: Path) -> None:
    record_all(session, live=True)
    record(session.parent / "mine", "Lift.", 7_000)
    assert {each.code for each in live_errors(session)} == {"recording-too-long"}
