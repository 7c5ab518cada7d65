"""A kill that nobody can catch: the old file stays, the next run tidies up, the encoders end by themselves."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from breathcue.audio.render import render
from timelines import Clips, timeline_of

pytestmark = [pytest.mark.encoder, pytest.mark.skipif(os.name == "nt", reason="uses POSIX signals")]

SLOW_RENDER = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from timelines import Clips, clip_of, timeline_of, voice_cue
from breathcue.audio.render import render
import numpy as np

class Slow:
    looks = 0
    def clip(self, utterance):
        Slow.looks += 1
        # Each is looked at to name it, and to measure it; then they are mixed.
        if Slow.looks > 45:
            print("half way", flush=True)
            time.sleep(60)
        return clip_of(np.full(24_000, 0.1 + int(utterance.text) / 100, np.float32))

cues = [voice_cue(24 * 1000 * i, 500, str(i)) for i in range(20)]
render(timeline_of(cues, 600_000), Slow(), Path(sys.argv[1]))
"""


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus", ".wav"])
def test_killed_in_the_middle(tmp_path, suffix):
    target = tmp_path / f"session{suffix}"
    target.write_bytes(b"old")
    command = [sys.executable, "-c", SLOW_RENDER, str(target), str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half way\n"
        encoders = psutil.Process(process.pid).children(recursive=True)
        assert bool(encoders) == (suffix != ".wav")
        process.kill()
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.glob(".breathcue-*.part"))) == 1
    wait_for(lambda: not any(encoder.is_running() for encoder in encoders))

    render(timeline_of([], 1000), Clips({}), target)
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() != b"old"
