"""Codes of what a session owes to the people it is for; library/safety.yaml has the reason and the source of each."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, warning

_GENERAL = "This is general information, never medical advice; `breathcue check --explain` names who says so."

_FOR = "title: T\naudience: postpartum\n"
_WATER = "needs: [water]\n"
_SAFETY = "safety:\n  clearance: true\n  stop-if: [pain, dizziness]\n"
_BREATHS = "  - breathe: {inhale: 4s, exhale: 6s}\n"
_FIRST = "  - exercise: pelvic-tilt\n"
_REST = "  - rest: 30s\n"
_SECOND = "  - exercise: bridge\n"
_END = "  - say: Take your time to get up."
_WHOLE = f"{_FOR}{_WATER}{_SAFETY}steps:\n{_BREATHS}{_FIRST}{_REST}{_SECOND}{_END}"

_BACK = "title: T\nsteps:\n  - exercise: bridge\n    reps: 20\n    sets: {sets}"


def _postpartum(name: str, summary: str, meaning: str, bad: str) -> Code:
    """Return the code of something that is missing in a session with `audience: postpartum`."""
    return warning(name, summary, f"{meaning} {_GENERAL}", bad=bad, good=_WHOLE)


CODES: tuple[Code, ...] = (
    _postpartum(
        "no-clearance",
        "A session for the time after birth does not speak of clearance.",
        "`clearance: true` under `safety` has the coach ask, before anything else, that a health professional has "
        "cleared the listener for exercise.",
        _WHOLE.replace("  clearance: true\n", ""),
    ),
    _postpartum(
        "no-stop-signs",
        "A session for the time after birth names no signs to stop at.",
        "`stop-if` under `safety` lists them, and the coach says them before anything else.",
        _WHOLE.replace("  stop-if: [pain, dizziness]\n", ""),
    ),
    _postpartum(
        "no-gentle-start",
        "A session for the time after birth begins at once.",
        "A few guided breaths before the first exercise are enough, or words that ask to begin gently.",
        _WHOLE.replace(_BREATHS, "")
        .replace(_FIRST, "  - exercise: cat\n")
        .replace(
            "steps:\n",
            "exercises:\n  cat:\n    title: Cat\n    rep:\n      - exhale: 4s\n        say: Round your back.\nsteps:\n",
        ),
    ),
    _postpartum(
        "no-water",
        "A session for the time after birth does not mention water.",
        "Name it among what is needed, or remind the listener to drink.",
        _WHOLE.replace(_WATER, ""),
    ),
    _postpartum(
        "no-rest",
        "A session for the time after birth has no rest between its exercises.",
        "A `rest` or `wait` of ten seconds or more between the first exercise and the last is enough, or sets with a "
        "rest between them.",
        _WHOLE.replace(_REST, ""),
    ),
    _postpartum(
        "no-closing",
        "A session for the time after birth ends with an exercise.",
        "Let something follow it: quiet, a few breaths, words to rest and to get up without hurry.",
        _WHOLE.replace(f"\n{_END}", "").removesuffix(_END),
    ),
    _postpartum(
        "high-impact",
        "A session for the time after birth speaks of jumping, running or the like.",
        "Choose a form without impact, in which one foot stays on the floor.",
        _WHOLE.replace(_END, "  - say: Now ten jumping jacks."),
    ),
    warning(
        "long-breath-hold",
        "A breath is held for more than eight seconds.",
        "This looks at `hold` and `rest` in `breathe`, times the pace. Eight seconds is a cautious choice; shorten the "
        f"hold, or leave it as it is where the listeners know it well. {_GENERAL}",
        bad="- breathe: {inhale: 4s, hold: 12s, exhale: 6s}",
        good="- breathe: {inhale: 4s, hold: 7s, exhale: 8s}",
    ),
    warning(
        "long-on-back",
        "The listener lies on the back for more than thirty minutes without a change.",
        "Counted at the least it can be, from exercises with `position: supine` and what stands between them. Put "
        f"another position in between. {_GENERAL}",
        bad=_BACK.replace("{sets}", "8"),
        good=_BACK.replace("{sets}", "2"),
    ),
    warning(
        "load-jump",
        "A week has far more work than the weeks before it.",
        "Work is the time in which the body moves or holds in an exercise. Let it grow over more weeks, or let the "
        f"first of them be shorter. {_GENERAL}",
    ),
    warning(
        "no-rest-day",
        "A week has no day of rest.",
        f"A day on which nothing is done but what is done daily counts as rest. {_GENERAL}",
    ),
    warning(
        "no-gentle-weeks",
        "A program for the time after birth begins with much work.",
        "Let the first week be short: fewer days, shorter sessions, `level: easier`, a share of the `reps`. "
        f"{_GENERAL}",
    ),
    warning(
        "impact-too-soon",
        "A program for the time after birth has an exercise of high impact in its first twelve weeks.",
        f"Choose another exercise for these weeks, in which one foot stays on the floor. {_GENERAL}",
    ),
    warning(
        "clearance-not-asked",
        "A program for the time after birth has a session with exercises that does not speak of clearance.",
        "Add `clearance: true` under `safety:` of the session, and the signs to stop at; whoever is sent one of the "
        f"files alone hears them, too. {_GENERAL}",
    ),
    warning(
        "no-pelvic-floor-work",
        "A program for the time after birth has hardly any pelvic floor work.",
        f"A short session under `daily:` is enough. {_GENERAL}",
    ),
)
