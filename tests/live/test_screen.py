"""The full screen, driven by Textual's pilot: what it shows at every size, and what each key asks for."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from breathcue.live.moment import Moment, State
from breathcue.live.view import picture
from breathcue.live.view.keys import COMMANDS, key_name
from breathcue.live.view.layout import arrange
from breathcue.live.view.screen import LiveApp
from breathcue.live.view.themes import DARK, LIGHT, THEMES
from breathcue.timeline.model import PhaseKind, Side
from breathcue.timeline.score import Control, Guidance, Level, Manner, Stage
from breathcue.timeline.time import Ms
from fake_remote import FakeRemote, moment_of, phase_of
from patient import SECONDS, Pilot
from workspace import ROOT

if TYPE_CHECKING:
    from textual.theme import Theme

SIZES = [(40, 12), (80, 24), (120, 40), (200, 60)]
TINY = [(1, 1), (7, 3), (20, 5), (39, 11), (63, 40), (300, 9)]
Act = Callable[[LiveApp, Pilot], Awaitable[None]]

ADVICE = "Stop if you notice pain or dizziness, and ask a professional before you go on."
REST = phase_of(PhaseKind.REST, "Rest", rep=None, reps=None, set=None, end=30_000)
HOLD = phase_of(PhaseKind.HOLD, "Hold", rep=3, reps=8, set=2, side=Side.LEFT)
TALK = phase_of(PhaseKind.TALK, "Before you begin", rep=None, reps=None, set=None, end=20_000)


@pytest.fixture(autouse=True)
def in_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen without colours has a test on a real terminal."""
    monkeypatch.delenv("NO_COLOR", raising=False)


def drive(
    remote: FakeRemote, act: Act, size: tuple[int, int] = (80, 24), *, dark: bool = True, fine: bool = True
) -> LiveApp:
    """Run the screen without a terminal, and ``act`` on it once it is there."""

    async def run() -> LiveApp:
        app = LiveApp(remote, dark=dark, fine=fine)
        async with app.run_test(size=size):
            pilot = Pilot(app)
            await pilot.pause()
            await act(app, pilot)
        return app

    return asyncio.run(asyncio.wait_for(run(), 2 * SECONDS))


def rows(app: LiveApp) -> list[str]:
    """Return what is on the screen, row by row."""
    return [strip.text for strip in app.screen._compositor.render_strips(app.size)]


def shown(app: LiveApp) -> str:
    """Return what is on the screen as one text with single spaces, so that wrapped words can be found."""
    return " ".join(" ".join(rows(app)).split())


def see(
    moment: Moment, size: tuple[int, int] = (80, 24), *, fine: bool = True, title: str = "A session"
) -> str:
    """Return what the screen shows of ``moment``."""
    texts: list[str] = []

    async def look(app: LiveApp, pilot: Pilot) -> None:
        texts.append(shown(app))

    drive(FakeRemote(title, moment), look, size, fine=fine)
    return texts[0]


def missing(text: str, *wanted: str) -> list[str]:
    return [part for part in wanted if part not in text]


async def nothing(app: LiveApp, pilot: Pilot) -> None:
    pass


PRESSES = {
    "space": Control.PAUSE,
    "p": Control.PAUSE,
    "n": Control.NEXT,
    "right": Control.NEXT,
    "b": Control.BACK,
    "left": Control.BACK,
    "r": Control.REPEAT,
    "-": Control.SLOWER,
    "s": Control.SLOWER,
    "+": Control.FASTER,
    "=": Control.FASTER,
    "f": Control.FASTER,
    "<": Control.EASIER,
    ">": Control.HARDER,
    "m": Control.MORE_TALK,
    "l": Control.LESS_TALK,
    "up": Control.VOICE_LOUDER,
    "down": Control.VOICE_QUIETER,
    "]": Control.TONES_LOUDER,
    "[": Control.TONES_QUIETER,
    ".": Control.BED_LOUDER,
    ",": Control.BED_QUIETER,
    "a": Control.ADD_REST,
    "k": Control.SKIP_REST,
    "h": Control.HURT,
    "e": Control.FINISH,
    "q": Control.QUIT,
    "ctrl+c": Control.QUIT,
}


