"""Sound files of other people become samples: any format, bounded in length, or an error that says what to do.

Such a file is not to be trusted. So ffmpeg may open nothing but files, and takes this one only for one of the formats
in :data:`FORMATS`, all of which hold their own sound: a playlist, which names other files or addresses, is none,
whatever its name says. A file that lasts too long is given up while it is being decoded; so is an ffmpeg that hangs.

pydub trims and fades the recordings of single lines, and no more: it reads files too, but its ffmpeg opens whatever a
playlist names, cannot be stopped, and gives nothing before it has given everything.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from breathcue.diagnostics import BreathcueError, Diagnostic
from breathcue.dsp.shape import Samples, db_from_gain, gain_from_db, remove_dc
from breathcue.ffmpeg import STALL_S, check_that_it_works, find_encoder, last_words, start
from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms

FORMATS = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "caf", "eac3", "flac", "matroska", "mov", "mp3"),
    *("mpc", "mpc8", "ogg", "tta", "w64", "wav", "wv"),
)
"""ffmpeg's names of the formats that are read."""

LOUDEST = 100.0
"""Samples are held within this: 40 dB above full scale is no sound any more, and squares must stay finite."""

SILENCE_DBFS = -70.0
"""A recording whose every sample lies below this holds nothing but the noise of a microphone that is switched off."""

ROOM_DB = 9.0
"""Words are at least so much louder than the room in which they are spoken."""

SOFTEST_DB = -45.0
"""Relative to the loudest part of a line, this still belongs to a word; see :mod:`breathcue.voices.clip`."""

LOUDEST_ROOM_DB = -20.0
"""However loud the room, what reaches this, relative to the loudest part of a line, is taken for a word."""

CLICK_MS = 40
"""What stands alone at either end and is shorter is no word, but the click of a button."""

_WINDOW_MS = 50
_STEP_MS = 5
_BEFORE_MS, _AFTER_MS = 25, 90
_FADE_IN_MS, _FADE_OUT_MS = 10, 60

_BLOCK_BYTES = 4 * SAMPLE_RATE
_LARGEST_ALLOCATION = 1 << 28
_CHECK_S = 0.5

_READABLE = "Save it as WAV, MP3, M4A, Ogg or FLAC, and listen to it once before you use it."


def blocks(path: Path, *, longest_ms: Ms, stall_s: float = STALL_S) -> Generator[Samples, None, None]:
    """Yield the sound of a file as blocks of mono float32 samples at 48 kHz, of at most one second each.

    Several channels become their mean, weighted as ffmpeg does where there are more than two. Encoder delay and padding
    that the file tells of are left out, so what breathcue has written comes back sample for sample as long as it was.
    The file may be of any format in :data:`FORMATS`, whatever its name says. ffmpeg ends with the iterator, also where
    that is closed early. ``stall_s`` is how long ffmpeg may keep the caller waiting for a block.

    Raises:
        BreathcueError: there is no such file (``sound-missing``), it cannot be read or holds no sound
            (``sound-unreadable``), it holds not a single sample (``sound-empty``), or it lasts longer than
            ``longest_ms`` (``sound-too-long``), which is found out before all of it has been decoded.
        MissingError: ``encoder-missing``: there is no ffmpeg, or it does not work at all.
    """
    _check_that_it_is_a_file(path)
    left = samples_from_ms(longest_ms)
    empty = True
    with closing(_Decoder(path, stall_s).blocks()) as decoded:
        for block in decoded:
            empty = False
            if len(block) > left:
                raise _too_long(path, longest_ms)
            left -= len(block)
            yield block
    if empty:
        check_that_it_works(find_encoder())
        raise _empty(path)


def decode(path: Path, *, longest_ms: Ms) -> Samples:
    """Return the whole sound of a file, as :func:`blocks` yields it, and raise what it raises."""
    return np.concatenate(list(blocks(path, longest_ms=longest_ms)))


def decode_line(path: Path, *, longest_ms: Ms) -> Samples:
    """Return the words of a recording of one line, or nothing where none are heard in it.

    The room before and after them is cut off, however loud it is, and so are the clicks of buttons; what is left is
    faded in and out. Mono float32 samples at 48 kHz, at the level of the recording. Raises what :func:`blocks` raises.
    """
    samples = remove_dc(decode(path, longest_ms=longest_ms))
    peak = float(np.abs(samples).max())
    if peak < gain_from_db(SILENCE_DBFS):
        return samples[:0]
    full = np.iinfo(np.int32).max
    pydub = _pydub()
    data = np.rint(samples.astype(np.float64) / peak * full).astype("<i4").tobytes()
    line = pydub.AudioSegment(data=data, sample_width=4, frame_rate=SAMPLE_RATE, channels=1)
    heard = _trimmed(line, _threshold(samples / np.float32(peak)))
    faded = heard.fade_in(min(_FADE_IN_MS, len(heard))).fade_out(min(_FADE_OUT_MS, len(heard)))
    return (np.frombuffer(faded.raw_data, "<i4") * (peak / full)).astype(np.float32)


def _threshold(samples: Samples) -> float:
    """Return the level in dBFS that parts words from the room, for samples whose peak is full scale."""
    window = SAMPLE_RATE * _WINDOW_MS // 1000
    rows = np.pad(samples, (0, -len(samples) % window)).reshape(-1, window)
    levels = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64) / window)
    loudest, room = db_from_gain(float(levels.max())), db_from_gain(float(np.percentile(levels, 10)))
    return min(max(room + ROOM_DB, loudest + SOFTEST_DB), loudest + LOUDEST_ROOM_DB)


