"""``breathcue live`` as a listener runs it: the command in a process of its own, lines typed into it, and its sound.

What is said is the embedded voice's, so tests that use this are marked ``voice``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breathcue.audio.mixer import mix
from breathcue.audio.pcm import pcm16
from breathcue.dsp.shape import gain_from_db
from breathcue.live.deck import FADE
from breathcue.live.player import GAP
from breathcue.timeline.codec import load
from breathcue.timeline.model import Timeline, Track, Utterance
from breathcue.timeline.time import SAMPLE_RATE, Ms, samples_from_ms
from breathcue.voices.cache import ClipCache
from breathcue.voices.speaker import Speaker

Heard = NDArray[np.int16]

SECONDS = 60.0
"""Longer than anything waits here, on a busy machine as well; only a hang takes as long."""

COMMAND = (sys.executable, "-m", "breathcue")

CALM = """\
title: Calm
safety:
  stop-if: [pain, dizziness]
exercises:
  lift:
    title: Lift
    rep:
      - inhale: 6s
        say: Breathe in slowly, and let your ribs widen to both sides, like an umbrella that opens.
        short: Breathe in, and let your ribs open wide to both sides, like an umbrella.
      - exhale: 4s
        say: Breathe out.
        short: Breathe out.
    reps: 3
steps:
  - say: Make yourself at home on your mat, as long and as wide and as heavy as you like it best today.
  - exercise: lift
  - rest: 25s
  - exercise: cat-cow
    reps: 2
"""
"""A short session with long lines to interrupt."""

UMBRELLA = "umbrella"
"""A word of the first line of every repetition of :data:`CALM`."""

ONSET = 10 ** (-50 / 20) * 32_768
"""Where speech begins, as a 16-bit sample: -50 dBFS, as in the tests of rendered files."""

NEAR_MS = Ms(40)
"""How much earlier than planned a word is looked for: half of the gap that there is before it, at the least."""

_DENSE = """\
title: Many words
exercises:
  quick:
    title: Quick
    rep:
      - move: 0.48s
        say: One.
        short: One.
      - return: 0.48s
        say: Two.
        short: Two.
    reps: {reps}
steps:
  - exercise: quick
"""

_BESIDE = """
import sys, threading
from breathcue.cli.main import run
from breathcue.live.session import LiveSession

def work():
    while True:
        sum(i * i for i in range(1000))

close = LiveSession.close

def close_and_tell(session):
    close(session)
    print("missed", session.player.buffer.missed, file=sys.stderr)

LiveSession.close = close_and_tell
for _ in range(int(sys.argv.pop(1))):
    threading.Thread(target=work, daemon=True).start()
