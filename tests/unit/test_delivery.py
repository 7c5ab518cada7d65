"""Who says a line and how fast: the voice of the session, that of a line, and the speed of a step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from breathcue.casting import SilentSpeech
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import BreathcueError, MissingError, SessionError
from breathcue.language.load import check_text
from breathcue.pipeline.live import open_live
from breathcue.pipeline.loading import cast_of
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Cue, PhaseKind, Timeline, Track, Utterance, Voice
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import Refusal, UnspeakableError
from breathcue.voices.silent import length_ms
from compiling import compile_text, routine_of

WORDS = "Lie down and let your back be heavy."

NESTED = """\
title: Nested
steps:
  - section: Slow
    speed: 0.6
    steps:
      - say: As the section.
      - say: As it likes.
        speed: 1.2
      - repeat: 2
        steps:
          - say: In the circuit.
      - repeat: 1
        speed: 0.8
        steps:
          - say: As the inner one.
          - {say: As a line likes., speed: 2.0}
          - {say: {text: At home., voice: {speed: 1.6}}, speed: 2.0}
          - {say: {text: From emma., voice: emma}}
  - say: As the session.
"""

BRIDGE = """\
title: Bridge
exercises:
  bridge:
    title: Bridge
    rep:
      - move: 4s
        say: {text: Lift your hips away from the mat., voice: emma}
        short: {text: Lift., voice: fenrir}
      - return: 4s
        say: {text: Lower., voice: kore}
      - hold: 4s
        say: Rest here for as long as you like to.
    reps: 4
steps:
  - exercise: bridge
"""


def voice_cues(timeline: Timeline) -> list[Cue]:
    return [cue for cue in timeline.cues if cue.track is Track.VOICE]


def lines_of(text: str) -> dict[str, Cue]:
    return {cue.text: cue for cue in voice_cues(compile_text(text).timeline)}


def steps(*lines: str) -> str:
    return "title: T\nsteps:\n" + "".join(f"  - {line}\n" for line in lines)


def silent(name: str, speed: float) -> Voice:
    return Voice("silent", name, speed)


def test_a_line_is_said_by_the_voice_of_the_session_or_by_its_own() -> None:
    lines = lines_of(
        steps(f"say: {WORDS}", "say: {text: Hello., voice: emma}", "check-in: {text: Well?, voice: fenrir}")
    )
    own = {text: cue.voice for text, cue in lines.items() if cue.voice}
    assert own == {"Hello.": silent("emma", 0.9), "Well?": silent("fenrir", 0.9)}


def test_the_full_instruction_and_the_short_one_have_their_own_voices() -> None:
    timeline = compile_text(BRIDGE).timeline
    said = {cue.text: cue.voice and cue.voice.name for cue in voice_cues(timeline)}
    assert said["Lift your hips away from the mat."] == "emma"
    assert said["Lift."] == "fenrir"
    assert said["Lower."] == "kore", "brief words serve as the short form too"
    assert said["Rest here for as long as you like to."] is None
    assert said["Hold."] is None


@pytest.mark.parametrize("speed", [0.5, 0.75, 1.3, 2.0])
def test_the_speed_of_a_step_makes_its_clips_longer_or_shorter(speed: float) -> None:
    cue = lines_of(steps(f"{{say: {WORDS}, speed: {speed}}}"))[WORDS]
    assert cue.duration_ms == length_ms(WORDS, speed) != length_ms(WORDS, 0.9)
    assert cue.voice == silent("silent", speed)


def test_the_speed_of_the_session_need_not_be_noted() -> None:
    assert lines_of(steps(f"{{say: {WORDS}, speed: 0.9}}"))[WORDS].voice is None


def test_the_innermost_speed_counts_and_before_it_that_of_a_lines_own_voice() -> None:
    lines = lines_of(NESTED)
    speeds = {text: cue.voice and (cue.voice.name, cue.voice.speed) for text, cue in lines.items()}
    assert speeds == {
        "Welcome to Nested.": None,
        "As the section.": ("silent", 0.6),
        "As it likes.": ("silent", 1.2),
        "Round one of two.": ("silent", 0.6),
        "Round two of two.": ("silent", 0.6),
        "In the circuit.": ("silent", 0.6),
        "As the inner one.": ("silent", 0.8),
        "As a line likes.": ("silent", 2.0),
        "At home.": ("silent", 1.6),
        "From emma.": ("emma", 0.8),
        "As the session.": None,
        "That is the end of this session. Well done.": None,
    }


@pytest.mark.parametrize(
    "step", ["breathe: {inhale: 4s, exhale: 4s, rounds: 2}", "exercise: bird-dog", "rest: 40s", "wait: 40s"]
)
def test_every_word_of_a_step_is_said_at_its_speed(step: str) -> None:
    timeline = compile_text(steps(f"{step}\n    speed: 1.4")).timeline
    first, *inside, last = voice_cues(timeline)
    assert len(inside) > 2
    assert {cue.voice for cue in inside} == {silent("silent", 1.4)}
    assert first.voice is last.voice is None


def test_a_phase_is_lengthened_only_where_the_voice_is_too_slow_for_it() -> None:
    text = BRIDGE.replace("move: 4s", "move: 1s").replace(
        "Lift., voice: fenrir", "Lift your hips away., voice: fenrir"
    )
    compiled = compile_text(f"{text}  - exercise: bridge\n    speed: 0.5\n")
    moves = [phase.duration_ms for phase in compiled.timeline.phases if phase.kind is PhaseKind.MOVE]
    assert moves[:4] == [1000] * 4
    assert min(moves[4:]) > 1000
    assert [diagnostic.code for diagnostic in compiled.diagnostics] == ["phase-too-short"]


# -- from the file to the speaker ----------------------------------------------------------------------------------


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "session.yaml"


SPOKEN = """\
title: Spoken
voice: {engine: silent, speed: 0.8}
steps:
  - say: As the session.
  - say: {text: As the session too., voice: silent}
  - say: At its own pace.
    speed: 1.25
  - say: {text: At home., voice: {engine: silent, speed: 0.6}}
