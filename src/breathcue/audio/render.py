"""Timeline + clips -> file. The one function here is what the command line calls."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from breathcue.audio import errors
from breathcue.audio.cover import made_cover, read_cover
from breathcue.audio.encode import available_processors
from breathcue.audio.formats import FORMATS, Format
from breathcue.audio.loudness import Level, measure, session_gain_db
from breathcue.audio.order import PLAIN, Job, Label, Order, Quality
from breathcue.audio.sounds import ClipSource, sounds
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


def format_names() -> tuple[str, ...]:
    """Return the suffixes a target may have."""
    return tuple(FORMATS)


def check_target(target: Path, order: Order = PLAIN) -> None:
    """Refuse, before any work is done, a target that cannot be written as it is ordered.

    Raises:
        RequestError: ``unknown-format``, ``format-lacks``, ``bad-cover``, ``target-is-folder``.
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
    order: Order = PLAIN,
    *,
    on_progress: Progress | None = None,
    processors: int | None = None,
) -> Report:
    """Write the session to ``target``, in the format that its suffix says.

    ``on_progress`` gets the share done, from 0 to 1, in the calling thread. ``processors`` is how many encoders may
    run at once (all available ones, if None); the file does not depend on it. The file appears whole or not at all.

    Raises:
        BreathcueError: the target's name or the timeline is at fault (``unknown-format``, ``format-lacks``,
            ``bad-cover``, ``target-is-folder``, ``wav-too-long``, ``clip-mismatch``), or whatever ``clips`` raises.
        MissingError: ``no-such-folder``, ``target-unwritable``, ``disk-full``, ``encoder-missing``,
            ``encoder-failed``, ``encoder-stalled``.
    """
    check_target(target, order)
    form = FORMATS[target.suffix.lower()]
    bit_rate = form.bit_rates.get(order.quality or Quality.STANDARD, 0)
    _check_room(target, form.size(samples_from_ms(timeline.duration_ms), bit_rate))
    level = measure(timeline, clips)
    gain_db = session_gain_db(level, headroom_db=form.headroom_db)
    progress = on_progress or (lambda _: None)
    job = Job(
        label=_label(timeline, order, form),
        sound=sounds(clips),
        gain=gain_from_db(gain_db),
        bit_rate=bit_rate,
        processors=processors or available_processors(),
        on_progress=progress,
    )
    try:
        with whole_file(target) as file:
            size = form.write(job, file)
    except OSError as error:
        raise unwritable(target, error) from error
    progress(1.0)
    return _report(timeline, target, size, level, gain_db)


def _label(timeline: Timeline, order: Order, form: Format) -> Label:
    if not form.cover:
        return Label(timeline, order.author)
    cover = read_cover(order.cover) if order.cover else made_cover(timeline.title)
    return Label(timeline, order.author, cover)


def _report(timeline: Timeline, target: Path, size: int, level: Level, gain_db: float) -> Report:
    return Report(
        target, timeline.duration_ms, size, level.lufs + gain_db, level.peak_dbtp + gain_db, gain_db
    )
