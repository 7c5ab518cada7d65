"""The speaker: each line once, all refusals at once, and a clip whatever the disk does."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from breathcue import store as store_module
from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices import speaker as speaker_module
from breathcue.voices.base import Recording, RefusedError, VoiceInfo
from breathcue.voices.cache import ClipCache
from breathcue.voices.silent import SilentEngine, length_ms
from breathcue.voices.speakable import speakable
from breathcue.voices.speaker import Speaker

VOICE = Voice("test", "hum", 1.0)
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TEXTS = [f"Breathe in, line {number}." for number in NUMBERS]
LINES = [*map(Utterance, TEXTS)]


@dataclass
class HummingEngine:
    """Hums for as long as the silent voice is silent; remembers what it was asked."""

    name: str = "test"
    alphabet: ClassVar[str | None] = None
    version: str = "1"
    said: list[str] = field(default_factory=list)
    pitch: float = 0.02

    def voices(self) -> Sequence[VoiceInfo]:
        return (VoiceInfo(self.name, "hum", ("any",), ""),)

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        self.said.append(text)
        if "refuse" in text:
            raise RefusedError("it will not", "Ask nicely.")
        if "nothing" in text:
            return Recording(np.zeros(0, np.float32), 24_000)
        if "missing" in text:
            raise MissingError(Diagnostic("missing-voice", "the voice went home"))
        length = length_ms(text, speed) * 24
        return Recording((0.2 * np.sin(np.arange(length) * self.pitch * 3)).astype(np.float32), 24_000)


@pytest.fixture
def engine() -> HummingEngine:
    return HummingEngine()


@pytest.fixture
def cache(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "cache")


def make_speaker(engine: HummingEngine, cache: ClipCache | None, **options: int) -> Speaker:
    return Speaker(VOICE, "en", engine=engine, cache=cache, **options)


def test_lengths_are_those_of_the_clips(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        lengths = speaker.measure(LINES)
        assert set(lengths) == set(LINES)
        for line in LINES:
            assert speaker.clip(line).duration_ms == lengths[line]


def test_the_silent_voice_is_measured_exactly(cache: ClipCache) -> None:
    with Speaker(Voice("silent", "silent", 0.9), "en", cache=cache) as speaker:
        lengths = speaker.measure([Utterance("Rest for 30 s.")])
    assert lengths == {Utterance("Rest for 30 s."): length_ms(speakable("Rest for 30 s."), 0.9)}


def test_each_line_is_spoken_once(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        speaker.measure([*LINES, *LINES])
        speaker.measure(LINES[:3])
        speaker.clip(LINES[0])
    assert sorted(engine.said) == sorted(TEXTS)


def test_texts_that_sound_the_same_are_spoken_once(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        lengths = speaker.measure(map(Utterance, ["Hold 30 s", "Hold 30s", "Hold 30 seconds"]))
    assert engine.said == ["Hold 30 seconds"]
    assert len(set(lengths.values())) == 1


def test_a_warm_cache_needs_no_voice_and_gives_the_same_samples(
    engine: HummingEngine, cache: ClipCache
) -> None:
    with make_speaker(engine, cache) as cold:
        lengths = cold.measure(LINES)
        clips = {line: cold.clip(line) for line in LINES}
    engine.said.clear()
    with make_speaker(engine, ClipCache(cache.folder)) as warm:
        assert warm.measure(LINES) == lengths
        for line in LINES:
            assert np.array_equal(warm.clip(line).samples, clips[line].samples)
            assert np.array_equal(warm.clip(line).energy, clips[line].energy)
    assert engine.said == []


def test_a_new_version_of_the_engine_speaks_again(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        speaker.measure(LINES[:1])
    with make_speaker(HummingEngine(version="2", said=engine.said), cache) as speaker:
        speaker.measure(LINES[:1])
    assert len(engine.said) == 2


def test_all_unspeakable_texts_are_named_at_once(engine: HummingEngine, cache: ClipCache) -> None:
    texts = ["Fine.", "🙂", "I refuse", "nothing at all", "also nothing", "..."]
    with make_speaker(engine, cache) as speaker, pytest.raises(UnspeakableError) as caught:
        speaker.measure(map(Utterance, texts))
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {"unspeakable-text"}
    refusals = {said.text: refusal for said, refusal in caught.value.refusals.items()}
    assert set(refusals) == set(texts) - {"Fine."}
    assert refusals["I refuse"].reason == "it will not"
    assert refusals["nothing at all"].reason == "it gives no sound"
    assert refusals["🙂"].reason == "there is no word in it"
    fixes = dict(zip(refusals, (diagnostic.fix for diagnostic in caught.value.diagnostics), strict=True))
    assert fixes["I refuse"] == "Ask nicely."
    assert fixes["🙂"] == "Write it in words of the session's language."


def test_a_single_clip_that_cannot_be_spoken(engine: HummingEngine) -> None:
    with make_speaker(engine, None) as speaker:
        for text in ("🙂", "I refuse", "nothing"):
            with pytest.raises(UnspeakableError) as caught:
                speaker.clip(Utterance(text))
            assert list(caught.value.refusals) == [Utterance(text)]


def test_a_missing_voice_ends_the_work(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache, threads=2) as speaker, pytest.raises(MissingError, match="went home"):
        speaker.measure(
            [*LINES, Utterance("This one is missing, and by far the longest of all the lines there are.")]
        )


def test_progress_counts_what_must_be_spoken(engine: HummingEngine, cache: ClipCache) -> None:
    told: list[tuple[int, int]] = []
    threads = set()

    def on_progress(done: int, total: int) -> None:
        told.append((done, total))
        threads.add(threading.current_thread())

    with Speaker(VOICE, "en", engine=engine, cache=cache, on_progress=on_progress) as speaker:
        speaker.measure(LINES[:4])
        assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
        speaker.measure(LINES[:6])
        assert told[4:] == [(1, 2), (2, 2)]
    assert threads == {threading.current_thread()}


def test_a_damaged_clip_is_spoken_again(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        lengths = speaker.measure(LINES[:1])
        (path,) = cache.kept.entries()
        path.write_bytes(path.read_bytes()[:-1] + b"!")
        assert speaker.clip(LINES[0]).duration_ms == lengths[LINES[0]]
    assert len(engine.said) == 2
    assert cache.kept.stats().clips == 1


def test_a_clip_that_comes_out_at_another_length_is_an_error(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        speaker.measure(LINES[:1])
        cache.kept.clear()
        engine.speak = lambda text, voice, speed, language: Recording(  # type: ignore[method-assign]
            np.ones(24_000, np.float32) * np.sin(np.arange(24_000, dtype=np.float32)), 24_000
        )
        with pytest.raises(MissingError) as caught:
            speaker.clip(LINES[0])
    assert caught.value.diagnostics[0].code == "clip-changed"


def fail_to_write(path: Path, content: bytes) -> None:
    raise OSError(28, "No space left on device", str(path))


def test_a_full_disk_is_told_once_and_the_work_goes_on_in_memory(
    engine: HummingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_write", fail_to_write)
    told: list[Diagnostic] = []
    with make_speaker(engine, ClipCache(tmp_path, told.append), memory_bytes=1) as speaker:
        lengths = speaker.measure(LINES)
        assert all(speaker.clip(line).duration_ms == lengths[line] for line in LINES)
        assert speaker.measure(LINES) == lengths
    assert [diagnostic.code for diagnostic in told] == ["cache-unusable"]
    assert sorted(engine.said) == sorted(TEXTS)


def test_no_temporary_folder_at_all(engine: HummingEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(speaker_module, "TemporaryDirectory", refuse)
    with make_speaker(engine, None) as speaker:
        assert speaker.clip(LINES[0]).duration_ms == speaker.measure(LINES[:1])[LINES[0]]


def test_without_a_cache_clips_live_in_a_folder_that_is_removed(
    engine: HummingEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with make_speaker(engine, None, memory_bytes=1) as speaker:
        speaker.measure(LINES)
        speaker.clip(LINES[0])
        assert len(list(tmp_path.rglob("*.clip"))) == len(LINES)
    assert list(tmp_path.iterdir()) == []
    assert len(engine.said) == len(LINES)


def test_memory_holds_only_so_many_clips(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker:
        speaker.measure(LINES)
        size = max(speaker.clip(line).samples.nbytes + speaker.clip(line).energy.nbytes for line in LINES)
    with make_speaker(engine, cache, memory_bytes=3 * size) as speaker:
        for line in LINES:
            speaker.clip(line)
        recent = speaker._recent
        assert 1 <= len(recent._clips) <= 4
        assert recent._size <= 3 * size
        assert speaker.clip(LINES[-1]) is speaker.clip(LINES[-1])


def test_several_threads_may_ask_for_clips(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache, memory_bytes=200_000) as speaker:
        lengths = speaker.measure(LINES)
        wrong: list[str] = []

        def ask() -> None:
            wrong.extend(line for line in LINES * 5 if speaker.clip(line).duration_ms != lengths[line])

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_stops_without_a_traceback_from_a_thread(tmp_path: Path) -> None:
    code = """