def test_each_key_asks_for_what_it_says() -> None:
    remote = FakeRemote(obeys=False)
    asked: dict[str, list[Control]] = {}

    async def press(app: LiveApp, pilot: Pilot) -> None:
        for key in PRESSES:
            await pilot.press(key)
            asked[key] = remote.asked[:]
            remote.asked.clear()

    drive(remote, press)
    assert asked == {key: [control] for key, control in PRESSES.items()}


def test_every_key_of_the_table_is_tried_here() -> None:
    keys = {key for c in COMMANDS if isinstance(c.action, Control) for key in c.keys}
    assert keys == set(PRESSES)


def test_other_keys_ask_for_nothing() -> None:
    remote = FakeRemote()

    async def press(app: LiveApp, pilot: Pilot) -> None:
        before = rows(app)
        for key in ("x", "tab", "enter", "escape", "ctrl+q", "ctrl+p", "ctrl+z", "f1", "home", "ü"):
            await pilot.press(key)
            assert rows(app) == before, key

    drive(remote, press)
    assert remote.asked == []


def test_space_goes_on_where_one_waits() -> None:
    remote = FakeRemote()

    async def press(app: LiveApp, pilot: Pilot) -> None:
        for key in ("space", "space", "h", "space"):
            await pilot.press(key)

    drive(remote, press)
    assert remote.asked == [Control.PAUSE, Control.RESUME, Control.HURT, Control.RESUME]


def test_a_key_changes_between_light_and_dark() -> None:
    async def press(app: LiveApp, pilot: Pilot) -> None:
        for theme in (LIGHT, DARK, LIGHT):
            assert app.theme == theme.name
            assert app.screen.styles.background.hex.lower() == theme.background
            await pilot.press("d")

    drive(FakeRemote(), press, dark=False)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_colour_of_text_is_legible(theme: Theme) -> None:
    assert theme.background is not None
    assert contrast(str(theme.foreground), theme.background) > 12
    shades = {name: theme.variables[name] for name in ("quiet", "inhale", "exhale", "hold")}
    shades["warning"] = str(theme.warning)
    wanted = 3.0 if theme.name.endswith("16") else 4.5
    assert {name for name, shade in shades.items() if contrast(shade, theme.background) < wanted} == set()


@pytest.mark.parametrize("size", SIZES)
def test_the_help_shows_every_key_and_any_key_closes_it(size: tuple[int, int]) -> None:
    remote = FakeRemote()

    async def press(app: LiveApp, pilot: Pilot) -> None:
        before = rows(app)
        await pilot.press("question_mark")
        text = shown(app)
        assert missing(text, *(key_name(command.keys[0]) for command in COMMANDS)) == []
        sentences = [command.help for command in COMMANDS]
        words = [command.words[0] if command.words else command.label for command in COMMANDS]
        assert missing(text, *sentences) == [] or missing(text, *words) == []
        await pilot.press("x")
        assert rows(app) == before
        await pilot.press("question_mark", "n")
        assert rows(app) == before

    drive(remote, press, size)
    assert remote.asked == [Control.NEXT]


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_what_matters_is_shown_at_every_size(size: tuple[int, int], dark: bool) -> None:
    """In ordinary letters, where a test can read them; large ones are another test's."""
    moment = moment_of(phase=HOLD, count="Three.", words="Hold, and breathe freely. " * 3, share=0.5)

    async def look(app: LiveApp, pilot: Pilot) -> None:
        text = shown(app)
        wanted = ("Cat-cow stretch", "Hold", "3 of 8", "Set 2", "Left", " 3 ", "9:03", "about 12:32 left")
        assert missing(text, *wanted, "Next: Bird dog") == []
        assert text.count("Hold, and breathe freely.") == 3
        assert missing(text, "space pause", "h hurts", "n next", "? keys") == []
        assert [row for row in rows(app) if "…" in row and "●" not in row] == []

    drive(FakeRemote(now=moment), look, size, dark=dark, fine=False)


