"""docs/verify.md names every check, and the tolerances that the code has."""

from __future__ import annotations

import re

from breathcue.audio.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS
from breathcue.verify.checks import bed, length, level, naming, onsets, places, quiet
from breathcue.verify.hearing import Heard, listen
from breathcue.verify.label import NO_LABEL
from breathcue.verify.listening import MOST_ERRORS
from breathcue.verify.matching import REACH_MS
from breathcue.verify.report import SCHEMA
from workspace import ROOT

PAGE = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
ROWS = {
    name: row
    for row in re.findall(r"^\| `.*\|$", PAGE[: PAGE.index("## As JSON")], re.MULTILINE)
    for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])
}


def silence() -> Heard:
    return listen([], [])


def test_every_check_has_a_row() -> None:
    made = {check.name for check in naming.naming(NO_LABEL, 0, None)}
    made |= {
        check(silence(), None).name for check in (quiet.extra_sound, quiet.noise_floor, quiet.longest_silence)
    }
    made |= {level.loudness(silence(), None, None).name, level.true_peak(silence()).name}
    made |= {length.length(silence(), NO_LABEL, None).name, "cues", "clips", "overlaps", "bed", "words-heard"}
    assert made - {"schema"} <= set(ROWS)


def test_the_tolerances_are_those_of_the_code() -> None:
    said = {
        "length": ["1,024", "640", f"{length.CLAIM_MS} ms"],
        "extra-sound": [
            f"{quiet.EXTRA_DBFS:g} dBFS",
            f"{quiet.BEFORE_MS} ms",
            f"{quiet.AFTER_MS} ms",
            f"{quiet.OVER_BED_DB:g} dB",
        ],
        "longest-silence": [f"{quiet.SILENT_DBFS:g} dBFS", "30.25 s"],
        "noise-floor": [f"{quiet.FLOOR_DBFS:g} dBFS"],
        "bed": [
            f"{bed.NEAR_LU:g} LU of {bed.BED_LUFS:g} LUFS",
            f"{bed.LEAST_DEPTH_LU:g} dB",
            f"{bed.DEPTH_DB:g} dB",
        ],
        "loudness": [
            f"{level.NEAR_LU:g} LU",
            f"{level.NEAR_LU + level.UNKNOWN_BED_LU:g} LU",
            f"{TARGET_LUFS - level.BELOW_LU:g} to {TARGET_LUFS + level.ABOVE_LU:g} LUFS",
        ],
        "true-peak": [f"{PEAK_LIMIT_DBTP:g} dBTP", f"{level.PEAK_SLACK_DB:g} dB"],
        "cues": [
            f"over {places.ONSET_MS:g} ms",
            f"{onsets.SOUND_DBFS:g} dBFS",
            f"{onsets.EARLY_MS} ms early",
            f"{onsets.LATE_MS} ms late",
            f"{onsets.SHORT_MS} ms early",
        ],
        "clips": [f"{places.LOST_MS} ms", f"{places.LEVEL_DB:g} dB"],
        "words-heard": [f"{MOST_ERRORS:.0%}".replace("%", " %")],
        "chapters": [f"{naming.CHAPTER_MS} ms"],
    }
    assert {name: [each for each in values if each not in ROWS[name]] for name, values in said.items()} == {
        name: [] for name in said
    }
    assert quiet.MAX_SILENCE_MS + quiet.SILENCE_SLACK_MS == 30_250
    assert f"from {REACH_MS} ms before" in " ".join(PAGE.split())
    assert SCHEMA in PAGE