import os, sys, time
from breathcue.timeline.model import Utterance, Voice
from breathcue.voices.silent import SilentEngine
from breathcue.voices.speaker import Speaker
class Slow(SilentEngine):
    def speak(self, *args):
        time.sleep(0.3)
        os.write(1, b"speaking\\n")
        return super().speak(*args)
try:
    with Speaker(Voice("silent", "silent", 1.0), "en", engine=Slow(), threads=2) as speaker:
        speaker.measure([Utterance(f"Line number {n}") for n in range(1000)])
except KeyboardInterrupt:
    print("stopped")
"""
    run = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    assert run.stdout.readline() == "speaking\n"
    time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=60)
    assert out.splitlines()[-1] == "stopped"
    assert err == ""
    assert len(out.splitlines()) < 20


@pytest.fixture
def ensemble(engine: HummingEngine, monkeypatch: pytest.MonkeyPatch) -> dict[str, HummingEngine]:
    """Two engines beside the session's own, found by their names."""
    others = {name: HummingEngine(name=name) for name in ("low", "high")}
    monkeypatch.setattr(speaker_module, "get_engine", lambda name: {engine.name: engine, **others}[name])
    return others


def test_each_line_is_said_by_the_engine_of_its_voice(
    engine: HummingEngine, ensemble: dict[str, HummingEngine], cache: ClipCache
) -> None:
    low, high = (Voice(name, "hum", 1.0) for name in ("low", "high"))
    said = [Utterance("Mine."), Utterance("Deep.", low), Utterance("Deep.", high), Utterance("Light.", high)]
    with make_speaker(engine, cache, threads=4) as speaker:
        lengths = speaker.measure(said)
        assert {one: speaker.clip(one).duration_ms for one in said} == lengths
    assert engine.said == ["Mine."]
    assert ensemble["low"].said == ["Deep."]
    assert sorted(ensemble["high"].said) == ["Deep.", "Light."]


