"""What sounds where nothing should, and how long nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.beds import is_built_in
from breathcue.audio.ducking import ducking
from breathcue.audio.mixer import Span
from breathcue.dsp.loudness import HOP, HOP_MS
from breathcue.dsp.shape import db_from_gain, gain_from_db
from breathcue.timeline.invariants import MAX_SILENCE_MS
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import Ms, clock, samples_from_ms
from breathcue.verify.hearing import Heard, hop_of
from breathcue.verify.model import Check, Finding, judged, skipped, speaks_aloud

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOOR_DBFS = -72.0
"""The mean level of pauses, at most: 56 dB under speech, and lower than any quiet room. Rendering writes digital
silence, and codecs leave -80 at most."""

EXTRA_DBFS = -50.0
"""A sound in a pause is one above this."""

OVER_BED_DB = 8.0
"""With a bed, a sound in a pause is one so much above the bed as it sounds there. Where the bed is not at hand, it is
one so much above what nine tenths of a built-in bed stay under, ducked as it is there."""

BED_FLOOR_DBFS = -64.0
"""Where the bed itself is silent for a moment, as music may be, it is taken to be at this level."""

SILENT_DBFS = -60.0

SILENCE_SLACK_MS = 250
"""A clip's own soft end and beginning lengthen the silence between two."""

BEFORE_MS, AFTER_MS = 60, 120
"""How far around a cue something of it may be left in the sound: codecs ring, and guess what is to come."""

_JOIN_MS = 200
_SMOOTH_HOPS = 24
_NEAR_HOPS = 51
_HOPS_AT_ONCE = 1000


def pauses(heard: Heard, timeline: Timeline) -> NDArray[np.bool_]:
    """Return which hops lie outside all cues but the bed, clear of what a codec lets ring around them."""
    clear = np.ones(len(heard.peaks), np.bool_)
    for cue in timeline.cues:
        if cue.track is not Track.BED:
            clear[max(0, hop_of(cue.start_ms - BEFORE_MS)) : hop_of(cue.end_ms + AFTER_MS)] = False
    return clear


def has_bed(timeline: Timeline) -> bool:
    """Say whether something sounds all along."""
    return any(cue.track is Track.BED for cue in timeline.cues)


def noise_floor(heard: Heard, timeline: Timeline | None) -> Check:
    """Measure the level of the pauses; with a bed, it is the bed's."""
    if timeline is None:
        return skipped("noise-floor", "only a timeline says where the pauses are")
    clear = pauses(heard, timeline)
    if not clear.any():
        return skipped("noise-floor", "there is no pause")
    level = db_from_gain(float(np.sqrt(np.mean(heard.power[clear], dtype=np.float64))))
    shown = f"{level:.1f} dBFS" if np.isfinite(level) else "digital silence"
    finite = round(level, 1) if np.isfinite(level) else None
    if has_bed(timeline):
        return skipped("noise-floor", "the bed lies over it", measured=shown, dbfs=finite)
    findings = []
    if level > FLOOR_DBFS:
        findings.append(Finding(f"The pauses are not silent: {shown} in the mean."))
    return judged(
        "noise-floor", shown, f"at most {FLOOR_DBFS:g} dBFS", findings, dbfs=finite, highest=FLOOR_DBFS
    )


def has_own_music(timeline: Timeline) -> bool:
    """Say whether the bed is a sound file of the author's, which may be of any kind, and silent for a while."""
    return any(cue.track is Track.BED and not is_built_in(cue.text) for cue in timeline.cues)


def extra_sound(heard: Heard, timeline: Timeline | None, beneath: Heard | None = None) -> Check:
    """Find stretches of sound where the timeline has none; ``beneath`` is the bed as it should sound, alone."""
    if timeline is None:
        return skipped("extra-sound", "only a timeline says where nothing should sound")
    clear = pauses(heard, timeline)
    if not clear.any():
        return skipped("extra-sound", "there is no pause")
    level, threshold = heard.peaks, gain_from_db(EXTRA_DBFS)
    if beneath is None and has_own_music(timeline):
        return skipped("extra-sound", "the author's own music lies over it; give the session")
    if has_bed(timeline):
        level = _over_bed(heard, beneath) if beneath else _over_most(heard, timeline, clear)
        threshold = gain_from_db(2 * OVER_BED_DB)
    findings = []
    total = 0
    for first, last in _stretches(clear & (level > threshold)):
        length = (last - first) * HOP_MS
        total += length
        peak = db_from_gain(float(heard.peaks[first:last].max()))
        message = f"Something sounds for {length} ms, up to {peak:.0f} dBFS, where the timeline has nothing."
        findings.append(Finding(message, Ms(first * HOP_MS)))
    return judged(
        "extra-sound",
        f"{total} ms" if findings else "none",
        "nothing above the bed" if has_bed(timeline) else f"nothing above {EXTRA_DBFS:g} dBFS",
        findings,
        total_ms=total,
        stretches=len(findings),
    )


