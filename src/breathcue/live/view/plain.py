"""The session as plain lines, one a cue, and commands as lines of text: for screen readers, pipes and logs."""

from __future__ import annotations

import queue
import threading
import time
from dataclasses import dataclass, field
from typing import TextIO

from breathcue.live.moment import Asked, Begun, Event, Heard, State, Turned
from breathcue.live.remote import Remote
from breathcue.live.view.keys import Unknown, View, typed, words_help
from breathcue.live.view.lines import Lines
from breathcue.live.view.wording import (
    chapter_title,
    clean,
    hurt_words,
    moves,
    phase_title,
    rep_of,
    side_of,
    time_done,
)
from breathcue.timeline.model import CueKind, Track
from breathcue.timeline.score import Control
from breathcue.timeline.time import Ms, clock

_LOOK_SECONDS = 0.25
"""How often the session is asked whether it is still there while nothing happens."""
_QUIT_SECONDS = 2.0
"""How long a session may take to end after it was told to quit."""
_LEAD_MS = 1500
_LATE_MS = 50
"""A cue that says a phase starts at most this long before it or after (docs/timeline.md, invariant 4)."""
_SAYS_NO_PHASE = frozenset({CueKind.COUNT, CueKind.ENCOURAGE, CueKind.FORM, CueKind.CHECK_IN})

_PACED = frozenset({Control.SLOWER, Control.FASTER})
_STATES = {
    State.PAUSED: "Paused. Type resume to go on.",
    State.BEHIND: "One moment. The next words are being made.",
    State.LOST: "The loudspeaker is gone. Waiting for another.",
    State.HURT: "Paused, because that hurt.",
}


@dataclass(frozen=True, slots=True)
class _Quitting:
    """The listener has asked to quit; the session may take a moment to end."""


_QUITTING = _Quitting()
_Happened = Event | str | _Quitting


def run_plain(remote: Remote, out: TextIO, commands: TextIO | Lines | None) -> None:
    """Write the session to ``out`` line by line until it has ended; ``commands`` are read as lines, if there are any.

    Returns when the session has ended or was quit. The end of ``commands`` ends nothing else. Where whoever reads
    ``out`` has left, the session is quit. What ``remote.moment`` raises comes through.
    """
    happened: queue.SimpleQueue[_Happened] = queue.SimpleQueue()
    remote.subscribe(happened.put)
    finished = threading.Event()
    lines = commands if isinstance(commands, Lines) else Lines(commands)
    listener = threading.Thread(
        target=_listen, args=(remote, lines, finished, happened), name="breathcue-commands", daemon=True
    )
    listener.start()
    try:
        _write_all(_Writer(remote, out), happened)
    except BrokenPipeError:
        remote.press(Control.QUIT)
        _await_end(remote)
    finally:
        finished.set()


def _listen(
    remote: Remote, lines: Lines, finished: threading.Event, answers: queue.SimpleQueue[_Happened]
) -> None:
    while (line := lines.read(lambda: not finished.is_set())) is not None:
        try:
            action = typed(line, remote.moment().state)
        except Exception:
            # The writer meets the same error, in the thread of whoever can do something about it.
            return
        match action:
            case Unknown(answer):
                answers.put(answer)
            case View():
                answers.put(words_help())
            case _:
                remote.press(action)
                if action is Control.QUIT:
                    answers.put(_QUITTING)
                    return


def _write_all(writer: _Writer, happened: queue.SimpleQueue[_Happened]) -> None:
    writer.begin()
    until = float("inf")
    while time.monotonic() < until:
        try:
            event = happened.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            writer.rest()
            if writer.remote.moment().state is State.ENDED and happened.empty():
                break
            continue
        match event:
            case str(text):
                writer.answer(text)
            case _Quitting():
                until = time.monotonic() + _QUIT_SECONDS
            case Turned(state=State.ENDED):
                break
            case _:
                writer.write(event)
    writer.end()


def _await_end(remote: Remote) -> None:
    until = time.monotonic() + _QUIT_SECONDS
    while remote.moment().state is not State.ENDED and time.monotonic() < until:
        time.sleep(0.02)


@dataclass(slots=True)
class _Writer:
    """Turns events into lines. A phase is written only once it is clear that no cue has said it."""

    remote: Remote
    out: TextIO
    chapter: str = ""
    stage: Ms | None = None
    state: State = State.PLAYING
    said_at: Ms = field(default_factory=lambda: Ms(-_LEAD_MS - 1))
    unsaid: Begun | None = None

    def begin(self) -> None:
        self._line(None, f"{clean(self.remote.title)}. Type help for what you can ask for.")

    def write(self, event: Event) -> None:
        if self.unsaid is not None and event.at_ms > self.unsaid.at_ms + _LATE_MS:
            self.rest()
        match event:
            case Heard():
                self._heard(event)
            case Begun():
                self._begun(event)
            case Turned():
                self._turned(event)
            case Asked(at_ms=at, control=control, pace=pace):
                if control in _PACED:
                    self._line(at, f"The pace is now {pace:.2f}".rstrip("0").rstrip(".") + ".")

    def rest(self) -> None:
        """Write the phase that nobody said, if there is one."""
        if self.unsaid is not None:
            begun, self.unsaid = self.unsaid, None
            phase = begun.phase
            parts = (phase_title(phase), rep_of(phase), side_of(phase))
            self._line(begun.at_ms, ". ".join(part for part in parts if part) + ".")

    def answer(self, text: str) -> None:
        for line in text.splitlines():
            self._line(None, line)

    def end(self) -> None:
        self.rest()
        self._line(None, f"The end, after {time_done(self.remote.moment())}.")

    def _heard(self, event: Heard) -> None:
        cue = event.cue
        # The phase that a breath tone follows is written in words.
        if cue.track is Track.BED or cue.kind is CueKind.BREATH_TONE:
            return
        if cue.track is Track.TONE:
            self._line(event.at_ms, f"({clean(cue.text)})")
            return
        if cue.kind not in _SAYS_NO_PHASE:
            self.said_at = event.at_ms
            self.unsaid = None
        self._line(event.at_ms, clean(cue.text))

    def _begun(self, event: Begun) -> None:
        self._headings(event)
        if moves(event.phase) and event.at_ms - self.said_at > _LEAD_MS:
            self.unsaid = event

    def _headings(self, event: Begun) -> None:
        moment = self.remote.moment()
        chapter = chapter_title(moment)
        stage = clean(event.stage.title)
        if chapter and chapter != self.chapter:
            self.chapter = chapter
            self._line(event.at_ms, f"Chapter: {chapter}")
        if event.stage.start_ms != self.stage:
            self.stage = event.stage.start_ms
            if stage and stage != chapter:
                self._line(event.at_ms, f"Now: {stage}")

    def _turned(self, event: Turned) -> None:
        before, self.state = self.state, event.state
        if event.state in _STATES and event.state is not before:
            hurt = event.state is State.HURT
            choices = f" {hurt_words(eases=self.remote.moment().eases)}" if hurt else ""
            self._line(event.at_ms, _STATES[event.state] + choices)
        elif event.state is State.PLAYING and before in _STATES:
            self._line(event.at_ms, "Going on.")

    def _line(self, at: Ms | None, text: str) -> None:
        self.out.write(f"{clock(at):>5}  {text}\n" if at is not None else f"{text}\n")
        self.out.flush()
