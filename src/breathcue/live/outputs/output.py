"""Who turns samples into sound: a device, a file, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from breathcue.diagnostics import Diagnostic, RequestError
from breathcue.timeline.time import Ms

if TYPE_CHECKING:
    from breathcue.live.outputs.speakers import Speaker

Pull = Callable[[int], memoryview]
"""Takes a number of frames and returns exactly so many samples: mono, 48 kHz, signed 16-bit, as bytes.

Called in the output's own thread. What it returns is valid until the next call. It never blocks.
"""

LATENCY_MS = Ms(200)
"""How far ahead of the ear samples are asked for, where nobody says otherwise: enough for a busy interpreter."""

MIN_LATENCY_MS = Ms(20)
MAX_LATENCY_MS = Ms(2000)

NULL = "null"
"""The choice of an output that makes no sound."""

_WAV = ".wav"
_OTHER_SOUND_FILES = frozenset(
    (".aac", ".aif", ".aiff", ".flac", ".m4a", ".m4b", ".mp3", ".oga", ".ogg", ".opus", ".wma")
)


class Output(Protocol):
    """Something that asks for samples at the pace at which they are heard.

    ``name`` is what a person calls it, ``latency_ms`` how long before they are heard samples are asked for. An output
    is started once and stopped once; another one is opened after that.
    """

    name: str
    latency_ms: Ms

    def start(self, pull: Pull) -> None:
        """Begin to ask for samples: in small steps at an even pace, and after a delay for what it has held up.

        Raises:
            MissingError: the device is there no more (``no-audio-device``), or the file cannot be written
                (``target-unwritable``, ``disk-full``).
        """
        ...

    @property
    def alive(self) -> bool:
        """Whether samples are still being asked for; False once the device has vanished."""
        ...

    def stop(self) -> None:
        """Let what was asked for be heard to its end, then ask for nothing more and release the device.

        Returns soon, even where the device no longer answers; more than once is harmless. A file appears now.

        Raises:
            MissingError: the recording could not be kept whole (``recording-cut-short``).
            Exception: whatever ``pull`` has raised.
        """
        ...


@dataclass(frozen=True, slots=True)
class OutputInfo:
    """A loudspeaker that may be chosen by its name."""

    name: str
    is_default: bool


def open_output(choice: str | None, latency_ms: int = LATENCY_MS) -> Output:
    """Open what the listener has chosen to hear the session with; nothing sounds before it is started.

    None is the system's default loudspeaker, ``null`` no sound at all, a name ending in ``.wav`` a recording, anything
    else the loudspeaker of that name, or the only one whose name contains it. ``latency_ms`` is kept between
    ``MIN_LATENCY_MS`` and ``MAX_LATENCY_MS``.

    Raises:
        RequestError: ``unknown-output``, ``unknown-format``, ``target-is-folder``.
        MissingError: ``no-audio-device``, ``miniaudio-missing``, ``no-such-folder``, ``target-unwritable``.
    """
    latency = Ms(min(max(latency_ms, MIN_LATENCY_MS), MAX_LATENCY_MS))
    if choice is not None and _is_without_device(choice):
        from breathcue.live.outputs.recording import NullOutput, RecordingOutput

        return NullOutput(latency) if choice == NULL else RecordingOutput(Path(choice), latency)
    from breathcue.live.outputs.device import DeviceOutput
    from breathcue.live.outputs.speakers import default_speaker, speakers

    found = speakers()
    return DeviceOutput(default_speaker(found) if choice is None else _chosen(choice, found), latency)


def outputs() -> tuple[OutputInfo, ...]:
    """Return the loudspeakers there are, in the system's order; none where none can be used. Never raises."""
    from breathcue.live.outputs.speakers import speakers

    try:
        return tuple(OutputInfo(s.name, s.is_default) for s in speakers())
    except Exception:  # whatever is wrong with the system's sound, open_output says so; a list is empty
        return ()


def _is_without_device(choice: str) -> bool:
    """Say whether the choice needs no loudspeaker.

    Raises:
        RequestError: it is a file of a kind that cannot be recorded (``unknown-format``).
    """
    suffix = Path(choice).suffix.lower()
    if suffix in _OTHER_SOUND_FILES:
        raise RequestError(
            Diagnostic(
                "unknown-format",
                f"“{choice}” cannot be recorded: a live session is recorded as WAV.",
                fix="Give a name that ends in .wav; `breathcue render` makes MP3 files.",
            )
        )
    return choice == NULL or suffix == _WAV


def _chosen(choice: str, found: Sequence[Speaker]) -> Speaker:
    """Return the loudspeaker that the choice names.

    Raises:
        RequestError: there is none, or there are several (``unknown-output``).
    """
    wanted = choice.strip().casefold()
    for speaker in found:
        if speaker.name.casefold() == wanted:
            return speaker
    near = [speaker for speaker in found if wanted in speaker.name.casefold()]
    if len(near) == 1:
        return near[0]
    problem = (
        f"Several outputs are called something like “{choice}”" if near else f"No output is called “{choice}”"
    )
    names = "; ".join(speaker.name for speaker in near or found)
    raise RequestError(
        Diagnostic(
            "unknown-output",
            f"{problem}: {names}.",
            fix=f"Give one of these names or a part that only one has, `{NULL}` for no sound, "
            "or a file such as session.wav to record.",
        )
    )
