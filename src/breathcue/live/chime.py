"""One stroke of the bell through an output, to hear whether it works."""

from __future__ import annotations

from threading import Event

from breathcue.diagnostics import BreathcueError
from breathcue.live.output import open_output

_TONE = "bell"
_LOOK_SECONDS = 0.1


class _Stroke:
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
    """Play the bell through what ``choice`` names, as in ``open_output``, and return the name of that output.

    Raises:
        BreathcueError: as ``open_output`` and ``Output.stop`` do; ``no-audio-device`` where it vanished meanwhile.
    """
    from breathcue.audio.pcm import pcm16
    from breathcue.audio.tones import tone_clip

    stroke = _Stroke(pcm16(tone_clip(_TONE).samples).tobytes())
    output = open_output(choice)
    try:
        output.start(stroke.pull)
        while not stroke.over.wait(_LOOK_SECONDS):
            if not output.alive:
                raise _vanished(output.name)
    finally:
        output.stop()
    return output.name


def _vanished(name: str) -> BreathcueError:
    from breathcue.live.speakers import no_device

    return no_device(f"“{name}” was lost while the bell was sounding")