"""


@pytest.mark.parametrize(
    ("wishes", "speed"), [(Wishes(), 0.8), (Wishes(speed=1.5), 1.5), (Wishes("silent"), 0.8)]
)
def test_the_command_line_replaces_what_is_the_sessions_own(
    session: Path, wishes: Wishes, speed: float
) -> None:
    session.write_text(SPOKEN, encoding="utf-8")
    with open_session(session, wishes) as opened:
        timeline = opened.timeline
        for cue in voice_cues(timeline):
            assert opened.speaker.clip(cue.utterance).duration_ms == cue.duration_ms
    assert timeline.voice == silent("silent", speed)
    own = {cue.text: cue.voice for cue in voice_cues(timeline) if cue.voice}
    assert own == {"At its own pace.": silent("silent", 1.25), "At home.": silent("silent", 0.6)}
    lengths = {cue.text: cue.duration_ms for cue in voice_cues(timeline)}
    assert lengths["As the session too."] == length_ms("As the session too.", speed)
    assert lengths["At home."] == length_ms("At home.", 0.6)


def test_a_name_that_several_engines_know_is_looked_for_in_the_sessions_engine_first() -> None:
    text = "title: T\nvoice: {}\nsteps:\n  - say: {{text: Hello., voice: emma}}\n"
    for name, engine in (("heart", "embedded"), ("{engine: kokoro, name: heart}", "kokoro")):
        cast = cast_of(routine_of(text.format(name)), Wishes())
        assert [voice.engine for voice in cast.others.values()] == [engine]
    cast = cast_of(routine_of(text.format("heart")), Wishes(voice="silent"))
    assert [voice.engine for voice in cast.others.values()] == ["embedded"]


def refused(session: Path, text: str, wishes: Wishes | None = None) -> BreathcueError:
    session.write_text(text, encoding="utf-8")
    with pytest.raises(BreathcueError) as caught, open_session(session, wishes or Wishes()):
        raise AssertionError("it opened")
    with pytest.raises(type(caught.value)) as live, open_live(session, wishes or Wishes()):
        raise AssertionError("it opened")
    assert live.value.diagnostics == caught.value.diagnostics
    return caught.value


def test_voices_that_do_not_exist_are_all_named_each_at_its_line(session: Path) -> None:
    text = SPOKEN.replace("At home., voice: {engine: silent", "At home., voice: {engine: silnt")
    error = refused(session, text + "  - check-in: {text: Well?, voice: emmma}\n")
    assert isinstance(error, MissingError)
    found = [(d.code, d.place and d.place.line, d.message) for d in error.diagnostics]
    assert found == [
        ("unknown-engine", 8, "There is no engine called 'silnt'."),
        ("unknown-voice", 9, "There is no voice called 'emmma'."),
    ]
    assert "Did you mean emma?" in (error.diagnostics[1].fix or "")


def test_checking_a_session_asks_for_no_voice() -> None:
    assert check_text(SPOKEN.replace("voice: silent", "voice: nobody-at-all"), "session.yaml", None) == ()


def test_a_voice_in_an_exercise_is_looked_for_as_well(session: Path) -> None:
    text = BRIDGE.replace("voice: fenrir", "voice: nobody-at-all")
    (diagnostic,) = refused(session, text, Wishes(voice="silent")).diagnostics
    assert (diagnostic.code, diagnostic.place and diagnostic.place.line) == ("unknown-voice", 8)


class Mute(SilentSpeech):
    """Speech in which one voice has no sound for anything."""

    def measure(self, utterances: Iterable[Utterance]) -> dict[Utterance, Ms]:
        said = list(utterances)
        refused = {one: Refusal("it is mute") for one in said if one.voice and one.voice.name == "emma"}
        if refused:
            raise UnspeakableError(refused)
        return super().measure(said)


def test_words_that_a_lines_own_voice_cannot_say_are_named_at_its_line() -> None:
    with pytest.raises(SessionError) as caught:
        compile_text(steps("say: Hello.", "say: {text: Hello., voice: emma}"), Mute())
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.place and diagnostic.place.line) == ("unspeakable-text", 4)
    assert diagnostic.message == "The voice emma cannot say 'Hello.': it is mute."
