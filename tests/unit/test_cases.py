"""Golden timelines: what each case in tests/cases compiles to, one cue a line.

Regenerate them with ``scripts/test --update-goldens -k test_cases`` and read the difference like a review.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from breathcue.export.text import export_text
from breathcue.timeline.codec import dump, load
from breathcue.timeline.invariants import check
from compiling import compile_file

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.yaml"))


def golden_of(compiled) -> str:
    warnings = [f"{d.code} at line {d.place.line}: {d.fix}" for d in compiled.diagnostics]
    return export_text(compiled.timeline) + "".join(f"\n! {warning}\n" for warning in warnings)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path, update_goldens: bool) -> None:
    compiled = compile_file(case)
    assert check(compiled.timeline) == ()
    assert load(dump(compiled.timeline)) == compiled.timeline
    golden = case.with_suffix(".timeline")
    text = golden_of(compiled)
    if update_goldens:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_compiling_twice_gives_the_same_bytes(case: Path) -> None:
    assert dump(compile_file(case).timeline) == dump(compile_file(case).timeline)


def test_every_golden_has_its_case() -> None:
    goldens = {path.stem for path in CASES[0].parent.glob("*.timeline")}
    assert goldens == {case.stem for case in CASES}
