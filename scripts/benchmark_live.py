"""What a live session is like: how soon it speaks and listens, how exactly, and what that costs.

The loudspeaker is a sink of a PulseAudio server of its own, recorded by another program; times are those of recorded
samples, which are late by up to 40 ms if anything (tests/pulse.py says why). The time of a word is when the command
writes that it is heard, its buffer of 200 ms included. Without PulseAudio, only this last kind is measured, with
``--output null``, and neither requests nor exactness. The programs that listen are those of the tests.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmark_report import ROOT, SEED, Report, breathcue, cost_of, long_session

sys.path.append(str(ROOT / "tests"))

MINUTE_REPS = 46
"""How many quick repetitions make a session of about a minute."""
SPEED = ("--speed", "1.3")
PAUSES = 5
TRIES = 3


def live(report: Report, runs: int, work: Path) -> None:
    """Measure all of it."""
    with loudspeaker() as pulse:
        first_sounds(report, runs, work, pulse)
        if pulse is not None:
            requests(report, work, pulse)
            exactness(report, work, pulse)
    minute(report, work)
    two_hours(report, work)


@contextmanager
def loudspeaker() -> Iterator[Any]:
    """Yield a sound server of our own, or None where there can be none."""
    from pulse import missing, server  # type: ignore[import-not-found]

    reason = missing()
    if reason:
        print(f"Live, without a loudspeaker to record ({reason})")
        yield None
        return
    print("Live, into a recorded PulseAudio sink")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, server(Path(folder) / "run") as pulse:
        yield pulse


def session_in(folder: Path, text: str, pulse: Any, cache: Path | None = None) -> Any:
    from coached import place  # type: ignore[import-not-found]

    folder.mkdir(exist_ok=True)
    return place(folder, text, cache=cache, **(pulse.variables if pulse else {}))


def first_sounds(report: Report, runs: int, work: Path, pulse: Any) -> None:
    """Measure how long after the command one hears something, and words: with an empty cache, and with a warm one."""
    warm = work / "live-warm"
    cost_of(breathcue("timeline", SEED), warm)
    for name, limit, cache in (("empty", 2.5, None), ("warm", 1.0, warm)):
        times = [first_sound(work, pulse, cache) for _ in range(runs)]
        report.ratio(f"seconds to the first sound, {name} cache", median(t[0] for t in times), 1.0)
        report.ratio(f"seconds to the first words, {name} cache", median(t[1] for t in times), limit)


def first_sound(work: Path, pulse: Any, cache: Path | None) -> tuple[float, float]:
    """Start the seed session, and return after how many seconds its first sound and its first words were heard."""
    from coached import coached

    folder = work / "live-first"
    shutil.rmtree(folder, ignore_errors=True)
    where = session_in(folder, SEED.read_text(encoding="utf-8"), pulse, cache)
    options = ("--cleared", *(() if pulse else ("--output", "null")))
    with recorded(folder, pulse) as recording:
        started = time.monotonic()
        with coached(where, where.session, *options) as coach:
            sound_line = coach.wait_for("(")
            words_line = coach.wait_for("Welcome to", after=sound_line)
            coach.process.kill()
    words = coach.lines[words_line - 1][0] - started
    if recording is None:
        return coach.lines[sound_line - 1][0] - started, words
    heard = int(recording.samples.nonzero()[0][0])
    return recording.heard_by(heard) - started, words


@contextmanager
def recorded(folder: Path, pulse: Any) -> Iterator[Any]:
    if pulse is None:
        yield None
        return
    with pulse.record(folder / "heard") as recording:
        yield recording


def requests(report: Report, work: Path, pulse: Any) -> None:
    """Measure how soon after the word was typed the voice begins to fade."""
    from coached import CALM, UMBRELLA, beginning, coached, first_difference, sound_of

    where = session_in(work / "live-requests", CALM, pulse)
    sound = sound_of(where)
    asked, seen = [], 0
    with recorded(where.folder, pulse) as recording, coached(where, where.session) as coach:
        for _ in range(PAUSES):
            seen = coach.wait_for(UMBRELLA, after=seen)
            time.sleep(0.6)
            asked.append(coach.type("pause"))
            seen = coach.wait_for("Paused.", after=coach.wait_for("Paused. Type", after=seen))
            time.sleep(2)
            coach.type("resume")
        coach.type("quit")
        coach.end()
    clip = sound.clip(next(cue.text for cue in sound.timeline.cues if UMBRELLA in cue.text))
    heard, after, waits = recording.samples, 0, []
    for typed_at in asked:
        begun = beginning(heard, clip, after)
        after = begun + first_difference(heard[begun:], clip)
        waits.append((recording.heard_by(after) - typed_at) * 1000)
    report.ratio(f"ms until a pause is heard, median of {PAUSES}", median(waits), 250)
    report.ratio(f"ms until a pause is heard, worst of {PAUSES}", max(waits), 250)


def exactness(report: Report, work: Path, pulse: Any) -> None:
    """Compare when each word of a minute is heard with the timeline, alone and beside two busy threads."""
    from coached import dense, sound_of

    where = session_in(work / "live-exact", dense(MINUTE_REPS), pulse)
    sound = sound_of(where, *SPEED)
    for name, threads in (("alone", 0), ("beside two busy threads", 2)):
        tries = [exactly(where, sound, pulse, threads)]
        while tries[-1][2] and len(tries) < TRIES:
            tries.append(exactly(where, sound, pulse, threads))
        late, missed, unlike = min(tries, key=lambda found: found[2])
        often = f" (try {len(tries)} of {TRIES}: others hold the machine up)" if len(tries) > 1 else ""
        print(f"  {len(late)} words {name}{often}")
        report.ratio(f"worst onset, ms, {name}", max(map(abs, late)), 5)
        report.ratio(f"samples missed, {name}", missed, 0)
        report.ratio(f"samples unlike the mixer's, {name}", unlike, 0)


def exactly(where: Any, sound: Any, pulse: Any, threads: int) -> tuple[list[float], int, int]:
    """Return how late each word was in ms, how many samples were missed, and how many were heard as others."""
    from coached import beside_threads, coached, lateness

    program = beside_threads(threads)
    with (
        recorded(where.folder, pulse) as recording,
        coached(where, where.session, *SPEED, program=program) as coach,
    ):
        coach.end(seconds=300)
    heard, whole = recording.samples, sound.whole()
    begun = int(heard.nonzero()[0][0] - whole.nonzero()[0][0])
    missed = next(line.split()[1] for line in coach.errors.splitlines() if line.startswith("missed"))
    unlike = int((heard[begun : begun + len(whole)] != whole).sum())
    return lateness(heard[begun:], sound), int(missed), unlike


def minute(report: Report, work: Path) -> None:
    """Compare the CPU of a minute of live session with that of rendering the same minute."""
    from coached import dense

    where = session_in(work / "live-minute", dense(MINUTE_REPS), None)
    cache, data = work / "live-minute" / "cache", {"BREATHCUE_DATA": str(work / "live-minute" / "data")}
    cost_of(breathcue("timeline", where.session, *SPEED), cache)
    performed = ("live", where.session, *SPEED, "--plain", "--output", "null")
    cost_of(breathcue(*performed), cache, **data)
    live_cost = cost_of(breathcue(*performed), cache, **data)
    rendered = cost_of(breathcue("render", where.session, *SPEED, "-o", work / "minute.wav"), cache)
    report.cost(f"a session of {live_cost.wall:.0f} s live, warm cache", live_cost)
    report.cost("the same rendered to WAV, warm cache", rendered)
    report.ratio("CPU live / rendered", live_cost.cpu / rendered.cpu, 8)
    report.ratio("CPU live / one processor", live_cost.cpu / live_cost.wall, 0.1)


def two_hours(report: Report, work: Path) -> None:
    """Measure by how much a process grows between ten minutes and two hours of a session (tests/hurried.py)."""
    folder = work / "live-long"
    where = session_in(folder, "voice: {engine: silent}\n" + long_session(132), None)
    program = [sys.executable, str(ROOT / "tests" / "hurried.py"), str(where.session), "hurried", "600"]
    done = subprocess.run(program, env=where.env, capture_output=True, text=True, check=True)
    sizes, missed, _ = json.loads(done.stdout)
    print(
        f"  after ten minutes {sizes[0]:.1f} MB, after two hours {sizes[-1]:.1f} MB, {missed} samples missed"
    )
    report.ratio("growth from ten minutes to two hours, MB", sizes[-1] - sizes[0], 4)
