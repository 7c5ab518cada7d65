"""What the compiler has to tell the author, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from breathcue.compiler.fit import TooShort
from breathcue.compiler.narration import Narrated, Talk
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
