"""Sound files read back by another program: the ffmpeg of imageio-ffmpeg. For tests marked ``encoder``."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from breathcue.voices.base import Samples


def ffmpeg(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    exe = imageio_ffmpeg.get_ffmpeg_exe()
    return subprocess.run(
        [exe, "-nostdin", "-hide_banner", *arguments], capture_output=True, check=True, timeout=120
    )


def decode(path: Path) -> Samples:
    """Return the samples of a file, as a player that honours encoder delay and padding plays them."""
    done = ffmpeg(
        "-loglevel", "warning", "-i", str(path), "-f", "f32le", "-ac", "1", "-ar", "48000", "pipe:1"
    )
    # Of a file of three frames ffmpeg says that it might be something else, of the picture in an MP4 file that it has
    # no time, and of a WAV file that its one channel is in the middle; any other warning is a mistake in the file.
    harmless = ("detected only with low score", "timescale not set", "Guessed Channel Layout: mono")
    warnings = [line for line in done.stderr.decode().splitlines() if not any(h in line for h in harmless)]
    assert warnings == []
    return np.frombuffer(done.stdout, "<f4")


@dataclass(frozen=True)
class Measured:
    lufs: float
    peak_dbtp: float


def loudness(path: Path) -> Measured:
    """Return what ffmpeg's own EBU R 128 meter says of a file."""
    said = ffmpeg(
        "-i", str(path), "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"
    ).stderr.decode()
    summary = said[said.rindex("Summary") :]

    def value(pattern: str) -> float:
        found = re.search(pattern, summary)
        assert found, summary
        return float(found[1])

    return Measured(value(r"I:\s+(\S+) LUFS"), value(r"Peak:\s+(\S+) dBFS"))


def chapters(path: Path) -> list[tuple[int, int, str]]:
    """Return start and end in ms and the title of each chapter, in the order in which ffmpeg reads them.

    They are read from ffmpeg's description of its input: its copy of the chapters is moved by the encoder's delay.
    """
    said = ffmpeg("-i", str(path), "-t", "0", "-f", "null", "-").stderr.decode()
    said = said[: said.index("Stream #0")]
    pattern = r"Chapter #\S+: start (\S+), end (\S+)\n\s+Metadata:\n\s+title\s+: (.*)\n"
    found = re.findall(pattern, said)
    return [(round(1000 * float(start)), round(1000 * float(end)), title) for start, end, title in found]
