"""The third pass: words meet times. Each cue of a run gets the fullest form that fits, and its moment.

A cue starts a little before its phase (its *lead*), so that the words are there when the body moves. A phase has room
for words until the next cue must start. Where not even the shortest form fits, the phase is lengthened, and the
author is told what would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from breathcue.compiler.narration import Line, Run, Talk, Timed
from breathcue.compiler.sayings import Room, fresh_forms, sayings
from breathcue.compiler.speech import Lengths
from breathcue.compiler.timed_work import LATEST
from breathcue.diagnostics import Place
from breathcue.timeline.invariants import MIN_GAP_MS
from breathcue.timeline.model import CueKind, PhaseKind, Utterance
from breathcue.timeline.pairing import MAX_LATE_MS, MAX_LEAD_MS
from breathcue.timeline.time import GRID_MS, Ms, beat_start, snap_down, snap_up

LEAD = Ms(800)
"""How long before its phase a cue starts: a word or two are heard, and the movement begins with the last of them."""

EASY_LEAD = Ms(300)
"""The lead that the next cue keeps where the words of a phase are comfortable."""

COUNT_GAP = Ms(120)
"""Quiet between the count of a repetition and its first cue."""

PREVIEW_PAUSE = Ms(1_000)
"""Quiet after an instruction that is given before the repetitions."""

ASIDE_GAP = Ms(400)
"""Quiet around an aside, so that it does not crowd the instructions."""

Key = tuple[Place, Ms, float | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """Words at their moment, in ms from the start of the run (the first may be negative).

    ``phase`` is the index of the phase to which they belong.
    """

    start: Ms
    length: Ms
    kind: CueKind
    utterance: Utterance
    place: Place
    phase: int

    @property
    def free(self) -> int:
        """When the voice may speak again."""
        return self.start + self.length + MIN_GAP_MS


@dataclass(frozen=True, slots=True)
class FittedRun:
    """A run with its words placed. ``durations`` are those of its phases, the first of which begins ``offset`` ms
    after the run. ``preview`` holds the instructions that are too long for them, to be said first."""

    ready: Talk | None
    phases: tuple[Timed, ...]
    durations: tuple[Ms, ...]
    cues: tuple[Placed, ...]
    preview: Talk | None
    offset: Ms = Ms(0)


@dataclass(frozen=True, slots=True)
class Before:
    """What a run continues: its first phase begins ``offset`` ms after a point of the cue grid, and from that point
    the voice may speak after ``free`` ms, which is negative where it has long been silent.
    """

    offset: Ms = Ms(0)
    free: int = -2 * MAX_LEAD_MS


@dataclass(frozen=True, slots=True)
class TooShort:
    """A phase whose ``words`` need more time: the time that would do, as it lasts after pace."""

    phase: Timed
    needed: Ms
    words: Utterance

    @property
    def key(self) -> Key:
        """What the phase is known by: every repetition of it is lengthened alike."""
        return key_of(self.phase)


def key_of(phase: Timed) -> Key:
    """Return what a phase is known by in every repetition: its place, how long it lasts, how fast one speaks."""
    return phase.place, phase.duration, phase.speed


def fit_run(
    run: Run, lengths: Lengths, lengthened: Mapping[Key, Ms], before: Before | None = None
) -> FittedRun | TooShort:
    """Place the words of a run, or name the first phase that is too short even for the shortest of them.

    ``lengthened`` holds the durations of phases that were found too short before. A run that continues another
    without a break is told what comes ``before`` it.
    """
    durations = tuple(lengthened.get(key_of(phase), phase.duration) for phase in run.phases)
    phases = tuple(
        _countable(phase, duration, lengths) for phase, duration in zip(run.phases, durations, strict=True)
    )
    return _Fitter(replace(run, phases=phases), lengths, durations, before or Before()).fit()


def fit_kin(runs: Sequence[Run], lengths: Lengths) -> tuple[list[FittedRun], dict[Key, TooShort]]:
    """Fit runs that share phases, lengthening those that are too short in any of them until all words have a place.

    Return the fitted runs in their order, and the phases that were lengthened.
    """
    found: dict[Key, TooShort] = {}
    while True:
        lengthened = {key: short.needed for key, short in found.items()}
        fitted: list[FittedRun] = []
        for run in runs:
            part = fit_run(run, lengths, lengthened)
            if isinstance(part, TooShort):
                found[part.key] = part
            else:
                fitted.append(part)
        if len(fitted) == len(runs):
            return fitted, found


def kin(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs in groups that share phases, directly or through others: what one of them needs, all get."""
    groups: list[tuple[set[Key], list[Run]]] = []
    for run in runs:
        keys, members = {key_of(phase) for phase in run.phases}, [run]
        apart: list[tuple[set[Key], list[Run]]] = []
        for group in groups:
            if keys & group[0]:
                keys, members = keys | group[0], group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (keys, members)]
    return [members for _, members in groups]


