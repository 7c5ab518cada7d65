"""Sound files of other people become samples: any format, bounded in length, or an error that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from breathcue.dsp.shape import Samples
from breathcue.timeline.time import Ms


def blocks(path: Path, *, longest_ms: Ms) -> Iterator[Samples]:
    """Yield the sound of a file as blocks of mono float32 samples at 48 kHz, of at most one second each.

    Several channels become their mean. The file may be of any format that ffmpeg reads, whatever its name says.

    Raises:
        BreathcueError: there is no such file (``sound-missing``), it cannot be read or holds no sound
            (``sound-unreadable``), it holds not a single sample (``sound-empty``), or it lasts longer than
            ``longest_ms`` (``sound-too-long``), which is found out before all of it has been decoded.
        MissingError: ``encoder-missing``: there is no ffmpeg.
    """
    raise NotImplementedError


def decode(path: Path, *, longest_ms: Ms) -> Samples:
    """Return the whole sound of a file, as :func:`blocks` yields it, and raise what it raises."""
    return np.concatenate(list(blocks(path, longest_ms=longest_ms)))
