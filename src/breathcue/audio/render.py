"""Timeline + clips -> file. The one function here is what the command line calls."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from breathcue.audio import errors
from breathcue.audio.beds import session_bed
from breathcue.audio.cover import cover_of, read_cover
from breathcue.audio.encode import available_processors
from breathcue.audio.formats import FORMATS, Format
from breathcue.audio.islands import islands_of, naming_of
from breathcue.audio.levels import Levels
from breathcue.audio.loudness import level_of, session_gain_db
from breathcue.audio.order import PLAIN, Job, Label, Order, Quality, Written
from breathcue.audio.pcm import PCM_BYTES
from breathcue.audio.sounds import ClipSource, sounds
from breathcue.audio.stems import NAMES, stem_path, write_stem
from breathcue.audio.wav import wav_size
from breathcue.dsp.shape import gain_from_db
from breathcue.files import check_spares, check_writable, disk_full, unwritable, whole_file
from breathcue.store import Store
from breathcue.timeline.model import Timeline, Track
from breathcue.timeline.time import Ms, samples_from_ms

Progress = Callable[[float], None]

_LOSSLESS_BED = 0.5
"""How much of its samples' size a session with a bed takes where nothing is lost: a bed leaves no silence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was written. ``gain_db`` was applied to everything; ``lufs`` is that of the samples that went into the
    file, computed, not measured: see :class:`breathcue.audio.loudness.Level`. It is the loudness of voice and tones, as
    a bed leaves it wherever words fill over a sixth of the session. ``stems`` are further files.
    """

    path: Path
    stems: tuple[Path, ...]
    duration_ms: Ms
    written: Written
    lufs: float
    gain_db: float

    @property
    def bytes(self) -> int:
        """The size of the session's own file."""
        return self.written.size


def format_names() -> tuple[str, ...]:
    """Return the suffixes a target may have."""
    return tuple(FORMATS)


def check_target(target: Path, order: Order = PLAIN) -> None:
    """Refuse, before any work is done, a target that cannot be written as it is ordered.

    Raises:
        RequestError: ``unknown-format``, ``format-lacks``, ``bad-cover``, ``target-is-folder``, ``target-is-source``.
        MissingError: ``no-such-folder``, ``target-unwritable``.
    """
    form = FORMATS.get(target.suffix.lower())
    if form is None:
        raise errors.unknown_format(target, format_names())
    if order.quality and not form.bit_rates:
        raise errors.format_lacks(
            target, "a quality, because nothing of the sound is lost in it", "--quality"
        )
    if order.cover:
        if not form.cover:
            raise errors.format_lacks(target, "a picture", "--cover")
        read_cover(order.cover)
    sources = [path for path in (order.cover, order.bed_file) if path is not None]
    for path in written_files(target, order):
        check_writable(path)
        check_spares(path, sources)


def written_files(target: Path, order: Order = PLAIN) -> tuple[Path, ...]:
    """Return every file that is written for a session to ``target``: its own, and its stems."""
    return (target, *_stems(target, order).values())


def _stems(target: Path, order: Order) -> Mapping[Track, Path]:
    return {track: stem_path(target, track) for track in NAMES} if order.stems else {}


def _check_room(timeline: Timeline, target: Path, form: Format, bit_rate: int, stems: Iterable[Path]) -> None:
    """Refuse a session that there is no room for; what needs how much is known well enough before it is made."""
    samples = samples_from_ms(timeline.duration_ms)
    needed = form.size(samples, bit_rate)
    if not form.bit_rates and any(cue.track is Track.BED for cue in timeline.cues):
        needed = max(needed, int(samples * PCM_BYTES * _LOSSLESS_BED))
    rooms = Counter({Path(os.path.realpath(target)).parent: needed})
    for stem in stems:
        rooms[Path(os.path.realpath(stem)).parent] += wav_size(samples)
    for folder, room in rooms.items():
        with contextlib.suppress(OSError):
            if shutil.disk_usage(folder).free < room:
                raise disk_full(target.parent, room)


def render(
    timeline: Timeline,
    clips: ClipSource,
    target: Path,
    order: Order = PLAIN,
    *,
    on_progress: Progress | None = None,
    processors: int | None = None,
    kept: Store | None = None,
) -> Report:
    """Write the session to ``target``, in the format that its suffix says.

    ``on_progress`` gets the share done, from 0 to 1, in the calling thread. ``processors`` is how many encoders may
    run at once (all available ones, if None), and ``kept`` is where encoded sound is found and kept; the file depends
    on neither. It appears whole or not at all.

    Raises:
        BreathcueError: the target's name or the timeline is at fault (``unknown-format``, ``format-lacks``,
            ``bad-cover``, ``target-is-folder``, ``target-is-source``, ``wav-too-long``, ``clip-mismatch``), or whatever
            ``clips`` raises.
        MissingError: ``no-such-folder``, ``target-unwritable``, ``disk-full``, ``encoder-missing``,
            ``encoder-failed``, ``encoder-stalled``.
    """
    check_target(target, order)
    form = FORMATS[target.suffix.lower()]
    bit_rate = form.bit_rates.get(order.quality or Quality.STANDARD, 0)
    stems = _stems(target, order)
    _check_room(timeline, target, form, bit_rate, stems.values())
    bed = session_bed(timeline, order.bed_file, order.bed_ms)
    sound, islands = sounds(clips), islands_of(timeline, naming_of(clips))
    levels = Levels(sound, kept)
    level = level_of(islands, timeline.duration_ms, sound, levels, bed)
    gain_db = session_gain_db(level, headroom_db=form.headroom_db)
    progress = on_progress or (lambda _: None)
    job = Job(
        label=_label(timeline, order, form, kept),
        sound=sound,
        islands=islands,
        levels=levels,
        kept=kept,
        bed=bed,
        gain=gain_from_db(gain_db),
        bit_rate=bit_rate,
        processors=processors or available_processors(),
        on_progress=progress,
    )
    written = _write(job, form, target, stems)
    progress(1.0)
    return Report(
        path=target,
        stems=tuple(stems.values()),
        duration_ms=timeline.duration_ms,
        written=written,
        lufs=level.lufs + gain_db,
        gain_db=gain_db,
    )


def _write(job: Job, form: Format, target: Path, stems: Mapping[Track, Path]) -> Written:
    """Write the session, and its stems, all of which are whole before the first appears."""
    path = target
    try:
        with ExitStack() as stack:
            for track, path in stems.items():
                file = stack.enter_context(whole_file(path))
                write_stem(job, track, file)
                # A disk that turns out to be full says so here, before any file has its name.
                file.flush()
                os.fsync(file.fileno())
            path = target
            with whole_file(target) as file:
                return form.write(job, file)
    except OSError as error:
        raise unwritable(path, error) from error


def _label(timeline: Timeline, order: Order, form: Format, kept: Store | None) -> Label:
    if not form.cover:
        return Label(timeline, order.author)
    cover = read_cover(order.cover) if order.cover else cover_of(timeline.title, kept)
    return Label(timeline, order.author, cover)
