"""Where a performance stops for a request: at once, or after the repetition or the talk that is going on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from breathcue.compiler.anew import run_anew
from breathcue.compiler.laid import Item, Laid, head_of, tail_of
from breathcue.compiler.narration import Run, Talk
from breathcue.compiler.remainder import moment_before, rest_of_talk
from breathcue.timeline.model import Cue, Track
from breathcue.timeline.time import Ms

if TYPE_CHECKING:
    from breathcue.compiler.performance import Performance


def interrupt(performance: Performance, at: Ms) -> None:
    """Stop at ``at``, whatever is going on; what is left of it is to be laid again, from its beginning."""
    last = performance.take_back(at, lambda laid: laid.begin)
    rest = _rest_of(performance, last, at) if last else None
    performance.scheduler.interrupt(at)
    if last:
        performance.leave(replace(last, end=at, item=replace(last.item, then=None)), rest)
    _drop_passing(performance)
    first = performance.items[0] if performance.items else None
    if first and isinstance(first.part, Run) and first.part.ready is None:
        performance.items[0] = replace(first, part=replace(first.part, ready=moment_before(first.part)))
    performance.wait()


def branch(performance: Performance, at: Ms) -> Ms:
    """Stop after the repetition, or the talk, that is going on at ``at``; return when that is.

    What was laid after it is to be laid again, and begins there without a break.
    """
    unsaid = (laid.spoken_from for laid in performance.laid if laid.settled_from >= at)
    said_until = min(unsaid, default=performance.scheduler.now)
    last = performance.take_back(at, lambda laid: laid.settled_from)
    if last is None:
        performance.scheduler.take_back(at, at)
        performance.wait()
        return at
    phase = last.run.next_rep(at) if last.run else None
    line = _next_line(performance, last, at)
    if line is not None:
        return _branch_talk(performance, last, line)
    if last.run is None or phase is None:
        performance.scheduler.take_back(last.end, Ms(min(last.end, said_until)))
        performance.leave(last, None)
        performance.wait()
        return last.end
    boundary = last.run.starts[phase]
    performance.scheduler.take_back(boundary, last.run.cues_from(phase))
    performance.leave(head_of(last, phase, boundary), tail_of(last, phase))
    performance.wait()
    return boundary


def _next_line(performance: Performance, laid: Laid, at: Ms) -> Cue | None:
    """Return the first line of a talk that is not begun at ``at``; None where its length is the author's."""
    talk = laid.item.part
    if not isinstance(talk, Talk) or talk.exact:
        return None
    lines = {line.utterance for line in talk.lines}
    cues = (c for c in performance.scheduler.cues if at <= c.start_ms < laid.end and c.utterance in lines)
    return min(cues, key=lambda cue: cue.start_ms, default=None)


def _branch_talk(performance: Performance, laid: Laid, line: Cue) -> Ms:
    """Stop before a line of a talk."""
    talk, at = laid.item.part, line.start_ms
    assert isinstance(talk, Talk)
    said = next(index for index, own in enumerate(talk.lines) if own.utterance == line.utterance)
    performance.scheduler.take_back(at, at)
    head = replace(laid.item, part=replace(talk, lines=talk.lines[:said]), then=None)
    rest = replace(talk, lines=talk.lines[said:], tone=None, at_least=Ms(0))
    performance.leave(
        Laid(head, laid.begin, at, None),
        replace(laid.item, part=rest, index=None, opens=False, chapter=None),
    )
    performance.wait()
    return at


def _drop_passing(performance: Performance) -> None:
    """Forget the answers that would come next; what one of them was to begin, the next part begins."""
    while performance.items and performance.items[0].passing:
        dropped = performance.items.popleft()
        if dropped.opens and performance.items:
            performance.items[0] = replace(performance.items[0], opens=True, chapter=dropped.chapter)


def _rest_of(performance: Performance, laid: Laid, at: Ms) -> Item | None:
    item = laid.item
    if item.passing:
        return None
    if laid.run is None:
        assert isinstance(item.part, Talk)
        talk = rest_of_talk(item.part, _said(performance, laid, at), Ms(laid.end - at))
        # What has lost lines is no longer what the plan says, and would be said in full at another pace.
        return replace(item, part=talk, index=None, opens=False, chapter=None) if talk else None
    if not laid.run.fitted.phases:
        return None
    if at < laid.run.first:
        return run_anew(replace(item, opens=False, chapter=None), performance.outline)
    return run_anew(tail_of(laid, laid.run.rep_at(at)), performance.outline)


def _said(performance: Performance, laid: Laid, at: Ms) -> int:
    """Return how many lines of a talk have been said; of a rest, how many have been begun."""
    assert isinstance(laid.item.part, Talk)
    ends = [c for c in performance.scheduler.cues if c.track is Track.VOICE and laid.begin <= c.start_ms < at]
    lines = {line.utterance for line in laid.item.part.lines}
    return sum(1 for c in ends if c.utterance in lines and (laid.item.part.exact or c.end_ms < at))
