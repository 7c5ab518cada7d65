"""What the listener may ask of a session while it is performed, and what becomes of the rest of it then.

Each request is a function from a performance and a moment, before which nothing changes. What is going on is either
interrupted (a pause, the next exercise) or goes on to the end of its repetition (another pace). The coach says in a
few words what has been done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from breathcue.compiler.coach import READY_PAUSE, SENTENCE_PAUSE
from breathcue.compiler.fit import texts_of
from breathcue.compiler.laid import Item, Turn
from breathcue.compiler.narration import Body, Line, Run, Talk
from breathcue.compiler.performance import Performance
from breathcue.compiler.plan import Course, Round
from breathcue.language.limits import PACE
from breathcue.language.routine import Breathe, Chime, Perform, Rest, Wait
from breathcue.timeline.model import CueKind, PhaseKind
from breathcue.timeline.score import Control, Waiting, interrupts, rests
from breathcue.timeline.time import Ms

ADDED_REST = Ms(30_000)
"""How long a rest is that the listener asks for, and how much longer one gets."""

REST_AFTER_PAIN = Ms(60_000)
"""How long a rest is after something has hurt."""

PACE_STEP = 1.1
"""How much slower or faster one request makes the session."""

AGAIN_WITHIN = Ms(6_000)
"""Asked for within this time of a step's beginning, going back means the step before."""

ASIDE_ROOM = Ms(240)
"""Quiet around an answer that is given between other cues."""

ASIDE_WITHIN = Ms(10_000)
"""How soon an answer must find its place between other cues; otherwise it gets one of its own."""

PASSED_OVER = (Rest, Wait, Chime, Round)
"""Steps that are nothing to go to: whoever moves on goes past them."""

MAIN = (Perform, Breathe)
"""Steps that one can go back to, or do once more."""

_LEVELS = {
    Control.VOICE_LOUDER: "voice-louder",
    Control.VOICE_QUIETER: "voice-quieter",
    Control.TONES_LOUDER: "tones-louder",
    Control.TONES_QUIETER: "tones-quieter",
}
_PREPARED = {
    **{control: (name,) for control, name in _LEVELS.items()},
    Control.REPEAT: ("repeat", "nothing-to-repeat"),
    Control.SLOWER: ("slower", "slowest"),
    Control.FASTER: ("faster", "fastest"),
    Control.ADD_REST: ("rest", "resumed"),
    Control.SKIP_REST: ("no-rest",),
}
_PLAIN_ANSWERS = (
    *("paused", "resumed", "next", "back", "previous", "repeat", "nothing-to-repeat", "slower", "faster"),
    *(
        "slowest",
        "fastest",
        "rest",
        "skip-rest",
        "no-rest",
        "hurt-after",
        "finish",
        "quit",
        *_LEVELS.values(),
    ),
)


def answers(performance: Performance) -> list[str]:
    """Return every text that may be spoken in answer to a request."""
    phrases = performance.coach.phrases
    texts = [phrases.say(f"live.{name}") for name in _PLAIN_ANSWERS] + phrases.every("live.hurt")
    texts.append(_longer(performance))
    for length in (ADDED_REST, REST_AFTER_PAIN):
        texts += texts_of(_rest(performance, length))
    texts += [mark.text for mark in performance.coach.marks(Ms(10 * ADDED_REST))]
    return list(dict.fromkeys(texts))


def prepare(performance: Performance, control: Control) -> None:
    """Have the words spoken that a request needs which lets the session go on, so that it takes no time then.

    Raises:
        SessionError, MissingError: as laying does.
    """
    say, fitting = performance.coach.phrases.say, performance.fitting
    fitting.measure(say(f"live.{name}") for name in _PREPARED.get(control, ()))
    if control is Control.ADD_REST:
        fitting.measure_part(_rest(performance, ADDED_REST))
    if control in {Control.SLOWER, Control.FASTER} and performance.laid:
        pace, _ = _new_pace(performance, control)
        for turn in {laid.item.turn.number: laid.item.turn for laid in performance.laid[-3:]}.values():
            paced = replace(turn, course=replace(turn.course, pace=pace))
            for narrated in performance.narrated(paced)[0]:
                fitting.measure_part(narrated.part)


def stops(performance: Performance, control: Control, at: Ms) -> bool:
    """Say whether a request stops what is going on at ``at``."""
    waiting = performance.waiting_at(at) is not None
    return interrupts(control, performance.phase_at(at), waiting=waiting)


def carry_out(performance: Performance, control: Control, at: Ms, *, stopped: bool) -> None:
    """Do what the listener asks for at ``at``, in ms of the session, and lay what can be heard at once.

    ``stopped`` says that what was going on has been silenced, which it must be for a request that :func:`stops` it.

    Raises:
        SessionError, MissingError: as laying does.
    """
    performance.serial += 1
    if stopped and not stops(performance, control, at):
        performance.interrupt(at)
    if control in _LEVELS:
        _answer(performance, _LEVELS[control], at)
    else:
        _REQUESTS[control](performance, at)


