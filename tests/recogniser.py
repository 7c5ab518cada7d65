"""An independent listener for whole files: the recogniser of ``breathcue verify --listen``, phrase by phrase.

Set up by ``scripts/setup-recogniser``. Tests that use it are marked ``recogniser`` and take the fixture of that name,
which skips them where it is not set up.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from breathcue.verify.recogniser import missing as missing
from breathcue.verify.recogniser import model_folder


def transcribe(path: Path | str) -> list[tuple[int, int, str]]:
    """Return what is heard in a sound file, phrase by phrase: start and end in ms, and the words."""
    segments, _ = _model().transcribe(
        str(path),
        language="en",
        beam_size=5,
        temperature=0.0,
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
