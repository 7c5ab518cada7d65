"""What a session may say, line by line in reading order, each once: the sheet that an instructor records from."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from breathcue.compiler.answers import answers
from breathcue.compiler.cast import Cast
from breathcue.compiler.coach import Coach
from breathcue.compiler.fit import utterances_of
from breathcue.compiler.laid import Turn
from breathcue.compiler.lines import answers_of, lines_of, words_of
from breathcue.compiler.narrate import narrate
from breathcue.compiler.outline import Outline
from breathcue.compiler.outlook import is_minor, title_of
from breathcue.compiler.performance import Performance
from breathcue.compiler.phrases import load_phrases
from breathcue.compiler.plan import plan
from breathcue.compiler.positions import load_positions
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.speech import Speech
from breathcue.language.routine import Guidance, Level, Routine
from breathcue.timeline.model import Utterance
from breathcue.timeline.score import Manner
from breathcue.timeline.script import ScriptLine


def script_of(routine: Routine, cast: Cast) -> tuple[ScriptLine, ...]:
    """Return every line that a session may say, in the order in which they may first be heard, each of them once."""
    coach = Coach(load_phrases(routine.language), load_positions(routine.language), cast)
    return lines_of(narrate(plan(routine), coach))


def live_script_of(
    routine: Routine, cast: Cast, speech: Speech, source_of: SourceOf
) -> tuple[ScriptLine, ...]:
    """Return what the coach may say in answer to a listener, apart from what the session says anyway."""
    performance = Performance(routine, cast, speech, source_of)
    coach = performance.coach
    said = [*answers(performance), coach.utter(coach.phrases.say("live.behind"))]
    for entry in performance.entries:
        if not is_minor(entry):
            said.append(coach.utter(coach.phrases.say("live.again", title=title_of(entry, coach.phrases))))
    said += _in_other_manners(performance.outline)
    known = {words_of(line.utterance) for line in script_of(routine, cast)}
    lines = answers_of(said, routine.voice.place or routine.place)
    return tuple(line for line in lines if words_of(line.utterance) not in known)


def _in_other_manners(outline: Outline) -> Iterator[Utterance]:
    """Yield what is said of a session in every form that it has, with many words and with few."""
    for level, guidance in product(Level, Guidance):
        other = outline.in_manner(Manner(level, guidance))
        course = other.start()
        for step in range(len(other.entries)):
            parts, course = other.parts(Turn(0, step, course, ()))
            for part in parts:
                yield from utterances_of(part.part)
