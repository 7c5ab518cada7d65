"""Textual's pilot, made patient: what it does has come to an end, picture included, before the test looks.

Textual's own waits until the process has used little of the processor for a moment, and so it does too where other
programs have taken the processor. Besides, Textual tells the screen of a new size from a timer of its own.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import pilot

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

SECONDS = 60.0
"""Longer than anything takes here, on a busy machine as well; only a hang takes as long."""


class Pilot(pilot.Pilot[None]):
    """A pilot that waits for what it sees to be at rest, and for nothing else."""

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until all has been done that comes of them."""
        await super().press(*keys)
        await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Wait until nothing is left to be done or drawn; ``delay`` seconds before that."""
        await asyncio.sleep(delay or 0)
        await self.until(self._is_at_rest)

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is to be seen."""
        limit = time.monotonic() + SECONDS
        while not seen():
            assert time.monotonic() < limit, "it stays as it is"
            await asyncio.sleep(0.002)
            await self._wait_for_screen(SECONDS)

    def _is_at_rest(self) -> bool:
        app = self.app
        if not app.is_running:
            return True
        screen = app.screen
        resizing = app._resize_event is not None or app._resize_timer is not None
        drawing = screen._dirty_widgets or screen._callbacks or screen._recompose_required
        return (
            not resizing
            and not drawing
            and not any(map(_is_busy, (app, *screen.walk_children(with_self=True))))
        )


def _is_busy(node: MessagePump) -> bool:
    waiting = not node._message_queue.empty() or node._pending_message is not None or node._next_callbacks
    wanting = ("_layout_required", "_repaint_required", "_scroll_required", "_refresh_styles_required")
    return bool(waiting) or any(getattr(node, flag, False) for flag in wanting)
