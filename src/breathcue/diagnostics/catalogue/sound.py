"""Codes of the loudspeaker, and of what stands in for it."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "no-audio-device",
        "There is no loudspeaker to speak through, or it cannot be opened.",
        "Connect or switch on a loudspeaker or headphones, or choose one in the system's sound settings; "
        "`breathcue doctor` lists them, and `breathcue doctor --chime` tries one. On Linux, breathcue speaks to a "
        "sound server (PulseAudio, or PipeWire with its PulseAudio service; the library is `libpulse0`), or to ALSA "
        "where none runs (`libasound2`). A device that goes nowhere, as servers put in place of a missing one, is not "
        "taken for a loudspeaker. Without any, `--output null` goes on in silence, `--output session.wav` records "
        "what would be heard, and `breathcue render` makes a file.",
    ),
    error(
        "miniaudio-missing",
        "The package that plays sound is not installed, or does not load.",
        "It is miniaudio, and comes with breathcue except on Linux for Arm, where there is no ready-made one: there, "
        "`pip install miniaudio` builds it, with a C compiler and the headers of Python. `--output null`, "
        "`--output session.wav` and `breathcue render` do without.",
    ),
    error(
        "unknown-output",
        "No output has the name that was given, or several do.",
        "Give the whole name of a loudspeaker or a part that only one has, in small or capital letters; "
        "`breathcue doctor` lists the names. `null` makes no sound, and a name that ends in `.wav` records.",
    ),
    error(
        "recording-cut-short",
        "The recording of a live session ends before the session does.",
        "The disk was full, or could not be written to any more, or the recording became longer than a WAV file can "
        "be, which is about 12 hours. What was played until then is in the file, and the session itself went on.",
    ),
)
