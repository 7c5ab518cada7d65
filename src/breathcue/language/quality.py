"""Warnings about words: what needs eyes, what shames, what is too much for one breath, and what is left unsaid.

They are advice, given by ``breathcue check`` alone, and only in languages that the library has word lists of. Each list
errs on the side of silence: a false alarm would teach authors to overlook the true ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from breathcue.diagnostics import Place
from breathcue.language.checks import every_step
from breathcue.language.lookup import Found
from breathcue.language.names import DEFAULT_LANGUAGE
from breathcue.language.placeholders import names_in
from breathcue.language.problems import Problems, quote, shorten
from breathcue.language.record import Definition, Record
from breathcue.language.routine import Words
from breathcue.language.wording import Actions, Group, Run, Spoken, Wording, language_of, spoken, wording

MOST_WORDS = 25
"""The longest cue, in words: some ten seconds of unhurried speech, and about as much as one remembers while moving."""
MOST_ACTIONS = 2
"""How many movements one breath holds at most: two that are done at once, such as arching and lifting."""

_SESSION_KEYS = ("title", "about", "needs")
_STEP_KEYS = ("section", "say", "check-in")
_EXERCISE_KEYS = ("title", "setup", "form")
_PHASE_KEYS = ("to", "say", "short")
_CUES = ("about", "say", "check-in", "setup", "form", "short")
_MOVEMENTS = ("inhale", "exhale", "move")
_SHOWN = 300
_WORD = re.compile(r"\S+")


def check_session_words(session: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Warn of the words of a session and of the exercises it defines or uses."""
    language = session.get("language", Words)
    lists = wording(language.text if language else DEFAULT_LANGUAGE)
    if lists is None:
        return
    reader = _Reader(lists, problems)
    reader.record(session, _SESSION_KEYS)
    for step in every_step(session.records("steps")):
        reader.record(step, _STEP_KEYS)
    own = [item for item in session.get("exercises", tuple) or () if isinstance(item, Definition)]
    names = {definition.name.text for definition in own}
    found = [exercise.record for exercise in used.values() if exercise.name not in names]
    for record in (*(definition.record for definition in own), *found):
        if record is not None:
            reader.exercise(record)


def check_exercise_words(exercise: Record, problems: Problems) -> None:
    """Warn of the words of an exercise in a file of its own, in the language that they seem to be in."""
    language = language_of(words.text for words in dict.fromkeys(exercise_texts(exercise)))
    lists = wording(language) if language else None
    if lists is not None:
        _Reader(lists, problems).exercise(exercise)


class _Reader:
    """Reads the words of one file with the lists of its language; each text once, however often it is repeated."""

    def __init__(self, lists: Wording, problems: Problems) -> None:
        self._lists = lists
        self._problems = problems
        self._seen: set[tuple[str, Words]] = set()

    def record(self, record: Record, keys: Iterable[str]) -> None:
        for key in keys:
            for words in record.words(key):
                if self._is_new(key, words):
                    self._text(words, is_cue=key in _CUES)

    def _is_new(self, what: str, words: Words) -> bool:
        """Say whether a text has not been read for something before; it has been from now on."""
        before = len(self._seen)
        self._seen.add((what, words))
        return len(self._seen) > before

    def exercise(self, exercise: Record) -> None:
        self.record(exercise, _EXERCISE_KEYS)
        for phase in exercise.records("rep"):
            self.record(phase, _PHASE_KEYS)
            if _is_one_breath(phase):
                for words in phase.words("say"):
                    if self._is_new("actions", words):
                        self._actions(words)
        self._side(exercise)
        self._position(exercise)

    def _text(self, words: Words, *, is_cue: bool) -> None:
        said = spoken(words.text)
        for group in self._lists.eyes:
            for run in self._lists.meant(group.runs, said):
                # "Breathe like this: in for four" goes on to say it in words.
                if not said.text[said.tokens[run.last].end :].lstrip().startswith(":"):
                    self._report("needs-eyes", "can only be followed by watching", words, said, run, group)
        for group in self._lists.harsh:
            for run in self._lists.meant(group.runs, said):
                self._report("harsh-words", "drives or shames", words, said, run, group)
        if is_cue:
            self._length(words)

    def _report(self, code: str, what: str, words: Words, said: Spoken, run: Run, group: Group) -> None:
        written = said.written(run.first, run.last)
        aim = "Say what moves where" if code == "needs-eyes" else "Say it kindly"
        fix = f"{aim}, as in `{group.better}`"
        self._problems.add(code, f"{quote(written)} {what}.", narrowed(words.place, written), fix)

    def _length(self, words: Words) -> None:
        said = [word for word in _WORD.finditer(words.text) if any(map(str.isalnum, word[0]))]
        if len(said) > MOST_WORDS:
            self._problems.add(
                "long-cue",
                f"This is {len(said)} words in one go, more than {MOST_WORDS}.",
                narrowed(words.place, words.text[said[MOST_WORDS].start() :].rstrip(), end=True),
                f"Split it, for instance after {quote(_pause_in([word[0] for word in said]))}.",
            )

    def _actions(self, words: Words) -> None:
        said = spoken(words.text)
        acts = self._lists.actions
        found = _actions_in(said, acts)
        later = _second_in_time(said, acts, found)
        if later is None and len(found) > MOST_ACTIONS:
            later = found[-1]
        if later is None:
            return
        one, other = _parted(said, acts, later)
        self._problems.add(
            "several-actions",
            "This is more than one movement after another for one breath.",
            narrowed(words.place, said.text[said.tokens[later].start :].rstrip(), end=True),
            f"Say {quote(one)} here, and {quote(other)} in a phase of its own.",
        )

    def _side(self, exercise: Record) -> None:
        sides = exercise.get("sides", Words)
        phases = exercise.records("rep")
        broken = exercise.broken & {"setup", "sides", "rep"} or any(phase.broken for phase in phases)
        if sides is None or sides.text == "none" or broken or not phases:
            return
        before = list(takewhile(lambda phase: phase.kind not in _MOVEMENTS, phases))
        first = (*before, *phases[len(before) : len(before) + 1])
        setup, rep = _any_side(exercise.words("setup")), any(map(_phase_names_side, phases))
        named = any(map(_phase_names_side, first)) if sides.text == "alternate" else setup or rep
        # Where nothing at all names a side, that is an error of its own.
        if named or not (setup or rep or _any_side(exercise.words("form"))):
            return
        place = next((words.place for words in first[-1].words("say")), first[-1].place)
        self._problems.add(
            "side-not-named",
            "The movement begins before the listener has heard which side it is for.",
            place,
            "Put `{side}` into the words of the first movement, as in `Reach your {side} arm forward.`",
        )

    def _position(self, exercise: Record) -> None:
        position = exercise.get("position", Words)
        setup = exercise.words("setup")
        posture = self._lists.positions.get(position.text) if position else None
        if position is None or posture is None or not setup or "setup" in exercise.broken:
            return
        if not any(posture.runs.any(spoken(words.text)) for words in dict.fromkeys(setup)):
            self._problems.add(
                "position-not-said",
                f"The exercise is done in the position `{position.text}`, and its setup does not say so.",
                setup[0].place,
                f"Begin with how to get there, as in `{posture.say}`",
            )


