"""Whether the bed is there, at its level, and makes way for words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.beds import BED_LUFS, FADE_IN_MS, FADE_OUT_MS, HIGHEST_DBFS
from breathcue.audio.ducking import DEPTH_DB, RETURN_MS, SINK_MS
from breathcue.audio.loudness import MAX_CORRECTION_DB
from breathcue.dsp.loudness import HOP, lufs
from breathcue.dsp.shape import db_from_gain
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.verify.checks.quiet import AFTER_MS, BEFORE_MS, FLOOR_DBFS, has_bed, has_own_music
from breathcue.verify.hearing import Heard, hop_of
from breathcue.verify.model import Check, Finding, judged, skipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_LU = 4.0
"""How far from what it should be the mean of the pauses may be. Where the bed itself is not at hand that is -34 LUFS,
but beds swell, and a session may have few pauses."""

LEAST_DEPTH_LU = 10.0
"""How much softer the bed must be in short pauses between words than in long ones: 14 dB, less what it swells."""

OWN_PEAK_DBFS = HIGHEST_DBFS + MAX_CORRECTION_DB + 1.0
"""What music of an author's stays under: no bed is higher than -12 dBFS, a session is lifted by 2 dB at most, and a
codec adds a little."""

_NOTHING_DB = 0.5
_NONE_LUFS = -60.0
_MISSING_LU = 20.0

# Ten seconds of long pauses, to be sure of a bed that swells, and five of short ones.
_ENOUGH_UP, _ENOUGH_DOWN = 2_500, 1_250


def bed(heard: Heard, timeline: Timeline | None, beneath: Heard | None = None) -> Check | None:
    """Measure the bed in long pauses, where it is undisturbed, and in short ones, where it stays down.

    ``beneath`` is the bed as it should sound, alone: it is compared in the same places. None where there should not be
    one, or nobody knows.
    """
    if timeline is None or not has_bed(timeline):
        return None
    up, down = _undisturbed(heard, timeline), _lowered(heard, timeline)
    level, low = _level(heard, up, _ENOUGH_UP), _level(heard, down, _ENOUGH_DOWN)
    if level is None:
        return skipped("bed", "there are too few pauses in which the bed returns")
    if beneath is not None:
        return _compared(level, low, _level_of_bed(beneath, up), _level_of_bed(beneath, down))
    if has_own_music(timeline):
        return _own_music(level, db_from_gain(float(heard.peaks[up].max())))
    return _compared(level, low, BED_LUFS, BED_LUFS - DEPTH_DB)


def _compared(level: float, low: float | None, wanted: float, wanted_low: float) -> Check:
    """Judge the level in long pauses and in short ones by what it should be in each."""
    if wanted < _NONE_LUFS:
        return skipped("bed", "it is silent in all long pauses")
    findings = []
    if level < wanted - _MISSING_LU:
        findings.append(Finding("There is no bed."))
    elif abs(level - wanted) > NEAR_LU:
        findings.append(Finding(f"The bed is at {level:.1f} LUFS."))
    elif low is not None and wanted_low > _NONE_LUFS:
        sinks_db = DEPTH_DB - (low - wanted_low) + (level - wanted)
        if sinks_db < LEAST_DEPTH_LU:
            findings.append(Finding(f"Between words the bed {_moves(sinks_db)}."))
    lowered = f", {low:.1f} between words" if low is not None and np.isfinite(low) else ""
    return judged(
        "bed",
        f"{level:.1f} LUFS{lowered}" if np.isfinite(level) else "silence",
        f"{wanted:.3g} LUFS within {NEAR_LU:g}, {DEPTH_DB:g} less between words",
        findings,
        lufs=round(level, 1) if np.isfinite(level) else None,
        between_words_lufs=round(low, 1) if low is not None and np.isfinite(low) else None,
    )


def _own_music(level: float, peak_dbfs: float) -> Check:
    """Judge music that nobody knows: it may be loud here and soft there, but not silent, nor above all beds."""
    findings = []
    if level < FLOOR_DBFS:
        findings.append(Finding("There is no bed."))
    elif peak_dbfs > OWN_PEAK_DBFS:
        findings.append(Finding(f"The bed is too loud: up to {peak_dbfs:.1f} dBFS."))
    return judged(
        "bed",
        f"{level:.1f} LUFS" if np.isfinite(level) else "silence",
        f"the author's own music, up to {OWN_PEAK_DBFS:g} dBFS",
        findings,
        lufs=round(level, 1) if np.isfinite(level) else None,
    )


def _moves(sinks_db: float) -> str:
    if abs(sinks_db) < _NOTHING_DB:
        return "does not sink"
    return f"sinks by {sinks_db:.1f} dB only" if sinks_db > 0 else f"is louder by {-sinks_db:.1f} dB"


def _undisturbed(heard: Heard, timeline: Timeline) -> NDArray[np.bool_]:
    """Return the hops in which nothing else sounds and the bed has nothing to make way for."""
    clear = np.ones(len(heard.power), np.bool_)
    clear[: hop_of(FADE_IN_MS)] = False
    clear[max(0, hop_of(timeline.duration_ms - FADE_OUT_MS)) :] = False
    for cue in _others(timeline):
        spoken = cue.track is Track.VOICE
        before, after = (SINK_MS, RETURN_MS) if spoken else (0, 0)
        _clear(clear, cue.start_ms - before - BEFORE_MS, cue.end_ms + after + AFTER_MS)
    return clear


def _lowered(heard: Heard, timeline: Timeline) -> NDArray[np.bool_]:
    """Return the hops between words that follow each other too soon for the bed to return."""
    down = np.zeros(len(heard.power), np.bool_)
    spoken = [cue for cue in timeline.cues if cue.track is Track.VOICE]
    for earlier, later in pairwise(spoken):
        if later.start_ms - earlier.end_ms < RETURN_MS + SINK_MS:
            down[hop_of(earlier.end_ms + AFTER_MS) : hop_of(later.start_ms - BEFORE_MS)] = True
    down[: hop_of(FADE_IN_MS)] = False
    for cue in _others(timeline):
        if cue.track is Track.TONE:
            _clear(down, cue.start_ms - BEFORE_MS, cue.end_ms + AFTER_MS)
    return down


def _others(timeline: Timeline) -> Iterable[Cue]:
    return (cue for cue in timeline.cues if cue.track is not Track.BED)


def _clear(hops: NDArray[np.bool_], from_ms: int, to_ms: int) -> None:
    hops[max(0, hop_of(from_ms)) : max(0, hop_of(to_ms))] = False


def _level(heard: Heard, where: NDArray[np.bool_], enough: int) -> float | None:
    """Return the mean loudness of some hops, or None where they are too few to say."""
    if int(where.sum()) < enough:
        return None
    return lufs(float(np.mean(heard.energy[where], dtype=np.float64)) / HOP)


def _level_of_bed(beneath: Heard, where: NDArray[np.bool_]) -> float:
    """Return the mean loudness that the bed should have in some hops; it lasts as long as the session."""
    there = where[: len(beneath.energy)]
    energy = beneath.energy[: len(there)][there]
    return lufs(float(np.mean(energy, dtype=np.float64)) / HOP) if len(energy) else -np.inf
