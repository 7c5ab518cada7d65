"""What is expected of a sound file, and what was found: checks are values, and a verdict is all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from breathcue.audio.beds import BedSource
from breathcue.audio.sounds import ClipSource
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.timeline.time import Ms

LONGEST_MS = Ms(12 * 60 * 60_000)
"""The longest file that is listened to: twice the longest session."""

Number = int | float | None


class Status(StrEnum):
    """How a check ended; ``skipped`` where there was nothing to compare with."""

    OK = "ok"
    MISS = "miss"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: in words, and where; ``cue`` is the id of the cue it is about."""

    message: str
    at_ms: Ms | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check.

    ``measured`` and ``expected`` are for people; ``values`` holds the numbers behind them, named with their units.
    ``findings`` says what is wrong, one by one; a check that is a miss has at least one.
    """

    name: str
    status: Status
    measured: str
    expected: str
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeardCue:
    """Where a cue was found.

    ``offset_ms`` is how much later than its time it sounds, and None where it was not found. ``likeness`` is the
    normalised correlation with the cue's own clip (1.0 is the same sound), and None where there was no clip.
    ``lost_ms`` is how much of the clip does not sound.
    """

    cue: Cue
    offset_ms: float | None
    likeness: float | None = None
    lost_ms: Ms = Ms(0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that was found out about a file."""

    file: Path
    checks: tuple[Check, ...]
    cues: tuple[HeardCue, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no check is a miss."""
        return all(check.status is not Status.MISS for check in self.checks)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file should hold.

    ``clips`` has the voice's own sound, for places exact to a fraction of a millisecond; without it, only the times of
    the timeline can be compared. ``bed`` is the bed itself, to compare the sound with from moment to moment; without
    it, only what is true of all beds can be. ``author`` is who should be named, ``any_author`` lets any name count: a
    file may have been rendered with another than its session's.
    """

    timeline: Timeline
    clips: ClipSource | None = None
    author: str | None = None
    any_author: bool = True
    bed: BedSource | None = None


SILENT_ENGINE = "silent"
"""The engine that says nothing, for trying out a session's times."""


def speaks_aloud(cue: Cue, timeline: Timeline) -> bool:
    """Say whether a cue is one of a voice that can be heard."""
    return cue.track is Track.VOICE and (cue.voice or timeline.voice).engine != SILENT_ENGINE


Share = Callable[[float], None]
"""Hears the share of the work that is done, from 0 to 1."""


def judged(
    name: str,
    measured: str,
    expected: str,
    findings: tuple[Finding, ...] | list[Finding],
    /,
    **values: Number,
) -> Check:
    """Return a check that is a miss where there are findings."""
    status = Status.MISS if findings else Status.OK
    return Check(name, status, measured, expected, tuple(findings), values)


def skipped(name: str, why: str, /, *, measured: str = "", **values: Number) -> Check:
    """Return a check that was not made; ``why`` stands in place of what is expected."""
    return Check(name, Status.SKIPPED, measured, why, (), values)
