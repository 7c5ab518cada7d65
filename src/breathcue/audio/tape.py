"""What an encoder has to hear so that the frames of an island come out as if it had heard the whole session.

LAME remembers three things: some frames in its filters; how far its hearing threshold has adapted, which a loud sound
puts back to its highest in two frames and silence lets fall for at most 95; and the step size of the last frame that
was not silent, however long ago, which an island's first frame or two may show. (Of 125 islands of a session, each
encoded by an encoder that had heard nothing before, 16 came out with another first frame and one with another second;
with the last 16 frames of what sounds before each, none did.) So each island has a *context*, which is part of its
key: what is heard before it, back to where ``LOUD_FRAMES`` have been loud, which settles all of it; or, where fewer
are, as far as LAME can remember.

Of a long silence no more is heard than lets the threshold fall. The *tape* is the session with its silences so
shortened, and all places here are frames of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from breathcue.audio.islands import Island, Placed, frame_after
from breathcue.audio.mixer import Span
from breathcue.audio.mp3 import FRAME_SAMPLES

SETTLING_FRAMES = 104
"""How many frames of a silence an encoder hears: the 95 that its threshold may take to fall, and some for its delay."""

MEMORY_FRAMES = 128
"""How far back LAME's threshold and filters reach, whatever has sounded."""

SOUND_FRAMES = 16
"""How many frames of sound, however soft, settle the step size."""

LOUD_FRAMES = 16
"""How many loud frames, which reset the threshold, are taken to settle everything."""

BEFORE, AFTER = 1, 3
"""How many frames before and after an island belong to it. Sound reaches into one before, for what LAME expects of it,
and two after, for its filters; the third is silence again."""

LOOK_AHEAD = 1
"""How many more frames an encoder hears after the last one that counts: LAME looks 224 samples ahead."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Frames of the tape, from ``start`` up to but not including ``stop``."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where on the tape frames of the session have been left out, and how many have been up to there."""

    at: int
    left_out: int


class Tape:
    """The islands of a session on their tape; ``loud`` says which frames of each are loud, counted from its first."""

    def __init__(self, islands: Sequence[Island], loud: Sequence[Sequence[int]]) -> None:
        self.islands = islands
        self._loud = loud
        self._sounding = [range(island.stop - island.first) for island in islands]
        self._cuts = [_Cut(0, 0)]
        self._shifts: list[int] = []
        stop = 0
        for island in islands:
            too_many = island.first - stop - SETTLING_FRAMES
            if too_many > 0:
                left_out = self._cuts[-1].left_out
                self._cuts.append(_Cut(stop - left_out + SETTLING_FRAMES // 2, left_out + too_many))
            self._shifts.append(self._cuts[-1].left_out)
            stop = island.stop
        self._contexts = [self._context(index) for index in range(len(islands))]

    def place(self, index: int) -> Stretch:
        """Return where an island sounds."""
        island, shift = self.islands[index], self._shifts[index]
        return Stretch(island.first - shift, island.stop - shift)

    def heard_for(self, index: int) -> Stretch:
        """Return what an encoder has to hear for the frames of an island: its context, itself and a little more."""
        return Stretch(self._contexts[index], self.place(index).stop + AFTER + LOOK_AHEAD)

    def begins_session(self, index: int) -> bool:
        """Say whether the context of an island begins with the session, and an encoder that has heard nothing."""
        return self._contexts[index] == 0

    def context(self, index: int) -> tuple[int, list[Placed]]:
        """Return how many frames of context an island has, and the cues in it, counted from the island's first."""
        first, start = self.place(index).start, self._contexts[index]
        placed: list[Placed] = []
        for before in range(index - 1, -1, -1):
            place = self.place(before)
            if place.stop <= start:
                break
            placed[:0] = [
                cue.moved(first - place.start)
                for cue, heard in zip(self.islands[before].placed, self.islands[before].cues, strict=True)
                if frame_after(heard.end_ms) - self._shifts[before] > start
            ]
        return first - start, placed

    def windows(self, stretches: Iterable[Stretch]) -> Iterator[Span]:
        """Yield the samples of the session that are on some stretches of the tape."""
        for stretch in stretches:
            here = stretch.start
            index = bisect_right(self._cuts, here, key=lambda cut: cut.at)
            for cut in self._cuts[index:]:
                if cut.at >= stretch.stop:
                    break
                yield self._span(here, cut.at, index - 1)
                here, index = cut.at, index + 1
            yield self._span(here, stretch.stop, index - 1)

    def _span(self, start: int, stop: int, cut: int) -> Span:
        left_out = self._cuts[cut].left_out
        return Span((start + left_out) * FRAME_SAMPLES, (stop + left_out) * FRAME_SAMPLES)

    def _context(self, index: int) -> int:
        """Return the frame from which on an encoder has to listen."""
        limit = self.place(index).start - MEMORY_FRAMES
        loud = self._back(index, LOUD_FRAMES, self._loud, limit)
        return max(0, loud, min(limit, self._back(index, SOUND_FRAMES, self._sounding, 0)))

    def _back(self, index: int, wanted: int, frames: Sequence[Sequence[int]], limit: int) -> int:
        """Return which frame is the last but so many before an island; 0 where they reach back beyond ``limit``."""
        for before in range(index - 1, -1, -1):
            place, own = self.place(before), frames[before]
            if place.stop <= limit:
                break
            if len(own) >= wanted:
                return place.start + own[len(own) - wanted]
            wanted -= len(own)
        return 0


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches, given in order of their starts, with those that meet or overlap made one."""
    whole: list[Stretch] = []
    for stretch in stretches:
        if whole and stretch.start <= whole[-1].stop:
            whole[-1] = Stretch(whole[-1].start, max(whole[-1].stop, stretch.stop))
        else:
            whole.append(stretch)
    return whole
