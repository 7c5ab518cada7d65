"""What is asked of a sound file besides its name: how good, by whom, and with which picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from breathcue.audio.beds import BedSource
from breathcue.audio.cover import Picture
from breathcue.audio.islands import Island
from breathcue.audio.levels import Levels
from breathcue.audio.mixer import CueSource, Source, Span, mix_sources
from breathcue.audio.pcm import pcm_stream
from breathcue.audio.sounds import Sound
from breathcue.store import Store
from breathcue.timeline.model import Timeline
from breathcue.timeline.time import Ms, samples_from_ms


class Quality(StrEnum):
    """How many bits a second a format that loses something may take; what that means is the format's."""

    LOW = "low"
    STANDARD = "standard"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asks for; None leaves it to the format.

    ``cover`` is a JPEG or PNG file. Without one, a format that shows covers gets one made from the session's title.
    ``bed_file`` is the author's music, where that is the session's bed, and ``bed_ms`` how much of it is kept.
    ``stems`` asks for voice, tones and bed as files of their own besides.
    """

    quality: Quality | None = None
    author: str | None = None
    cover: Path | None = None
    bed_file: Path | None = None
    bed_ms: Ms | None = None
    stems: bool = False


PLAIN = Order()
"""Nothing is asked for."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself: the session, who made it, and the picture that players show."""

    timeline: Timeline
    author: str | None = None
    cover: Picture | None = None


class Route(StrEnum):
    """How the sound got into a file, and why that way."""

    LINKED = "linked"
    UNDER_A_BED = "under-a-bed"
    OF_THIS_FORMAT = "of-this-format"
    BY_THIS_ENCODER = "by-this-encoder"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a file was linked from: so many islands, of which so many are different, of which so many were new.

    ``new_ms`` is how long the frames last that had to be encoded for them.
    """

    islands: int
    different: int
    new: int
    new_ms: Ms


@dataclass(frozen=True, slots=True)
class Written:
    """A file that has been written: its size in bytes, and how it came about; ``linked`` if by linking."""

    size: int
    route: Route
    linked: Linked | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """All that a format needs to write a session.

    ``islands`` are where voice and tones sound. ``bit_rate`` is in bits a second, and 0 where nothing is lost. ``bed``
    may be asked from several threads. ``kept`` is where encoded islands are found and kept.
    """

    label: Label
    sound: Sound
    islands: Sequence[Island]
    levels: Levels
    kept: Store | None
    bed: BedSource | None
    gain: float
    bit_rate: int
    processors: int
    on_progress: Callable[[float], None]

    @property
    def samples(self) -> int:
        """The length of the session in samples."""
        return samples_from_ms(self.label.timeline.duration_ms)

    def sources(self) -> list[Source]:
        """Return what is heard in the session: the cues, for one reader, and the bed."""
        cues = CueSource(self.label.timeline.cues, self.sound)
        return [cues] if self.bed is None else [cues, self.bed]

    def pcm(self, windows: Iterable[Span], *, extra_gain: float = 1.0) -> Iterable[memoryview]:
        """Return the session's samples in each of the windows, as bytes, each reader with its own mix."""
        return pcm_stream(mix_sources(self.sources(), self.gain * extra_gain, windows))