def test_clips_of_other_voices_and_speeds_are_kept_apart(
    engine: HummingEngine, ensemble: dict[str, HummingEngine], cache: ClipCache
) -> None:
    slow = Voice("test", "hum", 0.5)
    voices = [None, VOICE, slow, Voice("test", "buzz", 1.0), Voice("low", "hum", 1.0)]
    said = [Utterance("The same words.", voice) for voice in voices]
    with make_speaker(engine, cache) as speaker:
        lengths = speaker.measure(said)
        assert lengths[said[2]] == length_ms("The same words.", 0.5)
    assert len(list(cache.kept.entries())) == 4, (
        "the session's own voice is the same whether it is named or not"
    )
    engine.said.clear()
    ensemble["low"].said.clear()
    with make_speaker(engine, ClipCache(cache.folder)) as speaker:
        assert speaker.measure(said) == lengths
    assert engine.said == ensemble["low"].said == []


def test_an_engine_that_only_a_line_asks_for_may_be_missing(engine: HummingEngine, cache: ClipCache) -> None:
    with make_speaker(engine, cache) as speaker, pytest.raises(MissingError, match="nobody"):
        speaker.measure([LINES[0], Utterance("Hello.", Voice("nobody", "x", 1.0))])


def test_the_engine_is_looked_up_by_the_voice() -> None:
    speaker = Speaker(Voice("silent", "silent", 1.0), "en")
    assert isinstance(speaker._engine("silent"), SilentEngine)
    with pytest.raises(MissingError):
        Speaker(Voice("nobody", "x", 1.0), "en")
