"""``breathcue live --output FILE.wav``: what was played, requests included, with the neural voice."""

from __future__ import annotations

import signal
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from breathcue.live.deck import FADE
from breathcue.live.player import LEVEL_STEP_DB
from breathcue.timeline.time import samples_from_ms
from coached import (
    CALM,
    COMMAND,
    Coach,
    Heard,
    Place,
    Sound,
    assert_fades,
    coached,
    find,
    first_difference,
    place,
    sound_of,
)
from tries import until_right

pytestmark = [pytest.mark.voice, pytest.mark.slow, pytest.mark.usefixtures("undisturbed")]

PAUSE_SECONDS = 3.0

FAILS_WHEN_TOLD = """
import signal
from breathcue.cli.main import run
from breathcue.live.session import LiveSession

failure = LiveSession.failure
told = []
LiveSession.failure = property(lambda session: told[0] if told else failure.fget(session))
signal.signal(signal.SIGUSR1, lambda *_: told.append(RuntimeError("the composer fell over")))
run()
"""


def during(coach: Coach, part: str, request: str, after: int) -> int:
    """Ask for something soon after a line has begun; return the number of lines until then."""
    seen = coach.wait_for(part, after=after)
    assert not coach.ended_within(0.6), coach.errors
    coach.type(request)
    return seen


def samples_of(path: Path) -> Heard:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_a_recording_holds_what_was_played_with_every_request(tmp_path: Path) -> None:
    def record(folder: Path) -> None:
        where = place(folder, CALM, cache=tmp_path / "cache")
        record_every_request(where, sound_of(where))

    until_right(record, tmp_path)


def record_every_request(where: Place, sound: Sound) -> None:
    target = where.folder / "heard.wav"
    with coached(where, where.session, "--output", target) as coach:
        seen = during(coach, "Make yourself at home", "pause", 0)
        seen = coach.wait_for("Paused.", after=coach.wait_for("Paused. Type", after=seen))
        assert not coach.ended_within(PAUSE_SECONDS), coach.errors
        assert not target.exists(), "it appears whole"
        coach.type("resume")
        seen = coach.wait_for("We go on.", after=seen)
        seen = during(coach, "umbrella", "next", seen)
        seen = during(coach, "Come onto", "voice quieter", seen)
        seen = coach.wait_for("My voice is softer", after=seen)
        seen = coach.wait_for("Set your wrists", after=seen)
        seen = coach.wait_for("Set your knees", after=seen)
        coach.type("finish")
        assert coach.end() == 0, coach.errors
    heard, whole = samples_of(target), sound.whole()
    cut = first_difference(heard, whole)
    home = next(cue for cue in sound.timeline.cues if cue.text.startswith("Make yourself"))
    assert samples_from_ms(home.start_ms) < cut < samples_from_ms(home.end_ms), "untouched until then"
    assert_fades(heard, whole, cut)
    fallen = cut + FADE
    paused, resumed = find(heard, sound.clip("Paused."), cut), find(heard, sound.clip("We go on."), cut)
    assert paused is not None
    assert resumed is not None
    assert not heard[fallen:paused].any()
    silence = (resumed - paused - len(sound.clip("Paused."))) / 48_000
    assert silence > PAUSE_SECONDS - 1, "a pause lasts as long as it lasts"
    again = find(heard, sound.clip(home.text), resumed)
    assert again is not None, "what was cut off is said again, whole"
    wrists = "Set your wrists under your shoulders."
    assert find(heard, sound.clip(wrists)) is None
    assert find(heard, sound.clip(wrists, -LEVEL_STEP_DB), again), "the voice alone has become quieter"


@pytest.mark.parametrize("ending", ["Ctrl-C", "the end of a failure"])
def test_what_is_cut_off_fades(tmp_path: Path, ending: str) -> None:
    number, code = (signal.SIGINT, 130) if ending == "Ctrl-C" else (signal.SIGUSR1, 70)
    program = COMMAND if ending == "Ctrl-C" else (sys.executable, "-c", FAILS_WHEN_TOLD)

    def cut_off(folder: Path) -> None:
        where = place(folder, CALM, cache=tmp_path / "cache")
        sound, target = sound_of(where), folder / "heard.wav"
        with coached(where, where.session, "--output", target, program=program) as coach:
            coach.wait_for("Make yourself at home")
            assert not coach.ended_within(0.6), coach.errors
            coach.process.send_signal(number)
            assert coach.end() == code, coach.errors
        heard, whole = samples_of(target), sound.whole()
        assert_fades(heard, whole, first_difference(heard, whole))

    until_right(cut_off, tmp_path)
