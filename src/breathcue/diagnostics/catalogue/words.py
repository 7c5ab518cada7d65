"""Codes of what is said, and of the exercises that are looked up."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

_REACH = "title: Reach\nsides: {sides}\nrep:\n  - move: 3s\n    say: Reach your {word} arm forward."

_PARTS = "- section: Floor work\n  steps:\n    - say: One.\n- section: {second}\n  steps:\n    - say: Two."

CODES: tuple[Code, ...] = (
    error(
        "empty-text",
        "There are no words where words belong.",
        "Write what should be said, or remove the line. A text of punctuation only cannot be spoken either.",
        bad='- say: ""',
        good="- say: Welcome.",
        structural=True,
    ),
    error(
        "text-too-long",
        "One text is longer than 2,000 characters.",
        "That is more than two minutes of speech without a pause. Split it into several `say` steps, with "
        "a `wait` between them.",
        structural=True,
    ),
    error(
        "unbalanced-brace",
        "A curly brace stands alone in a text.",
        "Braces mark a word that breathcue fills in, such as `{side}`. For a brace that is simply part of "
        "the text, write it twice: `{{` or `}}`.",
        bad=_REACH.replace("{sides}", "each").replace("{word}", "{side} {"),
        good=_REACH.replace("{sides}", "each").replace("{word}", "{side}"),
    ),
    error(
        "unknown-placeholder",
        "The word in braces is not one that breathcue fills in.",
        "There are two: `{side}` becomes the side that is being worked, left or right, and `{other}` the "
        "opposite one.",
        bad=_REACH.replace("{sides}", "each").replace("{word}", "{sied}"),
        good=_REACH.replace("{sides}", "each").replace("{word}", "{side}"),
    ),
    error(
        "placeholder-without-sides",
        "A text speaks of `{side}` or `{other}`, but the exercise has no sides.",
        "Add `sides: each` (all repetitions on one side, then the other) or `sides: alternate` (side by "
        "side, repetition by repetition), or take the word out of the text.",
        bad=_REACH.replace("{sides}", "none").replace("{word}", "{side}"),
        good=_REACH.replace("{sides}", "each").replace("{word}", "{side}"),
    ),
    error(
        "sides-without-placeholder",
        "The exercise is done on each side, but none of its texts says which side.",
        "Someone with closed eyes cannot know which side is meant. Put `{side}` or `{other}` where the "
        "side is named, or remove `sides`.",
        bad=_REACH.replace("{sides}", "each").replace("{word}", "left"),
        good=_REACH.replace("{sides}", "each").replace("{word}", "{side}"),
    ),
    error(
        "placeholder-outside-exercise",
        "`{side}` or `{other}` stands where no side is being worked.",
        "Only the `setup`, `form`, `say`, `short` and `to` of an exercise can name a side, because only "
        "an exercise has sides. Write the side out, or move the text into the exercise.",
        bad="- say: Turn to your {side} side.",
        good="- say: Turn to your left side.",
    ),
    error(
        "unknown-exercise",
        "There is no exercise of that name.",
        "An exercise is looked for in the session's own `exercises`, then in a file beside the session "
        "(`NAME.yaml` or `exercises/NAME.yaml`), then in the built-in library. The nearest known name is "
        "offered.",
        bad="- exercise: cat-caw",
        good="- exercise: cat-cow",
    ),
    error(
        "exercise-not-told",
        "The exercise is built in, but not told in the session's language.",
        "All built-in exercises are told in English, and some of them in other languages. An exercise may be named by "
        "a step, or by another exercise that it is done instead of. Tell it in the session's language under the "
        "session's own `exercises`, in a file beside the session, or choose one that is told in it: "
        "`breathcue library list --language CODE` shows those.",
        bad="title: T\nlanguage: de\nsteps:\n  - exercise: dead-bug",
        good="title: T\nlanguage: de\nsteps:\n  - exercise: bird-dog",
    ),
    error(
        "exercise-outside-folder",
        "The file of an exercise leads out of the session's folder.",
        "The file is a link to somewhere else. A session reads nothing outside its own folder: copy the "
        "file there.",
    ),
    error(
        "bad-phonemes",
        "What stands between slashes is no word in phonemes.",
        "How a word is said is written in plain letters, as it sounds, or between two slashes in the letters of "
        "the International Phonetic Alphabet, as dictionaries print them: letters, stress marks and spaces only.",
        bad="title: T\npronounce:\n  psoas: /soas\nsteps:\n  - say: Lengthen your psoas.",
        good="title: T\npronounce:\n  psoas: /ˈsoʊəs/\nsteps:\n  - say: Lengthen your psoas.",
    ),
    warning(
        "unused-pronunciation",
        "A word has a pronunciation, but nothing that is said holds it.",
        "Words are matched whole, whatever their capitals: `curl` is not `curls`. Write each form that is said, or "
        "remove the line.",
        bad="title: T\npronounce:\n  asana: AH-suh-nuh\nsteps:\n  - say: Hold the asanas.",
        good="title: T\npronounce:\n  asanas: AH-suh-nuz\nsteps:\n  - say: Hold the asanas.",
    ),
    warning(
        "unused-exercise",
        "An exercise is defined in the session, but no step uses it.",
        "Perhaps a step names another exercise by mistake. If it is not needed, remove the definition.",
        bad=(
            "title: T\nexercises:\n  sway:\n    title: Sway\n    rep:\n      - move: 4s\n        say: Sway.\n"
            "steps:\n  - say: Hello."
        ),
        good=(
            "title: T\nexercises:\n  sway:\n    title: Sway\n    rep:\n      - move: 4s\n        say: Sway.\n"
            "steps:\n  - exercise: sway"
        ),
    ),
    warning(
        "duplicate-chapter",
        "Two sections have the same title.",
        "Sections become chapters in the player, where equal titles cannot be told apart.",
        bad=_PARTS.replace("{second}", "Floor work"),
        good=_PARTS.replace("{second}", "More floor work"),
    ),
    warning(
        "silent-phase",
        "A movement has no words: nothing tells the body what to do.",
        "Give the phase a `say`, a `short` or a `to`. Someone with closed eyes hears only what is said.",
        bad="title: Bridge\nrep:\n  - move: 3s",
        good="title: Bridge\nrep:\n  - move: 3s\n    say: Lift your hips.",
    ),
)
