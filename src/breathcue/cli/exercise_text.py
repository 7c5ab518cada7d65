"""One exercise of the library in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from breathcue.language.placeholders import fill
from breathcue.language.routine import Dose, Exercise, Level, Range, RepPhase, Sides, Variant, Words
from breathcue.timeline.model import Side

if TYPE_CHECKING:
    from breathcue.language.index import Entry

_SIDES = {
    Sides.NONE: "",
    Sides.EACH: ", each side by itself",
    Sides.ALTERNATE: ", on each side in turn",
}


def as_text(entry: Entry, told_in: Sequence[str], columns: int) -> str:
    """Return how an exercise is done, for reading; ``told_in`` are the languages that it is told in."""
    exercise = _sided(entry)
    parts = [
        "\n".join((exercise.title, *_folded(_sort(entry), columns))),
        f"In a session:  - exercise: {exercise.name}",
        _listed("Setup", exercise.setup, columns),
        "\n".join(("One repetition", *_phases(exercise, columns))),
        _listed("Form", exercise.form, columns),
        "\n".join(_rows(replace(entry, exercise=exercise), told_in, columns)),
    ]
    return "\n\n".join(part for part in parts if part)


def _sided(entry: Entry) -> Exercise:
    """Return the exercise as it is told of the right side, which leads where nothing else is asked for."""
    from breathcue.compiler.phrases import load_phrases

    sides = load_phrases(entry.language).sided(Side.RIGHT)

    def said(words: Words | None) -> Words | None:
        return words and replace(words, text=fill(words.text, sides))

    def sided(form: Variant | None) -> Variant | None:
        return form and replace(form, say=said(form.say))

    exercise = entry.exercise
    return replace(
        exercise,
        setup=tuple(filter(None, map(said, exercise.setup))),
        form=tuple(filter(None, map(said, exercise.form))),
        rep=tuple(replace(phase, say=said(phase.say), short=said(phase.short)) for phase in exercise.rep),
        easier=sided(exercise.easier),
        harder=sided(exercise.harder),
    )


def as_json(found: Sequence[Entry]) -> str:
    """Return a JSON array with one object an exercise; times are in ms."""
    import json

    return json.dumps([_told(entry) for entry in found], indent=2, ensure_ascii=False)


def _sort(entry: Entry) -> str:
    amount = f"{_dose(_dose_of(entry.exercise))}{_SIDES[entry.exercise.sides]}"
    return f"{entry.kind} for {', '.join(entry.body)}; {entry.exercise.position}; {amount}"


def _dose_of(exercise: Exercise) -> Dose:
    reps = None if exercise.work else exercise.reps
    pace = exercise.pace if exercise.pace != 1 else None
    sets = exercise.sets if exercise.sets != Range(1, 1) else None
    return Dose(reps, exercise.ladder, exercise.work, sets, exercise.rest if sets else None, pace)


def _dose(dose: Dose) -> str:
    """Return what is written of a dose, such as ``5 to 8 times, hold 2 s``."""
    return ", ".join(_amounts(dose))


def _amounts(dose: Dose) -> Iterator[str]:
    if dose.ladder:
        yield f"{', '.join(map(str, dose.ladder))} times"
    elif dose.reps:
        yield f"{_range(dose.reps)} times"
    if dose.work:
        yield f"for {_times(dose.work)}"
    if dose.sets:
        yield f"{_range(dose.sets)} sets"
    if dose.rest:
        yield f"rest {_times(dose.rest)}"
    if dose.pace:
        yield f"pace {dose.pace:g}"
    if dose.hold:
        yield f"hold {_seconds(dose.hold)}"
    if dose.tempo:
        yield f"tempo {', '.join(map(_seconds, dose.tempo))}"


def _range(figures: Range) -> str:
    return f"{figures.low}" if figures.low == figures.high else f"{figures.low} to {figures.high}"


def _times(times: Range) -> str:
    return (
        _seconds(times.low) if times.low == times.high else f"{_seconds(times.low)} to {_seconds(times.high)}"
    )


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g} s"


def _phases(exercise: Exercise, columns: int) -> Iterator[str]:
    rows = [(_phase(phase), _seconds(phase.duration), _words_of(phase)) for phase in exercise.rep]
    first, second = (max(len(row[column]) for row in rows) for column in range(2))
    for what, time, words in rows:
        head = f"  {what.ljust(first)}  {time.rjust(second)}  "
        yield from wrap(words, columns, initial_indent=head, subsequent_indent=" " * len(head)) or [
            head.rstrip()
        ]


def _phase(phase: RepPhase) -> str:
    """Return what a phase is and how one breathes in it, where that is not the same."""
    breath = phase.breath
    return (
        str(phase.kind) if breath is None or breath.value == phase.kind.value else f"{phase.kind} ({breath})"
    )


def _words_of(phase: RepPhase) -> str:
    words = phase.say or phase.short
    return words.text if words else phase.to or ""


def _listed(title: str, texts: Sequence[Words], columns: int) -> str:
    lines = [line for words in texts for line in _folded(words.text, columns, "  ", "    ")]
    return "\n".join((title, *lines)) if lines else ""


def _rows(entry: Entry, told_in: Sequence[str], columns: int) -> Iterator[str]:
    exercise = entry.exercise
    rows = (
        ("Easier", _form(exercise.easier)),
        ("Harder", _form(exercise.harder)),
        ("Not with", ", ".join(words.text for words in exercise.avoid_if)),
        ("Instead", exercise.instead.text if exercise.instead else ""),
        ("Needs", ", ".join(entry.equipment)),
        ("Impact", entry.impact),
        ("Told in", ", ".join(told_in)),
        ("Sources", " ".join(entry.sources)),
    )
    for title, words in rows:
        if words:
            yield from _folded(words, columns, f"{title:<10}", " " * 10)


def _form(form: Variant | None) -> str:
    """Return what is different in an easier or harder form."""
    if form is None:
        return ""
    if form.exercise is not None:
        return form.exercise.text
    told = filter(None, (_dose(form.dose), form.say.text if form.say else ""))
    return "; ".join(told)


def _folded(text: str, columns: int, first: str = "", other: str = "") -> list[str]:
    return wrap(text, columns, initial_indent=first, subsequent_indent=other)


def _told(entry: Entry) -> dict[str, Any]:
    exercise = entry.exercise
    return {
        "name": entry.name,
        "title": exercise.title,
        "language": entry.language,
        "kind": entry.kind,
        "body": entry.body,
        "position": exercise.position,
        "sides": exercise.sides,
        "equipment": entry.equipment,
        "impact": entry.impact,
        "reps": _pair(exercise.reps),
        "sets": _pair(exercise.sets),
        "setup": _texts(exercise.setup),
        "rep": [_phase_told(phase) for phase in exercise.rep],
        "form": _texts(exercise.form),
        "easier": _form_told(exercise.easier),
        "harder": _form_told(exercise.harder),
        "levels": [Level.NORMAL, *entry.levels],
        "avoid_if": _texts(exercise.avoid_if),
        "instead": exercise.instead.text if exercise.instead else None,
        "source": entry.sources,
    }


def _phase_told(phase: RepPhase) -> dict[str, Any]:
    return {
        "kind": phase.kind,
        "duration_ms": phase.duration,
        "breath": phase.breath,
        "to": phase.to,
        "say": phase.say.text if phase.say else None,
        "short": phase.short.text if phase.short else None,
    }


def _form_told(form: Variant | None) -> dict[str, Any] | None:
    if form is None:
        return None
    return {
        "dose": _dose(form.dose) or None,
        "say": form.say.text if form.say else None,
        "exercise": form.exercise.text if form.exercise else None,
    }


def _pair(figures: Range) -> list[int]:
    return [figures.low, figures.high]


def _texts(words: Sequence[Words]) -> list[str]:
    return [each.text for each in words]
