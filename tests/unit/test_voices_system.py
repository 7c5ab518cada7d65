"""The computer's own voices, spoken by a pyttsx3 that misbehaves in every way that has been seen."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import psutil
import pytest

import fake_pyttsx3
from breathcue.diagnostics import MissingError
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices import system
from breathcue.voices.base import RefusedError, VoiceState
from breathcue.voices.registry import get_engine, resolve
from breathcue.voices.speaker import Speaker
from breathcue.voices.system import Patience, SystemEngine
from engine_contract import EngineContract

LINE = "Lift your arms."
SHORT = Patience(start=30.0, line=20.0, letter=0.0)
"""Long enough for a helper that works, on a busy machine too."""

HASTY = Patience(start=30.0, line=0.5, letter=0.0)
"""Where a helper that hangs is waited for."""

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="without fork there is one way only")
DRIVERS = [pytest.param("nsss", id="in-place"), pytest.param("espeak", id="forked", marks=POSIX)]


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, driver: str) -> Iterator[SystemEngine]:
    for name, value in fake_pyttsx3.install(tmp_path / "fake").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FAKE_DRIVER", driver)
    monkeypatch.setattr(system, "find_spec", lambda name: name)
    engine = SystemEngine(SHORT)
    yield engine
    system._close_all(engine._idle)


@pytest.fixture
def voice(driver: str) -> str:
    return "Samantha" if driver == "nsss" else "sam-1"


Fault = Callable[..., None]


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fault:
    """Says what goes wrong, and at which line, and whether once only. Before the first helper starts."""

    def misbehave(kind: str, *, text: str | None = None, once: bool = False) -> None:
        monkeypatch.setenv("FAULT", kind)
        if text is not None:
            monkeypatch.setenv("FAULT_TEXT", text)
        if once:
            monkeypatch.setenv("FAULT_ONCE", str(tmp_path / "failed-once"))

    return misbehave


class TestSystemEngine(EngineContract):
    """The suite of every engine, with a pyttsx3 that behaves."""

    @pytest.fixture
    def engine(self, engine: SystemEngine) -> SystemEngine:
        return engine

    @pytest.fixture
    def voice(self, voice: str) -> str:
        return voice


AT_A_LINE = {
    "hangs": r"it did not answer within 0.5 seconds",
    "never-finishes": r"it did not answer within 0.5 seconds",
    "raises": r"RuntimeError: the driver is in a bad mood",
    "reports": r"ValueError: unknown voice",
    "breaks-off": r"the line was broken off",
    "writes-nothing": r"it wrote no file",
    "writes-garbage": r"what it wrote is not a sound file that can be read",
    "writes-cut": r"what it wrote is not a sound file that can be read",
    "writes-empty": r"it wrote a file without sound",
    "writes-silence": r"it wrote a file without sound",
    "writes-half": r"what it wrote lasts 0\.0 seconds, which cannot be this text",
    "writes-too-much": r"what it wrote lasts 40\.0 seconds, which cannot be this text",
    "dies": r"ended with code 139",
}


@pytest.mark.parametrize(
    ("driver", "kind"),
    [("nsss", kind) for kind in AT_A_LINE]
    + [pytest.param("espeak", kind, marks=POSIX) for kind in ("hangs", "never-finishes", "raises", "dies")],
    indirect=["driver"],
)
def test_an_engine_that_always_fails_stops_the_work_and_names_the_line(
    engine: SystemEngine, voice: str, fault: Fault, kind: str
) -> None:
    fault(kind)
    engine._patience = HASTY if "within" in AT_A_LINE[kind] else SHORT
    with pytest.raises(MissingError, match=AT_A_LINE[kind]) as caught:
        engine.speak(LINE, voice, 0.9, "en")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "voice-failed"
    assert f"the line {LINE!r}" in diagnostic.message
    assert f"system:{voice}" in diagnostic.message
    assert diagnostic.fix
    assert engine._idle == []


@pytest.mark.parametrize("kind", ["hangs", "dies", "raises", "writes-nothing", "writes-half"])
def test_a_line_that_fails_once_is_spoken_by_a_fresh_helper(
    engine: SystemEngine, voice: str, fault: Fault, tmp_path: Path, kind: str
) -> None:
    fault(kind, once=True)
    engine._patience = Patience(line=3.0, letter=0.0) if kind == "hangs" else SHORT
    spoken = engine.speak(LINE, voice, 0.9, "en")
    assert (tmp_path / "failed-once").exists()
    assert np.array_equal(spoken.samples, engine.speak(LINE, voice, 0.9, "en").samples)
    assert len(engine._idle) == 1


@pytest.mark.parametrize("kind", ["dies", "writes-silence"])
def test_a_line_at_which_alone_it_fails_is_refused_and_the_others_are_spoken(
    engine: SystemEngine, voice: str, fault: Fault, kind: str
) -> None:
    fault(kind, text=LINE)
    with pytest.raises(RefusedError, match=AT_A_LINE[kind]):
        engine.speak(LINE, voice, 0.9, "en")
    with Speaker(Voice("system", voice, 0.9), "en", engine=engine) as speaker:
        with pytest.raises(UnspeakableError) as caught:
            speaker.measure(map(Utterance, [LINE, "Lower them.", "Rest."]))
        assert list(caught.value.refusals) == [Utterance(LINE)]
        assert speaker.clip(Utterance("Lower them.")).duration_ms > 300


def test_what_a_dying_helper_says_last_is_passed_on(engine: SystemEngine, voice: str, fault: Fault) -> None:
    fault("dies")
    with pytest.raises(MissingError, match=r"\(Segmentation fault, said the driver\)"):
        engine.speak(LINE, voice, 0.9, "en")


@pytest.mark.parametrize("kind", ["prints", "late"])
def test_noise_and_a_late_file_change_nothing(
    engine: SystemEngine, voice: str, fault: Fault, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(kind)
    odd = [engine.speak(line, voice, 0.9, "en").samples for line in (LINE, "Lower them.")]
    monkeypatch.delenv("FAULT")
    plain = SystemEngine(SHORT)
    for line, samples in zip((LINE, "Lower them."), odd, strict=True):
        assert np.array_equal(plain.speak(line, voice, 0.9, "en").samples, samples)
    system._close_all(plain._idle)


def test_another_voice_than_was_asked_for_is_noticed(engine: SystemEngine, fault: Fault, driver: str) -> None:
    fault("ignores-voice")
    with pytest.raises(MissingError, match="it spoke as 'sam-1' instead of 'anna-1'"):
        engine.speak("Heben.", "Anna" if driver == "nsss" else "anna-1", 0.9, "de")


def test_another_rate_than_was_asked_for_is_noticed(engine: SystemEngine, voice: str, fault: Fault) -> None:
    fault("ignores-rate")
    with pytest.raises(MissingError, match=r"it spoke at a rate of 200(\.0)? instead of 158"):
        engine.speak(LINE, voice, 0.9, "en")


def test_a_helper_that_died_while_it_was_idle_is_replaced(engine: SystemEngine, voice: str) -> None:
    before = engine.speak(LINE, voice, 0.9, "en")
    (helper,) = engine._idle
    helper._process.kill()
    helper._process.wait()
    after = engine.speak(LINE, voice, 0.9, "en")
    assert np.array_equal(before.samples, after.samples)
    assert engine._idle[0] is not helper


def test_as_many_helpers_as_threads(engine: SystemEngine, voice: str) -> None:
    together = Barrier(3)

    def speak(line: str) -> float:
        together.wait(60)
        return len(engine.speak(line, voice, 0.9, "en").samples)

    with ThreadPoolExecutor(3) as pool:
        lengths = list(pool.map(speak, ["One.", "Two more.", "Three and rest."]))
    assert lengths == sorted(lengths)
    assert 1 <= len(engine._idle) <= 3
    assert len({helper._process.pid for helper in engine._idle}) == len(engine._idle)


def test_a_speakers_threads_have_helpers_that_speak_at_the_same_time(
    engine: SystemEngine, voice: str, fault: Fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setenv("FAULT_PLACE", str(place))
    fault("waits-for-two-others")
    lines = [Utterance(words) for words in ("One.", "Two more.", "Three and rest.")]
    with Speaker(Voice("system", voice, 0.9), "en", engine=engine, threads=3) as speaker:
        assert set(speaker.measure(lines)) == set(lines)
    assert len(engine._idle) == 3


def test_helpers_end_with_their_engine(tmp_path: Path, engine: SystemEngine, voice: str) -> None:
    other = SystemEngine(SHORT)
    other.speak(LINE, voice, 0.9, "en")
    (helper,) = other._idle
    folder = Path(helper._folder.name)
    assert folder.exists()
    del other
    gc.collect()
    assert not helper.is_alive
    assert not folder.exists()


@pytest.mark.parametrize("driver", DRIVERS[:1], indirect=True)
def test_a_helper_that_hangs_ends_when_breathcue_is_killed(engine: SystemEngine, fault: Fault) -> None:
    fault("hangs")
    code = f"""
