"""The words inside repetitions: full at first, short once the movement is known, with the count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from breathcue.compiler.coach import READY_PAUSE, SENTENCE_PAUSE, Coach
from breathcue.compiler.narration import Body, Line, Mark, Run, Talk, Timed
from breathcue.compiler.phrases import mentions_side
from breathcue.compiler.plan import Reps, Rounds
from breathcue.language.placeholders import fill
from breathcue.language.routine import BreathTone, Count, RepPhase, Sides, VoiceRequest, Words
from breathcue.timeline.model import Breath, CueKind, PhaseKind, Side, Utterance
from breathcue.timeline.time import Ms, scale

BRIEF_WORDS = 6
"""A full instruction of up to this many words serves as the short form too, where the author gave none."""

SHORTEST_BEAT = Ms(900)
"""Beats of a counted hold are as many as the seconds the author wrote, unless pace makes them shorter than this."""

HALFWAY_FROM = 8
"""The middle of a set is named from this many repetitions on."""

LED_IN = 2
"""So many breaths are named; then, where a tone follows them, it leads alone."""

SHORTEST_LED = Ms(2_000)
"""Breaths in or out that are shorter than this are named all through: a tone of that length says little."""

_LAST_SHORT_NUMBER = 20

_CUE_KINDS = {
    PhaseKind.INHALE: CueKind.BREATH,
    PhaseKind.EXHALE: CueKind.BREATH,
    PhaseKind.HOLD: CueKind.HOLD,
    PhaseKind.MOVE: CueKind.MOVE,
    PhaseKind.RETURN: CueKind.MOVE,
    PhaseKind.REST: CueKind.REST,
}
_BREATH_KINDS = {PhaseKind.INHALE: Breath.INHALE, PhaseKind.EXHALE: Breath.EXHALE}


def narrate_reps(item: Reps, coach: Coach) -> tuple[Timed, ...]:
    """Return the phases of a set's repetitions with their words."""
    return tuple(_exercise_phases(item, coach))


def narrate_rounds(item: Rounds, coach: Coach) -> Iterator[Talk | Run]:
    """Yield the announcement of guided breathing, and its rounds."""
    phrases, place = coach.phrases, item.breathe.place
    label = phrases.say("labels.breathe")
    texts = (
        phrases.say("breathe.announce" if item.number == 1 else "breathe.change"),
        phrases.counted("breathe.rounds", item.rounds, n=item.rounds),
        *_pattern(item, coach),
    )
    yield Talk(
        Body(PhaseKind.TALK, label),
        tuple(Line(CueKind.ANNOUNCE, coach.utter(text), place, SENTENCE_PAUSE) for text in texts),
    )
    ready = Line(CueKind.ANNOUNCE, coach.utter(phrases.say("ready.plain")), place, READY_PAUSE)
    yield Run(
        Talk(Body(PhaseKind.TALK, label), (ready,) if item.number == 1 else ()),
        coach.preview_intro(place),
        tuple(_breath_phases(item, coach)),
    )


@dataclass(frozen=True, slots=True)
class _Rep:
    """Where in its set a repetition stands; ``number`` counts from 1 on each side."""

    number: int
    total: int
    side: Side | None
    full: bool
    leads: bool


def _exercise_phases(item: Reps, coach: Coach) -> Iterator[Timed]:
    for index, side in enumerate(item.sides):
        # Where sides alternate, one repetition is done on each of them before the next begins.
        number, in_turn = divmod(index, 2) if _alternates(item) else (index, 0)
        rep = _Rep(number + 1, item.reps, side, number < item.full, leads=not in_turn)
        for place_in_rep, phase in enumerate(item.prescription.exercise.rep):
            yield _timed(phase, item, rep, coach, begins=place_in_rep == 0)


def _alternates(item: Reps) -> bool:
    return item.prescription.exercise.sides is Sides.ALTERNATE


