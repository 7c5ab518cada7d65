"""Timelines and clips made for tests: no voice, no compiler, the same on every run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from breathcue.dsp.loudness import hop_energy, integrated_lufs
from breathcue.dsp.peaks import limit, true_peak
from breathcue.dsp.shape import fade, gain_from_db
from breathcue.library.tones import tone_length_ms
from breathcue.timeline.model import (
    Chapter,
    Cue,
    CueKind,
    Phase,
    PhaseKind,
    Source,
    Timeline,
    Track,
    Utterance,
    Voice,
)
from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms, snap_up
from breathcue.voices.base import Clip, Samples

SOURCE = Source("session.yaml", 1)


def clip_of(samples: Samples) -> Clip:
    """Return a clip with its own hop energies and peak."""
    return Clip(samples, hop_energy(samples), true_peak(samples))


def impulse_clip(length_ms: int, *, at: int = 0, height: float = 0.9) -> Clip:
    """Return a clip of silence with one sample that is not."""
    samples = np.zeros(samples_from_ms(length_ms), np.float32)
    samples[at] = height
    return clip_of(samples)


def speech_like(length_ms: int, seed: int) -> Samples:
    """Return a buzz with a moving pitch, breath noise and four syllables a second, at -16 LUFS and -4 dBTP."""
    rng = np.random.default_rng(seed)
    count = samples_from_ms(length_ms)
    time = np.arange(count) / SAMPLE_RATE
    pitch = 110 + 90 * rng.random() + 25 * np.sin(2 * np.pi * 0.7 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    # Harmonics that fall by 9 dB an octave, as a voice's do, and a little breath.
    voiced = sum(np.sin(k * phase + rng.random()) / k**1.5 for k in range(1, 24))
    syllables = np.clip(np.sin(2 * np.pi * 3.9 * time + 6 * rng.random()) + 0.6, 0, 1) ** 0.8
    raw = (voiced + 0.05 * rng.standard_normal(count)) * syllables
    samples = fade(raw.astype(np.float32), fade_in=480, fade_out=960)
    for _ in range(3):
        loudness = integrated_lufs(hop_energy(samples))
        samples, _ = limit(samples * np.float32(gain_from_db(-16.0 - loudness)), -4.0)
    return samples


@dataclass(slots=True)
class Clips:
    """A source of ready clips by their text; counts how often each is asked for."""

    clips: Mapping[str, Clip]
    asked: dict[str, int] = field(default_factory=dict)

    def clip(self, utterance: Utterance) -> Clip:
        text = utterance.text
        self.asked[text] = self.asked.get(text, 0) + 1
        return self.clips[text]


@dataclass(slots=True)
class MakingClips:
    """A source that makes speech-like clips anew each time, so that it holds none. A text is ``seed:length_ms``."""

    def clip(self, utterance: Utterance) -> Clip:
        seed, length_ms = utterance.text.split(":")
        return clip_of(speech_like(int(length_ms), int(seed)))


def voice_cue(start_ms: int, length_ms: int, text: str, kind: CueKind = CueKind.MOVE) -> Cue:
    return Cue(f"c{start_ms}", Ms(start_ms), Ms(length_ms), Track.VOICE, kind, text, SOURCE)


def tone_cue(start_ms: int, name: str, kind: CueKind = CueKind.CHIME) -> Cue:
    return Cue(f"t{start_ms}", Ms(start_ms), Ms(tone_length_ms(name)), Track.TONE, kind, name, SOURCE)


def breath_cue(start_ms: int, length_ms: int, name: str) -> Cue:
    return Cue(f"b{start_ms}", Ms(start_ms), Ms(length_ms), Track.TONE, CueKind.BREATH_TONE, name, SOURCE)


def bed_cue(name: str, duration_ms: int) -> Cue:
    return Cue("bed", Ms(0), Ms(duration_ms), Track.BED, CueKind.BED, name, SOURCE)


def timeline_of(cues: Iterable[Cue], duration_ms: int, chapters: Iterable[tuple[int, str]] = ()) -> Timeline:
    """Return a timeline of one long wait; ``chapters`` are starts and titles."""
    marks = list(chapters)
    ends = [start for start, _ in [*marks[1:], (duration_ms, "")]] if marks else []
    return Timeline(
        title="A session for tests",
        language="en",
        voice=Voice("silent", "none", 1.0),
        duration_ms=Ms(duration_ms),
        chapters=tuple(Chapter(Ms(s), Ms(e), t) for (s, t), e in zip(marks, ends, strict=True)),
        phases=(Phase(Ms(0), Ms(duration_ms), PhaseKind.WAIT, "wait"),),
        cues=tuple(sorted(cues, key=lambda cue: cue.start_ms)),
    )


def long_session(minutes: float, *, distinct: int = 40, gap_ms: int = 900) -> Timeline:
    """Return a session of speech-like cues of 600 to 2,400 ms for :class:`MakingClips`, with a bowl at both ends.

    With the usual gap it has 30 cues a minute, which is dense for a session.
    """
    duration = int(minutes * 60_000)
    lengths = [600 + 1800 * (i * 7 % distinct) // distinct for i in range(distinct)]
    bowl = tone_length_ms("bowl")
    cues = [tone_cue(0, "bowl", CueKind.START_TONE)]
    at, i = snap_up(bowl), 0
    while at + 3000 + bowl < duration:
        length = lengths[i % distinct]
        cues.append(voice_cue(at, length, f"{i % distinct}:{length}"))
        at, i = snap_up(at + length + gap_ms), i + 1
    cues.append(tone_cue(at, "bowl", CueKind.END_TONE))
    marks = [(duration * k // 5, f"Part {k + 1}") for k in range(5)]
    return timeline_of(cues, duration, marks)


def clips_of(timeline: Timeline) -> Clips:
    """Return the clips of a :func:`long_session`, each made once."""
    making = MakingClips()
    texts = {cue.text for cue in timeline.cues if cue.track is Track.VOICE}
    return Clips({text: making.clip(Utterance(text)) for text in sorted(texts)})
