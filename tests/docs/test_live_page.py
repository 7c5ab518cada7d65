"""The keys in docs/live.md are those of the program; ``scripts/test --update-goldens`` brings them up to date."""

from __future__ import annotations

import re

from breathcue.live.view.keys import keys_table
from workspace import ROOT

PAGE = ROOT / "docs" / "live.md"
TABLE = re.compile(r"(<!-- keys: [^\n]*-->\n)(.*?)(\n<!-- /keys -->)", re.DOTALL)


def test_the_keys_shown_are_the_real_ones(update_goldens: bool) -> None:
    if update_goldens:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(TABLE.sub(lambda m: m[1] + keys_table() + m[3], page), encoding="utf-8")
    shown = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert shown is not None
    assert shown[2] == keys_table()
