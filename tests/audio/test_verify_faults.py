"""Each fault that a sound file can have is planted and caught; a sound file passes, in every format and quality."""

import contextlib
import wave
from dataclasses import replace

import mutagen
import numpy as np
import pytest
from mutagen.id3 import ID3, TIT2
from mutagen.mp4 import MP4

from breathcue.audio.formats import FORMATS
from breathcue.audio.order import PLAIN, Order, Quality
from breathcue.audio.render import render
from breathcue.diagnostics import BreathcueError
from breathcue.dsp.shape import fade
from breathcue.timeline.model import Chapter, Cue, CueKind, Track, Voice
from breathcue.timeline.time import Ms
from breathcue.verify.model import Expected, Status, Verdict
from breathcue.verify.verify import verify
from breathcue.voices.base import Clip
from recordings import write_sound
from timelines import SOURCE, Clips, clip_of, clips_of, long_session, timeline_of, tone_cue, voice_cue

pytestmark = pytest.mark.encoder


def spoken(clip: Clip) -> Clip:
    """Return a clip that begins and ends audibly, as those of a voice do: their silence is cut."""
    samples = clip.samples.copy()
    hiss = np.random.default_rng(len(samples)).standard_normal(2_400).astype(np.float32) * np.float32(0.03)
    samples[:2_400] += fade(hiss, fade_in=96, fade_out=480)
    samples[-4_000:-1_600] += fade(hiss, fade_in=480, fade_out=480)
    return clip_of(samples)


ALL = [(suffix, quality) for suffix, form in FORMATS.items() for quality in (form.bit_rates or [None])]
LONG = long_session(0.75)
CLIPS = Clips({text: spoken(clip) for text, clip in clips_of(LONG).clips.items()})
# A bell sounds beneath the third cue, and two chimes lie over each other.
VOICE = Voice("embedded", "heart", 0.9)
SESSION = replace(
    LONG,
    voice=VOICE,
    cues=tuple(
        sorted(
            [
                *LONG.cues,
                tone_cue(LONG.cues[3].start_ms - 240, "bell"),
                tone_cue(LONG.duration_ms - 4_080, "wood"),
            ],
            key=lambda cue: cue.start_ms,
        )
    ),
)
VOICES = [cue for cue in SESSION.cues if cue.kind is CueKind.MOVE]
EXPECTED = Expected(SESSION, CLIPS)
BY_TIMES = Expected(SESSION)


def missed(verdict: Verdict) -> list[str]:
    return [check.name for check in verdict.checks if check.status is Status.MISS]


def messages(verdict: Verdict, name: str) -> list[str]:
    (check,) = [check for check in verdict.checks if check.name == name]
    return [finding.message for finding in check.findings]


def rendered(tmp_path, timeline=SESSION, clips=CLIPS, suffix=".flac", order=PLAIN):
    path = tmp_path / f"a{suffix}"
    render(timeline, clips, path, order)
    return path


def with_cue(index: int, **changes):
    """Return the session with one voice cue changed."""
    changed = replace(VOICES[index], **changes)
    return replace(SESSION, cues=tuple(changed if cue == VOICES[index] else cue for cue in SESSION.cues))


def edited(path, change):
    """Let ``change`` work on the samples of a WAV, as fractions; what it returns is written."""
    with wave.open(str(path)) as file:
        parameters, data = file.getparams(), file.readframes(file.getnframes())
    samples = change(np.frombuffer(data, "<i2").astype(np.float64) / 32768)
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters)
        file.writeframes(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def sound_file(tmp_path_factory):
    return rendered(tmp_path_factory.mktemp("sound"), suffix=".mp3")


@pytest.mark.parametrize(("suffix", "quality"), ALL)
def test_a_sound_file_passes(tmp_path, suffix, quality):
    path = rendered(tmp_path, suffix=suffix, order=Order(quality, author="Ann Ö"))
    for expected in (replace(EXPECTED, author="Ann Ö", any_author=False), BY_TIMES, None):
        verdict = verify(path, expected)
        assert missed(verdict) == []
    offsets = [cue.offset_ms for cue in verify(path, EXPECTED).cues]
    assert len(offsets) == len(SESSION.cues)
    assert max(abs(offset) for offset in offsets) < 1.0


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".opus"])
@pytest.mark.parametrize("by_ms", [30, -30, 6, -300])
def test_a_shifted_cue(tmp_path, suffix, by_ms):
    cue = VOICES[4]
    path = rendered(tmp_path, with_cue(4, start_ms=cue.start_ms + by_ms), suffix=suffix)
    verdict = verify(path, EXPECTED)
    how = "late" if by_ms > 0 else "early"
    assert messages(verdict, "cues") == [f"“{cue.text}” sounds {abs(by_ms)}.0 ms {how}."]
    (heard,) = [each for each in verdict.cues if each.cue == cue]
    assert heard.offset_ms == pytest.approx(by_ms, abs=0.5)


