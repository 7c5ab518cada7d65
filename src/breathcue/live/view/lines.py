"""Lines typed while something else goes on: read without blocking anybody, and without reading ahead."""

from __future__ import annotations

import codecs
import os
import select
from collections.abc import Callable
from typing import TextIO

_LOOK_SECONDS = 0.2
"""How often a reader looks whether it is still wanted."""


class Lines:
    """Reads a stream line by line; a wait for the next one can be given up.

    A thread that is blocked inside ``sys.stdin`` keeps its lock, and Python then dies noisily at its own end. So where
    there is a descriptor, it is watched and read itself. Whoever asks a question on the same stream before must ask it
    through the same :class:`Lines`, because ``sys.stdin`` reads ahead.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._descriptor = _watchable(stream)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._text = ""
        self._over = stream is None or stream.closed

    def read(self, wanted: Callable[[], bool] = lambda: True) -> str | None:
        """Return the next line without its end; None when there are no more, or it is no longer ``wanted``."""
        while wanted():
            line, newline, rest = self._text.partition("\n")
            if newline:
                self._text = rest
                return line.rstrip("\r")
            if self._over:
                self._text = ""
                return line or None
            self._take_more()
        return None

    def _take_more(self) -> None:
        try:
            if self._descriptor is None:
                assert self._stream is not None
                chunk = self._stream.readline()
                self._over = not chunk
            elif select.select([self._descriptor], [], [], _LOOK_SECONDS)[0]:
                data = os.read(self._descriptor, 4096)
                self._over = not data
                chunk = self._decode(data, final=not data)
            else:
                return
        except (OSError, ValueError):
            # The terminal was closed, or the stream by somebody else: there are no more lines.
            self._over = True
            return
        self._text += chunk


def _watchable(stream: TextIO | None) -> int | None:
    """Return the stream's descriptor where ``select`` can watch it: not on Windows, and not for a text in memory."""
    if stream is None or stream.closed or os.name == "nt":
        return None
    try:
        return stream.fileno()
    except (OSError, ValueError, AttributeError):
        return None
