"""A session that is performed: the same timeline as a rendered one, and sound whatever the listener asks for."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.compiler import requests
from breathcue.compiler.performance import Performance
from breathcue.language.load import load_session
from breathcue.timeline.invariants import check
from breathcue.timeline.model import Track
from breathcue.timeline.score import Control, Score
from breathcue.timeline.time import Ms
from compiling import compile_loaded
from forms import forms
from performing import as_timeline, assert_sound, lay_all, performance_of
from workspace import ROOT, SESSIONS

ALL = sorted([*SESSIONS, *(ROOT / "tests" / "cases").glob("*.yaml")])
CONTROLS = [control for control in Control if control is not Control.QUIT]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_undisturbed_it_is_the_rendered_timeline(path: Path) -> None:
    loaded = load_session(path)
    compiled = compile_loaded(loaded)
    # A session with a length is fitted to it before it is performed.
    score = lay_all(performance_of(replace(loaded, routine=compiled.routine)))
    assert score.complete
    performed = as_timeline(score, compiled.timeline.title, compiled.timeline.language)
    heard = tuple(cue for cue in compiled.timeline.cues if cue.track is not Track.BED)
    assert performed == replace(compiled.timeline, cues=heard), "all but the bed, which no score holds"


def until(at: Ms, score: Score) -> list[tuple[object, ...]]:
    """What was performed before a moment, which no request may change."""
    cues = [(cue.start_ms, cue.text) for cue in score.cues if cue.start_ms < at]
    phases = [
        (p.start_ms, min(p.end_ms, at), p.kind, p.rep, p.set, p.side) for p in score.phases if p.start_ms < at
    ]
    return [*cues, *phases]


Press = tuple[Control, int, bool, bool]
"""A request so many ms after the one before it; whether all was laid by then; whether the sound had stopped."""


def perform(performance: Performance, presses: Iterable[Press]) -> Score:
    """Perform a session to its end with these requests, checking after each that all is sound."""
    at = Ms(0)
    for control, wait, ahead, by_mistake in presses:
        if ahead:
            lay_all(performance)
        while performance.scheduler.now <= at + wait and performance.lay():
            pass
        before = performance.score()
        at = Ms(min(at + wait, before.end_ms))
        requests.prepare(performance, control, at)
        stopped = requests.stops(performance, control, at) or by_mistake
        requests.carry_out(performance, control, at, stopped=stopped)
        after = performance.score()
        assert_sound(after)
        assert until(at, after) == until(at, before)
    score = lay_all(performance)
    while performance.waiting:
        requests.carry_out(performance, Control.RESUME, performance.scheduler.now, stopped=True)
        score = lay_all(performance)
    assert score.complete
    assert_sound(score)
    assert score.stages[-1].step == len(performance.entries) - 1, "a session ends with its closing words"
    return score


@settings(max_examples=25, deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_any_requests_leave_it_sound(path: Path, data: st.DataObject) -> None:
    presses = data.draw(
        st.lists(
            st.tuples(st.sampled_from(CONTROLS), st.integers(0, 40_000), st.booleans(), st.booleans()),
            max_size=40,
        )
    )
    perform(performance_of(load_session(path)), presses)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_requests_leave_a_session_sound_that_has_other_forms(seed: int) -> None:
    chance = random.Random(seed)
    others = [Control.EASIER, Control.HARDER, Control.MORE_TALK, Control.LESS_TALK]
    presses = [
        (
            chance.choice((*others, *others, *CONTROLS)),
            chance.choice((0, 400, 3_000, chance.randint(0, 60_000))),
            chance.random() < 0.2,
            chance.random() < 0.2,
        )
        for _ in range(chance.randint(1, 60))
    ]
    perform(performance_of(forms()), presses)


def test_an_exercise_once_more_after_the_closing_ends_with_the_closing() -> None:
    # The session once ended with the last breath of that exercise, which was then held for its quiet end.
    presses = [
        (Control.FINISH, 0),
        (Control.REPEAT, 10_240),
        (Control.FASTER, 6_949),
        (Control.PAUSE, 17_830),
        (Control.FINISH, 0),
        (Control.RESUME, 1_500),
        (Control.PAUSE, 35_313),
    ]
    performance = performance_of(load_session(ROOT / "tests" / "cases" / "breath-tones.yaml"))
    perform(performance, [(control, wait, False, False) for control, wait in presses])


GOING_ON = [Control.SLOWER, Control.FASTER, Control.REPEAT, Control.ADD_REST]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("case", ["breath-tones", "long-holds"])
def test_what_lets_one_go_on_leaves_every_cue_at_its_phase(case: str, seed: int) -> None:
    chance = random.Random(seed)
    performance = performance_of(load_session(ROOT / "tests" / "cases" / f"{case}.yaml"))
    at = Ms(0)
    for _ in range(chance.randint(2, 30)):
        at = Ms(at + chance.choice((0, 10, 200, 900, 3_000, chance.randint(0, 15_000))))
        while performance.scheduler.now <= at + chance.choice((0, 5_000)) and performance.lay():
            pass
        at = min(at, performance.scheduler.now)
        control = chance.choice(GOING_ON)
        requests.prepare(performance, control, at)
        stopped = requests.stops(performance, control, at)
        requests.carry_out(performance, control, at, stopped=stopped)
        assert_sound(performance.score())
    score = lay_all(performance)
    assert_sound(score)
    assert not [found for found in check(as_timeline(score, case)) if found.invariant in {4, 9}]
