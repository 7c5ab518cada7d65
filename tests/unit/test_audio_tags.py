import io

import pytest
from mutagen.id3 import ID3

from breathcue.audio.cover import Picture
from breathcue.audio.order import Label
from breathcue.audio.tags import description, id3_tag, lyrics
from breathcue.timeline.model import CueKind
from timelines import timeline_of, tone_cue, voice_cue

SESSION = timeline_of(
    [
        tone_cue(0, "bowl"),
        voice_cue(4800, 1000, "Check with your doctor first.", CueKind.SAFETY),
        voice_cue(6000, 1000, "Stop if you feel pain.", CueKind.SAFETY),
        voice_cue(60_000, 1000, "Inhale to cow — “softly”."),
        voice_cue(62_400, 1000, "Ausatmen. 呼吸 😌"),
    ],
    200_000,
    [(0, "Welcome"), (60_000, "Cat-cow"), (120_000, "A very long chapter title, " * 9), (180_000, "Rest")],
)


COVER = Picture(b"\xff\xd8 a picture", "image/jpeg", 8, 8)


def read(timeline):
    return ID3(io.BytesIO(id3_tag(Label(timeline))), translate=False)


def stored_order(tag: bytes) -> list[str]:
    """Return frame ids, with the element id of chapters and tables, as they stand in the bytes."""
    names, at = [], 10
    while at < len(tag):
        name, size = tag[at : at + 4].decode(), int.from_bytes(tag[at + 4 : at + 8], "big")
        body = tag[at + 10 : at + 10 + size]
        names.append(name + (":" + body.split(b"\0")[0].decode() if name in ("CHAP", "CTOC") else ""))
        at += 10 + size
    assert at == len(tag)
    return names


def test_the_lyrics_are_all_that_is_said_under_the_chapters():
    assert lyrics(SESSION) == (
        "Welcome\n\nCheck with your doctor first.\nStop if you feel pain.\n\n"
        "Cat-cow\n\nInhale to cow — “softly”.\nAusatmen. 呼吸 😌\n\n"
        + "A very long chapter title, " * 9
        + "\n\nRest"
    )


def test_lyrics_without_chapters():
    assert lyrics(timeline_of([voice_cue(0, 100, "One."), voice_cue(240, 100, "Two.")], 1000)) == "One.\nTwo."


def test_the_description_is_what_is_said_about_safety():
    assert description(SESSION) == "Check with your doctor first. Stop if you feel pain."


def test_frames_are_stored_in_order_whatever_their_size():
    assert stored_order(id3_tag(Label(SESSION, "Ann", COVER))) == [
        "TIT2", "TPE1", "TLEN", "TSSE", "COMM", "USLT", "SYLT",
        "CTOC:toc", "CHAP:chp0", "CHAP:chp1", "CHAP:chp2", "CHAP:chp3", "APIC",
    ]  # fmt: skip


def test_mutagen_reads_everything_back():
    tag = read(SESSION)
    assert tag.version == (2, 3, 0)
    assert tag["TIT2"].text == ["A session for tests"]
    assert tag["TLEN"].text == ["200000"]
    assert tag["COMM::eng"].text == [description(SESSION)]
    assert tag["USLT::eng"].text == lyrics(SESSION)
    assert tag["CTOC:toc"].child_element_ids == ["chp0", "chp1", "chp2", "chp3"]
    read_chapters = [tag[f"CHAP:{name}"] for name in tag["CTOC:toc"].child_element_ids]
    assert [(c.start_time, c.end_time, c.sub_frames["TIT2"].text[0]) for c in read_chapters] == [
        (c.start_ms, c.end_ms, c.title) for c in SESSION.chapters
    ]
    assert {c.start_offset for c in read_chapters} == {c.end_offset for c in read_chapters} == {0xFFFFFFFF}


def test_each_line_is_sung_at_its_time():
    (words,) = read(SESSION).getall("SYLT")
    assert (words.lang, words.format, words.type) == ("eng", 2, 1)
    assert words.text == [(cue.text, cue.start_ms) for cue in SESSION.cues if cue.text != "bowl"]


def test_who_made_it_and_its_picture():
    tag = ID3(io.BytesIO(id3_tag(Label(SESSION, "Ann Ö", COVER))), translate=False)
    assert tag["TPE1"].text == ["Ann Ö"]
    assert (tag["APIC:"].mime, tag["APIC:"].type, tag["APIC:"].data) == ("image/jpeg", 3, COVER.data)


def test_a_silent_session_has_a_title_and_a_length_only():
    assert stored_order(id3_tag(Label(timeline_of([], 1000)))) == ["TIT2", "TLEN", "TSSE"]


def test_more_chapters_than_one_table_can_count():
    tag = read(timeline_of([], 600_000, [(i * 1000, f"Chapter {i}") for i in range(600)]))
    tables = tag["CTOC:toc"].child_element_ids
    assert tables == ["toc0", "toc1", "toc2"]
    children = [child for table in tables for child in tag[f"CTOC:{table}"].child_element_ids]
    assert [tag[f"CHAP:{child}"].start_time for child in children] == [i * 1000 for i in range(600)]


@pytest.mark.parametrize(("language", "code"), [("en", "eng"), ("de-CH", "deu"), ("tlh", "XXX")])
def test_the_language_of_the_words(language, code):
    from dataclasses import replace

    assert f"USLT::{code}" in read(replace(SESSION, language=language))
