"""How long what is not laid yet will last, and what it is called: what a listener wants to know of it beforehand."""

from __future__ import annotations

from breathcue.compiler.narration import Line, Run, Talk
from breathcue.compiler.phrases import Phrases
from breathcue.compiler.running_order import Closing, Entry, Round, Welcome
from breathcue.compiler.schedule import tone_lead
from breathcue.compiler.speech import Lengths
from breathcue.language.routine import Breathe, CheckIn, Chime, Perform, Rest, Say, Wait
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import Utterance
from breathcue.timeline.time import Ms

SPOKEN_MS_PER_LETTER = 68
"""Measured of the embedded voice at its usual speed, over the lines of the sessions that come with breathcue."""


def span(part: Talk | Run, lengths: Lengths) -> Ms:
    """Return how long a part lasts; where its words have not been spoken yet, about how long."""
    if isinstance(part, Run):
        ready = span(part.ready, lengths) if part.ready else Ms(0)
        return Ms(ready + sum(phase.duration for phase in part.phases))
    if part.exact:
        return part.at_least
    lead = tone_lead(part.tone) if part.tone else 0
    return Ms(max(part.at_least, lead + sum(_spoken(line, lengths) for line in part.lines)))


def spoken_ms(utterance: Utterance) -> Ms:
    """Return about how long words take that have not been spoken yet."""
    return Ms(len(utterance.text) * SPOKEN_MS_PER_LETTER)


def _spoken(line: Line, lengths: Lengths) -> int:
    length = lengths.get(line.utterance, spoken_ms(line.utterance))
    return length + max(line.pause, MIN_GAP_MS)


def is_minor(entry: Entry) -> bool:
    """Say whether a step is nothing to look forward to."""
    return isinstance(entry.step, Say | Wait | Chime | Round | Welcome)


def title_of(entry: Entry, phrases: Phrases) -> str:
    """Return what a screen calls a step."""
    match entry.step:
        case Perform(exercise=exercise):
            return exercise.title
        case Breathe():
            label = "breathe"
        case Rest():
            label = "rest"
        case Wait():
            label = "wait"
        case CheckIn():
            label = "check-in"
        case Welcome():
            label = "opening"
        case Closing():
            label = "closing"
        case Round(number=number, total=total):
            return phrases.say("announce.round", n=str(number), total=str(total)).rstrip(".")
        case _:
            label = "talk"
    return phrases.say(f"labels.{label}")
