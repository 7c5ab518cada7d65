"""docs/sound.md says of tones, beds and ducking what the tables and the code do."""

from pathlib import Path

import pytest

from breathcue.audio.beds import BED_LUFS, FADE_IN_MS, FADE_OUT_MS, HIGHEST_DBFS
from breathcue.audio.ducking import DEPTH_DB, RETURN_MS, SINK_MS
from breathcue.audio.music import CROSS_FADE_MS, LONGEST_MS, SHORTEST_MS
from breathcue.library.beds import bed_names
from breathcue.library.tones import LONGEST_BREATH_TONE_MS, breath_tones, tone_length_ms, tone_names

PAGE = (Path(__file__).parents[2] / "docs" / "sound.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())


@pytest.mark.parametrize("name", tone_names())
def test_every_tone_has_its_row_with_its_length(name):
    assert f"| `{name}` | {tone_length_ms(name) / 1000:.1f} s |" in PAGE


@pytest.mark.parametrize("name", [*bed_names(), "none"])
def test_every_bed_has_its_row(name):
    assert f"| `{name}` | " in PAGE


@pytest.mark.parametrize("name", ["soft", "clear"])
def test_the_levels_of_breath_tones_are_those_of_the_table(name):
    levels = {tone.level_dbfs for key, tone in breath_tones().items() if key.endswith(name)}
    assert [f"| `{name}` | {level:.0f} dBFS |" in PAGE for level in levels] == [True]
    assert LONGEST_BREATH_TONE_MS == 120_000


def test_the_numbers_of_beds_and_ducking_are_those_of_the_code():
    assert f"**Level: {BED_LUFS:.0f} LUFS**" in TEXT
    assert f"peaks of {HIGHEST_DBFS:.0f} dBFS" in TEXT
    assert (
        f"fades in over the first {FADE_IN_MS // 1000} s of a session and out over the last {FADE_OUT_MS // 1000}."
        in TEXT
    )
    assert f"sinks by {DEPTH_DB:.0f} dB for every word" in TEXT
    assert f"begins to sink {SINK_MS} ms before the word" in TEXT
    assert f"returns over {RETURN_MS / 1000:g} s" in TEXT
    assert f"less than {(SINK_MS + RETURN_MS) / 1000:g} s, it stays down" in TEXT
    assert (SHORTEST_MS, CROSS_FADE_MS, LONGEST_MS) == (1_000, 3_000, 7_200_000)
    assert "from a second to two hours" in TEXT
