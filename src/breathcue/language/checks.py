"""Checks that need more than one value: sides and their words, phases without words, chapters, unused exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from breathcue.diagnostics import Related
from breathcue.language.lookup import Found, Library
from breathcue.language.placeholders import names_in
from breathcue.language.problems import Problems, quote
from breathcue.language.quantities import written_duration
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Range, Words

_SIDED_PHASE_KEYS = ("to", "say", "short")
_SIDED_KEYS = ("setup", "form")
_FORMS = ("easier", "harder", "instead")


def every_step(steps: tuple[Record, ...]) -> Iterator[Record]:
    """Yield every step, those inside sections and repeats included, in the author's order."""
    for step in steps:
        yield step
        yield from every_step(step.records("steps"))


def find_exercises(session: Record, library: Library) -> dict[str, Found]:
    """Return the exercises that the steps name, and those that may be done in place of them, reporting the missing."""
    found: dict[str, Found] = {}
    wanted = [name for step in every_step(session.records("steps")) for name in step.words("exercise")]
    while wanted:
        exercise = library.find(wanted.pop(0))
        if exercise is not None and exercise.name not in found:
            found[exercise.name] = exercise
            wanted += _in_its_place(exercise.record)
    return found


def _in_its_place(exercise: Record | None) -> Iterator[Words]:
    """Yield the names of the exercises that may be done in place of one."""
    if exercise is not None:
        yield from exercise.words("instead")
        for variant in _variants(exercise):
            yield from variant.words("exercise")


def _variants(exercise: Record) -> tuple[Record, ...]:
    return (*exercise.records("easier"), *exercise.records("harder"))


def check_doses(session: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Check what the steps say of how much is done against the exercises they name."""
    for step in every_step(session.records("steps")):
        name = step.get("exercise", Words)
        if name is not None:
            _check_dose(step, problems)
            found = used.get(name.text)
            exercise = found.record if found else None
            _check_times(step, exercise, problems)
            if exercise is not None:
                _check_first_side(step, exercise, problems)
                _check_rest(step, exercise, used, problems)


def _check_rest(step: Record, exercise: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Warn of a rest between sets where there is one set, whatever form or other exercise is done."""
    rest = step.get("rest", Range)
    if rest is None or "rest" not in step.written or _may_have_sets(step):
        return
    others = [used[name.text].record if name.text in used else None for name in _in_its_place(exercise)]
    for done in (exercise, *others):
        if done is None or any(_may_have_sets(form) for form in (done, *_variants(done))):
            return
    message = "There is one set, so there is no rest between sets."
    low, high = written_duration(rest.low), written_duration(rest.high)
    step_of_its_own = f"- rest: {low}" if low == high else f"- rest: {low}-{high}"
    fix = f"For a pause afterwards, write `{step_of_its_own}` as a step of its own; otherwise remove `rest`."
    problems.add("without-effect", message, step.place_of("rest"), fix)


def _may_have_sets(record: Record) -> bool:
    """Say whether an exercise, a form or a step may ask for several sets; what could not be read may."""
    sets = record.get("sets", Range)
    several = sets is not None and sets.high > 1
    return several or record.get("reps", tuple) is not None or bool(record.broken & {"sets", "reps", *_FORMS})


def _check_first_side(record: Record, exercise: Record, problems: Problems) -> None:
    """Warn of a side to begin with where the exercise has none."""
    sides = exercise.get("sides", Words)
    if "first-side" in record.written and sides is not None and sides.text == "none":
        message = "The exercise has no sides, so there is none to begin with."
        fix = "Remove `first-side`, or give the exercise `sides: each` or `sides: alternate`."
        problems.add("without-effect", message, record.place_of("first-side"), fix)


def _check_other(exercise: Record, problems: Problems) -> None:
    """Warn of figures beside another exercise that is done in place of one, for it brings its own along."""
    for variant in _variants(exercise):
        if "exercise" not in variant.written:
            continue
        for key in sorted(variant.written & {"reps", "for", "sets", "rest", "hold", "tempo", "pace", "say"}):
            message = (
                f"Another exercise is done here with its own figures and words, so `{key}` changes nothing."
            )
            fix = f"Remove `{key}`, or say it in that exercise."
            problems.add("without-effect", message, variant.place_of(key), fix)


def _check_dose(record: Record, problems: Problems) -> None:
    """Check that repetitions, time and sets do not contradict each other."""
    if {"reps", "for"} <= record.written:
        message = "This gives both a number of repetitions and a time to work for."
        fix = "Keep `reps`, or `for`."
        problems.add("several-amounts", message, record.place_of("for"), fix)
    ladder, sets = record.get("reps", tuple), record.get("sets", Range)
    if (
        ladder is not None
        and "sets" in record.written
        and sets not in (None, Range(len(ladder), len(ladder)))
    ):
        message = f"`reps` lists {len(ladder)} sets, and `sets` asks for another number of them."
        problems.add(
            "sets-of-ladder", message, record.place_of("sets"), "Remove `sets`: each number is a set."
        )


def _check_times(record: Record, exercise: Record | None, problems: Problems) -> None:
    """Check that an exercise has the phases which a step, or a form of it, gives times to."""
    if exercise is None or "rep" in exercise.broken:
        return
    kinds = [phase.kind for phase in exercise.records("rep")]
    tempo = record.get("tempo", tuple)
    if tempo is not None and len(tempo) != len(kinds):
        message = f"`tempo` has {len(tempo)} times, and a repetition has {len(kinds)} phases."
        fix = f"Write a time for each of them: {', '.join(f'`{kind}`' for kind in kinds)}."
        problems.add("tempo-of-other-length", message, record.place_of("tempo"), fix)
    if "hold" in record.written and record.kind != "hold" and "hold" not in kinds:
        message = "A repetition of this exercise has no `hold` that could last so long."
        problems.add("nothing-to-hold", message, record.place_of("hold"), "Remove `hold`.")
    if {"hold", "tempo"} <= record.written:
        message = "`tempo` gives every phase its time already."
        problems.add("several-amounts", message, record.place_of("hold"), "Keep `tempo`, or `hold`.")


def check_session(
    session: Record, definitions: tuple[Definition, ...], used: dict[str, Found], problems: Problems
) -> None:
    """Warn of definitions that no step uses and of chapters with equal titles."""
    steps = session.records("steps")
    uncertain = "steps" in session.broken or any(_is_uncertain(step) for step in every_step(steps))
    for definition in definitions:
        _check_itself(definition, problems)
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


def _check_itself(definition: Definition, problems: Problems) -> None:
    """Warn of an exercise that names itself as what is done in its place."""
    for name in _in_its_place(definition.record):
        if name.text == definition.name.text:
            message = "The exercise names itself as what is done in its place, so nothing changes."
            problems.add("without-effect", message, name.place, "Name another exercise, or remove it.")


def _is_uncertain(step: Record) -> bool:
    """Say whether the step may use an exercise that it does not manage to name."""
    return step.kind is None or bool(step.broken & {"exercise", "steps"})


def check_exercise(exercise: Record, problems: Problems) -> None:
    """Check that sides and the words for them go together, that every movement has words, and what its forms ask."""
    _check_dose(exercise, problems)
    _check_first_side(exercise, exercise, problems)
    _check_other(exercise, problems)
    for variant in _variants(exercise):
        _check_dose(variant, problems)
        _check_times(variant, exercise, problems)
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
    for variant in _variants(exercise):
        yield from variant.words("say")
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