def _timed(phase: RepPhase, item: Reps, rep: _Rep, coach: Coach, *, begins: bool) -> Timed:
    pace = item.prescription.pace
    label = (
        fill(phase.to, coach.phrases.sided(rep.side))
        if phase.to
        else coach.phrases.say(f"labels.{phase.kind}")
    )
    return Timed(
        Body(
            phase.kind,
            label,
            item.prescription.exercise.name,
            item.number,
            rep.number,
            rep.total,
            rep.side,
            _BREATH_KINDS.get(phase.kind, phase.breath),
        ),
        scale(phase.duration, pace),
        _CUE_KINDS[phase.kind],
        _forms(phase, rep, coach, name_side=begins and _alternates(item)),
        phase.place,
        preview=phase.say is not None and rep.full and rep.number == 1 and rep.leads,
        before=_rep_count(item, rep, coach) if begins else None,
        counts=_hold_counts(phase, pace, coach),
        marks=_marks(phase, pace, coach),
        aside=_halfway(item, rep, coach),
        sparse_counts=_hold_counts(phase, pace, coach, sparse=True),
        yields=rep.number > 1,
        counts_alone=not rep.full and not _alternates(item),
        pace=pace,
        tone=_tone(_BREATH_KINDS.get(phase.kind, phase.breath), item.prescription.tone),
        speed=coach.speed,
    )


def _tone(breath: Breath | None, style: BreathTone | None) -> str | None:
    """Return the name of the tone that follows a breath; None where the breath, or the tone, is left open."""
    if style in {None, BreathTone.NONE} or breath in {None, Breath.FREE}:
        return None
    return f"{breath}-{style}"


def _breath_phases(item: Rounds, coach: Coach) -> Iterator[Timed]:
    pace = item.breathe.pace
    for number in range(1, item.rounds + 1):
        for phase in item.breaths.breath:
            left = item.rounds - number
            key = {0: "breathe.last", 1: "breathe.two-more"}.get(left) if item.rounds > 2 else None
            first = phase is item.breaths.breath[0]
            before = coach.utter(coach.phrases.say(key)) if key and first else None
            duration = scale(phase.duration, pace)
            led = number > LED_IN and _is_led(phase, item)
            yield Timed(
                Body(
                    phase.kind,
                    coach.phrases.say(f"labels.{phase.kind}"),
                    rep=number,
                    reps=item.rounds,
                    breath=_BREATH_KINDS.get(phase.kind),
                ),
                duration,
                _CUE_KINDS[phase.kind],
                tuple(filter(None, [before])) if led else _breath_forms(phase.kind, coach),
                phase.place,
                before=None if led else before,
                marks=coach.marks(duration),
                aside=_half_breathed(item, number, coach) if led else None,
                pace=pace,
                tone=_tone(_BREATH_KINDS.get(phase.kind), item.breathe.tone),
                speed=coach.speed,
            )


def _is_led(phase: RepPhase, item: Rounds) -> bool:
    """Say whether a tone alone is enough to follow a phase of guided breathing."""
    if _tone(_BREATH_KINDS.get(phase.kind), item.breathe.tone) is None:
        return False
    breaths = (phase.duration for phase in item.breaths.breath if phase.kind in _BREATH_KINDS)
    return scale(min(breaths), item.breathe.pace) >= SHORTEST_LED


def _half_breathed(item: Rounds, number: int, coach: Coach) -> Utterance | None:
    """Return what is said when the first half of the breaths is done, which nobody has counted."""
    if item.rounds < HALFWAY_FROM or number != item.rounds // 2 + 1:
        return None
    return coach.utter(coach.phrases.say("halfway"))


def _breath_forms(kind: PhaseKind, coach: Coach) -> tuple[Utterance, ...]:
    names = (f"breathe-{kind}", kind) if kind in _BREATH_KINDS else (kind,)
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


def _forms(phase: RepPhase, rep: _Rep, coach: Coach, *, name_side: bool) -> tuple[Utterance, ...]:
    """Return the ways to say a phase's cue in this repetition, the fullest first."""
    values = coach.phrases.sided(rep.side)
    said = []
    for form, voice in _templates(phase, coach, full=rep.full):
        text = fill(form, values)
        if name_side and not mentions_side(form):
            text = coach.phrases.say("short.sided", words=text, **values)
        said.append(coach.utter(text, voice))
    return tuple(dict.fromkeys(said))


def _templates(phase: RepPhase, coach: Coach, *, full: bool) -> Iterator[tuple[str, VoiceRequest | None]]:
    """Yield the ways to say a phase's cue, the fullest first, each with the voice that the author named for it."""
    short, words = _short(phase, coach)
    if full and phase.say is not None:
        yield _full(phase, phase.say, short, coach), phase.say.voice
    yield short, words.voice if words else None
    if not phase.short:
        yield _default(phase, coach), None


def _full(phase: RepPhase, say: Words, short: str, coach: Coach) -> str:
    """Return the author's full instruction, preceded by the breath where the words leave it open."""
    breath = _spoken_breath(phase)
    if breath is None or coach.phrases.says_breath(say.text, breath):
        return say.text
    if phase.short and phase.kind in _BREATH_KINDS and coach.phrases.says_breath(short, breath):
        return f"{short} {say.text}"
    if phase.to and phase.kind in _BREATH_KINDS:
        return f"{_default(phase, coach)} {say.text}"
    return _template(coach, f"short.with-{breath}", say.text)


