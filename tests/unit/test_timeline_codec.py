"""The timeline as JSON: nothing is lost, and what cannot be read is named."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.diagnostics import SessionError
from breathcue.timeline.codec import SCHEMA, dump, load
from breathcue.timeline.model import Timeline, Voice
from compiling import compile_text

TIMELINE = compile_text("title: One\nsteps:\n  - exercise: bird-dog\n    reps: 1\n").timeline


def test_a_timeline_survives_the_round_trip() -> None:
    text = dump(TIMELINE)
    assert load(text) == TIMELINE
    assert dump(load(text)) == text


@st.composite
def voiced(draw: st.DrawFn) -> Timeline:
    """A timeline some of whose cues have a voice of their own."""
    speeds = st.floats(0.5, 2.0) | st.sampled_from([0.9, 1.0])
    voices = st.builds(Voice, st.sampled_from(["embedded", "system"]), st.text(min_size=1), speeds)
    own = st.one_of(st.none(), voices)
    return replace(TIMELINE, cues=tuple(replace(cue, voice=draw(own)) for cue in TIMELINE.cues[:6]))


@given(voiced())
def test_voices_of_cues_survive_the_round_trip(timeline: Timeline) -> None:
    text = dump(timeline)
    assert load(text) == timeline
    assert dump(load(text)) == text


def test_a_cue_tells_its_voice_only_where_it_is_not_the_sessions() -> None:
    timeline = compile_text("title: T\nsteps:\n  - say: A.\n  - say: B.\n    speed: 0.6\n").timeline
    cues = {cue["text"]: cue for cue in json.loads(dump(timeline))["cues"]}
    assert "voice" not in cues["A."]
    assert cues["B."]["voice"] == {"engine": "silent", "name": "silent", "speed": 0.6}


def test_the_form_is_the_documented_one() -> None:
    data = json.loads(dump(TIMELINE))
    assert list(data) == ["schema", "title", "language", "voice", "duration_ms", "chapters", "phases", "cues"]
    assert data["schema"] == SCHEMA == "breathcue/timeline/1"
    assert list(data["voice"]) == ["engine", "name", "speed"]
    assert list(data["chapters"][0]) == ["start_ms", "end_ms", "title"]
    fields = ["start_ms", "end_ms", "kind", "label", "exercise", "set", "rep", "reps", "side", "breath"]
    assert list(data["phases"][0]) == fields
    assert list(data["cues"][0]) == ["id", "start_ms", "duration_ms", "track", "kind", "text", "source"]
    moves = [phase for phase in data["phases"] if phase["kind"] == "move"]
    assert [(p["exercise"], p["side"], p["rep"], p["reps"], p["set"]) for p in moves] == [
        ("bird-dog", "right", 1, 1, 1),
        ("bird-dog", "left", 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"schema": "breathcue/timeline/2"}, "schema"),
        ({"title": 3}, "title"),
        ({"duration_ms": -1}, "duration_ms"),
        ({"duration_ms": True}, "duration_ms"),
        ({"voice": []}, "voice"),
        ({"voice": {"engine": "e", "name": "n", "speed": "fast"}}, "voice.speed"),
        ({"chapters": {}}, "chapters"),
        ({"chapters": [{"start_ms": 0, "end_ms": 1}]}, "chapters[0].title"),
        ({"phases": [{"start_ms": 0, "end_ms": 1, "kind": "jump"}]}, "phases[0].kind"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, object], named: str) -> None:
    data = json.loads(dump(TIMELINE)) | change
    with pytest.raises(SessionError) as caught:
        load(json.dumps(data))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "bad-timeline"
    assert f"`{named}`" in diagnostic.message


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000, "nonsense"])
def test_what_is_not_a_timeline_is_refused(text: str) -> None:
    with pytest.raises(SessionError) as caught:
        load(text)
    assert caught.value.diagnostics[0].code == "bad-timeline"
