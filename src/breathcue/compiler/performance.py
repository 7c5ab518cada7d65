"""A session that is performed: compiled part by part, a little ahead of the listener, and changed on request.

The passes are those of :mod:`breathcue.compiler.compile`, on one step after another: plan, narrate, measure, fit,
schedule. Where nobody asks for anything, the result is the same timeline. A request takes back what is laid and not
yet heard, and lays something else: so a change of pace, say, is nothing but the same steps planned anew, from the
next repetition on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from breathcue.compiler.anew import planned_anew
from breathcue.compiler.cast import Cast
from breathcue.compiler.coach import Coach
from breathcue.compiler.fit import FittedRun, kin
from breathcue.compiler.fitting import Fitting
from breathcue.compiler.laid import Item, Laid, Turn
from breathcue.compiler.narration import Line, Run, Talk
from breathcue.compiler.outline import Outline, outline_of
from breathcue.compiler.outlook import span
from breathcue.compiler.phrases import load_phrases
from breathcue.compiler.plan import Course
from breathcue.compiler.positions import load_positions
from breathcue.compiler.remainder import LaidRun
from breathcue.compiler.running_order import Entry
from breathcue.compiler.schedule import ChapterTitles, Fitted, Scheduler, SourceOf, tone_lead
from breathcue.compiler.speech import Speech
from breathcue.compiler.verdict import check_size
from breathcue.language.routine import Routine
from breathcue.library.tones import tone_length_ms
from breathcue.timeline.model import Cue, Phase, Track, Utterance
from breathcue.timeline.score import AS_WRITTEN, Manner, Score, Stage, Waiting
from breathcue.timeline.time import Ms


class Performance:
    """Lays a session part by part; see :mod:`breathcue.compiler.requests` for what can be asked of it.

    Not for several threads at once. Every method but :meth:`score` may speak words that were never spoken before,
    and then takes as long as that does.
    """

    def __init__(
        self,
        routine: Routine,
        cast: Cast,
        speech: Speech,
        source_of: SourceOf,
        manner: Manner = AS_WRITTEN,
    ) -> None:
        """Make a performance in the manner that the listener has asked for before; nothing is laid yet."""
        self.routine = routine
        self.coach = Coach(load_phrases(routine.language), load_positions(routine.language), cast)
        self.outline = outline_of(routine, self.coach, manner)
        self.course = self.outline.start()
        self.ahead = tuple(range(len(self.entries)))
        self.waiting: Waiting | None = None
        self.complete = False
        self.items: deque[Item] = deque()
        self.laid: list[Laid] = []
        self.serial = 0
        self.eases = False
        self.answers: dict[str, tuple[Line, Ms]] = {}
        self.fitting = Fitting(speech, self.relatives)
        self.scheduler = Scheduler(self.fitting.lengths, source_of)
        self._stages: list[Stage] = []
        self._turns = 0
        self._jumped = False
        self._kin: list[list[Run]] | None = None
        self._spans: dict[tuple[int, ...], Ms] = {}
        say = self.coach.phrases.say
        self._titles = ChapterTitles(
            say("chapters.opening"), lambda title, nth: say("chapters.again", title=title, nth=str(nth))
        )

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The steps of the session, as they are planned now."""
        return self.outline.entries

    @property
    def pace(self) -> float:
        """The present pace."""
        return self.outline.pace

    # -- laying ----------------------------------------------------------------------------------------------------

    def prelude(self) -> Score:
        """Return what can be heard before a word has been spoken: the tone with which the session opens."""
        self._fill()
        part = self.items[0].part
        if not isinstance(part, Talk) or part.tone is None:
            return Score((), (), (), (), Ms(0))
        length = tone_length_ms(part.tone.name)
        lead = tone_lead(part.tone)
        source = self.scheduler.source_of(part.tone.place)
        cue = Cue("c00001", Ms(0), length, Track.TONE, part.tone.kind, part.tone.name, source)
        phase = Phase(Ms(0), lead, part.body.kind, part.body.label)
        stage = Stage(Ms(0), part.body.label, 0)
        left, manner = Ms(self.left() - lead), self.outline.manner
        changed = self.outline.changed
        return Score(
            (phase,), (cue,), (), (stage,), lead, left, pace=self.pace, manner=manner, changed=changed
        )

    def lay(self) -> bool:
        """Lay one more part; return whether there was one, and whether the session may go on without a decision.

        Raises:
            SessionError: a text of it gives no sound, or the session is too long.
            MissingError: the voice cannot speak.
        """
        if self.waiting or self.complete:
            return False
        self._fill()
        if not self.items:
            self.scheduler.finish()
            self.complete = True
            return True
        self._lay(self.items.popleft())
        check_size(self.scheduler.now, len(self.scheduler.cues), self.routine.place)
        return True

    def _lay(self, item: Item) -> None:
        part = self.fitting.fit(item.part, self.scheduler)
        if item.opens:
            self._stages.append(self._stage(item.turn.step))
        begin = self.scheduler.now
        first = self.scheduler.add(Fitted(part, item.chapter))
        run = LaidRun(part, first) if isinstance(part, FittedRun) else None
        self.laid.append(Laid(item, begin, self.scheduler.now, run))
        self.waiting = item.then

    def _fill(self) -> None:
        """Begin the next step where the one before has been laid."""
        while not self.items and self.ahead and not self.complete:
            self.begin(self.ahead[0], self.ahead[1:])

    def unspoken(self) -> list[Utterance]:
        """Return the words that must be spoken before the next part can be laid."""
        self._fill()
        if not self.items or self.waiting:
            return []
        return self.fitting.unspoken(self.items[0].part)

    def begin(self, step: int, ahead: tuple[int, ...]) -> None:
        """Let a step come up, with others to follow it."""
        self._turns += 1
        turn = Turn(self._turns, step, self.course, ahead, self.entries[step])
        self.ahead = ahead
        parts, self.course = self.outline.parts(turn)
        for index, part in enumerate(parts):
            chapter = self._chapter(step) if index == 0 else None
            self.items.append(Item(part.part, turn, index, part.point, chapter=chapter, opens=index == 0))

    def _chapter(self, step: int) -> str | None:
        """Return the chapter that a step begins, or that it is in where the session has jumped there."""
        if not self._jumped:
            return self.entries[step].chapter
        self._jumped = False
        return self._other_chapter(step) or self.entries[step].chapter

    def _other_chapter(self, step: int) -> str | None:
        """Return the chapter that a step is in where that is not the present one."""
        now = self.scheduler.starts[-1][1] if self.scheduler.starts else None
        title = self.outline.chapter(step)
        return title if title != now else None

    def jump(self) -> None:
        """Let the next step begin the chapter that it is in, wherever the session comes from."""
        self._jumped = True

    def phase_at(self, at: Ms) -> Phase | None:
        """Return what is going on at ``at``; the last of all that is laid at its end."""
        laid = [phase for phase in self.scheduler.phases if phase.start_ms <= at]
        return laid[-1] if laid else None

    # -- another plan ----------------------------------------------------------------------------------------------

    def relatives(self) -> list[list[Run]]:
        """Return all runs of the session at its present pace, in groups that share phases."""
        if self._kin is None:
            self._kin = kin(self.outline.runs())
        return self._kin

    def plan_anew(self, outline: Outline, course: Course) -> None:
        """Plan everything that is not laid yet as another outline has it; only the present step is left to be laid.

        ``course`` is how far the session has come now.
        """
        self.outline, self._kin = outline, None
        self._spans.clear()
        items = planned_anew(self.items, self.laid, outline, course)
        self.items = deque(
            replace(item, chapter=self._other_chapter(item.turn.step))
            if item.opens and item.turn.instead_of
            else item
            for item in items
        )
        if not self.items:
            return
        now = self.items[-1].turn
        self._renew_turns(lambda turn: replace(turn, begun=now.begun) if turn.goes_on_with(now) else turn)
        self.course = outline.parts(now)[1]

    def follow(self, turn: Turn, ahead: tuple[int, ...], at: Ms) -> None:
        """Let other steps follow ``turn``, which is going on at ``at``."""
        later = [laid.begin for laid in self.laid if laid.begin > at and laid.item.turn.number != turn.number]
        if later:
            self.take_back(later[0], lambda laid: laid.begin)
            self.scheduler.take_back(later[0], later[0])
        self.complete = False
        self.items = deque(item for item in self.items if item.turn.number == turn.number)
        self._renew_turns(lambda t: replace(t, ahead=ahead) if t.number == turn.number else t)
        self.ahead = ahead
        self.course = self.outline.parts(turn)[1]
        self._spans.clear()

    def _renew_turns(self, renew: Callable[[Turn], Turn]) -> None:
        self.items = deque(replace(item, turn=renew(item.turn)) for item in self.items)
        self.laid = [replace(laid, item=replace(laid.item, turn=renew(laid.item.turn))) for laid in self.laid]

    # -- taking back: see :mod:`breathcue.compiler.stopping` -----------------------------------------------------------

    def take_back(self, at: Ms, start: Callable[[Laid], Ms]) -> Laid | None:
        """Return to the list what was laid to ``start`` at ``at`` or after it; return what is going on then."""
        self.complete = False
        self._spans.clear()
        while self.laid and start(self.laid[-1]) >= at:
            item = self.laid.pop().item
            self._stages = self._stages[: -1 if item.opens else None]
            self.items.appendleft(item)
        if self.laid and self.laid[-1].end > at:
            return self.laid.pop()
        return None

    def leave(self, kept: Laid, rest: Item | None) -> None:
        """Keep what has been heard of a part, and let the rest of it come next, if there is any."""
        self.laid.append(kept)
        if rest is not None:
            self.items.appendleft(rest)

    def wait(self) -> None:
        """Wait for what the last part waits for, or for nothing."""
        self.waiting = self.laid[-1].item.then if self.laid else None

    def waiting_at(self, at: Ms) -> Waiting | None:
        """Return what the session waits for at ``at``: a wait begins with the words that announce it."""
        return self.waiting if self.laid and at >= self.laid[-1].begin else None

    def drop_later(self) -> None:
        """Forget the steps that were planned ahead: only what is left of the present one stays to be laid."""
        if not self.items:
            return
        number = self.items[0].turn.number
        self.items = deque(item for item in self.items if item.turn.number == number)
        turn = self.items[-1].turn
        self.ahead = turn.ahead
        self.course = self.outline.parts(turn)[1]

    def turn_at(self, at: Ms) -> Turn:
        """Return the step that is going on at ``at``."""
        begun = [laid.item.turn for laid in self.laid if laid.begin <= at]
        return begun[-1] if begun else Turn(0, 0, self.outline.start(), tuple(range(1, len(self.entries))))

    # -- showing ---------------------------------------------------------------------------------------------------

    def score(self) -> Score:
        """Return everything laid so far."""
        done = self.scheduler.scheduled(self._titles)
        return Score(
            done.phases,
            done.cues,
            done.chapters,
            tuple(self._stages),
            done.duration,
            self.left(),
            tuple(self.outline.title(step) for step in self.ahead if not self.outline.is_minor(step)),
            self.waiting,
            self.complete,
            self.pace,
            self.serial,
            self.outline.manner,
            self.outline.changed,
            self.eases,
        )

    def left(self) -> Ms:
        """Return how long what is not laid yet will last; about how long, where its words have not been spoken."""
        here = sum(span(item.part, self.fitting.lengths) for item in self.items)
        if self.ahead not in self._spans:
            self._look_ahead()
        return Ms(here + self._spans[self.ahead])

    def _look_ahead(self) -> None:
        """Work out how long the steps to come will last, from each of them to the end."""
        course, spans = self.course, []
        for step in self.ahead:
            parts, course = self.outline.parts(Turn(0, step, course, ()))
            spans.append(sum(span(entry.part, self.fitting.lengths) for entry in parts))
        self._spans = {self.ahead[i:]: Ms(sum(spans[i:])) for i in range(len(self.ahead) + 1)}

    def _stage(self, step: int) -> Stage:
        exercise, minor = self.outline.exercise(step), self.outline.is_minor(step)
        name = exercise.name if exercise else None
        return Stage(self.scheduler.now, self.outline.title(step), step, name, minor)