@pytest.mark.parametrize("by_ms", [30, -30])
def test_a_shifted_cue_by_its_times_alone(tmp_path, by_ms):
    path = rendered(tmp_path, with_cue(4, start_ms=VOICES[4].start_ms + by_ms), suffix=".mp3")
    verdict = verify(path, BY_TIMES)
    assert missed(verdict) == ["cues", "word-times"]
    assert [each.cue.id for each in verdict.cues if abs(each.offset_ms or 0) > 20] == [VOICES[4].id]


def test_a_shifted_tone(tmp_path):
    tone = SESSION.cues[-1]
    moved = replace(SESSION, cues=(*SESSION.cues[:-1], replace(tone, start_ms=tone.start_ms + 48)))
    assert messages(verify(rendered(tmp_path, moved), EXPECTED), "cues") == [
        f"The tone {tone.text} sounds 48.0 ms late."
    ]


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".opus"])
@pytest.mark.parametrize("end", ["head", "tail"])
def test_a_cut_cue(tmp_path, suffix, end):
    cue = VOICES[5]
    samples = CLIPS.clips[cue.text].samples.copy()
    gone = len(samples) * 15 // 100
    samples[-gone:] = samples[-gone:] * 0 if end == "tail" else samples[-gone:]
    samples[:gone] = samples[:gone] * 0 if end == "head" else samples[:gone]
    cut = Clips({**CLIPS.clips, cue.text: clip_of(samples)})
    times = sum(each.text == cue.text for each in VOICES)
    (*found,) = messages(verify(rendered(tmp_path, clips=cut, suffix=suffix), EXPECTED), "clips")
    assert len(found) == times
    assert all(f"“{cue.text}” is cut: " in each for each in found)
    assert ("at its end" if end == "tail" else "at its beginning") in found[0]


def test_a_cue_that_fades_early_or_is_too_soft(tmp_path):
    fading, soft = VOICES[2], VOICES[7]
    faded = CLIPS.clips[fading.text].samples.copy()
    faded[-len(faded) // 4 :] *= 0.2
    clips = {
        **CLIPS.clips,
        fading.text: clip_of(faded),
        soft.text: clip_of(CLIPS.clips[soft.text].samples * np.float32(0.7)),
    }
    found = messages(verify(rendered(tmp_path, clips=Clips(clips)), EXPECTED), "clips")
    assert any(f"“{fading.text}” is cut" in each and "at its end" in each for each in found)
    assert any(
        f"“{soft.text}” is 3.0 dB softer" in each or f"“{soft.text}” is 3.1 dB softer" in each
        for each in found
    )


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".opus"])
def test_a_missing_cue(tmp_path, suffix):
    cue = VOICES[6]
    without = replace(SESSION, cues=tuple(each for each in SESSION.cues if each != cue))
    path = rendered(tmp_path, without, suffix=suffix)
    assert messages(verify(path, EXPECTED), "cues") == [f"“{cue.text}” is missing."]
    assert messages(verify(path, BY_TIMES), "cues") == [f"Nothing is heard of “{cue.text}”."]


@pytest.mark.parametrize("index", [0, 3, -1])
def test_a_missing_tone(tmp_path, index):
    tones = [cue for cue in SESSION.cues if cue.kind is not CueKind.MOVE]
    tone = tones[index] if index != 3 else next(cue for cue in tones if cue.text == "bell")
    without = replace(SESSION, cues=tuple(cue for cue in SESSION.cues if cue != tone))
    found = messages(verify(rendered(tmp_path, without, suffix=".opus"), EXPECTED), "cues")
    assert found == [f"The tone {tone.text} is missing."]


def test_another_word_in_the_place_of_a_cue(tmp_path):
    cue, other = VOICES[3], VOICES[8]
    clips = {
        **CLIPS.clips,
        cue.text: clip_of(np.resize(CLIPS.clips[other.text].samples, cue.duration_ms * 48)),
    }
    found = messages(verify(rendered(tmp_path, clips=Clips(clips)), EXPECTED), "cues")
    assert f"“{cue.text}” is missing." in found


