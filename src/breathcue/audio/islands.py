"""A session is cut into islands: stretches of sound with silence around them, each known by what is heard in it.

Frames of MP3 on both sides of a sound hold some of it (one before it and two after), so sounds that are not ``APART``
belong together. An island's ``content`` names its clips and tones and where in it they begin, counted from
its own first frame: the same words at the same distances make the same island, wherever in whichever session.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, runtime_checkable

from breathcue.audio.mp3 import FRAME_SAMPLES
from breathcue.audio.sounds import ClipSource
from breathcue.library.tones import breath_tones, tones
from breathcue.store import digest_of
from breathcue.timeline.model import Cue, Timeline, Track, Utterance
from breathcue.timeline.time import samples_from_ms

APART = 4
"""How many frames of silence separate two islands."""

SYNTHESIS_VERSION = 1
"""Raised whenever a tone of the same table, or a mix of the same clips, would come out with other samples."""

Naming = Callable[[Cue], str]
"""From a voice or tone cue to what names its samples."""


@runtime_checkable
class Keyed(Protocol):
    """A source of clips that knows a clip's name without fetching it."""

    def digest(self, utterance: Utterance) -> str:
        """Return what changes whenever the clip of an utterance may be another."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue as an island has it: what names its samples, and its first sample, counted from that of a frame."""

    name: str
    at: int

    def moved(self, frames: int) -> Placed:
        """Return the same, counted from a frame so much later."""
        return Placed(self.name, self.at - frames * FRAME_SAMPLES)


@dataclass(frozen=True, slots=True)
class Island:
    """Cues with silence around them: something sounds from frame ``first`` up to, but not in, frame ``stop``.

    ``placed`` are the cues, in order, counted from ``first``; ``content`` is a digest of them.
    """

    first: int
    stop: int
    cues: tuple[Cue, ...]
    placed: tuple[Placed, ...]
    content: str


def islands_of(timeline: Timeline, naming: Naming) -> list[Island]:
    """Return the islands of voice and tones, in order."""
    heard = sorted((cue for cue in timeline.cues if cue.track is not Track.BED), key=lambda cue: cue.start_ms)
    return [_island(group, naming) for group in _groups(heard)]


def naming_of(clips: ClipSource) -> Naming:
    """Return what names cues: by the key of their clip where the source has such, else by its samples."""
    of_utterance = cache(clips.digest if isinstance(clips, Keyed) else _digest_of_samples(clips))

    def name(cue: Cue) -> str:
        if cue.track is Track.TONE:
            return _tone_name(cue.text, cue.duration_ms)
        return f"{of_utterance(cue.utterance)} {cue.duration_ms}"

    return name


def named(placed: Iterable[Placed]) -> list[list[str | int]]:
    """Return cues for a key."""
    return [[cue.name, cue.at] for cue in placed]


def key_of(*parts: object) -> str:
    """Return the digest of parts that JSON can hold."""
    return digest_of(json.dumps(parts, separators=(",", ":")))


def frame_at(ms: int) -> int:
    """Return the frame in which a moment lies."""
    return samples_from_ms(ms) // FRAME_SAMPLES


def frame_after(ms: int) -> int:
    """Return the first frame that lies wholly after a moment."""
    return -(-samples_from_ms(ms) // FRAME_SAMPLES)


def _groups(cues: Iterable[Cue]) -> Iterable[Sequence[Cue]]:
    group: list[Cue] = []
    stop = 0
    for cue in cues:
        if group and frame_at(cue.start_ms) - stop >= APART:
            yield group
            group, stop = [], 0
        group.append(cue)
        stop = max(stop, frame_after(cue.end_ms))
    if group:
        yield group


def _island(cues: Sequence[Cue], naming: Naming) -> Island:
    first = frame_at(cues[0].start_ms)
    stop = max(frame_after(cue.end_ms) for cue in cues)
    placed = tuple(Placed(naming(cue), samples_from_ms(cue.start_ms) - first * FRAME_SAMPLES) for cue in cues)
    return Island(first, stop, tuple(cues), placed, key_of(SYNTHESIS_VERSION, named(placed)))


@cache
def _tone_name(name: str, duration_ms: int) -> str:
    if name in breath_tones():
        return f"{breath_tones()[name]!r} {duration_ms}"
    return repr(tones()[name])


def _digest_of_samples(clips: ClipSource) -> Callable[[Utterance], str]:
    from hashlib import blake2b

    return lambda utterance: blake2b(clips.clip(utterance).samples.data, digest_size=20).hexdigest()
