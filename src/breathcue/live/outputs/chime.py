"""One sound through an output, and nothing else: a stroke of the bell to hear whether it works, or a spoken line."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

from breathcue.diagnostics import BreathcueError
from breathcue.live.outputs.output import open_output

if TYPE_CHECKING:
    from breathcue.voices.base import Samples

_TONE = "bell"
_LOOK_SECONDS = 0.1


class _Once:
    """Gives the samples it is made of, once, and silence after them."""

    def __init__(self, pcm: bytes) -> None:
        self.over = Event()
        self._left = memoryview(pcm)

    def pull(self, frames: int) -> memoryview:
        part, self._left = self._left[: 2 * frames], self._left[2 * frames :]
        if len(part) == 2 * frames:
            return part
        self.over.set()
        return memoryview(bytes(part) + bytes(2 * frames - len(part)))


def chime(choice: str | None) -> str:
    """Play the bell through what ``choice`` names, and return the name of that output; raises as :func:`play`."""
    from breathcue.audio.tones import tone_clip

    return play(tone_clip(_TONE).samples, choice)


def play(samples: Samples, choice: str | None) -> str:
    """Play mono samples at 48 kHz through what ``choice`` names, as in ``open_output``; return that output's name.

    Raises:
        BreathcueError: as ``open_output`` and ``Output.stop`` do; ``no-audio-device`` where it vanished meanwhile.
    """
    from breathcue.audio.pcm import pcm16

    sound = _Once(pcm16(samples).tobytes())
    output = open_output(choice)
    try:
        output.start(sound.pull)
        while not sound.over.wait(_LOOK_SECONDS):
            if not output.alive:
                raise _vanished(output.name)
    finally:
        output.stop()
    return output.name


def _vanished(name: str) -> BreathcueError:
    from breathcue.live.outputs.speakers import no_device

    return no_device(f"“{name}” was lost while it was sounding")
