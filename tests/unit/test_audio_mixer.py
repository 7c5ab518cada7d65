import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.audio.mixer import CueSource, Span, islands, mix, mix_sources, silences
from breathcue.audio.pcm import pcm16, pcm_stream
from breathcue.audio.sounds import sounds
from breathcue.audio.tones import tone_clip
from breathcue.diagnostics import BreathcueError
from breathcue.voices.base import Clip
from timelines import Clips, clip_of, impulse_clip, timeline_of, tone_cue, voice_cue

LENGTHS = {"one": 7, "two": 48, "three": 150}


def noise(length_ms: int, seed: int) -> Clip:
    return clip_of(np.random.default_rng(seed).uniform(-0.5, 0.5, length_ms * 48).astype(np.float32))


CLIPS = {text: noise(length, seed) for seed, (text, length) in enumerate(LENGTHS.items())}


@st.composite
def sessions(draw):
    """Sessions of up to 1.2 s with clips and knocks, which may overlap and follow each other without a gap."""
    marks = draw(st.lists(st.tuples(st.integers(0, 35), st.sampled_from([*LENGTHS, "wood"])), max_size=8))
    cues = [
        tone_cue(24 * at, text) if text == "wood" else voice_cue(24 * at, LENGTHS[text], text)
        for at, text in marks
    ]
    end = max((cue.end_ms for cue in cues), default=0)
    return timeline_of(cues, end + draw(st.integers(1, 40)))


def whole(timeline, **options):
    blocks = list(mix(timeline, Clips(CLIPS), 0.5, **options))
    return np.concatenate([block.samples for block in blocks]) if blocks else np.zeros(0, np.float32)


def expected(timeline):
    """Return the whole session in the plainest way there is."""
    out = np.zeros(timeline.duration_ms * 48, np.float32)
    for cue in timeline.cues:
        clip = CLIPS[cue.text] if cue.text in CLIPS else tone_clip(cue.text)
        out[cue.start_ms * 48 : cue.end_ms * 48] += clip.samples
    return out * np.float32(0.5)


@given(sessions())
def test_each_clip_is_added_at_its_exact_sample(timeline):
    mixed = whole(timeline)
    assert len(mixed) == timeline.duration_ms * 48
    assert np.allclose(mixed, expected(timeline), atol=1e-6)


@given(sessions(), st.integers(1, 5000))
def test_any_block_size_gives_the_same_samples(timeline, block):
    assert np.array_equal(whole(timeline, block=block), whole(timeline))


@given(sessions(), st.data())
def test_any_window_is_that_part_of_the_whole(timeline, data):
    length = timeline.duration_ms * 48
    start = data.draw(st.integers(0, length))
    stop = data.draw(st.integers(start, length))
    part = whole(timeline, start_sample=start, stop_sample=stop, block=777)
    assert np.array_equal(part, whole(timeline)[start:stop])


@given(sessions(), st.integers(1, 5000))
def test_blocks_follow_each_other_and_know_their_silence(timeline, block):
    here = 0
    for part in mix(timeline, Clips(CLIPS), 1.0, block=block):
        assert part.start == here
        assert 0 < len(part.samples) <= block
        assert not part.silent or not part.samples.any()
        here += len(part.samples)
    assert here == timeline.duration_ms * 48


def test_a_long_silence_makes_no_new_samples():
    timeline = timeline_of([], 3_600_000)
    first, *rest = mix(timeline, Clips({}), 1.0)
    assert first.silent
    assert all(np.shares_memory(block.samples, first.samples) for block in rest)


def test_a_clip_is_let_go_when_it_is_over():
    cues = [voice_cue(200 * i, 150, "three") for i in range(20)]
    source = CueSource(cues, sounds(Clips(CLIPS)))
    held = []
    for start in range(0, 4000 * 48, 100 * 48):
        source.add(np.zeros(100 * 48, np.float32), start)
        held.append(len(source._held))
    assert max(held) == 1


def test_a_clip_is_fetched_once_however_many_blocks_it_fills():
    clips = Clips({"long": impulse_clip(1000)})
    list(mix(timeline_of([voice_cue(0, 1000, "long")], 1100), clips, 1.0, block=480))
    assert clips.asked == {"long": 1}


def test_cues_that_touch_or_overlap_are_one_island():
    cues = [
        voice_cue(0, 48, "two"),
        voice_cue(48, 150, "three"),
        tone_cue(96, "wood"),
        voice_cue(480, 7, "one"),
    ]
    ms = [(span.start // 48, span.stop // 48) for span in islands([CueSource(cues, sounds(Clips(CLIPS)))])]
    assert ms == [(0, 408), (480, 487)]
    assert islands([]) == []


def test_a_clip_of_another_length_than_its_cue_is_refused():
    timeline = timeline_of([voice_cue(0, 49, "two")], 100)
    with pytest.raises(BreathcueError) as caught:
        list(mix(timeline, Clips(CLIPS), 1.0))
    assert [d.code for d in caught.value.diagnostics] == ["clip-mismatch"]
    assert "48 ms" in str(caught.value)


def test_sixteen_bits_are_rounded_and_kept_within_full_scale():
    samples = np.array([0, 0.4 / 32768, 0.6 / 32768, -0.6 / 32768, 1.5, -1.5], np.float32)
    assert pcm16(samples).tolist() == [0, 0, 1, -1, 32767, -32768]


def test_the_bytes_of_a_session():
    timeline = timeline_of([voice_cue(24, 48, "two")], 100)
    data = b"".join(pcm_stream(mix(timeline, Clips(CLIPS), 1.0, block=500)))
    words = np.frombuffer(data, "<i2")
    assert len(words) == 4800
    assert not words[: 24 * 48].any()
    assert np.array_equal(words[24 * 48 : 72 * 48], pcm16(CLIPS["two"].samples))


@given(sessions(), st.data())
def test_windows_give_just_their_samples(timeline, data):
    length = timeline.duration_ms * 48
    edges = data.draw(st.lists(st.integers(0, length), max_size=12).map(sorted))
    windows = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    source = CueSource(timeline.cues, sounds(Clips(CLIPS)))
    parts = [block.samples for block in mix_sources([source], 0.5, windows, 999)]
    whole_session = whole(timeline)
    expected_parts = [whole_session[window.start : window.stop] for window in windows]
    assert np.array_equal(np.concatenate([[], *parts]), np.concatenate([[], *expected_parts]))


@given(sessions())
def test_silences_and_islands_make_up_the_session(timeline):
    length = timeline.duration_ms * 48
    sounding = islands([CueSource(timeline.cues, sounds(Clips(CLIPS)))])
    gaps = silences(sounding, length)
    edges = sorted((span.start, span.stop) for span in [*sounding, *gaps])
    assert [start for start, _ in edges] == [0, *(stop for _, stop in edges[:-1])]
    assert edges[-1][1] == length
    assert all(not whole(timeline)[gap.start : gap.stop].any() for gap in gaps)
