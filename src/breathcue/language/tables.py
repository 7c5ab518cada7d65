"""The whole language as tables: every key of every mapping. Change the language here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from breathcue.language import limits
from breathcue.language.names import audiences, languages, positions, tones
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

_PHASE_TIME = DurationType(limits.PHASE_MS)
_PAUSE = DurationType(limits.PAUSE_MS, ranged=True)
_PACE = NumberType(*limits.PACE)
_REPS = CountType(limits.REPS, ranged=True)
_SETS = CountType(limits.SETS)
_WORDS = TextType()
_SIDED = TextType(sided=True)
_SAID = TextType(voiced=True)
_SAID_SIDED = TextType(sided=True, voiced=True)

NOT_YET: Mapping[str, str] = MappingProxyType(
    {
        "duration": "fitting the session to a length",
        "guidance": "choosing how much is said",
        "easier": "an easier form of an exercise",
        "harder": "a harder form of an exercise",
        "avoid-if": "leaving an exercise out for some people",
    }
)
"""Keys of the language that this version does not act on, and what they are."""
_REFUSED = tuple(NOT_YET)

_TIME_BESIDE = (
    Key("to", _SIDED, "The name of the shape that the movement leads to.", example="cow"),
    Key("say", _SAID_SIDED, "The whole instruction, for the first repetitions.", example="Lift your hips."),
    Key("short", _SAID_SIDED, "What is said once the movement is known.", example="Lift."),
)
_BREATH = Key(
    "breath",
    ChoiceType("breath", ("inhale", "exhale", "free")),
    "What the breath does meanwhile.",
    example="exhale",
)
_COUNT = Key(
    "count",
    ChoiceType("way to count", ("up", "down", "last-3", "none")),
    "How the seconds are counted aloud.",
    default="none",
    example="up",
)

_SPEED = Key(
    "speed",
    NumberType(*limits.SPEED),
    "How fast the voice speaks in this step, instead of the session's speed.",
    example="0.8",
)
_BREATH_TONE = ChoiceType("breath tone", ("none", "soft", "clear"))
_STEP_TONE = Key(
    "breath-tone",
    _BREATH_TONE,
    "A tone that follows the breath in this step, instead of the session's.",
    example="clear",
)

SESSION = Shape(
    "session",
    "a session",
    "A session file is a mapping of these keys. Only `title` and `steps` are needed.",
    keys=(
        Key("title", _WORDS, "What the session is called.", required=True, example="Back relief"),
        Key(
            "about",
            _WORDS,
            "What it is and whom it is for; spoken in the welcome.",
            example="A gentle start.",
        ),
        Key("author", _WORDS, "Who made it; players show the name.", example="Ann Example"),
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
            _PACE,
            "Stretches the times of movements, breaths and holds; 1.25 is a quarter slower.",
            default="1.0",
            example="1.1",
        ),
        Key(
            "bed",
            _WORDS,
            "What sounds beneath the words all through: a built-in bed (see *Beds* below), or a sound file beside "
            "the session.",
            default="none",
            example="ocean",
        ),
        Key(
            "breath-tone",
            _BREATH_TONE,
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
    refused=_REFUSED,
)

VOICE = Shape(
    "voice",
    "`voice`",
    "The voice as a mapping; what is left out is chosen for you.",
    keys=(
        Key("engine", _WORDS, "Which engine speaks, as `breathcue voices` lists them.", example="system"),
        Key("name", _WORDS, "Which of its voices.", example="Samantha"),
        Key("speed", NumberType(*limits.SPEED), "How fast, relative to the voice's own pace.", example="0.9"),
        Key(
            "folder",
            _WORDS,
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
        Key("title", _WORDS, "What the exercise is called aloud.", required=True, example="Cat-cow stretch"),
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
        Key("reps", _REPS, "How many repetitions, for each side.", default="10", example="8-10"),
        Key("sets", _SETS, "How many times all of them.", default="1", example="2"),
        Key("rest", _PAUSE, "The rest between sets.", default="30s", example="20-40s"),
        Key("pace", _PACE, "Stretches this exercise's times.", default="1.0", example="1.25"),
    ),
    refused=_REFUSED,
)

PHASE = Shape(
    "phase",
    "a phase of a rep",
    "A phase is what the body does for a while. Exactly one of these keys says what, with its time.",
    kinds=(
        Kind(Key("inhale", _PHASE_TIME, "Breathe in, moving with the breath.", example="4s"), _TIME_BESIDE),
        Kind(Key("exhale", _PHASE_TIME, "Breathe out, moving with the breath.", example="4s"), _TIME_BESIDE),
        Kind(Key("hold", _PHASE_TIME, "Stay still.", example="5s"), (*_TIME_BESIDE, _BREATH, _COUNT)),
        Kind(Key("move", _PHASE_TIME, "Move into the shape.", example="3s"), (*_TIME_BESIDE, _BREATH)),
        Kind(Key("return", _PHASE_TIME, "Move back.", example="3s"), (*_TIME_BESIDE, _BREATH)),
        Kind(Key("rest", _PHASE_TIME, "Let go.", example="2s"), _TIME_BESIDE),
    ),
)

BREATHE = Shape(
    "breathe",
    "`breathe`",
    "One breath, always in the order inhale, hold, exhale, rest, whatever order the keys are in.",
    keys=(
        Key("inhale", _PHASE_TIME, "Breathing in.", required=True, example="4s"),
        Key("hold", _PHASE_TIME, "Holding the breath, full.", example="2s"),
        Key("exhale", _PHASE_TIME, "Breathing out.", required=True, example="6s"),
        Key("rest", _PHASE_TIME, "Resting, empty.", example="2s"),
        Key("rounds", CountType(limits.ROUNDS, ranged=True), "How many breaths.", default="5", example="5"),
    ),
)

_STEPS = Key("steps", ItemsType("step"), "The steps inside.", required=True)

STEP = Shape(
    "step",
    "a step",
    "Each step has exactly one of these keys. Some take others beside them.",
    kinds=(
        Kind(Key("say", _SAID, "Speak these words.", example="Welcome."), (_SPEED,)),
        Kind(
            Key("section", _WORDS, "A named part of the session: a chapter.", example="Warm up"),
            (_STEPS, _SPEED),
        ),
        Kind(
            Key("breathe", ShapeType("breathe"), "Guided breathing (see *Breathe* below)."),
            (
                Key("pace", _PACE, "Stretches the breath.", default="1.0", example="1.25"),
                _SPEED,
                _STEP_TONE,
            ),
        ),
        Kind(
            Key("exercise", NameType(), "Do the exercise of that name.", example="cat-cow"),
            (
                Key("reps", _REPS, "How many repetitions, for each side.", example="8-10"),
                Key("sets", _SETS, "How many times all of them.", example="2"),
                Key("rest", _PAUSE, "The rest between sets.", example="30s"),
                Key(
                    "pace", _PACE, "Stretches the exercise's times, instead of its own pace.", example="1.25"
                ),
                _SPEED,
                _STEP_TONE,
            ),
        ),
        Kind(Key("rest", _PAUSE, "Rest; the coach says what comes next.", example="30s"), (_SPEED,)),
        Kind(
            Key("check-in", _SAID, "A question, with time to feel the answer.", example="How is your back?"),
            (_SPEED,),
        ),
        Kind(
            Key("repeat", CountType(limits.REPEATS), "Do the steps inside this many times.", example="2"),
            (_STEPS, _SPEED),
        ),
        Kind(Key("wait", _PAUSE, "Quiet time.", example="20s"), (_SPEED,)),
        Kind(Key("chime", ChoiceType("tone", tones()), "Sound a tone.", example="bowl")),
    ),
    refused=_REFUSED,
)

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {shape.name: shape for shape in (SESSION, VOICE, SPOKEN, SAFETY, EXERCISE, PHASE, BREATHE, STEP)}
)


def owners(key: str) -> tuple[str, ...]:
    """Return in words where a key belongs: ``("an `exercise` step",)``, or nothing for a key that no table has."""
    found: list[str] = []
    for shape in SHAPES.values():
        if any(key == own.name for own in shape.keys):
            found.append(shape.noun)
        for kind in shape.kinds:
            noun = "step" if shape is STEP else "phase"
            if kind.key.name == key:
                found.append(f"{shape.noun} of its own")
            elif any(key == own.name for own in kind.beside):
                found.append(f"`{kind.key.name}` {noun}s")
    return tuple(dict.fromkeys(found))
