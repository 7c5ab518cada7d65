"""Voice, tones and bed as files of their own, which add up to the session.

They are WAV files beside the session's own, at the same level. Added sample by sample they are, to the last bit, what
the session's file was made of: a WAV or FLAC file holds exactly their sum. Three roundings to 16 bits would not add up
to the rounding of the whole, so the last of them takes what is left over, which is at most a step and a half: the bed
or, where there is none, the tones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from breathcue.audio.mixer import BLOCK, CueSource, Source
from breathcue.audio.order import Job
from breathcue.audio.pcm import pcm16
from breathcue.audio.wav import info_chunk, write_wav
from breathcue.timeline.model import Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES: Mapping[Track, str] = {Track.VOICE: "voice", Track.TONE: "tones", Track.BED: "bed"}
"""What is added to the name of the session's file for each of its stems."""


def stem_path(target: Path, track: Track) -> Path:
    """Return the file of a stem of a session that is written to ``target``: ``session-voice.wav`` and so on."""
    return target.with_name(f"{target.stem}-{NAMES[track]}.wav")


def write_stem(job: Job, track: Track, file: BinaryIO) -> None:
    """Write one stem of a session.

    Raises:
        BreathcueError: the session is too long for a WAV file (``wav-too-long``).
        OSError: the file could not be written.
    """
    label = job.label
    title = f"{label.timeline.title} ({NAMES[track]})"
    pieces = (block.data.cast("B") for block in _blocks(job, track))
    write_wav(file, pieces, job.samples, info_chunk(title, label.author))


def _blocks(job: Job, track: Track) -> Iterator[NDArray[np.int16]]:
    whole, own = job.sources(), _sources(job, track)
    others = [_sources(job, other) for other in NAMES if other is not track]
    takes_the_rest = track is (Track.TONE if job.bed is None else Track.BED)
    for start in range(0, job.samples, BLOCK):
        if not takes_the_rest:
            yield _sum(own, job, start)
            continue
        rest = _sum(whole, job, start)
        for other in others:
            rest -= _sum(other, job, start)
        yield rest


def _sources(job: Job, track: Track) -> Sequence[Source]:
    if track is Track.BED:
        return [] if job.bed is None else [job.bed]
    return [CueSource((cue for cue in job.label.timeline.cues if cue.track is track), job.sound)]


def _sum(sources: Sequence[Source], job: Job, start: int) -> NDArray[np.int16]:
    """Return a block of what some sources sound like in the session, as its file has it."""
    out = np.zeros(min(BLOCK, job.samples - start), np.float32)
    for source in sources:
        source.add(out, start)
    out *= np.float32(job.gain)
    return pcm16(out)
