"""What is remembered on this machine, and nowhere else: the logs of sessions, and answers about clearance."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from breathcue.files import whole_file
from breathcue.live.diary.history import PastSession, replay
from breathcue.live.diary.lock import is_held
from breathcue.live.diary.records import decode, in_brief, read
from breathcue.timeline.score import AS_WRITTEN, Fit, Manner, Spot

ENVIRONMENT = "BREATHCUE_DATA"
"""The variable that names another folder for all of it."""

MAX_LOG_BYTES = 16 * 2**20
"""No more of a file is read; the log of a session of four hours takes less than a megabyte."""

_LOGS, _CLEARANCES = "log", "clearance"
_LOG_NAME = re.compile(r"(\d+)-\d{8}T\d{6}Z-[0-9a-f]{8}\.jsonl")
_CLEARANCE_NAME = re.compile(r"[0-9a-f]{40}\.json")
_LEFTOVER_NAME = re.compile(r"\.breathcue-[0-9a-f]{16}\.part")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a session that was not finished goes on.

    ``id`` is that of the session which was left, ``session`` its file, ``digest`` that of the file's content at the
    time, ``step_title`` and ``exercise`` name the step of ``spot``, ``pace`` and ``manner`` are the last ones, and
    ``when`` is the local time of the last sign of life. ``fit`` tells how long it was made to last, if it was,
    and ``avoid`` the complaints with which exercises were not to be done.
    """

    id: str
    session: Path
    title: str
    digest: str
    spot: Spot
    step_title: str
    exercise: str | None
    pace: float
    when: datetime
    fit: Fit | None = None
    manner: Manner = AS_WRITTEN
    avoid: tuple[str, ...] = ()


def data_folder() -> Path:
    """Return the folder of what is remembered: BREATHCUE_DATA, or where the system keeps the data of this user."""
    chosen = os.environ.get(ENVIRONMENT)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("breathcue", appauthor=False)


def resolved(session: Path) -> str:
    """Return the one absolute path by which a session file is known, whatever links led to it."""
    return os.path.normcase(os.path.realpath(session))


def same_file(past: PastSession, session: Path) -> bool:
    """Say whether a past session was one of this session file."""
    return os.path.normcase(past.session) == resolved(session)


def digest_of(content: bytes) -> str:
    """Return the digest of a session file's content: 40 hexadecimal digits of BLAKE2b."""
    return blake2b(content, digest_size=20).hexdigest()


def new_log(folder: Path, session_id: str, began: datetime) -> Path:
    """Return the name for a new session's log, in a folder that is made where it is missing.

    A number that counts up comes first: it keeps the order in which sessions were begun when the clock jumps back.

    Raises:
        OSError: the disk refuses.
    """
    logs = folder / _LOGS
    _make_private(logs)
    last = max((number for number, _ in _numbered(logs)), default=0)
    return logs / f"{last + 1:05}-{began.astimezone(UTC):%Y%m%dT%H%M%SZ}-{session_id}.jsonl"


def log_files(folder: Path) -> list[Path]:
    """Return the logs of all sessions, the newest first; nothing where the folder cannot be read."""
    return [path for _, path in sorted(_numbered(folder / _LOGS), reverse=True)]


def past_sessions(folder: Path) -> Iterator[PastSession]:
    """Yield every session there is a log of, the newest first. What cannot be read is passed over."""
    for path in log_files(folder):
        past = _past_session(path, _content(path))
        if past is not None:
            yield past


def last_unfinished(folder: Path, session: Path | None = None) -> Bookmark | None:
    """Return where to go on: in ``session``, or in whichever file was left last.

    Of every session file only its newest session is looked at, so what was finished since is not offered again; nor
    is what still goes on in another process. Sessions that ended before anything began leave no mark.
    """
    wanted = None if session is None else resolved(session)
    settled: set[str] = set()
    for path in log_files(folder):
        content = _content(path)
        name = _session_of(content)
        if not name or name in settled or wanted not in (None, name):
            continue
        past = _past_session(path, content)
        if past is None or (past.unfinished and past.spot is None):
            continue
        if past.spot is not None and not past.alive:
            return _bookmark(past, past.spot)
        if name == wanted:
            return None
        settled.add(name)
    return None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_LOG_BYTES)
    except OSError:
        return b""


def _session_of(content: bytes) -> str:
    """Return the session file that a log is about, by its first record alone; empty where that is lost."""
    first = decode(content.partition(b"\n")[0])
    return os.path.normcase(first.session) if first and first.session else ""


def _past_session(path: Path, content: bytes) -> PastSession | None:
    past = replay(read(in_brief(content)))
    return past and replace(past, alive=past.how is None and is_held(path))


def _bookmark(past: PastSession, spot: Spot) -> Bookmark:
    return Bookmark(
        id=past.id,
        session=Path(past.session),
        title=past.title,
        digest=past.digest,
        spot=spot,
        step_title=past.step_title,
        exercise=past.exercise,
        pace=past.pace,
        when=past.last,
        fit=past.fit,
        manner=past.manner,
        avoid=past.avoid,
    )


class Clearance:
    """Which session files' question about clearance was answered with yes; each is asked once.

    An answer is a small file of its own, named after the session file's resolved path: two processes never undo each
    other's, and damage costs one answer. A session file that moves is another one. Never raises for the state of a
    disk: an answer that cannot be kept is asked for again.
    """

    def __init__(self, folder: Path) -> None:
        """Keep the answers under ``folder``, which is made with the first of them."""
        self._folder = folder / _CLEARANCES

    def given(self, session: Path) -> bool:
        """Say whether clearance was affirmed for this session file."""
        try:
            answer = json.loads(self._path(session).read_bytes())
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(answer, dict) and answer.get("session") == resolved(session)

    def remember(self, session: Path) -> None:
        """Keep that it was affirmed, through a loss of power."""
        answer = {"clearance": 1, "session": resolved(session), "when": _now().isoformat(timespec="seconds")}
        with contextlib.suppress(OSError):
            _make_private(self._folder)
            with whole_file(self._path(session)) as file:
                file.write(json.dumps(answer).encode("ascii") + b"\n")

    def _path(self, session: Path) -> Path:
        return self._folder / f"{digest_of(os.fsencode(resolved(session)))}.json"


def forget(folder: Path) -> int:
    """Remove all logs and answers, and nothing else that may lie in the folder; return how many sessions' there were.

    Raises:
        OSError: a file cannot be removed.
    """
    logs = log_files(folder)
    for path in logs:
        path.unlink(missing_ok=True)
    for place, name in ((_CLEARANCES, _CLEARANCE_NAME), (_CLEARANCES, _LEFTOVER_NAME)):
        for path in _files(folder / place, name):
            path.unlink(missing_ok=True)
    for emptied in (folder / _LOGS, folder / _CLEARANCES, folder):
        with contextlib.suppress(OSError):  # something else lies there, or it never was made
            emptied.rmdir()
    return len(logs)


def _now() -> datetime:
    return datetime.now().astimezone()


def _make_private(folder: Path) -> None:
    """Make a folder that only its owner may look into: what hurts concerns nobody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _numbered(logs: Path) -> list[tuple[int, Path]]:
    return [
        (int(match[1]), path) for path in _files(logs, _LOG_NAME) if (match := _LOG_NAME.match(path.name))
    ]


def _files(folder: Path, name: re.Pattern[str]) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if name.fullmatch(path.name)]
    except OSError:
        return []
