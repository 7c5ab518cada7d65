"""One table of keys and words serves the screens, the help and the documentation."""

from __future__ import annotations

import pytest

from breathcue.live.moment import State
from breathcue.live.view.keys import (
    COMMANDS,
    Unknown,
    View,
    command_for,
    hurt_choices,
    keys_help,
    keys_table,
    pressed,
    typed,
    words_help,
)
from breathcue.timeline.score import Control

PLAYING = State.PLAYING


def test_every_control_has_a_key_and_a_word() -> None:
    for control in Control:
        command = command_for(control)
        assert command.keys
        assert command.words[0] == control.value


def test_no_key_and_no_word_asks_for_two_things() -> None:
    keys = [key for c in COMMANDS for key in c.keys if c.action is not Control.RESUME]
    words = [word for c in COMMANDS for word in c.words]
    assert len(keys) == len(set(keys))
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("state", "asks"),
    [
        (State.PLAYING, Control.PAUSE),
        (State.BEHIND, Control.PAUSE),
        (State.LOST, Control.PAUSE),
        (State.PAUSED, Control.RESUME),
        (State.HURT, Control.RESUME),
    ],
)
def test_space_and_the_empty_line_pause_and_go_on(state: State, asks: Control) -> None:
    assert pressed("space", state) is asks
    assert typed("", state) is asks
    assert typed("  ", state) is asks


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("next", Control.NEXT),
        ("  NEXT  ", Control.NEXT),
        ("Voice   Louder", Control.VOICE_LOUDER),
        ("n", Control.NEXT),
        ("+", Control.FASTER),
        ("]", Control.TONES_LOUDER),
        ("slow", Control.SLOWER),
        ("p", Control.PAUSE),
        ("tones q", Control.TONES_QUIETER),
        ("ski", Control.SKIP_REST),
        ("that hurt", Control.HURT),
        ("go on", Control.RESUME),
        ("?", View.HELP),
        ("help", View.HELP),
        ("rest", Control.ADD_REST),
        ("add", Control.ADD_REST),
    ],
)
def test_what_one_types(line: str, asks: Control | View) -> None:
    assert typed(line, PLAYING) is asks


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("re", ['"repeat"', '"rest"', '"resume"']),
        ("nextt", ['"next"', "help"]),
        ("puase", ['"pause"']),
        ("xyzzy", ["help"]),
        ("\x1b[31m" + "w" * 500, ["help"]),
    ],
)
def test_what_nobody_understands_gets_one_helpful_line(line: str, words: list[str]) -> None:
    answer = typed(line, PLAYING)
    assert isinstance(answer, Unknown)
    assert [word for word in words if word not in answer.answer] == []
    assert answer.answer.isprintable()
    assert len(answer.answer) < 120


def test_the_help_texts_name_every_command() -> None:
    for command in COMMANDS:
        assert command.help in keys_help()
        assert command.help in keys_table()
        assert not command.words or f"{command.words[0]}: {command.help}" in words_help()
    assert max(map(len, keys_help().splitlines())) <= 118


def test_what_is_offered_after_hurt_can_be_asked_for() -> None:
    assert Control.EASIER not in hurt_choices(eases=False)
    for control in hurt_choices(eases=True):
        assert typed(command_for(control).words[0], State.HURT) is control
