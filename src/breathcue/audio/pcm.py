"""The last step from float32 to the 16-bit samples of a file or an encoder.

There is no dither. At 16 bits the rounding lies some 90 dB under the voice, far below the noise of any MP3; and
without it silence stays digital silence, so that the frames or bytes of a pause are the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from breathcue.audio.mixer import Block
from breathcue.voices.base import Samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

PCM_BYTES = 2
_FULL_SCALE = 32768.0


def pcm16(samples: Samples) -> NDArray[np.int16]:
    """Return the samples as little-endian 16-bit integers, rounded to the nearest and kept within full scale."""
    scaled = samples * np.float32(_FULL_SCALE)
    np.rint(scaled, out=scaled)
    np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1, out=scaled)
    return scaled.astype("<i2")


def pcm_stream(blocks: Iterable[Block]) -> Iterator[memoryview]:
    """Yield the bytes of each block; silent blocks share one buffer of noughts."""
    zeros = memoryview(b"")
    for block in blocks:
        size = len(block.samples) * PCM_BYTES
        if not block.silent:
            yield pcm16(block.samples).data.cast("B")
            continue
        if len(zeros) < size:
            zeros = memoryview(bytes(size))
        yield zeros[:size]
