"""A sound file and what it should hold become a verdict. The one function here is what the command line calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from breathcue.audio.beds import BedSource
from breathcue.audio.formats import FORMATS
from breathcue.audio.loudness import measure, session_gain_db
from breathcue.audio.sounds import sounds
from breathcue.decoding import blocks
from breathcue.dsp.shape import Samples, gain_from_db
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import SAMPLE_RATE, Ms, ms_from_samples, samples_from_ms
from breathcue.verify.checks.bed import bed
from breathcue.verify.checks.length import length
from breathcue.verify.checks.level import loudness, true_peak
from breathcue.verify.checks.naming import naming
from breathcue.verify.checks.onsets import cue_onsets, find_onsets, heard_onsets
from breathcue.verify.checks.places import cue_places, heard_cues, overlaps, whole_clips
from breathcue.verify.checks.quiet import extra_sound, has_bed, longest_silence, noise_floor
from breathcue.verify.hearing import Heard, listen
from breathcue.verify.label import NO_LABEL, Label, read_label
from breathcue.verify.listening import Ears, Listening
from breathcue.verify.model import LONGEST_MS, Check, Expected, HeardCue, Share, Verdict, skipped
from breathcue.verify.search import Search
from breathcue.verify.words import Spell

_ABOUT_CUES = ("cues", "clips", "overlaps")


def verify(
    file: Path,
    expected: Expected | None = None,
    *,
    ears: Ears | None = None,
    spell: Spell = str,
    on_progress: Share | None = None,
) -> Verdict:
    """Return what is true of a sound file, compared with what it should hold as far as that is known.

    ``ears`` hear every voice cue of what is expected; ``spell`` puts the numbers they write in digits into words.

    The file is decoded once, in blocks; three hours of it take as much memory as three minutes and 3 kB a second.

    Raises:
        BreathcueError: the file cannot be read (``sound-missing``, ``-unreadable``, ``-empty``, ``-too-long``), or the
            clips are not those of the timeline (``clip-mismatch``).
        MissingError: ``encoder-missing``: there is no ffmpeg to read it with.
    """
    label = read_label(file) if file.is_file() else NO_LABEL
    search = computed = beneath = None
    if expected is not None and expected.clips is not None:
        computed, gain_db = _level(expected, label)
        search = Search(expected.timeline.cues, sounds(expected.clips), gain_from_db(gain_db))
        if expected.bed is not None:
            beneath = _alone(expected.bed, expected.timeline.duration_ms, gain_from_db(gain_db))
    listening = Listening(expected.timeline, ears, spell) if expected and ears else None
    wanted = [window for each in (search, listening) if each for window in each.windows()]
    heard = listen(_reported(file, label, on_progress), wanted)
    cues, about_cues = _cues(heard, expected, search)
    checks = [*_about_sound(heard, label, expected, computed, beneath), *about_cues]
    checks += [listening.check()] if listening else []
    checks += naming(label, ms_from_samples(heard.length), expected)
    return Verdict(file, tuple(checks), cues)


def _level(expected: Expected, label: Label) -> tuple[float, float]:
    """Return the loudness that should be measured, and the gain with which the session was rendered.

    Where there is a bed, it is that of the voice alone: see :func:`breathcue.verify.checks.level.loudness`.
    """
    assert expected.clips is not None
    timeline = expected.timeline
    without_bed = _only(timeline, Track.VOICE, Track.TONE)
    level = measure(without_bed, expected.clips, expected.bed)
    # A format that breathcue does not write was made from one that keeps every sample, and needs no room.
    headroom_db = FORMATS[label.form].headroom_db if label.form else 0.0
    gain_db = session_gain_db(level, headroom_db=headroom_db)
    if has_bed(timeline):
        level = measure(_only(timeline, Track.VOICE), expected.clips)
    return level.lufs + gain_db, gain_db


def _alone(bed: BedSource, length_ms: Ms, gain: float) -> Heard:
    """Return what would be heard of a session if nothing sounded in it but its bed."""
    length = samples_from_ms(length_ms)

    def blocks_of_bed() -> Iterator[Samples]:
        for start in range(0, length, SAMPLE_RATE):
            out = np.zeros(min(SAMPLE_RATE, length - start), np.float32)
            bed.add(out, start)
            out *= np.float32(gain)
            yield out

    return listen(blocks_of_bed(), ())


def _only(timeline: Timeline, *tracks: Track) -> Timeline:
    return replace(timeline, cues=tuple(cue for cue in timeline.cues if cue.track in tracks))


def _cues(
    heard: Heard, expected: Expected | None, search: Search | None
) -> tuple[tuple[HeardCue, ...], list[Check]]:
    if search is not None:
        found = search.results()
        return heard_cues(found), [
            cue_places(found, ms_from_samples(heard.length)),
            whole_clips(found),
            overlaps(found),
        ]
    if expected is None:
        return (), [skipped(name, "only a session or its timeline says which") for name in _ABOUT_CUES]
    onsets = find_onsets(heard, expected.timeline)
    unknown = [skipped(name, "only the session's own voice can show it") for name in _ABOUT_CUES[1:]]
    return heard_onsets(onsets), [
        cue_onsets(onsets, expected.timeline, ms_from_samples(heard.length)),
        *unknown,
    ]


def _about_sound(
    heard: Heard, label: Label, expected: Expected | None, computed: float | None, beneath: Heard | None
) -> Iterator[Check]:
    timeline = expected.timeline if expected else None
    yield length(heard, label, timeline)
    yield extra_sound(heard, timeline, beneath)
    yield longest_silence(heard, timeline)
    yield noise_floor(heard, timeline)
    if there := bed(heard, timeline, beneath):
        yield there
    yield loudness(heard, timeline, computed, bed_known=beneath is not None)
    yield true_peak(heard)


def _reported(file: Path, label: Label, on_progress: Share | None) -> Iterable[Samples]:
    """Yield the blocks of a file, and report the share of them that has gone by."""
    whole = samples_from_ms(label.length_ms or 0)
    done = 0
    for block in blocks(file, longest_ms=LONGEST_MS):
        yield block
        done += len(block)
        if on_progress and whole:
            on_progress(min(1.0, done / whole))
