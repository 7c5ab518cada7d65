"""The second pass: what happens gets its words. Which form of a cue is used is decided once its length is known."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.compiler.coach import (
    CHECK_IN_PAUSE,
    CLOSING_PAUSE,
    LIST_PAUSE,
    NEEDS_PAUSE,
    SENTENCE_PAUSE,
    SPOKEN_WAIT,
    Coach,
)
from breathcue.compiler.narrate_breath import narrate_rounds
from breathcue.compiler.narrate_exercise import introduce, left_over, narrate_set, set_rest
from breathcue.compiler.narration import Body, Line, Narrated, Run, Talk, Tone
from breathcue.compiler.plan import (
    Introduce,
    Item,
    LeftOver,
    Pause,
    Planned,
    Quiet,
    Reps,
    Rounds,
    SetRest,
)
from breathcue.compiler.prescribe import settle
from breathcue.compiler.running_order import Closing, Round, Welcome, entries
from breathcue.compiler.transitions import get_up
from breathcue.language.routine import CheckIn, Chime, Guidance, Routine, Say, Wait
from breathcue.library.tones import tone_lead_ms, tone_length_ms
from breathcue.timeline.model import CueKind, PhaseKind

START_TONE = "bowl"
END_TONE = "bowl"


def narrate(planned: tuple[Planned, ...], coach: Coach) -> tuple[Narrated, ...]:
    """Return the words of a planned session, in order."""
    return tuple(narrated for entry in planned for narrated in narrate_one(entry, coach))


def narrate_one(entry: Planned, coach: Coach) -> Iterator[Narrated]:
    """Yield the words of one thing that happens."""
    chapter = entry.chapter
    for part in _parts(entry.item, coach.at(entry.speed)):
        yield Narrated(part, chapter)
        chapter = None


def _parts(item: Item, coach: Coach) -> Iterator[Talk | Run]:
    match item:
        case Welcome(routine):
            yield from _welcome(routine, coach)
        case Introduce():
            yield from introduce(item, coach)
        case Reps():
            yield from narrate_set(item, coach)
        case SetRest():
            yield set_rest(item, coach)
        case LeftOver():
            yield left_over(item, coach)
        case Rounds():
            yield from narrate_rounds(item, coach)
        case Closing():
            yield from _closing(item, coach)
        case _:
            yield _single(item, coach)


def _single(item: Say | CheckIn | Chime | Pause | Quiet | Round, coach: Coach) -> Talk:
    match item:
        case Say():
            lines = coach.lines(CueKind.ANNOUNCE, [item.words], SENTENCE_PAUSE)
            return Talk(_body(coach, PhaseKind.TALK, "talk"), tuple(lines))
        case CheckIn():
            lines = coach.lines(CueKind.CHECK_IN, [item.words], CHECK_IN_PAUSE)
            return Talk(_body(coach, PhaseKind.TALK, "check-in"), tuple(lines))
        case Chime():
            tone = Tone(CueKind.CHIME, item.tone, item.place)
            return Talk(_body(coach, PhaseKind.TALK, "talk"), tone=tone, at_least=tone_lead_ms(item.tone))
        case Pause():
            return _pause(item, coach)
        case Quiet():
            return _quiet(item, coach)
        case Round():
            key = "announce.round-told" if item.told else "announce.round"
            text = coach.phrases.say(key, n=item.number, total=item.total)
            return Talk(
                _body(coach, PhaseKind.TALK, "talk"),
                (Line(CueKind.ANNOUNCE, coach.utter(text), item.place, SENTENCE_PAUSE),),
            )


def _body(coach: Coach, kind: PhaseKind, label: str) -> Body:
    return Body(kind, coach.phrases.say(f"labels.{label}"))


def _welcome(routine: Routine, coach: Coach) -> Iterator[Talk]:
    place = routine.place
    greeting = "opening.title" if _greets(routine, coach) else "opening.welcome"
    text = coach.phrases.say(greeting, title=routine.title)
    title = Line(CueKind.INTRO, coach.utter(text), place, SENTENCE_PAUSE)
    tone = Tone(CueKind.START_TONE, START_TONE, place)
    yield Talk(_body(coach, PhaseKind.TALK, "opening"), (title,), tone)
    safety = [*_clearance(routine, coach), *_stop_signs(routine, coach)]
    if safety:
        yield Talk(_body(coach, PhaseKind.TALK, "safety"), tuple(safety))
    about = routine.about if routine.guidance is not Guidance.MINIMAL else None
    lines = coach.lines(CueKind.INTRO, [about] if about else [], SENTENCE_PAUSE)
    if routine.needs:
        needs = coach.phrases.listed([need.text for need in routine.needs], "and")
        text = coach.phrases.say("opening.needs", list=needs)
        lines.append(Line(CueKind.INTRO, coach.utter(text), routine.needs[0].place, NEEDS_PAUSE))
    yield Talk(_body(coach, PhaseKind.TALK, "opening"), tuple(lines))


def _greets(routine: Routine, coach: Coach) -> bool:
    """Say whether the author's own first words are a greeting, so that nobody is welcomed twice."""
    words = (entry.step for entry in entries(routine)[1:] if not _is_wordless(entry.step))
    first = next(words, None)
    return isinstance(first, Say) and coach.phrases.greets(first.words.text)


