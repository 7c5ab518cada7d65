"""A moment in words: short texts that the screen and the plain lines are made of."""

from __future__ import annotations

import unicodedata

from breathcue.live.moment import Moment, State
from breathcue.live.view.keys import command_for, hurt_choices
from breathcue.timeline.model import Phase, PhaseKind
from breathcue.timeline.time import clock, scale

KIND_NAMES = {
    PhaseKind.INHALE: "Inhale",
    PhaseKind.EXHALE: "Exhale",
    PhaseKind.HOLD: "Hold",
    PhaseKind.MOVE: "Move",
    PhaseKind.RETURN: "Return",
    PhaseKind.REST: "Rest",
    PhaseKind.WAIT: "Quiet time",
    PhaseKind.TALK: "Listen",
    PhaseKind.SETUP: "Get ready",
    PhaseKind.TRANSITION: "Change position",
}

_BODY = frozenset(
    {PhaseKind.INHALE, PhaseKind.EXHALE, PhaseKind.HOLD, PhaseKind.MOVE, PhaseKind.RETURN, PhaseKind.REST}
)
_UNITS = (
    *(
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: number for number, word in enumerate(_UNITS)} | {
    f"{ten}-{_UNITS[unit]}" if unit else ten: 10 * place + unit
    for place, ten in enumerate(_TENS, start=2)
    for unit in range(10)
}


def clean(text: str) -> str:
    """Return text that is safe to show: one line, and no character that steers a terminal or turns text around."""
    shown = "".join(c if _shows(c) else " " for c in text)
    return " ".join(shown.split())


def _shows(character: str) -> bool:
    # Joiners and right-to-left marks of U+200C to U+200F belong to words; embeddings and overrides do not.
    return unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") and character not in _TURNING


_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def moves(phase: Phase | None) -> bool:
    """Say whether the body does something timed in ``phase``, so that its progress is worth showing."""
    return phase is not None and (phase.kind in _BODY or phase.kind is PhaseKind.WAIT)


def phase_title(phase: Phase | None) -> str:
    """Return a phase's name: what kind it is, and where to, such as ``Inhale: cow``."""
    if phase is None:
        return ""
    label, kind = clean(phase.label), KIND_NAMES[phase.kind]
    if phase.kind not in _BODY or not label or label.casefold() == kind.casefold():
        return label or kind
    return f"{kind}: {label}"


def stage_title(moment: Moment) -> str:
    """Return what is being done, such as ``Cat-cow stretch``; empty before the first step."""
    return clean(moment.stage.title) if moment.stage else ""


def rep_of(phase: Phase | None) -> str:
    """Return ``3 of 10``, or nothing outside repetitions."""
    return f"{phase.rep} of {phase.reps}" if phase and phase.rep and phase.reps else ""


def side_of(phase: Phase | None) -> str:
    """Return ``Left side``, or nothing where the sides do not matter."""
    return f"{phase.side.capitalize()} side" if phase and phase.side else ""


def place(moment: Moment) -> list[str]:
    """Return where one is in the exercise: the side, the repetition, the set; each only where there is one."""
    phase = moment.phase
    rep, number = rep_of(phase), phase.set if phase else None
    side = phase.side.capitalize() if phase and phase.side else ""
    parts = (side, f"Rep {rep}" if rep else "", f"Set {number}" if number else "")
    return [part for part in parts if part]


def number(count: str | None) -> str:
    """Return a spoken number as digits where it is an English one (``Three.`` is 3); any other as it was spoken."""
    text = clean(count or "").strip(" .!,")
    found = _NUMBERS.get(text.lower().replace(" ", "-"))
    return text if found is None else str(found)


def seconds_left(phase: Phase | None, share: float) -> str:
    """Return the seconds that a rest or a quiet time still lasts; nothing in other phases, which are counted aloud."""
    if phase is None or phase.kind not in (PhaseKind.REST, PhaseKind.WAIT) or phase.rep is not None:
        return ""
    left_ms = phase.duration_ms - scale(phase.duration_ms, min(max(share, 0.0), 1.0))
    return str(-(-left_ms // 1000))


def time_left(moment: Moment) -> str:
    """Return ``12:32 left``, with ``about`` while it is an estimate."""
    return f"{'about ' if moment.about else ''}{clock(moment.left_ms // 1000 * 1000)} left"


def time_done(moment: Moment) -> str:
    """Return how long the session has lasted, such as ``9:03``."""
    return clock(moment.at_ms)


def settings(moment: Moment) -> list[str]:
    """Return what the listener has changed: the pace, the form, how much is said, and how loud."""
    manner = moment.manner
    asked = [f"level {manner.level}"] if manner.level else []
    asked += [f"guidance {manner.guidance}"] if manner.guidance else []
    levels = (("voice", moment.voice_db), ("tones", moment.tones_db), ("bed", moment.bed_db))
    pace = [f"pace {moment.pace:.2f}".rstrip("0").rstrip(".")] if abs(moment.pace - 1) > 0.004 else []
    return pace + asked + [f"{name} {db:+.0f} dB" for name, db in levels if abs(db) >= 0.5]


def next_up(moment: Moment) -> str:
    """Return ``Next: Bird dog``, or nothing at the end."""
    return f"Next: {clean(moment.up_next)}" if moment.up_next else ""


def chapter_title(moment: Moment) -> str:
    """Return the current chapter's title, or nothing before the first."""
    inside = 0 <= moment.chapter < len(moment.chapters)
    return clean(moment.chapters[moment.chapter]) if inside else ""


def state_title(state: State) -> str:
    """Return what a state is called where it takes the place of the phase; nothing while playing."""
    return {
        State.PLAYING: "",
        State.PAUSED: "Paused",
        State.HURT: "That hurt",
        State.BEHIND: "One moment",
        State.LOST: "No sound",
        State.ENDED: "Done",
    }[state]


def state_words(moment: Moment) -> str:
    """Return the sentences that belong to a state, in place of the words; nothing while playing."""
    match moment.state:
        case State.PLAYING:
            return ""
        case State.PAUSED:
            return "Time stands still. Press space to go on."
        case State.HURT:
            return "Go on only if it feels right."
        case State.BEHIND:
            return "The next words are being made."
        case State.LOST:
            return "The loudspeaker is gone. Waiting for another."
        case State.ENDED:
            return f"{time_done(moment)} done."


def hurt_words(*, eases: bool) -> str:
    """Return what one may type after "that hurt", as a sentence; ``eases`` where there is an easier way."""
    words = [command_for(control).words[0] for control in hurt_choices(eases=eases)]
    return f"Type {', '.join(words[:-1])} or {words[-1]}."
