"""The last pass: everything gets its time, and the timeline is whole.

Talks are as long as their words; each ends on the cue grid, so that the run after it starts on it and the cues placed
inside that run keep their moments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from breathcue.compiler.fit import FittedRun
from breathcue.compiler.narration import Body, Line, Talk, Timed, Tone
from breathcue.compiler.speech import Lengths
from breathcue.diagnostics import Place
from breathcue.library.tones import LONGEST_BREATH_TONE_MS, tone_lead_ms, tone_length_ms
from breathcue.timeline.invariants import MIN_GAP_MS, MIN_TAIL_MS, STEPS_OWN
from breathcue.timeline.model import Chapter, Cue, CueKind, Phase, Source, Track, Utterance
from breathcue.timeline.time import Ms, snap_down, snap_up

TONE_LEAD = Ms(1_200)
"""How long a tone sounds alone before words follow it; its decay goes on beneath them."""

OPENING_LEAD = Ms(480)
"""The same for the tone with which a session opens: whoever has just asked for it waits for a word."""

SourceOf = Callable[[Place], Source]


def tone_lead(tone: Tone) -> Ms:
    """Return how long a tone sounds alone before the words of its talk."""
    lead = OPENING_LEAD if tone.kind is CueKind.START_TONE else TONE_LEAD
    return Ms(min(lead, tone_lead_ms(tone.name)))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A talk, or a run with its words placed; ``chapter`` is the title of the chapter that begins with it."""

    part: Talk | FittedRun
    chapter: str | None


@dataclass(frozen=True, slots=True)
class ChapterTitles:
    """The title of what comes before the first chapter, and how a title is worded that occurs once more."""

    opening: str
    again: Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A session's times: all of a timeline but its head."""

    duration: Ms
    chapters: tuple[Chapter, ...]
    phases: tuple[Phase, ...]
    cues: tuple[Cue, ...]


