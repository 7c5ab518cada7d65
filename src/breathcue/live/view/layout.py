"""Where everything stands on a screen of a given size: what matters first keeps its place on the smallest one."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the screen, in columns and rows from the upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The places of a screen's parts; None for a part that is left out. ``ring`` and ``bar`` exclude each other."""

    title: Box | None = None
    done: Box | None = None
    left: Box | None = None
    progress: Box | None = None
    chapters: Box | None = None
    stage: Box | None = None
    place: Box | None = None
    ring: Box | None = None
    bar: Box | None = None
    count: Box | None = None
    phase: Box | None = None
    rep: Box | None = None
    words: Box | None = None
    next: Box | None = None
    settings: Box | None = None
    keys: Box | None = None


_RING_WIDTH, _RING_HEIGHT = 64, 22
"""The smallest screen with a circle and large letters; a smaller one has a bar."""
_SMALLEST_RING = 9
"""Rows of the smallest circle: beside it stand a line of text and two lines of large letters."""
_TWO_LINES = 8
"""Rows of two lines of large letters."""
_COUNT_WIDTH = 10
"""Columns for the count beside the bar: two large digits and a little air."""


def arrange(width: int, height: int, *, fine: bool = True, listening: bool = False) -> Plan:
    """Return where everything stands on a screen of ``width`` columns and ``height`` rows.

    ``fine`` says whether the terminal can draw circles and large letters. While one is ``listening`` to words without
    moving, they get the place of the circle or the bar.
    """
    width, height = max(width, 1), max(height, 1)
    if fine and width >= _RING_WIDTH and height >= _RING_HEIGHT:
        return _listening(width, height) if listening else _large(width, height)
    return _small(width, height, listening=listening)


def _large(width: int, height: int) -> Plan:
    """Circle on the left, what to do beside it, the words below."""
    frame = _frame(width, height)
    margin, inner, top, bottom = frame.margin, frame.inner, frame.top, frame.bottom
    # Two lines of large words come first; then the circle grows, with an odd number of rows so that it has a middle.
    words_height = max(_TWO_LINES, (bottom - top) * 3 // 8)
    ring_height = max(min(bottom - top - words_height - 1, inner // 5), _SMALLEST_RING)
    ring_height -= 1 - ring_height % 2
    ring_width = ring_height * 2 + 2
    facts_x = margin + ring_width + 2 + width // 40
    facts_width = width - margin - facts_x
    gap = int(ring_height > _SMALLEST_RING)
    slot = (ring_height - 1 - 2 * gap) // 2
    words_y = top + ring_height + 1
    return replace(
        frame.plan,
        ring=Box(margin, top, ring_width, ring_height),
        stage=Box(facts_x, top, facts_width, 1),
        phase=Box(facts_x, top + 1 + gap, facts_width, slot),
        rep=Box(facts_x, top + 1 + 2 * gap + slot, facts_width, slot),
        words=Box(margin, words_y, inner, bottom - words_y),
    )


def _listening(width: int, height: int) -> Plan:
    """What is done and the phase in ordinary letters, and all the rest for the words."""
    frame = _frame(width, height)
    return replace(
        frame.plan,
        stage=Box(frame.margin, frame.top, frame.inner, 1),
        phase=Box(frame.margin, frame.top + 1, frame.inner, 1),
        words=Box(frame.margin, frame.top + 2, frame.inner, frame.bottom - frame.top - 2),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands above and below on every large screen, and the rows from ``top`` to before ``bottom`` between."""

    margin: int
    inner: int
    top: int
    bottom: int
    plan: Plan


def _frame(width: int, height: int) -> _Frame:
    margin = 2 + width // 40
    inner = width - 2 * margin
    air = int(height >= 28)
    bottom = height - 2 - 2 * air
    plan = Plan(
        title=Box(margin, air, inner - 28, 1),
        done=Box(width - margin - 27, air, 8, 1),
        left=Box(width - margin - 19, air, 19, 1),
        progress=Box(margin, 1 + air, inner, 1),
        chapters=Box(margin, 2 + air, inner, 1),
        next=Box(margin, bottom + air, inner // 2, 1),
        settings=Box(margin + inner // 2, bottom + air, inner - inner // 2, 1),
        keys=Box(margin, height - 1 - air, inner, 1),
    )
    return _Frame(margin, inner, 4 + 2 * air, bottom, plan)


def _small(width: int, height: int, *, listening: bool) -> Plan:
    """Lines from top to bottom; the lower the screen, the fewer."""
    margin = 1 if width >= 20 else 0
    inner = width - 2 * margin
    left_width = 19 if inner >= 30 else 0
    done_width = 8 if left_width else 0
    head = 2 if height >= 8 else 1 if height >= 5 else 0
    keys = height >= 4
    following = height >= 9
    chapters = height >= 14
    air = height >= 12
    y = head + air + chapters
    end = height - keys - following
    middle = 0 if listening else 3 if end - y >= 6 else 1 if end - y >= 3 else 0
    count_width = _COUNT_WIDTH if middle == 3 and air and inner >= 30 else 0
    words_y = y if listening or not middle else y + middle + (1 if end - y - middle >= 4 else 0)
    settings_width = inner // 2
    return Plan(
        stage=Box(margin, 0, inner - left_width, 1) if head else None,
        left=Box(width - margin - left_width, 0, left_width, 1) if head and left_width else None,
        place=Box(margin, 1, inner - done_width, 1) if head == 2 else None,
        done=Box(width - margin - done_width, 1, done_width, 1) if head == 2 and done_width else None,
        chapters=Box(margin, 2, inner, 1) if chapters else None,
        phase=Box(margin, y, inner - count_width, 1) if middle else None,
        bar=Box(margin, y + 1, inner - count_width, 1) if middle == 3 else None,
        count=Box(width - margin - count_width, y - 1, count_width, 4) if count_width else None,
        words=Box(margin, words_y, inner, max(end - words_y, 1)),
        next=Box(margin, end, inner - settings_width, 1) if following else None,
        settings=Box(width - margin - settings_width, end, settings_width, 1)
        if following and settings_width
        else None,
        keys=Box(margin, height - 1, inner, 1) if keys else None,
    )
