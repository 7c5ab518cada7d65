"""The lines of a narrated session, in the order in which they may be heard, each with the room that it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from breathcue.compiler.fit import EASY_LEAD
from breathcue.compiler.narration import Narrated, Run, Talk, Timed
from breathcue.diagnostics import Place
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import CueKind, PhaseKind, Utterance
from breathcue.timeline.pairing import MAX_LATE_MS
from breathcue.timeline.script import Fit, ScriptLine
from breathcue.timeline.time import GRID_MS, Ms, beat_start

_AROUND = MIN_GAP_MS + GRID_MS
"""What a line leaves free before the next: the gap between any two, and up to a step of the grid."""

_RANK = tuple(Fit)


@dataclass(frozen=True, slots=True)
class _Use:
    """One place at which a line may be heard."""

    said: Utterance
    where: str
    place: Place | None
    room: Ms | None = None
    fit: Fit = Fit.FREE
    moment: str = ""


def lines_of(narrated: Iterable[Narrated]) -> tuple[ScriptLine, ...]:
    """Return every line that a session may say, each of them once.

    Where no line that must fit is longer than its room, no phase has to be made longer for any. Lines that differ in
    nothing but the speed of the voice are one: a recording has none.
    """
    parts = tuple(narrated)
    titles = _titles(parts)
    return _once(use for entry in parts for use in _uses(entry.part, titles))


def answers_of(said: Iterable[Utterance], at: Place) -> tuple[ScriptLine, ...]:
    """Return lines that are only said where a listener asks for something."""
    return tuple(replace(line, live=True) for line in _once(_Use(each, "", at) for each in said))


def words_of(said: Utterance) -> tuple[str, str | None, str | None]:
    """Return what makes a line one of its own: its words and who says them, at whatever speed."""
    voice = said.voice
    return said.text, voice.engine if voice else None, voice.name if voice else None


def _once(uses: Iterator[_Use]) -> tuple[ScriptLine, ...]:
    lines: dict[tuple[str, str | None, str | None], ScriptLine] = {}
    for use in uses:
        key = words_of(use.said)
        line = lines.get(key)
        if line is None:
            lines[key] = ScriptLine(use.said, use.where, use.moment, 1, use.room, use.fit, place=use.place)
            continue
        rooms = [room for room in (line.room, use.room) if room is not None]
        fit = max(line.fit, use.fit, key=_RANK.index)
        lines[key] = replace(line, uses=line.uses + 1, room=min(rooms, default=None), fit=fit)
    return tuple(lines.values())


def _titles(narrated: Iterable[Narrated]) -> Mapping[str, str]:
    """Return what exercises are called, by the names under which sessions know them."""
    bodies = (entry.part.body for entry in narrated if isinstance(entry.part, Talk))
    return {body.exercise: body.label for body in bodies if body.exercise and body.kind is PhaseKind.TALK}


def _uses(part: Talk | Run, titles: Mapping[str, str]) -> Iterator[_Use]:
    if isinstance(part, Talk):
        yield from _talk(part, titles)
        return
    where = part.phases[0].body.label
    if part.ready:
        where = part.ready.body.label
        yield from _talk(part.ready, titles)
    yield _Use(part.preview_intro.utterance, where, part.preview_intro.place)
    around = zip((None, *part.phases[:-1]), part.phases, (*part.phases[1:], None), strict=True)
    for before, phase, after in around:
        for use in _phase(phase, before, after):
            yield replace(use, where=where)


def _talk(talk: Talk, titles: Mapping[str, str]) -> Iterator[_Use]:
    label = talk.body.label
    where = titles.get(talk.body.exercise or "", label)
    moment = "" if where == label else label
    room, fit = (talk.at_least, Fit.LEFT_OUT) if talk.exact else (None, Fit.FREE)
    for line in talk.lines:
        yield _Use(line.utterance, where, line.place, room, fit, moment)
    for mark in talk.marks:
        yield _Use(mark.utterance, where, talk.place, mark.remaining, Fit.LEFT_OUT, moment)


def _phase(phase: Timed, before: Timed | None, after: Timed | None) -> Iterator[_Use]:
    room = _room(phase, before, after)

    def use(said: Utterance, room: Ms, fit: Fit) -> _Use:
        return _Use(said, "", phase.place, room, fit, phase.body.label)

    for said in phase.counted:
        yield use(said, Ms(room // 2), Fit.LEFT_OUT)
    yield from (use(words, room, Fit.SHORTER) for words in phase.others)
    for index, form in enumerate(phase.forms):
        fit = Fit.BEFORE if phase.preview and index == 0 else Fit.SHORTER
        yield use(form, room, Fit.MUST if index + 1 == len(phase.forms) else fit)
    for beat, count in enumerate(phase.counts):
        if count:
            yield use(count, _beat_room(phase, beat, after), Fit.MUST)
    yield from (use(mark.utterance, mark.remaining, Fit.LEFT_OUT) for mark in phase.marks)
    for line in phase.asides:
        if line.kind is CueKind.FORM:
            # It is said before the repetitions, too, with all the time that it needs.
            yield _Use(line.utterance, "", line.place, moment=phase.body.label)
        else:
            yield use(line.utterance, Ms(room // 2), Fit.LEFT_OUT)


def _room(phase: Timed, before: Timed | None, after: Timed | None) -> Ms:
    """Return how long the cue of a phase may be, where those before and after it keep to the same.

    It may sound for as long as the phase lasts. One that is counted from its first beat on has its cue ahead of it,
    beneath the end of the phase before; where that is counted too, between the counts.
    """
    first = next((beat for beat, count in enumerate(phase.counts) if count), None)
    if first is None:
        early = EASY_LEAD if after and _counted_at_once(after) else 0
        return Ms(max(0, phase.duration - early - _AROUND))
    count = _beat_room(phase, first, after)
    free = beat_start(0, phase.duration, first + 1, len(phase.counts)) - count - 2 * MIN_GAP_MS
    ahead: int = EASY_LEAD if first == 0 else 0
    if before and _counted_to_the_end(before):
        ahead = min(ahead, before.duration // len(before.counts) - count - MIN_GAP_MS)
    return Ms(max(0, ahead + free - MAX_LATE_MS - 2 * GRID_MS))


def _beat_room(phase: Timed, beat: int, after: Timed | None) -> Ms:
    """Return how long a count may be; those next to a cue leave time for it."""
    length = phase.duration // len(phase.counts)
    shares = beat == 0 or (beat == len(phase.counts) - 1 and after is not None and _counted_at_once(after))
    return Ms(max(0, min(length - _AROUND, length // 2 if shares else length * 3 // 4)))


def _counted_at_once(phase: Timed) -> bool:
    return phase.counts[:1] != () and phase.counts[0] is not None


def _counted_to_the_end(phase: Timed) -> bool:
    return phase.counts[-1:] != () and phase.counts[-1] is not None
