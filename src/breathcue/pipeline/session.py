"""A session file compiled whole: its timeline, and the speaker who holds its clips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from breathcue.casting import compile_spoken, open_speaker
from breathcue.compiler.duration import Choice
from breathcue.compiler.performance import Performance
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import Diagnostic
from breathcue.pipeline.loading import bed_file_of, load_with_cast, music_ms
from breathcue.store import default_folder
from breathcue.timeline.invariants import check
from breathcue.timeline.model import Timeline
from breathcue.timeline.time import Ms
from breathcue.voices.cache import ClipCache
from breathcue.voices.speaker import Speaker


@dataclass(frozen=True, slots=True)
class Session:
    """A compiled session: its timeline, the speaker who holds its clips, warnings for its author, and who that is.

    ``bed_file`` is the sound file of its bed, if that is not a built-in one, and ``bed_ms`` how much of it to keep.
    ``choice`` says how it was made to last as long as it should, if it was.
    """

    timeline: Timeline
    speaker: Speaker
    diagnostics: tuple[Diagnostic, ...]
    author: str | None = None
    bed_file: Path | None = None
    bed_ms: Ms = Ms(0)
    choice: Choice | None = None


@contextmanager
def open_session(
    path: Path,
    wishes: Wishes,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    outputs: Iterable[Path] = (),
) -> Iterator[Session]:
    """Compile a session file; its speaker is closed at the end of the block.

    ``on_progress`` hears how many of the lines have been spoken, and of how many. ``outputs`` are the files that will
    be written, none of which may be one that the session is made from.

    Raises:
        RequestError: one of ``outputs`` is (``target-is-source``).
        SessionError: the file has errors; it carries all of them, warnings included.
        MissingError: the voice is not there.
        InvariantError: the compiler made a timeline that breaks a promise, which is a bug.
    """
    routine, cast, source_of, diagnostics = load_with_cast(path, wishes, outputs)
    trouble: list[Diagnostic] = []
    cache = ClipCache(default_folder(), trouble.append)
    with open_speaker(path.parent, routine, cast, cache, on_progress) as speaker:
        compiled = compile_spoken(routine, cast, speaker, source_of)
        violations = check(compiled.timeline)
        if violations:
            raise InvariantError(path, [str(violation) for violation in violations])
        warnings = (*diagnostics, *compiled.diagnostics, *trouble)
        file = bed_file_of(routine, path, wishes)
        keep = music_ms(Performance(compiled.routine, cast, speaker, source_of)) if file else Ms(0)
        yield Session(compiled.timeline, speaker, warnings, routine.author, file, keep, compiled.choice)


class InvariantError(AssertionError):
    """A compiled timeline breaks an invariant: a bug in the compiler, never the author's fault."""

    def __init__(self, path: Path, violations: list[str]) -> None:
        super().__init__(f"{path}: the timeline breaks a promise: " + "; ".join(violations[:3]))
