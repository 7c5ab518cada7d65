"""Routine in, timeline out: the passes, in order.

    parse, validate   language/load.py    YAML text -> Routine, or diagnostics
    wish              wishes.py           Routine   -> the routine at another level, with more or fewer words
    adjust            duration.py         ... with its ranges settled, to last as long as it should
    plan              plan.py             Routine   -> what happens, one thing after another
    narrate           narrate.py          ... with the words for it, in all their forms
    measure           a voice             how long the words take
    fit               fit.py              ... which form is used, and when inside its repetitions
    schedule          schedule.py         ... everything at its time: the timeline

Each pass is a pure function of what is on its left; only the measuring asks someone else. To adjust a session, those
after it are tried, because nobody knows how long words take before they are measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breathcue.compiler.cast import Cast
from breathcue.compiler.coach import Coach
from breathcue.compiler.duration import Choice, adjust
from breathcue.compiler.fit import FittedRun, Key, TooShort, fit_kin, kin, utterances_of
from breathcue.compiler.narrate import narrate
from breathcue.compiler.narration import Narrated, Run, Talk
from breathcue.compiler.phrases import load_phrases
from breathcue.compiler.plan import plan
from breathcue.compiler.positions import load_positions
from breathcue.compiler.schedule import ChapterTitles, Fitted, Scheduled, SourceOf, schedule
from breathcue.compiler.speech import Lengths, Speech
from breathcue.compiler.verdict import TooLongError, check_size, recordings_too_long, too_short, unspeakable
from breathcue.diagnostics import Diagnostic
from breathcue.language.routine import Routine
from breathcue.timeline.model import Cue, CueKind, Timeline, Track, Voice
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import UnspeakableError

BED_ID = "bed"
"""What names the cue of the bed; all others are numbered."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A timeline, and what the author should know about it (warnings).

    ``routine`` is what was performed, and ``choice`` how it was made to last as long as it should, if it was.
    """

    timeline: Timeline
    diagnostics: tuple[Diagnostic, ...]
    routine: Routine
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A session with everything at its time, and the phases that had to be lengthened for their words."""

    narrated: tuple[Narrated, ...]
    lengths: Lengths
    short: tuple[TooShort, ...]
    times: Scheduled

    @property
    def duration(self) -> Ms:
        """How long it lasts."""
        return self.times.duration


def compile_routine(routine: Routine, cast: Cast, speech: Speech, source_of: SourceOf) -> Compiled:
    """Compile a routine to a timeline.

    ``cast`` says who speaks, and ``speech`` how long words take; ``source_of`` names the file of a place as the
    timeline shall show it.

    Raises:
        TooLongError: there is not enough time for some recordings; every one is named.
        SessionError: a text gives no sound, or the session is too long; every place is named.
        SessionError, RequestError: it cannot last as long as it should.
    """
    coach = Coach(load_phrases(routine.language), load_positions(routine.language), cast)
    adjusted = adjust(routine, lambda settled: _lay_out(settled, coach, speech, source_of))
    laid = adjusted.laid
    too_long = recordings_too_long(laid.short, laid.narrated, laid.lengths, speech)
    if too_long:
        raise TooLongError(too_long)
    timeline = _timeline(adjusted.routine, cast.session, laid.times, source_of)
    check_size(timeline.duration_ms, len(timeline.cues), routine.place)
    warnings = tuple(too_short(found) for found in laid.short)
    return Compiled(timeline, warnings, adjusted.routine, adjusted.choice)


def _lay_out(routine: Routine, coach: Coach, speech: Speech, source_of: SourceOf) -> _LaidOut:
    narrated = narrate(plan(routine), coach)
    lengths = _measure(narrated, speech)
    fitted, short = _fit(narrated, lengths)
    titles = ChapterTitles(
        coach.phrases.say("chapters.opening"),
        lambda title, nth: coach.phrases.say("chapters.again", title=title, nth=str(nth)),
    )
    return _LaidOut(narrated, lengths, short, schedule(fitted, lengths, source_of, titles))


def _measure(narrated: tuple[Narrated, ...], speech: Speech) -> Lengths:
    utterances = dict.fromkeys(said for entry in narrated for said in utterances_of(entry.part))
    try:
        return speech.measure(utterances)
    except UnspeakableError as error:
        raise unspeakable(narrated, error) from None


def _fit(narrated: tuple[Narrated, ...], lengths: Lengths) -> tuple[list[Fitted], tuple[TooShort, ...]]:
    """Return the parts with their words placed, and the phases that had to be lengthened for them."""
    runs = [entry.part for entry in narrated if isinstance(entry.part, Run)]
    fitted: dict[int, FittedRun] = {}
    found: dict[Key, TooShort] = {}
    for group in kin(runs):
        placed, lengthened = fit_kin(group, lengths)
        fitted.update(zip(map(id, group), placed, strict=True))
        found |= lengthened
    parts = [
        Fitted(entry.part if isinstance(entry.part, Talk) else fitted[id(entry.part)], entry.chapter)
        for entry in narrated
    ]
    return parts, tuple(found.values())


def _timeline(routine: Routine, voice: Voice, times: Scheduled, source_of: SourceOf) -> Timeline:
    cues = (*_bed(routine, times.duration, source_of), *times.cues)
    return Timeline(
        routine.title, routine.language, voice, times.duration, times.chapters, times.phases, cues
    )


def _bed(routine: Routine, duration: Ms, source_of: SourceOf) -> Iterator[Cue]:
    """Yield the bed beneath the whole session, if it has one."""
    bed = routine.bed
    if bed is not None:
        yield Cue(BED_ID, Ms(0), duration, Track.BED, CueKind.BED, bed.text, source_of(bed.place))
