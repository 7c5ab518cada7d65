"""What every part of the benchmark measures with: the cost of a process, medians, and a report with limits."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "sessions" / "postpartum-back-relief.yaml"


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU and wall time in seconds, the largest resident size in MB."""

    cpu: float
    wall: float
    megabytes: float


def cost_of(command: Sequence[str | Path], cache: Path | None = None, **more: str) -> Cost:
    """Run a command and return what it cost, its children included; end the benchmark if it fails.

    ``more`` are variables of its environment.
    """
    environment = dict(os.environ) | ({"BREATHCUE_CACHE": str(cache)} if cache else {}) | more
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], env=environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{command[0]} failed ({process.returncode}): {errors.read().decode()[-500:]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit)


def typical(runs: int, once: Callable[[], Cost]) -> Cost:
    """Return the medians of several runs."""
    costs = [once() for _ in range(runs)]
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "megabytes")))


def encode_command(wav: Path, mp3: Path) -> list[str | Path]:
    """Return the command of a bare encoding: ffmpeg, with the settings of ours."""
    from breathcue.audio.encoder import mp3_codec
    from breathcue.audio.mp3 import BIT_RATE
    from breathcue.ffmpeg import find_encoder

    return [find_encoder(), "-nostdin", "-loglevel", "error", "-y", "-i", wav, *mp3_codec(BIT_RATE), mp3]


PAGE = """\
# Benchmark

What `scripts/bench link --page` measured, all in one run on one machine ({machine}). Each figure
is the median of {runs} runs; CPU is that of the command and its children, the start of python included. The load of
the machine was {load:.0f}: more than there are processors makes all wall times longer, and CPU by up to a third.
[Linking](linking.md) tells why they are as they are.

![Seconds of CPU by minutes of session: bare encoding rises steeply, an unchanged session hardly](benchmark.svg)
"""


class Report:
    """Prints figures as they come, and ratios with the most they may be; keeps all of it for a page."""

    def __init__(self, runs: int = 1) -> None:
        self.missed = 0
        self._runs = runs
        self._rows: list[str] = []

    def part(self, title: str) -> None:
        """Begin another part."""
        print(title)
        self._rows.append(f"\n## {title}\n\n| | | at most |\n|---|---:|---:|")

    def as_page(self) -> str:
        """Return all parts as Markdown."""
        machine = f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}"
        return (
            PAGE.format(machine=machine, runs=self._runs, load=os.getloadavg()[2])
            + "\n".join(self._rows)
            + "\n"
        )

    def cost(self, name: str, cost: Cost) -> None:
        self._rows.append(f"| {name} | {cost.cpu:.2f} s CPU, {cost.wall:.2f} s wall | |")
        print(
            f"  {name:<44} {cost.cpu:7.2f} s CPU {cost.wall:7.2f} s wall {cost.megabytes:6.0f} MB", flush=True
        )

    def ratio(self, name: str, value: float, most: float) -> None:
        kept = value <= most
        self.missed += not kept
        self._rows.append(f"| **{name}** | {value:.3f} | {most:g}{'' if kept else ', missed'} |")
        print(f"  {name:<44} {value:7.2f}   (at most {most:g}) {'ok' if kept else 'MISSED'}", flush=True)

    def note(self, name: str, value: float) -> None:
        """Print a figure that has no limit."""
        self._rows.append(f"| {name} | {value:.2f} | |")
        print(f"  {name:<44} {value:7.2f}", flush=True)


def breathcue(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-P", "-m", "breathcue", *arguments]


def long_session(minutes: int) -> str:
    """Return a session of about that length: the same four minutes again and again, so that its words are the same."""
    four = "  - exercise: cat-cow\n    reps: 10\n  - rest: 30s\n  - wait: 15s\n  - exercise: bridge\n    reps: 3\n"
    return "title: Long\nsteps:\n" + four * (minutes // 4)
