"""What sounds now: clips that were started, each going on to its end whatever the session does, unless it is faded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from breathcue.audio.mixer import add_clip
from breathcue.dsp.shape import gain_from_db
from breathcue.timeline.model import Cue, Track
from breathcue.timeline.time import samples_from_ms
from breathcue.voices.base import Samples

FADE = samples_from_ms(30)
"""How long what is interrupted takes to fall silent: too short to be in the way, too long to click."""


@dataclass(frozen=True, slots=True, eq=False)
class Sounding:
    """A clip that was started at sample ``start`` of what is heard; it fades from sample ``fade_from`` on, if ever."""

    cue: Cue
    clip: Samples
    start: int
    fade_from: int | None = None

    @property
    def stop(self) -> int:
        """The sample at which it has been heard."""
        end = self.start + len(self.clip)
        return end if self.fade_from is None else min(end, self.fade_from + FADE)


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud each track is, in dB relative to the rendered session."""

    voice_db: float = 0.0
    tones_db: float = 0.0
    bed_db: float = 0.0

    def gain(self, track: Track) -> float:
        """Return the factor for a track."""
        levels = {Track.VOICE: self.voice_db, Track.TONE: self.tones_db, Track.BED: self.bed_db}
        return gain_from_db(levels[track])


EVEN = Levels()
"""As loud as the rendered session."""


def faded(sounding: tuple[Sounding, ...], at: int) -> tuple[Sounding, ...]:
    """Let everything fall silent from sample ``at`` on."""
    return tuple(one if one.fade_from is not None else replace(one, fade_from=at) for one in sounding)


def mixed(sounding: tuple[Sounding, ...], start: int, length: int, was: Levels, now: Levels) -> Samples:
    """Return ``length`` samples from ``start`` on. Where levels change, they do so evenly over the block."""
    out = np.zeros(length, np.float32)
    gains: Mapping[Track, tuple[float, float]] = {
        t: (was.gain(t), now.gain(t)) for t in (Track.VOICE, Track.TONE)
    }
    for one in sounding:
        before, after = gains[Track.VOICE if one.cue.track is Track.VOICE else Track.TONE]
        if one.fade_from is None and before == after == 1.0:
            add_clip(out, one.clip, start - one.start)
            continue
        part = np.zeros(length, np.float32)
        add_clip(part, one.clip, start - one.start)
        part *= np.linspace(before, after, length, dtype=np.float32)
        if one.fade_from is not None:
            part *= fading(start - one.fade_from, length)
        out += part
    return out


def fading(offset: int, length: int) -> Samples:
    """Return the factors of what falls silent, ``offset`` samples into its fade: half a raised cosine."""
    share = np.clip((np.arange(offset, offset + length)) / FADE, 0.0, 1.0)
    return (0.5 + 0.5 * np.cos(np.pi * share)).astype(np.float32)
