"""The seed's whole session, rendered by the real command, and heard by other programs than those that made it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from breathcue.timeline.codec import load
from breathcue.timeline.model import Cue, Timeline, Track
from breathcue.voices.base import Samples
from decoding import chapters, decode, loudness
from workspace import ROOT

pytestmark = [pytest.mark.voice, pytest.mark.encoder, pytest.mark.slow]

SESSION = ROOT / "sessions" / "postpartum-back-relief.yaml"
ONSET_DBFS = -50.0
ONSET_MS = 20.0


@dataclass(frozen=True)
class Rendered:
    timeline: Timeline
    mp3: Path
    samples: Samples


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    folder = tmp_path_factory.mktemp("seed")
    mp3, times = folder / "session.mp3", folder / "session.json"
    for arguments in (["render", SESSION, "-o", mp3], ["timeline", SESSION, "--format", "json", "-o", times]):
        command = [sys.executable, "-m", "breathcue", *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True)
    return Rendered(load(times.read_text(encoding="utf-8")), mp3, decode(mp3))


def test_it_lasts_between_18_and_25_minutes(rendered: Rendered) -> None:
    assert 18 * 60_000 <= rendered.timeline.duration_ms <= 25 * 60_000


def test_the_decoded_file_is_as_long_as_the_timeline(rendered: Rendered) -> None:
    assert abs(len(rendered.samples) - rendered.timeline.duration_ms * 48) <= 1


def test_its_chapters_are_those_of_the_timeline(rendered: Rendered) -> None:
    wanted = [(c.start_ms, c.end_ms, c.title) for c in rendered.timeline.chapters]
    assert chapters(rendered.mp3) == wanted
    assert len(wanted) >= 5


def test_every_voice_cue_starts_where_the_timeline_says(rendered: Rendered) -> None:
    tones = [cue for cue in rendered.timeline.cues if cue.track is Track.TONE]
    clear = [cue for cue in voices(rendered) if not any(t.start_ms <= cue.start_ms < t.end_ms for t in tones)]
    assert len(clear) > 400
    late = {(cue.start_ms, cue.text): onset(rendered.samples, cue) for cue in clear}
    assert {cue: ms for cue, ms in late.items() if not 0 <= ms <= ONSET_MS} == {}


def onset(samples: Samples, cue: Cue) -> float:
    """Return how many ms after its time a cue is first heard."""
    begin = (cue.start_ms - 60) * 48
    heard = np.flatnonzero(np.abs(samples[begin : cue.end_ms * 48]) > 10 ** (ONSET_DBFS / 20))
    return float(heard[0]) / 48 - 60


def test_between_cues_there_is_digital_silence(rendered: Rendered) -> None:
    cues = sorted(rendered.timeline.cues, key=lambda cue: cue.start_ms)
    ends = np.maximum.accumulate([cue.end_ms for cue in cues])
    gaps = [(end, cue.start_ms) for end, cue in zip(ends, cues[1:], strict=False) if cue.start_ms - end > 200]
    assert len(gaps) > 200
    # The encoder may ring for a frame or two on either side.
    loudest = max(float(np.abs(rendered.samples[(a + 60) * 48 : (b - 60) * 48]).max()) for a, b in gaps)
    assert loudest < 10 ** (-70 / 20)


def test_its_level_is_that_of_spoken_word(rendered: Rendered) -> None:
    measured = loudness(rendered.mp3)
    assert abs(measured.lufs - -16.0) <= 0.5
    assert measured.peak_dbtp <= -1.0


def test_every_row_of_the_article_is_there(rendered: Rendered) -> None:
    phases = rendered.timeline.phases
    done = {(p.exercise, p.side and p.side.value): p.reps for p in phases if p.exercise and p.rep is not None}
    both = ("left", "right")
    assert set(done) == {
        ("pelvic-tilt", None),
        ("cat-cow", None),
        ("bridge", None),
        *((name, side) for name in ("bird-dog", "side-lying-leg-lift") for side in both),
    }
    assert all(10 <= (reps or 0) <= 15 for reps in done.values())
    said = " ".join(cue.text for cue in voices(rendered)).lower()
    for words in ("doctor", "start slowly", "if anything hurts", "water", "rest", "how you move"):
        assert words in said


@pytest.mark.recogniser
@pytest.mark.usefixtures("recogniser")
def test_a_recogniser_hears_every_cue_over_a_bed(tmp_path: Path) -> None:
    """The verdict is that of the command, with a bed playing; each cue is heard for itself, and always the same."""
    mp3 = tmp_path / "session.mp3"
    bed = ["--bed", "ocean"]
    for arguments in (
        ["render", SESSION, "-o", mp3],
        ["verify", mp3, SESSION, "--listen", "--format", "json"],
    ):
        command = [sys.executable, "-m", "breathcue", *map(str, arguments), *bed]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    found = json.loads(done.stdout)
    (heard,) = [check for check in found["checks"] if check["name"] == "words-heard"]
    assert heard["values"]["words"] > 1500
    assert heard["values"]["word_error_rate"] <= 0.02, heard["findings"]
    assert all(each["likeness"] > 0.9 for each in found["cues"] if each["track"] == "voice")


def voices(rendered: Rendered) -> list[Cue]:
    return [cue for cue in rendered.timeline.cues if cue.track is Track.VOICE]
