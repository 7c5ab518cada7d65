"""The words of guided breathing: how one breathes, each breath by its name, and the change from pattern to pattern."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.compiler.attention import HALFWAY_FROM, Silence
from breathcue.compiler.coach import FRAMED, READY_PAUSE, SENTENCE_PAUSE, Coach
from breathcue.compiler.narration import Body, Line, Run, Talk, Timed
from breathcue.compiler.plan import Rounds
from breathcue.compiler.wording import BREATH_KINDS, CUE_KINDS, tone_of
from breathcue.language.routine import Guidance, RepPhase
from breathcue.timeline.model import CueKind, PhaseKind, Utterance
from breathcue.timeline.time import Ms, scale

LED_IN = 2
"""So many breaths are named; then, where a tone follows them, it leads alone."""

SHORTEST_LED = Ms(2_000)
"""Breaths in or out that are shorter than this are named all through: a tone of that length says little."""


def narrate_rounds(item: Rounds, coach: Coach) -> Iterator[Talk | Run]:
    """Yield the announcement of one pattern of guided breathing, or of the change to it, and its rounds."""
    phrases, place = coach.phrases, item.breathe.place
    label = phrases.say("labels.breathe")
    ready: tuple[Line, ...] = ()
    if item.number == 1:
        rounds = phrases.counted("breathe.rounds", item.total, n=item.total)
        texts = [phrases.say("breathe.announce"), rounds, *_pattern(item, coach)]
        ready = (Line(CueKind.ANNOUNCE, coach.utter(phrases.say("ready.plain")), place, READY_PAUSE),)
    else:
        texts = [phrases.say("breathe.change"), *_pattern(item, coach)]
    yield Talk(
        Body(PhaseKind.TALK, label),
        tuple(Line(CueKind.ANNOUNCE, coach.utter(text), place, SENTENCE_PAUSE) for text in texts),
    )
    yield Run(
        Talk(Body(PhaseKind.TALK, label), ready),
        coach.preview_intro(place),
        tuple(_phases(item, coach)),
    )


def _phases(item: Rounds, coach: Coach) -> Iterator[Timed]:
    pace, silence = item.breathe.pace, Silence()
    whole = sum(scale(phase.duration, pace) for phase in item.breaths.breath)
    for number in range(1, item.rounds + 1):
        for index, phase in enumerate(item.breaths.breath):
            duration = scale(phase.duration, pace)
            before = _countdown(item, number, coach) if index == 0 else None
            tone = tone_of(BREATH_KINDS.get(phase.kind), item.breathe.tone)
            named = _is_named(phase, item, number)
            spoken = named or before is not None or tone is not None
            named |= silence.breaks(duration, spoken=spoken, ahead=Ms(0) if index else Ms(whole - duration))
            yield Timed(
                Body(
                    phase.kind,
                    coach.phrases.say(f"labels.{phase.kind}"),
                    rep=number,
                    reps=item.rounds,
                    breath=BREATH_KINDS.get(phase.kind),
                ),
                duration,
                CUE_KINDS[phase.kind],
                _names(phase.kind, coach) if named else (),
                phase.place,
                before=before,
                marks=coach.marks(duration),
                counts_alone=number > LED_IN,
                asides=() if named else _half_breathed(item, number, coach),
                pace=pace,
                tone=tone,
                speed=coach.speed,
            )


def _is_named(phase: RepPhase, item: Rounds, number: int) -> bool:
    """Say whether a phase is named in one of the rounds, which count from 1; a long one always is."""
    if scale(phase.duration, item.breathe.pace) >= FRAMED:
        return True
    if item.breathe.guidance is Guidance.MINIMAL:
        return number == 1
    if item.breathe.guidance is Guidance.FULL or number <= LED_IN:
        return True
    return not _is_led(phase, item)


def _is_led(phase: RepPhase, item: Rounds) -> bool:
    """Say whether a tone alone is enough to follow a phase of guided breathing."""
    if tone_of(BREATH_KINDS.get(phase.kind), item.breathe.tone) is None:
        return False
    breaths = (phase.duration for phase in item.breaths.breath if phase.kind in BREATH_KINDS)
    return scale(min(breaths), item.breathe.pace) >= SHORTEST_LED


def _countdown(item: Rounds, number: int, coach: Coach) -> Utterance | None:
    """Return how many breaths are left, near the end of them all."""
    left = item.rounds - number
    if not item.is_last or left > 1 or item.total <= left + 1:
        return None
    return coach.utter(coach.phrases.say("breathe.two-more" if left else "breathe.last"))


def _half_breathed(item: Rounds, number: int, coach: Coach) -> tuple[Line, ...]:
    """Return what is said when the first half of the breaths is done, which nobody has counted."""
    if item.rounds < item.total or item.total < HALFWAY_FROM or number != item.rounds // 2 + 1:
        return ()
    half = coach.utter(coach.phrases.say("halfway"))
    return (Line(CueKind.ENCOURAGE, half, item.breathe.place),)


def _names(kind: PhaseKind, coach: Coach) -> tuple[Utterance, ...]:
    names = (f"breathe-{kind}", kind) if kind in BREATH_KINDS else (kind,)
    return tuple(coach.utter(coach.phrases.say(f"short.{name}")) for name in names)


def _pattern(item: Rounds, coach: Coach) -> list[str]:
    """Return how long each phase of the breath lasts, in one sentence, if all are whole or half seconds."""
    halves = [scale(phase.duration, item.breathe.pace) / 500 for phase in item.breaths.breath]
    if not all(half.is_integer() for half in halves):
        return []
    parts = [
        coach.phrases.part(f"breathe.parts.{phase.kind}", n=coach.phrases.halves(int(half)))
        for phase, half in zip(item.breaths.breath, halves, strict=True)
    ]
    return [coach.phrases.say("breathe.pattern", parts=coach.phrases.listed(parts, "comma"))]
