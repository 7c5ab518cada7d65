"""What the compiler has to tell the author, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from breathcue.compiler.fit import TooShort
from breathcue.compiler.narration import Narrated, Talk
from breathcue.compiler.speech import Lengths, Speech
from breathcue.diagnostics import Diagnostic, Place, SessionError, Severity
from breathcue.language.limits import CUES, SESSION_MS
from breathcue.timeline.model import Utterance
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
    found: TooShort, lengths: Lengths, speech: Speech
) -> Iterator[tuple[Utterance, Diagnostic]]:
    """Yield the recordings for which a phase has no room, each with its diagnostic: how long it may be."""
    if not speech.is_fixed(found.words):
        return
    phase = found.phase
    missing = -(-(found.needed - phase.duration) // max(1, len(phase.counts)))
    room = max(0, lengths[found.words] - missing)
    counted = found.words in phase.counts
    candidates = dict.fromkeys(phase.counts) if counted else (found.words,)
    for said in candidates:
        if said is not None and lengths[said] > room and speech.is_fixed(said):
            yield said, _too_long(found, said, lengths[said], room)


def _too_long(found: TooShort, said: Utterance, length: int, room: int) -> Diagnostic:
    phase = found.phase
    what = "its beat has" if said in phase.counts else "there is"
    lasts = f"The recording of {said.text!r} lasts {_tenths(length, up=True)} s"
    message = f"{lasts}, and {what} room for {_tenths(room)} s."
    written = _tenths(int(found.needed / phase.pace), up=True)
    fix = f"Record it again, more briskly, or give the phase at least {written}s."
    return Diagnostic("recording-too-long", message, phase.place, fix=fix)


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
            words = (*phase.forms, *phase.counts, phase.before, phase.aside)
            yield from ((said, phase.place) for said in words if said)


def check_size(duration: Ms, cues: int, place: Place) -> None:
    """Refuse a session that is longer, or holds more cues, than the language allows.

    Raises:
        SessionError: it does.
    """
    if duration > SESSION_MS:
        raise SessionError(
            Diagnostic(
                "session-too-long",
                f"This session would last {clock(duration)}; the most is {clock(SESSION_MS)}.",
                place,
                fix="Lower its repetitions, sets or rounds, or split it into several sessions.",
            )
        )
    if cues > CUES:
        raise SessionError(
            Diagnostic(
                "too-many-cues",
                f"This session would hold {cues:,} cues; the most is {CUES:,}.",
                place,
                fix="Lower its repetitions, sets or rounds, or split it into several sessions.",
            )
        )
