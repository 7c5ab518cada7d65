"""A plot of a few lines, as an SVG that any browser shows, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 20, 50
COLOURS = ("#b5553c", "#8a7a2e", "#2e7d6b")
TICKS = 5


@dataclass
class Line:
    """A line of a plot: what it is called, and its points."""

    name: str
    points: dict[float, float] = field(default_factory=dict)


def draw(path: Path, lines: Sequence[Line], across: str, up: str) -> None:
    """Write lines as a plot; both axes begin at nought."""
    most_x = max(x for line in lines for x in line.points)
    most_y = max(y for line in lines for y in line.points.values())
    step = _round_step(most_y / TICKS)
    top = step * -(-most_y // step)

    def place(x: float, y: float) -> tuple[float, float]:
        wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + wide * x / most_x, 1), round(HEIGHT - BOTTOM - high * y / top, 1)

    parts = []
    for tick in range(int(top / step) + 1):
        left, y = place(0, tick * step)
        parts.append(f'<path class="grid" d="M{left} {y}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{tick * step:g}</text>')
    for x in sorted({x for line in lines for x in line.points}):
        at, bottom = place(x, 0)
        parts.append(f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{x:g}</text>')
    for line, colour in zip(lines, COLOURS, strict=True):
        dots = [place(x, y) for x, y in sorted(line.points.items())]
        path_data = "M" + "L".join(f"{x} {y}" for x, y in dots)
        parts.append(f'<path fill="none" stroke="{colour}" stroke-width="2" d="{path_data}"/>')
        parts += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in dots]
    for (x, y), line, colour in _labels(lines, place):
        parts.append(f'<text x="{x + 10}" y="{y}" fill="{colour}" class="name">{escape(line.name)}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(across)}</text>')
    turned = f"translate(16 {HEIGHT / 2}) rotate(-90)"
    parts.append(f'<text transform="{turned}" text-anchor="middle">{escape(up)}</text>')
    style = (
        "text{font:13px sans-serif;fill:#444}.name{font-weight:bold}.grid{stroke:#8884}"
        "@media(prefers-color-scheme:dark){text{fill:#ccc}}"
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">'
    path.write_text("\n".join([head, f"<style>{style}</style>", *parts, "</svg>", ""]), encoding="utf-8")


def _labels(
    lines: Sequence[Line], place: Callable[[float, float], tuple[float, float]]
) -> Iterator[tuple[tuple[float, float], Line, str]]:
    """Return where each line's name goes: beside its last point, and no two on top of each other."""
    ends = [
        (place(*max(line.points.items())), line, colour) for line, colour in zip(lines, COLOURS, strict=True)
    ]
    ends.sort(key=lambda end: -end[0][1])
    lowest = float("inf")
    for (x, y), line, colour in ends:
        lowest = min(y + 4, lowest - 16)
        yield (x, lowest), line, colour


def _round_step(least: float) -> float:
    """Return the next of 1, 2 and 5 times a power of ten."""
    power = 10.0 ** len(str(int(least))) / 10 if least >= 1 else 0.1
    return next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= least)