def _pause(performance: Performance, at: Ms) -> None:
    performance.interrupt(at)
    performance.drop_later()
    _say(performance, at, "paused", then=Waiting.PAUSED)


def _resume(performance: Performance, at: Ms) -> None:
    if not performance.waiting_at(at):
        return
    performance.interrupt(at)
    performance.waiting = None
    _lead_in(performance, at, "resumed")


def _next(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    course = _course_at(performance, turn, at)
    performance.interrupt(at)
    ahead = turn.ahead
    while len(ahead) > 1 and isinstance(performance.entries[ahead[0]].step, PASSED_OVER):
        ahead = ahead[1:]
    _go_to(performance, at, ahead, course, "next")


def _back(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    begun = next((laid.begin for laid in performance.laid if laid.item.turn.number == turn.number), Ms(0))
    here = _main(performance, turn.step)
    course = replace(_course_at(performance, turn, at), ordinal=turn.course.ordinal)
    answer = "back"
    if here == turn.step:
        course = replace(course, seen=turn.course.seen)
    if here == turn.step and at - begun < AGAIN_WITHIN and _main(performance, here - 1) is not None:
        here, answer = _main(performance, here - 1), "previous"
    performance.interrupt(at)
    _go_to(performance, at, tuple(range(here or 0, len(performance.entries))), course, answer)


def _repeat(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    step = _main(performance, turn.step)
    if step is None:
        _answer(performance, "nothing-to-repeat", at)
        return
    performance.follow(turn, (step, *turn.ahead), at)
    _answer(performance, "repeat", at)


def _slower(performance: Performance, at: Ms) -> None:
    _pace(performance, Control.SLOWER, at)


def _faster(performance: Performance, at: Ms) -> None:
    _pace(performance, Control.FASTER, at)


def _pace(performance: Performance, control: Control, at: Ms) -> None:
    pace, answer = _new_pace(performance, control)
    if pace != performance.pace:
        performance.branch(at)
        performance.drop_later()
        performance.set_pace(pace)
        performance.lay()
    _answer(performance, answer, at)


def _new_pace(performance: Performance, control: Control) -> tuple[float, str]:
    slowest, fastest = PACE[1], PACE[0]
    wanted = performance.pace * PACE_STEP if control is Control.SLOWER else performance.pace / PACE_STEP
    pace = round(min(max(wanted, fastest), slowest), 3)
    if control is Control.SLOWER:
        return pace, "slowest" if pace == performance.pace else "slower"
    return pace, "fastest" if pace == performance.pace else "faster"


def _add_rest(performance: Performance, at: Ms) -> None:
    waiting = performance.waiting_at(at)
    if not waiting and rests(performance.phase_at(at)):
        _lengthen_rest(performance, at)
        return
    if waiting:
        performance.interrupt(at)
    else:
        performance.branch(at)
    performance.drop_later()
    performance.waiting = None
    turn = performance.turn_at(at)
    if waiting is Waiting.HURT:
        talk = _talk(performance, [performance.coach.phrases.say("live.hurt-after")], CueKind.SAFETY)
        performance.items.appendleft(Item(talk, turn, passing=True, then=Waiting.HURT))
    else:
        _lead_in(performance, at, "resumed", lay=False)
    rest = _rest(performance, REST_AFTER_PAIN if waiting is Waiting.HURT else ADDED_REST)
    performance.items.appendleft(Item(rest, turn))
    performance.lay()
    if not waiting:
        _answer(performance, "rest", at)


def _lengthen_rest(performance: Performance, at: Ms) -> None:
    performance.interrupt(at)
    performance.drop_later()
    item = performance.items[0] if performance.items else None
    if item and isinstance(item.part, Talk) and item.part.exact:
        performance.items.popleft()
        left, lines = item.part.at_least, item.part.lines
    else:
        left, lines = Ms(0), ()
    total = Ms(left + ADDED_REST)
    longer = Line(CueKind.REST, _longer(performance), performance.routine.place)
    rest = replace(_rest(performance, total), lines=(longer, *lines), marks=performance.coach.marks(total))
    performance.items.appendleft(Item(rest, performance.turn_at(at)))
    performance.lay()


def _skip_rest(performance: Performance, at: Ms) -> None:
    if performance.waiting_at(at) or not rests(performance.phase_at(at)):
        _answer(performance, "no-rest", at)
        return
    performance.interrupt(at)
    performance.drop_later()
    first = performance.items[0].part if performance.items else None
    if isinstance(first, Talk) and first.exact:
        performance.items.popleft()
    _lead_in(performance, at, "skip-rest")


def _hurt(performance: Performance, at: Ms) -> None:
    performance.interrupt(at)
    performance.drop_later()
    performance.waiting = None
    talk = _talk(performance, performance.coach.phrases.every("live.hurt"), CueKind.SAFETY)
    performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True, then=Waiting.HURT))
    performance.lay()


def _finish(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    performance.interrupt(at)
    last = len(performance.entries) - 1
    _go_to(performance, at, (last,), replace(turn.course, pace=performance.pace), "finish")


def _quit(performance: Performance, at: Ms) -> None:
    performance.interrupt(at)
    performance.items.clear()
    performance.ahead = ()
    performance.waiting = None
    _say(performance, at, "quit")
    performance.lay()


_REQUESTS: Mapping[Control, Callable[[Performance, Ms], None]] = {
    Control.PAUSE: _pause,
    Control.RESUME: _resume,
    Control.NEXT: _next,
    Control.BACK: _back,
    Control.REPEAT: _repeat,
    Control.SLOWER: _slower,
    Control.FASTER: _faster,
    Control.ADD_REST: _add_rest,
    Control.SKIP_REST: _skip_rest,
    Control.HURT: _hurt,
    Control.FINISH: _finish,
    Control.QUIT: _quit,
}


def _go_to(performance: Performance, at: Ms, ahead: tuple[int, ...], course: Course, answer: str) -> None:
    """Go on with other steps, whatever was laid."""
    performance.items.clear()
    performance.ahead = ahead
    performance.course = replace(course, pace=performance.pace, named=None)
    performance.waiting = None
    performance.jump()
    _say(performance, at, answer)


def _course_at(performance: Performance, turn: Turn, at: Ms) -> Course:
    """Return how far the session has come at ``at``, in the middle of a step."""
    step = performance.entries[turn.step].step
    begun = [laid for laid in performance.laid if laid.item.turn.number == turn.number and laid.begin < at]
    course = turn.course
    if not isinstance(step, Perform):
        return course
    if any(laid.item.index for laid in begun):
        course = replace(
            course, position=step.exercise.position or course.position, ordinal=course.ordinal + 1
        )
    if any(laid.run and laid.run.first < at for laid in begun):
        seen = course.seen.get(step.exercise.name, 0) + 1
        course = replace(course, seen={**course.seen, step.exercise.name: seen})
    return course


def _main(performance: Performance, step: int) -> int | None:
    """Return the exercise or guided breathing that a step is, or that came last before it."""
    found = (i for i in range(step, -1, -1) if isinstance(performance.entries[i].step, MAIN))
    return next(found, None)


def _say(performance: Performance, at: Ms, name: str, then: Waiting | None = None) -> None:
    """Lay an answer as a talk of its own."""
    performance.waiting = None
    talk = _talk(performance, [performance.coach.phrases.say(f"live.{name}")])
    performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True, then=then))
    performance.lay()


