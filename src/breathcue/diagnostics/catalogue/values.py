"""Codes of times, numbers and amounts."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "bad-duration",
        "The value cannot be read as a length of time.",
        "Write a time as `4s`, `1m30s`, `1:30`, `500ms`, or as a plain number of seconds; where a range "
        "is welcome, with a hyphen: `10s-15s` or `20-40s`.",
        bad="- wait: a moment",
        good="- wait: 5s",
        structural=True,
    ),
    error(
        "bad-number",
        "The value cannot be read as a number, or as a range of numbers.",
        "Amounts are whole numbers such as `10`, or, for reps and rounds, a range such as `10-15`. Paces "
        "and speeds are numbers such as `0.9`.",
        bad="- exercise: cat-cow\n  reps: many",
        good="- exercise: cat-cow\n  reps: 8-10",
        structural=True,
    ),
    error(
        "not-positive",
        "A time or an amount is zero or less.",
        "Everything that is done takes some time and is done at least once. Remove the line if it should "
        "not happen.",
        bad="- wait: 0s",
        good="- wait: 5s",
        structural=True,
    ),
    error(
        "out-of-range",
        "A number, or a date, is outside the limits that make sense.",
        "The message gives the limits. They are generous: the value is nearly always a slip.",
        bad="- exercise: cat-cow\n  pace: 40",
        good="- exercise: cat-cow\n  pace: 1.5",
        structural=True,
    ),
    error(
        "duration-too-long",
        "A time is longer than its limit.",
        "A phase or breath lasts at most 10 minutes, a rest or a wait at most an hour. Nearly always "
        "minutes were written where seconds were meant.",
        bad="- wait: 90m",
        good="- wait: 90s",
    ),
    error(
        "duration-too-fine",
        "A time is given more finely than a thousandth of a second.",
        "Times are kept as whole milliseconds, exactly as written, so nothing finer can be held.",
        bad="- wait: 1.23456s",
        good="- wait: 1.235s",
    ),
    error(
        "range-reversed",
        "A range runs from the larger to the smaller value.",
        "Write the smaller one first.",
        bad="- exercise: cat-cow\n  reps: 15-10",
        good="- exercise: cat-cow\n  reps: 10-15",
    ),
    error(
        "session-too-long",
        "The session would last longer than 6 hours.",
        "The step shown is the one that takes it past the limit, counting every repetition and set. "
        "Usually a `repeat`, `reps` or `sets` is larger than meant.",
        bad="- repeat: 100\n  steps:\n    - wait: 30m",
        good="- repeat: 2\n  steps:\n    - wait: 30s",
    ),
    error(
        "too-many-cues",
        "The session would hold more than 100,000 spoken or sounded cues.",
        "The step shown is the one that takes it past the limit, counting every repetition and set. "
        "Usually a `repeat`, `reps` or `sets` is larger than meant.",
        bad="- repeat: 1000\n  steps:\n    - repeat: 1000\n      steps:\n        - chime: bowl",
        good="- repeat: 3\n  steps:\n    - chime: bowl",
    ),
    error(
        "too-many-steps",
        "The session would have more than 20,000 steps once every `repeat` is unfolded.",
        "The step shown is the one that takes it past the limit.",
        bad="- repeat: 1000\n  steps:\n    - repeat: 100\n      steps:\n        - wait: 1ms",
        good="- repeat: 3\n  steps:\n    - wait: 5s",
    ),
    error(
        "several-amounts",
        "Two keys say how much of an exercise is done, and they contradict each other.",
        "A set is a number of repetitions (`reps`) or a time to work for (`for`); how long phases last is said by "
        "`tempo`, or for holds alone by `hold`.",
        bad="- exercise: cat-cow\n  reps: 10\n  for: 40s",
        good="- exercise: cat-cow\n  for: 40s",
    ),
    error(
        "sets-of-ladder",
        "A list of repetitions has another number of sets than `sets` says.",
        "In `reps: [4, 6, 8]` each number is a set, so that `sets` has nothing to add.",
        bad="- exercise: cat-cow\n  reps: [4, 6, 8]\n  sets: 2",
        good="- exercise: cat-cow\n  reps: [4, 6, 8]",
    ),
    error(
        "tempo-of-other-length",
        "`tempo` does not give each phase of the repetition its time.",
        "It is a list with one time for each phase, in the order in which they are done.",
        bad="- exercise: cat-cow\n  tempo: [4s, 1s, 4s]",
        good="- exercise: cat-cow\n  tempo: [4s, 5s]",
    ),
    error(
        "nothing-to-hold",
        "`hold` gives a time to holds that the exercise does not have.",
        "`hold` beside an exercise says how long each `hold` phase of its rep lasts. To stretch everything, use "
        "`pace`.",
        bad="- exercise: cat-cow\n  hold: 5s",
        good="- exercise: bird-dog\n  hold: 5s",
    ),
    warning(
        "without-effect",
        "A key is understood here, and yet cannot change anything.",
        "`first-side` needs an exercise with sides, and `rest` beside `exercise` needs several sets: a pause "
        "afterwards is a step of its own. An exercise that is done in place of another brings its own "
        "figures and words along, and cannot be the same exercise.",
        bad="- exercise: cat-cow\n  first-side: left",
        good="- exercise: bird-dog\n  first-side: left",
    ),
)
