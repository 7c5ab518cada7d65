"""docs/formats.md says what the table of formats says."""

from __future__ import annotations

import re

from breathcue.audio.formats import FORMATS
from workspace import ROOT

PAGE = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_format_has_its_row_with_its_bit_rates() -> None:
    rows = dict(re.findall(r"^\| `(\.\w+)` \|(.*)$", PAGE, re.MULTILINE))
    assert list(rows) == list(FORMATS)
    for suffix, form in FORMATS.items():
        rates = [1000 * int(rate) for rate in re.findall(r"(\d+) kbit/s", rows[suffix])]
        assert rates == list(form.bit_rates.values())


def test_only_formats_without_a_picture_are_said_to_have_none() -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("| cover |")]
    mp3, mp4, ogg, flac, wav = (bool(cell.strip()) for cell in row.split("|")[2:-1])
    named = {".mp3": mp3, ".m4a": mp4, ".m4b": mp4, ".opus": ogg, ".ogg": ogg, ".flac": flac, ".wav": wav}
    assert named == {suffix: form.cover for suffix, form in FORMATS.items()}