def test_overlapping_cues(tmp_path):
    first, second = VOICES[4], VOICES[5]
    moved = with_cue(5, start_ms=Ms(first.end_ms - 40))
    wide = Expected(moved, CLIPS)
    path = rendered(tmp_path, moved)
    assert messages(verify(path, wide), "overlaps") == [
        f"“{second.text}” begins 40 ms before “{first.text}” has ended."
    ]


def test_of_two_cues_with_the_same_words_each_must_be_there(tmp_path):
    word = VOICES[0].text
    length = VOICES[0].duration_ms
    cues = [voice_cue(at, length, word) for at in (480, 480 + length + 96, 480 + 2 * (length + 96))]
    whole, lacking = (replace(timeline_of(c, 8_000), voice=VOICE) for c in (cues, [cues[0], cues[2]]))
    assert missed(verify(rendered(tmp_path, whole), Expected(whole, CLIPS))) == []
    verdict = verify(rendered(tmp_path, lacking), Expected(whole, CLIPS))
    assert [each.cue for each in verdict.cues if each.offset_ms is None] == [cues[1]]


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus", ".flac"])
def test_a_wrong_chapter(tmp_path, suffix):
    first, second, *others = SESSION.chapters
    moved = Chapter(second.start_ms, Ms(second.end_ms + 500), "Another part")
    later = replace(others[0], start_ms=moved.end_ms)
    path = rendered(tmp_path, replace(SESSION, chapters=(first, moved, later, *others[1:])), suffix=suffix)
    for expected in (EXPECTED, BY_TIMES):
        verdict = verify(path, expected)
        assert messages(verdict, "chapters") == [
            "Chapter 2, “Part 2”, is called “Another part”.",
            "Chapter 3, “Part 3”, starts 500 ms late.",
        ]


def test_missing_and_additional_chapters(tmp_path):
    path = rendered(tmp_path, replace(SESSION, chapters=SESSION.chapters[:3]))
    assert messages(verify(path, EXPECTED), "chapters") == [
        "Chapter 4, “Part 4”, is missing.",
        "Chapter 5, “Part 5”, is missing.",
    ]
    fewer = replace(SESSION, chapters=SESSION.chapters[:1])
    found = messages(verify(path, Expected(fewer, CLIPS)), "chapters")
    assert found[0] == "Chapter 2, “Part 2”, is not in the session."


def test_chapters_out_of_order_need_no_timeline(tmp_path):
    path = rendered(tmp_path)
    file = mutagen.File(path)
    file["chapter002"] = ["00:00:01.000"]
    file["chapter004"] = ["01:00:01.000"]
    file.save()
    assert messages(verify(path), "chapters") == [
        "The chapter “Part 3” is out of order.",
        "The chapter “Part 5” starts after the sound has ended.",
    ]


def test_a_clipped_peak(tmp_path):
    def clip(samples):
        samples[480_000] = 1.0
        return samples

    for expected in (EXPECTED, BY_TIMES, None):
        assert "true-peak" in missed(verify(edited(rendered(tmp_path, suffix=".wav"), clip), expected))


@pytest.mark.parametrize("decibels", [1.0, -1.0])
def test_too_loud_or_too_soft(tmp_path, decibels):
    path = edited(rendered(tmp_path, suffix=".wav"), lambda samples: samples * 10 ** (decibels / 20))
    how = "louder" if decibels > 0 else "softer"
    found = messages(verify(path, EXPECTED), "loudness")
    assert len(found) == 1
    assert how in found[0]
    assert ("loudness" in missed(verify(path))) == (decibels > 0)


def test_a_silence_that_is_too_long(tmp_path):
    cues = [
        voice_cue(0, VOICES[0].duration_ms, VOICES[0].text),
        voice_cue(33_600, VOICES[1].duration_ms, VOICES[1].text),
    ]
    gap = replace(timeline_of(cues, 37_000), voice=VOICE)
    for expected in (Expected(gap, CLIPS), Expected(gap), None):
        (found,) = messages(verify(rendered(tmp_path, gap), expected), "longest-silence")
        assert "Nothing is heard for 3" in found


@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_a_noise_where_nothing_should_sound(tmp_path, suffix):
    after = VOICES[9].end_ms
    noise = voice_cue(after + 200, 300, "noise")
    click = np.random.default_rng(1).standard_normal(14_400).astype(np.float32) * np.float32(0.02)
    path = rendered(
        tmp_path,
        replace(SESSION, cues=(*SESSION.cues, noise)),
        Clips({**CLIPS.clips, "noise": clip_of(click)}),
        suffix,
    )
    for expected in (EXPECTED, BY_TIMES):
        verdict = verify(path, expected)
        (found,) = messages(verdict, "extra-sound")
        assert "where the timeline has nothing" in found