from breathcue.voices import system
system.find_spec = lambda name: name
system.SystemEngine().speak({LINE!r}, "Samantha", 0.9, "en")
"""
    program = subprocess.Popen([sys.executable, "-c", code])
    helpers: list[psutil.Process] = []
    deadline = time.monotonic() + 30
    while not helpers and time.monotonic() < deadline:
        helpers = psutil.Process(program.pid).children()
        time.sleep(0.05)
    program.kill()
    program.wait()
    _, alive = psutil.wait_procs(helpers, timeout=60)
    assert helpers
    assert alive == []


@POSIX
def test_an_interrupt_of_the_terminal_does_not_reach_a_helper(engine: SystemEngine, voice: str) -> None:
    engine.speak(LINE, voice, 0.9, "en")
    (helper,) = engine._idle
    assert os.getpgid(helper._process.pid) != os.getpgid(0)
    os.killpg(helper._process.pid, signal.SIGKILL)


def test_the_voices_as_they_are_listed(engine: SystemEngine, driver: str) -> None:
    voices = engine.voices()
    by_name = ["Samantha", "Anna", "Eddy", "Eddy (fr-FR)", "Albert"]
    by_id = ["sam-1", "anna-1", "eddy-1", "eddy-2", "albert"]
    assert [info.name for info in voices] == (by_name if driver == "nsss" else by_id)
    assert voices[1].languages == ("de-DE",)
    assert engine.voices() is voices


def test_a_voice_of_another_language_is_an_error_that_names_those_who_can(
    engine: SystemEngine, voice: str, driver: str
) -> None:
    with pytest.raises(MissingError) as caught:
        engine.speak("Heben.", voice, 0.9, "de-AT")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "voice-language"
    assert ("Anna, Eddy." if driver == "nsss" else "anna-1, eddy-1.") in (diagnostic.fix or "")
    with pytest.raises(MissingError, match="'ja'") as caught:
        engine.speak("Heben.", voice, 0.9, "ja")
    assert "no voice that does" in (caught.value.diagnostics[0].fix or "")


def test_a_voice_that_is_not_there(engine: SystemEngine) -> None:
    with pytest.raises(MissingError) as caught:
        engine.speak(LINE, "Zarathustra", 0.9, "en")
    assert caught.value.diagnostics[0].code == "missing-voice"


@pytest.mark.parametrize("driver", DRIVERS[:1], indirect=True)
def test_the_version_tells_of_another_pyttsx3(engine: SystemEngine, tmp_path: Path) -> None:
    first = engine.version
    assert first.startswith("pyttsx3 9.1, nsss")
    fake_pyttsx3.install(tmp_path / "fake", "9.2")
    assert engine.version == first
    other = SystemEngine(SHORT)
    assert other.version == first.replace("9.1", "9.2")
    system._close_all(other._idle)


@POSIX
@pytest.mark.parametrize("driver", DRIVERS[1:], indirect=True)
def test_the_version_tells_of_the_espeak(engine: SystemEngine) -> None:
    assert engine.version.startswith("pyttsx3 9.1, espeak 1.99 (")


@pytest.mark.parametrize("driver", [pytest.param("sapi5", id="sapi5")], indirect=True)
def test_a_driver_that_never_reports_the_end_is_not_waited_for(engine: SystemEngine) -> None:
    slow, own = (engine.speak(LINE, "Samantha", speed, "en") for speed in (0.5, 1.0))
    assert len(slow.samples) == pytest.approx(2 * len(own.samples), rel=0.02)


LACKS = {
    "no-engine": ("no speech engine can be started: RuntimeError: could not initialize", "espeak-ng"),
    "no-hello": ("ended with code 7", ""),
    "import": ("pyttsx3 cannot be loaded: no module named objc", "breathcue[system]"),
    "no-voices": ("its list of voices makes no sense", ""),
}


@POSIX
@pytest.mark.parametrize("kind", LACKS)
@pytest.mark.parametrize("driver", DRIVERS[1:], indirect=True)
def test_an_engine_that_cannot_start_is_listed_as_missing_with_the_reason(
    engine: SystemEngine, fault: Fault, kind: str
) -> None:
    fault(kind)
    reason, fix = LACKS[kind]
    (info,) = engine.voices()
    assert info.state is VoiceState.MISSING
    assert reason in (info.reason or "")
    assert fix in (info.fix or "")
    with pytest.raises(MissingError) as caught:
        engine.speak(LINE, "default", 0.9, "en")
    assert caught.value.diagnostics[0].code == "missing-voice"
    assert engine.version == "pyttsx3 missing"


def test_an_engine_that_never_starts_is_given_up(
    engine: SystemEngine, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault("no-start")
    impatient = SystemEngine(Patience(start=1.0))
    (info,) = impatient.voices()
    assert "did not answer within 1 seconds" in (info.reason or "")
    monkeypatch.delenv("FAULT")
    assert impatient.voices() == (info,)


def test_without_pyttsx3_no_process_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "find_spec", lambda name: None)
    monkeypatch.setattr(system, "Helper", pytest.fail)
    engine = SystemEngine()
    (info,) = engine.voices()
    assert info.state is VoiceState.MISSING
    assert info.reason == "the package pyttsx3 is not installed"
    assert info.fix == "pip install 'breathcue[system]'"
    monkeypatch.setattr("breathcue.voices.registry.get_engine", lambda name: engine)
    assert resolve("system") == Voice("system", "default", 0.9)
    with pytest.raises(MissingError, match="pyttsx3 is not installed") as caught:
        resolve("system", "Samantha")
    assert caught.value.diagnostics[0].code == "missing-voice"
    assert caught.value.diagnostics[0].fix == info.fix


def test_a_python_that_cannot_be_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "find_spec", lambda name: name)
    monkeypatch.setattr("breathcue.voices.helper.COMMAND", ("/no/such/program",))
    (info,) = SystemEngine().voices()
    assert "cannot be started: No such file" in (info.reason or "")


@pytest.mark.parametrize("driver", DRIVERS[:1], indirect=True)
@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Samantha"),
        ("en-US", "Samantha"),
        ("de", "Anna"),
        ("fr-FR", "Eddy (fr-FR)"),
    ],
)
def test_the_default_voice_is_one_of_the_sessions_language(
    engine: SystemEngine, monkeypatch: pytest.MonkeyPatch, language: str, name: str
) -> None:
    get_engine.cache_clear()
    monkeypatch.setattr("breathcue.voices.registry.get_engine", lambda name: engine)
    for asked in ({"engine": "system"}, {"name": "system"}):
        assert resolve(**asked, language=language) == Voice("system", name, 0.9)


@pytest.mark.parametrize("driver", DRIVERS[:1], indirect=True)
@pytest.mark.parametrize(
    ("only", "code", "said"),
    [
        ("Welcome.", 1, "broken.yaml:4:10: error[unspeakable-text]"),
        (None, 3, "error[voice-failed]"),
    ],
)
def test_the_command_names_the_line_without_a_traceback(
    engine: SystemEngine, fault: Fault, tmp_path: Path, only: str | None, code: int, said: str
) -> None:
    fault("writes-nothing", text=only)
    session = tmp_path / "broken.yaml"
    session.write_text("title: Broken\nvoice: system\nsteps:\n  - say: Welcome.\n", encoding="utf-8")
    command = [sys.executable, "-m", "breathcue", "timeline", str(session)]
    environment = os.environ | {"BREATHCUE_CACHE": str(tmp_path / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "it wrote no file" in done.stderr
    assert "Traceback" not in done.stderr
