"""Every cue of a timeline is looked for in the sound as it goes by, each with its own clip.

What sounds with a cue is taken off before: a voice is found first, with the tones around it taken from where they
should be, and then the tones, with the voice taken from where it was found. So a soft tone under a sentence is found
as surely as the sentence. Only the bed stays.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from breathcue.audio.sounds import Sound
from breathcue.dsp.shape import Samples, db_from_gain
from breathcue.timeline.model import Cue, Track
from breathcue.verify.hearing import PER_MS, Window, thinned
from breathcue.verify.matching import NO_LOSSES, REACH, REACH_MS, Losses, Match, losses, match

_CLIPS_KEPT = 48

# A voice is like its own clip, whatever codec or bed is between: by 0.97 and more, measured at the lowest qualities.
# Two different words are not: by 0.45 at most. A soft tone may lie under the noise that a codec adds to a loud voice,
# and under a bed; but a tone keeps its pitch for seconds, and nothing else does. Measured of breath tones under each
# bed, at the lowest qualities: where they are, 0.24 and more with a gain of 0.8; where they are not, 0.09 and 0.18.
_LIKE_A_VOICE = 0.6
_LIKE_A_TONE = 0.15
_LEAST_GAIN = 0.5


# A clip of silence, of a voice that says nothing, is wherever it should be.
_AS_IT_IS = Match(0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A cue and what was found of it; ``match`` is None where it is missing."""

    cue: Cue
    match: Match | None
    losses: Losses = NO_LOSSES

    @property
    def gain_db(self) -> float | None:
        """How much louder than it should the cue sounds, in dB."""
        return None if self.match is None else db_from_gain(self.match.gain)

    @property
    def offset_ms(self) -> float | None:
        """How much later than its time the cue sounds."""
        return None if self.match is None else self.match.offset / PER_MS

    @property
    def start_ms(self) -> float | None:
        """When the cue sounds."""
        return None if self.offset_ms is None else self.cue.start_ms + self.offset_ms


@dataclass(slots=True)
class Search:
    """The search for all cues of a session; ``gain`` is the factor that was applied to every clip."""

    cues: Iterable[Cue]
    sound: Sound
    gain: float
    found: dict[str, Found] = field(default_factory=dict)
    _clips: OrderedDict[tuple[object, ...], Samples] = field(default_factory=OrderedDict)

    def windows(self) -> list[Window]:
        """Return what must be heard; hearing it fills ``found``."""
        cues = [cue for cue in self.cues if cue.track is not Track.BED]
        near = _neighbours(cues)
        windows = []
        for cue in cues:
            stop = cue.end_ms + REACH_MS
            if cue.track is Track.TONE:
                # Not before every voice that sounds with it has been found; a voice needs as much beyond its end.
                voices = [other for other in near[cue.id] if other.track is Track.VOICE]
                stop = max([stop, *(other.end_ms + REACH_MS + 1 for other in voices)])
            windows.append(
                Window((cue.start_ms - REACH_MS) * PER_MS, stop * PER_MS, self._seeker(cue, near[cue.id]))
            )
        return windows

    def results(self) -> list[Found]:
        """Return what was found of every cue, in the order of their times.

        Where two cues with the same clip were found in one place, it belongs to the nearer.
        """
        found = sorted(self.found.values(), key=lambda each: each.cue.start_ms)
        taken: dict[tuple[object, ...], Found] = {}
        for each in found:
            if each.start_ms is None:
                continue
            place = (_key(each.cue), round(each.start_ms / 24))
            rival = taken.get(place)
            if rival is None or abs(each.offset_ms or 0) < abs(rival.offset_ms or 0):
                taken[place] = each
        kept = {each.cue.id for each in taken.values()}
        return [each if each.cue.id in kept else Found(each.cue, None) for each in found]

    def _seeker(self, cue: Cue, near: list[Cue]) -> Callable[[Samples], None]:
        def seek(heard: Samples) -> None:
            clip = self._clip(cue)
            first = cue.start_ms * PER_MS - REACH
            window = heard[: len(clip) + 2 * REACH].copy()
            for other in near:
                self._take_off(window, first, other)
            self.found[cue.id] = _judge(cue, window, clip)

        return seek

    def _take_off(self, window: Samples, first: int, other: Cue) -> None:
        """Subtract another cue where it was found, or is yet to be expected."""
        found = self.found.get(other.id)
        if found is not None and found.match is None:
            return
        at, gain = other.start_ms * PER_MS - first, 1.0
        if found is not None and found.match is not None:
            at, gain = at + round(found.match.offset), found.match.gain
        clip = self._clip(other)
        begin, end = max(0, at), min(len(window), at + len(clip))
        if begin < end:
            window[begin:end] -= clip[begin - at : end - at] * np.float32(gain)

    def _clip(self, cue: Cue) -> Samples:
        """Return a cue's clip as it should sound in the file, at 16 kHz."""
        key = _key(cue)
        if key not in self._clips:
            self._clips[key] = thinned(self.sound(cue).samples) * np.float32(self.gain)
        self._clips.move_to_end(key)
        if len(self._clips) > _CLIPS_KEPT:
            self._clips.popitem(last=False)
        return self._clips[key]


def _judge(cue: Cue, window: Samples, clip: Samples) -> Found:
    if not clip.any():
        return Found(cue, _AS_IT_IS)
    best = match(window, clip)
    least = _LIKE_A_VOICE if cue.track is Track.VOICE else _LIKE_A_TONE
    if best.likeness < least or best.gain < _LEAST_GAIN:
        return Found(cue, None)
    if cue.track is Track.TONE:
        return Found(cue, best)
    start = REACH + round(best.offset)
    return Found(cue, best, losses(window[start : start + len(clip)], clip))


def _key(cue: Cue) -> tuple[object, ...]:
    return (cue.track, cue.text, cue.voice, cue.duration_ms)


def _neighbours(cues: list[Cue]) -> dict[str, list[Cue]]:
    """Return, for each cue, the others that sound while it is looked for."""
    near: dict[str, list[Cue]] = {cue.id: [] for cue in cues}
    sounding: list[Cue] = []
    for cue in sorted(cues, key=lambda each: each.start_ms):
        sounding = [other for other in sounding if other.end_ms + REACH_MS > cue.start_ms - REACH_MS]
        for other in sounding:
            near[cue.id].append(other)
            near[other.id].append(cue)
        sounding.append(cue)
    return near