@dataclass(slots=True)
class Scheduler:
    """Lays parts one after the other. ``now`` is where the next part begins, ``free`` when the voice may speak.

    ``over`` is by how much the run laid last is longer than its author wrote.
    """

    lengths: Lengths
    source_of: SourceOf
    now: Ms = Ms(0)
    free: Ms = Ms(0)
    phases: list[Phase] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    starts: list[tuple[Ms, str]] = field(default_factory=list)
    asides: set[Ms] = field(default_factory=set)
    over: Ms = Ms(0)

    def add(self, fitted: Fitted) -> Ms:
        """Lay one more part at the end; return when it begins, or the first of its phases if it is a run."""
        if fitted.chapter is not None:
            self.starts.append((self.now, fitted.chapter))
        if isinstance(fitted.part, FittedRun):
            return self._run(fitted.part)
        begin = self.now
        self._talk(fitted.part)
        return begin

    def take_back(self, phases_from: Ms, cues_from: Ms) -> None:
        """Take back what was laid: phases and tones after ``phases_from``, and words from ``cues_from`` on.

        A phase under way ends there. The next part begins at ``phases_from``. Words may come before the phase that
        they speak of; a tone never does.
        """
        self.phases = [phase for phase in self.phases if phase.start_ms < phases_from]
        if self.phases and self.phases[-1].end_ms > phases_from:
            self.phases[-1] = replace(self.phases[-1], end_ms=phases_from)
        froms = {Track.VOICE: cues_from, Track.TONE: phases_from}
        self.cues = [cue for cue in self.cues if cue.start_ms < froms[cue.track]]
        self.starts = [start for start in self.starts if start[0] < phases_from]
        self.asides = {start for start in self.asides if start < cues_from}
        self.now = phases_from
        self._listen()

    def interrupt(self, at: Ms) -> None:
        """Take back everything from ``at`` on; what sounds then is heard no longer than that."""
        self.take_back(at, at)
        self.cues = [
            replace(cue, duration_ms=Ms(at - cue.start_ms)) if cue.end_ms > at else cue for cue in self.cues
        ]
        self._listen()

    def drop_asides(self, at: Ms) -> None:
        """Take back the asides that start at ``at`` or after it."""
        unsaid = {start for start in self.asides if start >= at}
        self.cues = [c for c in self.cues if c.track is not Track.VOICE or c.start_ms not in unsaid]
        self.asides -= unsaid
        self._listen()

    def _listen(self) -> None:
        """Find out when the voice may speak after what is laid."""
        ends = (cue.end_ms for cue in self.cues if cue.track is Track.VOICE)
        self.free = Ms(max(ends, default=-MIN_GAP_MS) + MIN_GAP_MS)

    def aside(self, line: Line, earliest: Ms, latest: Ms, room: Ms) -> bool:
        """Say a line between the voice cues that are laid, with ``room`` around it; return whether there is a place.

        It starts between ``earliest`` and ``latest``.
        """
        length = self.lengths[line.utterance]
        voice = sorted((c for c in self.cues if c.track is Track.VOICE), key=lambda cue: cue.start_ms)
        at = earliest
        for begins, ends in [*((c.start_ms, c.end_ms) for c in voice), (self.now, self.now)]:
            start = snap_up(at)
            if start > latest:
                return False
            if start + length + room <= begins:
                self._speak(start, length, line.kind, line.utterance, line.place)
                self.asides.add(start)
                self._listen()
                return True
            at = Ms(max(at, ends + room))
        return False

    def _talk(self, talk: Talk, then: Ms = Ms(0)) -> None:
        """Lay a talk; it leaves at least ``then`` ms between its last word and its end.

        A rest or wait lasts what the author wrote, so words that it has no room for are left out. Nor is a line said
        twice in a row.
        """
        if talk.gives:
            talk = replace(talk, at_least=Ms(max(0, talk.at_least - self.over)))
        begin = said = self.now
        if talk.tone:
            self._tone(talk.tone)
            said = Ms(begin + tone_lead(talk.tone))
        for line in talk.lines:
            if talk.exact and self._when(said) + self.lengths[line.utterance] > begin + talk.at_least:
                break
            if self._was_just_said(line):
                continue
            said = Ms(self._say(line.kind, line.utterance, line.place, said) + line.pause)
        self._marks(talk, Ms(begin + talk.at_least))
        end = max(said, begin + max(talk.at_least, then), self.free - MIN_GAP_MS + then)
        self._phase(talk.body, Ms(end) if talk.exact and end == begin + talk.at_least else snap_up(end))

    def _run(self, run: FittedRun) -> Ms:
        if run.preview:
            self._talk(run.preview)
        lead_in = -min((cue.start for cue in run.cues), default=0)
        if run.ready:
            self._talk(run.ready, Ms(max(0, lead_in + MIN_GAP_MS)))
        self.over = Ms(sum(run.durations) - sum(phase.duration for phase in run.phases))
        first = self.now
        begin = first - run.offset
        for timed, duration in zip(run.phases, run.durations, strict=True):
            self._breath_tone(timed, Ms(self.now + duration))
            self._phase(timed.body, Ms(self.now + duration))
        for cue in run.cues:
            self._speak(Ms(begin + cue.start), cue.length, cue.kind, cue.utterance, cue.place)
            self.free = Ms(begin + cue.free)
        return first

    def _was_just_said(self, line: Line) -> bool:
        """Say whether the last words were those of the same line of the author's file, heard to their end.

        A step may repeat its own.
        """
        if line.kind in STEPS_OWN:
            return False
        last = next((cue for cue in reversed(self.cues) if cue.track is Track.VOICE), None)
        return last is not None and (last.text, last.source, last.duration_ms) == (
            line.utterance.text,
            self.source_of(line.place),
            self.lengths[line.utterance],
        )

    def _marks(self, talk: Talk, end: Ms) -> None:
        for mark in talk.marks:
            if mark.remaining > talk.at_least:
                continue
            at = self._when(end - mark.remaining)
            if at + self.lengths[mark.utterance] + MIN_GAP_MS <= end and talk.place:
                self._say(mark.kind, mark.utterance, talk.place, at)

    def _when(self, earliest: int) -> Ms:
        """Return when something may be said that should not be said before ``earliest``."""
        return snap_up(max(earliest, self.free))

    def _say(self, kind: CueKind, utterance: Utterance, place: Place, earliest: Ms) -> Ms:
        """Say something as soon as the voice is free; return when it has been said."""
        start = self._when(earliest)
        length = self.lengths[utterance]
        self._speak(start, length, kind, utterance, place)
        self.free = Ms(start + length + MIN_GAP_MS)
        return Ms(start + length)

    def _tone(self, tone: Tone) -> None:
        start = snap_up(self.now)
        self._sound(start, tone_length_ms(tone.name), tone.kind, tone.name, tone.place)

    def _breath_tone(self, timed: Timed, end: Ms) -> None:
        """Let the tone of a phase sound from the first point of the grid in it to the last, if it can last so long."""
        start = snap_up(self.now)
        length = snap_down(min(end - start, LONGEST_BREATH_TONE_MS))
        if timed.tone and length > 0:
            self._sound(start, length, CueKind.BREATH_TONE, timed.tone, timed.place)

    def _sound(self, start: Ms, length: Ms, kind: CueKind, name: str, place: Place) -> None:
        self.cues.append(Cue("", start, length, Track.TONE, kind, name, self.source_of(place)))

    def _speak(self, start: Ms, length: Ms, kind: CueKind, utterance: Utterance, place: Place) -> None:
        text, voice = utterance.text, utterance.voice
        self.cues.append(Cue("", start, length, Track.VOICE, kind, text, self.source_of(place), voice))

    def _phase(self, body: Body, end: Ms) -> None:
        if end > self.now:
            self.phases.append(
                Phase(
                    self.now,
                    end,
                    body.kind,
                    body.label,
                    body.exercise,
                    body.set,
                    body.rep,
                    body.reps,
                    body.side,
                    body.breath,
                )
            )
            self.now = end

    def finish(self) -> None:
        """End the session with a quiet second after its last sound."""
        last = max((cue.end_ms for cue in self.cues), default=Ms(0))
        end = Ms(max(self.now, last + MIN_TAIL_MS))
        self.phases[-1] = replace(self.phases[-1], end_ms=end)
        self.now = end

    def scheduled(self, titles: ChapterTitles) -> Scheduled:
        """Return everything laid so far, in order."""
        cues = sorted(self.cues, key=lambda cue: (cue.start_ms, cue.track))
        return Scheduled(
            self.now,
            tuple(_chapters(self.starts, self.now, titles)),
            tuple(self.phases),
            tuple(replace(cue, id=f"c{number:05}") for number, cue in enumerate(cues, 1)),
        )


def schedule(
    parts: Iterable[Fitted], lengths: Lengths, source_of: SourceOf, titles: ChapterTitles
) -> Scheduled:
    """Return the phases, cues and chapters of a session, each at its time."""
    scheduler = Scheduler(lengths, source_of)
    for part in parts:
        scheduler.add(part)
    scheduler.finish()
    return scheduler.scheduled(titles)


def _chapters(starts: list[tuple[Ms, str]], end: Ms, titles: ChapterTitles) -> Iterator[Chapter]:
    """Yield the chapters; of several that would begin at one moment the last, since the others have no length."""
    begin = {Ms(0): titles.opening} | dict(starts)
    times = [*begin, end]
    seen: Counter[str] = Counter()
    for (start, title), stop in zip(begin.items(), times[1:], strict=True):
        seen[title] += 1
        yield Chapter(start, stop, titles.again(title, seen[title]) if seen[title] > 1 else title)
