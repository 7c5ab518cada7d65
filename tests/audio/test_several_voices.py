"""One session in several voices and speeds, of two engines: what is heard where, in a file and live."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.mixer import mix
from breathcue.compiler.wishes import Wishes
from breathcue.pipeline.live import open_live
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Track, Utterance, Voice
from breathcue.timeline.time import samples_from_ms
from breathcue.voices.base import VoiceState
from breathcue.voices.registry import get_engine

pytestmark = [pytest.mark.voice, pytest.mark.system]

SESSION = """\
title: Two voices
voice: {name: heart, speed: 0.9}
exercises:
  lift:
    title: Lift
    rep:
      - inhale: 4s
        say: {text: Lift your arms., voice: {engine: system, name: en-us}}
      - exhale: 4s
        say: And lower them.
    reps: 2
steps:
  - say: Lie down.
  - say: Lie down.
    speed: 0.7
  - say: {text: Lie down., voice: {engine: system, name: en-us}}
  - exercise: lift
    speed: 1.2
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if get_engine("system").voices()[0].state is VoiceState.MISSING:
        pytest.skip("needs pyttsx3 with espeak-ng")
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "session.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


def test_every_line_is_heard_at_its_place_in_its_own_voice(session: Path) -> None:
    with open_session(session, Wishes()) as opened:
        timeline, speaker = opened.timeline, opened.speaker
        mixed = np.concatenate([block.samples for block in mix(timeline, speaker, 1.0)])
        ringing = [cue for cue in timeline.cues if cue.track is Track.TONE]
        for cue in timeline.cues:
            if cue.track is Track.VOICE and not any(
                t.start_ms < cue.end_ms and cue.start_ms < t.end_ms for t in ringing
            ):
                begin = samples_from_ms(cue.start_ms)
                clip = speaker.clip(cue.utterance).samples
                assert np.array_equal(mixed[begin : begin + len(clip)], clip), cue
        lying = [
            speaker.clip(Utterance("Lie down.", voice)).samples for voice in voices_of(timeline, "Lie down.")
        ]
    assert voices_of(timeline, "Lie down.") == [
        None,
        Voice("embedded", "heart", 0.7),
        Voice("system", "en-us", 0.9),
    ]
    assert len({samples.tobytes() for samples in lying}) == 3
    assert len(lying[0]) < len(lying[1])
    assert set(voices_of(timeline, "Inhale. Lift your arms.")) == {Voice("system", "en-us", 1.2)}


def voices_of(timeline, text: str) -> list[Voice | None]:
    return [cue.voice for cue in timeline.cues if cue.text == text]


def test_live_it_has_the_same_cues(session: Path) -> None:
    with open_session(session, Wishes()) as opened:
        cues = opened.timeline.cues
    with open_live(session, Wishes()) as (script, _):
        while not script.score().complete:
            script.lay()
        assert script.score().cues == cues
        while script.spare():
            pass
