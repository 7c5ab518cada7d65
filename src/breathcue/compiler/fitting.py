"""Measuring and fitting one part of a session at a time, as if the whole of it were fitted at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from breathcue.compiler.fit import Before, FittedRun, Key, fit_kin, fit_run, key_of, utterances_of
from breathcue.compiler.narration import Narrated, Run, Talk
from breathcue.compiler.remainder import moment_before
from breathcue.compiler.schedule import Scheduler
from breathcue.compiler.speech import Speech
from breathcue.compiler.verdict import unspeakable
from breathcue.timeline.model import Utterance
from breathcue.timeline.time import Ms, snap_down
from breathcue.timeline.unspeakable import UnspeakableError


class Fitting:
    """Knows how long words take and how long phases must be.

    ``relatives`` gives all runs of the session in groups that share phases: a phase that is too short for its words
    in one of them is lengthened in all, so all of a group must be known before the first of it is heard.
    """

    def __init__(self, speech: Speech, relatives: Callable[[], list[list[Run]]]) -> None:
        self.lengths: dict[Utterance, Ms] = {}
        self._speech = speech
        self._relatives = relatives
        self._lengthened: dict[Key, Ms] = {}
        self._settled: set[Key] = set()

    def measure(self, utterances: Iterable[Utterance]) -> None:
        """Have words spoken, so that what they are needed for can be laid without delay.

        Raises:
            UnspeakableError: some of them give no sound.
            MissingError: the voice cannot speak.
        """
        missing = [said for said in dict.fromkeys(utterances) if said not in self.lengths]
        if missing:
            self.lengths.update(self._speech.measure(missing))

    def measure_part(self, part: Talk | Run) -> None:
        """Have all the words of a part spoken.

        Raises:
            SessionError: some of them give no sound.
            MissingError: the voice cannot speak.
        """
        try:
            self.measure(utterances_of(part))
        except UnspeakableError as error:
            raise unspeakable((Narrated(part),), error) from None

    def unspoken(self, part: Talk | Run) -> list[Utterance]:
        """Return the words that must be spoken before a part can be fitted."""
        runs = self._group(part) if isinstance(part, Run) else []
        utterances = dict.fromkeys(said for member in (part, *runs) for said in utterances_of(member))
        return [said for said in utterances if said not in self.lengths]

    def fit(self, part: Talk | Run, scheduler: Scheduler) -> Talk | FittedRun:
        """Return a part ready to be laid next, its words measured and placed.

        Raises:
            SessionError: some of its words give no sound.
            MissingError: the voice cannot speak.
        """
        self.measure_part(part)
        if isinstance(part, Talk):
            return part
        self._settle(part)
        # After a request, words may need more room than the session as written gives them.
        for _ in part.phases:
            fitted = fit_run(part, self.lengths, self._lengthened, _before(part, scheduler))
            if isinstance(fitted, FittedRun):
                return fitted
            self._lengthened[fitted.key] = fitted.needed
        alone, found = fit_kin([replace(part, ready=part.ready or moment_before(part))], self.lengths)
        self._lengthened |= {key: short.needed for key, short in found.items()}
        return alone[0]

    def _group(self, run: Run) -> list[Run]:
        """Return the runs that must be fitted with this one; none where that has been done."""
        keys = {key_of(phase) for phase in run.phases}
        if keys <= self._settled:
            return []
        return next((g for g in self._relatives() if keys & {key_of(p) for r in g for p in r.phases}), [run])

    def _settle(self, run: Run) -> None:
        """Find out which of a run's phases must be longer than written, as the whole session needs them."""
        group = self._group(run)
        for member in group:
            self.measure_part(member)
        _, found = fit_kin(group, self.lengths)
        self._lengthened |= {key: short.needed for key, short in found.items()}
        self._settled |= {key_of(phase) for member in (run, *group) for phase in member.phases}


def _before(run: Run, scheduler: Scheduler) -> Before | None:
    """Return what a run continues where nothing leads into it."""
    if run.ready is not None:
        return None
    grid = snap_down(scheduler.now)
    return Before(Ms(scheduler.now - grid), scheduler.free - grid)
