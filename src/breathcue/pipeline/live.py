"""A session file opened to be performed: a script that is spoken, laid and changed while somebody listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from breathcue.casting import compile_spoken, open_speaker, rehearse, telling_where
from breathcue.compiler import requests
from breathcue.compiler.answers import answers
from breathcue.compiler.cast import Cast
from breathcue.compiler.duration import Choice
from breathcue.compiler.performance import Performance
from breathcue.compiler.resume import go_on_at
from breathcue.compiler.schedule import SourceOf
from breathcue.compiler.wishes import Wishes, reckoned_again
from breathcue.diagnostics import Diagnostic
from breathcue.language.routine import Routine
from breathcue.pipeline.loading import bed_file_of, load_with_cast, music_ms
from breathcue.store import default_folder
from breathcue.timeline.model import Utterance
from breathcue.timeline.score import AS_WRITTEN, Control, Fit, Manner, Score, Spot
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import UnspeakableError
from breathcue.voices.cache import ClipCache
from breathcue.voices.speaker import Speaker

AT_ONCE = 4
"""How many answers are spoken at a time: a listener's request waits no longer than they take."""


class LiveScript:
    """A session to be performed live, and who speaks it: a :class:`breathcue.live.composer.Script`.

    ``bed_file`` is the sound file of its bed, if that is not a built-in one, and ``bed_ms`` how much of it to keep.
    ``choice`` says how it was made to last as long as it should, if it was; ``manner`` was asked for before it.
    """

    def __init__(
        self,
        routine: Routine,
        cast: Cast,
        speaker: Speaker,
        source_of: SourceOf,
        spot: Spot | None,
        bed_file: Path | None = None,
        choice: Choice | None = None,
        fit: Fit | None = None,
        manner: Manner = AS_WRITTEN,
    ) -> None:
        self.routine = routine
        self.choice, self.fit = choice, fit
        self.speaker = speaker
        self._cast = cast
        self.bed_file = bed_file
        self._performance = Performance(routine, cast, speaker, source_of, manner)
        self.bed_ms = music_ms(self._performance) if bed_file else Ms(0)
        self.manner = manner
        self._answers = answers(self._performance)
        if spot is not None:
            go_on_at(self._performance, spot)

    def one_moment(self) -> str | None:
        """Return what the coach says where the next words take their time, once it has been spoken."""
        words = self._one_moment()
        return words.text if words in self._performance.fitting.lengths else None

    def _one_moment(self) -> Utterance:
        coach = self._performance.coach
        return coach.utter(coach.phrases.say("live.behind"))

    @property
    def bed(self) -> str | None:
        """What the bed is called, as in the timeline, if there is one."""
        return self.routine.bed.text if self.routine.bed else None

    @property
    def length_ms(self) -> Ms:
        """About how long it will last, before anything has been laid."""
        return self._performance.left()

    def prelude(self) -> Score:
        """Return what can be heard before a word has been spoken."""
        return self._performance.prelude()

    def lay(self) -> bool:
        """Lay one more part; return whether there was one."""
        with telling_where(self.routine, self._cast):
            return self._lay()

    def _lay(self) -> bool:
        if self._performance.laid:
            # Not before the first words: nothing may keep those waiting.
            self._performance.fitting.measure([self._one_moment()])
        # A few at a time, so that a request need not wait until all of a long part has been spoken.
        unspoken = self._performance.unspoken()
        if len(unspoken) > AT_ONCE:
            with suppress(UnspeakableError):  # laying the part says where it is written
                self._performance.fitting.measure(unspoken[:AT_ONCE])
                return True
        return self._performance.lay()

    def score(self) -> Score:
        """Return everything laid so far."""
        return self._performance.score()

    def spare(self) -> bool:
        """Have some of the words spoken that answers to requests need; return whether there are more."""
        some, self._answers = self._answers[:AT_ONCE], self._answers[AT_ONCE:]
        self._performance.fitting.measure(some)
        return bool(self._answers)

    def prepare(self, control: Control, at: Ms) -> None:
        """Have the words spoken that a request at about ``at`` needs, in ms of the session."""
        requests.prepare(self._performance, control, at)

    def stops(self, control: Control, at: Ms) -> bool:
        """Say whether a request must stop what is going on at ``at``."""
        return requests.stops(self._performance, control, at)

    def carry_out(self, control: Control, at: Ms, *, stopped: bool) -> None:
        """Do what the listener asks for at ``at``, in ms of the session; ``stopped`` if all is silent there."""
        requests.carry_out(self._performance, control, at, stopped=stopped)


@contextmanager
def open_live(
    path: Path,
    wishes: Wishes,
    spot: Spot | None = None,
    *,
    manner: Manner = AS_WRITTEN,
    outputs: Iterable[Path] = (),
    on_progress: Callable[[int, int], None] | None = None,
    on_trouble: Callable[[Diagnostic], None] | None = None,
    fit: Fit | None = None,
) -> Iterator[tuple[LiveScript, tuple[Diagnostic, ...]]]:
    """Open a session file to be performed live; yield its script, and warnings for its author.

    No word has been spoken yet; words that cannot be are found when their turn comes, but for recordings, all of which
    must be there. It goes on at ``spot`` in ``manner``, unless wishes differ. ``outputs``: as for :func:`open_session`.
    ``on_trouble`` hears, once and from any thread, that what is spoken cannot be kept.

    A session that is to last for a certain time is spoken first, so that the same is chosen as in a file;
    ``on_progress`` hears how far that is. One that goes on is reckoned as it was when it was begun, which is ``fit``,
    unless another length is wished for.

    Raises:
        RequestError: one of ``outputs`` is a file that the session is made from (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: the voice is not there.
    """
    routine, cast, source_of, diagnostics = load_with_cast(path, wishes, outputs)
    with open_speaker(
        path.parent, routine, cast, ClipCache(default_folder(), on_trouble), on_progress
    ) as speaker:
        choice: Choice | None = None
        reckoned, fit = reckoned_again(routine, wishes, fit)
        if fit is not None:
            compiled = compile_spoken(reckoned, cast, speaker, source_of)
            routine, choice = replace(compiled.routine, pace=routine.pace), compiled.choice
        speaker.on_progress = None
        warnings = (*diagnostics, *rehearse(routine, cast, speaker, source_of))
        bed = bed_file_of(routine, path, wishes)
        manner = wishes.before(manner)
        yield LiveScript(routine, cast, speaker, source_of, spot, bed, choice, fit, manner), warnings
