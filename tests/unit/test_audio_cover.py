import io
import os

import pytest
from PIL import Image

from breathcue.audio import cover
from breathcue.audio.cover import cover_of, made_cover, read_cover
from breathcue.audio.order import Order, Quality
from breathcue.audio.render import check_target
from breathcue.diagnostics import RequestError
from breathcue.store import Kind, Store

WORDS = (0, 480, 800, 800)
"""Where the title is written: left, top, right, bottom."""


def opened(title: str):
    cover = made_cover(title)
    image = Image.open(io.BytesIO(cover.data))
    assert (cover.mime, image.format) == ("image/jpeg", "JPEG")
    assert (cover.width, cover.height) == image.size == (800, 800)
    return image.convert("L")


def has_words(title: str) -> bool:
    """Say whether anything in the lower part of a cover stands out from its ground."""
    low, high = opened(title).crop(WORDS).getextrema()
    return high - low > 100


@pytest.mark.parametrize(
    "title", ["Back relief", "Rückenübung für Mütter", "Утренняя йога", "δέκα", "A" * 500]
)
def test_a_title_is_written_on_the_cover(title):
    assert has_words(title)


@pytest.mark.parametrize("title", ["", "呼吸", "😌😌"])
def test_letters_that_cannot_be_drawn_leave_the_picture_alone(title):
    assert opened(title).getextrema()[1] > 100
    assert opened(title).crop((0, 620, 800, 800)).getextrema()[1] < 100


def test_nothing_is_written_over_the_edge():
    for title in ("W" * 300, "Donaudampfschifffahrtsgesellschaftskapitänsmütze " * 5):
        edge = opened(title)
        for box in ((0, 0, 50, 800), (750, 0, 800, 800), (0, 770, 800, 800)):
            assert edge.crop(box).getextrema()[1] < 100


def test_an_emoji_in_a_title_is_left_out():
    assert has_words("Calm 😌")


def test_the_same_title_gives_the_same_picture_and_others_differ():
    assert made_cover("Cat-cow") == made_cover("Cat-cow")
    assert made_cover("Cat-cow").data != made_cover("Bird dog").data


def picture(path, kind, size=(20, 10)):
    Image.new("RGB", size, "teal").save(path, kind)
    return path


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_the_authors_picture_is_kept_byte_for_byte(tmp_path, kind, mime):
    path = picture(tmp_path / "cover", kind)
    cover = read_cover(path)
    assert (cover.data, cover.mime, cover.width, cover.height) == (path.read_bytes(), mime, 20, 10)


def whole(path):
    return picture(path, "JPEG", (200, 200)).read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda path: b"", "not a whole"),
        (lambda path: b"\xff\xd8\xff\xe0 rubbish", "not a whole"),
        (lambda path: whole(path)[:700], "not a whole"),
        (lambda path: picture(path, "GIF").read_bytes(), "not a whole"),
        (lambda path: picture(path, "PNG", (5001, 1)).read_bytes(), "5001 by 1 pixels"),
        (lambda path: bytes(10_000_001), "larger than 10 MB"),
    ],
    ids=["empty", "rubbish", "cut short", "GIF", "too wide", "too large"],
)
def test_a_picture_of_no_use_is_refused_before_any_work(tmp_path, content, said):
    path = tmp_path / "cover"
    path.write_bytes(content(path))
    with pytest.raises(RequestError) as caught:
        check_target(tmp_path / "a.mp3", Order(cover=path))
    assert caught.value.diagnostics[0].code == "bad-cover"
    assert said in caught.value.diagnostics[0].message


@pytest.mark.filterwarnings("error")
def test_a_picture_that_would_unpack_to_gigabytes_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.png"
    data = bytearray(picture(path, "PNG").read_bytes())
    data[16:24] = (30_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    path.write_bytes(data)
    with pytest.raises(RequestError) as caught:
        read_cover(path)
    assert caught.value.diagnostics[0].code == "bad-cover"


@pytest.mark.parametrize("missing", ["nowhere.png", "."])
def test_a_picture_that_is_not_there(tmp_path, missing):
    with pytest.raises(RequestError) as caught:
        read_cover(tmp_path / missing)
    assert caught.value.diagnostics[0].code == "bad-cover"


@pytest.mark.parametrize(
    ("name", "order", "option"),
    [
        ("a.wav", Order(quality=Quality.HIGH), "--quality"),
        ("a.FLAC", Order(quality=Quality.STANDARD), "--quality"),
    ],
)
def test_a_quality_where_nothing_is_lost_is_refused(tmp_path, name, order, option):
    with pytest.raises(RequestError) as caught:
        check_target(tmp_path / name, order)
    assert caught.value.diagnostics[0].code == "format-lacks"
    assert option in (caught.value.diagnostics[0].fix or "")


def test_a_cover_in_a_wav_is_refused_whatever_the_picture(tmp_path):
    with pytest.raises(RequestError) as caught:
        check_target(tmp_path / "a.wav", Order(cover=tmp_path / "nowhere.png"))
    assert caught.value.diagnostics[0].code == "format-lacks"


def test_author_may_be_said_in_every_format(tmp_path):
    for suffix in (".mp3", ".m4a", ".m4b", ".opus", ".ogg", ".flac", ".wav"):
        check_target(tmp_path / f"a{suffix}", Order(author="Ann"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "cover.png")
    with pytest.raises(RequestError) as caught:
        read_cover(tmp_path / "cover.png")
    assert caught.value.diagnostics[0].code == "bad-cover"
    with pytest.raises(RequestError, match="is not a file"):
        read_cover(tmp_path)


def test_a_cover_is_drawn_once_and_again_where_its_entry_is_damaged(tmp_path, monkeypatch):
    kept = Store(tmp_path)
    drawn = []

    def drawing(title):
        drawn.append(title)
        return made_cover(title)

    monkeypatch.setattr(cover, "made_cover", drawing)
    first = cover_of("Cat-cow", kept)
    assert cover_of("Cat-cow", kept) == first == made_cover("Cat-cow")
    assert drawn == ["Cat-cow"]
    (entry,) = kept.entries(Kind.COVER)
    entry.write_bytes(entry.read_bytes()[:-1])
    assert cover_of("Cat-cow", kept) == first
    assert cover_of("Bird dog", kept) != first
    assert drawn == ["Cat-cow", "Cat-cow", "Bird dog"]
