"""The sound files of a program: each different recording is rendered once, and only where it is not there already.

Everything is compiled with its real voice before anything is rendered, so that every mistake is told at once. After
each file the manifest is written: whatever moment the work is ended at, the next run goes on from there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from breathcue import __version__
from breathcue.audio.order import Order
from breathcue.audio.render import check_target, render
from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError, RequestError, SessionError
from breathcue.files import check_writable, no_such_folder, same_file, unwritable, write_text
from breathcue.language.program import Program
from breathcue.pipeline.session import Session, open_session
from breathcue.program.manifest import Manifest, entry_of, is_whole, read_manifest, sha256_of, write_manifest
from breathcue.program.names import playlist_name, sound_names
from breathcue.program.plan import Planned, Recording, Week
from breathcue.program.playlist import Track, m3u8
from breathcue.program.rehearsal import Rehearsal
from breathcue.store import Store, default_folder
from breathcue.timeline import codec, model
from breathcue.timeline.time import Ms

_PLAYLIST = "playlist"
_NOWHERE = model.Source("", 1)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made: the weeks of a whole program, of which those in ``only`` (all, if empty) are rendered."""

    program: Program
    weeks: tuple[Week, ...]
    sessions: Mapping[Recording, Rehearsal]
    folder: Path
    suffix: str
    order: Order
    only: frozenset[int] = frozenset()

    @property
    def chosen(self) -> tuple[Week, ...]:
        """The weeks that are rendered."""
        return tuple(week for week in self.weeks if not self.only or week.number in self.only)

    @property
    def names(self) -> dict[Planned, str]:
        """The name of each practice's sound file, in all weeks."""
        return sound_names(self.weeks, self.sessions, self.suffix)


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears how the work goes on: shares from 0 to 1, and each file, once it is there."""

    spoken: Callable[[float], None] = lambda _share: None
    written: Callable[[float], None] = lambda _share: None
    made: Callable[[str], None] = lambda _name: None


@dataclass(slots=True)
class Outcome:
    """What came of it: the names of files ``made`` and ``kept``, those the program no longer wants, and warnings."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unwanted: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    playlists: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A recording, what it is made from, and the names of its files."""

    recording: Recording
    key: str
    length: Ms
    names: tuple[str, ...]


def make(job: Job, listener: Listener, *, prune: bool = False) -> Outcome:
    """Render what is not there, write the playlists, and remove what is not wanted where ``prune`` asks for it.

    Raises:
        SessionError, MissingError, RequestError: something is wrong with a session, a voice, or the folder; nothing has
            been rendered if it could be known before.
    """
    _prepare(job)
    known, warning = read_manifest(job.folder, job.program.path.name)
    outcome = Outcome(diagnostics=[warning] if warning else [])
    pieces = _compiled(job, listener, outcome)
    for index, piece in enumerate(pieces):
        share = _part_of(listener.written, index, len(pieces))
        _settle(job, piece, known, listener, share, outcome)
    listener.written(1.0)
    _write_playlists(job, known, outcome)
    _tidy(job, known, outcome, prune=prune)
    return outcome


def _prepare(job: Job) -> None:
    """Make the folder, and refuse before any work is done what cannot be written."""
    try:
        job.folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise RequestError(
            Diagnostic(
                "target-is-file",
                f"“{job.folder}” is a file, and a program needs a folder.",
                fix="Give the name of a folder with -o or --output.",
            )
        ) from None
    except FileNotFoundError:
        raise no_such_folder(job.folder.parent) from None
    except OSError as error:
        raise unwritable(job.folder, error) from error
    check_target(job.folder / f"w{job.suffix}", job.order)
    for name in job.names.values():
        check_writable(job.folder / name)


def _compiled(job: Job, listener: Listener, outcome: Outcome) -> list[_Piece]:
    """Compile every recording with its real voice, which speaks all words; return what each is made from.

    Raises:
        SessionError, MissingError, RequestError: some cannot be; it tells of all of them.
    """
    names = job.names
    wanted: dict[Recording, list[str]] = {}
    for week in job.chosen:
        for planned in week.practices:
            wanted.setdefault(planned.recording, []).append(names[planned])
    pieces: dict[str, _Piece] = {}
    errors: list[BreathcueError] = []
    for index, (recording, files) in enumerate(wanted.items()):
        share = _part_of(listener.spoken, index, len(wanted))
        try:
            with _opened(job, recording, files, share) as opened:
                order = replace(job.order, author=_author(job, opened))
                key, length = content_key(opened, order, job.suffix), opened.timeline.duration_ms
                # What is asked of two may differ, and come to the same: breathing has no repetitions to share out.
                same = pieces.get(key)
                pieces[key] = _Piece(recording, key, length, (*(same.names if same else ()), *files))
                outcome.diagnostics += [
                    each for each in opened.diagnostics if each not in outcome.diagnostics
                ]
        except BreathcueError as error:
            errors.append(error)
    listener.spoken(1.0)
    if errors:
        raise _together(errors)
    return list(pieces.values())


