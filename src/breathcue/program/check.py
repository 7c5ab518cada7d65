"""Everything that is wrong with a program: its file, every session at every portion, and what its weeks owe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from breathcue.diagnostics import Diagnostic, Place
from breathcue.diagnostics.codes import CODES
from breathcue.language.load import load_program
from breathcue.language.program import DAYS, Program
from breathcue.language.safety import rules
from breathcue.program.overview import total_of
from breathcue.program.plan import Recording, Week, plan, recordings
from breathcue.program.rehearsal import Rehearsal, rehearse
from breathcue.timeline.time import Ms, minutes_from_ms

JUMP = 1.5
"""How many times the work of the weeks before a week may have without a warning; see library/safety.yaml."""
JUMP_MS = Ms(10 * 60_000)
"""How much more work, in ms, is no jump whatever the share: beginnings are small."""
BEFORE = 3
"""How many weeks before count: after an easier week, going back to what was done is no jump."""
FIRST_WORK_MS = Ms(60 * 60_000)
"""The most work, in ms, with which a program for the time after birth begins without a warning."""
LOW_IMPACT_WEEKS = 12
"""For how many weeks such a program has no high impact."""
PELVIC_FLOOR_DAYS = 5
"""On how many days of a week it has pelvic floor work at least."""

_PELVIC_FLOOR = "pelvic-floor"


def check_program(path: Path) -> Iterator[Diagnostic]:
    """Yield what is wrong with a program's file, with its sessions in every portion, and with its weeks."""
    loaded = load_program(path)
    yield from loaded.diagnostics
    if loaded.program is None:
        return
    weeks = plan(loaded.program)
    rehearsed = rehearse(weeks)
    yield from rehearsed.diagnostics
    if rehearsed.complete:
        yield from check_weeks(loaded.program, weeks, rehearsed.sessions)


def check_weeks(
    program: Program, weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]
) -> Iterator[Diagnostic]:
    """Yield a warning for each rule of safety that the weeks of a program break."""
    yield from _jumps(weeks, sessions)
    yield from _rest_days(weeks)
    audience = program.audience
    postpartum = (
        _no_gentle_weeks(weeks, sessions),
        _impact(weeks, sessions),
        _clearance(weeks, sessions),
        _pelvic_floor(weeks, sessions),
    )
    for found in postpartum:
        for each in found:
            if audience is not None and audience.text == rules()[each.code].audience:
                yield each


def _warning(code: str, what: str, place: Place, fix: str) -> Diagnostic:
    return Diagnostic(code, f"{what} {rules()[code].reason}", place, fix, CODES[code].severity)


def _jumps(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> Iterator[Diagnostic]:
    work = [total_of(week, sessions).work for week in weeks]
    for index in range(1, len(weeks)):
        most = max(work[max(0, index - BEFORE) : index])
        if work[index] > most * JUMP and work[index] > most + JUMP_MS:
            minutes, before = minutes_from_ms(work[index]), minutes_from_ms(most)
            what = f"Week {weeks[index].number} has {minutes} minutes of work, after {before} at most."
            fix = "Spread what is new over more weeks, or begin it with a share of it, as in `reps: 60-100%`."
            yield _warning("load-jump", what, weeks[index].block.place, fix)


def _rest_days(weeks: Sequence[Week]) -> Iterator[Diagnostic]:
    for week in weeks:
        if not any(week.rests(day) for day in range(len(DAYS))):
            what = f"Week {week.number} has no day of rest."
            fix = "Leave one day without a session; what is done `daily` may stay."
            yield _warning("no-rest-day", what, week.block.place, fix)
            return


def _no_gentle_weeks(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> Iterator[Diagnostic]:
    work = total_of(weeks[0], sessions).work
    if work > FIRST_WORK_MS:
        what = f"The first week has {minutes_from_ms(work)} minutes of work."
        fix = "Begin with shorter sessions, fewer days, or a share of the repetitions, as in `reps: 60-100%`."
        yield _warning("no-gentle-weeks", what, weeks[0].block.place, fix)


def _impact(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> Iterator[Diagnostic]:
    told: set[tuple[Path, str]] = set()
    for recording, planned in recordings(weeks[:LOW_IMPACT_WEEKS]).items():
        for exercise in sessions[recording].exercises:
            which = planned.practice.path, exercise.name
            if exercise.impact == "high" and which not in told:
                told.add(which)
                what = f"Week {planned.week} has “{exercise.title}”, which is high impact."
                fix = "Choose a form in which one foot stays on the floor, such as a step instead of a jump."
                yield _warning("impact-too-soon", what, planned.practice.place, fix)


def _clearance(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> Iterator[Diagnostic]:
    told: set[Path] = set()
    for recording, planned in recordings(weeks).items():
        rehearsal, path = sessions[recording], planned.practice.path
        if not rehearsal.routine.safety.clearance and rehearsal.work and path not in told:
            told.add(path)
            what = f"“{rehearsal.routine.title}” does not speak of clearance."
            fix = f"Add `clearance: true` under `safety:` in {planned.practice.session.text}."
            yield _warning("clearance-not-asked", what, planned.practice.place, fix)


def _pelvic_floor(weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal]) -> Iterator[Diagnostic]:
    for week in weeks:
        days = {planned.day for planned in week.practices if _has_pelvic_floor(sessions[planned.recording])}
        if any(week.practices) and len(days) < PELVIC_FLOOR_DAYS:
            on = "on no day" if not days else f"on {len(days)} days" if len(days) > 1 else "on one day"
            what = f"Week {week.number} has pelvic floor work {on}."
            fix = "Add a short session of it for every day, as in `daily: pelvic-floor-daily.yaml`."
            yield _warning("no-pelvic-floor-work", what, week.block.place, fix)
            return


def _has_pelvic_floor(rehearsal: Rehearsal) -> bool:
    return any(each.kind == _PELVIC_FLOOR for each in rehearsal.exercises)