def test_a_wide_screen_shows_title_chapters_pace_and_levels() -> None:
    text = see(moment_of(pace=1.25, voice_db=3.0, tones_db=-6.0), (120, 40))
    assert missing(text, "A session", "✓ Warm up", "● Cat-cow stretch", "○ Bird dog", "○ Closing") == []
    assert missing(text, "pace 1.25 · voice +3 dB · tones -6 dB") == []
    assert missing(see(moment_of(), (120, 40)), "dB", "pace 1") == ["dB", "pace 1"]


def test_the_chapters_around_the_current_one_are_shown_where_not_all_fit() -> None:
    titles = tuple(f"Chapter number {n}" for n in range(30))
    text = see(moment_of(chapters=titles, chapter=15), (80, 24))
    assert missing(text, "… ✓ Chapter number 14", "● Chapter number 15", "○ Chapter number 16", " …") == []


def test_time_is_an_estimate_only_where_it_says_so() -> None:
    assert "about" not in see(moment_of(about=False))
    assert "1:02:05 left" in see(moment_of(left_ms=Ms(3_725_900)), (40, 12))


STATES = {
    State.PAUSED: ("Paused", "Press space to go on.", "space go on"),
    State.BEHIND: ("One moment", "The next words are being made.", "space pause"),
    State.LOST: ("No sound", "The loudspeaker is gone. Waiting for another.", "space pause"),
    State.ENDED: ("Done", "9:03 done.", "any key close"),
}


@pytest.mark.parametrize("size", [(40, 12), (80, 24)])
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_told(state: State, size: tuple[int, int]) -> None:
    for phase in (HOLD, TALK, None):
        assert missing(see(moment_of(state=state, phase=phase), size, fine=False), *STATES[state]) == []


@pytest.mark.parametrize("size", SIZES)
def test_that_hurt_shows_the_advice_and_then_the_choices(size: tuple[int, int]) -> None:
    hurt = moment_of(state=State.HURT, words=ADVICE, speaking=True)
    keys = ("a rest", "n next", "e finish", "space go on")
    assert missing(see(hurt, size, fine=False), ADVICE, "That hurt", *keys) == []
    text = see(dataclasses.replace(hurt, speaking=False), size, fine=False)
    assert missing(text, "take a rest", "next step", "finish kindly", "go on", *keys) == []
    assert "an easier way" not in text
    text = see(dataclasses.replace(hurt, speaking=False, eases=True), size, fine=False)
    assert missing(text, "take a rest", "< ", "an easier way", "next step", "finish kindly", "go on") == []


def test_what_was_asked_for_is_shown_where_it_is_not_the_sessions_own() -> None:
    assert "level" not in see(moment_of())
    text = see(moment_of(manner=Manner(Level.EASIER, Guidance.MINIMAL)))
    assert missing(text, "level easier", "guidance minimal") == []


def test_a_rest_counts_down_and_can_be_skipped() -> None:
    rest = moment_of(phase=REST, share=0.3, words="Rest.")
    assert missing(see(rest, (40, 12), fine=False), " 21 ", "k skip rest") == []
    assert missing(see(rest, fine=False), "21", "Rest", "Next: Bird dog") == []


def test_words_are_large_where_they_fit_and_whole_where_they_do_not() -> None:
    large = see(moment_of(words="Exhale to cat."))
    assert "Exhale to cat." not in large
    assert "█" in large
    long = (
        "Reach your left arm forward and your right leg back, as long as you can, and look at the floor. " * 2
    )
    assert missing(see(moment_of(words=long)), *long.split()) == []
    assert "Привет" in see(moment_of(words="Привет."))


def test_a_console_without_large_letters_has_a_bar() -> None:
    text = see(moment_of(), (120, 40), fine=False)
    assert missing(text, "Inhale: cow", "████", "Inhale to cow. Arch your back") == []
    assert not any("\u2800" <= c <= "\u28ff" for c in text)


