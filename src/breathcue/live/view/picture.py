"""The README's picture of the live screen, drawn from the screen itself: ``python -m breathcue.live.view.picture``.

Block and braille characters become shapes, so that the picture looks the same whatever fonts its reader has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from breathcue.live.moment import Event, Moment, State
from breathcue.live.view.screen import LiveApp
from breathcue.timeline.model import Breath, Phase, PhaseKind
from breathcue.timeline.score import Control, Stage
from breathcue.timeline.time import Ms

K = TypeVar("K")

PAGE = Path("docs/live.svg")
COLUMNS, ROWS = 80, 24
_WIDTH, _HEIGHT, _MARGIN = 10, 20, 20
"""Size of a character and of the frame around them, in the picture's own units."""
_QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_BRAILLE_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))
"""Column and row of each dot of a braille character, from the lowest bit of its number (Unicode, chapter 21)."""
_RULES = {"━": 3, "─": 1}

MOMENT = Moment(
    state=State.PLAYING,
    at_ms=Ms(664_000),
    left_ms=Ms(601_000),
    about=False,
    words="Exhale to cat.",
    speaking=True,
    phase=Phase(
        *(Ms(661_000), Ms(665_000), PhaseKind.EXHALE, "cat", "cat-cow"),
        set=1,
        rep=4,
        reps=10,
        breath=Breath.EXHALE,
    ),
    share=0.4,
    count=None,
    stage=Stage(Ms(532_000), "Cat-cow stretch", 12, "cat-cow"),
    up_next="Bird dog",
    chapters=(
        "Welcome",
        "Arrive and breathe",
        "On your back",
        "On hands and knees",
        "On your side",
        "Closing",
    ),
    chapter=3,
    pace=1.1,
    voice_db=0.0,
    tones_db=0.0,
)
"""What the picture shows: sessions/postpartum-back-relief.yaml, half way through."""


@dataclass(slots=True)
class _Still:
    """A session that stands still."""

    title: str = "Back relief for new mothers"

    def moment(self) -> Moment:
        return MOMENT

    def press(self, control: Control) -> None:
        pass

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Cell:
    """A character on the screen, with where it is and its colours as ``#rrggbb``."""

    x: int
    y: int
    text: str
    colour: str
    background: str
    bold: bool


def picture() -> str:
    """Return the screen as SVG."""
    cells = asyncio.run(_cells())
    width, height = COLUMNS * _WIDTH + 2 * _MARGIN, ROWS * _HEIGHT + 2 * _MARGIN
    background = next(cell.background for cell in cells if cell.background)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="16">',
        "<title>A live session: exhale to cat, the fourth of ten repetitions of the cat-cow stretch</title>",
        f'<rect width="{width}" height="{height}" rx="12" fill="{background}"/>',
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *_backgrounds(cells, background),
        *_shapes(cells),
        *_texts(cells),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


async def _cells() -> list[_Cell]:
    app = LiveApp(_Still())
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips(app.size)
        cells = []
        for y, strip in enumerate(strips):
            x = 0
            for segment in strip:
                style = segment.style
                colours = (_hex(style and style.color), _hex(style and style.bgcolor))
                cells += [
                    _Cell(x + i, y, text, *colours, bool(style and style.bold))
                    for i, text in enumerate(segment.text)
                ]
                x += len(segment.text)
    return cells


def _hex(colour: Any) -> str:
    """Return a colour of Rich's, which Textual draws with, as SVG writes it; nothing where there is none."""
    return "#{:02x}{:02x}{:02x}".format(*colour.get_truecolor()) if colour else ""


def _backgrounds(cells: list[_Cell], usual: str) -> Iterator[str]:
    for colour, x, y, run in _runs(cells, lambda cell: cell.background):
        if colour not in ("", usual):
            yield _rectangle(x * _WIDTH, y * _HEIGHT, len(run) * _WIDTH, _HEIGHT, colour)


def _shapes(cells: list[_Cell]) -> Iterator[str]:
    """Draw quarter blocks and rules as areas, and the dots of braille as round dots, one path for each colour."""
    blocks: dict[str, list[str]] = {}
    dots: dict[str, list[str]] = {}
    for cell in cells:
        x, y = cell.x * _WIDTH, cell.y * _HEIGHT
        if cell.text in _RULES:
            thick = _RULES[cell.text]
            blocks.setdefault(cell.colour, []).append(f"M{x} {y + 9}h{_WIDTH}v{thick}h-{_WIDTH}z")
        elif cell.text != " " and cell.text in _QUARTERS:
            blocks.setdefault(cell.colour, []).extend(_quarters(x, y, _QUARTERS.index(cell.text)))
        elif _is_braille(cell.text):
            bits = ord(cell.text) - 0x2800
            places = [place for i, place in enumerate(_BRAILLE_DOTS) if bits >> i & 1]
            dots.setdefault(cell.colour, []).extend(f"M{x + 3 + 5 * a} {y + 3 + 5 * b}h0" for a, b in places)
    for colour, paths in blocks.items():
        yield f'<path fill="{colour}" d="{"".join(paths)}"/>'
    for colour, paths in dots.items():
        yield f'<path stroke="{colour}" stroke-width="4" stroke-linecap="round" d="{"".join(paths)}"/>'


def _quarters(x: int, y: int, bits: int) -> Iterator[str]:
    wide, high = _WIDTH // 2, _HEIGHT // 2
    if bits == len(_QUARTERS) - 1:
        yield f"M{x} {y}h{_WIDTH}v{_HEIGHT}h-{_WIDTH}z"
        return
    for row in range(2):
        half = bits >> (2 * row) & 3
        if half:
            across = _WIDTH if half == 3 else wide
            yield f"M{x + wide * (half == 2)} {y + row * high}h{across}v{high}h-{across}z"


def _texts(cells: list[_Cell]) -> Iterator[str]:
    def look(cell: _Cell) -> tuple[str, bool] | None:
        drawn = cell.text in _QUARTERS or cell.text in _RULES or _is_braille(cell.text)
        return (cell.colour, cell.bold) if cell.text == " " or not drawn else None

    for kind, x, y, run in _runs(cells, look):
        words = "".join(cell.text for cell in run)
        if kind is None or not words.strip():
            continue
        colour, bold = kind
        indent = len(words) - len(words.lstrip())
        words = words.strip()
        weight = ' font-weight="bold"' if bold else ""
        yield (
            f'<text x="{(x + indent) * _WIDTH}" y="{y * _HEIGHT + 15}" textLength="{len(words) * _WIDTH}" '
            f'fill="{colour}"{weight} xml:space="preserve">{escape(words)}</text>'
        )


def _runs(cells: Iterable[_Cell], look: Callable[[_Cell], K]) -> Iterator[tuple[K, int, int, list[_Cell]]]:
    for (y, kind), group in groupby(cells, key=lambda cell: (cell.y, look(cell))):
        run = list(group)
        yield kind, run[0].x, y, run


def _is_braille(text: str) -> bool:
    return "\u2800" <= text <= "\u28ff"


def _rectangle(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


if __name__ == "__main__":
    PAGE.write_text(picture(), encoding="utf-8")
