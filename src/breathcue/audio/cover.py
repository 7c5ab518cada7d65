"""The picture that a player shows: the author's own, or one drawn from the session's title.

The drawn one is circles that widen like a breath, in colours that the title decides, with the title below in DejaVu
Sans, which is part of breathcue: so it is the same picture on every machine. DejaVu has the letters of Europe and
the Near East; a title with letters that it lacks gets the circles alone.

Players show covers at some 100 to 600 pixels; 800 leaves room for sharp screens and costs 25 kB.
"""

from __future__ import annotations

import io
import unicodedata
import warnings
import zlib
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

from breathcue.audio.errors import bad_cover
from breathcue.audio.islands import key_of
from breathcue.store import Kind, Store, seal, unseal

COVER_VERSION = 1
"""Raised whenever the same title would get another picture."""

_SIDE = 800
_MARGIN = 64
_TEXT_TOP, _TEXT_BOTTOM = 500, 752
_TITLED_CENTRE_Y = 250
_RADII = (200, 160, 120, 80, 40)
_FONT_SIZES = (76, 64, 54, 46, 38, 32)
_FONT = "fonts/DejaVuSans.ttf"
_LINE_HEIGHT = 1.25
_JPEG_QUALITY = 85

# Ground, light and words; calm, and dark enough for a bedside.
_PALETTES = (
    ("#12343b", "#9fd8cb", "#f3fbf9"),
    ("#22223b", "#c9b6e4", "#f8f5fd"),
    ("#1b3a2f", "#cfe3a8", "#f7fbee"),
    ("#3a2230", "#f2b8b5", "#fdf4f3"),
    ("#14304f", "#a9cdf0", "#f2f8fe"),
    ("#3b2f1e", "#efd09e", "#fdf8ef"),
)

_MIME = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
MAX_COVER_BYTES = 10_000_000
"""The largest cover: FLAC can hold 16 MiB, and no player shows what a larger one has."""
_MAX_SIDE = 5_000


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture: its bytes, its media type (``image/jpeg`` or ``image/png``) and its size in pixels."""

    data: bytes
    mime: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The suffix of a file of such pictures."""
        return ".png" if self.mime == "image/png" else ".jpg"


def read_cover(path: Path) -> Picture:
    """Return the author's picture, byte for byte, having decoded it once to see that it is whole.

    Raises:
        RequestError: it is not there, no JPEG or PNG, broken or too large (``bad-cover``).
    """
    image: Any = import_module("PIL.Image")
    try:
        if path.exists() and not path.is_file():
            # A pipe would be waited for, and a device read, for ever.
            raise bad_cover(path, "is not a file")
        if path.stat().st_size > MAX_COVER_BYTES:
            raise bad_cover(path, f"is larger than {MAX_COVER_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise bad_cover(path, f"cannot be read: {error.strerror or error}") from error
    try:
        with warnings.catch_warnings(), image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as opened:
            warnings.simplefilter("ignore")
            width, height = opened.size
            if max(width, height) > _MAX_SIDE:
                raise bad_cover(path, f"is {width} by {height} pixels, and {_MAX_SIDE} are the most")
            opened.load()
            return Picture(data, _MIME[opened.format], width, height)
    except (OSError, SyntaxError, ValueError, image.DecompressionBombError) as error:
        raise bad_cover(path, "is not a whole JPEG or PNG picture") from error


def cover_of(title: str, kept: Store | None) -> Picture:
    """Return the cover for a session of that title, drawn only where it is not kept: drawing one costs 0.04 s."""
    if kept is None:
        return made_cover(title)
    key = key_of(COVER_VERSION, metadata.version("pillow"), title)
    cover = kept.load(Kind.COVER, key, _decode)
    if cover is None:
        cover = made_cover(title)
        kept.keep(Kind.COVER, key, seal(cover.data))
    return cover


def _decode(content: bytes) -> Picture | None:
    data = unseal(content)
    return None if data is None else _drawn(data)


def _drawn(data: bytes) -> Picture:
    return Picture(data, _MIME["JPEG"], _SIDE, _SIDE)


def made_cover(title: str) -> Picture:
    """Return a cover for a session of that title: the same one on every run."""
    image: Any = import_module("PIL.Image")
    ground, light, words = _PALETTES[zlib.crc32(title.encode()) % len(_PALETTES)]
    picture = image.new("RGB", (_SIDE, _SIDE), ground)
    titled = _draw_title(picture, _drawable(title), words)
    _draw_breath(picture, light, _TITLED_CENTRE_Y if titled else _SIDE // 2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return _drawn(out.getvalue())


def _draw_breath(picture: Any, colour: str, centre_y: int) -> None:
    """Draw discs inside each other, each lighter than the one around it."""
    image: Any = import_module("PIL.Image")
    draw: Any = import_module("PIL.ImageDraw")
    side = 2 * _RADII[0]
    # Drawn at twice the size and halved, so that the edges are smooth.
    mask = image.new("L", (2 * side, 2 * side), 0)
    pen = draw.Draw(mask)
    for i, radius in enumerate(_RADII):
        box = (side - 2 * radius, side - 2 * radius, side + 2 * radius, side + 2 * radius)
        pen.ellipse(box, fill=24 + 48 * i)
    left, top = _SIDE // 2 - _RADII[0], centre_y - _RADII[0]
    picture.paste(colour, (left, top, left + side, top + side), mask.reduce(2))


def _draw_title(picture: Any, title: str, colour: str) -> bool:
    """Write the title, in the largest letters that fit; say whether it could be, because the font has all of them."""
    if not title:
        return False
    draw: Any = import_module("PIL.ImageDraw")
    fonts: Any = import_module("PIL.ImageFont")
    data = files("breathcue.library").joinpath(_FONT).read_bytes()
    for size in _FONT_SIZES:
        font = fonts.truetype(io.BytesIO(data), size)
        if _lacks_letters(font, title):
            return False
        lines = _wrapped(font, title)
        height = int(size * _LINE_HEIGHT)
        if len(lines) * height <= _TEXT_BOTTOM - _TEXT_TOP:
            break
    lines = lines[: (_TEXT_BOTTOM - _TEXT_TOP) // height]
    top = (_TEXT_TOP + _TEXT_BOTTOM - len(lines) * height) // 2
    pen = draw.Draw(picture)
    for i, line in enumerate(lines):
        pen.text((_SIDE // 2, top + i * height), line, font=font, fill=colour, anchor="ma")
    return True


def _drawable(title: str) -> str:
    """Return a title without what is neither letter, number, mark nor punctuation, such as emoji."""
    kept = (c if unicodedata.category(c)[0] in "LNMPZ" else " " for c in title)
    return " ".join("".join(kept).split())


def _lacks_letters(font: Any, text: str) -> bool:
    """Say whether the font shows its sign for an unknown character anywhere."""
    unknown = bytes(font.getmask("\U0010fffd"))
    return any(bytes(font.getmask(c)) == unknown for c in set(text) - {" "})


def _wrapped(font: Any, text: str) -> list[str]:
    """Return the text in lines that fit between the margins; a word that is too long for one is broken."""
    room = _SIDE - 2 * _MARGIN
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= room:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        for letter in word:
            if font.getlength(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return lines