def _over_bed(heard: Heard, beneath: Heard) -> NDArray[np.float32]:
    """Return by what factor the power of each hop is above the highest of the bed within 100 ms.

    Codecs move what is left of a stroke by some ten milliseconds.
    """
    from scipy import ndimage

    bed = np.resize(_smooth(beneath.power), len(heard.power)) if len(beneath.power) else heard.power * 0
    bed[len(beneath.power) :] = 0
    near = np.asarray(ndimage.maximum_filter1d(bed, _NEAR_HOPS), np.float32)
    highest = np.maximum(near, np.float32(gain_from_db(2 * BED_FLOOR_DBFS)))
    return np.asarray(_smooth(heard.power) / highest, np.float32)


def _over_most(heard: Heard, timeline: Timeline, clear: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return by what factor the power of each hop is above what nine tenths of the pauses stay under."""
    level = _smooth(heard.power) / _ducking(heard, timeline)
    most = float(np.quantile(level[clear], 0.9))
    return np.asarray(level / max(most, float(np.finfo(np.float32).tiny)), np.float32)


def _is_mute(timeline: Timeline) -> bool:
    spoken = [cue for cue in timeline.cues if cue.track is Track.VOICE]
    return bool(spoken) and not any(speaks_aloud(cue, timeline) for cue in spoken)


def _ducking(heard: Heard, timeline: Timeline) -> NDArray[np.float32]:
    """Return the share of its power that the bed keeps in each hop, making way for words."""
    spoken = sorted((cue for cue in timeline.cues if cue.track is Track.VOICE), key=lambda cue: cue.start_ms)
    speech = [Span(samples_from_ms(cue.start_ms), samples_from_ms(cue.end_ms)) for cue in spoken]
    shares = np.ones(len(heard.power), np.float32)
    for first in range(0, len(shares), _HOPS_AT_ONCE):
        hops = min(_HOPS_AT_ONCE, len(shares) - first)
        shares[first : first + hops] = np.square(ducking(speech, first * HOP, hops * HOP)[::HOP])
    return shares


def _smooth(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean power over 100 ms around each hop."""
    kernel = np.full(_SMOOTH_HOPS, 1 / _SMOOTH_HOPS, np.float32)
    return np.convolve(power, kernel, mode="same").astype(np.float32) if len(power) else power


def longest_silence(heard: Heard, timeline: Timeline | None) -> Check:
    """Find the longest stretch in which nothing is heard."""
    longest, at = 0, 0
    for first, last in _runs(heard.peaks <= gain_from_db(SILENT_DBFS)):
        if last - first > longest:
            longest, at = last - first, first
    lasts = longest * HOP_MS
    expected = f"at most {clock(MAX_SILENCE_MS)}"
    shown = f"{lasts / 1000:.1f} s at {clock(at * HOP_MS)}" if lasts else "none"
    if timeline is not None and has_bed(timeline) and not lasts:
        return skipped("longest-silence", "the bed sounds all along", longest_ms=0)
    if timeline is not None and _is_mute(timeline):
        return skipped("longest-silence", "the voice is silent", measured=shown, longest_ms=lasts)
    findings = []
    if lasts > MAX_SILENCE_MS + SILENCE_SLACK_MS:
        message = (
            f"Nothing is heard for {lasts / 1000:.1f} s, and a listener would wonder whether it goes on."
        )
        findings.append(Finding(message, Ms(at * HOP_MS)))
    return judged("longest-silence", shown, expected, findings, longest_ms=lasts, highest_ms=MAX_SILENCE_MS)


def _stretches(there: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield runs of hops that are there, those joined between which little is missing."""
    held: tuple[int, int] | None = None
    for first, last in _runs(there):
        if held and (first - held[1]) * HOP_MS <= _JOIN_MS:
            held = held[0], last
            continue
        if held:
            yield held
        held = first, last
    if held:
        yield held


def _runs(there: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the first and the one after the last of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
