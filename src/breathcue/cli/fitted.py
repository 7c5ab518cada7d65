"""How a session was made to last as long as it should, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from breathcue.compiler.dials import Kind
from breathcue.compiler.duration import Choice, Chosen
from breathcue.language.routine import Breathe, CheckIn, Perform, Say, Section, Step
from breathcue.timeline.time import clock, seconds_from_ms

_SHOWN = 40
"""So much of what is said in a step is shown, in characters."""


def fitted(choice: Choice) -> str:
    """Return what was chosen, in a few lines: each sort of figure in one, and what was left out."""
    lines = [f"Fitted to {clock(choice.wanted)}.", *_figures(choice)]
    if choice.left_out:
        lines.append(f"  left out: {', '.join(map(_name, choice.left_out))}")
    return "\n".join(lines)


def _figures(choice: Choice) -> Iterator[str]:
    of = {kind: [each for each in choice.chosen if each.kind is kind] for kind in Kind}
    named = {Kind.REPS: "repetitions", Kind.WORK: "time to work for", Kind.SETS: "sets"}
    for kind, words in named.items():
        if of[kind]:
            yield f"  {words}: {', '.join(_once(_figure(each) for each in of[kind]))}"
    plain = {Kind.ROUNDS: "rounds of breathing", Kind.REST: "rests", Kind.WAIT: "waits"}
    for kind, words in plain.items():
        if of[kind]:
            unit = "" if kind is Kind.ROUNDS else " s"
            yield f"  {words}: {_span(_shown(each) for each in of[kind])}{unit}"


def _figure(chosen: Chosen) -> str:
    unit = " s" if chosen.kind is Kind.WORK else ""
    return f"{chosen.title} {_shown(chosen)}{unit}"


def _shown(chosen: Chosen) -> int:
    times = {Kind.WORK, Kind.REST, Kind.WAIT}
    return seconds_from_ms(chosen.figure) if chosen.kind in times else chosen.figure


def _once(items: Iterable[str]) -> Iterator[str]:
    """Yield each item once, however often an exercise is done."""
    yield from dict.fromkeys(items)


def _span(figures: Iterable[int]) -> str:
    found = sorted(set(figures))
    return f"{found[0]}" if len(found) == 1 else f"{found[0]} to {found[-1]}"


def _name(step: Step) -> str:
    match step:
        case Perform():
            return step.exercise.title
        case Section():
            return step.title
        case Say() | CheckIn():
            text = step.words.text
            return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN].rstrip()} ...”"
        case _:
            name = "breathing" if isinstance(step, Breathe) else type(step).__name__.lower()
            return f"the {name} in line {step.place.line}"
