"""The words inside repetitions: full at first, short once the movement is known, with the count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from breathcue.compiler.attention import HALFWAY_FROM, Amount, Silence, amount, reminders
from breathcue.compiler.coach import Coach
from breathcue.compiler.counting import hold_counts, marks_of
from breathcue.compiler.narration import Body, Line, Timed
from breathcue.compiler.plan import Reps
from breathcue.compiler.timed_work import time_marks
from breathcue.compiler.wording import (
    CUE_KINDS,
    breath_of,
    forms_of,
    other_words,
    side_alone,
    stopgap_of,
    tone_of,
)
from breathcue.language.placeholders import fill
from breathcue.language.routine import Count, Guidance, RepPhase, Sides
from breathcue.timeline.model import CueKind, Side, Utterance
from breathcue.timeline.time import Ms, scale


def narrate_reps(item: Reps, coach: Coach) -> tuple[Timed, ...]:
    """Return the phases of a set's repetitions with their words."""
    silence = Silence()
    phases = tuple(
        _timed(phase, item, rep, coach, silence, begins=place_in_rep == 0)
        for rep in _order(item)
        for place_in_rep, phase in enumerate(item.prescription.exercise.rep)
    )
    if item.prescription.work is not None:
        marks = time_marks(phases, item.prescription.left_over, coach)
        phases = tuple(marks.on(index, phases) for index in range(len(phases)))
    return tuple(_varied(phases, item, coach))


@dataclass(frozen=True, slots=True)
class _Rep:
    """Where in its set a repetition stands; ``number`` counts from 1 on each side."""

    number: int
    total: int
    side: Side | None
    leads: bool


def _order(item: Reps) -> Iterator[_Rep]:
    for index, side in enumerate(item.sides):
        # Where sides alternate, one repetition is done on each of them before the next begins.
        number, in_turn = divmod(index, 2) if _alternates(item) else (index, 0)
        yield _Rep(number + 1, item.reps, side, leads=not in_turn)


def _alternates(item: Reps) -> bool:
    return item.prescription.exercise.sides is Sides.ALTERNATE


def _varied(phases: tuple[Timed, ...], item: Reps, coach: Coach) -> Iterator[Timed]:
    """Yield the phases, with other words for those whose own may have been said just before."""
    said: set[str] = set()
    rep = item.prescription.exercise.rep
    for index, phase in enumerate(phases):
        texts = {form.text for form in phase.forms}
        if texts & said and phase.kind is not CueKind.BREATH:
            phase = replace(phase, others=other_words(rep[index % len(rep)], phase.body.side, coach))
        said = texts or said
        yield phase


def _timed(phase: RepPhase, item: Reps, rep: _Rep, coach: Coach, silence: Silence, *, begins: bool) -> Timed:
    pace = item.prescription.pace
    label = (
        fill(phase.to, coach.phrases.sided(rep.side))
        if phase.to
        else coach.phrases.say(f"labels.{phase.kind}")
    )
    duration, full = scale(phase.duration, pace), rep.number <= item.full
    before, *shorter = _rep_counts(item, rep, coach) if begins else (None,)
    return Timed(
        Body(
            phase.kind,
            label,
            item.prescription.exercise.name,
            item.number,
            rep.number,
            rep.total,
            rep.side,
            breath_of(phase),
        ),
        duration,
        CUE_KINDS[phase.kind],
        _forms(phase, item, rep, coach, silence, begins=begins, counted=before is not None),
        phase.place,
        preview=_is_explained(phase, item, rep),
        before=before,
        before_short=next(iter(shorter), None),
        counts=hold_counts(phase, pace, coach),
        marks=marks_of(phase, pace, coach),
        asides=_asides(item, rep, coach),
        sparse_counts=hold_counts(phase, pace, coach, sparse=True),
        yields=_yields(item, rep),
        counts_alone=not full,
        pace=pace,
        tone=tone_of(breath_of(phase), item.prescription.tone),
        speed=coach.speed,
        stopgap=stopgap_of(phase, rep.side, coach),
    )


def _forms(
    phase: RepPhase, item: Reps, rep: _Rep, coach: Coach, silence: Silence, *, begins: bool, counted: bool
) -> tuple[Utterance, ...]:
    """Return the wordings of a phase's cue in this repetition, the fullest first; none where nothing is said."""
    said, pace = amount(item, rep.number, phase), item.prescription.pace
    after = item.prescription.exercise.rep[1:] if begins else ()
    ahead = Ms(sum(scale(later.duration, pace) for later in after))
    name_side = begins and _alternates(item)
    spoken = said is not Amount.NOTHING or name_side or counted
    if silence.breaks(scale(phase.duration, pace), spoken=spoken, ahead=ahead):
        said = Amount.SHORT
    if said is not Amount.NOTHING:
        return forms_of(phase, rep.side, coach, full=said is Amount.FULL, name_side=name_side)
    return (side_alone(phase, rep.side, coach),) if name_side and rep.side else ()


def _is_explained(phase: RepPhase, item: Reps, rep: _Rep) -> bool:
    """Say whether the full words of a phase have to be heard, before the repetitions if they do not fit into it."""
    said = amount(item, rep.number, phase)
    return phase.say is not None and said is Amount.FULL and rep.number == 1 and rep.leads


def _yields(item: Reps, rep: _Rep) -> bool:
    """Say whether a phase makes room for the count that follows it; under full guidance for the last two only."""
    nears_end = rep.total - rep.number in {1, 2}
    return rep.number > 1 and (item.prescription.guidance is not Guidance.FULL or nears_end)


def _rep_counts(item: Reps, rep: _Rep, coach: Coach) -> tuple[Utterance | None, ...]:
    """Return the wordings that count the repetition, the fullest first: its number, and near the end how many are left.

    Where one works for a time, what is left of that is said instead.
    """
    if rep.number == 1 or not rep.leads or item.prescription.work is not None:
        return (None,)
    left = rep.total - rep.number
    if left == 0 or (left == 1 and rep.total > 3):
        name = "count.two-more" if left else "count.last"
        names = (f"{name}-each-side", name) if _alternates(item) else (name,)
        return tuple(coach.utter(coach.phrases.say(name)) for name in names)
    holds = any(phase.count is not Count.NONE for phase in item.prescription.exercise.rep)
    return (coach.utter(coach.phrases.say("count.rep-with-holds" if holds else "count.rep", n=rep.number)),)


def _asides(item: Reps, rep: _Rep, coach: Coach) -> tuple[Line, ...]:
    """Return what may be said in a gap of the repetition, what matters most first."""
    notes = coach.sided_lines(CueKind.FORM, reminders(item, rep.number), Ms(0), rep.side)
    return (*_halfway(item, rep, coach), *notes)


def _halfway(item: Reps, rep: _Rep, coach: Coach) -> tuple[Line, ...]:
    """Return what is said when the first half of a set is done."""
    if item.prescription.work is not None or rep.total < HALFWAY_FROM or rep.number != rep.total // 2 + 1:
        return ()
    half = coach.utter(coach.phrases.say("halfway", item.ordinal))
    return (Line(CueKind.ENCOURAGE, half, item.prescription.place),)
