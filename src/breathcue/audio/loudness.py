"""How loud a session is, computed without mixing it, and the one gain that brings it to its level.

Spoken word for phones is levelled at -16 LUFS integrated with a true peak of at most -1 dBTP (AES TD1008; Apple asks
the same of podcasts). Every clip arrives levelled so that a session of them measures that, and then there is no gain
at all: so a session sounds live exactly as in its file, although a live one begins before all of it is known, and a
changed word changes nothing but itself. Only where silence, tones and short words move the gated measurement by more
than half an LU is there a gain: held within 2 dB, and never lifting a peak above the ceiling.

MP3 at 64 kbit/s does not keep peaks: the noise it adds, where it may hide under loud sound, adds to them too. Clips of
the embedded voice at -16 LUFS, limited to -3 dBTP, decode with up to -1.3; so that is the ceiling before the encoder.

A session with almost no speech therefore stays quiet. Chimes in a long silence measure far below -16 LUFS, and
lifting them to it would startle someone lying with closed eyes; they rise by 2 dB at most. A session under 400 ms,
one gating block, has no integrated loudness and is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.sounds import ClipSource, Sound, sounds
from breathcue.dsp.loudness import HOP_MS, STEP_HOPS, gated_lufs
from breathcue.dsp.peaks import true_peak
from breathcue.dsp.shape import db_from_gain
from breathcue.timeline.model import Cue, Timeline, Track, Utterance
from breathcue.timeline.time import samples_from_ms
from breathcue.voices.base import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

TARGET_LUFS = -16.0
PEAK_LIMIT_DBTP = -1.0
"""The highest true peak of a finished file."""

MP3_HEADROOM_DB = 2.0
"""How much the encoder may add to a peak."""

TOLERANCE_LU = 0.5
"""How far a session may be from its level before it gets a gain: the deviation that EBU R 128 permits."""

MAX_CORRECTION_DB = 2.0

_Key = tuple[Track, Utterance]


@dataclass(frozen=True, slots=True)
class Level:
    """What a session measures before any gain: integrated loudness in LUFS, and the highest true peak in dBTP.

    Both are -inf for silence. The peak is exact where cues do not overlap; where they do, it is the sum of the peaks
    of what is left of each, which the true value cannot exceed.
    """

    lufs: float
    peak_dbtp: float


def measure(timeline: Timeline, clips: ClipSource) -> Level:
    """Return the level of a session from the hop energies and peaks of its clips and tones.

    Memory is 80 bytes a second of session, and one clip.

    Raises:
        BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever ``clips`` raises.
    """
    sound = sounds(clips)
    steps = np.zeros(-(-timeline.duration_ms // (HOP_MS * STEP_HOPS)) + 2)
    peaks: dict[_Key, float] = {}
    for key, cues in _by_sound(timeline).items():
        clip = sound(cues[0])
        peaks[key] = clip.peak
        for cue in cues:
            _lay(steps, clip, cue)
    whole = timeline.duration_ms // (HOP_MS * STEP_HOPS)
    highest = max((*peaks.values(), *_sums_of_overlaps(timeline, peaks, sound)), default=0.0)
    return Level(gated_lufs(steps[:whole]), db_from_gain(highest))


def session_gain_db(level: Level, *, headroom_db: float = 0.0) -> float:
    """Return the gain, in dB, that brings a session to -16 LUFS; none where it is within half an LU of it.

    It lies within 2 dB either way, and where that would lift the peak nearer than ``headroom_db`` to the limit it is
    less, down to what the limit needs.
    """
    wanted = TARGET_LUFS - level.lufs if np.isfinite(level.lufs) else 0.0
    if abs(wanted) <= TOLERANCE_LU:
        wanted = 0.0
    held = min(max(wanted, -MAX_CORRECTION_DB), MAX_CORRECTION_DB)
    return min(held, PEAK_LIMIT_DBTP - headroom_db - level.peak_dbtp)


def _by_sound(timeline: Timeline) -> Mapping[_Key, list[Cue]]:
    grouped: dict[_Key, list[Cue]] = {}
    for cue in timeline.cues:
        grouped.setdefault(_key(cue), []).append(cue)
    return grouped


def _key(cue: Cue) -> _Key:
    return cue.track, cue.utterance


def _lay(steps: NDArray[np.float64], clip: Clip, cue: Cue) -> None:
    """Add a clip's energy to the 100 ms steps it sounds in. Gating reads nothing finer than these steps."""
    step, offset = divmod(cue.start_ms // HOP_MS, STEP_HOPS)
    padded = np.zeros(-(-(offset + len(clip.energy)) // STEP_HOPS) * STEP_HOPS)
    padded[offset : offset + len(clip.energy)] = clip.energy
    sums = padded.reshape(-1, STEP_HOPS).sum(axis=1)[: len(steps) - step]
    steps[step : step + len(sums)] += sums


def _sums_of_overlaps(timeline: Timeline, peaks: Mapping[_Key, float], sound: Sound) -> Iterator[float]:
    """Yield, for each cue that starts while others sound, its peak and those of what is left of the others."""
    sounding: list[Cue] = []
    for cue in sorted(timeline.cues, key=lambda c: c.start_ms):
        sounding = [c for c in sounding if c.end_ms > cue.start_ms]
        if sounding:
            rests = (sound(c).samples[samples_from_ms(cue.start_ms - c.start_ms) :] for c in sounding)
            yield peaks[_key(cue)] + sum(true_peak(rest) for rest in rests)
        sounding.append(cue)
