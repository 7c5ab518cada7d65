"""Whatever two sessions are compared: nothing is different from itself, every edit is found, and nothing gets lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from breathcue.export.difference import as_json, as_text
from breathcue.language.load import load_text
from breathcue.timeline.difference import Change, difference
from breathcue.timeline.model import Cue, Phase, Source, Timeline, Track
from breathcue.timeline.time import Ms
from compiling import compile_loaded
from routines import sessions

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def compiled(data: dict[str, Any]) -> Timeline:
    loaded = load_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "session.yaml", None)
    assume("session-too-long" not in {diagnostic.code for diagnostic in loaded.diagnostics})
    assert loaded.routine is not None, loaded.diagnostics
    return compile_loaded(loaded).timeline


TIMELINES = sessions().map(compiled)


def without_origin(timeline: Timeline) -> Timeline:
    return replace(timeline, cues=tuple(replace(cue, id="", source=Source("", 1)) for cue in timeline.cues))


def shifted(cue: Cue, at: int, by: int) -> Cue:
    if cue.track is Track.BED:
        return replace(cue, duration_ms=Ms(cue.duration_ms + by))
    return replace(cue, start_ms=Ms(cue.start_ms + by)) if cue.start_ms >= at else cue


def stretched(phase: Phase, at: int, by: int) -> Phase:
    start = phase.start_ms + (by if phase.start_ms >= at else 0)
    return replace(phase, start_ms=Ms(start), end_ms=Ms(phase.end_ms + (by if phase.end_ms >= at else 0)))


@QUICK
@given(timeline=TIMELINES)
def test_nothing_is_different_from_itself(timeline: Timeline) -> None:
    renamed = replace(timeline, cues=tuple(replace(cue, id=f"x{cue.id}") for cue in timeline.cues))
    assert difference(timeline, renamed).same


@QUICK
@given(before=TIMELINES, after=TIMELINES)
def test_nothing_gets_lost(before: Timeline, after: Timeline) -> None:
    found = difference(before, after)
    assert found.same == (without_origin(before) == without_origin(after))
    assert difference(after, before).same == found.same
    for part in ("chapters", "phases", "cues"):
        changes = getattr(found, part)
        kept = len(getattr(before, part)) - len(changes.removed)
        assert kept == len(getattr(after, part)) - len(changes.added)
        assert all(change.before != change.after for change in changes.changed)
    assert as_text(found, 3)
    assert as_json(found)


@QUICK
@given(timeline=TIMELINES, data=st.data())
def test_new_words_are_found_and_nothing_else(timeline: Timeline, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(timeline.cues) - 1))
    cues = list(timeline.cues)
    cues[index] = replace(cues[index], text="words that no session has")
    found = difference(timeline, replace(timeline, cues=tuple(cues)))
    assert [(change.before.id, change.after.text) for change in found.cues.changed] == [
        (timeline.cues[index].id, "words that no session has")
    ]
    found_too = (found.cues.removed, found.cues.added, found.moved, found.shifts, found.phases)
    assert not any(found_too)


@QUICK
@given(timeline=TIMELINES, data=st.data())
def test_a_cue_taken_out_is_found(timeline: Timeline, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(timeline.cues) - 1))
    cues = list(timeline.cues)
    gone = cues.pop(index)
    shorter = replace(timeline, cues=tuple(cues))
    # Of the same words in a row, it cannot be told which are gone; how many and which words, it can.
    (removed,) = difference(timeline, shorter).cues.removed
    (added,) = difference(shorter, timeline).cues.added
    assert removed.text == added.text == gone.text


@QUICK
@given(timeline=TIMELINES, by=st.integers(2, 200), data=st.data())
def test_a_longer_phase_is_one_change_and_one_shift(timeline: Timeline, by: int, data: st.DataObject) -> None:
    more = by * 24
    phase = data.draw(st.sampled_from(timeline.phases))
    at = phase.end_ms
    after = replace(
        timeline,
        duration_ms=Ms(timeline.duration_ms + more),
        phases=tuple(stretched(one, at, more) for one in timeline.phases),
        chapters=tuple(
            replace(
                c,
                start_ms=Ms(c.start_ms + (more if c.start_ms >= at else 0)),
                end_ms=Ms(c.end_ms + (more if c.end_ms >= at else 0)),
            )
            for c in timeline.chapters
        ),
        cues=tuple(shifted(cue, at, more) for cue in timeline.cues),
    )
    found = difference(timeline, after)
    longer = replace(phase, end_ms=Ms(phase.end_ms + more))
    assert found.phases.changed == (Change(phase, longer),)
    assert not any((found.phases.removed, found.phases.added, found.cues, found.moved))
    later = [cue for cue in timeline.cues if cue.start_ms >= at and cue.track is not Track.BED]
    assert [(s.from_ms, s.shift_ms, s.cues, s.last) for s in found.shifts] == (
        [(later[0].start_ms, more, len(later), True)] if later else []
    )
