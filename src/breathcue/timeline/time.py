"""The one clock of the project, and every rounding there is.

Times are whole milliseconds (``Ms``) from the start of the session. Audio runs at 48 kHz, where a millisecond is
exactly 48 samples, so times convert to samples without rounding. Cues start on a grid of 24 ms: one MPEG-1 Layer III
frame is 1152 samples (ISO/IEC 11172-3, 2.4.2.1), which at 48 kHz is 24 ms.
"""

from __future__ import annotations

from typing import NewType

Ms = NewType("Ms", int)

SAMPLE_RATE = 48_000
SAMPLES_PER_MS = SAMPLE_RATE // 1000
GRID_MS = Ms(24)


def samples_from_ms(ms: int) -> int:
    """Return the number of samples at 48 kHz in ``ms`` milliseconds, exactly."""
    return ms * SAMPLES_PER_MS


def ms_from_samples(samples: int) -> Ms:
    """Return how many whole milliseconds are needed to hold ``samples`` at 48 kHz (rounded up)."""
    return Ms(-(-samples // SAMPLES_PER_MS))


def ms_from_seconds(seconds: float) -> Ms:
    """Return seconds as milliseconds, rounded half up."""
    return Ms(int(seconds * 1000 + 0.5))


def minutes_from_ms(ms: int) -> int:
    """Return milliseconds as whole minutes for reading, rounded half up."""
    return (ms + 30_000) // 60_000


def seconds_from_ms(ms: int) -> int:
    """Return milliseconds as whole seconds, rounded half up."""
    return (ms + 500) // 1000


def scale(ms: int, pace: float) -> Ms:
    """Return a duration stretched by ``pace`` (1.25 is a quarter slower), rounded half up."""
    return Ms(int(ms * pace + 0.5))


def beat_start(start: int, duration: int, index: int, beats: int) -> Ms:
    """Return when beat ``index`` of ``beats`` begins; computed from the index, so that no rounding adds up."""
    return Ms(start + duration * index // beats)


def percent_of(value: int, percent: int) -> int:
    """Return a share of a whole number, rounded half up."""
    return (value * percent + 50) // 100


def evenly(first: int, last: int, index: int, count: int, grain: int = 1) -> int:
    """Return the value at ``index`` of ``count`` on the way from ``first`` to ``last``, rounded half up to ``grain``.

    The ends are exact; a single value is the first.
    """
    if index == 0 or count < 2:
        return first
    if index == count - 1:
        return last
    steps = (count - 1) * grain
    return (2 * (first * (count - 1) + (last - first) * index) + steps) // (2 * steps) * grain


def snap_down(ms: int) -> Ms:
    """Return the last point of the cue grid at or before ``ms``."""
    return Ms(ms - ms % GRID_MS)


def snap_up(ms: int) -> Ms:
    """Return the first point of the cue grid at or after ``ms``."""
    return Ms(-(-ms // GRID_MS) * GRID_MS)


def clock(ms: int, *, millis: bool = False) -> str:
    """Return a time for reading: ``1:05``, ``1:02:05``, or with ``millis`` ``1:05.040``."""
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{rest:03}" if millis else text
