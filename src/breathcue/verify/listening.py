"""What an independent listener understands of a session, cue by cue.

Every voice cue is cut out of the sound at its place. A recogniser takes as long for half a second as for half a minute,
so cues are put together, a silence between two, until half a minute is full. A cue in which a word was then misheard is
heard once more, alone: a recogniser guesses words from those around them, and a count between two sentences may be
taken for part of one. What counts is the better of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from breathcue.dsp.shape import Samples
from breathcue.timeline.model import Cue, Timeline
from breathcue.verify.checks.places import quoted
from breathcue.verify.hearing import PER_MS, Window
from breathcue.verify.model import Check, Finding, judged, skipped, speaks_aloud
from breathcue.verify.words import Spell, errors_by_word, words_of

MARGIN_MS = 60
"""How much around a cue is heard with it."""

BREAK_MS = 800
"""The silence between two cues that are heard together."""

TOGETHER_MS = 27_000
"""How much is heard together: a recogniser hears at most 30 s at a time."""

MOST_ERRORS = 0.05
"""The highest word error rate that passes. The embedded voice stays under 0.01; this leaves room for other voices."""


class Ears(Protocol):
    """Somebody who writes down what is said."""

    def knows(self, language: str) -> bool:
        """Say whether a language is understood."""
        ...

    def hear(self, samples: Samples, language: str) -> str:
        """Return the words of at most 30 s of sound, mono at 16 kHz."""
        ...


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of a cue: the words, how many of them are wrong, and how many were said."""

    cue: Cue
    heard: str
    errors: int
    words: int


@dataclass(slots=True)
class Listening:
    """The hearing of a whole session; ``understood`` fills as the sound goes by."""

    timeline: Timeline
    ears: Ears
    spell: Spell = str
    understood: list[Understood] = field(default_factory=list)
    _waiting: list[tuple[Cue, Samples]] = field(default_factory=list)

    def windows(self) -> list[Window]:
        """Return what must be heard."""
        if not self.ears.knows(self.timeline.language):
            return []
        spoken = [cue for cue in self.timeline.cues if speaks_aloud(cue, self.timeline)]
        return [
            Window(
                (cue.start_ms - MARGIN_MS) * PER_MS, (cue.end_ms + MARGIN_MS) * PER_MS, self._collector(cue)
            )
            for cue in spoken
        ]

    def check(self) -> Check:
        """Return what was understood, once all has been heard."""
        self._listen()
        if not self.ears.knows(self.timeline.language):
            why = f"the recogniser does not understand “{self.timeline.language}”"
            return skipped("words-heard", why)
        return words_heard(self.understood)

    def _collector(self, cue: Cue) -> Callable[[Samples], None]:
        def collect(sound: Samples) -> None:
            if self._length() + len(sound) + BREAK_MS * PER_MS > TOGETHER_MS * PER_MS:
                self._listen()
            self._waiting.append((cue, sound))

        return collect

    def _length(self) -> int:
        return sum(len(sound) + BREAK_MS * PER_MS for _, sound in self._waiting)

    def _listen(self) -> None:
        """Hear all that is waiting, and what was misheard once more."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        together = self._words(
            self.ears.hear(_joined([sound for _, sound in waiting]), self.timeline.language)
        )
        said = [self._words(cue.text) for cue, _ in waiting]
        errors = errors_by_word([word for words in said for word in words], together)
        at = 0
        for (cue, sound), words in zip(waiting, said, strict=True):
            wrong = sum(errors[at : at + len(words)])
            at += len(words)
            self.understood.append(self._once_more(cue, sound, words, wrong) if wrong else _all(cue, words))

    def _once_more(self, cue: Cue, sound: Samples, words: list[str], wrong: int) -> Understood:
        heard = self.ears.hear(_joined([sound]), self.timeline.language)
        alone = sum(errors_by_word(words, self._words(heard)))
        return Understood(cue, heard, min(wrong, alone), len(words))

    def _words(self, text: str) -> list[str]:
        return words_of(text, self.timeline.language, self.spell)


def words_heard(understood: Sequence[Understood]) -> Check:
    """Return the word error rate over all cues, with those that were misheard."""
    words = sum(each.words for each in understood)
    if not words:
        return skipped("words-heard", "nobody speaks in this session")
    errors = sum(each.errors for each in understood)
    misheard = [
        Finding(
            f"{quoted(each.cue)} is heard as “{each.heard}”: {each.errors} of {each.words} words.",
            each.cue.start_ms,
            each.cue.id,
        )
        for each in understood
        if each.errors
    ]
    rate = errors / words
    shown = f"{errors} of {words} words misheard, {rate:.1%}"
    check = judged("words-heard", shown, f"at most {MOST_ERRORS:.0%}", misheard if rate > MOST_ERRORS else ())
    return Check(
        check.name,
        check.status,
        check.measured,
        check.expected,
        tuple(misheard),
        {"word_error_rate": round(rate, 5), "errors": errors, "words": words, "misheard": len(misheard)},
    )


def _all(cue: Cue, words: list[str]) -> Understood:
    return Understood(cue, cue.text, 0, len(words))


def _joined(sounds: Sequence[Samples]) -> Samples:
    silence = np.zeros(BREAK_MS * PER_MS, np.float32)
    return np.concatenate([silence, *(part for sound in sounds for part in (sound, silence))])
