"""Which keys and which typed words ask for what: one table for both screens, the help texts and the documentation."""

from __future__ import annotations

import difflib
import textwrap
from dataclasses import dataclass
from enum import StrEnum

from breathcue.live.moment import State
from breathcue.timeline.score import Control


class View(StrEnum):
    """What a key changes on the screen alone; the session knows nothing of it."""

    HELP = "help"
    LIGHT = "light"


Action = Control | View


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the listener may ask for.

    ``keys`` are Textual's names of the keys that ask for it, the one to show first; ``words`` what one types in plain
    mode, the one to show first; ``label`` fits a crowded bottom line; ``help`` is a whole sentence. ``rank`` orders
    the bottom line: 1 is shown where only a few fit; None is shown in the help alone.
    """

    action: Action
    keys: tuple[str, ...]
    words: tuple[str, ...]
    label: str
    help: str
    rank: int | None = None

    @property
    def key(self) -> str:
        """The key to show, as a person reads it."""
        return key_name(self.keys[0])


COMMANDS = (
    Command(Control.PAUSE, ("space", "p"), ("pause", "stop"), "pause", "Pause. Time stands still.", 1),
    Command(
        Control.RESUME,
        ("space", "p"),
        ("resume", "go on", "play", "continue"),
        "go on",
        "Go on, from the start of the repetition or the breath.",
        1,
    ),
    Command(Control.NEXT, ("n", "right"), ("next",), "next", "Go to the next step.", 3),
    Command(
        Control.BACK,
        ("b", "left"),
        ("back",),
        "back",
        "Start this step again; pressed again, go to the one before.",
        5,
    ),
    Command(Control.REPEAT, ("r",), ("repeat", "again"), "repeat", "Do this exercise once more.", 9),
    Command(Control.SLOWER, ("-", "s"), ("slower",), "slower", "Slow the movements and breaths down.", 6),
    Command(Control.FASTER, ("+", "=", "f"), ("faster",), "faster", "Speed the movements and breaths up.", 7),
    Command(
        Control.EASIER,
        ("<",),
        ("easier",),
        "easier",
        "Do the exercises in an easier form; after pain, just this one.",
        14,
    ),
    Command(
        Control.HARDER,
        (">",),
        ("harder",),
        "harder",
        "Do the exercises in a harder form.",
        15,
    ),
    Command(Control.MORE_TALK, ("m",), ("more talk", "more"), "more talk", "Say more.", 16),
    Command(Control.LESS_TALK, ("l",), ("less talk", "less"), "less talk", "Say less.", 17),
    Command(
        Control.VOICE_LOUDER, ("up",), ("voice louder", "louder"), "louder", "Make the voice louder.", 11
    ),
    Command(
        Control.VOICE_QUIETER,
        ("down",),
        ("voice quieter", "quieter"),
        "quieter",
        "Make the voice quieter.",
        12,
    ),
    Command(Control.TONES_LOUDER, ("]",), ("tones louder",), "tones", "Make bowls and chimes louder."),
    Command(
        Control.TONES_QUIETER, ("[",), ("tones quieter",), "tones quieter", "Make bowls and chimes quieter."
    ),
    Command(Control.BED_LOUDER, (".",), ("bed louder", "background louder"), "bed", "Make the bed louder."),
    Command(
        Control.BED_QUIETER,
        (",",),
        ("bed quieter", "background quieter"),
        "bed quieter",
        "Make the bed quieter: what sounds beneath the words.",
    ),
    Command(Control.ADD_REST, ("a",), ("rest", "add rest"), "rest", "Add a rest.", 8),
    Command(Control.SKIP_REST, ("k",), ("skip rest",), "skip rest", "Skip the rest.", 10),
    Command(
        Control.HURT,
        ("h",),
        ("hurt", "that hurt", "ouch", "pain"),
        "hurts",
        "That hurt: pause, hear the advice, and choose how to go on.",
        2,
    ),
    Command(
        Control.FINISH,
        ("e",),
        ("finish", "end"),
        "finish",
        "Finish kindly: hear the closing words now.",
        4,
    ),
    Command(
        Control.QUIT, ("q", "ctrl+c"), ("quit", "exit"), "quit", "Quit at once. It can be resumed later.", 3
    ),
    Command(View.HELP, ("?", "question_mark"), ("help",), "keys", "Show all keys.", 1),
    Command(View.LIGHT, ("d",), (), "light/dark", "Change between light and dark.", 13),
)
"""Every command, in the order of the help."""

_KEY_NAMES = {"question_mark": "?", "ctrl+c": "Ctrl+C"}
_ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_WAITING = frozenset({State.PAUSED, State.HURT})


def hurt_choices(*, eases: bool) -> tuple[Control, ...]:
    """Return what is offered after "that hurt", in this order; ``eases`` where there is an easier way."""
    easier = (Control.EASIER,) if eases else ()
    return Control.ADD_REST, *easier, Control.NEXT, Control.FINISH, Control.RESUME


def key_name(key: str) -> str:
    """Return a key's name as a person reads it."""
    return _ARROWS.get(key) or _KEY_NAMES.get(key, key)


