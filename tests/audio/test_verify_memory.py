"""Listening to a long file takes hardly more memory than to a short one."""

import subprocess
import sys
from pathlib import Path

import pytest

from breathcue.audio.render import render
from timelines import clips_of, long_session

pytestmark = [pytest.mark.encoder, pytest.mark.slow]

PROGRAM = """
import sys, resource
from pathlib import Path
sys.path.insert(0, {tests!r})
from timelines import clips_of, long_session
from breathcue.verify.model import Expected
from breathcue.verify.verify import verify
session = long_session({minutes})
verdict = verify(Path({path!r}), Expected(session, clips_of(session)))
assert all(cue.offset_ms is not None for cue in verdict.cues), "a cue was not found"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss counts kilobytes on Linux only")
def test_memory_hardly_grows_with_the_sound(tmp_path):
    peaks = []
    for minutes in (3, 45):
        session, path = long_session(minutes), tmp_path / f"{minutes}.flac"
        render(session, clips_of(session), path)
        program = PROGRAM.format(tests=str(Path(__file__).parents[1]), minutes=minutes, path=str(path))
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
        peaks.append(int(done.stdout) / 1000)
    # 42 minutes of samples would be 484 MB.
    assert peaks[1] - peaks[0] < 60
