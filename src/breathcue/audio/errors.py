"""What can go wrong between a finished timeline and a finished file, each with the way out."""

from __future__ import annotations

from pathlib import Path

from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError, RequestError
from breathcue.ffmpeg import GET_FFMPEG


def _missing(code: str, message: str, fix: str) -> MissingError:
    return MissingError(Diagnostic(code=code, message=message, fix=fix))


def encoder_failed(exit_code: int, stderr: str) -> MissingError:
    """The encoder ended with an error; a negative exit code is the signal that killed it."""
    how = f"was killed by signal {-exit_code}" if exit_code < 0 else f"gave up with exit code {exit_code}"
    said = f": {stderr}" if stderr else ", without a word"
    return _missing("encoder-failed", f"The encoder ffmpeg {how}{said}.", GET_FFMPEG)


def encoder_short(frames: int) -> MissingError:
    """The encoder ended well but wrote too little."""
    return _missing(
        "encoder-failed", f"The encoder ffmpeg stopped {frames} MP3 frames before the end.", GET_FFMPEG
    )


def encoder_cut_short(written_ms: int, wanted_ms: int) -> MissingError:
    """The file that the encoder wrote is not as long as the session."""
    message = f"The encoder ffmpeg wrote {written_ms} ms of sound instead of {wanted_ms}."
    return _missing("encoder-failed", message, GET_FFMPEG)


def encoder_garbage(bit_rate: int) -> MissingError:
    """What came out of the encoder is not what was asked for."""
    return _missing(
        "encoder-failed",
        f"What came out of the encoder is not an MP3 stream of {bit_rate // 1000} kbit/s at 48 kHz mono.",
        GET_FFMPEG,
    )


def encoder_stalled(seconds: float) -> MissingError:
    """The encoder neither takes samples nor gives frames."""
    return _missing(
        "encoder-stalled", f"The encoder ffmpeg has done nothing for {seconds:g} seconds.", GET_FFMPEG
    )


def unknown_format(target: Path, known: tuple[str, ...]) -> RequestError:
    """The target's suffix names no format."""
    suffix = target.suffix
    said = (
        f"breathcue cannot write {suffix} files"
        if suffix
        else f"“{target.name}” does not say which format to write"
    )
    fix = f"Give the file a name that ends in {', '.join(known[:-1])} or {known[-1]}."
    return RequestError(Diagnostic(code="unknown-format", message=f"{said}.", fix=fix))


def format_lacks(target: Path, what: str, option: str) -> RequestError:
    """The format cannot hold what was asked for."""
    message = f"A {target.suffix.lower()} file cannot have {what}."
    fix = f"Leave out {option}, or choose another format for “{target.name}”."
    return RequestError(Diagnostic(code="format-lacks", message=message, fix=fix))


def bad_cover(path: Path, reason: str) -> RequestError:
    """The picture for the cover is of no use; ``reason`` follows its name."""
    fix = "Give a JPEG or PNG picture, or leave out --cover to have one made from the title."
    return RequestError(Diagnostic(code="bad-cover", message=f"The cover “{path}” {reason}.", fix=fix))


def bed_too_short(path: Path) -> BreathcueError:
    """The author's music lasts less than a second."""
    return BreathcueError(
        Diagnostic(
            code="bed-too-short",
            message=f"The bed “{path.name}” lasts less than a second.",
            fix="Give a longer sound, or one of the built-in beds.",
        )
    )


def bed_too_long(path: Path) -> BreathcueError:
    """The author's music says of itself that it lasts longer than two hours."""
    return BreathcueError(
        Diagnostic(
            code="sound-too-long",
            message=f"The bed “{path.name}” lasts longer than 2 hours, which is the most there is room for.",
            fix="Cut it: it goes round with a cross-fade.",
        )
    )


def bed_silent(path: Path) -> BreathcueError:
    """Nothing is heard of the author's music."""
    return BreathcueError(
        Diagnostic(
            code="bed-silent",
            message=f"Nothing is heard in the bed “{path.name}”.",
            fix="Give another file, or write `bed: none`.",
        )
    )


def wav_too_long(size: int) -> BreathcueError:
    """A WAV file counts its bytes with 32 bits."""
    return BreathcueError(
        Diagnostic(
            code="wav-too-long",
            message=f"The session needs {size:,} bytes as WAV, and a WAV file cannot hold more than 4 GiB.",
            fix="Write an .mp3 file, or split the session.",
        )
    )
