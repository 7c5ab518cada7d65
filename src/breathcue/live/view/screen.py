"""The live session on a full screen: calm, readable from two metres, and never in the way of the sound.

Textual is loaded with this module, so import it only once the session speaks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, ComposeResult
from textual.screen import Screen

from breathcue.live.moment import Moment, State
from breathcue.live.remote import Remote
from breathcue.live.view import parts
from breathcue.live.view.breath import Breathing
from breathcue.live.view.keys import View, pressed
from breathcue.live.view.layout import Box, Plan, arrange
from breathcue.live.view.parts import ACCENT, PLAIN, QUIET, STRONG, Part
from breathcue.live.view.terminal import (
    Drawing,
    Light,
    drawing_on_output,
    driver_for,
    is_dark,
    is_fine,
    stop_signals,
    wants_no_colour,
)
from breathcue.live.view.themes import THEMES, theme_name
from breathcue.live.view.wording import (
    chapter_title,
    clean,
    moves,
    next_up,
    number,
    phase_title,
    place,
    rep_of,
    seconds_left,
    settings,
    side_of,
    stage_title,
    state_title,
    state_words,
    time_done,
    time_left,
)
from breathcue.timeline.model import PhaseKind
from breathcue.timeline.score import Control

if TYPE_CHECKING:
    from textual import events

_TICK_SECONDS = 0.1
"""How often the picture follows the session: enough for a breath to look even, little enough for a slow line."""
_CLOSING_SECONDS = 3.0
_LISTENS_MS = 5000
"""A shorter phase of words alone does not change the whole picture."""
_VERY_LARGE_ROWS = 16
"""Where two lines of twice as large letters fit. With less, some words would shout and others whisper."""
_QUIT_SECONDS = 2.0
"""How long a session may take to end after it was told to quit."""

_COLOURS = {
    PhaseKind.INHALE: "$inhale",
    PhaseKind.EXHALE: "$exhale",
    PhaseKind.HOLD: "$hold",
    PhaseKind.MOVE: "$inhale",
    PhaseKind.RETURN: "$exhale",
}
_STATE_COLOURS = {State.HURT: "$warning", State.LOST: "$warning"}


def run_screen(remote: Remote, light: Light = "auto") -> None:
    """Show the session on the terminal until it has ended or was quit, and pass on what the listener asks for.

    Must be called in the main thread. What ``remote.moment`` raises comes through, as does KeyboardInterrupt (or what
    else the handlers of SIGINT, SIGTERM and SIGHUP raise), each after the terminal is as it was before. Only a
    process that is killed outright (SIGKILL) cannot restore it; ``reset`` does. A terminal that is closed without a
    signal quits the session.
    """
    drawing = drawing_on_output()
    no_colour = os.environ.get("NO_COLOR")
    app = LiveApp(remote, dark=is_dark(light), fine=is_fine(), drawing=drawing)
    app.few_colours = app.console.color_system in ("standard", "windows")
    if no_colour is not None:
        # Textual takes it out of the environment, where others look for it as well.
        os.environ["NO_COLOR"] = no_colour
    with stop_signals(app.leave_soon):
        app.run(mouse=False)
    if app.failure is not None:
        raise app.failure


class _Bare(Screen[None], inherit_bindings=False):
    """A screen without keys of its own; ``resized`` is called when it has a new size, before it is painted in it."""

    def __init__(self, resized: Callable[[], None]) -> None:
        super().__init__(id="_default")
        self._resized = resized

    def on_resize(self, event: events.Resize) -> None:
        """Tell of the new size."""
        self._resized()


class LiveApp(App[None], inherit_bindings=False):
    """The screen of a live session.

    ``failure`` is what went wrong, for whoever runs it; ``few_colours`` says that the terminal has sixteen colours.
    """

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False
    ALLOW_SELECT: ClassVar[bool] = False
    AUTO_FOCUS: ClassVar[str | None] = None
    CSS = """
    Screen { layers: base help; overflow: hidden; }
    #help { layer: help; background: $background; padding: 0; }
    """

    def __init__(
        self, remote: Remote, *, dark: bool = True, fine: bool = True, drawing: Drawing | None = None
    ) -> None:
        super().__init__(
            driver_class=driver_for(drawing) if drawing else None,
            # Without colours, the terminal's own are all there is; with them, ours are.
            ansi_color=True if wants_no_colour() else None,
        )
        self.failure: BaseException | None = None
        self.few_colours = False
        self._remote = remote
        self._dark = dark
        self._fine = fine
        self._drawing = drawing
        self._breathing = Breathing()
        self._plan = Plan()
        self._moment: Moment | None = None
        self._ended = False
        self._quitting = False
        self._helping = False
        self._parts = {
            name: Part(name, align=align, middle=middle)
            for name, align, middle in (
                ("title", "left", False),
                ("done", "right", False),
                ("left", "right", False),
                ("progress", "left", False),
                ("chapters", "left", False),
                ("stage", "left", False),
                ("place", "left", False),
                ("ring", "left", False),
                ("bar", "left", False),
                ("count", "right", False),
                ("phase", "left", True),
                ("rep", "left", True),
                ("words", "center", True),
                ("next", "left", False),
                ("settings", "right", False),
                ("keys", "left", False),
                ("help", "left", False),
            )
        }

    def get_default_screen(self) -> Screen[None]:
        """Return a screen on which every key is ours."""
        return _Bare(self._arrange_anew)

    def compose(self) -> ComposeResult:
        """Put every part on the screen; each gets its place from the size."""
        yield from self._parts.values()

    def on_mount(self) -> None:
        """Begin to follow the session."""
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self._change_theme(dark=self._dark)
        self._parts["help"].display = False
        self.set_interval(_TICK_SECONDS, self.tick)
        self.tick()

    def on_key(self, event: events.Key) -> None:
        """Do what a key asks for."""
        event.prevent_default()
        event.stop()
        if self._moment is None or self._moment.state is State.ENDED:
            self.exit()
            return
        key = event.character if event.character and event.character.isprintable() else event.key
        action = pressed("space" if key == " " else key, self._moment.state)
        if self._helping or action is View.HELP:
            self._show_help(not self._helping)
        if action is View.LIGHT:
            self._change_theme(dark=not self.current_theme.dark)
        elif isinstance(action, Control):
            self.ask(action)

    def ask(self, control: Control) -> None:
        """Ask the session for something, and show at once what comes of it."""
        try:
            self._remote.press(control)
        except Exception as error:
            self._fail(error)
            return
        if control is Control.QUIT and not self._quitting:
            self._quitting = True
            self.set_timer(_QUIT_SECONDS, self.exit)
        self.tick()

    def leave_soon(self) -> None:
        """Close the screen; may be called from any thread and from a signal's handler."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.exit)

    def tick(self) -> None:
        """Show what is going on now."""
        if self._drawing is not None and self._drawing.gone:
            self._remote.press(Control.QUIT)
            self.exit()
            return
        if self._drawing is not None and self._drawing.busy:
            return
        try:
            self._moment = self._remote.moment()
        except Exception as error:
            self._fail(error)
            return
        self._show(self._moment)
        if self._moment.state is State.ENDED and not self._ended:
            self._ended = True
            self._end()

    def _end(self) -> None:
        if self._quitting:
            self.exit()
        else:
            self.set_timer(_CLOSING_SECONDS, self.exit)

    def _fail(self, error: BaseException) -> None:
        self.failure = self.failure or error
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the error with all local variables; whoever runs the screen says it in words.
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _change_theme(self, *, dark: bool) -> None:
        self.theme = theme_name(dark=dark, few=self.few_colours)

    def _show_help(self, shown: bool) -> None:
        self._helping = shown
        self._parts["help"].put(Box(0, 0, *self.size) if shown else None)
        width, height = self.size
        self._parts["help"].show(parts.help_lines(width, height))

    def _arrange_anew(self) -> None:
        # Textual tells the application of a new size before its own `size` is the new one, and the screen after that.
        if self._moment is not None:
            self._plan = Plan()
            self.tick()

    def _place_parts(self, moment: Moment) -> None:
        width, height = self.size
        plan = arrange(width, height, fine=self._fine, listening=_is_listening(moment))
        if plan == self._plan:
            return
        self._plan = plan
        for name in Plan.__slots__:
            self._parts[name].put(getattr(plan, name))
        if self._helping:
            self._show_help(shown=True)

    def _show(self, moment: Moment) -> None:
        self._place_parts(moment)
        quiet_text = {
            "title": clean(self._remote.title),
            "done": time_done(moment),
            "place": self._place(moment),
            "next": next_up(moment),
            "settings": " · ".join(settings(moment)),
        }
        for name, text in quiet_text.items():
            self._parts[name].show([((text, QUIET),)])
        self._parts["left"].show([((time_left(moment), PLAIN),)])
        self._show_stage(moment)
        self._show_breath(moment)
        self._show_words(moment)
        for name, line in (
            ("progress", parts.progress_line),
            ("chapters", parts.chapters_line),
            ("keys", parts.keys_line),
        ):
            box = self._parts[name].box
            if box is not None:
                self._parts[name].show([line(box.width, moment)])

    def _place(self, moment: Moment) -> str:
        unnamed = state_title(moment.state) if self._plan.phase is None else ""
        return unnamed or " · ".join(place(moment)) or chapter_title(moment)

    def _show_stage(self, moment: Moment) -> None:
        shown = phase_title(moment.phase).casefold()
        titles = (stage_title(moment), chapter_title(moment))
        title = next((title for title in titles if title and title.casefold() != shown), "")
        number = moment.phase.set if moment.phase else None
        beside = f" · Set {number}" if number and self._plan.ring else ""
        self._parts["stage"].show([((title, STRONG), (beside, QUIET))])

    def _show_breath(self, moment: Moment) -> None:
        phase, plan = moment.phase, self._plan
        level = self._breathing.at(phase, moment.share)
        colour = _COLOURS.get(phase.kind, ACCENT) if phase and moment.state is State.PLAYING else QUIET
        title = state_title(moment.state) or phase_title(phase)
        counted = number(moment.count) or seconds_left(phase, moment.share)
        if plan.phase:
            shade = colour if moment.state is State.PLAYING else _STATE_COLOURS.get(moment.state, PLAIN)
            self._parts["phase"].show(parts.large_lines(title, plan.phase, shade, fine=self._fine))
        if plan.rep:
            resting = phase is not None and phase.kind in (PhaseKind.REST, PhaseKind.WAIT) and not phase.rep
            at = " · ".join(part for part in (side_of(phase), rep_of(phase)) if part)
            where = next_up(moment) if resting else at
            self._parts["rep"].show(parts.large_lines(where, plan.rep, PLAIN, fine=self._fine))
        if plan.ring:
            share = moment.share if moves(phase) else None
            self._parts["ring"].show(parts.ring_lines(plan.ring, level, share, counted, colour))
        if plan.bar:
            self._parts["bar"].show([parts.bar_line(plan.bar.width, level, colour, fine=self._fine)])
        if plan.count:
            self._parts["count"].show(parts.large_lines(counted, plan.count, STRONG, fine=self._fine))

    def _show_words(self, moment: Moment) -> None:
        box = self._plan.words
        if box is None:
            return
        if moment.state is State.HURT and not moment.speaking:
            self._parts["words"].show(parts.choices_lines(box, fine=self._fine, eases=moment.eases))
            return
        spoken = moment.words or (clean(self._remote.title) if moment.phase is None else "")
        text = spoken if moment.state is State.HURT else state_words(moment) or spoken
        size = 1 if box.height < _VERY_LARGE_ROWS else 2
        self._parts["words"].show(parts.large_lines(text, box, STRONG, fine=self._fine, largest=size))


def _is_listening(moment: Moment) -> bool:
    """Say whether one only listens, so that the words may have the place of the circle."""
    if moment.state in (State.HURT, State.ENDED):
        return True
    phase = moment.phase
    said = phase is None or (not moves(phase) and phase.duration_ms >= _LISTENS_MS)
    return said and moment.state is State.PLAYING
