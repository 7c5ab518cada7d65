"""Who turns samples into sound: a device, a file, or nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from breathcue.timeline.time import Ms

Pull = Callable[[int], memoryview]
"""Takes a number of frames and returns exactly so many samples: mono, 48 kHz, signed 16-bit, as bytes.

Called in the output's own thread. What it returns is valid until the next call. It never blocks.
"""


class Output(Protocol):
    """Something that asks for samples at the pace at which they are heard.

    ``name`` is what a person calls it, ``latency_ms`` how long before they are heard samples are asked for.
    """

    name: str
    latency_ms: Ms

    def start(self, pull: Pull) -> None:
        """Begin to ask for samples.

        Raises:
            MissingError: the device is there no more (``no-audio-device``).
        """
        ...

    @property
    def alive(self) -> bool:
        """Whether samples are still being asked for; False once the device has vanished."""
        ...

    def stop(self) -> None:
        """Let what was asked for be heard to its end, then ask for nothing more and release the device."""
        ...
