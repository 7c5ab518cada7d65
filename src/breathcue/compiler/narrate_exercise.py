"""The words around the repetitions: naming an exercise, coming into position, setting up, changing sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from breathcue.compiler.coach import (
    FOLLOW_PAUSE,
    FORM_PAUSE,
    READY_PAUSE,
    SENTENCE_PAUSE,
    SPOKEN_WAIT,
    Coach,
)
from breathcue.compiler.narrate_reps import narrate_reps
from breathcue.compiler.narration import Body, Line, Run, Talk, Tone
from breathcue.compiler.phrases import mentions_side
from breathcue.compiler.plan import Introduce, LeftOver, Opening, Reps, SetRest
from breathcue.compiler.positions import exact_position
from breathcue.compiler.prescribe import Prescription
from breathcue.compiler.transitions import change_sides, come_into_position, fetch_first, turns
from breathcue.compiler.wording import BRIEF_WORDS
from breathcue.language.routine import Guidance, Sides, Words
from breathcue.timeline.model import CueKind, PhaseKind, Side
from breathcue.timeline.time import Ms

SWITCH_TONE = "bell"
_NAMED_REST = Ms(3_000)


def introduce(item: Introduce, coach: Coach) -> Iterator[Talk]:
    """Yield the talks that come before an exercise's first repetition: its name, its position, its setup and form."""
    yield _announce(item, coach)
    yield from fetch_first(item, coach)
    exercise = item.prescription.exercise
    if item.moves:
        yield come_into_position(item, exercise.setup[:1], coach)
    lines = [_stay(item, coach)] if _stays(item) and not item.seen else []
    lines += coach.sided_lines(CueKind.SETUP, _setup_words(item), FOLLOW_PAUSE, item.side)
    if item.prescription.note:
        lines += coach.sided_lines(CueKind.FORM, [item.prescription.note], FORM_PAUSE, item.side)
    if lines:
        yield Talk(_body(item.prescription, PhaseKind.SETUP, side=item.side), tuple(lines))
    if exercise.form and _explained(item):
        form = coach.sided_lines(CueKind.FORM, exercise.form, FORM_PAUSE, item.side)
        yield Talk(_body(item.prescription, PhaseKind.SETUP, side=item.side), tuple(form))


def _explained(item: Introduce) -> bool:
    """Say whether all of setup and form is told, which it is once, and not at minimal guidance."""
    return not item.seen and item.prescription.guidance is not Guidance.MINIMAL


def _setup_words(item: Introduce) -> tuple[Words, ...]:
    """Return what is said of the setup once the body is in position; what leads there has been said by then.

    Where the exercise is not explained, only what names a side is left of it, and the first line of an exercise without
    a position, which is the only way into it that there is.
    """
    exercise = item.prescription.exercise
    left = exercise.setup[1:] if item.moves or _stays(item) else exercise.setup
    if _explained(item):
        return left
    way = 1 if exercise.position is None and not item.seen else 0
    return left[:way] + tuple(line for line in left[way:] if mentions_side(line.text))


def _stays(item: Introduce) -> bool:
    """Say whether the first setup line says no more than where to be, which the body already is, and has not left."""
    exercise = item.prescription.exercise
    if item.moves or not exercise.setup or exercise.position is None:
        return False
    first = exercise.setup[0].text
    away = item.fetch is not None and (item.fetch.afar or item.fetch.rise_from)
    return not away and len(first.split()) <= BRIEF_WORDS and not mentions_side(first)


def _stay(item: Introduce, coach: Coach) -> Line:
    exercise = item.prescription.exercise
    position = coach.positions[exact_position(exercise, item.side) or ""]
    text = coach.phrases.say("stay", position=position.stay)
    return Line(CueKind.SETUP, coach.utter(text), exercise.setup[0].place, SENTENCE_PAUSE)


def set_rest(item: SetRest, coach: Coach) -> Talk:
    """Return the rest before a further set, which says which set comes."""
    phrases, place = coach.phrases, item.prescription.place
    text = phrases.say(
        "rest.set",
        time=phrases.time(item.duration),
        n=item.number,
        total=len(item.prescription.sets),
    )
    body = _body(item.prescription, PhaseKind.REST, label=phrases.say("labels.rest"))
    return coach.rest(body, [text], item.duration, place)


def left_over(item: LeftOver, coach: Coach) -> Talk:
    """Return the quiet that is left of a time to work for; one that is more than a moment is called a rest.

    Where a rest that says its length comes next, or the repetition ended in one, a short one needs no name of its own.
    """
    place, phrases = item.prescription.place, coach.phrases
    rests = item.rests or item.prescription.exercise.rep[-1].kind is PhaseKind.REST
    named = item.duration >= (SPOKEN_WAIT if rests else _NAMED_REST)
    rest = Line(CueKind.REST, coach.utter(phrases.say("short.rest")), place)
    return Talk(
        _body(item.prescription, PhaseKind.REST, label=phrases.say("labels.rest"), side=item.side),
        (rest,) if named else (),
        at_least=item.duration,
        exact=True,
        gives=True,
        marks=coach.marks(item.duration),
        place=place,
    )


