"""The steps of a routine, changed wherever they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from breathcue.language.routine import Repeat, Section, Step


def every_step_changed(steps: Iterable[Step], change: Callable[[Step], Step]) -> tuple[Step, ...]:
    """Return the steps, those inside sections and repeats too, as ``change`` makes them."""
    changed: list[Step] = []
    for step in steps:
        inner = step
        if isinstance(step, Section | Repeat):
            inner = replace(step, steps=every_step_changed(step.steps, change))
        changed.append(change(inner))
    return tuple(changed)
