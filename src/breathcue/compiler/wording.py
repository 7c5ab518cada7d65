"""The words for one phase of a repetition: the author's, full or short, or the coach's own."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.compiler.coach import Coach
from breathcue.compiler.phrases import mentions_side
from breathcue.language.placeholders import OTHER, SIDE, fill, names_in
from breathcue.language.routine import BreathTone, RepPhase, VoiceRequest, Words
from breathcue.timeline.model import Breath, CueKind, PhaseKind, Side, Utterance

BRIEF_WORDS = 6
"""A full instruction of up to this many words serves as the short form too, where the author gave none."""

CUE_KINDS = {
    PhaseKind.INHALE: CueKind.BREATH,
    PhaseKind.EXHALE: CueKind.BREATH,
    PhaseKind.HOLD: CueKind.HOLD,
    PhaseKind.MOVE: CueKind.MOVE,
    PhaseKind.RETURN: CueKind.MOVE,
    PhaseKind.REST: CueKind.REST,
}
BREATH_KINDS = {PhaseKind.INHALE: Breath.INHALE, PhaseKind.EXHALE: Breath.EXHALE}


def forms_of(
    phase: RepPhase, side: Side | None, coach: Coach, *, full: bool, name_side: bool
) -> tuple[Utterance, ...]:
    """Return the wordings of a phase's cue, the fullest first; without the full instruction unless ``full``."""
    values = coach.phrases.sided(side)
    named = coach.phrases.sided(_named(phase, side))
    said = []
    for form, voice in _templates(phase, coach, full=full):
        text = fill(form, values)
        if name_side and not mentions_side(form):
            text = coach.phrases.say("short.sided", words=text, **named)
        said.append(coach.utter(text, voice))
    return tuple(dict.fromkeys(said))


def _templates(phase: RepPhase, coach: Coach, *, full: bool) -> Iterator[tuple[str, VoiceRequest | None]]:
    """Yield the wordings of a phase's cue, the fullest first, each with the voice that the author named for it."""
    short, words = _short(phase, coach)
    if full and phase.say is not None:
        yield _full(phase, phase.say, coach), phase.say.voice
    yield short, words.voice if words else None
    if not phase.short:
        yield _default(phase, coach), None


def has_brief_words(phase: RepPhase) -> bool:
    """Say whether a phase has words of its author that are as short as a reminder, or needs none."""
    return phase.short is not None or phase.say is None or len(phase.say.text.split()) <= BRIEF_WORDS


def stopgap_of(phase: RepPhase, side: Side | None, coach: Coach) -> Utterance | None:
    """Return the coach's own words for a movement of which the author said more, where they tell nothing of it."""
    told = phase.to or _spoken_breath(phase) or not (phase.say or phase.short)
    if told or phase.kind not in {PhaseKind.MOVE, PhaseKind.RETURN}:
        return None
    return coach.utter(fill(_default(phase, coach), coach.phrases.sided(side)))


def _full(phase: RepPhase, say: Words, coach: Coach) -> str:
    """Return the author's full instruction, preceded by the breath where the words leave it open."""
    breath = _spoken_breath(phase)
    if breath is None or coach.phrases.says_breath(say.text, breath):
        return say.text
    if phase.short and phase.kind in BREATH_KINDS and coach.phrases.says_breath(phase.short.text, breath):
        return f"{phase.short.text} {say.text}"
    if phase.to and phase.kind in BREATH_KINDS:
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
    if phase.kind in BREATH_KINDS and breath and not coach.phrases.says_breath(words.text, breath):
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
    breath = breath_of(phase)
    return None if breath in {None, Breath.FREE} else breath


def other_words(phase: RepPhase, side: Side | None, coach: Coach) -> tuple[Utterance, ...]:
    """Return what may be said for a phase where its own words were said just before."""
    own = fill(_default(phase, coach), coach.phrases.sided(side))
    again = "short.hold-on" if phase.kind is PhaseKind.HOLD else "short.again"
    return coach.utter(coach.phrases.say(again)), coach.utter(own)


def side_alone(phase: RepPhase, side: Side, coach: Coach) -> Utterance:
    """Return the name of the side whose turn it is, and nothing more."""
    return coach.utter(coach.phrases.say("short.side", **coach.phrases.sided(_named(phase, side))))


def _named(phase: RepPhase, side: Side | None) -> Side | None:
    """Return the side by which a phase is known when ``side`` works: the other, where its words name only that."""
    said = (words.text for words in (phase.say, phase.short) if words)
    names = frozenset[str]().union(*map(names_in, said))
    return side.other if side and OTHER in names and SIDE not in names else side


def breath_of(phase: RepPhase) -> Breath | None:
    """Return what the breath does in a phase; None where the author left it open."""
    return BREATH_KINDS.get(phase.kind, phase.breath)


def tone_of(breath: Breath | None, style: BreathTone | None) -> str | None:
    """Return the name of the tone that follows a breath; None where the breath, or the tone, is left open."""
    if style in {None, BreathTone.NONE} or breath in {None, Breath.FREE}:
        return None
    return f"{breath}-{style}"
