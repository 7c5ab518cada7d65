"""The blocks between the player and the device. What the device has not asked for can be taken back and mixed anew."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

BYTES_PER_SAMPLE = 2

Before = TypeVar("Before")


@dataclass(frozen=True, slots=True)
class QueuedBlock(Generic[Before]):
    """Some samples as bytes (mono, 48 kHz, signed 16-bit), and what the player was about when it mixed them."""

    pcm: bytes
    before: Before


class BlockBuffer(Generic[Before]):
    """A queue with the player at one end and the device at the other.

    The device's thread must never wait, so there is no lock: a deque's ``append``, ``pop`` and ``popleft`` are each
    done as a whole. ``consumed`` counts the samples of blocks that the device has taken, ``missed`` those that it
    asked for in vain and got as silence, until the buffer is ``closed``: after that, silence is what is wanted.
    """

    def __init__(self) -> None:
        self.closed = False
        self.consumed = 0
        self.missed = 0
        self._blocks: deque[QueuedBlock[Before]] = deque()
        self._rest = memoryview(b"")
        self._out = bytearray(BYTES_PER_SAMPLE * 48_000)
        self._view = memoryview(self._out)
        self._silence = memoryview(bytes(len(self._out)))

    def __len__(self) -> int:
        """Return how many blocks the device has not begun."""
        return len(self._blocks)

    def put(self, block: QueuedBlock[Before]) -> None:
        """Queue a block; only ever called by the player."""
        self._blocks.append(block)

    def take_back(self) -> QueuedBlock[Before] | None:
        """Take back all blocks that the device has not begun, and return the first of them; None if it has all."""
        first = None
        while True:
            try:
                first = self._blocks.pop()
            except IndexError:
                return first

    def pull(self, frames: int) -> memoryview:
        """Return the next samples as bytes, with silence where there are none; outputs pull them."""
        wanted = min(frames * BYTES_PER_SAMPLE, len(self._out))
        filled = 0
        while filled < wanted:
            if not self._rest:
                try:
                    self._rest = memoryview(self._blocks.popleft().pcm)
                except IndexError:
                    break
            part = self._rest[: wanted - filled]
            self._view[filled : filled + len(part)] = part
            self._rest = self._rest[len(part) :]
            filled += len(part)
        if filled < wanted:
            self._view[filled:wanted] = self._silence[: wanted - filled]
            if not self.closed:
                self.missed += (wanted - filled) // BYTES_PER_SAMPLE
        self.consumed += filled // BYTES_PER_SAMPLE
        return self._view[:wanted]
