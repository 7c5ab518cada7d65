"""An independent listener: a speech recogniser that knows nothing of the voice or of the timeline.

It is faster-whisper with the model "base", in the folder that BREATHCUE_RECOGNISER names or in the user's cache, where
``scripts/setup-recogniser`` puts it. Heard twice, the same sound gives the same words: the search is a beam of fixed
width, nothing is left to chance (temperature 0), what was heard before has no influence, and one thread computes.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.dsp.shape import Samples

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")
"""What the model consists of."""

_BEAM = 5


def model_folder() -> Path:
    """Return the folder of the model: what BREATHCUE_RECOGNISER names, else where the script puts it."""
    named = os.environ.get("BREATHCUE_RECOGNISER")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "breathcue-recogniser"


def missing() -> str | None:
    """Return why the recogniser cannot be used here, or None where it can; nothing is loaded."""
    if importlib.util.find_spec("faster_whisper") is None:
        return "faster-whisper is not installed"
    folder = model_folder()
    lacking = [name for name in FILES if not (folder / name).is_file()]
    return f"its model is not at “{folder}” ({', '.join(lacking)})" if lacking else None


class Recogniser:
    """The recogniser, ready to listen. Loading it takes about a second."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            MissingError: it is not set up (``recogniser-missing``).
        """
        if reason := missing():
            raise _missing(reason)
        try:
            from faster_whisper import WhisperModel

            folder = str(model_folder())
            self._model: Any = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
            )
        except (ImportError, RuntimeError, ValueError, OSError) as error:
            raise _missing(f"it does not load: {' '.join(str(error).split())[:200]}") from error

    def knows(self, language: str) -> bool:
        """Say whether it understands a language."""
        return _plain(language) in self._model.supported_languages

    def hear(self, samples: Samples, language: str) -> str:
        """Return the words of at most 30 s of sound, mono at 16 kHz."""
        segments, _ = self._model.transcribe(
            samples,
            language=_plain(language),
            beam_size=_BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)


def _plain(language: str) -> str:
    return language.split("-")[0].lower()


def _missing(reason: str) -> MissingError:
    return MissingError(
        Diagnostic(
            "recogniser-missing",
            f"The speech recogniser cannot be used: {reason}.",
            fix="Set it up with `scripts/setup-recogniser`, or with `pip install 'breathcue[recogniser]'` and the "
            "folder of a faster-whisper model in BREATHCUE_RECOGNISER; or leave out --listen.",
        )
    )