STRANGE = {
    "long words": "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 5,
    "a novel": "and so on " * 2000,
    "Chinese": "吸气，弓起你的背，抬起你的胸和尾骨。" * 6,
    "emoji": "Breathe 🧘‍♀️ in 👩🏽‍🦰 and out 🫁 🇬🇧 e\u0301" * 4,
    "Hebrew": "שאפו עמוק, קשתו את הגב והרימו את החזה " * 3,
    "Arabic": "استنشق بعمق وارفع صدرك " * 4,
    "control characters": "red \x1b[31m \x1b]0;title\x07 bell\a back\b nul\0 tab\t line\nbreak\r\x9b2J \u202eturned",
    "markup": "[bold]not markup[/] [link=x]y[/link] [/] $accent [red",
    "combining": "Z̸̢̡̛̥̫a̵l̷g̶o̸ " * 20,
    "nothing": "",
    "spaces": "   \u3000 \u00a0 ",
}


@pytest.mark.parametrize("kind", STRANGE)
def test_no_text_and_no_size_is_too_much(kind: str) -> None:
    text = STRANGE[kind]
    remote = FakeRemote(
        text,
        moment_of(
            words=text,
            phase=dataclasses.replace(HOLD, label=text),
            stage=Stage(Ms(0), text, 1),
            up_next=text,
            chapters=(text,) * 9,
            chapter=4,
            count=text,
        ),
    )

    async def look(app: LiveApp, pilot: Pilot) -> None:
        for size in (*SIZES, *TINY):
            await pilot.resize_terminal(*size)
            for state in (State.PLAYING, State.PAUSED, State.HURT, State.LOST, State.BEHIND):
                remote.turn(state)
                app.tick()
                await pilot.pause()
                seen = rows(app)
                assert len(seen) == size[1]
                assert all(
                    c.isprintable() or c in "\u200d\u200e\u200f\u3000\u00a0" for row in seen for c in row
                )
            await pilot.press("question_mark")

    drive(remote, look)


def test_any_phase_and_share_can_be_drawn() -> None:
    remote = FakeRemote()

    async def look(app: LiveApp, pilot: Pilot) -> None:
        for size in ((40, 12), (80, 24)):
            await pilot.resize_terminal(*size)
            for kind in PhaseKind:
                for share in (-1.0, 0.0, 0.999, 1.0, 7.5):
                    for phase in (
                        phase_of(kind, "x", end=0),
                        phase_of(kind, "", rep=None, reps=None, set=None),
                    ):
                        remote.set(phase=phase, share=share)
                        app.tick()
                        await pilot.pause()
                        assert app.is_running

    assert drive(remote, look).failure is None


def test_before_anything_is_said_the_title_is_shown() -> None:
    empty = moment_of(
        phase=None, stage=None, words="", chapter=-1, chapters=(), up_next=None, at_ms=Ms(0), left_ms=Ms(0)
    )
    assert "A session" in see(empty, (40, 12), fine=False)


def test_it_follows_the_size_of_the_window_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breathcue.live.view.screen._TICK_SECONDS", 3600.0)
    remote = FakeRemote()

    async def resize(app: LiveApp, pilot: Pilot) -> None:
        for size in (*SIZES, *TINY, (80, 24)):
            await pilot.resize_terminal(*size)
            assert (len(rows(app)[0]), len(rows(app))) == size
            assert app._plan == arrange(*size, fine=True, listening=False)
        assert missing(shown(app), "A session", "● Cat-cow stretch", "? keys") == []

    remote.title = "A session"
    drive(remote, resize)


def test_it_follows_the_session_by_itself() -> None:
    remote = FakeRemote()

    async def wait(app: LiveApp, pilot: Pilot) -> None:
        remote.set(at_ms=Ms(600_000), up_next="A sip of water")
        await pilot.until(lambda: missing(shown(app), "10:00", "A sip of water") == [])

    drive(remote, wait)


