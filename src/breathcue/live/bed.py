"""The bed beneath a live session: it goes on by the samples that are heard, whatever session time does.

Where nobody asks for anything, its samples are those of the rendered file: the same bed at the same places, faded and
lowered by the same functions. They need to know the speech of the next two seconds. What comes at shorter notice (an
answer, a pause, the end) changes their result at once; the difference to what was planned until then is kept as a
*slip*, which fades away. So nothing ever jumps, and once it has faded away the bed is where the file has it again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Thread

import numpy as np

from breathcue.audio.beds import FADE_IN_MS, FADE_OUT_MS, Bed, fade_in, fade_out
from breathcue.audio.ducking import DEPTH_DB, RETURN, SINK, ducking
from breathcue.audio.mixer import Span
from breathcue.dsp.shape import gain_from_db
from breathcue.live.deck import Sounding, fading
from breathcue.timeline.model import Track
from breathcue.timeline.score import Score
from breathcue.timeline.time import SAMPLES_PER_MS, samples_from_ms
from breathcue.voices.base import Samples

REACH = RETURN + SINK
"""How far speech reaches: what was spoken within this before a sample, or will be after it, lowers the bed there."""

FADE_IN = samples_from_ms(FADE_IN_MS)
FADE_OUT = samples_from_ms(FADE_OUT_MS)

DOWN = gain_from_db(-DEPTH_DB)
"""The factor of a bed that makes way."""

SLIP = SINK
"""How long a slip takes to fade away: as long as the bed takes to make way."""

_SAME = 1e-5
"""Factors that differ by less are the same: no ear, and hardly a sample, could tell."""


@dataclass(frozen=True, slots=True)
class BedState:
    """What the bed has to remember from one block to the next.

    ``spoken`` is the speech heard lately, in samples of what is heard. ``planned`` is the factor that was planned for
    the next sample, ``slip`` by how much the one heard differed from it at sample ``slip_from``, a difference that
    fades away within ``slip_length`` and takes the bed no lower than to ``floor``. ``silent_from`` is the sample from
    which on the bed falls silent for good.
    """

    spoken: tuple[Span, ...] = ()
    joined: bool = False
    planned: float = 0.0
    slip: float = 0.0
    slip_from: int = 0
    slip_length: int = SLIP
    floor: float = 0.0
    silent_from: int | None = None

    def slips(self, start: int, length: int) -> Samples:
        """Return the slip at ``length`` samples from ``start`` on."""
        share = np.clip(
            np.arange(start - self.slip_from, start - self.slip_from + length) / self.slip_length, 0, 1
        )
        return (self.slip * (0.5 + 0.5 * np.cos(np.pi * share))).astype(np.float32)


ABSENT = BedState()
"""A bed that has not begun."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of what comes: ``speech`` that will be heard, and how many samples are ``left`` to the end."""

    speech: tuple[Span, ...]
    left: int | None


def add_bed(
    bed: Bed, out: Samples, start: int, state: BedState, ahead: Ahead, was: float, now: float
) -> BedState:
    """Add the bed to a block that begins with sample ``start`` of what is heard; return what to remember of it.

    The level goes evenly from the factor ``was`` to ``now``.
    """
    length = len(out)
    plan = _plan((*state.spoken, *ahead.speech), start, length + 1, ahead.left)
    state = _with_slip(state, start, float(plan[0]))
    gain = plan[:-1]
    if state.slip and start < state.slip_from + state.slip_length:
        lowest = np.minimum(gain, np.float32(state.floor))
        gain = np.clip(gain + state.slips(start, length), lowest, np.float32(1.0))
    if not was == now == 1.0:
        gain = gain * np.linspace(was, now, length, dtype=np.float32)
    if state.silent_from is not None:
        gain = gain * fading(start - state.silent_from, length)
    if gain.any():
        bed.add(out, start, gain)
    return replace(state, joined=True, planned=float(plan[-1]))


def spoken(state: BedState, sounding: Sequence[Sounding], start: int) -> BedState:
    """Return the state with the speech that still matters from sample ``start`` on: lately heard, or sounding."""
    heard = [Span(s.start, s.stop) for s in sounding if s.cue.track is Track.VOICE and s.stop > s.start]
    # What was cut since it was remembered is known by its end.
    lately = {span.start: span for span in (*state.spoken, *heard) if span.stop > start - REACH}
    return replace(state, spoken=tuple(lately[at] for at in sorted(lately)))


def ahead_of(score: Score, out: int, at: int, pause: int, block: int) -> Ahead:
    """Return what will be heard of a score once the ``block`` samples from sample ``out`` on have begun.

    Session time has come to sample ``at``, and goes on after a ``pause``; with no pause, the cues that start in this
    block have begun.
    """
    shift, until = out + pause - at, out + block
    begun = at if pause else at + block
    first = bisect_left(score.cues, -(-begun // SAMPLES_PER_MS), key=lambda cue: cue.start_ms)
    speech = []
    for cue in score.cues[first:]:
        start = samples_from_ms(cue.start_ms) + shift
        if start > until + REACH:
            break
        if cue.track is Track.VOICE:
            speech.append(Span(start, start + samples_from_ms(cue.duration_ms)))
    end = samples_from_ms(score.end_ms)
    if score.complete:
        return Ahead(tuple(speech), end - at + pause)
    if not score.waiting and end + shift <= until + REACH:
        # What has not been laid yet will begin with words.
        speech.append(Span(end + shift, end + shift + REACH))
    return Ahead(tuple(speech), None)


def _plan(speech: Sequence[Span], start: int, length: int, left: int | None) -> Samples:
    """Return the factors that the file has where nothing slips; see :class:`breathcue.audio.beds.BedSource`."""
    plan = ducking(speech, start, length)
    if start < FADE_IN:
        plan *= fade_in(start, length)
    if left is not None and left - length < FADE_OUT:
        plan *= fade_out(left, length)
    return plan


def _with_slip(state: BedState, start: int, planned: float) -> BedState:
    """Return the state with a new slip, where what is planned for a sample is not what was planned before."""
    if abs(planned - state.planned) < _SAME:
        return state
    heard = state.planned + float(state.slips(start, 1)[0])
    # A bed that was not there at the start comes in as slowly as one that was.
    length = SLIP if state.joined else FADE_IN
    slip, floor = heard - planned, min(heard, DOWN)
    return replace(state, slip=slip, slip_from=start, slip_length=length, floor=floor)


class BedMaker:
    """Makes a bed in a thread of its own, since it takes longer than the first sound may."""

    def __init__(self, make: Callable[[], Bed]) -> None:
        """Begin to make it."""
        self._make = make
        self._bed: Bed | None = None
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._run, name="breathcue-bed", daemon=True)
        self._thread.start()

    def bed(self, patience: float = 0.0) -> Bed | None:
        """Return the bed once it is there, waiting ``patience`` seconds for it; None while it is being made.

        Raises:
            BreathcueError: it cannot be made.
        """
        self._thread.join(patience)
        if self._failure is not None:
            raise self._failure
        return self._bed

    def _run(self) -> None:
        try:
            self._bed = self._make()
        except BaseException as error:  # raised again by whoever asks for the bed
            self._failure = error
