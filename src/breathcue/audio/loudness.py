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

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.mixer import add_clip
from breathcue.audio.sounds import ClipSource, Sound, sounds
from breathcue.dsp.loudness import HOP_MS, STEP_HOPS, gated_lufs
from breathcue.dsp.peaks import true_peak
from breathcue.dsp.shape import db_from_gain
from breathcue.timeline.model import Cue, CueKind, Timeline, Track, Utterance
from breathcue.timeline.time import Ms, samples_from_ms
from breathcue.voices.base import Clip

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


@dataclass(frozen=True, slots=True)
class Level:
    """What a session measures before any gain: integrated loudness in LUFS, and the highest true peak in dBTP.

    ``lufs`` is the loudness of voice and tones, ``leading_lufs`` that of what leads the session: all of it but the
    breath tones. All are -inf for silence. The peak is that of the mix, with its bed if that was given; only of
    voice cues that overlap each other it is the sum of their peaks, which the true value cannot exceed.
    """

    lufs: float
    leading_lufs: float
    peak_dbtp: float


def measure(timeline: Timeline, clips: ClipSource, bed: BedSource | None = None) -> Level:
    """Return the level of a session from the hop energies and peaks of its clips and tones.

    ``bed`` is the bed it will be mixed with. Memory is 160 bytes a second of session, and one clip of each track.

    Raises:
        BreathcueError: a clip does not fit its cue (``clip-mismatch``), or whatever ``clips`` raises.
    """
    sound = sounds(clips)
    leading = np.zeros(-(-timeline.duration_ms // (HOP_MS * STEP_HOPS)) + 2)
    breathing = np.zeros_like(leading)
    peaks = _Peaks(timeline, sound, bed)
    for cues in _by_sound(timeline):
        clip = sound(cues[0])
        steps = breathing if cues[0].kind is CueKind.BREATH_TONE else leading
        for cue in cues:
            _lay(steps, clip, cue)
            peaks.hear(clip, cue)
    whole = timeline.duration_ms // (HOP_MS * STEP_HOPS)
    leading_lufs = gated_lufs(leading[:whole])
    lufs = gated_lufs((leading + breathing)[:whole]) if breathing.any() else leading_lufs
    return Level(lufs, leading_lufs, db_from_gain(peaks.highest))


def session_gain_db(level: Level, *, headroom_db: float = 0.0) -> float:
    """Return the gain, in dB, that brings what leads a session to -16 LUFS; none where it is within half an LU of it.

    It lies within 2 dB either way, and where that would lift the peak nearer than ``headroom_db`` to the limit it is
    less, down to what the limit needs.
    """
    wanted = TARGET_LUFS - level.leading_lufs if np.isfinite(level.leading_lufs) else 0.0
    if abs(wanted) <= TOLERANCE_LU:
        wanted = 0.0
    held = min(max(wanted, -MAX_CORRECTION_DB), MAX_CORRECTION_DB)
    return min(held, PEAK_LIMIT_DBTP - headroom_db - level.peak_dbtp)


def _by_sound(timeline: Timeline) -> Iterable[list[Cue]]:
    """Return the cues that are not the bed, those of one sound together."""
    grouped: dict[tuple[Utterance, Track, int], list[Cue]] = {}
    for cue in timeline.cues:
        if cue.track is not Track.BED:
            grouped.setdefault((cue.utterance, cue.track, cue.duration_ms), []).append(cue)
    return grouped.values()


def _lay(steps: NDArray[np.float64], clip: Clip, cue: Cue) -> None:
    """Add a clip's energy to the 100 ms steps it sounds in. Gating reads nothing finer than these steps."""
    step, offset = divmod(cue.start_ms // HOP_MS, STEP_HOPS)
    padded = np.zeros(-(-(offset + len(clip.energy)) // STEP_HOPS) * STEP_HOPS)
    padded[offset : offset + len(clip.energy)] = clip.energy
    sums = padded.reshape(-1, STEP_HOPS).sum(axis=1)[: len(steps) - step]
    steps[step : step + len(sums)] += sums


class _Peaks:
    """The highest true peak of a mix, found where it can be: at the peaks of clips, and of what sounds with them."""

    def __init__(self, timeline: Timeline, sound: Sound, bed: BedSource | None) -> None:
        self.highest = 0.0
        self._sound = sound
        self._bed = bed
        self._cues = sorted((c for c in timeline.cues if c.track is not Track.BED), key=lambda c: c.start_ms)
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
