"""The memory of a render does not grow with the session."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from breathcue.audio.mp3 import FRAME_SAMPLES, frame_header

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="reads the peak memory from getrusage"),
]

# An encoder that is fast, because it does not listen: one empty frame for every 1152 samples, and the last two.
FAKE_ENCODER = f"""
import sys
frame = {frame_header()!r}.ljust(192, b"\\0")
rest = 0
while data := sys.stdin.buffer.read1(1 << 20):
    count, rest = divmod(rest + len(data), {2 * FRAME_SAMPLES})
    sys.stdout.buffer.write(frame * count)
sys.stdout.buffer.write(frame * 3)
"""

RENDER = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from dataclasses import replace
from timelines import bed_cue, breath_cue, clips_of, long_session
from breathcue.audio.render import render

timeline = long_session(float(sys.argv[1]), distinct=7)
clips = clips_of(timeline)
if sys.argv[4] != "none":
    tones = [breath_cue(at, 4_800, "inhale-soft") for at in range(4_800, timeline.duration_ms - 9_600, 9_600)]
    cues = [*timeline.cues, *tones, bed_cue(sys.argv[4], timeline.duration_ms)]
    timeline = replace(timeline, cues=tuple(sorted(cues, key=lambda cue: cue.start_ms)))
report = render(timeline, clips, Path(sys.argv[2]), processors=2)
print(report.bytes, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("bed", ["none", "ocean"])
def test_three_hours_take_hardly_more_memory_than_half_an_hour(tmp_path, monkeypatch, bed):
    encoder = tmp_path / "fake-ffmpeg"
    encoder.write_text(f"#!{sys.executable}\n{FAKE_ENCODER}")
    encoder.chmod(encoder.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(encoder))

    def measured(minutes: int) -> tuple[int, int]:
        tests = Path(__file__).parents[1]
        command = [sys.executable, "-c", RENDER, str(minutes), str(tmp_path / "a.mp3"), str(tests), bed]
        size, peak = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
        return int(size), int(peak)

    (short_size, short_peak), (long_size, long_peak) = measured(30), measured(180)
    assert long_size > 5.9 * short_size
    assert long_peak <= 1.2 * short_peak
