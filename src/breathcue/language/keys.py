"""The keys and the sorts of values that several mappings of the language share."""

from __future__ import annotations

from breathcue.language import limits
from breathcue.language.routine import FirstSide, Guidance, Level
from breathcue.language.shapes import (
    ChoiceType,
    CountType,
    DurationType,
    Key,
    NumberType,
    TextType,
    TimesType,
    YesNoType,
)

EXERCISE_KINDS = ("strength", "mobility", "stretch", "breathing", "pelvic-floor", "balance", "cardio", "rest")
"""The sorts of exercises, to find them by."""

PHASE_TIME = DurationType(limits.PHASE_MS)
PAUSE = DurationType(limits.PAUSE_MS, ranged=True)
PACE = NumberType(*limits.PACE)
REPS_VALUE = CountType(limits.REPS, ranged=True, ladder=True)
SETS_VALUE = CountType(limits.SETS, ranged=True)
WORDS = TextType()
SIDED = TextType(sided=True)
SAID = TextType(voiced=True)
SAID_SIDED = TextType(sided=True, voiced=True)

TIME_BESIDE = (
    Key("to", SIDED, "The name of the shape that the movement leads to.", example="cow"),
    Key("say", SAID_SIDED, "The whole instruction, for the first repetitions.", example="Lift your hips."),
    Key("short", SAID_SIDED, "What is said once the movement is known.", example="Lift."),
)
BREATH = Key(
    "breath",
    ChoiceType("breath", ("inhale", "exhale", "free")),
    "What the breath does meanwhile.",
    example="exhale",
)
COUNT = Key(
    "count",
    ChoiceType("way to count", ("up", "down", "last-3", "none")),
    "How the seconds are counted aloud.",
    default="none",
    example="up",
)

SPEED = Key(
    "speed",
    NumberType(*limits.SPEED),
    "How fast the voice speaks in this step, instead of the session's speed.",
    example="0.8",
)
BREATH_TONE = ChoiceType("breath tone", ("none", "soft", "clear"))
STEP_TONE = Key(
    "breath-tone",
    BREATH_TONE,
    "A tone that follows the breath in this step, instead of the session's.",
    example="clear",
)

GUIDANCE = ChoiceType("amount of guidance", tuple(Guidance))
LEVEL = ChoiceType("level", tuple(Level))
STEP_GUIDANCE = Key(
    "guidance", GUIDANCE, "How much is said in this step, instead of the session's guidance.", example="full"
)
STEP_LEVEL = Key(
    "level",
    LEVEL,
    "Which form of the exercises is done in this step, instead of the session's level.",
    example="easier",
)
OPTIONAL = Key(
    "optional",
    YesNoType(),
    "Whether the step may be left out to fit the session to its `duration`.",
    default="false",
    example="true",
)
SAYING = (SPEED, OPTIONAL)
REPS = Key(
    "reps", REPS_VALUE, "How many repetitions, for each side; a list gives each set its own.", example="8-10"
)
FOR = Key("for", PAUSE, "How long to work, instead of a number of repetitions.", example="40s")
SETS = Key("sets", SETS_VALUE, "How many times all of them.", example="2")
REST = Key("rest", PAUSE, "The rest between sets.", example="30s")
AMOUNT = (REPS, FOR, SETS, REST)
TIMES = (
    Key("hold", PHASE_TIME, "How long each `hold` of its rep lasts.", example="8s"),
    Key(
        "tempo",
        TimesType(limits.PHASE_MS),
        "How long each phase of its rep lasts, in order.",
        example="[3s, 1s, 4s]",
    ),
)
FIRST_SIDE = ChoiceType("first side", tuple(FirstSide))
