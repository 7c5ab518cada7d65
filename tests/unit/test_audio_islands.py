"""Islands and the tape: what belongs together, what names it, and what an encoder has to hear before it."""

from hashlib import blake2b
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.audio.islands import APART, SYNTHESIS_VERSION, Island, islands_of, naming_of
from breathcue.audio.levels import Levels, decode, encode
from breathcue.audio.mp3 import FRAME_BYTES, FrameCrc, crc16, join_crc
from breathcue.audio.pcm import pcm16
from breathcue.audio.sounds import sounds
from breathcue.audio.tape import MEMORY_FRAMES, SETTLING_FRAMES, Stretch, Tape, joined
from breathcue.audio.tones import tone_samples
from breathcue.store import Store
from breathcue.timeline.model import Cue
from timelines import Clips, breath_cue, impulse_clip, timeline_of, tone_cue, voice_cue

FRAME_MS = 24


def islands(*cues: Cue) -> list[Island]:
    return islands_of(timeline_of(cues, 1_000_000), lambda cue: f"{cue.text} {cue.duration_ms}")


def test_what_is_apart_is_an_island_of_its_own():
    near = voice_cue(480 + (APART - 1) * FRAME_MS, 480, "b")
    far = voice_cue(480 + APART * FRAME_MS, 480, "b")
    assert len(islands(voice_cue(0, 480, "a"), near)) == 1
    assert [(i.first, i.stop) for i in islands(voice_cue(0, 480, "a"), far)] == [(0, 20), (24, 44)]


def test_the_same_words_at_the_same_distances_are_the_same_island():
    first, second, third = islands(
        *(voice_cue(at, 480, "a") for at in (0, 4800, 9600)),
        voice_cue(528, 24, "b"),
        voice_cue(5328, 24, "b"),
    )
    assert first.content == second.content != third.content
    assert islands(voice_cue(1, 480, "a"))[0].content != first.content, "another place in its frame"


def test_a_tone_is_named_by_its_figures_and_a_clip_by_its_samples():
    clips = Clips({"a": impulse_clip(100), "b": impulse_clip(100), "c": impulse_clip(100, height=0.5)})
    name = naming_of(clips)
    assert name(voice_cue(0, 100, "a")) == name(voice_cue(0, 100, "b")) != name(voice_cue(0, 100, "c"))
    assert "hz=" in name(tone_cue(0, "bell"))
    assert name(breath_cue(0, 2000, "inhale-soft")) != name(breath_cue(0, 2024, "inhale-soft"))


@pytest.mark.parametrize(("name", "length"), [("bowl", None), ("countdown", None), ("inhale-clear", 3000)])
def test_who_changes_the_sound_of_a_tone_raises_the_version(name, length):
    """The samples are named in coarse steps, so that another machine's last bit does not count."""
    outline = np.round(pcm16(tone_samples(name, length))[::97] / 64).astype("<i2")
    known = {"bowl": "ae85be98", "countdown": "86d8ff09", "inhale-clear": "4f624b62"}
    assert (SYNTHESIS_VERSION, blake2b(outline.tobytes(), digest_size=4).hexdigest()) == (1, known[name])


def tape_of(*places: tuple[int, int], loud: bool = True) -> Tape:
    """Return a tape of islands given as first frame and length in frames."""
    found = islands(*(voice_cue(first * FRAME_MS, length * FRAME_MS, f"{first}") for first, length in places))
    return Tape(found, [range(island.stop - island.first) if loud else () for island in found])


def test_a_context_reaches_back_to_enough_that_is_loud():
    tape = tape_of((0, 100), (110, 10), (130, 20))
    assert tape.heard_for(1).start == 100 - 16
    assert tape.heard_for(2).start == 100 - 6
    length, placed = tape.context(2)
    assert length == 130 - 94
    assert [cue.at for cue in placed] == [-130 * 1152, -20 * 1152]
    assert not tape.begins_session(2)


def test_where_nothing_is_loud_a_context_is_as_long_as_the_encoder_remembers():
    tape = tape_of((0, 200), (210, 10), loud=False)
    assert tape.heard_for(1).start == 210 - MEMORY_FRAMES
    short = tape_of((0, 20), (120, 4), (220, 10), loud=False)
    assert short.heard_for(2).start == 8, "or as far back as enough has sounded"


def test_the_first_island_has_the_beginning_of_the_session_as_its_context():
    tape = tape_of((30, 8), (50, 20))
    assert tape.begins_session(0)
    assert tape.begins_session(1)
    assert tape.context(0) == (30, [])


def test_a_long_silence_is_no_longer_than_what_settles_the_encoder():
    tape = tape_of((0, 50), (1000, 50))
    assert tape.place(1) == Stretch(50 + SETTLING_FRAMES, 100 + SETTLING_FRAMES)
    half = SETTLING_FRAMES // 2
    spans = [(span.start // 1152, span.stop // 1152) for span in tape.windows([tape.heard_for(1)])]
    assert spans == [(34, 50 + half), (1000 - half, 1054)]


@given(st.lists(st.tuples(st.integers(4, 300), st.integers(1, 60)), min_size=1, max_size=20))
def test_windows_hold_as_much_as_the_stretches(gaps):
    places, at = [], 0
    for gap, length in gaps:
        places.append((at + gap, length))
        at += gap + length
    tape = tape_of(*places)
    stretches = joined(tape.heard_for(index) for index in range(len(places)))
    windows = list(tape.windows(stretches))
    assert sum(span.stop - span.start for span in windows) == 1152 * sum(s.stop - s.start for s in stretches)
    assert all(one.stop <= other.start for one, other in pairwise(windows))
    assert all(
        any(span.start <= first * 1152 and (first + length) * 1152 <= span.stop for span in windows)
        for first, length in places
    )


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_checksums_are_joined(before, after):
    assert join_crc(crc16(before), crc16(after), len(after)) == crc16(before + after)


def test_checksums_of_many_frames_are_joined():
    frames = np.random.default_rng(1).integers(0, 256, 5000 * FRAME_BYTES).astype(np.uint8).tobytes()
    cut = 1234 * FRAME_BYTES
    crcs = []
    for part in (frames, frames[:cut], frames[cut:]):
        crc = FrameCrc()
        crc.update(part)
        crcs.append(crc.value)
    assert join_crc(crcs[1], crcs[2], len(frames) - cut) == crcs[0]


def test_a_level_comes_back_as_it_was():
    (island,) = islands(breath_cue(0, 2000, "inhale-soft"), voice_cue(480, 100, "x"))
    level = Levels(sounds(Clips({"x": impulse_clip(100)})), None).of(island)
    again = decode(encode(level))
    assert again
    assert np.array_equal(again.leading, level.leading)
    assert np.array_equal(again.breathing, level.breathing)
    assert again.peak == level.peak > 0.8
    assert level.breathing.any()


@given(st.binary(max_size=100))
def test_no_content_of_a_level_can_raise(content):
    assert decode(content) is None


def test_energies_without_a_peak_are_those_of_the_level_and_are_not_kept_as_one(tmp_path):
    (island,) = islands(breath_cue(0, 2000, "inhale-soft"), voice_cue(480, 100, "x"))
    levels = Levels(sounds(Clips({"x": impulse_clip(100)})), Store(tmp_path))
    energies = levels.energies_of(island)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    level = levels.of(island)
    assert np.array_equal(energies.leading, level.leading)
    assert np.array_equal(energies.breathing, level.breathing)
    assert level.peak > 0
