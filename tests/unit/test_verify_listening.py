"""Cues are heard together, and alone where a word was misheard."""

import sys
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from breathcue.diagnostics import MissingError
from breathcue.timeline.model import Voice
from breathcue.verify.hearing import listen
from breathcue.verify.listening import MOST_ERRORS, TOGETHER_MS, Listening
from breathcue.verify.model import Status
from breathcue.verify.recogniser import FILES, Recogniser
from timelines import timeline_of, voice_cue

SAID = [voice_cue(1_000 * i, 800, f"word{chr(97 + i)} and more") for i in range(20)]
TIMELINE = replace(timeline_of(SAID, 21_000), voice=Voice("embedded", "heart", 0.9))


class FakeEars:
    """Hears a number of cues in a row, by the level that each was given, and gets some of them wrong."""

    def __init__(self, wrong_together=(), wrong_alone=(), language="en"):
        self.wrong_together, self.wrong_alone, self.language = wrong_together, wrong_alone, language
        self.lengths = []

    def knows(self, language):
        return language == self.language

    def hear(self, samples, language):
        self.lengths.append(len(samples) // 16)
        edges = np.flatnonzero(np.diff((samples > 0.005).astype(int)))
        runs = [(a, b) for a, b in pairwise(edges) if b - a > 8_000]
        levels = [float(np.median(samples[a:b])) for a, b in runs]
        numbers = [round(100 * level) - 1 for level in levels if level > 0.005]
        wrong = self.wrong_alone if len(numbers) == 1 else self.wrong_together
        return " ".join("what and more" if n in wrong else SAID[n].text for n in numbers)


def heard_by(ears):
    sound = np.zeros(21_000 * 48, np.float32)
    for number, cue in enumerate(SAID):
        sound[cue.start_ms * 48 : cue.end_ms * 48] = (number + 1) / 100
    listening = Listening(TIMELINE, ears)
    listen([sound], listening.windows())
    return listening.check()


def test_what_is_heard_right_together_is_not_heard_again():
    ears = FakeEars()
    check = heard_by(ears)
    assert check.status is Status.OK
    assert check.values == {"word_error_rate": 0.0, "errors": 0, "words": 60, "misheard": 0}
    assert len(ears.lengths) == 2
    assert max(ears.lengths) <= TOGETHER_MS + 1_000


def test_what_is_misheard_together_counts_only_if_it_is_alone_too():
    ears = FakeEars(wrong_together=(3, 11), wrong_alone=(11,))
    check = heard_by(ears)
    assert check.values["errors"] == 1
    assert [finding.cue for finding in check.findings] == [SAID[11].id]
    assert "heard as “what and more”: 1 of 3 words" in check.findings[0].message
    assert check.status is Status.OK


def test_too_many_errors_are_a_miss():
    check = heard_by(FakeEars(wrong_together=range(5), wrong_alone=range(5)))
    assert check.values["word_error_rate"] > MOST_ERRORS
    assert check.status is Status.MISS


def test_a_language_that_is_not_understood_is_not_listened_to():
    ears = FakeEars(language="de")
    assert heard_by(ears).status is Status.SKIPPED
    assert ears.lengths == []


def test_a_recogniser_that_is_not_set_up_says_how(monkeypatch, tmp_path):
    monkeypatch.setenv("BREATHCUE_RECOGNISER", str(tmp_path))
    with pytest.raises(MissingError) as caught:
        Recogniser()
    assert caught.value.diagnostics[0].code == "recogniser-missing"
    assert "scripts/setup-recogniser" in (caught.value.diagnostics[0].fix or "")


def test_a_model_that_does_not_load_is_missing_too(monkeypatch, tmp_path):
    class Broken:
        def __init__(self, *_, **__):
            raise RuntimeError("not a model")

    fake = type(sys)("faster_whisper")
    fake.WhisperModel = Broken
    fake.__spec__ = type("Spec", (), {})()
    monkeypatch.setitem(sys.modules, "faster_whisper", fake)
    monkeypatch.setenv("BREATHCUE_RECOGNISER", str(tmp_path))
    for name in FILES:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(MissingError, match="not a model"):
        Recogniser()


def test_a_voice_that_says_nothing_is_not_listened_to():
    listening = Listening(replace(TIMELINE, voice=Voice("silent", "silent", 0.9)), FakeEars())
    assert listening.windows() == []
    assert listening.check().status is Status.SKIPPED
