"""What the screen is made of: each part draws itself into the place it is given, and only when something changed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import lru_cache

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from breathcue.live.moment import Moment, State
from breathcue.live.view.breath import SMALLEST, bar, ring
from breathcue.live.view.keys import COMMANDS, Command, View, command_for, hurt_choices, key_name
from breathcue.live.view.layout import Box
from breathcue.live.view.letters import ROWS, Lettering, lettering
from breathcue.live.view.wording import clean
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.score import Control

STRONG, QUIET, ACCENT, PLAIN = "bold", "$quiet", "$accent", ""
"""Styles of pieces of text, by names of the theme."""

_KEY_COLUMNS = 6
"""Columns for the name of a key in a list."""
_EVEN_LINES = 9
"""Longer texts are not made even: it would take long, and nobody sees it."""

Line = Sequence[tuple[str, str]]
"""A line as pieces: text and style."""


class Part(Widget):
    """A part of the screen that shows the lines it is given.

    ``align`` is where lines stand across; they stand at the top, or with ``middle`` in the middle of the height.
    """

    DEFAULT_CSS = "Part { position: absolute; width: 1; height: 1; }"

    def __init__(self, name: str, *, align: str = "left", middle: bool = False) -> None:
        super().__init__(id=name)
        self._align = align
        self._middle = middle
        self._shown: list[Line] | None = None
        self._content = Content("")
        self.box: Box | None = None

    def put(self, box: Box | None) -> None:
        """Give the part its place, or take it off the screen."""
        if box == self.box:
            return
        self.box = box
        self.display = box is not None and box.width > 0 and box.height > 0
        if box is not None:
            self.styles.offset = (box.x, box.y)
            self.styles.width = max(box.width, 1)
            self.styles.height = max(box.height, 1)
        self._shown = None

    def show(self, lines: Sequence[Line]) -> None:
        """Show ``lines``; those that have no room are left out. Only rows that differ are drawn again."""
        if self.box is None:
            return
        width, height = self.box.width, self.box.height
        above = max(height - len(lines), 0) // 2 if self._middle else 0
        placed = [()] * above + list(lines[:height])
        placed += [()] * (height - len(placed))
        before, self._shown = self._shown, placed
        if before == placed:
            return
        self._content = Content("\n").join([_aligned(_content(line), width, self._align) for line in placed])
        if before is None:
            self.refresh()
            return
        pairs = zip(before, placed, strict=True)
        self.refresh(*(Region(0, y, width, 1) for y, (old, new) in enumerate(pairs) if old != new))

    def render(self) -> Content:
        """Return what is shown, for Textual to draw."""
        return self._content


def _content(line: Line) -> Content:
    return Content.assemble(*((text, style) for text, style in line))


def _aligned(content: Content, width: int, align: str) -> Content:
    content = content.truncate(width, ellipsis=True)
    free = max(width - content.cell_length, 0)
    before = {"left": 0, "right": free, "center": free // 2}[align]
    return content.pad_left(before)


def text_lines(text: str, width: int, height: int, style: str = STRONG, *, airy: bool = True) -> list[Line]:
    """Return ``text`` broken into lines of ``width``, at most ``height`` of them.

    Where there is room and it is to be ``airy``, there is an empty line between two.
    """
    # Letters that take no room of their own are few; so far beyond the room, nothing more can be shown.
    lines = list(_wrapped(clean(text)[: 4 * width * (height + 1)], max(width, 1)))
    if len(lines) > height:
        lines = lines[:height]
        lines[-1] = Content(f"{lines[-1]} …" if lines[-1] else "…").plain
        while Content(lines[-1]).cell_length > width and len(lines[-1]) > 2:
            lines[-1] = f"{lines[-1][:-2].rstrip()}…"
    pieces: list[Line] = [((line, style),) for line in lines]
    if airy and len(pieces) * 2 - 1 <= height:
        spaced = [part for piece in pieces for part in (piece, ((" ", PLAIN),))]
        return spaced[:-1]
    return pieces


@lru_cache(64)
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    """Return ``text`` broken into as few lines as there can be, and those as even as can be."""

    def lines_in(columns: int) -> list[str]:
        return [line.plain.rstrip() for line in Content(text).wrap(columns)]

    lines = lines_in(width)
    widths = range(width - 1, width // 2, -1) if 1 < len(lines) < _EVEN_LINES else ()
    narrower = next((n for n in widths if len(lines_in(n)) > len(lines)), None)
    return tuple(lines_in(narrower + 1) if narrower is not None else lines)


def large_lines(
    text: str, box: Box, style: str = STRONG, *, fine: bool = True, largest: int = 2
) -> list[Line]:
    """Return ``text`` in large letters where they fit into ``box``, else in ordinary ones."""
    drawn = lettering(clean(text), box.width, box.height, largest=largest) if fine else None
    if drawn is None:
        return text_lines(text, box.width, box.height, f"bold {style}".strip() if style != STRONG else style)
    return [((row, style),) for row in _spread(drawn, box.height)]


def _spread(drawn: Lettering, height: int) -> list[str]:
    """Return the rows of large letters, with a row of air between lines where there is room."""
    airy = drawn.height + len(drawn.lines) - 1 <= height
    rows: list[str] = []
    for i, line in enumerate(drawn.lines):
        rows += [" "] * (airy and i > 0) + list(line)
    return rows


def ring_lines(box: Box, level: float, share: float | None, inside: str, style: str) -> list[Line]:
    """Return the circle with ``inside`` (a count, or nothing) written large in its middle."""
    written = _inside(inside, box)
    first = (box.height - len(written) + 1) // 2
    lines: list[Line] = []
    for y, row in enumerate(ring(box.width, box.height, level, share)):
        cells = [(character, style if passed else QUIET) for character, passed in row]
        if 0 <= y - first < len(written):
            text = written[y - first]
            length = Content(text).cell_length
            start = max((box.width - length + 1) // 2, 0)
            cells[start : start + length] = [(text, STRONG)]
        lines.append(_merged(cells))
    return lines


def _inside(text: str, box: Box) -> tuple[str, ...]:
    """Return the rows of a count that fits into the smallest circle, so that it does not grow and shrink with it."""
    room = max(round(box.height * SMALLEST) - 2, ROWS)
    drawn = lettering(text, room * 2, room)
    if drawn and len(drawn.lines) == 1:
        return drawn.lines[0]
    return (Content(text).truncate(box.width, ellipsis=True).plain,) if text else ()


def _merged(cells: list[tuple[str, str]]) -> Line:
    """Return the same pieces with neighbours of one style joined."""
    groups = itertools.groupby(cells, key=lambda cell: cell[1])
    return tuple(("".join(text for text, _ in group), style) for style, group in groups)


def bar_line(width: int, level: float, style: str, *, fine: bool) -> Line:
    """Return the bar that takes the circle's place on a small screen."""
    filled, rest = bar(width, level, smooth=fine)
    return ((filled, f"{style} on $track"), (rest, "on $track"))


