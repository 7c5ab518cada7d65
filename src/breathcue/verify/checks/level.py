"""Whether a file is as loud as it should be, and whether its peaks leave room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.loudness import GAIN_STEP_DB, PEAK_LIMIT_DBTP, TARGET_LUFS, TOLERANCE_LU
from breathcue.dsp.loudness import HOP_MS, integrated_lufs
from breathcue.dsp.shape import db_from_gain
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import Ms
from breathcue.verify.checks.quiet import has_bed
from breathcue.verify.hearing import Heard, hop_of
from breathcue.verify.model import Check, Finding, judged, skipped, speaks_aloud

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_LU = 0.5
"""How far a file may be from the loudness computed from its clips. Measured: 0.25 LU in Opus at 32 kbit/s."""

UNKNOWN_BED_LU = GAIN_STEP_DB
"""How much softer it may be above a bed that is not at hand: its peaks may have cost the session a step of its gain."""

ABOVE_LU = TOLERANCE_LU + 0.2
"""How much louder than -16 LUFS a file may be: what rendering leaves uncorrected, and the codec's share."""

BELOW_LU = 2.0
"""How much softer: silence around short words lowers the measurement, and rendering lifts nothing above its peaks."""

PEAK_SLACK_DB = 0.05
"""Two meters of true peaks differ by so much."""

_RINGING_MS = 100


def loudness(
    heard: Heard, timeline: Timeline | None, computed: float | None, *, bed_known: bool = False
) -> Check:
    """Compare the integrated loudness with that computed from the clips or, without them, with the rule for all.

    Where there is a bed, or there are no clips, it is the loudness of what is said. ``bed_known`` says that what was
    computed took account of the bed, too.
    """
    energy = heard.energy
    if timeline is not None and (computed is None or has_bed(timeline)):
        energy = _spoken(heard, timeline)
    measured = integrated_lufs(energy.astype(np.float64))
    shown = f"{measured:.1f} LUFS" if np.isfinite(measured) else "silence"
    finite = round(measured, 2) if np.isfinite(measured) else None
    if computed is not None:
        if not np.isfinite(computed):
            return skipped("loudness", "there is too little sound to have one", measured=shown, lufs=finite)
        softer = UNKNOWN_BED_LU if timeline is not None and has_bed(timeline) and not bed_known else 0.0
        return _between("loudness", shown, measured, computed - NEAR_LU - softer, computed + NEAR_LU, finite)
    if timeline is not None and not any(speaks_aloud(cue, timeline) for cue in timeline.cues):
        return skipped("loudness", "nobody speaks in this session", measured=shown, lufs=finite)
    # A session of almost no words stays soft, so without its timeline only too much can be wrong.
    lowest = -np.inf if timeline is None else TARGET_LUFS - BELOW_LU
    return _between("loudness", shown, measured, lowest, TARGET_LUFS + ABOVE_LU, finite)


def _spoken(heard: Heard, timeline: Timeline) -> NDArray[np.float32]:
    """Return the energy of the hops in which somebody speaks, and none elsewhere.

    Soft tones and the bed beneath them lie about the gate of the measurement, so that a trifle would decide whether
    they count; and without the clips nobody knows how loud a session of many tones and few words should be.
    """
    kept = np.zeros_like(heard.energy)
    for cue in timeline.cues:
        if cue.track is Track.VOICE:
            there = slice(hop_of(cue.start_ms), hop_of(cue.end_ms + _RINGING_MS))
            kept[there] = heard.energy[there]
    return kept


def _between(
    name: str, shown: str, measured: float, lowest: float, highest: float, finite: float | None
) -> Check:
    findings = []
    if measured > highest:
        findings.append(Finding(f"The file is {measured - highest:.1f} LU louder than it may be."))
    if not np.isfinite(measured) and np.isfinite(lowest):
        findings.append(Finding("Nothing is heard."))
    elif measured < lowest:
        findings.append(Finding(f"The file is {lowest - measured:.1f} LU softer than it may be."))
    bounds = f"{lowest:.1f} to {highest:.1f} LUFS" if np.isfinite(lowest) else f"at most {highest:.1f} LUFS"
    least = round(float(lowest), 2) if np.isfinite(lowest) else None
    return judged(name, shown, bounds, findings, lufs=finite, lowest=least, highest=round(float(highest), 2))


def true_peak(heard: Heard) -> Check:
    """Compare the highest true peak with -1 dBTP."""
    peak = db_from_gain(heard.true_peak)
    findings = []
    if peak > PEAK_LIMIT_DBTP + PEAK_SLACK_DB:
        at = Ms(int(np.argmax(heard.peaks)) * HOP_MS)
        findings.append(Finding(f"A peak of {peak:.1f} dBTP leaves converters no room.", at))
    finite = round(peak, 2) if np.isfinite(peak) else None
    shown = f"{peak:.1f} dBTP" if np.isfinite(peak) else "silence"
    return judged(
        "true-peak",
        shown,
        f"at most {PEAK_LIMIT_DBTP:g} dBTP",
        findings,
        dbtp=finite,
        highest=PEAK_LIMIT_DBTP,
    )
