"""The recorded voice: what it makes of good recordings and of bad ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices.base import Recording, RefusedError, Sourced
from breathcue.voices.cache import ClipCache
from breathcue.voices.clip import make_clip
from breathcue.voices.recorded import RecordedEngine, file_name
from breathcue.voices.speaker import Speaker
from decoding import ffmpeg
from engine_contract import LINES, EngineContract
from recordings import record, spoken_like, write_hours, write_sound

pytestmark = pytest.mark.encoder

VOICE = Voice("recorded", "my-voice", 1.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my-voice").mkdir()
    return tmp_path / "my-voice"


@pytest.fixture
def engine(tmp_path: Path, folder: Path) -> RecordedEngine:
    return RecordedEngine(tmp_path)


class TestContract(EngineContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> RecordedEngine:
        (tmp_path / "my-voice").mkdir()
        for line in LINES:
            record(tmp_path / "my-voice", line)
        return RecordedEngine(tmp_path)

    @pytest.fixture
    def voice(self) -> str:
        return "my-voice"

    def test_speed_shortens(self, engine: RecordedEngine, voice: str) -> None:
        """Not a recording: it is used as it is."""
        slow, fast = (engine.speak(LINES[2], voice, speed, "en").samples for speed in (0.7, 1.4))
        assert np.array_equal(slow, fast)


def test_without_a_session_it_tells_how_it_is_used() -> None:
    (info,) = RecordedEngine().voices()
    assert "breathcue script" in (info.fix or "")
    with pytest.raises(MissingError):
        RecordedEngine().speak("One.", "my-voice", 1.0, "en")


def clip_of(samples: np.ndarray, path: Path):
    write_sound(path, samples)
    clip = make_clip(RecordedEngine(path.parents[1]).speak("Hold.", path.parent.name, 1.0, "en"))
    assert clip is not None
    return clip


@pytest.mark.parametrize("room_db", [-80, -50, -35])
@pytest.mark.parametrize("level_db", [0, -20])
def test_the_room_before_and_after_is_cut_off(folder: Path, room_db: int, level_db: int) -> None:
    rng = np.random.default_rng(2)
    words = spoken_like("Hold.", 1_500)
    whole = np.concatenate((np.zeros(48_000), words, np.zeros(72_000)))
    whole += rng.normal(0, 10 ** (room_db / 20), len(whole))
    clip = clip_of(whole * 10 ** (level_db / 20) * 0.5, folder / f"{file_name('Hold.')}.wav")
    assert 1_450 <= clip.duration_ms <= 1_700
    # The words begin where they were, not in the middle of what was kept.
    loud = np.flatnonzero(np.abs(clip.samples) > 0.3 * np.abs(clip.samples).max())
    assert loud[0] <= 48 * 100


def test_the_clicks_of_the_button_are_cut_off(folder: Path) -> None:
    click = np.zeros(480)
    click[100:200] = 0.9
    parts = (click, np.zeros(30_000), spoken_like("Hold.", 1_200), np.zeros(40_000), click, np.zeros(4_800))
    clip = clip_of(np.concatenate(parts), folder / f"{file_name('Hold.')}.wav")
    assert 1_150 <= clip.duration_ms <= 1_350


def test_a_pause_between_words_is_kept(folder: Path) -> None:
    words = spoken_like("Hold.", 600)
    whole = np.concatenate((words, np.zeros(48_000), words))
    assert 2_100 <= clip_of(whole, folder / f"{file_name('Hold.')}.wav").duration_ms <= 2_350


def test_soft_and_loud_recordings_become_equally_loud(folder: Path) -> None:
    from breathcue.dsp.loudness import integrated_lufs

    words = spoken_like("Hold.", 2_000)
    path = folder / f"{file_name('Hold.')}.wav"
    levels = [integrated_lufs(clip_of(words * gain, path).energy) for gain in (0.02, 0.2, 0.9)]
    assert max(levels) - min(levels) < 0.3


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".m4a", ".opus", ".ogg", ".flac", ".aiff", ".MP3"])
def test_any_format_will_do(folder: Path, engine: RecordedEngine, suffix: str) -> None:
    write_sound(folder / "take.wav", np.concatenate((np.zeros(20_000), spoken_like("Hold.", 1_000))))
    ffmpeg("-i", str(folder / "take.wav"), str(folder / f"take-2{suffix.lower()}"))
    (folder / f"take-2{suffix.lower()}").rename(folder / f"{file_name('Hold.')}{suffix}")
    clip = make_clip(engine.speak("Hold.", "my-voice", 1.0, "en"))
    assert clip is not None
    assert 950 <= clip.duration_ms <= 1_200


def refusal(engine: RecordedEngine, line: str = "Hold.") -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        engine.speak(line, "my-voice", 1.0, "en")
    assert caught.value.fix
    return caught.value


def test_what_is_not_recorded(engine: RecordedEngine) -> None:
    refused = refusal(engine)
    assert refused.code == "not-recorded"
    assert f"“my-voice/{file_name('Hold.')}.wav”" in (refused.fix or "")
    assert not engine.is_recorded("Hold.", "my-voice")


def test_another_take_is_never_kept_as_the_one_before(engine: RecordedEngine, folder: Path) -> None:
    path = record(folder, "Hold.")
    first = engine.fingerprint("Hold.", "my-voice")
    write_sound(path, spoken_like("Hold.", 2_000))
    refused = refusal(engine)
    assert refused.code == "recording-unusable"
    assert "was replaced" in str(refused)
    assert refused.fix == "Run the command again."
    again = RecordedEngine(folder.parent)
    assert again.fingerprint("Hold.", "my-voice") != first
    assert len(again.speak("Hold.", "my-voice", 1.0, "en").samples)


BAD = {
    "zero bytes": (b"", "is empty"),
    "text": (b"Hold on until Monday.", "damaged, incomplete, or not a sound"),
    "rubbish": (np.random.default_rng(3).integers(0, 256, 50_000, np.uint8).tobytes(), "damaged"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("suffix", [".wav", ".mp3"])
def test_what_is_damaged(folder: Path, engine: RecordedEngine, kind: str, suffix: str) -> None:
    content, reason = BAD[kind]
    (folder / f"{file_name('Hold.')}{suffix}").write_bytes(content)
    refused = refusal(engine)
    assert refused.code == "recording-unusable"
    assert reason in str(refused)
    assert str(refused).startswith("the sound file")


@pytest.mark.parametrize("level", [0.0, 1e-5])
def test_what_is_silent(folder: Path, engine: RecordedEngine, level: float) -> None:
    noise = np.random.default_rng(4).normal(0, 1, 48_000) * level
    write_sound(folder / f"{file_name('Hold.')}.wav", noise)
    assert "nothing is heard" in str(refusal(engine))


def test_a_whole_session_in_place_of_a_line(folder: Path, engine: RecordedEngine) -> None:
    path = write_hours(folder / f"{file_name('Hold.')}.wav", 2)
    assert "longer than 3 minutes" in str(refusal(engine))
    write_hours(path, 10)
    assert "far too large for a line" in str(refusal(engine))


def test_a_single_sample(folder: Path, engine: RecordedEngine) -> None:
    write_sound(folder / f"{file_name('Hold.')}.wav", np.array([0.5]))
    assert refusal(engine).code == "recording-unusable"


def test_two_takes_of_one_line(folder: Path, engine: RecordedEngine) -> None:
    first = record(folder, "Hold.")
    shutil.copy(first, first.with_suffix(".aiff"))
    refused = refusal(engine)
    assert refused.code == "recording-unusable"
    assert f"“{first.stem}.aiff” and “{first.name}”" in str(refused)


def test_a_note_beside_a_recording_is_no_second_take(folder: Path, engine: RecordedEngine) -> None:
    path = record(folder, "Hold.")
    path.with_suffix(".txt").write_text("the second take was better")
    path.with_name(f"._{path.name}").write_bytes(b"what macOS leaves on other disks")
    assert engine.speak("Hold.", "my-voice", 1.0, "en").samples.any()


def test_what_lies_outside_is_not_read(tmp_path: Path, folder: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    session = tmp_path / "session"
    (session / "my-voice").mkdir(parents=True)
    path = record(elsewhere, "Hold.")
    (session / "my-voice" / path.name).symlink_to(path)
    assert "leads out" in str(refusal(RecordedEngine(session)))
    with pytest.raises(MissingError, match="not inside the session's folder"):
        RecordedEngine(session).speak("Hold.", "../elsewhere", 1.0, "en")


def test_a_folder_that_is_gone(engine: RecordedEngine) -> None:
    with pytest.raises(MissingError) as caught:
        engine.speak("Hold.", "no-voice", 1.0, "en")
    assert caught.value.diagnostics[0].code == "missing-voice"


# In a session: kept clips follow the files.


def length(tmp_path: Path, line: str = "Hold.") -> int:
    cache = ClipCache(tmp_path / "cache")
    with Speaker(VOICE, cache=cache, engine=RecordedEngine(tmp_path)) as speaker:
        return speaker.clip(Utterance(line)).duration_ms


def test_a_new_recording_replaces_the_kept_clip(tmp_path: Path, folder: Path) -> None:
    assert isinstance(RecordedEngine(), Sourced)
    path = record(folder, "Hold.", 1_000)
    before = path.stat()
    assert length(tmp_path) < 1_300
    record(folder, "Hold.", 2_000)
    import os

    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert length(tmp_path) > 1_700


def test_a_recording_is_decoded_once_and_then_kept(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(folder, "Hold.", 1_000)
    first = length(tmp_path)
    monkeypatch.setattr("breathcue.voices.recorded.decode_line", None)
    assert length(tmp_path) == first


def test_a_recording_that_is_gone_is_not_spoken_from_the_cache(tmp_path: Path, folder: Path) -> None:
    path = record(folder, "Hold.")
    length(tmp_path)
    path.unlink()
    with pytest.raises(UnspeakableError):
        length(tmp_path)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, folder: Path) -> None:
    record(folder, "One.")
    (folder / f"{file_name('Two.')}.mp3").write_bytes(b"no sound")
    with (
        Speaker(VOICE, engine=RecordedEngine(tmp_path)) as speaker,
        pytest.raises(UnspeakableError) as caught,
    ):
        speaker.measure(map(Utterance, ["One.", "Two.", "Three.", "Four."]))
    found = {each.message.split("'")[1]: each.code for each in caught.value.diagnostics}
    assert found == {"Two.": "recording-unusable", "Three.": "not-recorded", "Four.": "not-recorded"}


def test_recordings_are_mono_and_whole(engine: RecordedEngine, folder: Path) -> None:
    record(folder, "Hold.")
    recording = engine.speak("Hold.", "my-voice", 1.0, "en")
    assert isinstance(recording, Recording)
    assert recording.rate == 48_000
