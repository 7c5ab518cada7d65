"""Who speaks what: the voice of the session, and the voices that the author named at some of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from breathcue.language.routine import VoiceRequest
from breathcue.timeline.model import Voice


@dataclass(frozen=True, slots=True)
class Cast:
    """The voices of a session, found before it is compiled: ``session`` says whatever names no other voice.

    ``others`` holds the voice for each request that a line makes.
    """

    session: Voice
    others: Mapping[VoiceRequest, Voice] = field(default_factory=dict)

    def voice(self, asked: VoiceRequest | None, speed: float | None) -> Voice | None:
        """Return who says a line, None for the session's own voice.

        ``asked`` is the voice that the author named for the line, and ``speed`` that of its step. A speed that is
        named with the voice comes first.
        """
        voice = self.session if asked is None else self.others[asked]
        if speed is not None and (asked is None or asked.speed is None):
            voice = replace(voice, speed=speed)
        return None if voice == self.session else voice