def command_for(action: Action) -> Command:
    """Return the command that asks for ``action``."""
    return next(command for command in COMMANDS if command.action is action)


def toggle(state: State) -> Control:
    """Return what the space bar, or an empty line, asks for in ``state``."""
    return Control.RESUME if state in _WAITING else Control.PAUSE


def pressed(key: str, state: State) -> Action | None:
    """Return what ``key`` (Textual's name, or the character itself) asks for in ``state``; None if nothing."""
    if key in command_for(Control.PAUSE).keys:
        return toggle(state)
    return next((command.action for command in COMMANDS if key in command.keys), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A typed line that asks for nothing; ``answer`` says so and what to type."""

    answer: str


def typed(line: str, state: State) -> Action | Unknown:
    """Return what a typed line asks for: a word of the table, a key, or an unambiguous beginning of a word.

    An empty line is the space bar.
    """
    text = " ".join(line.split()).lower()
    if not text:
        return toggle(state)
    words = {word: command.action for command in COMMANDS for word in command.words}
    if text in words:
        return words[text]
    by_key = pressed(text, state)
    if by_key is not None:
        return by_key
    begun = {action: word for word, action in reversed(words.items()) if word.startswith(text)}
    if len(begun) == 1:
        return next(iter(begun))
    if begun:
        return Unknown(f'"{text}" could be {_listed(sorted(begun.values()))}. Type a little more.')
    near = difflib.get_close_matches(text, words, 1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return Unknown(f'There is no "{_shortened(text)}". {hint}Type help for all the words.')


def _listed(words: list[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _shortened(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return textwrap.shorten(printable, 40, placeholder="…")


def keys_help() -> str:
    """Return all keys, words and what they do, as lines of plain text for ``--help``."""
    rows = [(_keys_of(c), ", ".join(c.words), c.help) for c in COMMANDS]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(f"{keys:<{widths[0]}}  {words:<{widths[1]}}  {text}" for keys, words, text in rows)


def words_help() -> str:
    """Return the words one may type in plain mode, one a line, each with what it does."""
    rows = [(c.words[0], c.help) for c in COMMANDS if c.words]
    return "\n".join(f"{word}: {text}" for word, text in rows)


def keys_table() -> str:
    """Return the same as :func:`keys_help` as a Markdown table, for the documentation."""
    lines = ["| Key | Typed with `--plain` | What it does |", "|---|---|---|"]
    for command in COMMANDS:
        keys = ", ".join(f"`{key_name(key)}`" for key in _distinct(command.keys))
        words = ", ".join(f"`{word}`" for word in command.words)
        lines.append(f"| {keys} | {words} | {command.help} |")
    return "\n".join(lines)


def _keys_of(command: Command) -> str:
    return " ".join(key_name(key) for key in _distinct(command.keys))


def _distinct(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return keys without Textual's second name for the same one."""
    return tuple(key for i, key in enumerate(keys) if key_name(key) not in map(key_name, keys[:i]))
