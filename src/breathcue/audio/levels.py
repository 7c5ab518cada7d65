"""How loud each island is, computed once and kept: a session's level is put together from those of its islands."""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.islands import Island, key_of
from breathcue.audio.mixer import add_clip
from breathcue.audio.sounds import Sound
from breathcue.dsp.loudness import HOP, HOP_MS, TAIL_HOPS, mean_square_of
from breathcue.dsp.peaks import true_peak
from breathcue.store import Kind, Store, seal, unseal
from breathcue.timeline.model import Cue, CueKind, Track
from breathcue.timeline.time import GRID_MS, Ms, samples_from_ms
from breathcue.voices.base import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breathcue.audio.beds import BedSource

LEVEL_VERSION = 1
"""Raised whenever the same island would measure something else, or its level is kept in another form."""

FRAME_HOPS = GRID_MS // HOP_MS

LOUD_LUFS = -24.0
"""How loud a frame is that LAME's hearing threshold rises to its highest for (its quantisation takes sounds over some
-25 dBFS for that); a voice is for two thirds of the time."""

_HEAD = struct.Struct("<dII")


@dataclass(frozen=True, slots=True, eq=False)
class Energies:
    """The K-weighted energy of an island in each hop of 4 ms.

    ``leading`` is that of its words and struck tones, ``breathing`` that of its breath tones, both counted from its
    first frame and long enough for the filter to ring out; empty where there is nothing of the kind.
    """

    leading: NDArray[np.float32]
    breathing: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class IslandLevel(Energies):
    """What an island measures: its energies, and its true peak as a factor of full scale."""

    peak: float

    def loud_frames(self) -> Sequence[int]:
        """Return the frames that are loud, counted from the island's first."""
        whole = len(self.leading) - len(self.leading) % FRAME_HOPS
        energy = self.leading[:whole].reshape(-1, FRAME_HOPS).sum(axis=1)
        loud: list[int] = np.flatnonzero(energy > FRAME_HOPS * HOP * mean_square_of(LOUD_LUFS)).tolist()
        return loud


class Levels:
    """The levels of islands, each measured where nobody has measured it before."""

    def __init__(self, sound: Sound, kept: Store | None) -> None:
        self._sound = sound
        self._kept = kept
        self._known: dict[str, IslandLevel] = {}
        self._energies: dict[str, Energies] = {}

    def of(self, island: Island) -> IslandLevel:
        """Return the level of an island.

        Raises:
            BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever the clips raise.
        """
        if island.content not in self._known:
            self._known[island.content] = self._find(island)
        return self._known[island.content]

    def energies_of(self, island: Island) -> Energies:
        """Return the energies of an island, without looking for its peak: with a bed, the mix has another.

        Raises:
            BreathcueError: as :meth:`of`.
        """
        if island.content in self._known:
            return self._known[island.content]
        if island.content not in self._energies:
            kept = self._load(island)
            self._energies[island.content] = kept or _energies(island, map(self._sound, island.cues))
        return self._energies[island.content]

    def _find(self, island: Island) -> IslandLevel:
        level = self._load(island)
        if level is None:
            level = _measured(island, self._sound)
            if self._kept:
                self._kept.keep(Kind.LEVEL, _key(island), encode(level))
        return level

    def _load(self, island: Island) -> IslandLevel | None:
        return self._kept.load(Kind.LEVEL, _key(island), decode) if self._kept else None


def _key(island: Island) -> str:
    return key_of(LEVEL_VERSION, island.content)


def encode(level: IslandLevel) -> bytes:
    """Return a level as the content of an entry."""
    head = _HEAD.pack(level.peak, len(level.leading), len(level.breathing))
    return seal(head + level.leading.astype("<f4").tobytes() + level.breathing.astype("<f4").tobytes())


def decode(content: bytes) -> IslandLevel | None:
    """Return the level in an entry, or None where anything about it is wrong."""
    body = unseal(content)
    if body is None or len(body) < _HEAD.size:
        return None
    peak, leading, breathing = _HEAD.unpack_from(body)
    if len(body) != _HEAD.size + 4 * (leading + breathing):
        return None
    energy = np.frombuffer(body, "<f4", offset=_HEAD.size).astype(np.float32, copy=False)
    return IslandLevel(energy[:leading], energy[leading:], peak)


def _measured(island: Island, sound: Sound) -> IslandLevel:
    clips = [sound(cue) for cue in island.cues]
    energies = _energies(island, clips)
    peaks = Peaks(island.cues, sound)
    for cue, clip in zip(island.cues, clips, strict=True):
        peaks.hear(clip, cue)
    return IslandLevel(energies.leading, energies.breathing, peaks.highest)


def _energies(island: Island, clips: Iterable[Clip]) -> Energies:
    hops = (island.stop - island.first) * FRAME_HOPS + TAIL_HOPS + 1
    leading, breathing = np.zeros(hops), np.zeros(hops)
    for cue, clip in zip(island.cues, clips, strict=True):
        hop = (cue.start_ms - island.first * GRID_MS) // HOP_MS
        energy = clip.energy[: hops - hop]
        (breathing if is_breathing(cue) else leading)[hop : hop + len(energy)] += energy
    return Energies(_trimmed(leading), _trimmed(breathing))


def _trimmed(energy: NDArray[np.float64]) -> NDArray[np.float32]:
    return (energy if energy.any() else energy[:0]).astype(np.float32)


def is_breathing(cue: Cue) -> bool:
    """Say whether a cue is a breath tone, which does not count towards the level that a session is brought to."""
    return cue.kind is CueKind.BREATH_TONE


class Peaks:
    """The highest true peak of a mix, found where it can be: at the peaks of clips, and of what sounds with them.

    Peaks below ``above``, a factor of full scale, are not looked for.
    """

    def __init__(
        self, cues: Iterable[Cue], sound: Sound, bed: BedSource | None = None, above: float = 0.0
    ) -> None:
        self.highest = above
        self._sound = sound
        self._bed = bed
        self._cues = sorted((c for c in cues if c.track is not Track.BED), key=lambda c: c.start_ms)
        self._starts = [cue.start_ms for cue in self._cues]
        self._longest = max((cue.duration_ms for cue in self._cues), default=Ms(0))

    def hear(self, clip: Clip, cue: Cue) -> None:
        """Take account of the clip of a cue, with all that sounds beneath it."""
        others = [other for other in self._with(cue) if other is not cue]
        tones = [(other, self._sound(other)) for other in others if other.track is Track.TONE]
        peak = clip.peak
        bound = peak + sum(tone.peak for _, tone in tones)
        start = samples_from_ms(cue.start_ms)
        if self._bed is not None:
            bound += self._bed.peak(start, len(clip.samples))
        if bound > peak and bound > self.highest:
            mixed = clip.samples.copy()
            for other, tone in tones:
                add_clip(mixed, tone.samples, start - samples_from_ms(other.start_ms))
            if self._bed is not None:
                self._bed.add(mixed, start)
            peak = true_peak(mixed, above=self.highest)
        voices = (other for other in others if other.track is cue.track is Track.VOICE)
        self.highest = max(self.highest, peak + sum(self._sound(voice).peak for voice in voices))

    def _with(self, cue: Cue) -> Iterator[Cue]:
        """Yield the cues that sound while ``cue`` does, itself included."""
        first = bisect_left(self._starts, cue.start_ms - self._longest)
        for other in self._cues[first : bisect_left(self._starts, cue.end_ms)]:
            if other.end_ms > cue.start_ms:
                yield other
