"""Whether a file is as long as its session, or at least as long as it says."""

from __future__ import annotations

from breathcue.timeline.model import Timeline
from breathcue.timeline.time import SAMPLES_PER_MS, Ms, clock, ms_from_samples, samples_from_ms
from breathcue.verify.hearing import Heard
from breathcue.verify.label import Label
from breathcue.verify.model import Check, Finding, judged, skipped

_FRAME_OF_MP4 = 1024
_PAGE_OF_VORBIS = 640
_SECOND = samples_from_ms(1000)

CLAIM_MS = 60
"""How far a container's own length may be off: an MP4 counts whole frames, and an old decoder plays its delay."""


def more_samples_allowed(form: str | None, wanted: int) -> tuple[int, int]:
    """Return how many samples a decoded file may lack, and how many it may have too many.

    None in most formats. Decoders of MP4 that do not cut the end (ffmpeg 5 is one) leave up to a frame of silence; a
    Vorbis stream of one page, which is a second, cannot tell its first sample and its last.
    """
    if form in (".m4a", ".m4b"):
        return 0, _FRAME_OF_MP4
    if form == ".ogg" and wanted < _SECOND:
        return _PAGE_OF_VORBIS, _PAGE_OF_VORBIS
    if form is None:
        return samples_from_ms(CLAIM_MS), samples_from_ms(CLAIM_MS)
    return 0, 0


def length(heard: Heard, label: Label, timeline: Timeline | None) -> Check:
    """Compare what was decoded with the timeline or, without one, with what the container says."""
    measured = clock(ms_from_samples(heard.length), millis=True)
    if timeline is None:
        return _as_it_says(heard, label, measured)
    wanted = samples_from_ms(timeline.duration_ms)
    off = heard.length - wanted
    fewer, more = more_samples_allowed(label.form, wanted)
    expected = clock(timeline.duration_ms, millis=True) + (
        f", up to {more} samples more" if more else ", exactly"
    )
    findings = []
    if not -fewer <= off <= more:
        how = "longer" if off > 0 else "shorter"
        findings.append(Finding(f"The sound is {_amount(abs(off))} {how} than the session."))
    return judged("length", measured, expected, findings, samples=heard.length, expected_samples=wanted)


def _as_it_says(heard: Heard, label: Label, measured: str) -> Check:
    if label.length_ms is None:
        return skipped("length", "the container does not say", measured=measured, samples=heard.length)
    off = ms_from_samples(heard.length) - label.length_ms
    findings = []
    if abs(off) > CLAIM_MS:
        how = "longer" if off > 0 else "shorter"
        findings.append(Finding(f"The sound is {abs(off)} ms {how} than the file says."))
    expected = f"{clock(label.length_ms, millis=True)} as the file says, within {CLAIM_MS} ms"
    return judged("length", measured, expected, findings, samples=heard.length)


def _amount(samples: int) -> str:
    return f"{Ms(samples // SAMPLES_PER_MS)} ms" if samples >= SAMPLES_PER_MS else f"{samples} samples"
