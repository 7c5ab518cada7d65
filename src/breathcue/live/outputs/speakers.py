"""Which loudspeakers there are, through miniaudio.

Asked for nothing in particular, miniaudio falls back to its null back end where there is no loudspeaker, without a
word. So each back end is asked by name, and the devices of ALSA and PulseAudio that go nowhere are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.live.outputs.turns import answered

_BACKENDS = ("WASAPI", "DSOUND", "WINMM", "COREAUDIO", "SNDIO", "AUDIO4", "OSS", "PULSEAUDIO", "ALSA")
"""In miniaudio's own order. JACK is left out: it writes to the terminal, and ALSA is never far from it."""


_PULSE_SINK_TO_NOWHERE = b"auto_null"
"""What PulseAudio and PipeWire put in place of a loudspeaker where there is none."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A loudspeaker as the system lists it.

    ``backend`` is miniaudio's name for what it belongs to; ``handle`` is miniaudio's, or None for whichever is the
    default, which then follows the listener's choice in the system's settings.
    """

    name: str
    is_default: bool
    backend: str
    handle: Any = None


def speakers() -> tuple[Speaker, ...]:
    """Return the loudspeakers of the first back end that has any, in the system's order.

    Raises:
        MissingError: there is none (``no-audio-device``), or no way to find out (``miniaudio-missing``).
    """
    miniaudio = load_miniaudio()
    reasons = []
    for name in _BACKENDS:
        backend = miniaudio.Backend[name]
        if not miniaudio.is_backend_enabled(backend):
            continue
        try:
            found = answered(partial(_listed, miniaudio, backend))
        except (miniaudio.MiniaudioError, TimeoutError):
            reasons.append(f"{_spoken(name)} does not answer")
            continue
        if found:
            return tuple(found)
        reasons.append(f"{_spoken(name)} has none")
        if name == "PULSEAUDIO":  # which owns the hardware where it runs, and ALSA's default leads back to it
            break
    raise no_device(", and ".join(reasons) or "miniaudio knows no way to one on this system")


def default_speaker(found: Sequence[Speaker]) -> Speaker:
    """Return whichever is the system's default, under the name it has now."""
    now = next((speaker for speaker in found if speaker.is_default), found[0])
    return Speaker(now.name, True, now.backend)


def no_device(reason: str) -> MissingError:
    """There is no loudspeaker, or no longer."""
    on_linux = (
        " On Linux, start PulseAudio or PipeWire and install libpulse0, or libasound2 for ALSA."
        if sys.platform.startswith("linux")
        else ""
    )
    return MissingError(
        Diagnostic(
            "no-audio-device",
            f"There is no loudspeaker to speak through: {reason}.",
            fix=f"Connect one, or choose one in the system's sound settings.{on_linux} Without any, --output null "
            "goes on in silence, --output session.wav records, and `breathcue render` makes a file.",
        )
    )


def load_miniaudio() -> Any:
    """Return the library.

    Raises:
        MissingError: it is not installed, or does not load (``miniaudio-missing``).
    """
    try:
        import miniaudio
    except (ImportError, OSError) as error:
        raise MissingError(
            Diagnostic(
                "miniaudio-missing",
                f"The package that plays sound, miniaudio, cannot be used: {error}.",
                fix="Install it with `pip install miniaudio`; on Linux for Arm that needs a C compiler and the headers "
                "of Python. Without it, --output session.wav records, and `breathcue render` makes a file.",
            )
        ) from error
    return miniaudio


def _listed(miniaudio: Any, backend: Any) -> list[Speaker]:
    devices = miniaudio.Devices([backend])
    # miniaudio would open every device to learn its formats, and give up on all for the sake of one that is busy.
    devices._get_info = lambda _kind, info: {"default": bool(info.isDefault)}
    return [
        Speaker(entry["name"], entry.get("default", False), backend.name, entry["id"])
        for entry in devices.get_playbacks()
        if _makes_sound(backend.name, bytes(miniaudio.ffi.buffer(entry["id"])).split(b"\0")[0])
    ]


def _makes_sound(backend: str, identity: bytes) -> bool:
    """Say whether a device is one that can be heard, by the back end's own name for it."""
    if backend == "PULSEAUDIO":
        return identity != _PULSE_SINK_TO_NOWHERE
    if backend == "ALSA":  # which lists its converters too; miniaudio writes hardware as ":card,device"
        return identity == b"default" or identity.startswith(b":")
    return True


def _spoken(backend: str) -> str:
    return {
        "PULSEAUDIO": "PulseAudio",
        "COREAUDIO": "Core Audio",
        "DSOUND": "DirectSound",
        "WINMM": "WinMM",
    }.get(backend, backend)
