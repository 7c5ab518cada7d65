"""An author's own music beneath a session: what is good passes, whatever its kind, and what is wrong is caught."""

from dataclasses import replace

import numpy as np
import pytest

from breathcue.audio import beds
from breathcue.audio.beds import session_bed
from breathcue.audio.order import Order, Quality
from breathcue.audio.render import render
from breathcue.timeline.model import Voice
from breathcue.verify.model import Expected, Status, Verdict
from breathcue.verify.verify import verify
from recordings import write_sound
from timelines import bed_cue, clip_of, clips_of, timeline_of, voice_cue

pytestmark = pytest.mark.encoder

SECONDS = 60
TIME = np.arange(SECONDS * 48_000) / 48_000


def plucked():
    pitch = 220 + 55 * (TIME // 1.5 % 5)
    return 0.5 * np.sin(2 * np.pi * pitch * TIME) * np.exp(-8 * (TIME % 1.5))


def clicks():
    return 0.9 * np.sin(2 * np.pi * 1_800 * TIME) * (TIME % 2 < 0.004)


def swelling():
    return 0.3 * np.sin(2 * np.pi * 330 * TIME) * np.sin(np.pi * TIME / 30) ** 4


MUSIC = {"plucked": plucked, "clicks": clicks, "swelling": swelling}

STARTS = [4_800, 7_200, 9_600, 12_000, 14_400, 36_000, 38_400, 40_800, 60_000]
WORDS = [voice_cue(at, 1_200, f"{at}:1200") for at in STARTS]
WITHOUT = replace(timeline_of(WORDS, 84_000), voice=Voice("embedded", "heart", 0.9))
SESSION = replace(WITHOUT, cues=(bed_cue("music.wav", WITHOUT.duration_ms), *WITHOUT.cues))
CLIPS = clips_of(WITHOUT)


def missed(verdict: Verdict) -> dict[str, list[str]]:
    return {c.name: [f.message for f in c.findings] for c in verdict.checks if c.status is Status.MISS}


@pytest.fixture(params=MUSIC)
def music(request, tmp_path):
    return write_sound(tmp_path / "music.wav", MUSIC[request.param]())


def rendered(folder, music, suffix, timeline=SESSION, clips=CLIPS, quality=None):
    path = folder / f"a{suffix}"
    render(timeline, clips, path, Order(quality, bed_file=music))
    return path


def known(music):
    return Expected(SESSION, CLIPS, bed=session_bed(SESSION, music))


@pytest.mark.parametrize(
    ("suffix", "quality"), [(".flac", None), (".mp3", Quality.LOW), (".opus", Quality.LOW), (".m4a", None)]
)
def test_music_of_any_kind_passes(tmp_path, music, suffix, quality):
    path = rendered(tmp_path, music, suffix, quality=quality)
    for expected in (known(music), Expected(SESSION, CLIPS), Expected(SESSION), None):
        assert missed(verify(path, expected)) == {}


def test_music_that_is_missing(tmp_path, music):
    path = rendered(tmp_path, music, ".mp3", WITHOUT)
    for expected in (known(music), Expected(SESSION)):
        assert missed(verify(path, expected))["bed"] == ["There is no bed."]


def test_music_that_does_not_make_way(tmp_path, monkeypatch):
    music = write_sound(tmp_path / "music.wav", plucked())
    with monkeypatch.context() as patch:
        patch.setattr(beds, "ducking", lambda speech, start, length: np.ones(length, np.float32))
        path = rendered(tmp_path, music, ".mp3")
    assert missed(verify(path, known(music)))["bed"] == ["Between words the bed does not sink."]


@pytest.mark.parametrize(("decibels", "by_kind"), [(6, False), (20, True)])
def test_music_that_is_too_loud(tmp_path, monkeypatch, decibels, by_kind):
    music = write_sound(tmp_path / "music.wav", plucked())
    whole = beds.BedSource.add

    def louder(self, out, start):
        more = np.zeros_like(out)
        whole(self, more, start)
        out += more * np.float32(10 ** (decibels / 20))

    with monkeypatch.context() as patch:
        patch.setattr(beds.BedSource, "add", louder)
        path = rendered(tmp_path, music, ".flac")
    (found,) = missed(verify(path, known(music)))["bed"]
    assert found.startswith("The bed is at ")
    found = missed(verify(path, Expected(SESSION))).get("bed", [""])[0]
    assert found.startswith("The bed is too loud") == by_kind


def test_a_noise_between_the_strokes(tmp_path):
    music = write_sound(tmp_path / "music.wav", clicks())
    noise = np.random.default_rng(1).standard_normal(14_400).astype(np.float32) * np.float32(0.02)
    clips = {**CLIPS.clips, "noise": clip_of(noise)}
    noisy = replace(SESSION, cues=(*SESSION.cues, voice_cue(70_600, 300, "noise")))
    path = rendered(tmp_path, music, ".mp3", noisy, type(CLIPS)(clips))
    (found,) = missed(verify(path, known(music)))["extra-sound"]
    assert "where the timeline has nothing" in found
