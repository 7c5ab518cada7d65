"""Any session with ranges either lasts as long as it should, or names a length that it can have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from breathcue.compiler.compile import Compiled
from breathcue.compiler.dials import Kind
from breathcue.compiler.duration import Chosen
from breathcue.diagnostics import SessionError
from breathcue.language.load import Loaded, load_text
from breathcue.language.quantities import parse_duration
from breathcue.language.routine import Length
from breathcue.timeline.codec import dump
from breathcue.timeline.invariants import check
from breathcue.timeline.time import Ms
from compiling import compile_loaded
from routines import flexible_sessions

LIMIT = 10**9


def fitted(loaded: Loaded, wanted: int) -> Compiled:
    assert loaded.routine is not None
    length = Length(Ms(wanted), loaded.routine.place)
    return compile_loaded(replace(loaded, routine=replace(loaded.routine, duration=length)))


def assert_common(chosen: Iterable[Chosen], step: int) -> None:
    """All figures are within one step of one share of the way from their low to their high ends."""
    ways = [(each.figure - each.low, each.high - each.low) for each in chosen]
    least = max(((way - step) / span for way, span in ways), default=0)
    most = min(((way + step) / span for way, span in ways), default=1)
    assert least <= most


def nearest_of(error: SessionError) -> int:
    """Return the length that an error names as the nearest one, in ms."""
    assert [found.code for found in error.diagnostics] == ["duration-unreachable"]
    nearest = re.match(r"Write `duration: (\w+)`", error.diagnostics[0].fix or "")
    assert nearest is not None
    length = parse_duration(nearest[1], LIMIT)
    assert isinstance(length, int)
    return length


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=flexible_sessions(), factor=st.floats(0.3, 4))
def test_any_session_lasts_as_long_as_it_should_or_says_how_long_it_can(
    data: dict[str, Any], factor: float
) -> None:
    loaded = load_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "session.yaml", None)
    assume("session-too-long" not in {diagnostic.code for diagnostic in loaded.diagnostics})
    assert loaded.routine is not None, loaded.diagnostics
    wanted = int(compile_loaded(loaded).timeline.duration_ms * factor) + 1
    assume(wanted < 6 * 3_600_000)
    try:
        compiled = fitted(loaded, wanted)
    except SessionError as error:
        wanted = nearest_of(error)
        compiled = fitted(loaded, wanted)
    assert abs(compiled.timeline.duration_ms - wanted) <= 1000
    assert check(compiled.timeline) == ()
    assert dump(fitted(loaded, wanted).timeline) == dump(compiled.timeline)
    assert compiled.choice is not None
    for each in compiled.choice.chosen:
        assert each.low <= each.figure <= each.high
    of = {kind: [each for each in compiled.choice.chosen if each.kind is kind] for kind in Kind}
    assert_common([*of[Kind.REPS], *of[Kind.ROUNDS]], 1)
    assert_common(of[Kind.WORK], 1000)