def _opened(
    job: Job, recording: Recording, files: Sequence[str], share: Callable[[float], None]
) -> AbstractContextManager[Session]:
    path, wishes = recording
    outputs = [job.folder / name for name in files]
    return open_session(path, wishes, lambda done, total: share(done / total), outputs=outputs)


def _together(errors: Sequence[BreathcueError]) -> BreathcueError:
    """Return one error that tells of all."""
    found = list(dict.fromkeys(each for error in errors for each in error.diagnostics))
    for kind in (MissingError, RequestError):
        if any(isinstance(error, kind) for error in errors):
            return kind(*found)
    return SessionError(*found)


def _part_of(listener: Callable[[float], None], index: int, count: int) -> Callable[[float], None]:
    return lambda share: listener((index + share) / count)


def _author(job: Job, opened: Session) -> str | None:
    """Return who made a session: who is asked for, else who it names, else who made the program."""
    return job.order.author or opened.author or job.program.author


def content_key(opened: Session, order: Order, suffix: str) -> str:
    """Return what names the sound of a session: another one wherever its file may come out different.

    Where in the author's files a cue comes from changes nothing that is heard, so a comment more is not another sound.
    """
    cues = tuple(replace(cue, source=_NOWHERE) for cue in opened.timeline.cues)
    spoken = {cue.utterance for cue in cues if cue.track is model.Track.VOICE}
    made_from = {
        "breathcue": __version__,
        "timeline": codec.dump(replace(opened.timeline, cues=cues)),
        "clips": sorted(opened.speaker.digest(utterance) for utterance in spoken),
        "format": suffix,
        "quality": order.quality,
        "author": order.author,
        "cover": sha256_of(order.cover) if order.cover else None,
        "bed": sha256_of(opened.bed_file) if opened.bed_file else None,
        "bed_ms": opened.bed_ms,
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _settle(
    job: Job,
    piece: _Piece,
    known: Manifest,
    listener: Listener,
    share: Callable[[float], None],
    outcome: Outcome,
) -> None:
    """See to it that every file of a recording is there: rendered once, and shared by the others."""
    whole = [name for name in piece.names if _is_there(job.folder, name, piece.key, known)]
    outcome.kept += whole
    missing = [name for name in piece.names if name not in whole]
    if not missing:
        return
    # A practice that has moved to another day has its sound already, under another name.
    source = whole[0] if whole else next(_same(job.folder, piece.key, known), None)
    if source is None:
        source = missing.pop(0)
        _render(job, piece, source, share)
        known.files[source] = entry_of(job.folder / source, piece.key, piece.length)
        write_manifest(job.folder, known)
        outcome.made.append(source)
        listener.made(source)
    for name in missing:
        try:
            same_file(job.folder / source, job.folder / name)
        except OSError as error:
            raise unwritable(job.folder / name, error) from error
        known.files[name] = known.files[source]
        outcome.made.append(name)
        listener.made(name)
    write_manifest(job.folder, known)


def _same(folder: Path, key: str, known: Manifest) -> Iterator[str]:
    """Yield the names of the files that are what a key names."""
    return (name for name in known.files if _is_there(folder, name, key, known))


def _is_there(folder: Path, name: str, key: str, known: Manifest) -> bool:
    entry = known.files.get(name)
    return entry is not None and entry.key == key and is_whole(folder / name, entry)


def _render(job: Job, piece: _Piece, name: str, share: Callable[[float], None]) -> None:
    with _opened(job, piece.recording, [name], lambda _share: None) as opened:
        order = replace(
            job.order,
            author=_author(job, opened),
            bed_file=opened.bed_file,
            bed_ms=opened.bed_ms,
        )
        kept = Store(default_folder())
        render(opened.timeline, opened.speaker, job.folder / name, order, on_progress=share, kept=kept)


def _write_playlists(job: Job, known: Manifest, outcome: Outcome) -> None:
    names = job.names
    for week in job.chosen:
        tracks = [
            Track(
                names[planned],
                job.sessions[planned.recording].routine.title,
                known.files[names[planned]].length,
            )
            for planned in week.practices
        ]
        if not tracks:
            continue
        name = playlist_name(week.number)
        title = f"{job.program.title} {week.number}" + (f": {week.block.title}" if week.block.title else "")
        write_text(job.folder / name, m3u8(title, tracks))
        known.files[name] = entry_of(job.folder / name, _PLAYLIST, Ms(sum(track.length for track in tracks)))
        outcome.playlists.append(name)


def _tidy(job: Job, known: Manifest, outcome: Outcome, *, prune: bool) -> None:
    """Find what was made for a program and is not part of it any more; remove it if that is asked for.

    What somebody has changed since is left where it is.
    """
    playlists = {playlist_name(week.number) for week in job.weeks if any(week.practices)}
    for name in sorted(known.files.keys() - playlists - set(job.names.values())):
        path = job.folder / name
        if prune and is_whole(path, known.files[name]):
            path.unlink()
            outcome.removed.append(name)
        elif path.exists():
            outcome.unwanted.append(name)
            continue
        del known.files[name]
    write_manifest(job.folder, known)
