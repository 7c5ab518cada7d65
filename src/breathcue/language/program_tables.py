"""The language of programs as tables, as language/tables.py has that of sessions."""

from __future__ import annotations

from breathcue.language import limits
from breathcue.language.keys import GUIDANCE, LEVEL, WORDS
from breathcue.language.names import audiences, languages
from breathcue.language.program import DAYS, REST
from breathcue.language.shapes import (
    ChoicesType,
    ChoiceType,
    ClockType,
    CountType,
    DateType,
    DurationType,
    GrowthType,
    ItemsType,
    Key,
    NumberType,
    Shape,
    ShapeType,
)

_ASKED = (
    Key(
        "reps",
        GrowthType(CountType(limits.REPS), share=True),
        "How many repetitions: a number, or a share of what the session says, which holds for timed work too.",
        example="60-100%",
    ),
    Key(
        "hold",
        GrowthType(DurationType(limits.PHASE_MS)),
        "How long each `hold` of the exercises lasts, in those that have one.",
        example="3-5s",
    ),
    Key("sets", GrowthType(CountType(limits.SETS)), "How many sets of each exercise.", example="1-3"),
    Key(
        "rest",
        GrowthType(DurationType(limits.PAUSE_MS)),
        "The rest between sets, and between rounds.",
        example="60-30s",
    ),
    Key("pace", GrowthType(NumberType(*limits.PACE)), "The session's pace.", example="1.2-1.0"),
    Key(
        "level",
        ChoicesType(LEVEL),
        "Its level.",
        example="easier",
    ),
    Key(
        "guidance",
        ChoicesType(GUIDANCE),
        "How much is said.",
        example="[full, balanced]",
    ),
    Key(
        "duration",
        GrowthType(DurationType(limits.SESSION_MS)),
        "How long the session is to last.",
        example="10-20m",
    ),
)
"""What may be asked of a session, for all days of a block or for one practice."""

PROGRAM = Shape(
    "program",
    "a program",
    "A program's file is a mapping of these keys. Only `title` and `weeks` are needed.",
    keys=(
        Key("title", WORDS, "What the program is called.", required=True, example="Back to strength"),
        Key("about", WORDS, "What it is and whom it is for.", example="Eight gentle weeks."),
        Key("author", WORDS, "Who made it.", example="Ann Example"),
        Key(
            "language",
            ChoiceType("language", languages()),
            "The language of its calendar and playlists.",
            default="en",
            example="en",
        ),
        Key(
            "audience",
            ChoiceType("audience", audiences()),
            "Whom it is for, so that `check` can say what is missing for them.",
            example="postpartum",
        ),
        Key("start", DateType(), "The day on which the first week begins.", example="2027-01-04"),
        Key("time", ClockType(), "The time of day at which its calendar has the sessions.", example="09:00"),
        Key(
            "zone",
            WORDS,
            "The time zone of that time; where there is none, it is that of whoever looks.",
            example="Europe/London",
        ),
        Key("weeks", ItemsType("week"), "What is done in which weeks, in order.", required=True),
    ),
)

WEEK = Shape(
    "week",
    "a block of weeks",
    "Weeks that are alike, but for what grows.",
    keys=(
        Key(
            "weeks",
            CountType(limits.WEEKS, ranged=True),
            "Which weeks; if not written, the one after those before.",
            example="1-2",
        ),
        Key("title", WORDS, "What they are called.", example="Breath and floor"),
        Key("about", WORDS, "What they are for.", example="Find your breath again."),
        Key(
            "days",
            ShapeType("days"),
            "What is done on which day; in weeks without it, and without `daily`, one rests.",
        ),
        Key(
            "daily",
            ShapeType("practice", or_text=True, or_list=True),
            "What is done on every day, besides.",
            example="pelvic-floor-daily.yaml",
        ),
        *_ASKED,
    ),
)

DAYS_SHAPE = Shape(
    "days",
    "`days`",
    f"What is done on each day: a session's file, a mapping that says more of it, a list of such, or `{REST}`. "
    "A day that is not named is a day of rest.",
    keys=tuple(
        Key(
            day,
            ShapeType("practice", or_text=True, or_list=True),
            f"What is done on {day.capitalize()}.",
            example="back-relief.yaml",
        )
        for day in DAYS
    ),
)

PRACTICE = Shape(
    "practice",
    "a practice",
    "A session as it is done on a day. What it does not say, the block does.",
    keys=(
        Key(
            "session",
            WORDS,
            "The session's file, in the folder of the program or below.",
            required=True,
            example="back-relief.yaml",
        ),
        *_ASKED,
    ),
)

PROGRAM_SHAPES = (PROGRAM, WEEK, DAYS_SHAPE, PRACTICE)
