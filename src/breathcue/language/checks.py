"""Checks that need more than one value: sides and their words, phases without words, chapters, unused exercises."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.diagnostics import Related
from breathcue.language.lookup import Found, Library
from breathcue.language.placeholders import names_in
from breathcue.language.problems import Problems, quote
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Words

_SIDED_PHASE_KEYS = ("to", "say", "short")
_SIDED_KEYS = ("setup", "form")


def every_step(steps: tuple[Record, ...]) -> Iterator[Record]:
    """Yield every step, those inside sections and repeats included, in the author's order."""
    for step in steps:
        yield step
        yield from every_step(step.records("steps"))


def find_exercises(session: Record, library: Library) -> dict[str, Found]:
    """Return the exercises that the steps name, reporting those that are nowhere."""
    found: dict[str, Found] = {}
    for step in every_step(session.records("steps")):
        wanted = step.get("exercise", Words)
        exercise = library.find(wanted) if wanted else None
        if exercise is not None:
            found[exercise.name] = exercise
    return found


def check_session(
    session: Record, definitions: tuple[Definition, ...], used: dict[str, Found], problems: Problems
) -> None:
    """Warn of definitions that no step uses and of chapters with equal titles."""
    steps = session.records("steps")
    uncertain = "steps" in session.broken or any(_is_uncertain(step) for step in every_step(steps))
    for definition in definitions:
        if definition.name.text not in used and not uncertain:
            problems.add(
                "unused-exercise",
                f"No step uses {quote(definition.name.text)}.",
                definition.name.place,
                f"Add a step `- exercise: {definition.name.text}`, or remove the definition.",
            )
    chapters: dict[str, Words] = {}
    for step in every_step(steps):
        title = step.get("section", Words)
        if title is None:
            continue
        first = chapters.setdefault(title.text.casefold(), title)
        if first is not title:
            related = (Related("the first one is here", first.place),)
            message = f"There is a section called {quote(title.text)} already."
            problems.add("duplicate-chapter", message, title.place, "Give it a title of its own.", related)


def _is_uncertain(step: Record) -> bool:
    """Say whether the step may use an exercise that it does not manage to name."""
    return step.kind is None or bool(step.broken & {"exercise", "steps"})


def check_exercise(exercise: Record, problems: Problems) -> None:
    """Check that sides and the words for them go together, and that every movement has words."""
    texts = tuple(_sided_texts(exercise))
    broken = exercise.broken & {*_SIDED_KEYS, "sides", "rep"}
    broken |= {key for phase in exercise.records("rep") for key in phase.broken & set(_SIDED_PHASE_KEYS)}
    sides = exercise.get("sides", Words)
    if sides is not None and sides.text == "none" and "sides" not in exercise.broken:
        _refuse_placeholders(texts, problems)
    elif sides is not None and not broken and not any(names_in(text.text) for text in texts):
        problems.add(
            "sides-without-placeholder",
            f"The exercise has `sides: {sides.text}`, but none of its texts says which side.",
            sides.place,
            "Put `{side}` or `{other}` into a text, as in `Reach your {side} arm forward.`, or remove `sides`.",
        )
    for phase in exercise.records("rep"):
        if phase.kind in ("move", "return") and not phase.written & set(_SIDED_PHASE_KEYS):
            problems.add(
                "silent-phase",
                f"Nothing is said for this `{phase.kind}`: the listener cannot know what to do.",
                phase.place,
                "Add a `say:` with the instruction, or a `to:` with the name of the shape it leads to.",
            )


def _sided_texts(exercise: Record) -> Iterator[Words]:
    for key in _SIDED_KEYS:
        yield from exercise.words(key)
    for phase in exercise.records("rep"):
        for key in _SIDED_PHASE_KEYS:
            yield from phase.words(key)


def _refuse_placeholders(texts: tuple[Words, ...], problems: Problems) -> None:
    for text in texts:
        names = sorted(names_in(text.text))
        if names:
            problems.add(
                "placeholder-without-sides",
                f"The text speaks of `{{{names[0]}}}`, but the exercise has no sides.",
                text.place,
                "Add `sides: each` or `sides: alternate` to the exercise, or name the side yourself.",
            )
