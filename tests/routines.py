"""Hypothesis strategies for whole sessions, as the data of their YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from breathcue.language.names import positions

WORDS = st.lists(
    st.sampled_from(
        [
            "lift",
            "lower",
            "your",
            "arm",
            "leg",
            "slowly",
            "breathe",
            "soften",
            "reach",
            "long",
            "back",
            "hips",
        ]
    ),
    min_size=1,
    max_size=18,
).map(lambda words: " ".join(words).capitalize() + ".")

SECONDS = st.sampled_from(["400ms", "1s", "1.5s", "2s", "3s", "4s", "5.5s", "8s", "21s", "45s", "75s"])
SHORT_SECONDS = st.sampled_from(["500ms", "1s", "2s", "2.5s", "3s", "4s", "5s", "7s"])
PAUSES = st.sampled_from(["1s", "5s", "9s", "10s", "29s", "30s", "31s", "61s", "94s", "100s", "10-20s", "3m"])


PHASES = ["inhale", "exhale", "hold", "move", "return", "rest"]

VOICES = st.one_of(
    st.sampled_from(["emma", "fenrir"]),
    st.fixed_dictionaries({"name": st.just("emma")}, optional={"speed": st.sampled_from([0.5, 0.8, 1.6])}),
    st.fixed_dictionaries({"speed": st.sampled_from([0.5, 1.6])}),
)


def voiced(words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Words, now and then with a voice of their own."""
    return st.one_of(words, words, st.fixed_dictionaries({"text": words, "voice": VOICES}))


