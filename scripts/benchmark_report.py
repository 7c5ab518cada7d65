"""What every part of the benchmark measures with: the cost of a process, medians, and a report with limits."""

from __future__ import annotations

import os
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


class Report:
    """Prints figures as they come, and ratios with the most they may be."""

    def __init__(self) -> None:
        self.missed = 0

    def cost(self, name: str, cost: Cost) -> None:
        print(
            f"  {name:<44} {cost.cpu:7.2f} s CPU {cost.wall:7.2f} s wall {cost.megabytes:6.0f} MB", flush=True
        )

    def ratio(self, name: str, value: float, most: float) -> None:
        kept = value <= most
        self.missed += not kept
        print(f"  {name:<44} {value:7.2f}   (at most {most:g}) {'ok' if kept else 'MISSED'}", flush=True)

    def note(self, name: str, value: float) -> None:
        """Print a ratio that has no limit."""
        print(f"  {name:<44} {value:7.2f}", flush=True)


def breathcue(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-P", "-m", "breathcue", *arguments]


def long_session(minutes: int) -> str:
    """Return a session of about that length: the same four minutes again and again, so that its words are the same."""
    four = "  - exercise: cat-cow\n    reps: 10\n  - rest: 30s\n  - wait: 15s\n  - exercise: bridge\n    reps: 3\n"
    return "title: Long\nsteps:\n" + four * (minutes // 4)