def test_hiss_in_the_pauses(tmp_path):
    def hiss(samples):
        return samples + np.random.default_rng(1).standard_normal(len(samples)) * 10 ** (-66 / 20)

    # What writes the samples anew leaves the title out.
    verdict = verify(edited(rendered(tmp_path, suffix=".wav"), hiss), EXPECTED)
    assert missed(verdict) == ["noise-floor", "title"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_that_was_cut_short(tmp_path, suffix):
    path = rendered(tmp_path, suffix=suffix)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 7 // 10])
    for expected in (EXPECTED, BY_TIMES, None):
        with contextlib.suppress(BreathcueError):
            assert missed(verify(path, expected))


def test_cues_beyond_the_end_of_the_sound_are_named_as_such(tmp_path):
    kept_ms = VOICES[3].end_ms - VOICES[3].duration_ms // 2
    path = edited(rendered(tmp_path, suffix=".wav"), lambda samples: samples[: kept_ms * 48])
    beyond = [cue for cue in SESSION.cues if cue.start_ms >= kept_ms]
    found = messages(verify(path, EXPECTED), "cues")
    assert found[0] == f"The sound ends before {len(beyond)} of the cues begin."
    assert found[1:] == [f"“{VOICES[3].text}” is missing."]
    found = messages(verify(path, BY_TIMES), "cues")
    assert found[0].startswith("The sound ends before ")
    assert not any("Nothing is heard of" in message for message in found[1:])


def test_of_a_file_that_ends_too_soon_and_is_another_session_s_both_are_said(tmp_path, sound_file):
    other = replace(long_session(1.5, distinct=7), voice=VOICE)
    found = messages(verify(sound_file, Expected(other, clips_of(other))), "cues")
    assert any(message.startswith("The sound ends before ") for message in found)
    assert any(message.startswith("Most cues are missing") for message in found)


def test_a_file_that_goes_on_too_long(tmp_path):
    path = rendered(tmp_path, replace(SESSION, duration_ms=Ms(SESSION.duration_ms + 1)))
    assert messages(verify(path, EXPECTED), "length") == ["The sound is 1 ms longer than the session."]


def test_wrong_tags(tmp_path):
    mp3 = rendered(tmp_path, suffix=".mp3")
    tags = ID3(mp3)
    tags["TIT2"] = TIT2(encoding=1, text="Another session")
    tags.delall("APIC")
    synchronised = tags.getall("SYLT")[0]
    text, at = synchronised.text[2]
    synchronised.text[2] = (text, at + 40)
    tags.save(v2_version=3)
    verdict = verify(mp3, EXPECTED)
    assert missed(verdict) == ["title", "word-times", "cover"]
    assert "Another session" in messages(verdict, "title")[0]
    assert len(messages(verdict, "word-times")) == 1

    m4b = rendered(tmp_path, suffix=".m4b", order=Order(author="Ann"))
    file = MP4(m4b)
    file["©lyr"] = [file["©lyr"][0] + "\nBuy now!"]
    file.save()
    verdict = verify(m4b, replace(EXPECTED, author="Eve", any_author=False))
    assert missed(verdict) == ["author", "words"]
    assert missed(verify(m4b, replace(EXPECTED, author="Eve"))) == ["words"]


def test_the_author_of_a_session_may_be_replaced_but_not_left_out(tmp_path):
    path = rendered(tmp_path)
    assert missed(verify(path, replace(EXPECTED, author="Ann"))) == ["author"]


def test_another_session(sound_file):
    other = replace(long_session(1.5, distinct=7), voice=VOICE)
    verdict = verify(sound_file, Expected(other, clips_of(other)))
    assert {"length", "cues", "extra-sound", "words"} <= set(missed(verdict))
    assert messages(verdict, "cues")[0].startswith("Most cues are missing")
    assert "cues" in missed(verify(sound_file, Expected(other)))


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "a.mp3").write_text("no sound at all\n" * 50)
    (tmp_path / "b.mp3").write_bytes(b"")
    for name, code in (("a.mp3", "sound-unreadable"), ("b.mp3", "sound-empty"), ("c.mp3", "sound-missing")):
        with pytest.raises(BreathcueError) as caught:
            verify(tmp_path / name, EXPECTED)
        assert caught.value.diagnostics[0].code == code