def _trimmed(line: Any, threshold: float) -> Any:
    """Return the part of a pydub segment from its first word to its last."""
    parts = _pydub().silence.detect_nonsilent(line, _WINDOW_MS, threshold, _STEP_MS)
    words = [part for part in parts if part[1] - part[0] > CLICK_MS] or parts
    if not words:
        return line
    return line[max(0, words[0][0] - _BEFORE_MS) : words[-1][1] + _AFTER_MS]


_importing = threading.Lock()


def _pydub() -> Any:
    """Return pydub, which complains on being loaded that it finds no ffmpeg of its own, and needs none here."""
    with _importing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pydub
        import pydub.silence
    return pydub


def _check_that_it_is_a_file(path: Path) -> None:
    """Raise unless there is a file with something in it; a device or a pipe could be read for ever."""
    try:
        if not path.exists():
            raise _missing(path)
        if path.is_dir():
            raise _unreadable(path, "it is a folder")
        if not path.is_file():
            raise _unreadable(path, "it is not a file")
        if path.stat().st_size == 0:
            raise _empty(path)
        path.open("rb").close()
    except OSError as error:
        raise _unreadable(path, (error.strerror or str(error)).lower()) from error


@dataclass(slots=True)
class _Decoder:
    """One ffmpeg process that decodes a file into a pipe, and the thread that ends it where it hangs."""

    path: Path
    stall_s: float
    _waiting_since: float | None = None
    _stalled: bool = False
    _gave: bool = False
    _over: threading.Event = field(default_factory=threading.Event)

    def blocks(self) -> Generator[Samples, None, None]:
        """Yield what ffmpeg decodes; raise ``sound-unreadable`` where it ends badly."""
        with tempfile.TemporaryFile() as stderr:
            arguments = _arguments(self.path)
            process = start(find_encoder(), arguments, stdin=subprocess.DEVNULL, stderr=stderr)
            watchdog = threading.Thread(target=self._watch, args=(process,), daemon=True)
            watchdog.start()
            try:
                yield from self._drain(process)
                process.wait(self.stall_s)
            except subprocess.TimeoutExpired:
                self._stalled = True
            finally:
                self._over.set()
                process.kill()
                process.wait()
                watchdog.join()
            if self._stalled:
                raise _unreadable(self.path, f"reading it came to a halt for {self.stall_s:g} seconds")
            if process.returncode:
                if not self._gave:
                    check_that_it_works(find_encoder())
                raise _unreadable(self.path, _reason(last_words(stderr)))

    def _drain(self, process: subprocess.Popen[bytes]) -> Generator[Samples, None, None]:
        assert process.stdout is not None
        with process.stdout as pipe:
            while data := self._read(pipe):
                self._gave = True
                yield _samples(data)

    def _read(self, pipe: IO[bytes]) -> bytes:
        self._waiting_since = time.monotonic()
        data = pipe.read(_BLOCK_BYTES)
        self._waiting_since = None
        return data

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while not self._over.wait(min(_CHECK_S, self.stall_s)):
            since = self._waiting_since
            if since is not None and time.monotonic() - since > self.stall_s:
                self._stalled = True
                process.kill()
                return


def _arguments(path: Path) -> list[str]:
    limits = ["-loglevel", "error", "-max_alloc", str(_LARGEST_ALLOCATION)]
    only_this = ["-protocol_whitelist", "file", "-format_whitelist", ",".join(FORMATS)]
    # "file:" keeps a name such as "concat:a|b" or "-y" from being anything but a name.
    source = [*only_this, "-vn", "-sn", "-dn", "-i", f"file:{path.absolute()}", "-map", "0:a:0"]
    # Unless told otherwise, ffmpeg adds channels of fractions up instead of taking their mean.
    shape = ["-af", "aresample=rematrix_maxval=1", "-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le"]
    return [*limits, *source, *shape, "pipe:1"]


def _samples(data: bytes) -> Samples:
    """Return the bytes as samples; a file of fractions may hold numbers that are none, and they are silence."""
    samples = np.frombuffer(data, "<f4", len(data) // 4).astype(np.float32)
    if max(samples.max(), -samples.min()) <= LOUDEST:
        return samples
    numbers: Samples = np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return numbers.clip(-LOUDEST, LOUDEST)


def _reason(said: str) -> str:
    """Return why ffmpeg could not read a file, as half a sentence for its author."""
    if "matches no streams" in said:
        return "there is no sound in it"
    if "not on whitelist" in said:
        return "it is not a sound file, or of a kind that is not read, such as a playlist or a picture"
    if "Permission denied" in said:
        return "permission denied"
    return "it is damaged, incomplete, or not a sound file"


def _missing(path: Path) -> BreathcueError:
    message = f"There is no sound file “{path}”."
    fix = "Check the name, with its ending and its capital letters."
    return BreathcueError(Diagnostic("sound-missing", message, fix=fix))


def _unreadable(path: Path, reason: str) -> BreathcueError:
    message = f"The sound file “{path}” cannot be read: {reason}."
    return BreathcueError(Diagnostic("sound-unreadable", message, fix=_READABLE))


def _empty(path: Path) -> BreathcueError:
    message = f"The sound file “{path}” is empty."
    return BreathcueError(Diagnostic("sound-empty", message, fix="Record or export it again."))


def _too_long(path: Path, longest_ms: Ms) -> BreathcueError:
    message = f"The sound file “{path}” lasts longer than {_in_words(longest_ms)}, which is the most there is room for."
    return BreathcueError(Diagnostic("sound-too-long", message, fix="Cut it, or use another file."))


def _in_words(ms: int) -> str:
    if ms < 120_000:
        return f"{ms / 1000:g} seconds"
    return f"{ms / 60_000:g} minutes" if ms < 7_200_000 else f"{ms / 3_600_000:g} hours"
