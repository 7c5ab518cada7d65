"""A linked MP3 file in a browser: its length, its samples, and where it goes on when somebody seeks."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from breathcue.audio.mp3 import FRAME_SAMPLES
from breathcue.audio.render import render
from breathcue.store import Store
from breathcue.timeline.model import Timeline, Track
from browser import CHROMIUM, sent_by_page
from decoding import decode
from timelines import clips_of, long_session
from tries import before_others, until_right

pytestmark = [
    pytest.mark.encoder,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]

SHARES = (0.5, 0.2, 0.9, 0.0)
"""Where in the session the page seeks to, in this order: into the middle of a word."""

BLOCK = 4096
"""How many samples the page records at a time."""

SLACK = 48_000
"""How far from where it was sought, in samples, a sound is looked for."""

PAGE = """
<!doctype html>
<script>
const post = (path, body) => fetch(path, {method: 'POST', body});

async function decoded() {
  const file = await (await fetch('a.mp3')).arrayBuffer();
  const buffer = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(file);
  return buffer.getChannelData(0);
}

// What is heard in the second after a seek: the element plays into a recorder instead of a loudspeaker.
async function heard(context, element, recorder, second) {
  element.currentTime = second;
  await new Promise(done => element.onseeked = done);
  const blocks = [];
  recorder.onaudioprocess = event => blocks.push(event.inputBuffer.getChannelData(0).slice());
  await element.play();
  while (element.currentTime < second + 1)
    await new Promise(done => setTimeout(done, 20));
  recorder.onaudioprocess = null;
  element.pause();
  return new Blob(blocks);
}

async function main() {
  await post('/decoded', await decoded());
  const element = new Audio('a.mp3');
  await new Promise(done => element.onloadedmetadata = done);
  const context = new AudioContext({sampleRate: 48000});
  const recorder = context.createScriptProcessor(BLOCK, 1, 1);
  context.createMediaElementSource(element).connect(recorder);
  recorder.connect(context.destination);
  await context.resume();
  for (const second of SECONDS)
    await post('/heard/' + second, await heard(context, element, recorder, second));
  await post('/duration', String(element.duration));
}
main();
</script>
"""


@dataclass(frozen=True)
class Linked:
    """A linked file, its samples as ffmpeg decodes them, and where the page seeks to, in ms."""

    path: Path
    samples: np.ndarray
    places: tuple[int, ...]

    def sent_by_browser(self, folder: Path) -> dict[str, bytes]:
        """Return what the page sends about the file."""
        seconds = json.dumps([place / 1000 for place in self.places])
        page = PAGE.replace("SECONDS", seconds).replace("BLOCK", str(BLOCK))
        with before_others():
            return sent_by_page(page, {"/a.mp3": self.path.read_bytes()}, folder, len(self.places) + 2)


@pytest.fixture(scope="module")
def linked(tmp_path_factory) -> Linked:
    folder: Path = tmp_path_factory.mktemp("linked")
    timeline, path = long_session(2, distinct=9), folder / "a.mp3"
    render(timeline, clips_of(timeline), path, kept=Store(folder / "kept"))
    return Linked(path, decode(path), tuple(_in_a_word(timeline, share) for share in SHARES))


def _in_a_word(timeline: Timeline, share: float) -> int:
    words = [cue for cue in timeline.cues if cue.track is Track.VOICE]
    cue = words[int(share * len(words))]
    return cue.start_ms + cue.duration_ms // 3


def test_a_browser_has_every_sample_in_its_place(linked, tmp_path):
    sent = linked.sent_by_browser(tmp_path)
    decoded = np.frombuffer(sent["/decoded"], "<f4")
    assert len(decoded) == len(linked.samples)
    assert np.abs(decoded - linked.samples).max() < 1e-4
    assert float(sent["/duration"]) == pytest.approx(len(decoded) / 48_000, abs=0.024)


def test_a_browser_goes_on_within_two_frames_of_where_it_is_sought(linked, tmp_path):
    def attempt(folder: Path) -> None:
        sent = linked.sent_by_browser(folder)
        for place in linked.places:
            heard = np.frombuffer(sent[f"/heard/{place / 1000:g}"], "<f4")
            first = _first_heard(heard, linked.samples, place * 48)
            assert abs(first - place * 48) < 2 * FRAME_SAMPLES

    until_right(attempt, tmp_path)


def _first_heard(heard: np.ndarray, samples: np.ndarray, sought: int) -> int:
    """Return which sample of the session is the first that was heard after a seek, in one run with what followed.

    The recorder began before the element did: what it heard is found in the session by its loudest block.
    """
    blocks = heard.reshape(-1, BLOCK)
    loudest = int(np.argmax(np.square(blocks).sum(axis=1)))
    start = max(0, sought - SLACK)
    windows = np.lib.stride_tricks.sliding_window_view(samples[start : sought + len(heard) + SLACK], BLOCK)
    alike = np.abs(windows[:, ::64] - blocks[loudest, ::64]).max(axis=1) < 1e-4
    assert np.count_nonzero(alike) == 1
    first = start + int(np.argmax(alike)) - loudest * BLOCK
    differs = np.abs(heard - samples[first : first + len(heard)]) > 1e-4
    assert not differs[loudest * BLOCK :].any()
    return int(first + np.flatnonzero(differs).max(initial=-1) + 1)
