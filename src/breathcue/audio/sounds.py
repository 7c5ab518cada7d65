"""What the audio room knows of the speaker: an utterance goes in, a clip comes out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from breathcue.audio.tones import tone_clip
from breathcue.diagnostics import BreathcueError, Diagnostic
from breathcue.timeline.model import Cue, Track, Utterance
from breathcue.voices.base import Clip

Sound = Callable[[Cue], Clip]


class ClipSource(Protocol):
    """Whoever has the clips of a session's voice cues."""

    def clip(self, utterance: Utterance) -> Clip:
        """Return the clip of a voice cue's utterance. Called from one thread at a time, often for the same one."""
        ...


def sounds(clips: ClipSource) -> Sound:
    """Return the function from a voice or tone cue to its clip; it may be called from several threads.

    The function raises BreathcueError (``clip-mismatch``) where a clip does not last as long as its cue: the
    timeline was then compiled with other clips, and nothing in it would be in its place.
    """
    lock = threading.Lock()

    def sound(cue: Cue) -> Clip:
        if cue.track is Track.TONE:
            clip = tone_clip(cue.text, cue.duration_ms)
        else:
            with lock:
                clip = clips.clip(cue.utterance)
        if clip.duration_ms != cue.duration_ms:
            raise BreathcueError(_mismatch(cue, clip))
        return clip

    return sound


def _mismatch(cue: Cue, clip: Clip) -> Diagnostic:
    return Diagnostic(
        code="clip-mismatch",
        message=f"The sound of “{cue.text}” lasts {clip.duration_ms} ms, but the timeline gives it "
        f"{cue.duration_ms} ms.",
        fix="Compile the session again with the voice that is to speak it.",
    )