def hurried(step: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Steps, now and then with a speed of their own."""
    speeds = st.sampled_from([{}, {}, {"speed": 0.6}, {"speed": 0.9}, {"speed": 1.5}])
    return st.tuples(step, speeds).map(lambda pair: pair[0] if "chime" in pair[0] else pair[0] | pair[1])


def sided(words: st.SearchStrategy[str], sides: str) -> st.SearchStrategy[str]:
    return words.map(lambda text: f"{text} Your {{side}} side.") if sides != "none" else words


@st.composite
def rep_phases(draw: st.DrawFn, sides: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(PHASES))
    phase: dict[str, Any] = {kind: draw(st.one_of(SHORT_SECONDS, SHORT_SECONDS, SECONDS))}
    optional = {
        "to": st.sampled_from(["cow", "the top", "hands and knees"]),
        "say": voiced(sided(WORDS, sides)),
        "short": voiced(st.sampled_from(["Lift.", "And lower.", "Reach long."])),
    }
    if kind in {"move", "hold", "return"}:
        optional["breath"] = st.sampled_from(["inhale", "exhale", "free"])
    if kind == "hold":
        optional["count"] = st.sampled_from(["up", "down", "last-3", "none"])
    for key, values in optional.items():
        if draw(st.booleans()):
            phase[key] = draw(values)
    return phase


GUIDANCE = st.sampled_from(["full", "balanced", "minimal"])
LEVELS = st.sampled_from(["easier", "normal", "harder"])
FIRST_SIDES = st.sampled_from(["right", "left", "alternate"])
LADDERS = st.lists(st.integers(1, 4), min_size=2, max_size=3)
WORK = st.sampled_from(["3s", "12s", "20s", "25s", "40s", "45-60s", "70s", "3m"])
SETS = st.sampled_from(["1", "2", "1-3", "2-3"])


def doses(draw: st.DrawFn) -> dict[str, Any]:
    """Draw how much of an exercise is done: repetitions in sets, a ladder, a time, or nothing of it said."""
    match draw(st.sampled_from(["reps", "reps", "ladder", "work", "open"])):
        case "reps":
            return {"reps": draw(st.sampled_from(["1", "2", "3", "4", "8-10"])), "sets": draw(SETS)}
        case "ladder":
            return {"reps": draw(LADDERS)}
        case "work":
            return {"for": draw(WORK), "sets": draw(SETS)}
        case _:
            return {"reps": "2"}


def kinds_of(rep: list[dict[str, Any]]) -> list[str]:
    return [kind for phase in rep for kind in phase if kind in PHASES]


@st.composite
def variants(draw: st.DrawFn, kinds: list[str]) -> dict[str, Any]:
    """A form of an exercise for another level, whose phases are of these kinds."""
    variant = doses(draw)
    if draw(st.booleans()):
        variant |= {"pace": draw(st.sampled_from(["0.8", "1.2"])), "say": draw(WORDS)}
    if "hold" in kinds and draw(st.booleans()):
        variant["hold"] = draw(SHORT_SECONDS)
    return variant


@st.composite
def performances(draw: st.DrawFn, names: list[str], exercises: dict[str, Any]) -> dict[str, Any]:
    """An exercise step, with any of what it may say of the dose, the side, the level and the guidance."""
    name = draw(st.sampled_from(names))
    step: dict[str, Any] = {"exercise": name}
    if draw(st.booleans()):
        return step
    step |= doses(draw)
    kinds = kinds_of(exercises[name]["rep"])
    match draw(st.sampled_from(["hold", "tempo", "none"])):
        case "hold" if "hold" in kinds:
            step["hold"] = draw(SHORT_SECONDS)
        case "tempo":
            step["tempo"] = [draw(SHORT_SECONDS) for _ in kinds]
    optional = {
        "guidance": GUIDANCE,
        "level": LEVELS,
        "optional": st.just("true"),
        "transition": st.sampled_from(["4s", "20s", "31s", "94s"]),
    }
    if exercises[name]["sides"] != "none":
        optional["first-side"] = FIRST_SIDES
    return step | {key: draw(values) for key, values in optional.items() if draw(st.booleans())}


@st.composite
def exercises(draw: st.DrawFn) -> dict[str, Any]:
    sides = draw(st.sampled_from(["none", "each", "alternate"]))
    exercise: dict[str, Any] = {
        "title": draw(st.sampled_from(["Bridge", "Bird dog", "Reach"])),
        "sides": sides,
        "rep": draw(st.lists(rep_phases(sides), min_size=1, max_size=4)),
        "setup": draw(st.lists(sided(WORDS, sides), min_size=1, max_size=3)),
        "rest": draw(PAUSES),
        "pace": draw(st.sampled_from(["0.5", "0.9", "1.0", "1.3"])),
    } | doses(draw)
    for level in ("easier", "harder"):
        if draw(st.booleans()):
            exercise[level] = draw(variants(kinds_of(exercise["rep"])))
    if sides != "none" and draw(st.booleans()):
        exercise["first-side"] = draw(FIRST_SIDES)
    if draw(st.booleans()):
        exercise["form"] = draw(st.lists(WORDS, min_size=1, max_size=3))
    if draw(st.booleans()):
        exercise["position"] = draw(st.sampled_from(positions()))
    if draw(st.booleans()):
        exercise["transition"] = draw(st.sampled_from(["1s", "9s", "70s"]))
    if draw(st.booleans()):
        exercise["equipment"] = draw(st.lists(st.sampled_from(["a mat", "a wall"]), min_size=1, max_size=2))
    return exercise


def guided(step: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Steps with steps inside, now and then with a guidance and a level for them."""
    given = st.fixed_dictionaries(
        {}, optional={"guidance": GUIDANCE, "level": LEVELS, "optional": st.just("true")}
    )
    return st.tuples(step, given).map(lambda pair: pair[0] | pair[1])


def steps(names: list[str], exercises: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    breath = st.fixed_dictionaries(
        {"inhale": SHORT_SECONDS, "exhale": SHORT_SECONDS, "rounds": st.integers(1, 4)},
        optional={"hold": SHORT_SECONDS, "rest": SHORT_SECONDS},
    )
    simple = st.one_of(
        voiced(WORDS).map(lambda said: {"say": said}),
        voiced(WORDS).map(lambda said: {"check-in": said}),
        PAUSES.map(lambda time: {"rest": time}),
        PAUSES.map(lambda time: {"wait": time}),
        st.sampled_from(["bowl", "bell"]).map(lambda name: {"chime": name}),
        breath.map(lambda value: {"breathe": value}),
        breath.map(lambda value: {"breathe": value, "breath-tone": "soft"}),
        st.tuples(st.lists(breath, min_size=1, max_size=3), GUIDANCE).map(
            lambda pair: {"breathe": pair[0], "guidance": pair[1]}
        ),
        performances(names, exercises),
    )
    return st.recursive(
        hurried(simple),
        lambda inner: hurried(
            st.one_of(
                st.tuples(st.integers(1, 2), st.lists(inner, min_size=1, max_size=3)).map(
                    lambda pair: {"repeat": pair[0], "steps": pair[1]}
                ),
                guided(
                    st.tuples(PAUSES, st.lists(inner, min_size=1, max_size=2)).map(
                        lambda pair: {"repeat": 2, "rest": pair[0], "steps": pair[1]}
                    )
                ),
                guided(
                    st.tuples(
                        st.sampled_from(["Warm up", "Main part", "Rest"]),
                        st.lists(inner, min_size=1, max_size=3),
                    ).map(lambda pair: {"section": pair[0], "steps": pair[1]})
                ),
            )
        ),
        max_leaves=6,
    )


@st.composite
def sessions(draw: st.DrawFn) -> dict[str, Any]:
    names = ["first-exercise", "second-exercise"][: draw(st.integers(1, 2))]
    defined = {name: draw(exercises()) for name in names}
    session: dict[str, Any] = {
        "title": "A session",
        "exercises": defined,
        "steps": draw(st.lists(steps(names, defined), min_size=1, max_size=4)),
        "pace": draw(st.sampled_from(["0.7", "1.0", "1.25"])),
    }
    optional = {
        "about": WORDS,
        "guidance": GUIDANCE,
        "level": LEVELS,
        "needs": st.lists(st.sampled_from(["a mat", "water"]), min_size=1, max_size=3),
        "bed": st.sampled_from(["none", "ocean", "rain"]),
        "breath-tone": st.sampled_from(["none", "soft", "clear"]),
        "safety": st.just({"clearance": "true", "stop-if": ["pain", "dizziness", "fever"]}),
    }
    for key, values in optional.items():
        if draw(st.booleans()):
            session[key] = draw(values)
    return session


RANGES = st.sampled_from(["10-20s", "1-3s", "20-60s", "30s", "1m30s-2m", "5s", "700-1900ms"])


@st.composite
def flexible_sessions(draw: st.DrawFn) -> dict[str, Any]:
    """Sessions in which much has a range, and something may be left out."""
    session = draw(sessions())
    for exercise in session["exercises"].values():
        exercise["rest"] = draw(RANGES)
        if draw(st.integers(0, 3)) == 0:
            continue
        _amount_of(exercise, draw(st.sampled_from(["1", "2-6", "1-10", "8-10", "3-4", "4-12"])))
        exercise["sets"] = draw(st.sampled_from(["1", "2", "1-2", "1-3"]))
        if draw(st.integers(0, 3)) == 0:
            del exercise["reps"]
            exercise["for"] = draw(st.sampled_from(["20s", "30-60s", "5-90s"]))
        if draw(st.booleans()):
            exercise["easier"] = {"reps": draw(st.sampled_from(["1-4", "2"])), "sets": "1", "rest": "10-40s"}
    for step in every_step(session["steps"]):
        _loosen(draw, step)
    session["level"] = draw(st.sampled_from(["normal", "easier"]))
    return session


def _amount_of(data: dict[str, Any], reps: str) -> None:
    """Let so many repetitions be what is asked for."""
    data.pop("for", None)
    data["reps"] = reps


def every_step(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield steps and the steps inside them."""
    for step in steps:
        yield step
        yield from every_step(step.get("steps", []))


def _loosen(draw: st.DrawFn, step: dict[str, Any]) -> None:
    """Give a step ranges, and let it be left out."""
    for key in ("rest", "wait"):
        if key in step:
            step[key] = draw(RANGES)
    if "breathe" in step:
        listed = step["breathe"] if isinstance(step["breathe"], list) else [step["breathe"]]
        step["breathe"] = [each | {"rounds": draw(st.sampled_from(["2", "1-6", "3-5"]))} for each in listed]
    if "repeat" in step and draw(st.booleans()):
        step["rest"] = draw(RANGES)
    if "exercise" in step and draw(st.booleans()):
        _amount_of(step, draw(st.sampled_from(["3-9", "2"])))
    if "chime" not in step and draw(st.integers(0, 3)) == 0:
        step["optional"] = True
