"""An independent listener: a speech recogniser that knows nothing of the voice or of the timeline.

Set up by ``scripts/setup-recogniser``. Tests that use it are marked ``recogniser`` and take the fixture of that name,
which skips them where it is not set up.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")


def model_folder() -> Path:
    """Return the folder of the model: what BREATHCUE_RECOGNISER names, else where the script puts it."""
    named = os.environ.get("BREATHCUE_RECOGNISER")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "breathcue-recogniser"


def missing() -> str | None:
    """Return why the recogniser cannot be used here, or None where it can."""
    folder = model_folder()
    if any(not (folder / name).is_file() for name in FILES):
        return "the recogniser is not set up; run scripts/setup-recogniser"
    try:
        import faster_whisper  # noqa: F401
    except ImportError:
        return "faster-whisper is not installed; run scripts/setup-recogniser"
    return None


def transcribe(path: Path | str) -> list[tuple[int, int, str]]:
    """Return what is heard in a sound file, phrase by phrase: start and end in ms, and the words."""
    segments, _ = _model().transcribe(
        str(path),
        language="en",
        beam_size=5,
        # Left to itself the model repeats itself over long silences; it is shown only where somebody speaks.
        vad_filter=True,
        vad_parameters={"min_silence_duration_ms": 500},
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    return [(round(s.start * 1000), round(s.end * 1000), s.text.strip()) for s in segments]


@cache
def _model() -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(model_folder()), device="cpu", compute_type="int8", local_files_only=True)
