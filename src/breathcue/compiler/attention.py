"""How much is said inside repetitions: less as the movement gets known, but never so little that one feels alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from breathcue.compiler.coach import FRAMED
from breathcue.compiler.plan import Opening, Reps
from breathcue.compiler.wording import has_brief_words
from breathcue.language.routine import Count, Guidance, RepPhase, Words
from breathcue.timeline.time import Ms, scale

HALFWAY_FROM = 8
"""The middle of a set is named from this many repetitions on."""

KNOWN_BY_HEART = 6
"""After so many repetitions, a hold that is counted from its first beat on is led in by its count alone."""

FIRST_REMINDER = 4
"""The repetition in which the first form note may return; the second one where the movement is known already."""

REMINDER_EVERY = 3
"""From then on, one may return in every so many repetitions."""

LONGEST_QUIET = Ms(20_000)
"""A phase is named, although it need not be, where otherwise nothing would be said for longer than this."""


class Amount(Enum):
    """How much is said for a phase of a repetition."""

    FULL = "full"
    SHORT = "short"
    NOTHING = "nothing"


@dataclass(slots=True)
class Silence:
    """How long nothing has been said, in ms, up to the beginning of a phase."""

    since: Ms = Ms(0)

    def breaks(self, duration: Ms, *, spoken: bool, ahead: Ms = Ms(0)) -> bool:
        """Say whether a phase has to be named so that the silence does not grow too long, and go on behind it.

        ``ahead`` is the time after the phase, in ms, in which it would be worse to break it.
        """
        breaks = not spoken and self.since + duration + ahead > LONGEST_QUIET
        self.since = duration if spoken or breaks else Ms(self.since + duration)
        return breaks


def amount(item: Reps, number: int, phase: RepPhase) -> Amount:
    """Return how much is said for a phase in one of the repetitions of a set, which count from 1."""
    if number <= item.full:
        return Amount.FULL
    guidance = item.prescription.guidance
    if number == 1 and _is_new(item) and not has_brief_words(phase):
        return Amount.FULL
    if number == 1 or guidance is Guidance.FULL or scale(phase.duration, item.prescription.pace) >= FRAMED:
        return Amount.SHORT
    if guidance is Guidance.MINIMAL:
        return Amount.NOTHING
    counted = phase.count in {Count.UP, Count.DOWN}
    return Amount.NOTHING if counted and number > KNOWN_BY_HEART else Amount.SHORT


def _is_new(item: Reps) -> bool:
    """Say whether a set is the first of an exercise that was not done before, on its first side."""
    return item.seen == 0 and item.opening is Opening.INTRODUCTION


def reminders(item: Reps, number: int) -> tuple[Words, ...]:
    """Return the form notes one of which may return in a repetition: the one whose turn it is, then the others."""
    exercise = item.prescription.exercise
    own = {words.text for phase in exercise.rep for words in (phase.say, phase.short) if words}
    form = tuple(note for note in exercise.form if note.text not in own)
    known = item.seen > 0 or item.opening is not Opening.INTRODUCTION
    since = number - (2 if known else FIRST_REMINDER)
    if not form or item.prescription.guidance is Guidance.MINIMAL or number == item.reps:
        return ()
    if since < 0 or since % REMINDER_EVERY:
        return ()
    turn = since // REMINDER_EVERY + item.number - 1 + (item.opening is Opening.SWITCH)
    first = turn % len(form)
    return form[first:] + form[:first]