def _countable(phase: Timed, duration: Ms, lengths: Lengths) -> Timed:
    """Leave out the numbers that make a counted hold too quick for the voice, where every number cannot be said."""
    longest = max((lengths[said] for said in phase.counts if said), default=Ms(0))
    if (longest + GRID_MS) * len(phase.counts) <= duration:
        return phase
    return replace(phase, counts=phase.sparse_counts)


def utterances_of(part: Talk | Run) -> Iterator[Utterance]:
    """Yield everything that a part of the session may say."""
    if isinstance(part, Talk):
        yield from (line.utterance for line in part.lines)
        yield from (mark.utterance for mark in part.marks)
        return
    if part.ready:
        yield from utterances_of(part.ready)
    yield part.preview_intro.utterance
    for phase in part.phases:
        yield from (*phase.forms, *phase.others)
        yield from (said for said in (*phase.counted, *phase.counts) if said)
        yield from (line.utterance for line in phase.asides)
        yield from (mark.utterance for mark in phase.marks)


class _Fitter:
    """Places the cues of one run from left to right; ``free`` is when the voice may speak next.

    ``last_note`` is the form note said last, ``helped`` are the repetitions (set, number) that have had an aside, and
    ``late`` is a time mark that found no room yet.
    """

    def __init__(self, run: Run, lengths: Lengths, durations: tuple[Ms, ...], before: Before) -> None:
        self.run = run
        self.lengths = lengths
        self.durations = durations
        self.offset = before.offset
        self.starts = [Ms(t) for t in accumulate(durations, initial=int(before.offset))]
        self.free = before.free
        self.cues: list[Placed] = []
        self.previews: list[Line] = []
        self.last_note: Utterance | None = None
        self.late: Utterance | None = None
        self.helped: set[tuple[int | None, int | None]] = set()

    def fit(self) -> FittedRun | TooShort:
        for index, phase in enumerate(self.run.phases):
            short = self._phase(index, phase)
            if short is not None:
                return short
        run, cues = self.run, tuple(self.cues)
        return FittedRun(run.ready, run.phases, self.durations, cues, self._preview(), self.offset)

    def _preview(self) -> Talk | None:
        """Return the talk that gives the instructions which do not fit inside the first repetition."""
        if not self.previews or self.run.ready is None:
            return None
        intro = self.run.preview_intro
        return Talk(replace(self.run.ready.body, kind=PhaseKind.SETUP), (intro, *self.previews))

    def _phase(self, index: int, phase: Timed) -> TooShort | None:
        """Place all the words of a phase, or return how long it would have to be."""
        phase = self._with_late(phase)
        chosen = self._choose(index, phase)
        if chosen is None:
            return self._cue_needs(index, phase)
        own = self.run.phases[index]
        if own.before_kind is CueKind.ENCOURAGE and own.before not in {cue.utterance for cue in chosen}:
            self.late = own.before if self.durations[index] <= LATEST else None
        if phase.preview and chosen[-1].utterance != phase.forms[0]:
            self._preview_first(Line(CueKind.FORM, phase.forms[0], phase.place, PREVIEW_PAUSE))
        self._put(chosen)
        self._put(self._marks(index, phase))
        self._put(self._counts(index, phase))
        overrun = self._overrun(index, phase)
        if overrun > 0:
            needed = Ms(self.durations[index] + (overrun + GRID_MS) * len(phase.counts))
            longest = max(filter(None, phase.counts), key=lambda said: self.lengths[said])
            return TooShort(phase, needed, longest)
        self._put(self._aside(index, phase))
        return None

    def _with_late(self, phase: Timed) -> Timed:
        """Return a phase with the time mark that found no room at the phase before it, if one did not."""
        late, self.late = self.late, None
        if late is None or phase.before:
            return phase
        return replace(phase, before=late, before_kind=CueKind.ENCOURAGE, counts_alone=True)

    def _preview_first(self, line: Line) -> None:
        """Have an instruction said before the repetitions, unless that is what is said there last."""
        if not self.previews or self.previews[-1].utterance.text != line.utterance.text:
            self.previews.append(line)

    def _put(self, cues: Iterable[Placed]) -> None:
        """Take cues in; each is made only when the one before it is there, since it starts when that has ended."""
        for cue in cues:
            self.cues.append(cue)
            self.free = cue.free

    def _choose(self, index: int, phase: Timed) -> tuple[Placed, ...] | None:
        """Return the fullest cue that fits, with the count before it where there is room; None where one has to.

        Nothing has to be said where there are no words for it, or in a further repetition where they would repeat
        those just said.
        """
        rooms = tuple(Room) if phase.yields else (Room.EASY, Room.TIGHT)
        fresh = fresh_forms(phase, self._last_words())
        for room, form, before in sayings(phase, fresh, rooms):
            placed = self._try(index, phase, form, before, room)
            if placed and placed[-1].free <= self._deadline(index, room):
                return placed
        repeats = not set(fresh) & set(phase.forms)
        return () if not phase.forms or (repeats and (phase.body.rep or 1) > 1) else None

    def _last_words(self) -> str | None:
        return self.cues[-1].utterance.text if self.cues else None

    def _try(
        self, index: int, phase: Timed, form: Utterance | None, before: Utterance | None, room: Room
    ) -> tuple[Placed, ...] | None:
        if form is None:
            assert before is not None
            form, before = before, None
        start, length = self.starts[index], self.lengths[form]
        at = max(snap_up(self.free), self._wished(index, form))
        placed: tuple[Placed, ...] = ()
        if before:
            ahead = self.lengths[before] + COUNT_GAP
            said_at = max(snap_up(self.free), snap_down(at - ahead))
            placed = (Placed(said_at, self.lengths[before], phase.before_kind, before, phase.place, index),)
            at = max(at, snap_up(said_at + ahead))
        latest = start + MAX_LATE_MS if room is Room.TIGHT else start - min(EASY_LEAD, length)
        if at > max(latest, self._wished(index, form)):
            return None
        return (*placed, Placed(at, length, phase.kind, form, phase.place, index))

    def _wished(self, index: int, form: Utterance) -> Ms:
        """Return when a cue would best start: ahead of its phase, and of its first count where it is counted."""
        start, length = self.starts[index], self.lengths[form]
        counts = self.run.phases[index].counts
        lead = length + MIN_GAP_MS if counts and counts[0] else min(length, LEAD)
        return snap_down(start - min(lead, MAX_LEAD_MS - GRID_MS))

    def _deadline(self, index: int, room: Room) -> int:
        """Return when the voice must be free again after a phase's cue."""
        phase = self.run.phases[index]
        beats = len(phase.counts)
        for beat, said in enumerate(phase.counts):
            if said:
                end = beat_start(self.starts[index], self.durations[index], beat + 1, beats)
                return snap_down(end - self.lengths[said] - MIN_GAP_MS)
        free = self._next_cue(index, room)
        if room is Room.COUNTED and phase.marks:
            free = min(free, snap_down(self.starts[index + 1] - phase.marks[0].remaining))
        return free

    def _next_cue(self, index: int, room: Room) -> int:
        """Return when the next phase's words must start at the latest, or the run ends."""
        end = self.starts[index + 1]
        if index + 1 == len(self.run.phases):
            return end
        if room is Room.TIGHT:
            return snap_down(end + MAX_LATE_MS)
        following = self.run.phases[index + 1]
        if room is Room.COUNTED and following.before:
            if not following.forms:
                return self._wished(index + 1, following.before)
            cue = self._wished(index + 1, following.forms[-1])
            return snap_down(cue - self.lengths[following.before] - COUNT_GAP)
        return snap_down(end - EASY_LEAD)

    def _counts(self, index: int, phase: Timed) -> Iterator[Placed]:
        """Yield the counts of a hold, each inside its own beat."""
        for beat, said in enumerate(phase.counts):
            if said:
                begins = beat_start(self.starts[index], self.durations[index], beat, len(phase.counts))
                at = snap_up(max(begins, self.free))
                yield Placed(at, self.lengths[said], CueKind.COUNT, said, phase.place, index)

    def _marks(self, index: int, phase: Timed) -> Iterator[Placed]:
        """Yield what is said of the time that is left in a long phase."""
        until = self._deadline(index, Room.EASY)
        for mark in phase.marks:
            at = snap_up(max(self.starts[index + 1] - mark.remaining, self.free))
            length = self.lengths[mark.utterance]
            if at + length + MIN_GAP_MS <= until:
                yield Placed(at, length, mark.kind, mark.utterance, phase.place, index)

    def _aside(self, index: int, phase: Timed) -> Iterator[Placed]:
        """Yield an aside where there is plenty of room: one in a repetition, and never the same note twice in a row."""
        rep = phase.body.set, phase.body.rep
        after = self.free if phase.forms else max(self.free, self.starts[index])
        at = snap_up(after + ASIDE_GAP)
        until = self._quiet_until(index) - ASIDE_GAP
        for line in phase.asides if rep not in self.helped else ():
            length = self.lengths[line.utterance]
            if line.utterance != self.last_note and at + length <= until:
                self.helped.add(rep)
                self.last_note = line.utterance if line.kind is CueKind.FORM else self.last_note
                yield Placed(at, length, line.kind, line.utterance, line.place, index)
                return

    def _quiet_until(self, index: int) -> int:
        """Return when the words of the next phase, and the count before them, would best begin."""
        if index + 1 == len(self.run.phases):
            return self.starts[index + 1] - LEAD
        phase = self.run.phases[index + 1]
        cue = min(
            (self._wished(index + 1, form) for form in phase.forms), default=self.starts[index + 1] - LEAD
        )
        return cue - (self.lengths[phase.before] + COUNT_GAP if phase.before else 0)

    def _overrun(self, index: int, phase: Timed) -> int:
        """Return by how many ms a count outlasts its beat, or the last one crowds the next cue; 0 if none does."""
        spoken = [beat for beat, said in enumerate(phase.counts) if said]
        if not spoken:
            return 0
        placed = self.cues[-len(spoken) :]
        start, duration, beats = self.starts[index], self.durations[index], len(phase.counts)
        ends = (beat_start(start, duration, beat + 1, beats) for beat in spoken)
        late = [cue.start + cue.length - end for cue, end in zip(placed, ends, strict=True)]
        return max(*late, snap_up(self.free) - snap_down(self.starts[index + 1] + MAX_LATE_MS))

    def _cue_needs(self, index: int, phase: Timed) -> TooShort:
        """Return how long a phase must be for its shortest cue to fit, the voice being free when it is."""
        shortest = min(fresh_forms(phase, self._last_words()), key=lambda form: self.lengths[form])
        at = max(snap_up(self.free), self._wished(index, shortest))
        missing = at + self.lengths[shortest] + MIN_GAP_MS - self._deadline(index, Room.TIGHT)
        needed = Ms(self.durations[index] + max(missing, 0) * max(1, len(phase.counts)) + GRID_MS)
        return TooShort(phase, needed, shortest)
