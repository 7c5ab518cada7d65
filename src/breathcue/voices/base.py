"""The contract between the session and whoever speaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.timeline.time import Ms, ms_from_samples

Samples = NDArray[np.float32]

AS_WRITTEN = "as-written"
"""The ``alphabet`` of an engine that wants the words as their author wrote them, numbers and signs included."""


class VoiceState(StrEnum):
    """Whether a voice can speak now."""

    READY = "ready"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class VoiceInfo:
    """One voice of an engine, for listing. ``reason`` and ``fix`` say why it cannot speak and what to do."""

    engine: str
    name: str
    languages: tuple[str, ...]
    about: str
    state: VoiceState = VoiceState.READY
    reason: str | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What an engine returns: mono float32 samples in [-1, 1] at the engine's own rate, untrimmed.

    ``silent`` says that the engine means silence, so that the samples are kept as they are. Without it, a
    recording in which nothing is heard counts as a text that the voice could not say.
    """

    samples: Samples
    rate: int
    silent: bool = False


class RefusedError(Exception):
    """An engine cannot say a text; the message is the reason, worded to follow "the voice cannot say ...:".

    ``fix`` is a sentence that tells the author what to do, where the voice knows better than "other words"; ``code``
    is that of the diagnostic.
    """

    def __init__(self, reason: str, fix: str | None = None, code: str = "unspeakable-text") -> None:
        super().__init__(reason)
        self.fix = fix
        self.code = code


class VoiceMissingError(MissingError):
    """A voice that was asked for cannot speak; ``engine`` and ``voice`` are its names."""

    def __init__(self, engine: str, voice: str, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.engine = engine
        self.voice = voice


class Engine(Protocol):
    """Something that turns text into sound. Constructing one is cheap; models load on the first ``speak``.

    ``version`` changes whenever the same text may sound different; it is part of the cache key. ``alphabet``
    names the phonemes the engine reads inline, ``[word](/phonemes/)``, by their key in the pronunciation
    dictionary; it is None where the engine reads plain words only, and :data:`AS_WRITTEN` where it shall get them
    as they were written.
    """

    name: str
    alphabet: str | None

    @property
    def version(self) -> str:
        """The engine's version, such as ``hibari-tts 0.2.1``."""
        ...

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices, those that cannot run included. Never raises, never downloads."""
        ...

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return the sound of ``text`` (already speakable). May be called from several threads.

        The same arguments give the same samples. A text that gives no sound is refused, or comes back empty.

        Raises:
            MissingError: the voice or its model is not there.
            RefusedError: the voice cannot say this text, or not all of it.
        """
        ...


@runtime_checkable
class Sourced(Protocol):
    """An engine whose sound comes from files of the author, which may change at any time."""

    def fingerprint(self, text: str, voice: str) -> str:
        """Return what changes with the content from which ``text`` would be spoken; part of the cache key."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """The finished sound of one line: trimmed, levelled, 48 kHz mono float32, a whole number of ms long.

    ``energy`` is the sum of squares of the K-weighted samples in each 4 ms hop (4 ms divides both the cue
    grid of 24 ms and the 100 ms step of BS.1770's gating blocks), and ``peak`` the true peak as a factor of full
    scale; from them a session's level is computed without mixing.
    """

    samples: Samples
    energy: NDArray[np.float64]
    peak: float

    @property
    def duration_ms(self) -> Ms:
        """How long the clip lasts."""
        return ms_from_samples(len(self.samples))
