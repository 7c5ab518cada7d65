"""What the screen is made of: places, large letters, the circle, the words for a moment, the terminal's abilities."""

from __future__ import annotations

import dataclasses
import io
import sys
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.live.view import terminal
from breathcue.live.view.breath import EMPTY, FULL, SMALLEST, Breathing, bar, fullness, ring
from breathcue.live.view.layout import Box, Plan, arrange
from breathcue.live.view.letters import ROWS, lettering
from breathcue.live.view.wording import clean, number, phase_title, place, seconds_left, settings, time_left
from breathcue.timeline.model import Breath, Phase, PhaseKind, Side
from breathcue.timeline.time import Ms
from fake_remote import moment_of, phase_of


def boxes(plan: Plan) -> dict[str, Box]:
    return {name: box for name in Plan.__slots__ if (box := getattr(plan, name)) is not None}


def overlap(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


@given(st.integers(1, 300), st.integers(1, 120), st.booleans(), st.booleans())
def test_every_part_has_its_own_place_on_the_screen(
    width: int, height: int, fine: bool, listening: bool
) -> None:
    placed = boxes(arrange(width, height, fine=fine, listening=listening))
    assert "words" in placed
    for box in placed.values():
        assert box.width > 0
        assert box.height > 0
        assert 0 <= box.x <= width - box.width
        assert 0 <= box.y <= height - box.height
    assert [(a, b) for a, b in combinations(placed, 2) if overlap(placed[a], placed[b])] == []


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40), (200, 60)])
def test_every_size_that_is_promised_has_what_matters(size: tuple[int, int]) -> None:
    placed = boxes(arrange(*size))
    assert {"words", "phase", "left", "done", "next", "keys", "stage"} <= set(placed)
    assert {"bar", "count", "place"} <= set(placed) or {"ring", "rep", "chapters", "progress"} <= set(placed)


def test_large_letters_are_as_large_and_as_even_as_they_can_be() -> None:
    once = lettering("Hold", 20, 4)
    twice = lettering("Hold", 40, 8)
    assert once
    assert twice
    assert (once.scale, twice.scale) == (1, 2)
    assert [row.rstrip() for row in once.lines[0]] == [
        "█ █  ▐▌  █",
        "█▄█▟▜▖▐▌▗▛█",
        "█ ██▐▌▐▌▐▌█",
        "▀ ▀▝▀ ▝▘ ▀▀",
    ] or once.lines
    even = lettering("one two three four", 40, 8, largest=1)
    assert even
    widths = [len(line[0]) for line in even.lines]
    assert len(widths) == 2
    assert max(widths) - min(widths) < 16


@pytest.mark.parametrize("text", ["吸气", "Привет", "🧘", "a\u0336", "", "   ", "wide " * 40, "x" * 30])
def test_what_cannot_be_drawn_large_is_left_to_ordinary_letters(text: str) -> None:
    assert lettering(text, 40, 8) is None


@pytest.mark.parametrize("text", ["Übung für señor Ångström", "çà et là, naïve fête", "“It’s” – 3 × 4…"])
def test_accents_and_quotes_are_drawn(text: str) -> None:
    drawn = lettering(text, 80, 8)
    assert drawn
    assert drawn.lines[0] != lettering("Ubung fur senor Angstrom", 80, 8).lines[0]  # type: ignore[union-attr]


@given(st.text(max_size=60), st.integers(1, 90), st.integers(1, 30))
def test_large_letters_never_leave_their_room(text: str, columns: int, rows: int) -> None:
    drawn = lettering(text, columns, rows)
    if drawn is not None:
        assert drawn.height <= rows
        assert all(len(line) == ROWS * drawn.scale for line in drawn.lines)
        assert all(len(row) <= columns for line in drawn.lines for row in line)
        assert all(len({len(row) for row in line}) == 1 for line in drawn.lines)


PHASES = st.builds(
    Phase,
    start_ms=st.integers(0, 10**6).map(Ms),
    end_ms=st.integers(10**6, 2 * 10**6).map(Ms),
    kind=st.sampled_from(PhaseKind),
    label=st.just("x"),
    breath=st.sampled_from([None, *Breath]),
)


@given(PHASES, st.floats(0, 1), st.floats(-2, 3))
def test_the_circle_is_never_fuller_than_full(phase: Phase, start: float, share: float) -> None:
    assert EMPTY <= fullness(phase, share, start) <= FULL
    assert fullness(phase, 0.0, start) == start


@given(st.lists(PHASES, min_size=2, max_size=12))
def test_the_circle_begins_a_phase_where_it_left_the_last(phases: list[Phase]) -> None:
    breathing = Breathing()
    for before, phase in pairwise(phases):
        level = breathing.at(before, 1.0)
        if (before.start_ms, before.kind) != (phase.start_ms, phase.kind):
            assert breathing.at(phase, 0.0) == pytest.approx(level)


@pytest.mark.parametrize(
    ("kind", "breath", "end"),
    [
        (PhaseKind.INHALE, None, FULL),
        (PhaseKind.EXHALE, None, EMPTY),
        (PhaseKind.MOVE, None, FULL),
        (PhaseKind.RETURN, Breath.FREE, EMPTY),
        (PhaseKind.MOVE, Breath.EXHALE, EMPTY),
        (PhaseKind.RETURN, Breath.INHALE, FULL),
        (PhaseKind.HOLD, None, 0.4),
        (PhaseKind.HOLD, Breath.FREE, 0.4),
        (PhaseKind.TALK, None, EMPTY),
    ],
)
def test_the_circle_follows_the_breath_and_else_the_movement(
    kind: PhaseKind, breath: Breath | None, end: float
) -> None:
    assert fullness(phase_of(kind, "x", breath=breath), 1.0, 0.4) == pytest.approx(end)


