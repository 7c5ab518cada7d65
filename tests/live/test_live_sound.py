"""The whole command into a real sound server, heard by another program: every cue on time, every request soon."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.pcm import pcm16
from breathcue.audio.tones import tone_samples
from breathcue.live.player import TICK
from breathcue.timeline.model import Track
from breathcue.timeline.time import samples_from_ms
from coached import (
    CALM,
    UMBRELLA,
    Coach,
    Heard,
    Sound,
    assert_fades,
    coached,
    find,
    first_difference,
    place,
    sound_of,
)
from pulse import RATE, Pulse

pytestmark = [pytest.mark.sound, pytest.mark.voice, pytest.mark.slow]

WITHIN_SECONDS = 0.25
"""How soon a request must be heard."""

ONSET_MS = 5
ONSET = 10 ** (-50 / 20) * 32_768
"""Where speech begins, as a 16-bit sample: -50 dBFS, as in the tests of rendered files."""

DENSE = """\
title: Many words
exercises:
  quick:
    title: Quick
    rep:
      - move: 0.8s
        say: One.
        short: One.
      - return: 0.8s
        say: Two.
        short: Two.
    reps: 85
steps:
  - exercise: quick
"""
"""More than 200 cues in two minutes: they follow one another as closely as cues may."""

BESIDE_TWO_BUSY_THREADS = """
import sys, threading
from breathcue.cli.main import run
from breathcue.live.session import LiveSession

def work():
    while True:
        sum(i * i for i in range(1000))

close = LiveSession.close

def close_and_tell(session):
    close(session)
    print("missed", session.player.buffer.missed, file=sys.stderr)

LiveSession.close = close_and_tell
for _ in range(int(sys.argv.pop(1))):
    threading.Thread(target=work, daemon=True).start()
run()
"""


@pytest.mark.parametrize("busy", [0, 2])
def test_two_hundred_cues_are_heard_on_time_and_sample_for_sample(
    pulse: Pulse, tmp_path: Path, busy: int
) -> None:
    where = place(tmp_path, DENSE, **pulse.variables)
    sound = sound_of(where, "--speed", "1.3")
    program = (sys.executable, "-c", BESIDE_TWO_BUSY_THREADS, str(busy))
    options = (where.session, "--speed", "1.3")
    with pulse.record(tmp_path / "heard") as recording, coached(where, *options, program=program) as coach:
        assert coach.end(seconds=400) == 0, coach.errors
    assert "missed 0" in coach.errors.splitlines()
    heard, whole = recording.samples, sound.whole()
    begun = int(np.flatnonzero(heard)[0] - np.flatnonzero(whole)[0])
    assert np.array_equal(heard[begun : begun + len(whole)], whole), "a sample is missing, or another one"
    assert not heard[begun + len(whole) :].any()
    tones = [cue for cue in sound.timeline.cues if cue.track is Track.TONE]
    voices = [cue for cue in sound.timeline.cues if cue.track is Track.VOICE]
    cues = [cue for cue in voices if not any(t.start_ms <= cue.start_ms < t.end_ms for t in tones)]
    assert len(cues) > 200
    onsets = [onset(heard, begun + samples_from_ms(cue.start_ms)) for cue in cues]
    late = [
        (at - onsets[0]) / 48 - (cue.start_ms - cues[0].start_ms)
        for at, cue in zip(onsets, cues, strict=True)
    ]
    assert max(map(abs, late)) <= ONSET_MS


def onset(heard: Heard, near: int) -> int:
    """Return where a word begins that ought to begin at ``near``: by its sound, wherever it is."""
    begin = near - samples_from_ms(40)
    loud = np.flatnonzero(np.abs(heard[begin : begin + RATE].astype(np.int32)) > ONSET)
    return begin + int(loud[0])


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
    where = place(tmp_path, CALM, **pulse.variables)
    sound = sound_of(where)
    with pulse.record(tmp_path / "heard") as recording, coached(where, where.session) as coach:
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


def beginning(heard: Heard, clip: Heard, after: int) -> int:
    """Return where a clip begins of which at least the first 300 ms of sound are heard."""
    head = int(np.flatnonzero(clip)[0]) + samples_from_ms(300)
    found = find(heard, clip[:head], after)
    assert found is not None
    return found


def assert_adds_a_tick(heard: Heard, clip: Heard, acted: int) -> None:
    """Check that the clip goes on unchanged under the tone that answers."""
    tick = pcm16(tone_samples(TICK))
    begin = acted - int(np.flatnonzero(tick)[0])
    wanted = np.zeros(len(clip), np.int32)
    wanted[begin : begin + len(tick)] = tick[: len(clip) - begin]
    added = heard[: len(clip)].astype(np.int32) - clip
    assert np.abs(added - wanted).max() <= 1, "rounding is all that may differ"