def progress_line(width: int, moment: Moment) -> Line:
    """Return a thin line across: how much of the session is done, and how much is left."""
    whole = moment.at_ms + moment.left_ms
    done = min(width, width * moment.at_ms // whole) if whole > 0 else 0
    return (("━" * done, ACCENT), ("─" * (width - done), QUIET))


def chapters_line(width: int, moment: Moment) -> Line:
    """Return the chapters with the current one marked; where not all fit, those around it."""
    titles = [clean(title) for title in moment.chapters]
    if not titles:
        return ()
    current = moment.chapter
    first, last = _chapters_around(titles, min(max(current, 0), len(titles) - 1), width)
    pieces: list[tuple[str, str]] = [("… ", QUIET)] if first > 0 else []
    for i in range(first, last + 1):
        marked = i == current
        pieces += [("  ", PLAIN)] * (i > first)
        pieces += [("● " if marked else "✓ " if i < current else "○ ", ACCENT if marked else QUIET)]
        pieces += [(titles[i], STRONG if marked else QUIET)]
    return (*pieces, (" …", QUIET)) if last < len(titles) - 1 else tuple(pieces)


def _chapters_around(titles: list[str], current: int, width: int) -> tuple[int, int]:
    """Return the first and the last chapter that fit; two of those to come are wanted to one of those that were."""
    first = last = current
    while True:
        later, earlier = (first, last + 1), (first - 1, last)
        wanted = (later, earlier) if last - current <= 2 * (current - first) else (earlier, later)
        fitting = [
            (a, b) for a, b in wanted if a >= 0 and b < len(titles) and _chapters_width(titles, a, b) <= width
        ]
        if not fitting:
            return first, last
        first, last = fitting[0]


def _chapters_width(titles: list[str], first: int, last: int) -> int:
    return sum(Content(title).cell_length + 4 for title in titles[first : last + 1]) + 2


def keys_line(width: int, moment: Moment) -> Line:
    """Return the keys that matter now, as many as fit; the last one shows the others."""
    if moment.state is State.ENDED:
        return (("any key", STRONG), (" close", QUIET))
    chosen: list[Command] = []
    for command in sorted(_offered(moment), key=lambda c: _rank(c, moment)):
        if _keys_width([*chosen, command]) <= width:
            chosen.append(command)
    pieces: list[tuple[str, str]] = []
    for command in sorted(chosen, key=lambda c: c.action is View.HELP):
        urgent = moment.state is State.HURT and command.action in hurt_choices(eases=moment.eases)
        style = f"bold {ACCENT}" if urgent else STRONG
        pieces += [("  ", PLAIN)] * bool(pieces) + [(command.key, style), (f" {command.label}", QUIET)]
    return tuple(pieces)


def _offered(moment: Moment) -> list[Command]:
    hidden = {Control.PAUSE if moment.state in (State.PAUSED, State.HURT) else Control.RESUME}
    if moment.state is State.HURT:
        hidden.add(Control.HURT)
    return [c for c in COMMANDS if c.rank is not None and c.action not in hidden]


def _rank(command: Command, moment: Moment) -> int:
    resting = moment.phase is not None and moment.phase.kind is PhaseKind.REST and moment.phase.rep is None
    if command.action is Control.SKIP_REST and resting:
        return 1
    choices = hurt_choices(eases=moment.eases)
    if moment.state is State.HURT and command.action in choices:
        return choices.index(command.action) - len(choices)
    return command.rank or len(COMMANDS)


def _keys_width(commands: Sequence[Command]) -> int:
    return sum(len(c.key) + len(c.label) + 3 for c in commands) - 2


_CHOICES = {
    Control.ADD_REST: "take a rest",
    Control.EASIER: "an easier way",
    Control.NEXT: "next step",
    Control.FINISH: "finish kindly",
    Control.RESUME: "go on",
}


def choices_lines(box: Box, *, fine: bool, eases: bool) -> list[Line]:
    """Return the answers to "that hurt", one below the other, in large letters where all of them fit.

    ``eases`` says whether there is an easier way.
    """
    pairs = [(command_for(control).key, _CHOICES[control]) for control in hurt_choices(eases=eases)]
    large = fine and box.height >= ROWS * len(pairs)
    drawn = (
        [tuple(lettering(text, box.width, ROWS, largest=1) for text in pair) for pair in pairs]
        if large
        else []
    )
    key_width = max((len(key.lines[0][0]) for key, _ in drawn if key), default=0) + 3
    width = key_width + max((len(text.lines[0][0]) for _, text in drawn if text), default=box.width)
    if width > box.width:
        return [
            ((key.ljust(_KEY_COLUMNS), f"bold {ACCENT}"), (text.ljust(13), STRONG)) for key, text in pairs
        ]
    return [
        ((upper.ljust(key_width), f"bold {ACCENT}"), (lower.ljust(width - key_width), STRONG))
        for key, text in drawn
        if key and text
        for upper, lower in zip(key.lines[0], text.lines[0], strict=True)
    ]


def help_lines(width: int, height: int) -> list[Line]:
    """Return all keys: with a sentence each where there is room, else in two columns of a word or two."""
    title: Line = (("Keys", STRONG), ("   any key closes this", QUIET))
    if width >= 72 and height >= len(COMMANDS) + 2:
        rows = [((f"  {_names(c):<12}", f"bold {ACCENT}"), (c.help, PLAIN)) for c in COMMANDS]
        return [title, ((" ", PLAIN),), *rows]
    half = -(-len(COMMANDS) // 2)
    column = max(width // 2, _KEY_COLUMNS)
    lines: list[Line] = [title] if height > half else []
    for left, right in itertools.zip_longest(COMMANDS[:half], COMMANDS[half:]):
        pieces: list[tuple[str, str]] = []
        for command in (left, right) if right else (left,):
            text = command.words[0] if command.words else command.label
            pieces += [
                (command.key.ljust(_KEY_COLUMNS), f"bold {ACCENT}"),
                (text.ljust(column - _KEY_COLUMNS), PLAIN),
            ]
        lines.append(tuple(pieces))
    return lines


def _names(command: Command) -> str:
    return " ".join(dict.fromkeys(map(key_name, command.keys)))
