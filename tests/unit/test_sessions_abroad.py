"""Sessions in other languages: nothing that is said or shown in them is English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from breathcue.audio.cover import made_cover
from breathcue.compiler.answers import answers
from breathcue.compiler.phrases import languages, load_phrases
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.export.text import export_text
from breathcue.language.load import load_session
from breathcue.pipeline.session import open_session
from breathcue.timeline.model import Timeline
from breathcue.voices import registry
from compiling import compile_file
from performing import performance_of
from workspace import ROOT

ABROAD = [language for language in languages() if language != "en"]
SESSIONS = sorted(path for path in (ROOT / "sessions").glob("??-*.yaml") if path.name[:2] in ABROAD)
CASES = [ROOT / "tests" / "cases" / f"{name}.yaml" for name in ("german", "spanish", "french")]

ENGLISH = frozenset(
    """and the of to your you with is are on in for from this that next now then left right side sides rep reps set
    sets breath breathe breathing inhale exhale hold rest move return switch halfway more last again ready begin
    welcome session round one two three four five six seven eight nine ten second seconds minute minutes hour
    hours""".split()  # noqa: SIM905
)
"""Words that nearly every line of the English coach holds one of."""

THEIR_OWN = {"de": {"in", "minute"}, "es": set(), "fr": {"minute", "minutes", "on", "second", "six"}}
"""Those that are words of the other language as well."""


def english_in(text: str, language: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower())) & (ENGLISH - THEIR_OWN[language])


def everything_in(timeline: Timeline) -> list[str]:
    """Return all that is heard or shown."""
    words = [cue.text for cue in timeline.cues if cue.track == "voice"]
    words += [phase.label for phase in timeline.phases]
    return words + [chapter.title for chapter in timeline.chapters]


def test_the_check_would_notice_english() -> None:
    phrases = load_phrases("en")
    for line in (phrases.say("rest.plain", time=phrases.time(30_000)), phrases.say("closing.end")):
        assert english_in(line, "de")


def test_each_language_has_a_session_that_proves_it() -> None:
    assert [path.name[:2] for path in SESSIONS] == ABROAD


@pytest.mark.parametrize("path", [*SESSIONS, *CASES], ids=lambda path: path.stem)
def test_nothing_is_said_or_shown_in_english(path: Path) -> None:
    timeline = compile_file(path).timeline
    assert timeline.language in ABROAD
    assert {
        text: found for text in everything_in(timeline) if (found := english_in(text, timeline.language))
    } == {}


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_live_coach_answers_in_the_language_of_the_session(path: Path) -> None:
    performance = performance_of(load_session(path))
    said = [utterance.text for utterance in answers(performance)]
    assert len(said) > 20
    assert {text: found for text in said if (found := english_in(text, path.name[:2]))} == {}


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_it_lasts_five_to_eight_minutes(path: Path) -> None:
    assert 5 <= compile_file(path).timeline.duration_ms / 60_000 <= 8


HEART = """\
title: Bonjour
language: fr
voice: heart
steps:
  - say: Bonjour.
"""


def error_of(path: Path) -> Diagnostic:
    with pytest.raises(MissingError) as caught, open_session(path, Wishes()):
        pass
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "voice-language"
    return diagnostic


def test_a_voice_of_another_language_is_told_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "session.yaml"
    path.write_text(HEART, encoding="utf-8")
    diagnostic = error_of(path)
    assert diagnostic.place is not None
    assert (diagnostic.place.line, diagnostic.place.source) == (3, "voice: heart")
    assert "speaks en" in diagnostic.message


def test_a_language_without_a_voice_is_told_at_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "engine_names", lambda: ("embedded", "silent"))
    path = tmp_path / "session.yaml"
    path.write_text(HEART.replace("voice: heart\n", ""), encoding="utf-8")
    diagnostic = error_of(path)
    assert diagnostic.place is not None
    assert (diagnostic.place.line, diagnostic.place.source) == (2, "language: fr")
    assert "pip install 'breathcue[espeak]'" in (diagnostic.fix or "")


def test_accents_are_in_the_texts_and_on_the_cover() -> None:
    timeline = compile_file(next(path for path in SESSIONS if path.name.startswith("de"))).timeline
    assert "Ein sanfter Rücken" in export_text(timeline)
    assert made_cover(timeline.title).data != made_cover(timeline.title.replace("ü", "u")).data
