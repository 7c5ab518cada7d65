"""``breathcue live`` and loudspeakers that come and go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from coached import CALM, Place, coached, find, place, sound_of
from pulse import DESCRIPTION, SINK, Pulse
from tries import until_right

pytestmark = pytest.mark.sound


def kill_server(pulse: Pulse) -> None:
    pulse.kill()


def unplug(pulse: Pulse) -> None:
    pulse.remove_sink()


@pytest.mark.voice
@pytest.mark.slow
@pytest.mark.parametrize("vanish", [kill_server, unplug])
def test_a_loudspeaker_that_vanishes_pauses_the_session_until_there_is_another(
    pulse: Pulse, tmp_path: Path, vanish: Callable[[Pulse], None]
) -> None:
    def lose_it(folder: Path) -> None:
        pulse.restart()
        lose_the_loudspeaker(pulse, place(folder, CALM, cache=tmp_path / "cache", **pulse.variables), vanish)

    until_right(lose_it, tmp_path)


def lose_the_loudspeaker(pulse: Pulse, where: Place, vanish: Callable[[Pulse], None]) -> None:
    sound = sound_of(where)
    with coached(where, where.session) as coach:
        seen = coach.wait_for("umbrella")
        assert not coach.ended_within(1.0), coach.errors
        vanish(pulse)
        seen = coach.wait_for("The loudspeaker is gone.", after=seen)
        assert not coach.ended_within(3.0), coach.errors
        assert len(coach.lines) == seen, "nothing goes on meanwhile"
        coach.type("resume")
        pulse.restart()
        with pulse.record(where.folder / "heard") as recording:
            seen = coach.wait_for("We go on.", after=seen)
            seen = coach.wait_for("umbrella", after=seen)
            seen = coach.wait_for("Breathe out.", after=seen)
            coach.type("quit")
            assert coach.end() == 0, coach.errors
    assert "Going on." in coach.text
    heard = recording.samples
    first = next(cue.text for cue in sound.timeline.cues if "umbrella" in cue.text)
    begun = [find(heard, sound.clip(text)) for text in ("We go on.", first)]
    assert None not in begun, "all of it is heard from the new one"
    assert begun == sorted(begun, key=lambda at: at or 0)
    kinds = [record["kind"] for record in where.records]
    assert kinds.index("lost") < kinds.index("resumed")
    assert where.records[-1]["how"] == "quit"
    assert coach.errors.count("Traceback") == 0


def test_without_a_loudspeaker_it_says_what_to_do(pulse: Pulse, tmp_path: Path) -> None:
    where = place(tmp_path, "title: T\nvoice: {engine: silent}\nsteps:\n  - say: Hello.\n", **pulse.variables)
    pulse.remove_sink()
    done = where.run("live", where.session, "--plain")
    assert done.returncode == 3, done.stderr
    for words in ("There is no loudspeaker", "--output null", "breathcue render"):
        assert words in done.stderr
    assert where.records == [], "what was not begun is not remembered"


def test_an_unknown_loudspeaker_is_wrong_usage(pulse: Pulse, tmp_path: Path) -> None:
    where = place(tmp_path, "title: T\nvoice: {engine: silent}\nsteps:\n  - say: Hello.\n", **pulse.variables)
    done = where.run("live", where.session, "--plain", "--output", "kitchen")
    assert done.returncode == 2, done.stderr
    assert "No output is called “kitchen”" in done.stderr
    assert DESCRIPTION in done.stderr


@pytest.mark.voice
def test_it_speaks_through_the_loudspeaker_that_was_chosen(pulse: Pulse, tmp_path: Path) -> None:
    pulse.pactl(
        "load-module", "module-null-sink", "sink_name=other", "sink_properties=device.description=Kitchen"
    )
    pulse.pactl("set-default-sink", "other")

    def speak(folder: Path) -> None:
        where = place(
            folder, "title: T\nsteps:\n  - say: Hello.\n", cache=tmp_path / "cache", **pulse.variables
        )
        sound = sound_of(where)
        with pulse.record(folder / "heard") as recording:
            assert where.run("live", where.session, "--plain", "--output", SINK).returncode == 0
        assert find(recording.samples, sound.whole()) is not None

    until_right(speak, tmp_path)
