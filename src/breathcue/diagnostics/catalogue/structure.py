"""Codes of a file's shape: which keys there are, and what sort of value each takes."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "wrong-type",
        "The value is of the wrong sort: a list where a text belongs, for example.",
        "The message says what belongs here. A text that begins with `{` or `[` is read as a mapping or a "
        "list unless it is in quotes.",
        bad="- say: {side}",
        good="- say: Breathe in.",
        structural=True,
    ),
    error(
        "missing-key",
        "A key that is always needed is not there.",
        "The message names the key. Add it at the same indentation as its neighbours.",
        bad="steps:\n  - say: Welcome.",
        good="title: Five quiet minutes\nsteps:\n  - say: Welcome.",
        structural=True,
    ),
    error(
        "unknown-key",
        "There is no such key here.",
        "Usually a slip of spelling; the nearest known key is offered. Keys are written in lower case "
        "with hyphens.",
        bad="- exercise: cat-cow\n  resp: 10",
        good="- exercise: cat-cow\n  reps: 10",
        structural=True,
    ),
    error(
        "misplaced-key",
        "The key is known, but does not belong here.",
        "The message says where it belongs. Usually the line is indented too much or too little.",
        bad="- say: Ten of these.\n  reps: 10",
        good="- exercise: cat-cow\n  reps: 10",
        structural=True,
    ),
    error(
        "no-kind",
        "A step or phase does not say what it is.",
        "Every step has exactly one of `say`, `section`, `breathe`, `exercise`, `rest`, `check-in`, "
        "`repeat`, `wait` and `chime`; every phase of a repetition exactly one of `inhale`, `exhale`, "
        "`hold`, `move`, `return` and `rest`.",
        bad="- reps: 10",
        good="- exercise: cat-cow\n  reps: 10",
        structural=True,
    ),
    error(
        "several-kinds",
        "A step or phase is two things at once.",
        "Give each its own dash: they are then done one after the other.",
        bad="- say: Welcome.\n  wait: 5s",
        good="- say: Welcome.\n- wait: 5s",
        structural=True,
    ),
    error(
        "empty-value",
        "The key is there, but nothing stands after it.",
        "Write the value after the colon, or the list under it; or remove the line.",
        bad="title: Five quiet minutes\nsteps: []",
        good="title: Five quiet minutes\nsteps:\n  - say: Welcome.",
        structural=True,
    ),
    error(
        "rep-without-phases",
        "The exercise's `rep` has no phases.",
        "One repetition is a list of at least one phase: what the body does, and for how long.",
        bad="title: Bridge\nrep: []",
        good="title: Bridge\nrep:\n  - move: 3s\n    say: Lift your hips.",
        structural=True,
    ),
    error(
        "unknown-value",
        "The value is not one of those that are known here.",
        "The message lists the known values and offers the nearest.",
        bad="- chime: bell-tower",
        good="- chime: bowl",
        structural=True,
    ),
    error(
        "not-a-session",
        "The file defines an exercise or a program, where a session is needed.",
        "An exercise's file can be used by a session, but is none itself: a session has a `title` and `steps`. Name "
        "the exercise in a step of a session beside it. A program of several weeks belongs to `breathcue program`.",
        structural=True,
    ),
    error(
        "bad-name",
        "The name of an exercise is not written as a name.",
        "Names are lower-case words joined by hyphens, such as `cat-cow`. The words people hear are its "
        "`title`.",
        bad="- exercise: Cat Cow",
        good="- exercise: cat-cow",
        structural=True,
    ),
)
