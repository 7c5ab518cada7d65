"""The whole command into a real sound server, heard by another program: every cue on time, every request soon."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.pcm import pcm16
from breathcue.audio.tones import tone_samples
from breathcue.live.player import TICK
from coached import (
    CALM,
    UMBRELLA,
    Coach,
    Heard,
    Place,
    Sound,
    assert_fades,
    beginning,
    beside_threads,
    coached,
    dense,
    find,
    first_difference,
    lateness,
    place,
    sound_of,
)
from pulse import Pulse
from tries import until_right

pytestmark = [pytest.mark.sound, pytest.mark.voice, pytest.mark.slow]

ONSET_MS = 5

WITHIN_SECONDS = 0.25
"""How soon a request must be heard."""


@pytest.mark.parametrize("busy", [0, 2])
def test_two_hundred_cues_are_heard_on_time_and_sample_for_sample(
    pulse: Pulse, tmp_path: Path, busy: int
) -> None:
    def hear_it_all(folder: Path) -> None:
        where = place(folder, dense(100), cache=tmp_path / "cache", **pulse.variables)
        sound = sound_of(where, "--speed", "1.3")
        options = (where.session, "--speed", "1.3")
        with (
            pulse.record(folder / "heard") as recording,
            coached(where, *options, program=beside_threads(busy)) as coach,
        ):
            assert coach.end(seconds=400) == 0, coach.errors
        heard, whole = recording.samples, sound.whole()
        begun = int(np.flatnonzero(heard)[0] - np.flatnonzero(whole)[0])
        assert "missed 0" in coach.errors.splitlines(), coach.errors
        late = lateness(heard[begun:], sound)
        assert max(map(abs, late)) <= ONSET_MS, "a word was heard too far from its place"
        unlike = int((heard[begun : begun + len(whole)] != whole).sum())
        assert unlike == 0, f"{unlike} samples are others"
        assert not heard[begun + len(whole) :].any()
        assert len(late) > 200

    until_right(hear_it_all, tmp_path)


class Listener:
    """Types what the listener asks for at set words, and finds in the recording what came of it."""

    def __init__(self, coach: Coach, sound: Sound) -> None:
        self.coach = coach
        self.sound = sound
        self.seen = 0
        self.asked: list[tuple[str, str, float]] = []

    def ask(self, request: str, *, during: str) -> None:
        """Type a request while the line that holds ``during`` is heard."""
        self.hear(during)
        line = self.coach.lines[self.seen - 1][1]
        self.pause_for(0.6)
        self.asked.append((request, line.partition("  ")[2], self.coach.type(request)))

    def hear(self, part: str) -> None:
        self.seen = self.coach.wait_for(part, after=self.seen)

    def pause_for(self, seconds: float) -> None:
        """Let the session go on for a moment."""
        assert not self.coach.ended_within(seconds), self.coach.errors


def test_every_request_is_heard_soon_and_without_a_click(pulse: Pulse, tmp_path: Path) -> None:
    def ask_for_everything(folder: Path) -> None:
        where = place(folder, CALM, cache=tmp_path / "cache", **pulse.variables)
        make_every_request(pulse, where, sound_of(where))

    until_right(ask_for_everything, tmp_path)


def make_every_request(pulse: Pulse, where: Place, sound: Sound) -> None:
    with pulse.record(where.folder / "heard") as recording, coached(where, where.session) as coach:
        listener = Listener(coach, sound)
        listener.ask("pause", during="Make yourself at home")
        listener.hear("Paused.")
        listener.pause_for(2.5)
        coach.type("resume")
        listener.hear("We go on.")
        listener.ask("pause", during=UMBRELLA)
        listener.hear("Paused.")
        listener.pause_for(2.5)
        coach.type("resume")
        listener.ask("slower", during=UMBRELLA)
        listener.hear("A little slower.")
        listener.ask("next", during=UMBRELLA)
        listener.ask("hurt", during="Come onto your hands and knees")
        listener.hear("Paused, because that hurt")
        listener.hear("ask a professional")
        coach.type("resume")
        listener.ask("finish", during="Set your wrists")
        listener.hear("We come to a close here.")
        assert coach.end() == 0, coach.errors
    heard = recording.samples
    assert answers_in_order(heard, sound)
    waits, after = [], 0
    for request, line, typed_at in listener.asked:
        clip = sound.clip(line)
        begun = beginning(heard, clip, after)
        acted = begun + first_difference(heard[begun:], clip)
        after = acted
        waits.append((request, recording.heard_by(acted) - typed_at))
        if request == "slower":
            assert_adds_a_tick(heard[begun:], clip, acted - begun)
        else:
            assert_fades(heard[begun:], clip, acted - begun)
    assert {request: wait for request, wait in waits if not 0 < wait <= WITHIN_SECONDS} == {}, waits
    assert where.records[-1]["how"] == "closed-kindly"


def answers_in_order(heard: Heard, sound: Sound) -> bool:
    texts = ("Paused.", "We go on.", "A little slower.", "We come to a close here.")
    places = [find(heard, sound.clip(text)) for text in texts]
    return None not in places and places == sorted(places, key=lambda place: place or 0)


def assert_adds_a_tick(heard: Heard, clip: Heard, acted: int) -> None:
    """Check that the clip goes on unchanged under the tone that answers."""
    tick = pcm16(tone_samples(TICK))
    begin = acted - int(np.flatnonzero(tick)[0])
    wanted = np.zeros(len(clip), np.int32)
    wanted[begin : begin + len(tick)] = tick[: len(clip) - begin]
    added = heard[: len(clip)].astype(np.int32) - clip
    assert np.abs(added - wanted).max() <= 1, "rounding is all that may differ"
