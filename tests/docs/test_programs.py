"""Every ready-made program is free of mistakes and warnings, in every week, at every level and guidance."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics.render import render_text
from breathcue.language.routine import Guidance, Level
from breathcue.program.check import check_program
from breathcue.program.opened import open_program
from breathcue.program.overview import total_of
from breathcue.timeline import invariants
from breathcue.timeline.time import minutes_from_ms
from workspace import PROGRAMS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")

WISHES = [
    # What differs in one only is tried always, the rest with --all.
    pytest.param(
        level,
        guidance,
        marks=[] if level is Level.NORMAL or guidance is Guidance.BALANCED else [pytest.mark.slow],
    )
    for level, guidance in product(Level, Guidance)
]


def name(path: Path) -> str:
    return path.stem


def test_there_are_programs() -> None:
    assert PROGRAMS


@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_a_ready_made_program_is_without_a_complaint(path: Path) -> None:
    found = tuple(check_program(path))
    assert found == (), render_text(found)
    assert f"sessions/{path.name}" in README


@pytest.mark.parametrize(("level", "guidance"), WISHES)
@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_every_week_compiles_at_every_level_and_guidance(
    path: Path, level: Level, guidance: Guidance
) -> None:
    opened = open_program(path, Wishes(level=level, guidance=guidance))
    assert opened.diagnostics == (), render_text(opened.diagnostics)
    for rehearsal in opened.sessions.values():
        assert invariants.check(rehearsal.timeline) == ()


def test_the_eight_weeks_begin_gently_and_build_up_toward_what_guidance_names() -> None:
    """Light activity first, then up to 120 minutes a week over four or more days, pelvic floor work daily."""
    opened = open_program(ROOT / "sessions" / "postpartum-eight-weeks.yaml")
    totals = [total_of(week, opened.sessions) for week in opened.weeks]
    assert len(totals) == 8
    work = [minutes_from_ms(total.work) for total in totals]
    assert work == sorted(work)
    assert work[-1] >= 2 * work[0]
    assert all(any(week.rests(day) for day in range(7)) for week in opened.weeks)
    assert all(any(planned.daily for planned in day) for week in opened.weeks for day in week.days)
    guided = [
        sum(opened.sessions[each.recording].timeline.duration_ms for each in week.practices if not each.daily)
        for week in opened.weeks
    ]
    assert guided == sorted(guided)
    assert minutes_from_ms(guided[0]) <= 60
    assert 90 <= minutes_from_ms(guided[-1]) <= 130
    assert all(4 <= total.days <= 5 for total in totals)
    text = (ROOT / "sessions" / "postpartum-eight-weeks.yaml").read_text(encoding="utf-8")
    assert re.search("General information, never medical advice", text)
