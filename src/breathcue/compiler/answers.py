"""What the coach says when the listener asks for something: words of its own, or a word between other cues."""

from __future__ import annotations

from dataclasses import replace

from breathcue.compiler.coach import READY_PAUSE, SENTENCE_PAUSE
from breathcue.compiler.fit import utterances_of
from breathcue.compiler.laid import Item
from breathcue.compiler.narration import Body, Line, Run, Talk
from breathcue.compiler.performance import Performance
from breathcue.compiler.stopping import branch
from breathcue.timeline.model import CueKind, PhaseKind, Utterance
from breathcue.timeline.score import Control, Waiting
from breathcue.timeline.time import Ms

ADDED_REST = Ms(30_000)
"""How long a rest is that the listener asks for, and how much longer one gets."""

REST_AFTER_PAIN = Ms(60_000)
"""How long a rest is after something has hurt."""

ASIDE_ROOM = Ms(240)
"""Quiet around an answer that is given between other cues."""

ASIDE_WITHIN = Ms(10_000)
"""How soon an answer must find its place between other cues; otherwise it gets one of its own."""

LEVELS = {
    Control.VOICE_LOUDER: "voice-louder",
    Control.VOICE_QUIETER: "voice-quieter",
    Control.TONES_LOUDER: "tones-louder",
    Control.TONES_QUIETER: "tones-quieter",
    Control.BED_LOUDER: "bed-louder",
    Control.BED_QUIETER: "bed-quieter",
}
_WORDS = [
    "paused",
    "resumed",
    "next",
    "back",
    "previous",
    "repeat",
    "nothing-to-repeat",
    "slower",
    "faster",
    "slowest",
    "fastest",
    "rest",
    "skip-rest",
    "no-rest",
    "easier",
    "harder",
    "easiest",
    "hardest",
    "no-easier",
    "no-harder",
    "easier-later",
    "harder-later",
    "more-talk",
    "less-talk",
    "most-talk",
    "least-talk",
    "hurt-choices",
    "hurt-choices-easier",
    "hurt-after",
    "hurt-after-easier",
    "finish",
    "quit",
    "voice-louder",
    "voice-quieter",
    "tones-louder",
    "tones-quieter",
]
_OF_BEDS = ["bed-louder", "bed-quieter"]
NO_BED = "no-bed"


def answers(performance: Performance) -> list[Utterance]:
    """Return everything that may be spoken in answer to a request."""
    coach, phrases = performance.coach, performance.coach.phrases
    names = [*_WORDS, *(_OF_BEDS if performance.routine.bed else [NO_BED])]
    texts = [phrases.say(f"live.{name}") for name in names] + phrases.every("live.hurt")
    words = [*map(coach.utter, texts), longer(performance)]
    for length in (ADDED_REST, REST_AFTER_PAIN):
        words += utterances_of(added_rest(performance, length))
    words += [mark.utterance for mark in coach.marks(Ms(10 * ADDED_REST))]
    return list(dict.fromkeys(words))


def level_answer(performance: Performance, control: Control) -> str:
    """Return the name of what is said when a level was asked for; a bed can only be changed where there is one."""
    name = LEVELS[control]
    return NO_BED if name in _OF_BEDS and performance.routine.bed is None else name


def say(performance: Performance, at: Ms, name: str, *more: Line, then: Waiting | None = None) -> None:
    """Lay an answer as a talk of its own, with whatever ``more`` there is to say."""
    performance.waiting = None
    talk = answer_talk(performance, [performance.coach.phrases.say(f"live.{name}")], more=more)
    performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True, then=then))
    performance.lay()


def lead_in(performance: Performance, at: Ms, answer: str | Line, *more: Line, lay: bool = True) -> None:
    """Lead in what is to be laid next with an answer, its name or its words, and whatever ``more`` there is to say."""
    text = (
        performance.coach.phrases.say(f"live.{answer}") if isinstance(answer, str) else answer.utterance.text
    )
    talk = answer_talk(performance, [text], pause=READY_PAUSE, more=more)
    first = performance.items[0] if performance.items else None
    if first and isinstance(first.part, Run) and not (first.part.ready and first.part.ready.lines):
        performance.items[0] = replace(first, part=replace(first.part, ready=talk))
    else:
        performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True))
    if lay:
        performance.lay()


def answer(performance: Performance, name: str, at: Ms, about: str, *more: Line) -> None:
    """Answer without changing any time, or as soon as there is room; a newer answer ``about`` the same replaces it.

    While one waits there is room for ``more``.
    """
    words = performance.coach.utter(performance.coach.phrases.say(f"live.{name}"))
    performance.fitting.measure([words])
    waiting = performance.waiting_at(at)
    if waiting:
        say(performance, at, name, *more, then=waiting)
    else:
        performance.answers[about] = Line(CueKind.ANNOUNCE, words, performance.routine.place), at


def give_answers(performance: Performance, at: Ms) -> None:
    """Find a place for every answer that has not been given yet; one that comes too late would only puzzle."""
    scheduler = performance.scheduler
    scheduler.drop_asides(at)
    said = {cue.utterance for cue in scheduler.cues if cue.start_ms in scheduler.asides}
    for about, (line, asked) in list(performance.answers.items()):
        latest = Ms(asked + ASIDE_WITHIN)
        if at > latest or (asked < at and line.utterance in said) or performance.waiting_at(at):
            del performance.answers[about]
        elif not scheduler.aside(line, at, latest, ASIDE_ROOM) and asked == at and about != "rest":
            del performance.answers[about]
            branch(performance, at)
            performance.drop_later()
            lead_in(performance, at, line)


def answer_talk(
    performance: Performance,
    texts: list[str],
    kind: CueKind = CueKind.ANNOUNCE,
    pause: Ms = SENTENCE_PAUSE,
    more: tuple[Line, ...] = (),
) -> Talk:
    """Return a talk that says these words, with a pause after each of them, and then ``more``."""
    coach, place = performance.coach, performance.routine.place
    body = Body(PhaseKind.TALK, coach.phrases.say("labels.talk"))
    lines = tuple(Line(kind, coach.utter(text), place, pause) for text in texts)
    return Talk(body, (*lines, *more), place=place)


def added_rest(performance: Performance, length: Ms) -> Talk:
    """Return a rest that the session as written does not have."""
    coach, place = performance.coach, performance.routine.place
    phrases = coach.phrases
    line = Line(CueKind.REST, coach.utter(phrases.say("rest.plain", time=phrases.time(length))), place)
    body = Body(PhaseKind.REST, phrases.say("labels.rest"))
    marks = coach.marks(length)
    return Talk(body, (line,), at_least=length, exact=True, marks=marks, place=place)


def longer(performance: Performance) -> Utterance:
    """Return what is said when a rest is made longer."""
    phrases = performance.coach.phrases
    return performance.coach.utter(phrases.say("live.rest-longer", time=phrases.time(ADDED_REST)))
