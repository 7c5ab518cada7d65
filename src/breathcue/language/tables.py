"""The whole language as tables: every key of every mapping. Change the language here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from breathcue.language import limits
from breathcue.language.keys import (
    AMOUNT,
    BREATH,
    BREATH_TONE,
    COUNT,
    EXERCISE_KINDS,
    FIRST_SIDE,
    FOR,
    GUIDANCE,
    LEVEL,
    PACE,
    PAUSE,
    PHASE_TIME,
    REPS,
    REST,
    SAID,
    SAYING,
    SETS,
    SIDED,
    STEP_GUIDANCE,
    STEP_LEVEL,
    STEP_TONE,
    TIME_BESIDE,
    TIMES,
    WORDS,
)
from breathcue.language.names import audiences, languages, positions, tones
from breathcue.language.program_tables import PROGRAM_SHAPES
from breathcue.language.shapes import (
    ChoiceType,
    CountType,
    DurationType,
    ItemsType,
    Key,
    Kind,
    NamedType,
    NameType,
    NumberType,
    PronounceType,
    Shape,
    ShapeType,
    TextsType,
    TextType,
    YesNoType,
)

SESSION = Shape(
    "session",
    "a session",
    "A session file is a mapping of these keys. Only `title` and `steps` are needed.",
    keys=(
        Key("title", WORDS, "What the session is called.", required=True, example="Back relief"),
        Key(
            "about",
            WORDS,
            "What it is and whom it is for; spoken in the welcome.",
            example="A gentle start.",
        ),
        Key("author", WORDS, "Who made it; players show the name.", example="Ann Example"),
        Key(
            "language",
            ChoiceType("language", languages()),
            "The language that is spoken.",
            default="en",
            example="en",
        ),
        Key(
            "voice",
            ShapeType("voice", or_text=True),
            "Who speaks: the name of a voice, or a mapping (see *Voice* below).",
            example="heart",
        ),
        Key(
            "pace",
            PACE,
            "Stretches the times of movements, breaths and holds; 1.25 is a quarter slower.",
            default="1.0",
            example="1.1",
        ),
        Key("guidance", GUIDANCE, "How much is said.", default="balanced", example="minimal"),
        Key("level", LEVEL, "Which form of the exercises is done.", default="normal", example="easier"),
        Key(
            "duration",
            DurationType(limits.SESSION_MS),
            "How long it is to last; repetitions and rests are chosen inside their ranges.",
            example="20m",
        ),
        Key(
            "bed",
            WORDS,
            "What sounds beneath the words all through: a built-in bed (see *Beds* below), or a sound file beside "
            "the session.",
            default="none",
            example="ocean",
        ),
        Key(
            "breath-tone",
            BREATH_TONE,
            "A tone that rises for the length of an inhale and falls for that of an exhale.",
            default="none",
            example="soft",
        ),
        Key(
            "pronounce",
            PronounceType(),
            "Words that the voice gets wrong, each with how it is said (see *Pronunciation* below).",
        ),
        Key("needs", TextsType(), "What to have at hand; spoken at the start.", example="[a mat, water]"),
        Key(
            "audience",
            ChoiceType("audience", audiences()),
            "Whom it is for, so that `check` can say what is missing for them (see *Safety* below).",
            example="postpartum",
        ),
        Key("safety", ShapeType("safety"), "What is said about safety before anything else."),
        Key("exercises", NamedType("exercise"), "Exercises of this session's own, each under its name."),
        Key("steps", ItemsType("step"), "What happens, in order.", required=True),
    ),
)

VOICE = Shape(
    "voice",
    "`voice`",
    "The voice as a mapping; what is left out is chosen for you.",
    keys=(
        Key("engine", WORDS, "Which engine speaks, as `breathcue voices` lists them.", example="system"),
        Key("name", WORDS, "Which of its voices.", example="Samantha"),
        Key("speed", NumberType(*limits.SPEED), "How fast, relative to the voice's own pace.", example="0.9"),
        Key(
            "folder",
            WORDS,
            "The folder of your own recordings, beside the session; for `engine: recorded`.",
            example="my-voice",
        ),
        Key(
            "fallback",
            ShapeType("voice", or_text=True),
            "The voice that says what you have not recorded; for `engine: recorded`.",
            example="heart",
        ),
    ),
)

SPOKEN = Shape(
    "spoken",
    "spoken words",
    "Words with a voice of their own, in place of a plain text.",
    keys=(
        Key("text", TextType(sided=True), "What is said.", required=True, example="And breathe."),
        Key("voice", ShapeType("voice", or_text=True), "Who says it.", required=True, example="emma"),
    ),
)
SPOKEN_PLAIN = replace(SPOKEN, keys=(replace(SPOKEN.keys[0], type=TextType()), SPOKEN.keys[1]))
"""The same where no side is being worked."""

SAFETY = Shape(
    "safety",
    "`safety`",
    "What is said about safety, before anything else.",
    keys=(
        Key(
            "clearance",
            YesNoType(),
            "Whether to ask that a health professional has cleared the listener for exercise.",
            default="false",
            example="true",
        ),
        Key("stop-if", TextsType(), "The signs on which to stop.", example="[pain, dizziness]"),
    ),
)

EXERCISE = Shape(
    "exercise",
    "an exercise's definition",
    "An exercise is defined under `exercises` in a session, or in a file of its own with these keys at the top.",
    keys=(
        Key("title", WORDS, "What the exercise is called aloud.", required=True, example="Cat-cow stretch"),
        Key(
            "position",
            ChoiceType("position", positions()),
            "Where the body is; time is given to come into it.",
            example="hands-and-knees",
        ),
        Key(
            "setup",
            TextsType(sided=True, single=True),
            "How to come into position: one text or a list, each with time to follow it.",
            example="Lie on your back.",
        ),
        Key(
            "form",
            TextsType(sided=True, single=True),
            "What to watch for while doing it: one text or a list.",
            example="Keep your neck long.",
        ),
        Key(
            "sides",
            ChoiceType("way to treat sides", ("none", "each", "alternate")),
            "`each`: all repetitions on one side, then the other. `alternate`: side by side, repetition by repetition.",
            default="none",
            example="each",
        ),
        Key(
            "rep",
            ItemsType("phase", "rep-without-phases"),
            "One repetition: its phases, in order.",
            required=True,
        ),
        Key(
            "first-side",
            FIRST_SIDE,
            "The side that begins; `alternate` lets the other one begin in every further set.",
            default="right",
            example="left",
        ),
        replace(REPS, default="10"),
        FOR,
        replace(SETS, default="1"),
        replace(REST, default="30s"),
        Key("pace", PACE, "Stretches this exercise's times.", default="1.0", example="1.25"),
        Key(
            "transition",
            DurationType(limits.PAUSE_MS),
            "The quiet time to come into its position, all in all, instead of the usual.",
            example="20s",
        ),
        Key(
            "equipment",
            TextsType(),
            "What it needs at hand; there is time to fetch it, unless the exercise before had it.",
            example="[a cushion]",
        ),
        Key("easier", ShapeType("variant"), "The easier form of it (see *Levels* below)."),
        Key("harder", ShapeType("variant"), "The harder form of it (see *Levels* below)."),
        Key("avoid-if", TextsType(), "Who should not do it.", example="[wrist pain]"),
        Key("instead", NameType(), "The exercise that those do instead.", example="pelvic-tilt"),
        Key(
            "body",
            TextsType(),
            "The parts of the body that it is for, to find it by.",
            example="[back, core]",
        ),
        Key(
            "kind",
            ChoiceType("kind of exercise", EXERCISE_KINDS),
            "What sort of exercise it is, to find it by.",
            example="mobility",
        ),
        Key(
            "impact",
            ChoiceType("impact", ("low", "high")),
            "`high` where both feet leave the floor.",
            default="low",
            example="high",
        ),
        Key(
            "source",
            TextsType(),
            "Where its facts come from.",
            example="[the physiotherapist of our practice]",
        ),
    ),
)

VARIANT = Shape(
    "variant",
    "an easier or harder form",
    "What is different in an easier or a harder form of an exercise.",
    keys=(
        *AMOUNT,
        Key("pace", PACE, "Stretches the exercise's times, instead of its own pace.", example="0.8"),
        *TIMES,
        Key("say", SIDED, "A word on how; said with the setup.", example="Keep the movement small."),
        Key("exercise", NameType(), "Another exercise, done in its place.", example="wall-push-up"),
    ),
)

PHASE = Shape(
    "phase",
    "a phase of a rep",
    "A phase is what the body does for a while. Exactly one of these keys says what, with its time.",
    kinds=(
        Kind(Key("inhale", PHASE_TIME, "Breathe in, moving with the breath.", example="4s"), TIME_BESIDE),
        Kind(Key("exhale", PHASE_TIME, "Breathe out, moving with the breath.", example="4s"), TIME_BESIDE),
        Kind(Key("hold", PHASE_TIME, "Stay still.", example="5s"), (*TIME_BESIDE, BREATH, COUNT)),
        Kind(Key("move", PHASE_TIME, "Move into the shape.", example="3s"), (*TIME_BESIDE, BREATH)),
        Kind(Key("return", PHASE_TIME, "Move back.", example="3s"), (*TIME_BESIDE, BREATH)),
        Kind(Key("rest", PHASE_TIME, "Let go.", example="2s"), TIME_BESIDE),
    ),
)

BREATHE = Shape(
    "breathe",
    "`breathe`",
    "One breath, always in the order inhale, hold, exhale, rest, whatever order the keys are in. A list of such "
    "mappings is a pattern that changes.",
    keys=(
        Key("inhale", PHASE_TIME, "Breathing in.", required=True, example="4s"),
        Key("hold", PHASE_TIME, "Holding the breath, full.", example="2s"),
        Key("exhale", PHASE_TIME, "Breathing out.", required=True, example="6s"),
        Key("rest", PHASE_TIME, "Resting, empty.", example="2s"),
        Key("rounds", CountType(limits.ROUNDS, ranged=True), "How many breaths.", default="5", example="5"),
    ),
)

_STEPS = Key("steps", ItemsType("step"), "The steps inside.", required=True)

STEP = Shape(
    "step",
    "a step",
    "Each step has exactly one of these keys. Some take others beside them.",
    kinds=(
        Kind(Key("say", SAID, "Speak these words.", example="Welcome."), SAYING),
        Kind(
            Key("section", WORDS, "A named part of the session: a chapter.", example="Warm up"),
            (_STEPS, STEP_GUIDANCE, STEP_LEVEL, *SAYING),
        ),
        Kind(
            Key("breathe", ShapeType("breathe", or_list=True), "Guided breathing (see *Breathe* below)."),
            (
                Key("pace", PACE, "Stretches the breath.", default="1.0", example="1.25"),
                STEP_GUIDANCE,
                *SAYING,
                STEP_TONE,
            ),
        ),
        Kind(
            Key("exercise", NameType(), "Do the exercise of that name.", example="cat-cow"),
            (
                *AMOUNT,
                Key("pace", PACE, "Stretches the exercise's times, instead of its own pace.", example="1.25"),
                *TIMES,
                Key("first-side", FIRST_SIDE, "The side that begins.", example="left"),
                Key(
                    "transition",
                    DurationType(limits.PAUSE_MS),
                    "The quiet time to come into its position.",
                    example="20s",
                ),
                STEP_GUIDANCE,
                STEP_LEVEL,
                *SAYING,
                STEP_TONE,
            ),
        ),
        Kind(Key("rest", PAUSE, "Rest; the coach says what comes next.", example="30s"), SAYING),
        Kind(
            Key("check-in", SAID, "A question, with time to feel the answer.", example="How is your back?"),
            SAYING,
        ),
        Kind(
            Key("repeat", CountType(limits.REPEATS), "Do the steps inside this many times.", example="2"),
            (
                _STEPS,
                Key(
                    "rest",
                    PAUSE,
                    "The rest between the rounds, or between sets.",
                    example="60s",
                ),
                STEP_GUIDANCE,
                STEP_LEVEL,
                *SAYING,
            ),
        ),
        Kind(Key("wait", PAUSE, "Quiet time.", example="20s"), SAYING),
        Kind(Key("chime", ChoiceType("tone", tones()), "Sound a tone.", example="bowl")),
    ),
)

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {shape.name: shape for shape in (SESSION, VOICE, SPOKEN, SAFETY, EXERCISE, VARIANT, PHASE, BREATHE, STEP)}
    | {shape.name: shape for shape in PROGRAM_SHAPES}
)