def _is_wordless(step: object) -> bool:
    return isinstance(step, Chime) or (isinstance(step, Wait) and settle(step.duration) < SPOKEN_WAIT)


def _clearance(routine: Routine, coach: Coach) -> Iterator[Line]:
    if routine.safety.clearance:
        for text in coach.phrases.every("opening.clearance"):
            place = routine.safety.place or routine.place
            yield Line(CueKind.SAFETY, coach.utter(text), place, SENTENCE_PAUSE)


def _stop_signs(routine: Routine, coach: Coach) -> Iterator[Line]:
    """Yield the signs to stop at: one or two in a sentence, more of them one by one, so that each is heard."""
    signs, phrases = routine.safety.stop_if, coach.phrases
    if not signs:
        return
    place = signs[0].place
    if len(signs) <= 2:
        text = phrases.say("opening.stop-if", list=phrases.listed([sign.text for sign in signs], "or"))
        yield Line(CueKind.SAFETY, coach.utter(text), place, SENTENCE_PAUSE)
        return
    yield Line(CueKind.SAFETY, coach.utter(phrases.say("opening.stop-if-any")), place, LIST_PAUSE)
    for sign in signs:
        text = phrases.say("opening.stop-sign", sign=sign.text)
        yield Line(CueKind.SAFETY, coach.utter(text), sign.place, LIST_PAUSE)
    yield Line(CueKind.SAFETY, coach.utter(phrases.say("opening.stop-then")), place, SENTENCE_PAUSE)


def _closing(item: Closing, coach: Coach) -> Iterator[Talk]:
    text, place = coach.phrases.say("closing.end"), item.routine.place
    body = _body(coach, PhaseKind.TALK, "closing")
    end = Line(CueKind.OUTRO, coach.utter(text), place, CLOSING_PAUSE)
    yield Talk(body, (end, *get_up(item.position, place, coach)))
    ring = tone_length_ms(END_TONE)
    yield Talk(body, tone=Tone(CueKind.END_TONE, END_TONE, place), at_least=ring)


def _pause(item: Pause, coach: Coach) -> Talk:
    phrases = coach.phrases
    time = phrases.time(item.duration)
    if item.before is not None:
        texts = [phrases.say("rest.round", time=time, n=item.before.number, total=item.before.total)]
    else:
        texts = [phrases.say("rest.plain", time=time)]
    if item.before is None and item.upcoming is not None:
        upcoming = item.upcoming or phrases.say("labels.breathe")
        texts.append(phrases.say("rest.next", next=upcoming))
    return coach.rest(_body(coach, PhaseKind.REST, "rest"), texts, item.duration, item.place)


def _quiet(item: Quiet, coach: Coach) -> Talk:
    text = coach.phrases.say("rest.wait", time=coach.phrases.time(item.duration))
    texts = [text] if item.duration >= SPOKEN_WAIT else []
    return coach.rest(_body(coach, PhaseKind.WAIT, "wait"), texts, item.duration, item.place)
