"""What the listener may ask of a session while it is performed, and what becomes of the rest of it then.

Each request is a function from a performance and a moment, before which nothing changes. What is going on is either
interrupted (a pause, the next exercise) or goes on to the end of its repetition (another pace). The coach says in a
few words what has been done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from breathcue.compiler.answers import (
    ADDED_REST,
    LEVELS,
    REST_AFTER_PAIN,
    added_rest,
    answer,
    answer_talk,
    give_answers,
    lead_in,
    level_answer,
    longer,
    say,
)
from breathcue.compiler.changes import CHANGES, outline_after
from breathcue.compiler.laid import Item, Turn
from breathcue.compiler.manners import FORMS, TALK, answers_to, easier_after_pain, turn_in
from breathcue.compiler.midway import course_at
from breathcue.compiler.narration import Line, Talk
from breathcue.compiler.performance import Performance
from breathcue.compiler.plan import Course
from breathcue.compiler.running_order import Round
from breathcue.compiler.stopping import branch, interrupt
from breathcue.language.routine import Breathe, Chime, Perform, Rest, Wait
from breathcue.timeline.model import CueKind
from breathcue.timeline.score import Control, Waiting, interrupts, rests
from breathcue.timeline.time import Ms

AGAIN_WITHIN = Ms(6_000)
"""Asked for within this time of a step's beginning, going back means the step before."""

PASSED_OVER = (Rest, Wait, Chime, Round)
"""Steps that are nothing to go to: whoever moves on goes past them."""

MAIN = (Perform, Breathe)
"""Steps that one can go back to, or do once more."""

_PREPARED = {
    Control.REPEAT: ("repeat", "nothing-to-repeat"),
    Control.SLOWER: ("slower", "slowest"),
    Control.FASTER: ("faster", "fastest"),
    Control.ADD_REST: ("rest", "resumed"),
    Control.SKIP_REST: ("no-rest",),
}


def prepare(performance: Performance, control: Control, at: Ms) -> None:
    """Have the words spoken that a request at about ``at`` needs which lets the session go on.

    So it takes no time then.

    Raises:
        SessionError, MissingError: as laying does.
    """
    coach, fitting = performance.coach, performance.fitting
    names: tuple[str, ...] = _PREPARED.get(control, ())
    if control in LEVELS:
        names = (level_answer(performance, control),)
    elif control in {*FORMS, *TALK}:
        names = answers_to(control)
    fitting.measure(coach.utter(coach.phrases.say(f"live.{name}")) for name in names)
    if control is Control.ADD_REST:
        fitting.measure_part(added_rest(performance, ADDED_REST))
    outline = outline_after(performance, control, at)
    if outline is not None:
        turn = turn_in(performance, performance.turn_at(at), outline, at)
        parts, course = outline.parts(turn)
        if turn.ahead:
            parts += outline.parts(Turn(0, turn.ahead[0], course, turn.ahead[1:]))[0]
        for part in parts:
            fitting.measure_part(part.part)


def stops(performance: Performance, control: Control, at: Ms) -> bool:
    """Say whether a request stops what is going on at ``at``."""
    waiting = performance.waiting_at(at)
    if control is Control.EASIER and waiting is Waiting.HURT:
        return easier_after_pain(performance, at) is not None
    return interrupts(control, performance.phase_at(at), waiting=waiting is not None)


def carry_out(performance: Performance, control: Control, at: Ms, *, stopped: bool) -> None:
    """Do what the listener asks for at ``at``, in ms of the session, and lay what can be heard at once.

    ``stopped`` says that what was going on has been silenced, which it must be for a request that :func:`stops` it.

    Raises:
        SessionError, MissingError: as laying does.
    """
    performance.serial += 1
    if stopped and not stops(performance, control, at):
        interrupt(performance, at)
    if control in LEVELS:
        answer(performance, level_answer(performance, control), at, "levels")
    elif control in CHANGES:
        CHANGES[control](performance, control, at)
    else:
        _REQUESTS[control](performance, at)
    if performance.scheduler.now <= at:
        performance.lay()
    give_answers(performance, at)