def _short(phase: RepPhase, coach: Coach) -> tuple[str, Words | None]:
    """Return what is said once the movement is known, and the words of the author that it is made of, if any."""
    words = phase.short
    if words is None and phase.say is not None and len(phase.say.text.split()) <= BRIEF_WORDS:
        words = phase.say
    if words is None:
        return _default(phase, coach), None
    breath = _spoken_breath(phase)
    if phase.kind in _BREATH_KINDS and breath and not coach.phrases.says_breath(words.text, breath):
        return _template(coach, f"short.with-{breath}", words.text), words
    return words.text, words


def _default(phase: RepPhase, coach: Coach) -> str:
    """Return the coach's own words for a phase."""
    key = f"short.{phase.kind}"
    if phase.kind in {PhaseKind.MOVE, PhaseKind.RETURN} and _spoken_breath(phase):
        key += f"-{_spoken_breath(phase)}"
    if phase.to and phase.kind not in {PhaseKind.HOLD, PhaseKind.REST}:
        return _template(coach, f"{key}-to", phase.to)
    return coach.phrases.say(key)


def _template(coach: Coach, path: str, words: str) -> str:
    """Return a phrase around an author's template, whose own placeholders are filled in afterwards."""
    return coach.phrases.say(path, words=words, to=words)


def _spoken_breath(phase: RepPhase) -> str | None:
    breath = _BREATH_KINDS.get(phase.kind, phase.breath)
    return None if breath in {None, Breath.FREE} else breath


def _rep_count(item: Reps, rep: _Rep, coach: Coach) -> Utterance | None:
    """Return how the repetition is counted: its number, and near the end how many are left."""
    if rep.number == 1 or not rep.leads:
        return None
    each_side = "-each-side" if _alternates(item) else ""
    left = rep.total - rep.number
    if left == 0:
        return coach.utter(coach.phrases.say(f"count.last{each_side}"))
    if left == 1 and rep.total > 3:
        return coach.utter(coach.phrases.say(f"count.two-more{each_side}"))
    holds = any(phase.count is not Count.NONE for phase in item.prescription.exercise.rep)
    name = "count.rep-with-holds" if holds else "count.rep"
    return coach.utter(coach.phrases.say(name, n=rep.number))


def _halfway(item: Reps, rep: _Rep, coach: Coach) -> Utterance | None:
    """Return what is said when the first half of a set is done."""
    if rep.total < HALFWAY_FROM or rep.number != rep.total // 2 + 1:
        return None
    return coach.utter(coach.phrases.say("halfway", item.ordinal))


def _marks(phase: RepPhase, pace: float, coach: Coach) -> tuple[Mark, ...]:
    """Return what is said of the time that is left; a hold that is counted all through needs nothing more."""
    if phase.count in {Count.UP, Count.DOWN}:
        return ()
    return coach.marks(scale(phase.duration, pace))


def _hold_counts(
    phase: RepPhase, pace: float, coach: Coach, *, sparse: bool = False
) -> tuple[Utterance | None, ...]:
    """Return what is said on each beat of a hold; None on the beats that stay silent.

    Where ``sparse``, of the numbers above twenty only the tens are said.
    """
    if phase.count is Count.NONE:
        return ()
    beats = beats_of(phase.duration, pace)
    return tuple(
        coach.utter(coach.phrases.say("count.hold", n=n)) if n and not (sparse and _is_long(n)) else None
        for n in count_numbers(phase.count, beats)
    )


def _is_long(n: int) -> bool:
    return n > _LAST_SHORT_NUMBER and n % 10 > 0


def beats_of(written: Ms, pace: float) -> int:
    """Return the number of beats of a counted hold: its seconds as written, fewer where pace makes them too quick."""
    duration = scale(written, pace)
    beats = max(1, round(written / 1000))
    if duration / beats < SHORTEST_BEAT:
        beats = max(1, duration // 1000)
    return beats


def count_numbers(count: Count, beats: int) -> Sequence[int]:
    """Return the number spoken on each beat, 0 for a silent one."""
    down = range(beats, 0, -1)
    if count is Count.UP:
        return range(1, beats + 1)
    if count is Count.DOWN:
        return down
    return [n if n <= 3 else 0 for n in down]