def _lead_in(performance: Performance, at: Ms, name: str, *, lay: bool = True) -> None:
    """Lead in what is to be laid next with an answer."""
    talk = _talk(performance, [performance.coach.phrases.say(f"live.{name}")], pause=READY_PAUSE)
    first = performance.items[0] if performance.items else None
    if first and isinstance(first.part, Run) and not (first.part.ready and first.part.ready.lines):
        performance.items[0] = replace(first, part=replace(first.part, ready=talk))
    else:
        performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True))
    if lay:
        performance.lay()


def _answer(performance: Performance, name: str, at: Ms) -> None:
    """Give an answer between other cues without changing any time; where there is no room, between repetitions."""
    text = performance.coach.phrases.say(f"live.{name}")
    performance.fitting.measure([text])
    line = Line(CueKind.ANNOUNCE, text, performance.routine.place)
    waiting = performance.waiting_at(at)
    if waiting:
        _say(performance, at, name, then=waiting)
    elif not performance.scheduler.aside(line, at, Ms(at + ASIDE_WITHIN), ASIDE_ROOM):
        performance.branch(at)
        performance.drop_later()
        _lead_in(performance, at, name)


def _talk(
    performance: Performance, texts: list[str], kind: CueKind = CueKind.ANNOUNCE, pause: Ms = SENTENCE_PAUSE
) -> Talk:
    place = performance.routine.place
    body = Body(PhaseKind.TALK, performance.coach.phrases.say("labels.talk"))
    return Talk(body, tuple(Line(kind, text, place, pause) for text in texts), place=place)


def _rest(performance: Performance, length: Ms) -> Talk:
    phrases, place = performance.coach.phrases, performance.routine.place
    line = Line(CueKind.REST, phrases.say("rest.plain", time=phrases.time(length)), place)
    body = Body(PhaseKind.REST, phrases.say("labels.rest"))
    marks = performance.coach.marks(length)
    return Talk(body, (line,), at_least=length, exact=True, marks=marks, place=place)


def _longer(performance: Performance) -> str:
    phrases = performance.coach.phrases
    return phrases.say("live.rest-longer", time=phrases.time(ADDED_REST))
