"""The author's own music as a bed: any format, level matched, and going round with a cross-fade.

A file is decoded once, into a temporary file of 16-bit samples, of which a session holds no more than a page at a time:
two hours of music take no more memory than two seconds. What goes round is the file without its end, which fades into
the beginning.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import weakref
from contextlib import ExitStack, closing
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import numpy as np

from breathcue.audio.beds import BED_LUFS, HIGHEST_DBFS, PAGE, PagedBed
from breathcue.audio.errors import bed_silent, bed_too_long, bed_too_short
from breathcue.audio.pcm import PCM_BYTES, pcm16
from breathcue.decoding import blocks
from breathcue.dsp.loudness import HOP, STEP_HOPS, hop_energy, integrated_lufs
from breathcue.dsp.shape import Samples, gain_from_db
from breathcue.files import unwritable
from breathcue.timeline.time import Ms, samples_from_ms

LONGEST_MS = Ms(2 * 60 * 60_000)
SHORTEST_MS = Ms(1_000)

CROSS_FADE_MS = 3_000
"""How long the end sounds with the beginning; at most a quarter of the file."""

# Decoders may pass full scale by a few decibels; the file is kept at half its level, and nothing is cut off.
_KEPT_AT = 0.5

# Music of single loud strokes in much silence is not raised beyond what a bed may be, so that no stroke startles
# anyone; where its end and its beginning sound together, they may be 3 dB more.
_HIGHEST = gain_from_db(HIGHEST_DBFS - 3.0)

# The loudness of long music is read from so many excerpts, evenly spread.
_EXCERPTS = 40
_EXCERPT = samples_from_ms(3_000)


class MusicBed(PagedBed):
    """The sound of a temporary file of 16-bit samples, going round."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        """``length`` is how many samples the file holds. It is closed when the bed is gone."""
        super().__init__()
        self._file = file
        weakref.finalize(self, file.close)
        self._lock = threading.Lock()
        self._cross = min(samples_from_ms(CROSS_FADE_MS), length // 4)
        self._round = length - self._cross
        self._factor = np.float32(1.0)

    def match(self, factor: float) -> None:
        """Make the music louder or softer, before it is first asked for."""
        self._factor = np.float32(factor)

    def page(self, number: int) -> Samples:
        """Return a page: what the file holds, and where it goes round its end with its beginning."""
        out = np.empty(PAGE, np.float32)
        here = 0
        while here < PAGE:
            times, place = divmod(number * PAGE + here, self._round)
            part = out[here : here + self._round - place]
            part[:] = self.read(place, len(part))
            if times and place < self._cross:
                crossed = part[: self._cross - place]
                angle = 0.5 * np.pi * (np.arange(place, place + len(crossed)) + 0.5) / self._cross
                crossed *= np.sin(angle)
                crossed += self.read(self._round + place, len(crossed)) * np.cos(angle)
            here += len(part)
        return out

    def read(self, start: int, length: int) -> Samples:
        """Return samples of the file, level matched."""
        with self._lock:
            self._file.seek(start * PCM_BYTES)
            data = self._file.read(length * PCM_BYTES)
        return np.frombuffer(data, "<i2").astype(np.float32) * (self._factor / np.float32(32768 * _KEPT_AT))


def open_music(path: Path, length_ms: Ms) -> MusicBed:
    """Return the music in ``path`` as a bed for a session of ``length_ms``.

    Raises:
        BreathcueError: it is no sound, or too long (``sound-missing``, ``-unreadable``, ``-empty``, ``-too-long``);
            it lasts less than a second (``bed-too-short``); nothing is heard in it (``bed-silent``).
        MissingError: there is no ffmpeg (``encoder-missing``) or no room for a temporary file (``disk-full``).
    """
    if _says_too_long(path):
        raise bed_too_long(path)
    wanted = samples_from_ms(max(length_ms, SHORTEST_MS) + CROSS_FADE_MS)
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile(prefix="breathcue-"))
        length, peak = _keep(file, path, wanted)
        if length < samples_from_ms(SHORTEST_MS):
            raise bed_too_short(path)
        bed = MusicBed(file, length)
        loudness = _loudness(bed, length)
        if not np.isfinite(loudness):
            raise bed_silent(path)
        bed.match(min(gain_from_db(BED_LUFS - loudness), _HIGHEST / peak))
        # From here on the bed keeps its file open, and closes it when nobody needs it any more.
        stack.pop_all()
    return bed


def _keep(file: IO[bytes], path: Path, wanted: int) -> tuple[int, float]:
    """Write the first ``wanted`` samples of the music to ``file``; return how many there were, and the highest."""
    kept = 0
    peak = 0.0
    with closing(blocks(path, longest_ms=LONGEST_MS)) as sound:
        for block in sound:
            part = block[: wanted - kept]
            kept += len(part)
            peak = max(peak, float(np.abs(part).max(initial=0.0)))
            try:
                file.write(pcm16(part * np.float32(_KEPT_AT)).data)
                file.flush()
            except OSError as error:
                raise unwritable(Path(tempfile.gettempdir(), path.name), error) from error
            if kept == wanted:
                break
    return kept, peak


def _says_too_long(path: Path) -> bool:
    """Say whether a file tells of itself that it is too long; one that lies is found out while it is decoded."""
    # Whatever is wrong with a file, its decoding says so better than the reader of its tags.
    with contextlib.suppress(Exception):
        if not path.is_file():
            return False
        tags: Any = import_module("mutagen").File(path)
        return bool(tags.info.length * 1000 > LONGEST_MS)
    return False


def _loudness(bed: MusicBed, length: int) -> float:
    """Return the integrated loudness of the music, in LUFS; where it is long, of excerpts spread evenly over it."""
    step = max(_EXCERPT, -(-length // _EXCERPTS))
    loudness = _loudness_every(bed, length, step)
    if not np.isfinite(loudness) and step > _EXCERPT:
        return _loudness_every(bed, length, _EXCERPT)
    return loudness


def _loudness_every(bed: MusicBed, length: int, step: int) -> float:
    energies = []
    for start in range(0, length, step):
        excerpt = bed.read(start, min(_EXCERPT, length - start))
        hops = len(excerpt) // HOP
        energies.append(hop_energy(excerpt)[: hops - hops % STEP_HOPS])
    return integrated_lufs(np.concatenate(energies))
