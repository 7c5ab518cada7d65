"""The timeline for reading: one cue a line, under its chapter, like the script of a session."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.timeline.model import Cue, Phase, Timeline, Track
from breathcue.timeline.pairing import pair
from breathcue.timeline.time import clock


def export_text(timeline: Timeline) -> str:
    """Return a timeline as text: when each cue starts, the phase it belongs to, its words.

    A line shows the time, the phase's kind, the repetition (``3/10``, with ``L`` or ``R`` for a side), and what is
    said; a tone stands in brackets, and who speaks in round ones, where it is not the session's voice. The bed is
    named in the first line.
    """
    return "\n".join(_lines(timeline)) + "\n"


def _lines(timeline: Timeline) -> Iterator[str]:
    voice = timeline.voice
    beds = "".join(f", bed {cue.text}" for cue in timeline.cues if cue.track is Track.BED)
    yield f"{timeline.title}  ({clock(timeline.duration_ms)}, voice {voice.name} at speed {voice.speed:g}{beds})"
    chapters = list(timeline.chapters)
    for cue, phase in pair(timeline):
        if cue.track is Track.BED:
            continue
        while chapters and chapters[0].start_ms <= cue.start_ms:
            chapter = chapters.pop(0)
            yield ""
            yield f"{clock(chapter.start_ms, millis=True):>11}  == {chapter.title} =="
        yield _line(cue, phase)


def _line(cue: Cue, phase: Phase) -> str:
    words = f"[{cue.text}]" if cue.track is Track.TONE else cue.text
    if cue.voice:
        words = f"({cue.voice.name} at speed {cue.voice.speed:g}) {words}"
    return f"{clock(cue.start_ms, millis=True):>11}  {phase.kind:<10}  {_rep(phase):<7}  {words}"


def _rep(phase: Phase) -> str:
    if phase.rep is None:
        return ""
    side = f" {phase.side[0].upper()}" if phase.side else ""
    return f"{phase.rep}/{phase.reps}{side}"