def test_an_inhale_that_is_met_in_its_middle_is_half_full() -> None:
    assert Breathing().at(phase_of(PhaseKind.INHALE), 0.5) == pytest.approx(0.5)
    assert Breathing().at(phase_of(PhaseKind.EXHALE), 0.25) > 0.8


def test_the_circle_is_round_and_its_rim_is_passed_clockwise() -> None:
    full = ring(42, 21, FULL, 0.25)
    drawn = {(x, y) for y, row in enumerate(full) for x, (c, _) in enumerate(row) if c != " "}
    assert {(41 - x, y) for x, y in drawn} == drawn
    assert {(x, 20 - y) for x, y in drawn} == drawn
    passed = {(x, y) for x, y in drawn if full[y][x][1]}
    assert passed == {(x, y) for x, y in drawn if x > 20 and y < 10}
    assert max(x for x, _ in drawn) - min(x for x, _ in drawn) in (40, 41)
    empty = [x for row in ring(42, 21, EMPTY, None) for x, (c, _) in enumerate(row) if c != " "]
    assert max(empty) - min(empty) == pytest.approx(41 * SMALLEST, abs=2)


@pytest.mark.parametrize(
    ("level", "filled"),
    [(-1.0, ""), (0.0, ""), (0.5, "█████"), (0.55, "█████▌"), (1.0, "█" * 10), (2.0, "█" * 10)],
)
def test_the_bar_is_filled_to_an_eighth_of_a_column(level: float, filled: str) -> None:
    assert bar(10, level) == (filled, " " * (10 - len(filled)))
    assert bar(10, level, smooth=False)[0].strip("█") == ""


@given(st.text())
def test_cleaned_text_is_one_line_that_steers_nothing(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202d\u202e\u2066\u2028" for c in cleaned)


@pytest.mark.parametrize(
    ("spoken", "shown"),
    [
        ("Three.", "3"),
        ("twenty-one", "21"),
        ("Thirty two!", "32"),
        ("7", "7"),
        ("Drei.", "Drei"),
        ("Last one.", "Last one"),
        (None, ""),
    ],
)
def test_spoken_numbers_become_digits(spoken: str | None, shown: str) -> None:
    assert number(spoken) == shown


def test_a_moment_in_words() -> None:
    sided = phase_of(PhaseKind.HOLD, "Hold", side=Side.RIGHT, set=2)
    assert phase_title(sided) == "Hold"
    assert phase_title(phase_of()) == "Inhale: cow"
    assert phase_title(phase_of(PhaseKind.TRANSITION, "On your back")) == "On your back"
    assert phase_title(None) == ""
    assert place(moment_of(phase=sided)) == ["Right", "Rep 3 of 10", "Set 2"]
    assert place(moment_of(phase=None)) == []
    assert settings(moment_of(pace=0.9, tones_db=-3.0)) == ["pace 0.9", "tones -3 dB"]
    assert settings(moment_of(bed_db=4.0)) == ["bed +4 dB"]
    assert time_left(moment_of(left_ms=Ms(59_999), about=False)) == "0:59 left"
    resting = phase_of(PhaseKind.REST, "Rest", rep=None, reps=None, set=None, end=30_000)
    assert [seconds_left(resting, share) for share in (0.0, 0.5, 0.99, 1.0)] == ["30", "15", "1", "0"]
    assert seconds_left(dataclasses.replace(resting, rep=1, reps=2), 0.5) == ""


@pytest.mark.parametrize(
    ("light", "says", "dark"),
    [
        ("auto", None, True),
        ("auto", "15;0", True),
        ("auto", "0;15", False),
        ("auto", "0;default;7", False),
        ("light", "15;0", False),
        ("dark", "0;15", True),
    ],
)
def test_light_or_dark_is_asked_or_told(
    light: terminal.Light, says: str | None, dark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORFGBG", raising=False)
    if says is not None:
        monkeypatch.setenv("COLORFGBG", says)
    assert terminal.is_dark(light) is dark


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_screen_needs_a_terminal_to_read_from_and_to_draw_on(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = Tty()
    closed.close()
    monkeypatch.setenv("TERM", "xterm")
    for given_in, given_out, there in (
        (Tty(), Tty(), True),
        (io.StringIO(), Tty(), False),
        (Tty(), io.StringIO(), False),
        (None, Tty(), False),
    ):
        monkeypatch.setattr(sys, "__stdin__", given_in)
        monkeypatch.setattr(sys, "__stdout__", given_out)
        assert terminal.can_show() is there
    monkeypatch.setattr(sys, "__stdin__", Tty())
    monkeypatch.setattr(sys, "__stdout__", Tty())
    monkeypatch.setenv("TERM", "dumb")
    assert not terminal.can_show()


def test_only_terminals_with_the_letters_for_it_get_circles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert not terminal.is_fine()
    monkeypatch.setenv("TERM", "xterm-256color")
    assert terminal.is_fine()
