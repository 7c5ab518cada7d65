"""What the compiler has to tell the author, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from breathcue.compiler.fit import TooShort
from breathcue.compiler.lines import lines_of
from breathcue.compiler.narration import Narrated, Talk
from breathcue.compiler.speech import Lengths, Speech
from breathcue.diagnostics import Diagnostic, Place, SessionError, Severity
from breathcue.language.limits import CUES, SESSION_MS
from breathcue.language.size import Size
from breathcue.timeline.model import Utterance
from breathcue.timeline.script import Fit
from breathcue.timeline.time import Ms, clock
from breathcue.timeline.unspeakable import UnspeakableError


def too_short(found: TooShort) -> Diagnostic:
    """Return the warning for a phase that was lengthened, with the shortest time that would have done."""
    phase = found.phase
    written = found.needed / phase.pace
    tenths = -(-written // 100)
    words = found.words.text
    if found.words in phase.counts:
        message = f"The count {words!r} is longer than a beat of this hold, so the hold was made longer."
        fix = "Count only its end with `count: last-3`, or let the voice speak faster."
    else:
        message = f"The words for this phase, {words!r}, need more time than it has, so it was made longer."
        fix = f"Give it at least {tenths / 10:g}s, or shorter words with `short:`."
    if phase.pace < 1:
        message += f" At pace {phase.pace:g} it lasts {phase.duration / 1000:g}s."
        fix += " A slower pace helps too."
    return Diagnostic("phase-too-short", message, phase.place, fix=fix, severity=Severity.WARNING)


class TooLongError(SessionError):
    """There is not enough time for some recordings; ``said`` are their words, in the order of the diagnostics."""

    def __init__(self, found: Mapping[Utterance, Diagnostic]) -> None:
        self.said = tuple(found)
        super().__init__(*found.values())


def recordings_too_long(
    short: Iterable[TooShort], narrated: Iterable[Narrated], lengths: Lengths, speech: Speech
) -> Mapping[Utterance, Diagnostic]:
    """Return the recordings for which some phases have no room, each with its diagnostic: how long it may be.

    A phase may be too short because others take more than their share. Then those are named, and not its own words.
    """
    fixed = [found for found in short if speech.is_fixed(found.words)]
    if not fixed:
        return {}
    must = {line.utterance: line for line in lines_of(narrated) if line.fit is Fit.MUST}
    longer = {said: line for said, line in must.items() if _exceeds(said, line.room, lengths, speech)}
    told: dict[Utterance, Diagnostic] = {}
    for found in fixed:
        words = dict.fromkeys((found.words, *found.phase.forms, *filter(None, found.phase.counts)))
        own = [said for said in words if said in longer]
        for said in own or longer or (found.words,):
            line = must.get(said)
            place = line.place if line else found.phase.place
            room = (line.room if line else None) or _room_found(found, lengths)
            told.setdefault(said, _too_long(said, lengths[said], room, place))
    return told


def _exceeds(said: Utterance, room: Ms | None, lengths: Lengths, speech: Speech) -> bool:
    return room is not None and speech.is_fixed(said) and lengths[said] > room


def _room_found(found: TooShort, lengths: Lengths) -> int:
    """Return how long the words of a phase might have been for all to fit."""
    missing = -(-(found.needed - found.phase.duration) // max(1, len(found.phase.counts)))
    return max(0, lengths[found.words] - missing)


def _too_long(said: Utterance, length: int, room: int, place: Place | None) -> Diagnostic:
    lasts = f"The recording of {said.text!r} lasts {_tenths(length, up=True)} s"
    message = f"{lasts}, and there is room for {_tenths(room)} s."
    fix = "Record it again, more briskly, or give the movement more time, or shorter words."
    return Diagnostic("recording-too-long", message, place, fix=fix)


def _tenths(ms: int, *, up: bool = False) -> str:
    """Return milliseconds as seconds with one decimal, rounded to the safe side."""
    return f"{(-(-ms // 100) if up else ms // 100) / 10:g}"


def unspeakable(narrated: tuple[Narrated, ...], error: UnspeakableError) -> SessionError:
    """Return the error for words that give no sound, each at the author's line."""
    places: dict[Utterance, Place] = {}
    for entry in narrated:
        for said, place in _utterances_at(entry):
            places.setdefault(said, place)
    refused = zip(error.refusals, error.diagnostics, strict=True)
    return SessionError(*(replace(diagnostic, place=places.get(said)) for said, diagnostic in refused))


def _utterances_at(entry: Narrated) -> Iterator[tuple[Utterance, Place]]:
    part = entry.part
    talk = part if isinstance(part, Talk) else part.ready
    if talk:
        yield from ((line.utterance, line.place) for line in talk.lines)
    if not isinstance(part, Talk):
        for phase in part.phases:
            words = (*phase.forms, *phase.others, *phase.counts, *phase.counted)
            yield from ((said, phase.place) for said in words if said)
            yield from ((line.utterance, line.place) for line in phase.asides)


def check_size(duration: int, cues: int, place: Place) -> None:
    """Refuse a session that is longer (in ms), or holds more cues, than the language allows.

    Raises:
        SessionError: it does.
    """
    code = Size(duration, cues).code
    if code is None:
        return
    told = (
        f"last {clock(Ms(duration))}; the most is {clock(SESSION_MS)}."
        if code == "session-too-long"
        else f"hold {cues:,} cues; the most is {CUES:,}."
    )
    fix = "Lower its repetitions, sets or rounds, or split it into several sessions."
    raise SessionError(Diagnostic(code, f"This session would {told}", place, fix))
