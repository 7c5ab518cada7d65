"""What linking saves: a session that has not changed, one with another line, and minutes of what has been heard before.

The baseline is *bare encoding*: ffmpeg turning the finished WAV into MP3 with the same settings. The figures are CPU
with the start of python and everything else in them. They go to docs/benchmark.md, and are drawn in docs/benchmark.svg.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from itertools import count
from pathlib import Path

from benchmark_plot import Line, draw
from benchmark_report import (
    ROOT,
    SEED,
    Cost,
    Report,
    breathcue,
    cost_of,
    encode_command,
    long_session,
    typical,
)

MINUTES = (10, 30, 60, 180)
MOST = {30: 0.10, 180: 0.05}
"""What an unchanged session may cost, as a share of its bare encoding."""

LINE, CHANGED = "This time is yours.", "This time is yours, as it was {} times before."


def link(report: Report, runs: int, work: Path, page: Path | None) -> None:
    """Measure all of it; ``page`` is where the figures and the plot are to be written, if anywhere."""
    start_up(report, runs, work)
    one_line(report, runs, work)
    minutes(report, runs, work, page)
    if page:
        page.write_text(report.as_page(), encoding="utf-8")
        print(f"written: {page.relative_to(ROOT)}")


def start_up(report: Report, runs: int, work: Path) -> None:
    """Measure the wall time of rendering the seed session when all of it is kept."""
    report.part("The seed session, unchanged")
    mp3, warm = work / "seed.mp3", work / "seed-cache"
    cost_of(breathcue("render", SEED, "-o", mp3), warm)
    again = typical(runs, lambda: cost_of(breathcue("render", SEED, "-o", mp3), warm))
    python = typical(runs, lambda: cost_of(breathcue("--version")))
    report.cost("breathcue --version", python)
    report.cost("render, all of it kept", again)
    report.ratio("wall seconds of it", again.wall, 0.6)


def one_line(report: Report, runs: int, work: Path) -> None:
    """Compare the seed session with one line changed, which has to be spoken, with its bare encoding."""
    report.part("The seed session with one line changed, which has to be spoken")
    text = SEED.read_text(encoding="utf-8")
    session, wav, mp3, warm = (work / name for name in ("line.yaml", "line.wav", "line.mp3", "line-cache"))
    versions = count()

    def change() -> None:
        session.write_text(text.replace(LINE, CHANGED.format(next(versions))), encoding="utf-8")

    change()
    cost_of(breathcue("render", session, "-o", mp3), warm)
    cost_of(breathcue("render", session, "-o", wav), warm)

    def changed() -> Cost:
        change()
        return cost_of(breathcue("render", session, "-o", mp3), warm)

    bare = typical(runs, lambda: cost_of(encode_command(wav, mp3)))
    cost = typical(runs, changed)
    report.cost("bare encoding of the finished WAV", bare)
    report.cost("render with another line", cost)
    report.ratio("CPU / bare encoding", cost.cpu / bare.cpu, 0.25)


def minutes(report: Report, runs: int, work: Path, page: Path | None) -> None:
    """Compare sessions of the same four minutes, again and again, with their bare encodings."""
    report.part("The same four minutes, again and again, every word spoken already")
    bare, first, again = Line("bare encoding"), Line("first render"), Line("unchanged session")
    mp3, warm = work / "long.mp3", work / "minutes-cache"
    for length in MINUTES:
        session, wav = work / f"{length}.yaml", work / f"{length}.wav"
        session.write_text(long_session(length), encoding="utf-8")
        cost_of(breathcue("render", session, "-o", wav), warm)
        bare.points[length] = typical(runs, partial(cost_of, encode_command(wav, mp3))).cpu
        wav.unlink()
        render = breathcue("render", session, "-o", mp3)
        first.points[length] = typical(runs, partial(_first, render, warm)).cpu
        again.points[length] = typical(runs, partial(cost_of, render, warm)).cpu
        for line in (bare, first, again):
            report.note(f"{length} minutes: {line.name}, CPU seconds", line.points[length])
        if length in MOST:
            ratio = again.points[length] / bare.points[length]
            report.ratio(f"{length} minutes: unchanged / bare encoding", ratio, MOST[length])
    for line in (bare, first, again):
        added = (line.points[MINUTES[-1]] - line.points[MINUTES[0]]) / (MINUTES[-1] - MINUTES[0])
        report.note(f"{line.name}: CPU milliseconds an added minute", 1000 * added)
    if page:
        draw(page.with_suffix(".svg"), [bare, first, again], "minutes of session", "seconds of CPU")


def _first(render: Sequence[str | Path], cache: Path) -> Cost:
    """Return the cost of a render that finds every clip, and nothing that has been encoded."""
    for kind in ("islands", "levels"):
        shutil.rmtree(cache / kind, ignore_errors=True)
    return cost_of(render, cache)
