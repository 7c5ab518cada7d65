"""Whether sound begins and ends with every voice cue: all that can be said where the voice is not at hand.

Sound that begins at the right time may be any sound. So this finds cues that are missing, late, early or cut by a good
piece, and not one word in place of another, nor a cue that begins while a tone or a bed covers its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from breathcue.dsp.loudness import HOP_MS
from breathcue.dsp.shape import gain_from_db
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.timeline.time import Ms
from breathcue.verify.checks.places import beyond_the_end, quoted
from breathcue.verify.hearing import Heard, hop_of
from breathcue.verify.model import Check, Finding, HeardCue, judged, skipped, speaks_aloud

SOUND_DBFS = -50.0
"""Above this there is sound: 30 dB under speech, and 20 dB over what a codec leaves in a pause."""

EARLY_MS = 10
"""Codecs let a cue be guessed before it begins, by up to 5 ms (docs/formats.md), and hops are of 4."""

LATE_MS = 24
"""A word may begin softly. Measured of 502 cues in every format: 8 ms at most."""

SHORT_MS = 120
"""So much of a clip's end may lie below the threshold: it fades out. Measured of the same cues: 53 ms at most."""

_BEFORE_MS = 60


@dataclass(frozen=True, slots=True)
class Onset:
    """When a cue was first and last heard, in ms from its start; None where it was not."""

    cue: Cue
    first_ms: int | None
    last_ms: int | None

    @property
    def offset_ms(self) -> float | None:
        """How much later than its time the cue was heard."""
        return None if self.first_ms is None else float(self.first_ms)


def find_onsets(heard: Heard, timeline: Timeline) -> list[Onset]:
    """Return when each voice cue was heard whose beginning nothing else covers."""
    return [_onset(heard, cue) for cue in _uncovered(timeline)]


def _uncovered(timeline: Timeline) -> Iterator[Cue]:
    others = [cue for cue in timeline.cues if cue.track is not Track.VOICE]
    for cue in timeline.cues:
        near = cue.start_ms - _BEFORE_MS
        if speaks_aloud(cue, timeline) and not any(
            o.start_ms < cue.end_ms and o.end_ms > near for o in others
        ):
            yield cue


def _onset(heard: Heard, cue: Cue) -> Onset:
    first = max(0, hop_of(cue.start_ms - _BEFORE_MS))
    loud = np.flatnonzero(heard.peaks[first : hop_of(cue.end_ms + _BEFORE_MS)] > gain_from_db(SOUND_DBFS))
    if not len(loud):
        return Onset(cue, None, None)
    begin, end = (first + int(loud[0])) * HOP_MS, (first + int(loud[-1]) + 1) * HOP_MS
    return Onset(cue, begin - cue.start_ms, end - cue.start_ms)


def cue_onsets(onsets: Sequence[Onset], timeline: Timeline, length_ms: Ms) -> Check:
    """Compare when each cue was heard with the timeline; ``length_ms`` is how long the sound is."""
    spoken = sum(speaks_aloud(cue, timeline) for cue in timeline.cues)
    if not onsets:
        why = (
            "a tone or a bed covers every cue; give the session"
            if spoken
            else "the timeline has no words to hear"
        )
        return skipped("cues", why)
    there = [onset for onset in onsets if onset.cue.start_ms < length_ms]
    findings = beyond_the_end(len(onsets) - len(there), length_ms)
    findings += [
        Finding(wrong, onset.cue.start_ms, onset.cue.id) for onset in there if (wrong := _wrong(onset))
    ]
    heard = [abs(onset.first_ms) for onset in onsets if onset.first_ms is not None]
    covered = f"; {spoken - len(onsets)} lie under a tone or a bed" if spoken > len(onsets) else ""
    return judged(
        "cues",
        f"sound at {len(heard)} of {len(onsets)}{covered}",
        f"all, from {EARLY_MS} ms early to {LATE_MS} ms late",
        findings,
        found=len(heard),
        expected=len(onsets),
        largest_offset_ms=max(heard, default=0),
    )


def _wrong(onset: Onset) -> str | None:
    name = quoted(onset.cue)
    if onset.first_ms is None or onset.last_ms is None or onset.first_ms > onset.cue.duration_ms:
        return f"Nothing is heard of {name}."
    if onset.first_ms < -EARLY_MS:
        return f"{name} is heard {-onset.first_ms} ms early."
    if onset.first_ms > LATE_MS:
        return f"{name} is heard {onset.first_ms} ms late."
    missing = onset.cue.duration_ms - onset.last_ms
    if missing > SHORT_MS:
        return f"{name} ends {missing} ms early."
    return None


def heard_onsets(onsets: Sequence[Onset]) -> tuple[HeardCue, ...]:
    """Return when each cue was heard, for the report."""
    return tuple(HeardCue(onset.cue, onset.offset_ms) for onset in onsets)
