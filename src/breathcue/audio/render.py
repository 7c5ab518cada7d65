"""Timeline + clips -> file. The one function here is what the command line calls."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from breathcue.audio import errors
from breathcue.audio.encode import available_processors, cut_frames, encode
from breathcue.audio.encoder import LAME_GAIN, find_encoder
from breathcue.audio.loudness import MP3_HEADROOM_DB, Level, measure, session_gain_db
from breathcue.audio.mixer import CueSource, Span, islands, mix_sources, silences
from breathcue.audio.mp3 import FRAME_BYTES, frame_count
from breathcue.audio.pcm import pcm_stream
from breathcue.audio.sounds import ClipSource, Sound, sounds
from breathcue.audio.tags import id3_tag
from breathcue.audio.wav import wav_size, write_wav
from breathcue.dsp.shape import gain_from_db
from breathcue.files import check_writable, disk_full, unwritable, whole_file
from breathcue.timeline.model import Timeline
from breathcue.timeline.time import Ms, samples_from_ms

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was written. ``gain_db`` was applied to every clip; ``lufs`` and ``peak_dbtp`` are those of the samples
    that went into the file, computed, not measured: see :class:`breathcue.audio.loudness.Level`.
    """

    path: Path
    duration_ms: Ms
    bytes: int
    lufs: float
    peak_dbtp: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class _Job:
    """All that a format needs to write a session."""

    timeline: Timeline
    sound: Sound
    gain: float
    processors: int
    on_progress: Progress

    @property
    def samples(self) -> int:
        return samples_from_ms(self.timeline.duration_ms)

    def pcm(self, windows: Iterable[Span], *, extra_gain: float = 1.0) -> Iterable[memoryview]:
        """Return the session's samples in each of the windows, as bytes, each reader with its own mix."""
        source = CueSource(self.timeline.cues, self.sound)
        return pcm_stream(mix_sources([source], self.gain * extra_gain, windows))


Writer = Callable[[_Job, BinaryIO], int]


def _write_mp3(job: _Job, file: BinaryIO) -> int:
    tag = id3_tag(job.timeline)
    file.write(tag)

    def pcm(windows: Iterable[Span]) -> Iterable[memoryview]:
        return job.pcm(windows, extra_gain=1 / LAME_GAIN)

    sounding = islands([CueSource(job.timeline.cues, job.sound)])
    cuts = cut_frames(sounding, job.samples, job.processors)
    gaps = silences(sounding, job.samples)
    return encode(file, len(tag), pcm, job.samples, cuts, gaps, on_progress=job.on_progress)


def _write_wav(job: _Job, file: BinaryIO) -> int:
    def counted() -> Iterator[memoryview]:
        done = 0
        for data in job.pcm([Span(0, job.samples)]):
            yield data
            done += len(data)
            job.on_progress(done / (2 * job.samples))

    return write_wav(file, counted(), job.samples)


def _mp3_size(timeline: Timeline) -> int:
    find_encoder()
    return (frame_count(samples_from_ms(timeline.duration_ms)) + 1) * FRAME_BYTES


def _wav_size(timeline: Timeline) -> int:
    return wav_size(samples_from_ms(timeline.duration_ms))


@dataclass(frozen=True, slots=True)
class _Format:
    """``size`` returns the bytes a session needs, and raises where the format cannot be written at all.

    ``headroom_db`` is how much writing in this format may add to a peak.
    """

    size: Callable[[Timeline], int]
    write: Writer
    headroom_db: float


_FORMATS: Mapping[str, _Format] = MappingProxyType(
    {".mp3": _Format(_mp3_size, _write_mp3, MP3_HEADROOM_DB), ".wav": _Format(_wav_size, _write_wav, 0.0)}
)


def format_names() -> tuple[str, ...]:
    """Return the suffixes a target may have."""
    return tuple(_FORMATS)


def check_target(target: Path) -> None:
    """Refuse, before any work is done, a target that cannot be written.

    Raises:
        BreathcueError: ``unknown-format``, ``target-is-folder``.
        MissingError: ``no-such-folder``, ``target-unwritable``.
    """
    if target.suffix.lower() not in _FORMATS:
        raise errors.unknown_format(target, format_names())
    check_writable(target)


def _check_room(target: Path, needed: int) -> None:
    folder = Path(os.path.realpath(target)).parent
    with contextlib.suppress(OSError):
        if shutil.disk_usage(folder).free < needed:
            raise disk_full(target.parent, needed)


def render(
    timeline: Timeline,
    clips: ClipSource,
    target: Path,
    *,
    on_progress: Progress | None = None,
    processors: int | None = None,
) -> Report:
    """Write the session to ``target``, as its suffix says: ``.mp3`` or ``.wav``.

    ``on_progress`` gets the share done, from 0 to 1, in the calling thread. ``processors`` is how many encoders may
    run at once (all available ones, if None); the file does not depend on it. The file appears whole or not at all.

    Raises:
        BreathcueError: the target's name or the timeline is at fault (``unknown-format``, ``target-is-folder``,
            ``wav-too-long``, ``clip-mismatch``), or whatever ``clips`` raises.
        MissingError: ``no-such-folder``, ``target-unwritable``, ``disk-full``, ``encoder-missing``,
            ``encoder-failed``, ``encoder-stalled``.
    """
    check_target(target)
    form = _FORMATS[target.suffix.lower()]
    _check_room(target, form.size(timeline))
    level = measure(timeline, clips)
    gain_db = session_gain_db(level, headroom_db=form.headroom_db)
    progress = on_progress or (lambda _: None)
    job = _Job(timeline, sounds(clips), gain_from_db(gain_db), processors or available_processors(), progress)
    try:
        with whole_file(target) as file:
            size = form.write(job, file)
    except OSError as error:
        raise unwritable(target, error) from error
    progress(1.0)
    return _report(timeline, target, size, level, gain_db)


def _report(timeline: Timeline, target: Path, size: int, level: Level, gain_db: float) -> Report:
    return Report(
        target, timeline.duration_ms, size, level.lufs + gain_db, level.peak_dbtp + gain_db, gain_db
    )