def test_any_sound_can_be_looked_at(tmp_path):
    """A file of a format that breathcue does not write has no label to compare, and is heard all the same."""
    from decoding import ffmpeg

    path = rendered(tmp_path, suffix=".wav")
    ffmpeg("-loglevel", "error", "-i", str(path), "-c:a", "libopus", "-b:a", "96k", str(tmp_path / "a.webm"))
    verdict = verify(tmp_path / "a.webm", EXPECTED)
    assert missed(verdict) == []
    assert {check.name for check in verdict.checks if check.status is Status.SKIPPED} >= {"title", "chapters"}


def test_the_quality_does_not_matter_to_what_is_found(tmp_path):
    found = []
    for quality in (Quality.LOW, Quality.HIGH):
        path = rendered(
            tmp_path, with_cue(4, start_ms=VOICES[4].start_ms + 24), suffix=".ogg", order=Order(quality)
        )
        found.append(messages(verify(path, EXPECTED), "cues"))
    assert found[0] == found[1] == [f"“{VOICES[4].text}” sounds 24.0 ms late."]


BED = Cue("bed", Ms(0), SESSION.duration_ms, Track.BED, CueKind.BED, "brown", SOURCE)


def sparse_session(*more):
    """Return a session with long pauses, in which a bed comes up, and some words close together."""
    starts = [0, 2_400, 4_800, 12_000, 14_400, 24_000, 36_000, 38_400, 48_000]
    words = [voice_cue(4_800 + at, VOICES[i].duration_ms, VOICES[i].text) for i, at in enumerate(starts)]
    return replace(timeline_of([*more, *words], SESSION.duration_ms + 24_000), voice=VOICE)


WITHOUT_BED = sparse_session()
WITH_BED = sparse_session(replace(BED, duration_ms=WITHOUT_BED.duration_ms))


@pytest.mark.parametrize("suffix", [".mp3", ".opus"])
def test_a_bed_passes_and_a_missing_one_does_not(tmp_path, suffix):
    path = rendered(tmp_path, WITH_BED, suffix=suffix)
    for expected in (Expected(WITH_BED, CLIPS), Expected(WITH_BED)):
        assert missed(verify(path, expected)) == []
    assert {"extra-sound", "noise-floor"} <= set(missed(verify(path, Expected(WITHOUT_BED, CLIPS))))
    path = rendered(tmp_path, WITHOUT_BED, suffix=suffix)
    for expected in (Expected(WITH_BED, CLIPS), Expected(WITH_BED)):
        assert messages(verify(path, expected), "bed") == ["There is no bed."]


def test_a_bed_that_does_not_make_way(tmp_path, monkeypatch):
    from breathcue.audio import beds

    monkeypatch.setattr(beds, "ducking", lambda speech, start, length: np.ones(length, np.float32))
    verdict = verify(rendered(tmp_path, WITH_BED), Expected(WITH_BED, CLIPS))
    assert messages(verdict, "bed") == ["Between words the bed does not sink."]


def test_a_bed_that_swells_between_words_is_not_said_to_sink(tmp_path, monkeypatch):
    from breathcue.audio import beds

    down = beds.ducking
    monkeypatch.setattr(beds, "ducking", lambda *at: 1 / down(*at))
    verdict = verify(rendered(tmp_path, WITH_BED), Expected(WITH_BED, CLIPS))
    assert messages(verdict, "bed")[0].startswith("Between words the bed is louder by ")


def test_of_silence_no_number_is_given(tmp_path):
    silence = write_sound(tmp_path / "a.wav", np.zeros(48 * WITH_BED.duration_ms))
    assert messages(verify(silence, Expected(WITH_BED, CLIPS)), "loudness") == ["Nothing is heard."]


def test_a_noise_over_a_bed(tmp_path):
    after = next(cue.end_ms for cue in WITH_BED.cues if cue.start_ms == 28_800) + 4_000
    knock = np.random.default_rng(1).standard_normal(14_400).astype(np.float32) * np.float32(0.15)
    noisy = replace(WITH_BED, cues=(*WITH_BED.cues, voice_cue(after, 300, "knock")))
    path = rendered(tmp_path, noisy, Clips({**CLIPS.clips, "knock": clip_of(knock)}))
    (found,) = messages(verify(path, Expected(WITH_BED, CLIPS)), "extra-sound")
    assert "where the timeline has nothing" in found
