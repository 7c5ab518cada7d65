"""Exporters by name: ours, those that packages add, and those that cannot be loaded."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from breathcue.audio.tags import lyrics
from breathcue.diagnostics import MissingError, RequestError
from breathcue.export import registry
from breathcue.export.text import export_text
from breathcue.timeline.codec import dump
from compiling import compile_text

TIMELINE = compile_text("title: One\nsteps:\n  - say: Hello.\n").timeline


def test_our_own_exporters() -> None:
    assert registry.find_exporter("text") is export_text
    assert registry.find_exporter("json") is dump


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(RequestError) as caught:
        registry.find_exporter("srt")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "unknown-timeline-format"
    assert diagnostic.fix == "Use one of text, json."


def shout(timeline) -> str:
    return timeline.title.upper()


def plugins(monkeypatch: pytest.MonkeyPatch, *entries: EntryPoint) -> None:
    monkeypatch.setattr(
        registry,
        "entry_points",
        lambda group, name=None: [e for e in entries if e.group == group and name in (None, e.name)],
    )


def test_a_package_may_add_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("compiling.shout", shout, raising=False)
    plugins(monkeypatch, EntryPoint("loud", "compiling:shout", registry.GROUP))
    assert registry.exporter_names() == ("text", "json", "loud")
    assert registry.find_exporter("loud")(TIMELINE) == "ONE"


def test_a_broken_one_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    plugins(monkeypatch, EntryPoint("loud", "no_such_module:shout", registry.GROUP))
    with pytest.raises(MissingError) as caught:
        registry.find_exporter("loud")
    assert caught.value.diagnostics[0].code == "broken-exporter"


def test_text_shows_chapters_phases_repetitions_and_tones() -> None:
    text = export_text(compile_text("title: One\nsteps:\n  - exercise: bird-dog\n    reps: 1\n").timeline)
    lines = text.splitlines()
    assert lines[0].startswith("One  (")
    assert "   0:00.000  == Welcome ==" in lines
    assert any(line.endswith("talk                 [bowl]") for line in lines)
    assert any("move        1/1 L    Exhale. Reach your left arm forward" in line for line in lines)


def test_text_names_the_bed_once_and_shows_breath_tones() -> None:
    written = "title: One\nbed: rain\nbreath-tone: clear\nsteps:\n  - breathe: {inhale: 4s, exhale: 6s, rounds: 1}\n"
    lines = export_text(compile_text(written).timeline).splitlines()
    assert lines[0].endswith(", bed rain)")
    assert sum("rain" in line for line in lines) == 1
    assert any(line.endswith("inhale      1/1      [inhale-clear]") for line in lines)
    assert any(line.endswith("exhale      1/1      [exhale-clear]") for line in lines)


def test_captions_know_neither_beds_nor_tones() -> None:
    written = "title: One\nbed: rain\nbreath-tone: clear\nsteps:\n  - breathe: {inhale: 4s, exhale: 6s, rounds: 1}\n"
    words = lyrics(compile_text(written).timeline)
    assert "Breathe in." in words
    assert "rain" not in words
    assert "clear" not in words
