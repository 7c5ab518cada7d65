"""Whatever a body does after what: the time to get there is always there, and so are the words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue.compiler.positions import load_positions, way_between
from breathcue.language.names import positions
from breathcue.timeline.invariants import check
from breathcue.timeline.model import PhaseKind, Timeline
from compiling import compile_text

SECONDS = {None: None, "4s": 4_000, "25s": 25_000}


@dataclass(frozen=True)
class Done:
    """One exercise as it is drawn."""

    position: str | None
    sides: str
    first: str
    sets: int
    setup: bool
    transition: str | None

    def data(self, name: str) -> dict[str, Any]:
        exercise: dict[str, Any] = {
            "title": name.capitalize(),
            "sides": self.sides,
            "first-side": self.first,
            "sets": self.sets,
            "rest": "5s",
            "reps": 1,
            "rep": [{"exhale": "4s", "say": "Your {side} arm." if self.sides != "none" else "Breathe out."}],
        }
        optional = {"position": self.position, "transition": self.transition}
        optional["setup"] = ["Here you are."] if self.setup else None  # type: ignore[assignment]
        return exercise | {key: value for key, value in optional.items() if value}

    def places(self) -> list[str | None]:
        """Where the body has to be for each side of each set, in order."""
        lead = "right" if self.first == "alternate" else self.first
        placed: list[str | None] = []
        for number in range(self.sets):
            other = "left" if lead == "right" else "right"
            worked = [lead, other] if self.sides == "each" else [lead]
            for side in worked:
                lain = "left" if side == "right" else "right"
                sided = self.position == "side-lying" and self.sides == "each"
                placed.append(f"side-lying-{lain}" if sided else self.position)
            if self.first == "alternate":
                lead = "left" if number % 2 == 0 else "right"
        return placed


EXERCISES = st.builds(
    Done,
    st.sampled_from([None, *positions()]),
    st.sampled_from(["none", "each", "alternate"]),
    st.sampled_from(["left", "right", "alternate"]),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from(list(SECONDS)),
)


def times_needed(exercises: list[Done]) -> list[int]:
    """Return the time that each change of position needs, in order."""
    here: str | None = None
    needed = []
    for done in exercises:
        for index, place in enumerate(done.places()):
            there = (
                place is None or place == here or (place == "side-lying" and (here or "").startswith(place))
            )
            if not there and place is not None:
                own = SECONDS[done.transition] if index == 0 else None
                needed.append(way_between(here, place).time if own is None else own)
                here = place
    return needed


def quiet_of_changes(timeline: Timeline) -> list[int]:
    """Return the quiet time in each change of position."""
    titles = {position.title for position in load_positions("en").values()}
    found = []
    for phase in timeline.phases:
        inside = [
            c for c in timeline.cues if c.track == "voice" and phase.start_ms <= c.start_ms < phase.end_ms
        ]
        turns = any("your other side" in cue.text for cue in inside)
        if phase.kind is PhaseKind.TRANSITION and (phase.label in titles or turns):
            found.append(phase.duration_ms - sum(cue.duration_ms for cue in inside))
    return found


@settings(max_examples=200, deadline=None)
@given(exercises=st.lists(EXERCISES, min_size=1, max_size=6))
def test_the_time_to_get_there_is_always_there(exercises: list[Done]) -> None:
    names = [f"move-{number}" for number in range(len(exercises))]
    data = {
        "title": "A walk through positions",
        "exercises": {name: done.data(name) for name, done in zip(names, exercises, strict=True)},
        "steps": [{"exercise": name} for name in names],
    }
    timeline = compile_text(yaml.safe_dump(data, sort_keys=False)).timeline
    assert check(timeline) == ()
    needed, given_time = times_needed(exercises), quiet_of_changes(timeline)
    assert len(given_time) == len(needed)
    for wanted, found in zip(needed, given_time, strict=True):
        assert found >= wanted
