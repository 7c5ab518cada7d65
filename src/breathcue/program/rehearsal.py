"""Every session of a program compiled at every portion that it is done in, before anybody has spoken a word.

This costs milliseconds for each, and tells all that is wrong at once, about how long everything lasts, and how much
work there is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from breathcue.compiler.remarks import remarks
from breathcue.compiler.running_order import entries
from breathcue.compiler.wishes import Wishes, wished, without_form
from breathcue.diagnostics import BreathcueError, Diagnostic, Place, Related, has_errors
from breathcue.language.load import Loaded, load_session
from breathcue.language.routine import Exercise, Perform, Routine
from breathcue.program.plan import Planned, Recording, Week, recordings
from breathcue.timeline.model import PhaseKind, Timeline
from breathcue.timeline.time import Ms
from breathcue.unspoken import compile_unspoken

WORK = frozenset({PhaseKind.INHALE, PhaseKind.EXHALE, PhaseKind.HOLD, PhaseKind.MOVE, PhaseKind.RETURN})
"""In which phases of an exercise the body works."""

NO_WORK = frozenset({"breathing", "rest"})
"""Kinds of exercises that are no work."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A session as it is done in some portion; its times are about those of the finished sound.

    ``routine`` has the steps that are done, and ``exercises`` are those done in them, each once, at the levels of their
    steps. ``fitted`` says that it was made to last as long as somebody asked for.
    """

    routine: Routine
    timeline: Timeline
    exercises: tuple[Exercise, ...]
    fitted: bool
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def work(self) -> Ms:
        """How long the body works in it."""
        resting = {each.name for each in self.exercises if each.kind in NO_WORK}
        return Ms(
            sum(
                phase.end_ms - phase.start_ms
                for phase in self.timeline.phases
                if phase.kind in WORK and phase.exercise is not None and phase.exercise not in resting
            )
        )


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What came of rehearsing a program: ``sessions`` holds what could be compiled."""

    sessions: Mapping[Recording, Rehearsal]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def complete(self) -> bool:
        """Whether there was no error."""
        return not has_errors(self.diagnostics)


def rehearse(weeks: Iterable[Week]) -> Rehearsed:
    """Compile every different recording of some weeks; what is wrong is told once, with the practice that asks for it.

    Warnings that depend on how long words really take are left to the voice that will speak them.
    """
    loaded: dict[Path, Loaded] = {}
    sessions: dict[Recording, Rehearsal] = {}
    found: dict[tuple[str, Place | None, str], Diagnostic] = {}
    for recording, planned in recordings(tuple(weeks)).items():
        path, wishes = recording
        if path not in loaded:
            loaded[path] = load_session(path)
        diagnostics = loaded[path].diagnostics
        try:
            rehearsal = _rehearsal(loaded[path], wishes)
        except BreathcueError as error:
            diagnostics = (*diagnostics, *error.diagnostics)
        else:
            if rehearsal is not None:
                sessions[recording] = rehearsal
                diagnostics = (*diagnostics, *rehearsal.diagnostics)
        for each in diagnostics:
            found.setdefault((each.code, each.place, each.message), _asked_by(each, planned))
    return Rehearsed(sessions, tuple(found.values()))


def _rehearsal(loaded: Loaded, wishes: Wishes) -> Rehearsal | None:
    """Compile a session without a voice; None where it has errors.

    Raises:
        BreathcueError: what is wished cannot be.
    """
    if loaded.routine is None:
        return None
    routine, warnings = wished(loaded.routine, wishes)
    compiled = compile_unspoken(loaded, routine, wishes.speed)
    return Rehearsal(
        routine=compiled.routine,
        timeline=compiled.timeline,
        exercises=_done(compiled.routine),
        fitted=routine.duration is not None,
        diagnostics=(
            *warnings,
            *without_form(routine, loaded.routine, wishes.avoid),
            *remarks(compiled.routine),
        ),
    )


def _done(routine: Routine) -> tuple[Exercise, ...]:
    """Return the exercises of a session, each once: those that are done, where a level puts others in their place."""
    steps = (entry.step for entry in entries(routine))
    found = {step.exercise.name: step.exercise for step in steps if isinstance(step, Perform)}
    return tuple(found.values())


def _asked_by(diagnostic: Diagnostic, planned: Planned) -> Diagnostic:
    """Return a diagnostic that says which practice of the program it comes up in, there if it has no other place."""
    if diagnostic.place is None:
        message = f"Week {planned.week}: {diagnostic.message}"
        return replace(diagnostic, message=message, place=planned.practice.place)
    message = f"week {planned.week} of the program asks for it here"
    related = Related(message, planned.practice.place)
    return replace(diagnostic, related=(*diagnostic.related, related))
