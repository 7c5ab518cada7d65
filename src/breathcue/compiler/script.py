"""What a session may say, line by line in reading order, each once: the sheet that an instructor records from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from breathcue.compiler.answers import answers
from breathcue.compiler.cast import Cast
from breathcue.compiler.coach import Coach
from breathcue.compiler.fit import LEAD
from breathcue.compiler.narrate import narrate
from breathcue.compiler.narration import Body, Run, Talk, Timed
from breathcue.compiler.outlook import is_minor, title_of
from breathcue.compiler.performance import Performance
from breathcue.compiler.phrases import load_phrases
from breathcue.compiler.plan import plan
from breathcue.compiler.positions import load_positions
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.speech import Speech
from breathcue.diagnostics import Place
from breathcue.language.routine import Routine
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import Utterance
from breathcue.timeline.script import Fit, ScriptLine
from breathcue.timeline.time import GRID_MS, Ms, beat_start

_AROUND = MIN_GAP_MS + GRID_MS
"""What a line leaves free before the next: the gap between any two, and up to a step of the grid."""

_USUAL_COUNT = Ms(600)
"""About how long a count lasts, which the cue before it makes way for."""

_RANK = tuple(Fit)


@dataclass(frozen=True, slots=True)
class _Use:
    """One place at which a line may be heard."""

    said: Utterance
    where: str
    place: Place | None
    room: Ms | None = None
    fit: Fit = Fit.FREE


def script_of(routine: Routine, cast: Cast) -> tuple[ScriptLine, ...]:
    """Return every line that a session may say, in the order in which they may first be heard, each of them once.

    Lines that differ in nothing but the speed of the voice are one: a recording has none.
    """
    coach = Coach(load_phrases(routine.language), load_positions(routine.language), cast)
    return _once(use for entry in narrate(plan(routine), coach) for use in _uses(entry.part))


def live_script_of(
    routine: Routine, cast: Cast, speech: Speech, source_of: SourceOf
) -> tuple[ScriptLine, ...]:
    """Return what the coach may say in answer to a listener, apart from what the session says anyway."""
    performance = Performance(routine, cast, speech, source_of)
    coach = performance.coach
    said = [*answers(performance), coach.utter(coach.phrases.say("live.behind"))]
    for entry in performance.entries:
        if not is_minor(entry):
            said.append(coach.utter(coach.phrases.say("live.again", title=title_of(entry, coach.phrases))))
    at = routine.voice.place or routine.place
    known = {_words(line.utterance) for line in script_of(routine, cast)}
    lines = _once(_Use(each, "", at) for each in said)
    return tuple(replace(line, live=True) for line in lines if _words(line.utterance) not in known)


def _words(said: Utterance) -> tuple[str, str | None, str | None]:
    """Return what makes a line one of its own: its words and who says them, at whatever speed."""
    voice = said.voice
    return said.text, voice.engine if voice else None, voice.name if voice else None


def _once(uses: Iterator[_Use]) -> tuple[ScriptLine, ...]:
    lines: dict[tuple[str, str | None, str | None], ScriptLine] = {}
    for use in uses:
        key = _words(use.said)
        line = lines.get(key)
        if line is None:
            lines[key] = ScriptLine(use.said, use.where, 1, use.room, use.fit, place=use.place)
            continue
        rooms = [room for room in (line.room, use.room) if room is not None]
        fit = max(line.fit, use.fit, key=_RANK.index)
        lines[key] = replace(line, uses=line.uses + 1, room=min(rooms, default=None), fit=fit)
    return tuple(lines.values())


def _uses(part: Talk | Run) -> Iterator[_Use]:
    if isinstance(part, Talk):
        yield from _talk(part)
        return
    if part.ready:
        yield from _talk(part.ready)
    yield _Use(part.preview_intro.utterance, _where(part.phases[0].body), part.preview_intro.place)
    for phase, following in zip(part.phases, (*part.phases[1:], None), strict=True):
        yield from _phase(phase, following)


def _talk(talk: Talk) -> Iterator[_Use]:
    where = _where(talk.body)
    room, fit = (talk.at_least, Fit.LEFT_OUT) if talk.exact else (None, Fit.FREE)
    for line in talk.lines:
        yield _Use(line.utterance, where, line.place, room, fit)
    for mark in talk.marks:
        yield _Use(mark.utterance, where, talk.place, mark.remaining, Fit.LEFT_OUT)


def _phase(phase: Timed, following: Timed | None) -> Iterator[_Use]:
    where = _where(phase.body)
    room = _room(phase, following)
    if phase.before:
        yield _Use(phase.before, where, phase.place, Ms(room // 2), Fit.LEFT_OUT)
    for index, form in enumerate(phase.forms):
        fit = Fit.BEFORE if phase.preview and index == 0 else Fit.SHORTER
        yield _Use(form, where, phase.place, room, Fit.MUST if index + 1 == len(phase.forms) else fit)
    beat = Ms(max(0, phase.duration // max(1, len(phase.counts)) - _AROUND))
    yield from (_Use(count, where, phase.place, beat, Fit.MUST) for count in phase.counts if count)
    yield from (
        _Use(mark.utterance, where, phase.place, mark.remaining, Fit.LEFT_OUT) for mark in phase.marks
    )
    if phase.aside:
        yield _Use(phase.aside, where, phase.place, Ms(room // 2), Fit.LEFT_OUT)


def _room(phase: Timed, following: Timed | None) -> Ms:
    """Return how long the cue of a phase may be, where those before and after it keep to the same.

    It may sound for as long as the phase lasts. One that is counted from its first beat on has its cue ahead of it,
    beneath the end of the phase before.
    """
    early = LEAD if following is not None and _is_counted_at_once(following) else 0
    ahead = LEAD if _is_counted_at_once(phase) else 0
    free = phase.duration
    for beat, count in enumerate(phase.counts):
        if count:
            free = Ms(beat_start(0, phase.duration, beat + 1, len(phase.counts)) - _USUAL_COUNT - MIN_GAP_MS)
            early = 0
            break
    return Ms(max(0, ahead + max(0, free) - early - _AROUND))


def _is_counted_at_once(phase: Timed) -> bool:
    return bool(phase.counts and phase.counts[0])


def _where(body: Body) -> str:
    """Return where something is heard: the exercise, as the session names it, and what the body does."""
    named = body.exercise.replace("-", " ") if body.exercise else ""
    if not named or body.rep is None:
        return body.label
    return f"{named}, {body.label}"
