"""Warnings of what a session owes to the people it is for; the rules are data, each with its reason and its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from breathcue.diagnostics import Place
from breathcue.language.checks import every_step
from breathcue.language.data import read_yaml_data
from breathcue.language.lookup import Found
from breathcue.language.names import DEFAULT_LANGUAGE
from breathcue.language.problems import Problems, quote
from breathcue.language.quality import exercise_texts, narrowed, texts_of
from breathcue.language.record import Record
from breathcue.language.routine import Range, Words
from breathcue.language.size import least_ms
from breathcue.language.wording import Runs, Wording, spoken, wording
from breathcue.timeline.time import clock, scale

BREATH_HOLD_MS = 8_000
"""The longest held breath without a warning; a cautious choice, as library/safety.yaml says."""
ON_BACK_MS = 30 * 60_000
"""The longest time on the back without a warning; a cautious choice, as library/safety.yaml says."""
REST_MS = 10_000
"""The shortest quiet that counts as a rest between exercises."""

_RESTING = ("rest", "wait", "repeat")
_SUPINE, _ANY = "supine", "any"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of safety: whom it is for (None: everyone), why it is there in one sentence, and who says so."""

    audience: str | None
    reason: str
    source: str


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules by the names of their codes."""
    data = read_yaml_data("safety.yaml")["rules"]
    return {name: Rule(row.get("audience"), row["reason"], row["source"]) for name, row in data.items()}


def check_safety(session: Record, used: Mapping[str, Found], problems: Problems) -> None:
    """Warn where a session that is otherwise sound breaks a rule."""
    _Checker(session, used, problems).check()


class _Checker:
    def __init__(self, session: Record, used: Mapping[str, Found], problems: Problems) -> None:
        self._session = session
        self._used = used
        self._problems = problems
        self._steps = tuple(every_step(session.records("steps")))
        self._exercises = tuple(step for step in self._steps if step.kind == "exercise")
        language = session.get("language", Words)
        self._lists = wording(language.text if language else DEFAULT_LANGUAGE)

    def check(self) -> None:
        self._breath_holds()
        self._on_back()
        audience = self._session.get("audience", Words)
        if audience is not None:
            self._clearance(audience)
            self._stop_signs(audience)
            if self._exercises:
                self._course(audience)
            if self._lists is not None:
                self._water(audience, self._lists)
                self._impact(self._lists)

    def _warn(self, code: str, what: str, place: Place, fix: str) -> None:
        audience = self._session.get("audience", Words)
        rule = rules()[code]
        if rule.audience is None or (audience is not None and audience.text == rule.audience):
            self._problems.add(code, f"{what} {rule.reason}", place, fix)

    def _clearance(self, audience: Words) -> None:
        safety = self._session.get("safety", Record)
        if safety is None or not safety.get("clearance", bool):
            fix = "Add `clearance: true` under `safety:`; the coach then asks for it before anything else."
            self._warn("no-clearance", "The session does not speak of clearance.", _of(safety, audience), fix)

    def _stop_signs(self, audience: Words) -> None:
        safety = self._session.get("safety", Record)
        if safety is None or not safety.words("stop-if"):
            fix = (
                "Add the signs under `safety:`, such as `stop-if: [pain, dizziness, bleeding that gets heavier, "
                "heaviness or dragging in your pelvis]`."
            )
            self._warn("no-stop-signs", "The session names no signs to stop at.", _of(safety, audience), fix)

    def _water(self, audience: Words, lists: Wording) -> None:
        if not _says(lists.water, (*self._session.words("needs"), *texts_of(self._steps))):
            fix = "Add water to what is needed, as in `needs: [a mat, water]`, and pause for a sip."
            self._warn("no-water", "The session does not mention water.", audience.place, fix)

    def _course(self, audience: Words) -> None:
        """Look at how the session begins, pauses and ends, around its exercises."""
        done = [index for index, step in enumerate(self._steps) if step.kind == "exercise"]
        first, last = done[0], done[-1]
        before = self._steps[: first + 1]
        breathes = any(map(self._is_breathing, before))
        if not breathes and self._lists is not None and not _says(self._lists.gentle, self._heard(before)):
            fix = "Begin with a few breaths, as in `- breathe: {inhale: 4s, exhale: 6s, rounds: 5}`."
            self._warn("no-gentle-start", "The session begins at once.", self._exercises[0].place, fix)
        rests = any(map(self._is_rest, self._steps[first : last + 1]))
        if len(self._exercises) > 1 and not rests:
            fix = "Add a step such as `- rest: 30s` between two exercises."
            self._warn("no-rest", "There is no rest between the exercises.", audience.place, fix)
        if not any(
            step.kind in ("say", "breathe", "wait", "rest", "check-in") for step in self._steps[last + 1 :]
        ):
            fix = "End with quiet and a few words, as in `- wait: 30s` and `- say: Take your time to get up.`"
            self._warn("no-closing", "The session ends with an exercise.", self._steps[last].place, fix)

    def _impact(self, lists: Wording) -> None:
        heard = (*self._session.words("title"), *self._heard(self._steps), *self._titles())
        for words in dict.fromkeys(heard):
            said = spoken(words.text)
            for run in lists.meant(lists.impact, said):
                written = said.written(run.first, run.last)
                place = narrowed(words.place, written)
                fix = "Choose a form in which one foot stays on the floor, such as a step instead of a jump."
                self._warn("high-impact", f"{quote(written)} is high impact.", place, fix)

    def _titles(self) -> Iterator[Words]:
        for step in self._exercises:
            yield from step.words("exercise")

    def _breath_holds(self) -> None:
        pace = self._session.get("pace", float) or 1.0
        for step in self._steps:
            for breath, key in product(step.records("breathe"), ("hold", "rest")):
                held = scale(breath.get(key, int) or 0, pace * (step.get("pace", float) or 1.0))
                if held > BREATH_HOLD_MS:
                    what = f"The breath is held for {held / 1000:g} seconds."
                    fix = f"Shorten `{key}` to {BREATH_HOLD_MS // 1000}s or less, or let the breath go free."
                    self._warn("long-breath-hold", what, breath.place_of(key), fix)

    def _on_back(self) -> None:
        back = _OnBack(self._session, self._used)
        back.walk(self._session.records("steps"))
        if back.place is not None:
            what = f"The listener lies on the back for {clock(back.longest)} or longer without a change."
            fix = "Put an exercise in another position between, such as on the side or on hands and knees."
            self._warn("long-on-back", what, back.place, fix)

    def _heard(self, steps: Iterable[Record]) -> Iterator[Words]:
        """Yield the words of steps and of the exercises they do, each exercise once."""
        told = set()
        for step in steps:
            yield from texts_of((step,))
            name = step.get("exercise", Words)
            found = self._used.get(name.text) if name else None
            if found is not None and found.record is not None and found.name not in told:
                told.add(found.name)
                yield from exercise_texts(found.record)

    def _is_breathing(self, step: Record) -> bool:
        name = step.get("exercise", Words)
        found = self._used.get(name.text) if name else None
        kind = found.record.get("kind", Words) if found and found.record else None
        return step.kind == "breathe" or (kind is not None and kind.text == "breathing")

    def _is_rest(self, step: Record) -> bool:
        pause = (
            step.get("rest" if step.kind == "repeat" else step.kind, Range) if step.kind in _RESTING else None
        )
        if step.kind == "exercise":
            name = step.get("exercise", Words)
            found = self._used.get(name.text) if name else None
            own = found.record.get("sets", Range) if found and found.record else None
            sets = step.get("sets", Range) or own
            return sets is not None and sets.low > 1
        return pause is not None and pause.low >= REST_MS


class _OnBack:
    """Follows where the body lies, and for how long at the least.

    ``longest`` is the longest time on the back, in ms; ``place`` is the step with which that is too long.
    """

    def __init__(self, session: Record, used: Mapping[str, Found]) -> None:
        self._pace = session.get("pace", float) or 1.0
        self._used = used
        self._supine = False
        self._now = 0
        self.longest = 0
        self.place: Place | None = None

    def walk(self, steps: tuple[Record, ...]) -> None:
        for step in steps:
            inside = step.records("steps")
            if step.kind == "repeat" and self._leaves_back(inside):
                # Twice is enough to meet what goes on from the end of one round into the next.
                for _ in range(min(2, step.get("repeat", int) or 1)):
                    self.walk(inside)
            elif step.kind == "section":
                self.walk(inside)
            else:
                self._step(step, inside)

    def _step(self, step: Record, inside: tuple[Record, ...]) -> None:
        positions = [self._position(each) for each in every_step((step, *inside))]
        named = [position for position in positions if position is not None]
        if named:
            stays = self._supine
            self._supine = named[-1] == _SUPINE
            self._now = self._now if stays and self._supine else 0
        if not self._supine:
            return
        self._now += least_ms(step, self._pace, self._used)
        self.longest = max(self.longest, self._now)
        if self._now > ON_BACK_MS and self.place is None:
            self.place = step.place

    def _leaves_back(self, steps: tuple[Record, ...]) -> bool:
        return any(self._position(step) not in (None, _SUPINE) for step in every_step(steps))

    def _position(self, step: Record) -> str | None:
        name = step.get("exercise", Words)
        found = self._used.get(name.text) if name else None
        position = found.record.get("position", Words) if found and found.record else None
        return None if position is None or position.text == _ANY else position.text


def _of(safety: Record | None, audience: Words) -> Place:
    return audience.place if safety is None else safety.place


def _says(runs: Runs, texts: Iterable[Words]) -> bool:
    return any(runs.any(spoken(words.text)) for words in dict.fromkeys(texts))
