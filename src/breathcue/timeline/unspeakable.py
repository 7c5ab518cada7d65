"""What a voice cannot say: raised by whoever speaks, and told to the author by whoever knows where it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from breathcue.diagnostics import BreathcueError, Diagnostic
from breathcue.timeline.model import Utterance

_OTHER_WORDS = "Write it in words of the session's language."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a voice gives no sound for some words; ``fix`` where it knows better than to use other words.

    ``code`` is that of the diagnostic.
    """

    reason: str
    fix: str | None = None
    code: str = "unspeakable-text"


class UnspeakableError(BreathcueError):
    """A voice gives no sound for some utterances; ``refusals`` says why, with a diagnostic for each in its order."""

    def __init__(self, refusals: Mapping[Utterance, Refusal]) -> None:
        self.refusals = dict(refusals)
        super().__init__(*(_diagnostic(said, refusal) for said, refusal in refusals.items()))


def _diagnostic(said: Utterance, refusal: Refusal) -> Diagnostic:
    who = f"The voice {said.voice.name}" if said.voice else "The voice"
    return Diagnostic(
        refusal.code,
        f"{who} cannot say {said.text!r}: {refusal.reason}.",
        fix=refusal.fix or _OTHER_WORDS,
    )
