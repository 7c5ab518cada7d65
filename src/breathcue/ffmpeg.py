"""The ffmpeg that writes and reads sound files: where it is, how kindly it runs, and what it said at its end."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from breathcue.diagnostics import Diagnostic, MissingError

GET_FFMPEG = (
    "Install it again with `pip install --force-reinstall imageio-ffmpeg`, or set IMAGEIO_FFMPEG_EXE to an ffmpeg that "
    "was built with the format's encoder; a .wav file needs no encoder."
)

STALL_S = 30.0
"""How long an ffmpeg may sit on its pipe before it is given up: it needs a thousandth of that for a pipe's worth."""

_VERSION_S = 10.0
_STDERR_KEPT = 500
_STDERR_READ = 4000


def encoder_missing(reason: str) -> MissingError:
    """There is no ffmpeg to run."""
    message = f"The encoder ffmpeg cannot be started: {reason}."
    return MissingError(Diagnostic("encoder-missing", message, fix=GET_FFMPEG))


def find_encoder() -> str:
    """Return the ffmpeg to run: IMAGEIO_FFMPEG_EXE, or the one in the imageio-ffmpeg wheel, or one on the system.

    The wheel's binary is looked up in its folder. Asking the package itself imports it and runs ``ffmpeg -version``,
    which costs 30 to 70 ms of CPU, so that is only done where the folder does not hold exactly one binary.

    Raises:
        MissingError: there is none (``encoder-missing``).
    """
    if chosen := os.environ.get("IMAGEIO_FFMPEG_EXE"):
        return chosen
    spec = importlib.util.find_spec("imageio_ffmpeg")
    if spec is None or spec.origin is None:
        raise encoder_missing("the package imageio-ffmpeg is not installed")
    binaries = list(Path(spec.origin).with_name("binaries").glob("ffmpeg-*"))
    if len(binaries) == 1 and os.access(binaries[0], os.X_OK):
        return str(binaries[0])
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise encoder_missing("no ffmpeg was found") from error


def identity(exe: str) -> str:
    """Return what changes with the program: its name, and how large and how old it is.

    The wheel's binary has its version in its name. To ask a program for its version costs more than to link a file.
    """
    path = Path(shutil.which(exe) or exe)
    with contextlib.suppress(OSError):
        status = path.stat()
        return f"{path.name} {status.st_size} {status.st_mtime_ns}"
    return path.name


def check_that_it_works(exe: str) -> None:
    """Raise unless a program can say which version of ffmpeg it is: to be asked where it failed with a file.

    Raises:
        MissingError: it cannot (``encoder-missing``).
    """
    try:
        done = subprocess.run([exe, "-version"], capture_output=True, timeout=_VERSION_S, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        raise encoder_missing(f"{exe}: {getattr(error, 'strerror', None) or error}") from error
    if done.returncode or b"version" not in done.stdout:
        raise encoder_missing(f"{exe} does not even say which version it is")


def start(
    exe: str, arguments: Sequence[str], *, stdin: int, stderr: int | IO[bytes], bufsize: int = -1
) -> subprocess.Popen[bytes]:
    """Start an ffmpeg that reads no keys, greets nobody and writes into a pipe; the rest is that of ``Popen``.

    Raises:
        MissingError: it cannot be started (``encoder-missing``).
    """
    command = [exe, "-nostdin", "-hide_banner", *arguments]
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=stdin, stdout=pipe, stderr=stderr, bufsize=bufsize)
    except OSError as error:
        raise encoder_missing(f"{exe}: {error.strerror or error}") from error
    _mark_as_batch(process.pid)
    return process


def _mark_as_batch(pid: int) -> None:
    """Tell the system, where it has such a class, that a process computes and need not be woken at once.

    ffmpeg hands each frame from thread to thread to thread. Two of them on two processors, each thread preempting the
    one that wakes it, spend 0.9 to 1.1 s of system time on a session of 20 minutes; as batch work, 0.4 to 0.8 s.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.sched_setscheduler(pid, os.SCHED_BATCH, os.sched_param(0))


def last_words(stderr: IO[bytes]) -> str:
    """Return the last of what an ffmpeg wrote to its error output, on one line."""
    size = stderr.seek(0, os.SEEK_END)
    stderr.seek(max(0, size - _STDERR_READ))
    return " ".join(stderr.read().decode("utf-8", "replace").split())[-_STDERR_KEPT:].rstrip(".")
