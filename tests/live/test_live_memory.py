"""A session of two hours takes no more memory than one of ten minutes: nothing is kept of what has been heard.

How two hours pass in a minute is told in hurried.py.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from coached import place
from tries import until_right

pytestmark = pytest.mark.slow

MOST_MEGABYTES = 4.0
"""How much more there may be in the end: what the interpreter's own pools waver by."""

FOUR_MINUTES = """\
  - exercise: cat-cow
    reps: 10
  - rest: 30s
  - wait: 15s
  - exercise: bridge
    reps: 3
"""

PROGRAM = Path(__file__).parents[1] / "hurried.py"


def run(folder: Path, minutes: int, kind: str, every_seconds: float) -> tuple[list[float], int, int]:
    """Perform a session; return the resident megabytes every so often, the samples that were missed and heard."""
    text = "title: Long\nvoice: {engine: silent}\nsteps:\n" + FOUR_MINUTES * (minutes // 4)
    where = place(folder, text)
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(where.session), kind, str(every_seconds)],
        env=where.env,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    sizes, missed, heard = json.loads(done.stdout)
    return sizes, missed, heard


def test_two_hours_take_no_more_memory_than_ten_minutes(tmp_path: Path) -> None:
    sizes, missed, heard = run(tmp_path, 132, "hurried", 600)
    assert heard > 2 * 3600 * 48_000
    assert missed == 0
    assert len(sizes) >= 12
    assert max(sizes) - sizes[0] < MOST_MEGABYTES, sizes


@pytest.mark.usefixtures("undisturbed")
def test_a_real_device_misses_nothing_and_takes_no_more_with_time(tmp_path: Path) -> None:
    pytest.importorskip("miniaudio")

    def listen(folder: Path) -> None:
        sizes, missed, heard = run(folder, 8, "device", 2)
        assert missed == 0
        assert heard > 15 * 48_000
        assert max(sizes[3:]) - sizes[2] < MOST_MEGABYTES, sizes

    until_right(listen, tmp_path)
