"""The terminal a screen is drawn on: what it can show, and that it is left as it was in every way of ending."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from textual.driver import Driver

Light = Literal["auto", "light", "dark"]

_STOP_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
_TAKEN_SIGNALS = ("SIGTSTP", "SIGCONT", "SIGWINCH", "SIGTTOU", "SIGTTIN")
"""Signals that Textual handles while it runs, and keeps for itself afterwards."""
_PATIENCE_SECONDS = 2.0
"""How long the end waits for a terminal that takes nothing more."""
_POINTER_SHAPE = "\x1b]22;"


def can_show() -> bool:
    """Say whether there is a terminal for a screen: one to read keys from, and one that can be drawn on."""
    try:
        there = sys.__stdin__ and sys.__stdout__ and sys.__stdin__.isatty() and sys.__stdout__.isatty()
    except ValueError:
        # One of them has been closed.
        return False
    return bool(there) and os.environ.get("TERM") not in ("dumb", "unknown")


def is_fine() -> bool:
    """Say whether the terminal's letters include circles and quarter blocks; the Linux console's do not."""
    return os.environ.get("TERM", "") not in ("linux", "vt100", "vt220", "ansi")


def is_dark(light: Light) -> bool:
    """Say whether to draw light on dark.

    ``auto`` is what the terminal says in COLORFGBG (rxvt's convention: the last number is the background's colour,
    7 and 15 are the light ones), and dark where it says nothing.
    """
    if light != "auto":
        return light == "dark"
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] not in ("7", "15")


def wants_no_colour() -> bool:
    """Say whether the listener wants no colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))


class Drawing:
    """The file that a screen is drawn into. It never raises: a terminal that is ``gone`` takes what one writes.

    ``busy`` says that the terminal has not taken the last picture yet, as over a slow line; another one would only
    queue up behind it.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._parts: list[str] = []
        self._failed = False
        self.busy = False

    @property
    def gone(self) -> bool:
        """Whether there is no terminal any more: it was closed."""
        return self._failed or not os.isatty(self._descriptor)

    def write(self, text: str) -> None:
        """Take a part of the picture."""
        self._parts.append(text)

    def flush(self) -> None:
        """Hand the picture over; waits until the terminal has taken it."""
        data = memoryview("".join(self._parts).encode("utf-8", "replace"))
        self._parts.clear()
        self.busy = True
        try:
            while data and not self._failed:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            self._failed = True
        finally:
            self.busy = False

    def is_taken(self, seconds: float) -> bool:
        """Wait at most ``seconds`` for the terminal to take the last picture, and say whether it has."""
        until = time.monotonic() + seconds
        while self.busy and time.monotonic() < until:
            time.sleep(0.01)
        return not self.busy

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._descriptor


def driver_for(drawing: Drawing) -> type[Driver] | None:
    """Return Textual's driver, drawing into ``drawing``; None where the system has another kind of terminal."""
    if os.name == "nt":
        return None
    from textual.drivers.linux_driver import LinuxDriver

    class TerminalDriver(LinuxDriver):
        """Draws on standard output, so that standard error stays free, and outlives a terminal that is closed."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._file = drawing  # type: ignore[assignment]

        def write(self, data: str) -> None:
            # Textual sets the mouse pointer's shape, and nobody could set it back to what it was.
            if not data.startswith(_POINTER_SHAPE):
                super().write(data)

        def close(self) -> None:
            # Closing waits for the last picture; over a line that has stalled, it would wait for ever.
            if drawing.is_taken(_PATIENCE_SECONDS):
                super().close()

        def run_input_thread(self) -> None:
            try:
                super().run_input_thread()
            except OSError:
                # The terminal was closed; whoever draws on it sees that for himself.
                return

    return TerminalDriver


def drawing_on_output() -> Drawing:
    """Return the terminal behind standard output."""
    output = sys.__stdout__
    if output is None:
        raise OSError("there is no standard output to draw on")
    return Drawing(output.fileno())


@contextmanager
def stop_signals(ask_to_leave: Callable[[], None]) -> Iterator[None]:
    """While the screen is up, let a request to stop close it first, and pass the request on when that is done.

    Whoever handled SIGTERM, SIGHUP and SIGINT before handles them again after the screen, with the terminal as it
    was; so a handler that raises does so outside of any event loop. What the parent process chose to ignore stays
    ignored. A second request does not wait for the screen. Signals can be handled in the main thread alone.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = _handlers((*_STOP_SIGNALS, *_TAKEN_SIGNALS))
    caught: list[int] = []

    def on_stop(number: int, frame: FrameType | None) -> None:
        if caught:
            handler = before[number]
            if callable(handler):
                handler(number, frame)
        caught.append(number)
        ask_to_leave()

    for number in _handlers(_STOP_SIGNALS):
        if before[number] is not signal.SIG_IGN:
            signal.signal(number, on_stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    if caught:
        signal.raise_signal(caught[0])


def _handlers(names: tuple[str, ...]) -> dict[int, Any]:
    """Return the present handlers of those of the signals that this system has."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return {number: signal.getsignal(number) for number in numbers}
