"""What every part of the narration needs: the words and the positions, and the pauses between the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from breathcue.compiler.cast import Cast
from breathcue.compiler.narration import Body, Line, Mark, Talk
from breathcue.compiler.phrases import Phrases
from breathcue.compiler.positions import Position
from breathcue.diagnostics import Place
from breathcue.language.placeholders import fill
from breathcue.language.routine import VoiceRequest, Words
from breathcue.timeline.model import CueKind, Side, Utterance
from breathcue.timeline.time import Ms

SENTENCE_PAUSE = Ms(900)
"""Quiet after a line that asks for nothing."""

LIST_PAUSE = Ms(500)
"""Quiet between the items of a spoken list."""

FOLLOW_PAUSE = Ms(3_000)
"""Quiet after a setup line, to do what it says."""

FORM_PAUSE = Ms(1_500)
"""Quiet after a form note, to let it sink in."""

CHECK_IN_PAUSE = Ms(6_000)
"""Quiet after a check-in: about one slow breath, to feel the answer."""

NEEDS_PAUSE = Ms(4_000)
"""Quiet after naming what is needed, to reach for it."""

READY_PAUSE = Ms(1_200)
"""Quiet between the ready cue and the first cue of the repetitions."""

CLOSING_PAUSE = Ms(1_500)
"""Quiet after the closing words, before the last tone."""

SPOKEN_WAIT = Ms(10_000)
"""A wait from this length on is announced with its length, so that no silence is unexplained."""

FRAMED = Ms(20_000)
"""A phase from this length on says how much of it is left."""

_LAST_MARK = Ms(10_000)
_LAST_MINUTE = Ms(60_000)
_LAST_MINUTE_FROM = Ms(150_000)
_MARK_EVERY = Ms(30_000)
_FIRST_MARK_WITHIN = Ms(27_000)
_HALFWAY_UP_TO = Ms(55_000)


@dataclass(frozen=True, slots=True)
class Coach:
    """The words of one language, what is known of positions, and who speaks; ``speed`` is that of the present step."""

    phrases: Phrases
    positions: Mapping[str, Position]
    cast: Cast
    speed: float | None = None

    def at(self, speed: float | None) -> Coach:
        """Return the coach for a step in which the voice speaks at a speed of its own, if it has one."""
        return replace(self, speed=speed)

    def utter(self, text: str, voice: VoiceRequest | None = None) -> Utterance:
        """Return words as they are spoken in the present step, by the voice that the author named for them if any."""
        return Utterance(text, self.cast.voice(voice, self.speed))

    def lines(self, kind: CueKind, words: Iterable[Words], pause: Ms) -> list[Line]:
        """Return the author's words as lines."""
        return [Line(kind, self.utter(said.text, said.voice), said.place, pause) for said in words]

    def sided_lines(self, kind: CueKind, words: Iterable[Words], pause: Ms, side: Side | None) -> list[Line]:
        """Return words of an exercise as lines, with the side filled in."""
        values = self.phrases.sided(side)
        return [
            Line(kind, self.utter(fill(said.text, values), said.voice), said.place, pause) for said in words
        ]

    def preview_intro(self, place: Place) -> Line:
        """Return what leads in the instructions that are given before the repetitions."""
        return Line(CueKind.FORM, self.utter(self.phrases.say("preview")), place, SENTENCE_PAUSE)

    def rest(self, body: Body, texts: Iterable[str], duration: Ms, place: Place) -> Talk:
        """Return a rest or a wait that lasts exactly as long as was written, which its ``texts`` tell as it begins."""
        lines = tuple(Line(CueKind.REST, self.utter(text), place) for text in texts)
        marks = self.marks(duration, told=True)
        return Talk(body, lines, at_least=duration, exact=True, marks=marks, place=place)

    def marks(self, duration: Ms, *, told: bool = False) -> tuple[Mark, ...]:
        """Return what is said of the time that is left of a long phase.

        Nothing for less than 20 s; then ten seconds before the end, and halfway; above 55 s every 30 s, which
        keeps every silence under the 30 s of invariant 6. Where its length is ``told`` as it begins, the first of them
        need not come sooner.
        """
        if duration < FRAMED:
            return ()
        marks = [self._left(_LAST_MARK)]
        if duration > _HALFWAY_UP_TO:
            marks += [self._left(remaining) for remaining in _whole_marks(duration, told=told)]
        elif duration > _MARK_EVERY:
            marks.append(self._half(duration))
        return tuple(sorted(marks, key=lambda mark: -mark.remaining))

    def work_marks(self, duration: Ms) -> tuple[Mark, ...]:
        """Return what is said of the time that is left while one moves for a time, which needs less framing than rest.

        Nothing for less than 20 s; ten seconds before the end, and halfway; above two and a half minutes the last one.
        """
        if duration < FRAMED:
            return ()
        marks = [self._left(_LAST_MARK)]
        if duration > _LAST_MINUTE_FROM:
            marks.insert(0, self._left(_LAST_MINUTE))
        return (self._half(duration), *marks) if duration >= _MARK_EVERY else tuple(marks)

    def _half(self, duration: Ms) -> Mark:
        half = self.phrases.say("left.halfway")
        return Mark(Ms(duration // 2), CueKind.ENCOURAGE, self.utter(half))

    def _left(self, remaining: Ms) -> Mark:
        text = self.phrases.say("left.time", time=self.phrases.time(remaining))
        return Mark(remaining, CueKind.ENCOURAGE, self.utter(text))


def _whole_marks(duration: Ms, *, told: bool) -> list[Ms]:
    """Return the marks of a phase above a minute: every 30 s, and one more where the first would come too late."""
    marks = [Ms(remaining) for remaining in range(_MARK_EVERY, duration - _LAST_MARK // 2, _MARK_EVERY)]
    if duration - marks[-1] > (_MARK_EVERY if told else _FIRST_MARK_WITHIN):
        marks.append(Ms(marks[-1] + _MARK_EVERY // 2))
    return marks
