"""The log of sessions that are really laid: what a compiled session does is what is written down as done."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from breathcue.compiler.requests import carry_out, stops
from breathcue.compiler.resume import go_on_at
from breathcue.language.load import load_session
from breathcue.live.diary.history import PastSession, replay
from breathcue.live.diary.records import Ending
from breathcue.live.moment import Asked, Begun, Event, State, Turned
from breathcue.timeline.score import Control, Score, Spot, Stage
from breathcue.timeline.time import Ms
from happenings import Acted, start
from performing import lay_all, performance_of

CASES = Path(__file__).parents[1] / "cases"


def stage_of(score: Score, at_ms: int) -> Stage:
    return [stage for stage in score.stages if stage.start_ms <= at_ms][-1]


def begun(score: Score, since: int, until: int) -> list[Event]:
    return [
        Begun(phase.start_ms, phase, stage_of(score, phase.start_ms))
        for phase in score.phases
        if since <= phase.start_ms < until
    ]


def performed(
    case: str, *requests: tuple[int, Control], spot: Spot | None = None
) -> tuple[Score, PastSession]:
    """Perform a case with requests at times of the session; return what was laid in the end and its log's tale."""
    performance = performance_of(load_session(CASES / f"{case}.yaml"))
    if spot is not None:
        go_on_at(performance, spot)
    events: list[Event] = []
    since = 0
    for at, control in requests:
        score = lay_all(performance)
        events += begun(score, since, at)
        phase = [phase for phase in score.phases if phase.start_ms <= at][-1]
        carry_out(performance, control, Ms(at), stopped=stops(performance, control, Ms(at)))
        events.append(Asked(Ms(at), control, stage_of(score, at), phase, performance.pace))
        since = at
    score = lay_all(performance)
    events += [*begun(score, since, score.end_ms), Turned(score.end_ms, State.ENDED)]
    past = replay([start(), *Acted(events=events).records(Ending.FINISHED)])
    assert past is not None
    return score, past


def wanted(score: Score) -> Counter[str | None]:
    """Return how many repetitions of each exercise a score holds, the guided breaths under None."""
    reps = set()
    pattern = 0
    for phase in score.phases:
        stage = stage_of(score, phase.start_ms)
        if phase.rep is None:
            pattern += 1  # Breaths that change begin to count anew after what is said of the change.
        else:
            reps.add((stage, phase.set, phase.rep, phase.side, None if stage.exercise else pattern))
    return Counter(stage.exercise for stage, *_ in reps)


def done(past: PastSession) -> Counter[str | None]:
    counted: Counter[str | None] = Counter()
    for each in past.performed:
        counted[each.exercise] += each.reps
    counted[None] = past.reps - counted.total()
    return +counted


@pytest.mark.parametrize("case", sorted(path.stem for path in CASES.glob("*.yaml")))
def test_every_repetition_of_a_session_is_done(case: str) -> None:
    score, past = performed(case)
    assert done(past) == wanted(score)
    assert past.active_ms == score.end_ms


@pytest.mark.parametrize(
    "requests",
    [
        ((40_000, Control.PAUSE), (42_000, Control.RESUME)),
        ((40_000, Control.SLOWER), (60_000, Control.FASTER)),
        ((40_000, Control.HURT), (60_000, Control.RESUME)),
        ((40_000, Control.ADD_REST),),
        ((40_000, Control.REPEAT),),
    ],
    ids=lambda requests: requests[0][1].value,
)
def test_what_is_asked_for_on_the_way_loses_no_repetition(requests: tuple[tuple[int, Control], ...]) -> None:
    score, past = performed("alternate-sides", *requests)
    assert done(past) == wanted(score)


def test_what_is_skipped_is_not_done() -> None:
    _, past = performed("alternate-sides", (36_000, Control.NEXT))
    assert past.reps == 0


def test_going_on_adds_what_was_missing() -> None:
    whole, _ = performed("alternate-sides")
    _, first = performed("alternate-sides", (62_000, Control.QUIT))
    log = replay([start(), *Acted(events=begun(whole, 0, 62_000)).records()])
    assert log is not None
    assert log.spot is not None
    _, rest = performed("alternate-sides", spot=log.spot)
    assert (first.reps + rest.reps, rest.reps > 0) == (sum(wanted(whole).values()), True)
