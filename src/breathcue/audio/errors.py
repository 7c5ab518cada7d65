"""What can go wrong between a finished timeline and a finished file, each with the way out."""

from __future__ import annotations

from pathlib import Path

from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError, RequestError

_GET_ENCODER = (
    "Install it again with `pip install --force-reinstall imageio-ffmpeg`, or set IMAGEIO_FFMPEG_EXE to an ffmpeg that "
    "was built with libmp3lame; a .wav file needs no encoder."
)


def _missing(code: str, message: str, fix: str) -> MissingError:
    return MissingError(Diagnostic(code=code, message=message, fix=fix))


def encoder_missing(reason: str) -> MissingError:
    """There is no ffmpeg to run."""
    return _missing("encoder-missing", f"The encoder ffmpeg cannot be started: {reason}.", _GET_ENCODER)


def encoder_failed(exit_code: int, stderr: str) -> MissingError:
    """The encoder ended with an error; a negative exit code is the signal that killed it."""
    how = f"was killed by signal {-exit_code}" if exit_code < 0 else f"gave up with exit code {exit_code}"
    said = f": {stderr}" if stderr else ", without a word"
    return _missing("encoder-failed", f"The encoder ffmpeg {how}{said}.", _GET_ENCODER)


def encoder_short(frames: int) -> MissingError:
    """The encoder ended well but wrote too little."""
    return _missing(
        "encoder-failed", f"The encoder ffmpeg stopped {frames} MP3 frames before the end.", _GET_ENCODER
    )


def encoder_garbage() -> MissingError:
    """What came out of the encoder is not what was asked for."""
    return _missing(
        "encoder-failed",
        "What came out of the encoder is not an MP3 stream of 64 kbit/s at 48 kHz mono.",
        _GET_ENCODER,
    )


def encoder_stalled(seconds: float) -> MissingError:
    """The encoder neither takes samples nor gives frames."""
    return _missing(
        "encoder-stalled", f"The encoder ffmpeg has done nothing for {seconds:g} seconds.", _GET_ENCODER
    )


def unknown_format(target: Path, known: tuple[str, ...]) -> RequestError:
    """The target's suffix names no format."""
    suffix = target.suffix
    said = (
        f"breathcue cannot write {suffix} files"
        if suffix
        else f"“{target.name}” does not say which format to write"
    )
    fix = f"Give the file a name that ends in {' or '.join(known)}."
    return RequestError(Diagnostic(code="unknown-format", message=f"{said}.", fix=fix))


def wav_too_long(size: int) -> BreathcueError:
    """A WAV file counts its bytes with 32 bits."""
    return BreathcueError(
        Diagnostic(
            code="wav-too-long",
            message=f"The session needs {size:,} bytes as WAV, and a WAV file cannot hold more than 4 GiB.",
            fix="Write an .mp3 file, or split the session.",
        )
    )
