"""What is different between two timelines: golden texts, and one edit at a time.

Regenerate the texts with ``scripts/test --update-goldens -k test_difference`` and read them like a review.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from breathcue.export.difference import as_json, as_text
from breathcue.timeline.difference import Change, Field, Shift, difference
from breathcue.timeline.model import CueKind, Phase, PhaseKind, Source, Timeline, Voice
from breathcue.timeline.time import Ms
from compiling import compile_file, compile_text
from timelines import bed_cue, long_session, timeline_of, tone_cue, voice_cue

PAIRS = sorted((Path(__file__).parent.parent / "differences").glob("*.before.yaml"))

BEFORE = timeline_of(
    [
        voice_cue(240, 900, "Welcome.", CueKind.INTRO),
        voice_cue(2400, 900, "Breathe in.", CueKind.BREATH),
        voice_cue(6000, 900, "Breathe out.", CueKind.BREATH),
        tone_cue(9600, "bell"),
        voice_cue(12000, 900, "Goodbye.", CueKind.OUTRO),
    ],
    20_000,
    [(0, "All")],
)


def with_cue(timeline: Timeline, index: int, **changes: object) -> Timeline:
    cues = list(timeline.cues)
    cues[index] = replace(cues[index], **changes)
    return replace(timeline, cues=tuple(cues))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda path: path.name.split(".")[0])
def test_text(pair: Path, update_goldens: bool) -> None:
    after = pair.with_name(pair.name.replace("before", "after"))
    text = as_text(difference(compile_file(pair).timeline, compile_file(after).timeline)) + "\n"
    golden = pair.with_name(pair.name.replace("before.yaml", "difference"))
    if update_goldens:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_there_are_three_files_of_each_pair() -> None:
    assert PAIRS
    names = {path.name.split(".")[0] for path in PAIRS}
    ends = ("before.yaml", "after.yaml", "difference")
    assert {path.name for path in PAIRS[0].parent.iterdir()} == {f"{n}.{end}" for n in names for end in ends}


def test_ids_and_lines_make_no_difference() -> None:
    after = with_cue(BEFORE, 1, id="other", source=Source("other.yaml", 9))
    found = difference(BEFORE, after)
    assert found.same
    assert as_text(found) == "No difference: A session for tests, 0:20."


def test_other_words_are_one_change() -> None:
    after = with_cue(BEFORE, 1, text="Breathe in slowly.", duration_ms=Ms(1300))
    found = difference(BEFORE, after)
    assert found.cues.changed == (Change(BEFORE.cues[1], after.cues[1]),)
    assert not any((found.cues.removed, found.cues.added, found.shifts, found.moved, found.same))


def test_words_that_have_nothing_in_common_are_still_one_change_where_nothing_else_is() -> None:
    found = difference(BEFORE, with_cue(BEFORE, 0, text="Hi!"))
    assert [(c.before.text, c.after.text) for c in found.cues.changed] == [("Welcome.", "Hi!")]


def test_another_voice_for_a_line_is_a_change() -> None:
    found = difference(BEFORE, with_cue(BEFORE, 0, voice=Voice("silent", "ann", 0.8)))
    assert len(found.cues.changed) == 1
    assert "       →  (silent:ann at speed 0.8) Welcome." in as_text(found).splitlines()


def test_a_line_that_takes_longer_is_told_by_its_length() -> None:
    found = difference(BEFORE, with_cue(BEFORE, 0, duration_ms=Ms(1500)))
    assert "  ~ 0:00  Welcome.: 900 ms → 1.5 s" in as_text(found).splitlines()


def test_what_comes_later_is_one_shift() -> None:
    moved = [replace(cue, start_ms=Ms(cue.start_ms + 1440)) for cue in BEFORE.cues[2:]]
    after = replace(BEFORE, cues=(*BEFORE.cues[:2], *moved))
    assert difference(BEFORE, after).shifts == (Shift(Ms(6000), Ms(12000), 1440, 3, last=True),)


def test_cues_that_differ_by_a_step_of_the_grid_shift_together() -> None:
    later = (0, 1416, 1440, 1416, 1440)
    cues = tuple(replace(c, start_ms=Ms(c.start_ms + by)) for c, by in zip(BEFORE.cues, later, strict=True))
    found = difference(BEFORE, replace(BEFORE, cues=cues))
    assert found.shifts == (Shift(Ms(2400), Ms(12000), 1416, 4, last=True),)
    assert as_text(found).splitlines()[-1] == "  @ everything from 0:02 on comes 1.4 s later"


def test_one_cue_that_comes_earlier_does_not_take_the_others_along() -> None:
    found = difference(BEFORE, with_cue(BEFORE, 2, start_ms=Ms(5520)))
    assert found.shifts == (Shift(Ms(6000), Ms(6000), -480, 1, last=False),)
    assert as_text(found).splitlines()[-1] == "  @ what came at 0:06 comes 480 ms earlier"


def test_a_line_said_once_that_comes_elsewhere_has_moved() -> None:
    cues = BEFORE.cues
    starts = [cue.start_ms for cue in cues]
    order = (cues[1], cues[2], cues[3], cues[0], cues[4])
    after = replace(BEFORE, cues=tuple(replace(c, start_ms=s) for c, s in zip(order, starts, strict=True)))
    found = difference(BEFORE, after)
    assert [change.before.text for change in found.moved] == ["Welcome."]
    assert not any((found.cues.removed, found.cues.added))
    assert "  > 0:09  Welcome.  (was at 0:00)" in as_text(found).splitlines()


def test_a_bed_is_a_cue_whose_length_is_the_sessions() -> None:
    before = replace(BEFORE, cues=(bed_cue("ocean", 20_000), *BEFORE.cues))
    longer = replace(BEFORE, duration_ms=Ms(22_000), cues=(bed_cue("ocean", 22_000), *BEFORE.cues))
    assert not difference(before, longer).cues
    other = replace(BEFORE, cues=(bed_cue("rain", 20_000), *BEFORE.cues))
    assert "  ~ 0:00  [bed ocean]\n       →  [bed rain]" in as_text(difference(before, other))


def test_title_language_and_voice() -> None:
    after = replace(BEFORE, title="B", language="de", voice=Voice("silent", "none", 1.25))
    assert difference(BEFORE, after).fields == (
        Field("title", "A session for tests", "B"),
        Field("language", "en", "de"),
        Field("voice", "silent:none at speed 1", "silent:none at speed 1.25"),
    )


def test_phases_that_are_renamed_and_counted_otherwise() -> None:
    def phase(**changes: object) -> Phase:
        one = Phase(Ms(0), Ms(20_000), PhaseKind.INHALE, "cow", "cat-cow", 1, 1, 8)
        return replace(one, **changes)

    before = replace(BEFORE, phases=(phase(),))
    fewer = difference(before, replace(BEFORE, phases=(phase(reps=6),)))
    assert "  ~ cat-cow, inhale “cow”, of 8 → of 6" in as_text(fewer).splitlines()
    renamed = difference(before, replace(BEFORE, phases=(phase(exercise="cow"),)))
    assert "  ~ cat-cow, inhale “cow” → cow, inhale “cow”" in as_text(renamed).splitlines()


def test_most_limits_each_part() -> None:
    text = "title: One\nsteps:\n  - say: Hello.\n"
    more = text + "".join(f"  - say: Number {word}.\n" for word in ("one", "two", "three", "four"))
    found = difference(compile_text(text).timeline, compile_text(more).timeline)
    assert "  and 2 more" in as_text(found, most=2).splitlines()
    assert "Number four." in as_text(found, most=3)
    assert "more" not in as_text(found)


def test_json_holds_everything() -> None:
    after = with_cue(BEFORE, 1, text="Breathe in slowly.", start_ms=Ms(2424))
    data = json.loads(as_json(difference(BEFORE, after)))
    assert data["schema"] == "breathcue/difference/1"
    assert data["same"] is False
    assert data["duration_ms"] == {"before": 20_000, "after": 20_000}
    assert list(data) == [
        *("schema", "same", "duration_ms", "fields", "chapters", "phases", "cues", "moved", "shifts")
    ]
    (changed,) = data["cues"]["changed"]
    assert (changed["before"]["text"], changed["after"]["text"]) == ("Breathe in.", "Breathe in slowly.")
    assert data["shifts"] == [{"from_ms": 2400, "to_ms": 2400, "shift_ms": 24, "cues": 1, "last": False}]


def test_in_a_long_session_of_the_same_few_words_nothing_is_mistaken() -> None:
    before = long_session(60, distinct=4)
    after = replace(before, cues=tuple(cue for n, cue in enumerate(before.cues) if n % 31))
    found = difference(before, after)
    assert len(found.cues.removed) == len(before.cues) - len(after.cues)
    assert not any((found.cues.added, found.cues.changed))
