"""Whether every cue sounds at its time, whole, as loud as it should, and after the one before: by its own clip."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from breathcue.timeline.model import Cue, Track
from breathcue.timeline.time import Ms
from breathcue.verify.matching import Losses
from breathcue.verify.model import Check, Finding, HeardCue, judged, skipped
from breathcue.verify.search import Found

ONSET_MS = 5.0
"""How far a cue may be from its time. Measured in every format and quality: 0.02 ms; a frame of MP3, the smallest slip
of a writer, is 24; and listeners do not notice 10."""

LOST_MS = 40
"""How much of a clip may not sound: less than one row of the comparison."""

LEVEL_DB = 2.0
"""How much softer or louder than the others a voice cue may be. Measured: 0.6 dB, in Opus at 32 kbit/s."""

_MANY = 0.5
_OTHER = "Most cues are missing: this is another session, or another voice or other options were rendered."


def beyond_the_end(count: int, length_ms: Ms) -> list[Finding]:
    """Return what is told once of all cues that should begin after the sound has ended."""
    cues = "one of the cues begins" if count == 1 else f"{count} of the cues begin"
    return [Finding(f"The sound ends before {cues}.", length_ms)] if count else []


def cue_places(found: Sequence[Found], length_ms: Ms) -> Check:
    """Compare where each cue was found with where the timeline has it; ``length_ms`` is how long the sound is."""
    if not found:
        return skipped("cues", "the timeline has none")
    lacking = [each for each in found if each.offset_ms is None]
    missing = [each for each in lacking if each.cue.start_ms < length_ms]
    late = [each for each in found if each.offset_ms is not None and abs(each.offset_ms) > ONSET_MS]
    findings = [
        Finding(f"{quoted(each.cue)} is missing.", each.cue.start_ms, each.cue.id) for each in missing
    ]
    findings += [Finding(_moved(each), each.cue.start_ms, each.cue.id) for each in late]
    findings.sort(key=lambda finding: finding.at_ms or 0)
    beyond = len(lacking) - len(missing)
    findings[:0] = beyond_the_end(beyond, length_ms)
    if len(missing) > _MANY * (len(found) - beyond):
        findings.insert(0, Finding(_OTHER))
    offsets = [abs(each.offset_ms) for each in found if each.offset_ms is not None]
    worst = max(offsets, default=0.0)
    return judged(
        "cues",
        f"{len(found) - len(lacking)} of {len(found)} found, at most {worst:.2f} ms off",
        f"all, within {ONSET_MS:g} ms",
        findings,
        found=len(found) - len(lacking),
        expected=len(found),
        largest_offset_ms=round(worst, 3),
    )


def whole_clips(found: Sequence[Found]) -> Check:
    """Say which voice cues do not sound whole, or not as loud as they should."""
    spoken = [each for each in found if each.cue.track is Track.VOICE and each.match]
    if not spoken:
        return skipped("clips", "no voice cue was found")
    findings = []
    for each in spoken:
        level = each.gain_db or 0.0
        if each.losses.total_ms >= LOST_MS:
            message = f"{quoted(each.cue)} is cut: {_lost(each.losses)}."
            findings.append(Finding(message, each.cue.start_ms, each.cue.id))
        elif abs(level) > LEVEL_DB:
            how = "louder" if level > 0 else "softer"
            message = f"{quoted(each.cue)} is {abs(level):.1f} dB {how} than it should be."
            findings.append(Finding(message, each.cue.start_ms, each.cue.id))
    return judged(
        "clips",
        f"{len(spoken) - len(findings)} of {len(spoken)} whole",
        f"all, within {LEVEL_DB:g} dB of their level",
        findings,
        whole=len(spoken) - len(findings),
        expected=len(spoken),
    )


def overlaps(found: Sequence[Found]) -> Check:
    """Say which voice cues begin before the one before has ended, from where they were found."""
    spoken = sorted(
        (each for each in found if each.cue.track is Track.VOICE and each.start_ms is not None),
        key=lambda each: each.start_ms or 0.0,
    )
    if len(spoken) < 2:
        return skipped("overlaps", "fewer than two voice cues were found")
    findings, least = [], float("inf")
    for earlier, later in pairwise(spoken):
        assert earlier.start_ms is not None
        assert later.start_ms is not None
        gap = later.start_ms - earlier.start_ms - earlier.cue.duration_ms
        least = min(least, gap)
        if gap < 0:
            message = f"{quoted(later.cue)} begins {-gap:.0f} ms before {quoted(earlier.cue)} has ended."
            findings.append(Finding(message, Ms(round(later.start_ms)), later.cue.id))
    return judged(
        "overlaps",
        f"{len(findings)}, the smallest gap is {least:.0f} ms",
        "none",
        findings,
        smallest_gap_ms=round(least, 1),
    )


def heard_cues(found: Sequence[Found]) -> tuple[HeardCue, ...]:
    """Return what was found of each cue, for the report."""
    return tuple(
        HeardCue(
            each.cue,
            each.offset_ms,
            None if each.match is None else each.match.likeness,
            Ms(each.losses.total_ms),
        )
        for each in found
    )


def quoted(cue: Cue) -> str:
    """Return a cue as it is named in a finding."""
    return f"“{cue.text}”" if cue.track is Track.VOICE else f"The tone {cue.text}"


def _moved(found: Found) -> str:
    offset = found.offset_ms or 0.0
    return f"{quoted(found.cue)} sounds {abs(offset):.1f} ms {'late' if offset > 0 else 'early'}."


def _lost(losses: Losses) -> str:
    parts = [
        f"{ms} ms {where}"
        for ms, where in (
            (losses.head_ms, "at its beginning"),
            (losses.inside_ms, "inside"),
            (losses.tail_ms, "at its end"),
        )
        if ms
    ]
    return f"{' and '.join(parts)} do not sound"
