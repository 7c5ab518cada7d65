"""How loud a session is, computed without mixing it, and the one gain that brings it to its level.

Spoken word for phones is levelled at -16 LUFS integrated with a true peak of at most -1 dBTP (AES TD1008; Apple asks
the same of podcasts). Every clip arrives levelled so that a session of them measures that, and then there is no gain
at all: so a session sounds live exactly as in its file, although a live one begins before all of it is known, and a
changed word changes nothing but itself. Only where silence, tones and short words move the gated measurement by more
than half an LU is there a gain: held within 2 dB, and never lifting a peak above the ceiling.

MP3 at 64 kbit/s does not keep peaks: the noise it adds, where it may hide under loud sound, adds to them too. Clips of
the embedded voice at -16 LUFS, limited to -3 dBTP, decode with up to -1.3; so that is the ceiling before the encoder.

Breath tones and the bed do not count towards that level. They lie 10 to 20 dB below the voice and sound nearly always,
so a session of few words and many breaths would measure soft, and be made louder: its voice too. What they add to peaks
does count, and is exact.

A session with almost no speech therefore stays quiet. Chimes in a long silence measure far below -16 LUFS, and
lifting them to it would startle someone lying with closed eyes; they rise by 2 dB at most. A session under 400 ms,
one gating block, has no integrated loudness and is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import floor, inf
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.islands import Island, islands_of
from breathcue.audio.levels import FRAME_HOPS, Levels, Peaks
from breathcue.audio.sounds import ClipSource, Sound, sounds
from breathcue.dsp.loudness import HOP_MS, STEP_HOPS, gated_lufs
from breathcue.dsp.shape import db_from_gain, gain_from_db
from breathcue.timeline.model import Cue, Timeline, Track, Utterance
from breathcue.timeline.time import Ms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breathcue.audio.beds import BedSource

TARGET_LUFS = -16.0
PEAK_LIMIT_DBTP = -1.0
"""The highest true peak of a finished file."""

MP3_HEADROOM_DB = 2.0
"""How much the encoder may add to a peak."""

TOLERANCE_LU = 0.5
"""How far a session may be from its level before it gets a gain: the deviation that EBU R 128 permits."""

MAX_CORRECTION_DB = 2.0

_ROUNDING_DB = 0.001

GAIN_STEP_DB = 0.5
"""A gain is so many of these: one that moved with each word would make all sound of a session new with each word."""


@dataclass(frozen=True, slots=True)
class Level:
    """What a session measures before any gain: integrated loudness in LUFS, and where to look for its true peak.

    ``lufs`` is the loudness of voice and tones, ``leading_lufs`` that of what leads the session: all of it but the
    breath tones. Both are -inf for silence. ``search`` takes a factor of full scale and returns the highest true peak
    of the mix, with its bed if that was given, or the factor where nothing is higher: over a bed the peak of every clip
    is another, and most sessions need not know it. Of voice cues that overlap each other it is the sum of their peaks,
    which the true value cannot exceed.
    """

    lufs: float
    leading_lufs: float
    search: Callable[[float], float]

    def peak_dbtp(self, above_dbtp: float = -inf) -> float:
        """Return the highest true peak in dBTP, or ``above_dbtp`` where no peak is higher."""
        return db_from_gain(self.search(gain_from_db(above_dbtp)))


def measure(timeline: Timeline, clips: ClipSource, bed: BedSource | None = None) -> Level:
    """Return the level of a session of which nothing is known yet; see :func:`level_of`."""
    sound = sounds(clips)
    islands = islands_of(timeline, lambda cue: f"{cue.utterance} {cue.track} {cue.duration_ms}")
    return level_of(islands, timeline.duration_ms, sound, Levels(sound, None), bed)


def level_of(
    islands: Sequence[Island], duration_ms: Ms, sound: Sound, levels: Levels, bed: BedSource | None = None
) -> Level:
    """Return the level of a session from those of its islands; ``bed`` is the bed it will be mixed with.

    Memory is 160 bytes a second of session, and the levels of its distinct islands.

    Raises:
        BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever the clips raise.
    """
    leading = np.zeros(-(-duration_ms // (HOP_MS * STEP_HOPS)) + 2)
    breathing = np.zeros_like(leading)
    for island in islands:
        step, hop = divmod(island.first * FRAME_HOPS, STEP_HOPS)
        energies = levels.energies_of(island) if bed else levels.of(island)
        _lay(leading, energies.leading, step, hop)
        _lay(breathing, energies.breathing, step, hop)
    whole = duration_ms // (HOP_MS * STEP_HOPS)
    leading_lufs = gated_lufs(leading[:whole])
    lufs = gated_lufs((leading + breathing)[:whole]) if breathing.any() else leading_lufs

    def search(above: float) -> float:
        if bed is not None:
            return _peak_over(bed, islands, sound, above)
        return max([above, *(levels.of(island).peak for island in islands)])

    return Level(lufs, leading_lufs, search)


def session_gain_db(level: Level, *, headroom_db: float = 0.0) -> float:
    """Return the gain, in dB, that brings what leads a session to -16 LUFS; none where it is within half an LU of it.

    It lies within 2 dB either way, and where that would lift the peak nearer than ``headroom_db`` to the limit it is
    less, down to what the limit needs. It is a whole number of steps, so that another word seldom makes it another.
    """
    wanted = TARGET_LUFS - level.leading_lufs if np.isfinite(level.leading_lufs) else 0.0
    if abs(wanted) <= TOLERANCE_LU:
        wanted = 0.0
    held = min(max(wanted, -MAX_CORRECTION_DB), MAX_CORRECTION_DB)
    steps = round(held / GAIN_STEP_DB)
    ceiling = PEAK_LIMIT_DBTP - headroom_db
    room = ceiling - level.peak_dbtp(ceiling - steps * GAIN_STEP_DB)
    # Clips are limited to a peak that leaves two whole steps, but for the rounding of their samples.
    return min(steps, floor((room + _ROUNDING_DB) / GAIN_STEP_DB)) * GAIN_STEP_DB


def _lay(steps: NDArray[np.float64], energy: NDArray[np.float32], step: int, hop: int) -> None:
    """Add the energy of hops to the 100 ms steps they lie in. Gating reads nothing finer than these steps."""
    if not len(energy):
        return
    padded = np.zeros(-(-(hop + len(energy)) // STEP_HOPS) * STEP_HOPS)
    padded[hop : hop + len(energy)] = energy
    sums = padded.reshape(-1, STEP_HOPS).sum(axis=1)[: max(0, len(steps) - step)]
    steps[step : step + len(sums)] += sums


def _peak_over(bed: BedSource, islands: Iterable[Island], sound: Sound, above: float) -> float:
    """Return the highest true peak of a session with its bed, which no island tells by itself; or ``above``."""
    cues = [cue for island in islands for cue in island.cues]
    peaks = Peaks(cues, sound, bed, above)
    for same in _by_sound(cues):
        clip = sound(same[0])
        for cue in same:
            peaks.hear(clip, cue)
    return peaks.highest


def _by_sound(cues: Iterable[Cue]) -> Iterable[list[Cue]]:
    """Return cues, those of one sound together."""
    grouped: dict[tuple[Utterance, Track, int], list[Cue]] = {}
    for cue in cues:
        grouped.setdefault((cue.utterance, cue.track, cue.duration_ms), []).append(cue)
    return grouped.values()
