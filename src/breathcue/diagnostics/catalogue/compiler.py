"""Codes of the compiler: a routine that reads well but cannot be laid out in time."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

CODES: tuple[Code, ...] = (
    warning(
        "phase-too-short",
        "The words for a phase need more time than it has.",
        "A phase has room for words until the cue of the next one must start. Where a full instruction does not "
        "fit, it is said before the repetitions, and the short form inside; where even the shortest form does "
        "not fit, the phase is made longer, so that nothing is cut. The message says which time would do. "
        "A phase's `short:` is what is said once the movement is known.",
        bad="rep:\n  - inhale: 500ms\n    short: Breathe in through your nose, down into your belly.",
        good="rep:\n  - inhale: 4s\n    short: Breathe in through your nose.",
    ),
    warning(
        "no-easier-form",
        "An exercise is to be done in an easier form, and has none.",
        "The session, a step or the command line asks for `level: easier`. An exercise says in `easier:` what is "
        "different then; one that does not is done as it is. So is one whose easier form is another exercise that is "
        "to be avoided with a complaint (`--avoid`).",
        bad="level: easier\nexercises:\n  sway:\n    title: Sway",
        good="level: easier\nexercises:\n  sway:\n    title: Sway\n    easier: {reps: 6}",
    ),
    warning(
        "no-harder-form",
        "An exercise is to be done in a harder form, and has none.",
        "The session, a step or the command line asks for `level: harder`. An exercise says in `harder:` what is "
        "different then; one that does not is done as it is. So is one whose harder form is another exercise that is "
        "to be avoided with a complaint (`--avoid`).",
        bad="level: harder\nexercises:\n  sway:\n    title: Sway",
        good="level: harder\nexercises:\n  sway:\n    title: Sway\n    harder: {reps: 14}",
    ),
    error(
        "nothing-instead",
        "An exercise is to be avoided, and names no other that could be done instead.",
        "`--avoid` leaves out exercises whose `avoid-if` names the complaint, and does in their place what they name "
        "as `instead`, or what that names, until one is all right. Nothing is left out without a word: a session with "
        "a hole in it may be worse than none.",
        bad="avoid-if: [wrist pain]",
        good="avoid-if: [wrist pain]\ninstead: pelvic-tilt",
    ),
    error(
        "unknown-complaint",
        "A complaint to avoid is nearly one that the session's exercises name.",
        "`--avoid` knows only what exercises say in `avoid-if`, word for word. A slip of the pen must not let somebody "
        "do what hurts, so nothing is rendered or spoken until the complaint is written as the exercises have it.",
    ),
    warning(
        "nothing-to-avoid",
        "No exercise of the session is marked as one to avoid with a complaint.",
        "`--avoid` knows only what exercises say in `avoid-if`, word for word. If the complaint is written in other "
        "words there, use those; the message tells which there are. A session is no substitute for asking a "
        "professional.",
    ),
    warning(
        "work-too-short",
        "A time to work for is shorter than one repetition.",
        "With `for`, as many whole repetitions are done as fit, and one at least: half a movement is none. Where not "
        "even one fits, it takes longer than was asked for, and one repetition is announced instead of the time. "
        "With `sides: alternate` a repetition is one of each side. Pace, tempo, holds and the level at which it is "
        "done are counted in.",
        bad="- exercise: cat-cow\n  for: 5s",
        good="- exercise: cat-cow\n  for: 40s",
    ),
    error(
        "duration-unreachable",
        "A session cannot last as long as `duration` says.",
        "Repetitions, rounds, sets, times to work for, rests and waits are chosen inside their ranges, and steps with "
        "`optional: true` are left out where even the low ends are too long. Nothing else gives way: breaths, holds "
        "and movements last as long as they are written. The message says which length is the nearest, and why no "
        "nearer one can be had. A rest with a range can take up what whole repetitions leave over. `breathcue check` "
        "warns of it, since how long words take is known only when they have been spoken.",
        bad="title: Five minutes\nduration: 40m\nsteps:\n  - exercise: cat-cow\n    reps: 8-12",
        good="title: Five minutes\nduration: 5m\nsteps:\n  - exercise: cat-cow\n    reps: 8-20\n  - rest: 20-60s",
    ),
    error(
        "bad-timeline",
        "A file that should hold a timeline does not.",
        "Timelines are written by `breathcue timeline SESSION --format json`. The message names the field that is "
        "missing or wrong. docs/timeline.md describes them all.",
    ),
    error(
        "broken-exporter",
        "An exporter is installed but cannot be loaded.",
        "The package that brings the exporter is damaged, or was made for another version of breathcue. "
        "Reinstall or remove it; the other formats are not affected.",
    ),
    error(
        "unknown-timeline-format",
        "There is no exporter of this name.",
        "The message lists the formats there are. A format from another package appears once that package is "
        "installed beside breathcue.",
    ),
)
