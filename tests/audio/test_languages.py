"""Sessions in German, Spanish and French, spoken by a real espeak-ng, from the file to the sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.render import render
from breathcue.cli.main import execute
from breathcue.compiler.wishes import Wishes
from breathcue.decoding import decode
from breathcue.pipeline.live import open_live
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Track
from breathcue.timeline.time import Ms
from breathcue.voices.base import VoiceState
from breathcue.voices.registry import get_engine, resolve
from breathcue.voices.system import SystemEngine
from workspace import ROOT

pytestmark = [pytest.mark.system, pytest.mark.encoder]

SESSIONS = {path.name[:2]: path for path in sorted((ROOT / "sessions").glob("??-*.yaml"))}


@pytest.fixture(scope="module", autouse=True)
def espeak() -> SystemEngine:
    engine = get_engine("system")
    assert isinstance(engine, SystemEngine)
    if engine.voices()[0].state is VoiceState.MISSING or "espeak" not in engine.version:
        pytest.skip(f"needs pyttsx3 with espeak-ng: {engine.voices()[0].reason}")
    return engine


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(autouse=True)
def cache(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the clips for the whole module: what is said in one test is said in another."""
    monkeypatch.setenv("BREATHCUE_CACHE", str(shared))


@pytest.mark.parametrize("language", SESSIONS)
def test_a_session_is_rendered_by_a_voice_of_its_language(language: str, tmp_path: Path) -> None:
    target = tmp_path / "session.mp3"
    with open_session(SESSIONS[language], Wishes()) as opened:
        assert opened.diagnostics == ()
        timeline = opened.timeline
        assert (timeline.voice.engine, timeline.voice.name) == ("system", language)
        render(timeline, opened.speaker, target)
    samples = decode(target, longest_ms=Ms(900_000))
    spoken = [cue for cue in timeline.cues if cue.track is Track.VOICE]
    assert len(spoken) > 60
    for cue in spoken:
        heard = samples[48 * cue.start_ms : 48 * (cue.start_ms + cue.duration_ms)]
        assert np.sqrt(np.mean(np.square(heard))) > 0.01, cue


@pytest.mark.parametrize("language", SESSIONS)
def test_a_live_session_speaks_its_language(language: str) -> None:
    with open_live(SESSIONS[language], Wishes()) as (script, diagnostics):
        assert diagnostics == ()
        assert script.lay()
        first = next(cue for cue in script.score().cues if cue.track is Track.VOICE)
        assert (
            first.text
            == {
                "de": "Ein sanfter Rücken.",  # its own first words are a greeting
                "es": "Te doy la bienvenida. Espalda tranquila.",
                "fr": "Bienvenue. Le dos en douceur.",
            }[language]
        )


@pytest.mark.parametrize("language", SESSIONS)
def test_check_has_nothing_to_say(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["check", str(SESSIONS[language])]) == 0
    assert "nothing wrong" in capsys.readouterr().err


def test_numbers_are_read_in_the_language() -> None:
    """The same digits take another time in each language, since other words are said."""
    lengths = {}
    for language in SESSIONS:
        voice = resolve(language=language)
        lengths[language] = len(get_engine("system").speak("91", voice.name, 1.0, language).samples)
    assert len(set(lengths.values())) == len(lengths)
