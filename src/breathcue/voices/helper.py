"""A helper process that speaks, seen from the outside: asked one line at a time, and killed when it does not answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Thread
from typing import IO, Any

COMMAND = (sys.executable, "-m", "breathcue.voices.system_helper")

_FAREWELL_SECONDS = 1.0
_LAST_WORDS_BYTES = 4096


class HelperError(Exception):
    """A helper did not do what it was asked for; the message is the reason, as half a sentence."""


class Helper:
    """One running helper; used by one thread at a time.

    ``about`` is its first answer. What it prints beside its answers is passed over. After a
    :class:`HelperError` it is of no more use and must be killed.
    """

    def __init__(self, patience_seconds: float, command: Sequence[str] | None = None) -> None:
        """Start a helper and wait for its first answer.

        Raises:
            HelperError: it cannot be started, or does not answer in time.
        """
        self._last_words = TemporaryFile()  # noqa: SIM115  (closed with the helper)
        self._folder = TemporaryDirectory(prefix="breathcue-", ignore_cleanup_errors=True)
        self._answers: SimpleQueue[bytes | None] = SimpleQueue()
        self._count = 0
        try:
            # A session of its own: what interrupts breathcue must not break a line off, and all forks end together.
            self._process = subprocess.Popen(
                command or COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._last_words,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            self._forget()
            raise HelperError(f"it cannot be started: {error.strerror or error}") from error
        assert self._process.stdout is not None
        Thread(target=_read, args=(self._process.stdout, self._answers), daemon=True).start()
        try:
            self.about = self._answer(0, patience_seconds)
        except BaseException:
            self.kill()
            raise

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def speak(self, text: str, voice: str, rate: int, patience_seconds: float) -> tuple[Path, dict[str, Any]]:
        """Have a line spoken into a file; return its path and the helper's answer. The caller removes the file.

        Raises:
            HelperError: the helper failed, ended, or did not answer in time.
        """
        self._count += 1
        path = Path(self._folder.name) / f"{self._count}.wav"
        request = {"id": self._count, "text": text, "voice": voice, "rate": rate, "path": str(path)}
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            raise HelperError(self._end()) from None
        answer = self._answer(self._count, patience_seconds)
        if "error" in answer:
            last_words = self._said() if answer.get("died") else ""
            raise HelperError(f"{str(answer['error']).rstrip('.')}{last_words}")
        return path, answer

    def close(self) -> None:
        """Let the process end by itself, or kill it if it does not at once."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End the process with all its forks, and remove its files."""
        with suppress(OSError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._forget()

    def _forget(self) -> None:
        self._last_words.close()
        self._folder.cleanup()

    def _answer(self, number: int, patience_seconds: float) -> dict[str, Any]:
        """Return the answer of this number; whatever else comes meanwhile is noise."""
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                line = self._answers.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise HelperError(
                    f"it did not answer within {patience_seconds:g} seconds{self._said()}"
                ) from None
            if line is None:
                raise HelperError(self._end())
            answer = _read_answer(line)
            if answer.get("breathcue") == number:
                return answer

    def _end(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_FAREWELL_SECONDS)
        code = self._process.poll()
        end = "closed its output" if code is None else f"ended with code {code}"
        return f"it {end}{self._said()}"

    def _said(self) -> str:
        """Return the last line of what the process complained of, to follow a reason."""
        size = self._last_words.seek(0, os.SEEK_END)
        self._last_words.seek(max(0, size - _LAST_WORDS_BYTES))
        lines = self._last_words.read().decode(errors="replace").strip().splitlines()
        return f" ({lines[-1].strip()})" if lines else ""


def _read(stream: IO[bytes], answers: SimpleQueue[bytes | None]) -> None:
    with stream, suppress(OSError, ValueError):
        for line in stream:
            answers.put(line)
    answers.put(None)


def _read_answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
