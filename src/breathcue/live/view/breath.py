"""The circle and the bar that breathe with the body: how full they are at a moment, and how they are drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from breathcue.live.view.wording import moves
from breathcue.timeline.model import Breath, Phase, PhaseKind
from breathcue.timeline.time import Ms

EMPTY, FULL = 0.0, 1.0

_BY_BREATH = {Breath.INHALE: FULL, Breath.EXHALE: EMPTY}
_BY_KIND = {
    PhaseKind.INHALE: FULL,
    PhaseKind.EXHALE: EMPTY,
    PhaseKind.MOVE: FULL,
    PhaseKind.RETURN: EMPTY,
    PhaseKind.REST: EMPTY,
    PhaseKind.WAIT: EMPTY,
    PhaseKind.TALK: EMPTY,
    PhaseKind.SETUP: EMPTY,
    PhaseKind.TRANSITION: EMPTY,
}
_SETTLES_MS = 2000
"""How long the circle takes to come to rest where nobody breathes to it."""


def target(phase: Phase) -> float | None:
    """Return how full the circle is when ``phase`` is over; None where it stays as it is.

    The breath leads, since that is what one follows; a movement without one grows, and its return shrinks.
    """
    if phase.breath in _BY_BREATH:
        return _BY_BREATH[phase.breath]
    return _BY_KIND.get(phase.kind)


def fullness(phase: Phase | None, share: float, start: float) -> float:
    """Return how full the circle is, from 0 to 1, when ``share`` of ``phase`` is over and it began at ``start``."""
    goal = target(phase) if phase is not None else EMPTY
    if goal is None or phase is None:
        return start
    share = min(max(share, 0.0), 1.0)
    if not _is_followed(phase):
        share = min(1.0, share * max(1.0, phase.duration_ms / _SETTLES_MS))
    return start + (goal - start) * _eased(share)


def _is_followed(phase: Phase) -> bool:
    return moves(phase) and phase.kind not in (PhaseKind.REST, PhaseKind.WAIT)


def _eased(share: float) -> float:
    """Return a share that starts and ends gently, as a breath does (half a cosine wave)."""
    return (1 - math.cos(math.pi * share)) / 2


@dataclass(slots=True)
class Breathing:
    """Follows the phases, so that the circle never jumps: each begins where the last one left it."""

    level: float = EMPTY
    _phase: tuple[Ms, PhaseKind] | None = None
    _start: float = EMPTY

    def at(self, phase: Phase | None, share: float) -> float:
        """Return how full the circle is now."""
        which = (phase.start_ms, phase.kind) if phase else None
        if which != self._phase:
            self._start = self._opening(phase, share)
            self._phase = which
        self.level = fullness(phase, share, self._start)
        return self.level

    def _opening(self, phase: Phase | None, share: float) -> float:
        """Return where a phase began; one that is met in its middle is taken to have begun at the other end."""
        if self._phase is None and phase is not None and share > 0.1:
            goal = target(phase)
            return FULL - goal if goal is not None and _is_followed(phase) else EMPTY
        return self.level


_BLANK = 0x2800
_DOT_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
"""What each dot of a braille character adds to its number from U+2800 on, by row and column (Unicode, chapter 21)."""
SMALLEST = 0.66
"""The empty circle's radius as a share of the full one's."""
_RIM = 2.4
"""How thick the rim is, in dots."""

Ring = tuple[tuple[tuple[str, bool], ...], ...]
"""Rows of cells: a character, and whether that part of the rim has been passed."""


def ring(columns: int, rows: int, level: float, share: float | None) -> Ring:
    """Return a circle drawn in braille, centred in ``columns`` and ``rows``.

    ``level`` is how full it is; ``share`` how much of its rim is passed, clockwise from the top, None for all.
    """
    distance, turn = _grid(columns, rows)
    largest = min(columns * 2, rows * 4) / 2 - 0.5
    radius = largest * (SMALLEST + (1 - SMALLEST) * level)
    on = np.abs(distance - (radius - _RIM / 2)) <= _RIM / 2
    cells = (on.reshape(rows, 4, columns, 2).swapaxes(1, 2) * _DOT_BITS).sum(axis=(2, 3))
    passed = np.full((rows, columns), True) if share is None else turn < share
    characters = [[chr(_BLANK + cell) if cell else " " for cell in row] for row in cells.tolist()]
    return tuple(tuple(zip(*row, strict=True)) for row in zip(characters, passed.tolist(), strict=True))


@lru_cache(4)
def _grid(columns: int, rows: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return each dot's distance from the middle in dots, and each cell's place on the way round, from 0 to 1."""
    y, x = np.mgrid[0 : rows * 4, 0 : columns * 2]
    distance = np.hypot(x - (columns * 2 - 1) / 2, y - (rows * 4 - 1) / 2)
    cell_y, cell_x = np.mgrid[0:rows, 0:columns]
    across, down = cell_x - (columns - 1) / 2, (cell_y - (rows - 1) / 2) * 2
    return distance, (np.arctan2(across, -down) / (2 * math.pi)) % 1.0


_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(columns: int, level: float, *, smooth: bool = True) -> tuple[str, str]:
    """Return a bar of ``columns``: its filled part to an eighth of a column, and the rest.

    Where it is not to be ``smooth``, it ends between columns.
    """
    eighths = round(min(max(level, 0.0), 1.0) * columns * 8)
    whole, part = divmod(eighths, 8)
    if not smooth:
        whole, part = whole + (part >= 4), 0
    filled = "█" * whole + (_EIGHTHS[part] if part else "")
    return filled, " " * (columns - len(filled))
