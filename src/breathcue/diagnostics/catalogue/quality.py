"""Codes of how well the words of a session carry someone who hears them with closed eyes."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, warning

_SAY = "- say: {words}"

_FOLD = (
    "title: Fold\nrep:\n  - exhale: 4s\n    say: Bend your knees, then lower your chest.\n"
    "  - inhale: 4s\n    say: Come up."
)
_FOLD_APART = (
    "title: Fold\nrep:\n  - inhale: 3s\n    say: Bend your knees.\n  - exhale: 4s\n    say: Lower your chest.\n"
    "  - inhale: 4s\n    say: Come up."
)

_TURN = (
    "title: Turn\nsides: alternate\nsetup: Sit, and turn your {side} palm up.\n"
    "rep:\n  - move: 3s\n    say: Turn{side}.\n  - return: 3s\n    say: Come back."
)

_BRIDGE = "title: Bridge\nposition: supine\nsetup: {words}\nrep:\n  - move: 4s\n    say: Lift your hips."

CODES: tuple[Code, ...] = (
    warning(
        "needs-eyes",
        "The words can only be followed by someone who is watching.",
        "Whoever lies with closed eyes hears and sees nothing. Say which part of the body moves, and where to. `check` "
        "knows such words in English, German, Spanish and French; it is silent where a colon follows them, "
        "because the words do then.",
        bad=_SAY.replace("{words}", "Hold your arm up like this."),
        good=_SAY.replace("{words}", "Hold your arm up, beside your ear."),
    ),
    warning(
        "harsh-words",
        "The words drive the listener past what is good for them, or shame them.",
        "Pain is a sign to stop, and a body is not a fault to be mended. Say what to feel, and leave room to do less. "
        "`check` knows such words in English, German, Spanish and French, and is silent where they are denied: "
        "`Never push through pain.`",
        bad=_SAY.replace("{words}", '"No pain, no gain."'),
        good=_SAY.replace("{words}", "Go only as far as feels good."),
    ),
    warning(
        "long-cue",
        "A text is longer than 25 words.",
        "That is more than ten seconds of speech without a pause, and more than can be kept in mind while moving. "
        "Make it two texts, with a `wait` between them where they are to be followed.",
        bad=_SAY.replace(
            "{words}",
            "Let your shoulders be heavy, and let your jaw and your hands be soft, and let the floor carry all "
            "of you while you listen to your breath come and go.",
        ),
        good=(
            "- say: Let your shoulders be heavy, and let your jaw and your hands be soft.\n- wait: 8s\n"
            "- say: Let the floor carry all of you while you listen to your breath."
        ),
    ),
    warning(
        "several-actions",
        "One breath has more than one movement after another.",
        "One action a breath. Two movements that are done at once, such as arching the back and lifting the chest, are "
        "one; what comes after it in time, or a third movement, belongs to a phase of its own, with a time of its own. "
        "This is looked at in the `say` of `inhale` and `exhale` phases, and of those with `breath: inhale` or "
        "`exhale`.",
        bad=_FOLD,
        good=_FOLD_APART,
    ),
    warning(
        "side-not-named",
        "The first movement of an exercise with sides does not say which side.",
        "With `sides: alternate` the side changes with each repetition, so the first movement names it. With "
        "`sides: each` it may be named in the setup or in any phase; a form note alone comes too late.",
        bad=_TURN.replace("Turn{side}", "Turn"),
        good=_TURN.replace("Turn{side}", "Turn to your {side}"),
    ),
    warning(
        "position-not-said",
        "The setup of an exercise does not say the position it is done in.",
        "The first line of a setup is how to get there. `position` gives the time for it, and does not replace "
        "the words.",
        bad=_BRIDGE.replace("{words}", "Rest your arms beside you."),
        good=_BRIDGE.replace("{words}", "Lie down on your back."),
    ),
)