def _pause(performance: Performance, at: Ms) -> None:
    interrupt(performance, at)
    performance.drop_later()
    say(performance, at, "paused", then=Waiting.PAUSED)


def _resume(performance: Performance, at: Ms) -> None:
    if not performance.waiting_at(at):
        return
    interrupt(performance, at)
    performance.waiting = None
    lead_in(performance, at, "resumed")


def _next(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    if not turn.ahead:
        _go_on(performance, at)
        return
    hurt = performance.waiting_at(at) is Waiting.HURT
    course = course_at(performance, turn, at)
    interrupt(performance, at)
    ahead = turn.ahead
    while len(ahead) > 1 and _passes_over(performance, turn.step, ahead[0], hurt=hurt):
        ahead = ahead[1:]
    _go_to(performance, ahead, course, "next")


def _passes_over(performance: Performance, here: int, there: int, *, hurt: bool) -> bool:
    """Say whether moving on from a step goes past another: a pause, what was asked for again, what has hurt."""
    step, left = performance.entries[there].step, performance.entries[here].step
    same = (
        isinstance(step, Perform) and isinstance(left, Perform) and step.exercise.name == left.exercise.name
    )
    return isinstance(step, PASSED_OVER) or there == here or (hurt and same)


def _go_on(performance: Performance, at: Ms) -> None:
    """Go on with the closing words where they were interrupted: there is nothing else to go to."""
    interrupt(performance, at)
    performance.waiting = None
    performance.lay()


def _back(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    begun = next((laid.begin for laid in performance.laid if laid.item.turn.number == turn.number), Ms(0))
    here = _main(performance, turn.step)
    course = replace(course_at(performance, turn, at), ordinal=turn.course.ordinal)
    answer = "back"
    if here == turn.step:
        course = replace(course, seen=turn.course.seen)
    if here == turn.step and at - begun < AGAIN_WITHIN and _main(performance, here - 1) is not None:
        here, answer = _main(performance, here - 1), "previous"
    interrupt(performance, at)
    _go_to(performance, tuple(range(here or 0, len(performance.entries))), course, answer)


def _repeat(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    step = _main(performance, turn.step)
    if step is None:
        answer(performance, "nothing-to-repeat", at, "repeat")
        return
    # After the closing words nothing is ahead: an exercise that is done once more then is closed like any other.
    performance.follow(turn, (step, *(turn.ahead or (turn.step,))), at)
    answer(performance, "repeat", at, "repeat")


def _add_rest(performance: Performance, at: Ms) -> None:
    waiting = performance.waiting_at(at)
    if not waiting and rests(performance.phase_at(at)):
        _lengthen_rest(performance, at)
        return
    if waiting:
        interrupt(performance, at)
        if waiting is Waiting.PAUSED and _rest_to_come(performance):
            _lengthen_rest(performance, at)
            return
    else:
        branch(performance, at)
    performance.drop_later()
    performance.waiting = None
    turn = performance.turn_at(at)
    if waiting is Waiting.HURT:
        after = performance.coach.phrases.say(f"live.{_offering(performance, at, 'hurt-after')}")
        talk = answer_talk(performance, [after], CueKind.SAFETY)
        performance.items.appendleft(Item(talk, turn, passing=True, then=Waiting.HURT))
    else:
        lead_in(performance, at, "resumed", lay=False)
    rest = added_rest(performance, REST_AFTER_PAIN if waiting is Waiting.HURT else ADDED_REST)
    performance.items.appendleft(Item(rest, turn))
    if not waiting:
        answer(performance, "rest", at, "rest")
        give_answers(performance, at)
        performance.answers.pop("rest", None)
    performance.lay()


def _rest_to_come(performance: Performance) -> bool:
    part = performance.items[0].part if performance.items else None
    return isinstance(part, Talk) and part.exact


def _lengthen_rest(performance: Performance, at: Ms) -> None:
    interrupt(performance, at)
    performance.waiting = None
    performance.drop_later()
    left: Ms = Ms(0)
    lines: tuple[Line, ...] = ()
    if _rest_to_come(performance):
        part = performance.items.popleft().part
        assert isinstance(part, Talk)
        left, lines = part.at_least, part.lines
    total = Ms(left + ADDED_REST)
    announced = Line(CueKind.REST, longer(performance), performance.routine.place)
    rest = replace(
        added_rest(performance, total), lines=(announced, *lines), marks=performance.coach.marks(total)
    )
    performance.items.appendleft(Item(rest, performance.turn_at(at)))
    performance.lay()


def _skip_rest(performance: Performance, at: Ms) -> None:
    if performance.waiting_at(at) or not rests(performance.phase_at(at)):
        answer(performance, "no-rest", at, "rest")
        return
    interrupt(performance, at)
    performance.drop_later()
    while _rest_to_come(performance):
        performance.items.popleft()
    lead_in(performance, at, "skip-rest")


def _hurt(performance: Performance, at: Ms) -> None:
    interrupt(performance, at)
    performance.drop_later()
    performance.waiting = None
    say_all, say_one = performance.coach.phrases.every, performance.coach.phrases.say
    choices = say_one(f"live.{_offering(performance, at, 'hurt-choices')}")
    talk = answer_talk(performance, [*say_all("live.hurt"), choices], CueKind.SAFETY)
    performance.items.appendleft(Item(talk, performance.turn_at(at), passing=True, then=Waiting.HURT))
    performance.lay()


def _offering(performance: Performance, at: Ms, name: str) -> str:
    """Return the name of an offer after pain: with the easier way, where there is one."""
    performance.eases = easier_after_pain(performance, at) is not None
    return f"{name}-easier" if performance.eases else name


def _finish(performance: Performance, at: Ms) -> None:
    turn = performance.turn_at(at)
    if not turn.ahead:
        _go_on(performance, at)
        return
    course = course_at(performance, turn, at)
    interrupt(performance, at)
    last = len(performance.entries) - 1
    _go_to(performance, (last,), course, "finish")


def _quit(performance: Performance, at: Ms) -> None:
    interrupt(performance, at)
    performance.items.clear()
    performance.ahead = ()
    performance.waiting = None
    say(performance, at, "quit")
    performance.lay()


_REQUESTS: Mapping[Control, Callable[[Performance, Ms], None]] = {
    Control.PAUSE: _pause,
    Control.RESUME: _resume,
    Control.NEXT: _next,
    Control.BACK: _back,
    Control.REPEAT: _repeat,
    Control.ADD_REST: _add_rest,
    Control.SKIP_REST: _skip_rest,
    Control.HURT: _hurt,
    Control.FINISH: _finish,
    Control.QUIT: _quit,
}


def _go_to(performance: Performance, ahead: tuple[int, ...], course: Course, answer: str) -> None:
    """Go on with other steps, whatever was laid."""
    performance.items.clear()
    performance.answers.clear()
    performance.course = replace(course, pace=performance.pace, named=None)
    performance.waiting = None
    performance.jump()
    performance.begin(ahead[0], ahead[1:])
    # The answer belongs to where one goes: asked again, the way leads on from there.
    first = performance.items[0]
    performance.items[0] = replace(first, opens=False, chapter=None)
    talk = answer_talk(performance, [performance.coach.phrases.say(f"live.{answer}")])
    performance.items.appendleft(Item(talk, first.turn, chapter=first.chapter, opens=True, passing=True))
    performance.lay()


def _main(performance: Performance, step: int) -> int | None:
    """Return the exercise or guided breathing that a step is, or that came last before it."""
    found = (i for i in range(step, -1, -1) if isinstance(performance.entries[i].step, MAIN))
    return next(found, None)