def _is_one_breath(phase: Record) -> bool:
    breath = phase.get("breath", Words)
    return phase.kind in ("inhale", "exhale") or (breath is not None and breath.text in ("inhale", "exhale"))


def _any_side(texts: Iterable[Words]) -> bool:
    return any(names_in(words.text) for words in texts)


def _phase_names_side(phase: Record) -> bool:
    return _any_side(words for key in _PHASE_KEYS for words in phase.words(key))


def narrowed(place: Place, written: str, *, end: bool = False) -> Place:
    """Return the part of a place in which words stand as written, or all of it where that cannot be told.

    They are looked for from the beginning, or with ``end`` from the end.
    """
    find = place.source.rfind if end else place.source.find
    at = find(written, place.column - 1, place.end_column - 1)
    return place if at < 0 else replace(place, column=at + 1, end_column=at + 1 + len(written))


def _pause_in(words: list[str]) -> str:
    """Return the words before the best place for a pause, among the first so many: after a sentence, or a comma."""
    for marks in (".!?…", ",;:"):
        for index in range(min(MOST_WORDS, len(words) - 1) - 1, 1, -1):
            if words[index].rstrip("\"'”’»)")[-1:] in tuple(marks):
                return "… " + " ".join(words[max(0, index - 2) : index + 1])
    middle = min(MOST_WORDS, len(words) // 2)
    return "… " + " ".join(words[middle - 3 : middle])


def _actions_in(said: Spoken, acts: Actions) -> list[int]:
    """Return the indices of the words with which a movement is asked for: verbs at the start of a clause."""
    none = {run.first for run in acts.none.find(said)}
    return [
        index
        for index, token in enumerate(said.tokens)
        if token.word in acts.verbs and index not in none and _begins_clause(said, acts, index)
    ]


def _begins_clause(said: Spoken, acts: Actions, index: int) -> bool:
    while index > 0 and not _parts(said.gap(index)) and said.tokens[index - 1].word in acts.adverbs:
        index -= 1
    return index == 0 or _parts(said.gap(index)) or said.tokens[index - 1].word in acts.joined_by


def _parts(gap: str) -> bool:
    return any(mark in ".!?;:,–—" for mark in gap)


def _second_in_time(said: Spoken, acts: Actions, found: list[int]) -> int | None:
    """Return the first movement that comes after another in time, by the words between them."""
    for run in acts.sequence.find(said):
        later = next((index for index in found if index > run.last), None)
        if later is not None and any(index < run.first for index in found):
            return later
    return None


def _parted(said: Spoken, acts: Actions, at: int) -> tuple[str, str]:
    """Return the instructions before a movement and from it on, without the words that join them."""
    joining = acts.joined_by | acts.adverbs
    joining |= {
        said.tokens[index].word
        for run in acts.sequence.find(said)
        for index in range(run.first, run.last + 1)
    }
    last = at - 1
    while last > 0 and said.tokens[last].word in joining:
        last -= 1
    # Long texts are shown cut, so there is no need to carry all of them about.
    one = shorten(said.text[: said.tokens[last].end][-_SHOWN:], _SHOWN)
    other = shorten(said.text[said.tokens[at].start :][:_SHOWN], _SHOWN)
    return f"{one}.", other[:1].upper() + other[1:]


def texts_of(steps: Iterable[Record]) -> Iterator[Words]:
    """Yield what steps say themselves, in the author's order."""
    for step in steps:
        for key in _STEP_KEYS:
            yield from step.words(key)


def exercise_texts(exercise: Record) -> Iterator[Words]:
    """Yield every text of an exercise."""
    for part, keys in (
        (exercise, _EXERCISE_KEYS),
        *((each, _PHASE_KEYS) for each in exercise.records("rep")),
    ):
        for key in keys:
            yield from part.words(key)