run()
"""


def dense(reps: int) -> str:
    """Return a session whose cues follow one another as closely as they may: two in a repetition, or 0.96 s."""
    return _DENSE.format(reps=reps)


def beside_threads(number: int) -> tuple[str, ...]:
    """Return the command in a process in which so many threads fight for the interpreter.

    At the end it writes ``missed`` and how many samples the loudspeaker has asked for in vain to standard error.
    """
    return (sys.executable, "-c", _BESIDE, str(number))


@dataclass
class Place:
    """A folder with a session and all that breathcue keeps, apart from the user's own."""

    folder: Path
    session: Path
    env: dict[str, str]

    def run(self, *arguments: str | Path, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=self.env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    @property
    def records(self) -> list[dict[str, object]]:
        """What the newest log holds."""
        logs = sorted((self.folder / "data" / "log").glob("*.jsonl"))
        return [json.loads(line) for line in logs[-1].read_text("ascii").splitlines()] if logs else []


def place(folder: Path, text: str = CALM, *, cache: Path | None = None, **env: str) -> Place:
    """Write a session into ``folder``. ``cache`` keeps the clips, in ``folder`` unless it is given."""
    session = folder / "session.yaml"
    session.write_text(text, encoding="utf-8")
    own = {"BREATHCUE_CACHE": str(cache or folder / "cache"), "BREATHCUE_DATA": str(folder / "data")}
    return Place(folder, session, {**os.environ, **own, **env})


@dataclass
class Coach:
    """A running ``breathcue live --plain``; ``lines`` are what it has written, each with when it was read."""

    process: subprocess.Popen[str]
    lines: list[tuple[float, str]] = field(default_factory=list)
    errors: str = ""

    def __post_init__(self) -> None:
        self._news = threading.Condition()
        self._readers = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)
        ]
        for reader in self._readers:
            reader.start()

    def type(self, line: str) -> float:
        """Type a line; return when, as of ``time.monotonic``."""
        assert self.process.stdin is not None
        at = time.monotonic()
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return at

    def wait_for(self, part: str, *, after: int = 0, seconds: float = SECONDS) -> int:
        """Wait until a line holds ``part``; return its number plus one, from which on to look ``after`` it."""
        with self._news:
            found = self._news.wait_for(lambda: self._find(part, after), seconds)
        assert found, f"{part!r} was never written: {self.text}{self.errors}"
        return found

    def end(self, seconds: float = SECONDS) -> int:
        """Wait for its end and return the exit code."""
        code = self.process.wait(seconds)
        for reader in self._readers:
            reader.join(SECONDS)
        return code

    def ended_within(self, seconds: float) -> bool:
        """Wait for a moment, and say whether it has ended meanwhile."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def text(self) -> str:
        """All that it has written to standard output."""
        return "\n".join(line for _, line in self.lines)

    def _find(self, part: str, after: int) -> int | None:
        hits = (i for i in range(after, len(self.lines)) if part in self.lines[i][1])
        number = next(hits, None)
        return None if number is None else number + 1

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append((time.monotonic(), line.rstrip("\n")))
                self._news.notify_all()

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors += line


@contextmanager
def coached(
    where: Place, *options: str | Path, program: Sequence[str] = COMMAND, plain: bool = True
) -> Iterator[Coach]:
    """Run ``breathcue live`` with these options; it is killed at the end of the block, should it still be there."""
    process = subprocess.Popen(
        [*program, "live", *map(str, options), *(("--plain",) if plain else ())],
        env=where.env,
        cwd=where.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Coach(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@dataclass
class Sound:
    """What a session sounds like where nobody asks for anything."""

    timeline: Timeline
    _speaker: Speaker

    def whole(self) -> Heard:
        """Return the session at the level of its clips, as the mixer of rendered files gives it."""
        blocks = [pcm16(block.samples) for block in mix(self.timeline, self._speaker, 1.0)]
        return np.concatenate(blocks)

    def clip(self, text: str, gain_db: float = 0.0) -> Heard:
        """Return one line."""
        return pcm16(self._speaker.clip(Utterance(text)).samples * np.float32(gain_from_db(gain_db)))


def sound_of(where: Place, *options: str) -> Sound:
    """Compile a session with the command, which also fills the cache, and return how it sounds."""
    done = where.run("timeline", where.session, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    timeline = load(done.stdout)
    cache = ClipCache(Path(where.env["BREATHCUE_CACHE"]))
    return Sound(timeline, Speaker(timeline.voice, timeline.language, cache=cache))


def find(heard: Heard, part: Heard, begin: int = 0) -> int | None:
    """Return where ``part`` is heard, exactly, from sample ``begin`` on; None where it is not."""
    sounding = np.flatnonzero(part)
    wanted = part[sounding[0] : sounding[-1] + 1].tobytes()
    data = heard.tobytes()
    at = data.find(wanted, 2 * begin)
    while at >= 0 and at % 2:
        at = data.find(wanted, at + 1)
    return None if at < 0 else at // 2 - int(sounding[0])


def beginning(heard: Heard, clip: Heard, after: int) -> int:
    """Return where a clip begins of which at least the first 300 ms of sound are heard."""
    head = int(np.flatnonzero(clip)[0]) + samples_from_ms(300)
    found = find(heard, clip[:head], after)
    assert found is not None
    return found


def first_difference(heard: Heard, wanted: Heard) -> int:
    """Return the first sample at which they differ; the length of the shorter one where they do not."""
    length = min(len(heard), len(wanted))
    differing = np.flatnonzero(heard[:length] != wanted[:length])
    return int(differing[0]) if len(differing) else length


def steepest(heard: Heard) -> int:
    """Return the largest step from one sample to the next."""
    return int(np.abs(np.diff(heard.astype(np.int32))).max(initial=0))


def assert_fades(heard: Heard, undisturbed: Heard, acted: int) -> None:
    """Check that from sample ``acted`` on what is heard falls silent evenly, and that it stays silent for a moment."""
    fading, wanted = heard[acted - 1 : acted + FADE], undisturbed[acted - 1 : acted + FADE]
    # What is multiplied by a falling half of a cosine gets no steeper than it is by itself plus the cosine.
    loudest = int(np.abs(wanted.astype(np.int32)).max())
    assert steepest(fading) <= steepest(wanted) + loudest * np.pi / (2 * FADE) + 2
    assert not heard[acted + FADE : acted + GAP].any()


def lateness(heard: Heard, sound: Sound) -> list[float]:
    """Return how many ms later than the first each word is heard than it should be; those under a tone are left out.

    ``heard`` begins where the session does. Words begin more or less softly: when a word becomes loud enough to be
    noticed is compared with when its clip by itself does.
    """
    cues = sound.timeline.cues
    tones = [cue for cue in cues if cue.track is Track.TONE]
    voices = [cue for cue in cues if cue.track is Track.VOICE]
    clear = [cue for cue in voices if not any(t.start_ms <= cue.start_ms < t.end_ms for t in tones)]
    late = []
    for cue in clear:
        begin = samples_from_ms(Ms(cue.start_ms - NEAR_MS))
        late.append(
            (_onset(heard[begin : begin + SAMPLE_RATE]) - _onset(sound.clip(cue.text))) / 48 - NEAR_MS
        )
    return [ms - late[0] for ms in late]


def _onset(heard: Heard) -> int:
    return int(np.argmax(np.abs(heard.astype(np.int32)) > ONSET))
