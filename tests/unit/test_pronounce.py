"""An author's own pronunciations: which words they touch, in which form, and that they are words and no commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Severity
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Utterance, Voice
from breathcue.voices.base import AS_WRITTEN, Recording
from breathcue.voices.pronunciation import MISAKI, MISAKI_SOUNDS, dictionary, phonemes_for
from breathcue.voices.silent import SilentEngine
from breathcue.voices.speakable import speakable
from breathcue.voices.speaker import Speaker

PSOAS = {"psoas": "so-ass", "Adho Mukha": "ah-doh moo-kah"}


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Lengthen the psoas.", "Lengthen the so-ass."),
        ("PSOAS, Psoas and psoas's", "so-ass, so-ass and so-ass's"),
        ("The iliopsoas", "The illio-SO-us"),
        ("psoass", "psoass"),
        ("adho mukha svanasana", "ah-doh moo-kah svun-AH-suh-nuh"),
        ("adho", "ah-doh"),
        ("pre-psoas work", "pre-so-ass work"),
    ],
)
def test_whole_words_are_said_as_the_author_has_it(text: str, spoken: str) -> None:
    assert speakable(text, "en", None, PSOAS) == spoken


def test_the_author_comes_before_the_dictionary() -> None:
    own = {"Diastasis": "dee-a-STAY-sis"}
    assert speakable("diastasis", "en", None, own) == "dee-a-STAY-sis"
    assert speakable("diastasis", "en", MISAKI, own) == "dee-a-STAY-sis"
    assert speakable("diastasis", "en", MISAKI) == "[diastasis](/dˌIˈæstəsɪs/)"


def test_what_is_said_is_not_replaced_again() -> None:
    assert speakable("left right", "en", None, {"left": "right", "right": "left"}) == "right left"


def test_a_word_is_met_after_its_signs_have_become_words() -> None:
    assert speakable("the L4/L5 joint", "en", None, {"L4/L5": "el four five"}) == "the el four five joint"
    assert speakable("30 s", "en", None, {"seconds": "sec-unds"}) == "30 sec-unds"


@pytest.mark.parametrize("language", ["de", "es", "fr", "pt"])
def test_every_language_can_be_helped(language: str) -> None:
    assert speakable("Yoga Nidra.", language, None, {"nidra": "nieh-dra"}) == "Yoga nieh-dra."


def test_phonemes_reach_a_voice_that_reads_them() -> None:
    assert speakable("My psoas.", "en", MISAKI, {"psoas": "/ˈsoʊəs/"}) == "My [psoas](/sˈOəs/)."
    assert speakable("Adho mukha.", "en", MISAKI, {"adho mukha": "/ˈɑdoʊ ˈmʊkə/"}) == (
        "[Adho mukha](/ˈɑdO mˈʊkə/)."
    )


def test_phonemes_leave_the_word_to_a_voice_that_does_not_read_them() -> None:
    assert speakable("My psoas.", "en", None, {"psoas": "/ˈsoʊəs/"}) == "My psoas."
    assert speakable("A diastasis.", "en", None, {"diastasis": "/ˈsoʊəs/"}) == "A dye-ASS-tuh-sis."
    assert speakable("A ship.", "en", MISAKI, {"ship": "/ˈʁip/"}) == "A ship."


@pytest.mark.parametrize(
    ("ipa", "misaki"),
    [
        ("/ˈdʒʌmp/", "ʤˈʌmp"),
        ("/tʃaɪ/", "ʧI"),
        ("/t͡ʃaɪ/", "ʧI"),
        ("/ˌkoʊ.ˈɑː.pə.ˌreɪt/", "kˌOˈɑpəɹˌAt"),
        ("/ˈnɝs/", "nˈɜɹs"),
        ("/ˈbɔɪ/", "bˈY"),
        ("/ɡoʊ naʊ/", "ɡO nW"),
        ("/dˌIˈæstəsɪs/", "dˌIˈæstəsɪs"),
    ],
)
def test_what_dictionaries_print_becomes_what_the_voice_reads(ipa: str, misaki: str) -> None:
    assert phonemes_for(ipa, MISAKI) == misaki


@pytest.mark.parametrize("word", sorted(dictionary()))
def test_the_built_in_phonemes_are_sounds_of_the_alphabet(word: str) -> None:
    phonemes = dictionary()[word].phonemes[MISAKI]
    assert set(phonemes) <= MISAKI_SOUNDS
    assert phonemes_for(f"/{phonemes}/", MISAKI) == phonemes


def test_recordings_are_found_by_what_is_written() -> None:
    assert speakable("My psoas.", "en", AS_WRITTEN, PSOAS) == "My psoas."


@pytest.mark.parametrize(
    "said",
    [
        "[x](/y/)",
        "<break time='9s'/>go",
        "*go* `now`",
        "(go) {now}",
        "/x](/y/)",
        "/a/ /b/",
        "|||",
        "//",
        "[[x",
    ],
)
@pytest.mark.parametrize("alphabet", [None, MISAKI])
def test_hostile_entries_are_no_commands(said: str, alphabet: str | None) -> None:
    spoken = speakable("Say psoas twice.", "en", alphabet, {"psoas": said})
    assert not set(spoken) & set("<>[]{}()|*_`#\\/\n")
    assert spoken.startswith("Say ")
    assert spoken.endswith(" twice.")


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=4), st.text(max_size=40))
def test_no_entry_reaches_a_voice_as_markup(own: dict[str, str], text: str) -> None:
    assert not set(speakable(text, "en", None, own)) & set("<>[]{}()|*_`#\\/\n")
    marked = speakable(text, "en", MISAKI, own)
    assert marked.count("](/") == marked.count("/)") == marked.count("[")


class Listening(SilentEngine):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        self.heard.append(text)
        return super().speak(text, voice, speed, language)


def test_a_speaker_says_words_as_the_author_has_them() -> None:
    engine = Listening()
    voice = Voice("silent", "silent", 1.0)
    with Speaker(voice, "en", engine=engine, pronounce=PSOAS) as speaker:
        speaker.measure([Utterance("The psoas.")])
    with Speaker(voice, "en", engine=engine) as speaker:
        speaker.measure([Utterance("The psoas.")])
    assert engine.heard == ["The so-ass.", "The psoas."]


SESSION = """\
title: Words
voice: silent
pronounce:
  psoas: /ˈsoʊəs/
  sway: sweigh
steps:
  - say: Lengthen your psoas, and sway.
"""


def test_an_author_hears_of_phonemes_that_the_voice_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(SESSION, encoding="utf-8")
    with open_session(path, Wishes()) as opened:
        (warning,) = opened.diagnostics
    assert (warning.code, warning.severity) == ("phonemes-not-read", Severity.WARNING)
    assert warning.place is not None
    assert warning.place.line == 4
    assert "'psoas'" in warning.message
    assert "plain words only" in warning.message
