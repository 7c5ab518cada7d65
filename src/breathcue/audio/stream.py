"""Samples become a file of any format that ffmpeg writes by itself, label and all, in one pass.

ffmpeg gets the file's path and not a pipe: an MP4 file's index and a FLAC file's length are written where it began,
when all else is known. So it is ffmpeg that meets a full disk; what it says is told as such, and the length of every
file is read back by another library before the file counts as written.

Length and place: each codec delays what it encodes, and each container says by how much, so that players cut it off:
an edit list in MP4 (1024 samples), the pre-skip in Opus (312), nothing to cut in Vorbis and FLAC; and the last granule
position, or the length in the header, cuts the end. Measured by decoding: the first and the last sample are those of
the session. Older players of MP4 (ffmpeg 5 among them) leave up to 21 ms of silence at the end.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from breathcue.audio.encoder import EncodedRun, ticking
from breathcue.audio.errors import encoder_cut_short
from breathcue.audio.link import run_all
from breathcue.audio.mixer import Span
from breathcue.audio.order import Job, Label
from breathcue.audio.tags import language_code
from breathcue.diagnostics import MissingError
from breathcue.ffmpeg import find_encoder
from breathcue.timeline.time import ms_from_seconds

_DISK_FULL = "No space left on device"
# An MP4 file's length is told in whole frames of 1024 samples.
_LONGEST_FRAME_MS = 22


@dataclass(frozen=True, slots=True)
class Container:
    """How ffmpeg writes a format.

    ``codec`` and ``muxer`` are arguments of its command line; ``metadata`` returns the label in its own form, and
    ``picture_stream`` says that the cover is a stream beside it. ``reader`` is the class of mutagen that reads it back.
    """

    codec: tuple[str, ...]
    muxer: tuple[str, ...]
    metadata: Callable[[Label], str]
    reader: str
    picture_stream: bool = False


def write_streamed(job: Job, file: BinaryIO, container: Container) -> int:
    """Write the session to ``file``, which has a name in the file system; return its size.

    Raises:
        MissingError: ffmpeg is missing, failed or stalled (``encoder-missing``, ``-failed``, ``-stalled``).
        OSError: the file could not be written.
    """
    exe = find_encoder()
    with tempfile.TemporaryDirectory(prefix="breathcue-") as folder:
        arguments = _arguments(job, Path(folder), container, file.name)
        run = EncodedRun(exe, job.pcm, [Span(0, job.samples)], arguments=arguments)
        try:
            _finish(run, job)
        except MissingError as error:
            if _DISK_FULL in error.diagnostics[0].message:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
    _check_length(file.name, job, container)
    return file.seek(0, os.SEEK_END)


def _arguments(job: Job, folder: Path, container: Container, path: str) -> list[str]:
    """Return what follows the samples on ffmpeg's command line, having written the files that it names."""
    metadata = folder / "metadata.txt"
    metadata.write_text(container.metadata(job.label), encoding="utf-8", newline="\n")
    inputs = ["-f", "ffmetadata", "-i", str(metadata)]
    streams = ["-map", "0:a", "-map_metadata", "1", "-map_chapters", "1"]
    cover = job.label.cover
    if cover and container.picture_stream:
        picture = folder / f"cover{cover.suffix}"
        picture.write_bytes(cover.data)
        inputs += ["-i", str(picture)]
        streams += ["-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic"]
        streams += ["-metadata:s:v:0", "comment=Cover (front)"]
    if language := language_code(job.label.timeline.language):
        streams += ["-metadata:s:a:0", f"language={language}"]
    bit_rate = ["-b:a", str(job.bit_rate)] if job.bit_rate else []
    # Without these, each run would choose a serial number for an Ogg stream.
    repeatable = ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
    return [
        *inputs,
        *streams,
        *container.codec,
        *bit_rate,
        *repeatable,
        *container.muxer,
        "-y",
        f"file:{path}",
    ]


def _finish(run: EncodedRun, job: Job) -> None:
    """Wait for the encoder's end; whatever happens, it is not left running."""

    def drain() -> None:
        for _ in run.chunks():
            pass

    run_all([(run, drain)], ticking([run], job.on_progress))


def _check_length(path: str, job: Job, container: Container) -> None:
    module, name = container.reader.rsplit(".", 1)
    reader: Any = getattr(import_module(module), name)
    wanted = job.label.timeline.duration_ms
    try:
        written = ms_from_seconds(reader(path).info.length)
    except import_module("mutagen").MutagenError as error:
        raise encoder_cut_short(0, wanted) from error
    if abs(written - wanted) > _LONGEST_FRAME_MS:
        raise encoder_cut_short(written, wanted)