def narrate_set(item: Reps, coach: Coach) -> Iterator[Talk | Run]:
    """Yield one set, or one side of one: the change of sides where there is one, the ready cue, the repetitions."""
    if item.opening is Opening.SWITCH:
        yield _switch(item, coach)
    elif item.opening is Opening.REST and turns(item):
        yield from _resume_side(item, coach)
    yield Run(_ready(item, coach), coach.preview_intro(item.prescription.place), narrate_reps(item, coach))


def _body(
    prescription: Prescription, kind: PhaseKind, *, label: str | None = None, side: Side | None = None
) -> Body:
    exercise = prescription.exercise
    return Body(kind, label or exercise.title, exercise.name, side=side)


def _announce(item: Introduce, coach: Coach) -> Talk:
    phrases, title = coach.phrases, item.prescription.exercise.title
    if item.named:
        name = phrases.say("opening.title", title=title)
    elif item.seen:
        name = phrases.say("announce.again", title=title)
    elif item.ordinal == 0:
        name = phrases.say("announce.first", title=title)
    else:
        name = phrases.say("announce.next", item.ordinal, title=title)
    texts = (name, _amount(item.prescription, coach))
    place = item.prescription.place
    lines = tuple(Line(CueKind.ANNOUNCE, coach.utter(text), place, SENTENCE_PAUSE) for text in texts)
    return Talk(_body(item.prescription, PhaseKind.TALK), lines)


def _amount(prescription: Prescription, coach: Coach) -> str:
    phrases, sets = coach.phrases, prescription.sets
    sided = "" if prescription.exercise.sides is Sides.NONE else "-each-side"
    if prescription.work is not None and prescription.keeps_time:
        # Where the sides take turns, the time is for both of them together.
        each = "-each-side" if prescription.exercise.sides is Sides.EACH else ""
        time = phrases.time(prescription.work)
        if len(sets) == 1:
            return phrases.say(f"amount.work{each}", time=time)
        return phrases.say(f"amount.work-sets{each}", sets=len(sets), time=time)
    if prescription.is_ladder:
        ladder = phrases.listed([phrases.part("amount.rung", n=reps) for reps in sets], "and")
        return phrases.counted(f"amount.ladder{sided}", sets[-1], sets=len(sets), list=ladder)
    if len(sets) == 1:
        return _reps(prescription, sets[0], coach)
    return phrases.counted(f"amount.sets{sided}", sets[0], sets=len(sets), n=sets[0])


def _reps(prescription: Prescription, reps: int, coach: Coach) -> str:
    sided = "" if prescription.exercise.sides is Sides.NONE else "-each-side"
    return coach.phrases.counted(f"amount.reps{sided}", reps, n=reps)


def _switch(item: Reps, coach: Coach) -> Talk:
    place = item.prescription.place
    go = Line(CueKind.SWITCH, coach.utter(coach.phrases.say("switch.go")), place, SENTENCE_PAUSE)
    lines = change_sides(item, [go], _sided_setup(item, coach), coach)
    return Talk(
        _body(
            item.prescription, PhaseKind.TRANSITION, label=coach.phrases.say("labels.switch"), side=item.side
        ),
        tuple(lines),
        Tone(CueKind.SWITCH_TONE, SWITCH_TONE, place),
    )


def _resume_side(item: Reps, coach: Coach) -> Iterator[Talk]:
    """Yield the way back to the first side, where a further set begins on it."""
    lines = change_sides(item, [], _sided_setup(item, coach), coach)
    if lines:
        yield Talk(_body(item.prescription, PhaseKind.TRANSITION, side=item.side), tuple(lines))


def _sided_setup(item: Reps, coach: Coach) -> list[Line]:
    """Return the setup lines that differ from side to side."""
    words = [line for line in item.prescription.exercise.setup if mentions_side(line.text)]
    return coach.sided_lines(CueKind.SETUP, words, FOLLOW_PAUSE, item.side)


def _ready(item: Reps, coach: Coach) -> Talk:
    phrases, place = coach.phrases, item.prescription.place
    side = phrases.sided(item.side)
    kind = CueKind.ANNOUNCE if item.side is None else CueKind.SWITCH
    if item.opening is Opening.SWITCH:
        texts = [phrases.say("switch.now", **side)]
    elif item.opening is Opening.REST:
        key = "ready.set-side" if side else "ready.set"
        texts = [phrases.say(key, n=item.number, **side)]
        if item.prescription.is_ladder:
            texts.append(_reps(item.prescription, item.reps, coach))
    else:
        texts = [phrases.say("ready.side" if side else "ready.plain", item.ordinal, **side)]
    lines = [Line(kind, coach.utter(text), place, SENTENCE_PAUSE) for text in texts]
    lines[-1] = replace(lines[-1], pause=READY_PAUSE)
    return Talk(_body(item.prescription, PhaseKind.TALK, side=item.side), tuple(lines))
