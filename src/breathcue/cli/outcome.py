"""How a command ends: each way it can go becomes an exit code and, where there is something to say, a few words.

No traceback reaches a user: an error that nobody foresaw is named as a bug, and ``BREATHCUE_DEBUG=1`` shows the rest.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from breathcue.diagnostics import BreathcueError, MissingError, RequestError

DONE = 0
SESSION_HAS_ERRORS = 1
WRONG_USAGE = 2
SOMETHING_MISSING = 3
BUG = 70
"""An error inside breathcue itself: EX_SOFTWARE of sysexits.h, so that it is never taken for a faulty session."""
INTERRUPTED = 130

_COLLECT_AFTER = 200_000
"""Objects between two searches for garbage. Compiling and reading the voice's dictionaries make objects by the hundred
thousand that live to the end; Python's own 700 would look through them again and again, for a tenth of all CPU."""


class Terminated(KeyboardInterrupt):
    """The system asked the process to stop (SIGTERM or SIGHUP); unwinds everything, as Ctrl-C does."""


def prepare_process() -> None:
    """Make output safe in any locale, and let a request to stop unwind the work instead of cutting it off.

    Garbage is searched for less often than Python does by itself.
    """
    gc.set_threshold(_COLLECT_AFTER)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # A signal that the parent chose to ignore (nohup does) stays ignored.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _on_stop_request)


def _on_stop_request(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


def guard(work: Callable[[], int]) -> int:
    """Run ``work`` and return its exit code, or that of the way in which it failed, having said why on stderr."""
    try:
        code = work()
        _flush(sys.stdout)
    except BaseException as error:
        return _explain(error)
    return code


def _explain(error: BaseException) -> int:
    try:
        return _report(error)
    except BrokenPipeError:
        _silence_broken_streams()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as second:
        return _report_bug(second)


def explain(error: Exception) -> int:
    """Say on stderr why something failed after which the command goes on; return what its exit code would be."""
    return _report(error)


def _report(error: BaseException) -> int:
    match error:
        case BreathcueError():
            _say_diagnostics(error)
            return _code_of(error)
        case click.ClickException():
            error.show()
            return error.exit_code
        case KeyboardInterrupt() | click.Abort():
            _say("Stopped.")
            return INTERRUPTED
        case SystemExit():
            return error.code if isinstance(error.code, int) else DONE if error.code is None else BUG
        case BrokenPipeError() if _reader_has_left():
            _silence_broken_streams()
            return DONE
        case OSError() if error.strerror and not isinstance(error, BrokenPipeError):
            _say(f"breathcue cannot go on: {_os_error_in_words(error)}.")
            _show_traceback_if_asked(error)
            return SOMETHING_MISSING
        case MemoryError():
            _say("breathcue cannot go on: there is not enough memory.")
            return SOMETHING_MISSING
    return _report_bug(error)


def _report_bug(error: BaseException) -> int:
    _say(
        f"This is a bug in breathcue: {_name(error)}. Please report it, with the command you ran; "
        "set BREATHCUE_DEBUG=1 to see the traceback."
    )
    _show_traceback_if_asked(error)
    return BUG


def _code_of(error: BreathcueError) -> int:
    if isinstance(error, MissingError):
        return SOMETHING_MISSING
    return WRONG_USAGE if isinstance(error, RequestError) else SESSION_HAS_ERRORS


def _say_diagnostics(error: BreathcueError) -> None:
    from breathcue.cli.reporting import show_diagnostics

    show_diagnostics(error.diagnostics)
    _show_traceback_if_asked(error)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _os_error_in_words(error: OSError) -> str:
    about = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    return f"{error.strerror}{about}"


def _name(error: BaseException) -> str:
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return words
    return f"{words} (in {Path(frame.tb_frame.f_code.co_filename).name}, line {frame.tb_lineno})"


def _show_traceback_if_asked(error: BaseException) -> None:
    if os.environ.get("BREATHCUE_DEBUG", "") not in ("", "0"):
        import traceback

        _say("".join(traceback.format_exception(error)).rstrip())


def _flush(stream: object) -> None:
    flush = getattr(stream, "flush", None)
    if flush is not None:
        flush()


def _reader_has_left() -> bool:
    """Say whether whoever read our output has closed it; a pipe of our own that broke is another matter."""
    return any(_is_broken_pipe(stream) for stream in (sys.stdout, sys.stderr))


def _is_broken_pipe(stream: object) -> bool:
    import select

    try:
        descriptor = stream.fileno()  # type: ignore[attr-defined]
    except (AttributeError, OSError, ValueError):
        return False
    if not hasattr(select, "poll"):
        return True
    watch = select.poll()
    watch.register(descriptor, select.POLLOUT)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0))


def _silence_broken_streams() -> None:
    """Point closed outputs at nothing, so that the interpreter's last flush does not complain."""
    for stream in (sys.stdout, sys.stderr):
        if _is_broken_pipe(stream):
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