def test_the_circle_grows_and_shrinks_with_the_breath_and_never_jumps() -> None:
    remote = FakeRemote(now=moment_of(phase=dataclasses.replace(TALK, end_ms=Ms(1000))))
    widths: list[int] = []

    async def breathe(app: LiveApp, pilot: Pilot) -> None:
        for kind, start in ((PhaseKind.INHALE, 0), (PhaseKind.HOLD, 4000), (PhaseKind.EXHALE, 8000)):
            for step in range(20):
                remote.set(phase=phase_of(kind, "x", start=start), share=step / 20)
                app.tick()
                await pilot.pause()
                columns = {x for row in rows(app) for x, c in enumerate(row) if "\u2800" < c <= "\u28ff"}
                widths.append(max(columns) - min(columns) + 1)

    drive(remote, breathe, (120, 40))
    grows, holds, shrinks = widths[:20], widths[20:40], widths[40:]
    assert grows == sorted(grows)
    assert grows[-1] > grows[0] * 1.4
    assert len(set(holds)) == 1
    assert shrinks == sorted(shrinks, reverse=True)
    assert shrinks[-1] < holds[0] / 1.4
    assert max(abs(a - b) for a, b in pairwise(widths)) <= 2


def test_only_what_changed_is_drawn_again() -> None:
    remote = FakeRemote()

    async def count(app: LiveApp, pilot: Pilot) -> None:
        drawn: list[str] = []
        for name, part in app._parts.items():
            usual = part.render
            part.render = lambda name=name, usual=usual: drawn.append(name) or usual()  # type: ignore[method-assign, misc, func-returns-value]
        app.tick()
        await pilot.pause()
        assert drawn == []
        remote.set(at_ms=Ms(600_000))
        app.tick()
        await pilot.pause()
        assert set(drawn) == {"done", "progress"}

    drive(remote, count)


def test_it_closes_by_itself_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breathcue.live.view.screen._CLOSING_SECONDS", 0.1)
    remote = FakeRemote()

    async def end(app: LiveApp, pilot: Pilot) -> None:
        remote.turn(State.ENDED)
        await pilot.until(lambda: not app.is_running)

    assert drive(remote, end).failure is None


@pytest.mark.parametrize("key", ["x", "space", "q"])
def test_any_key_closes_it_after_the_end(key: str) -> None:
    remote = FakeRemote()

    async def end(app: LiveApp, pilot: Pilot) -> None:
        remote.turn(State.ENDED)
        app.tick()
        await pilot.press(key)
        assert not app.is_running

    drive(remote, end)
    assert remote.asked == []


def test_quit_leaves_at_once_when_the_session_has_ended() -> None:
    remote = FakeRemote()

    async def leave(app: LiveApp, pilot: Pilot) -> None:
        await pilot.press("q")
        assert not app.is_running

    drive(remote, leave)


def test_quit_leaves_after_a_while_when_the_session_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breathcue.live.view.screen._QUIT_SECONDS", 2.0)
    remote = FakeRemote(obeys=False)

    async def leave(app: LiveApp, pilot: Pilot) -> None:
        await pilot.press("q", "q")
        assert app.is_running
        await pilot.until(lambda: not app.is_running)

    drive(remote, leave)
    assert remote.asked == [Control.QUIT, Control.QUIT]


def test_an_error_of_the_session_closes_the_screen_and_is_kept() -> None:
    remote = FakeRemote()
    error = RuntimeError("the player fell over")

    async def fall(app: LiveApp, pilot: Pilot) -> None:
        remote.error = error
        app.tick()
        await pilot.pause()
        assert not app.is_running

    assert drive(remote, fall).failure is error


def test_the_picture_in_the_documentation_is_current(update_goldens: bool) -> None:
    path = ROOT / picture.PAGE
    drawn = picture.picture()
    if update_goldens:
        path.write_text(drawn, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == drawn, "run: python -m breathcue.live.view.picture"
    assert len(drawn) < 60_000
