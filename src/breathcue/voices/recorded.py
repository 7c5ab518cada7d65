"""The recorded voice: an instructor's own recordings, one file a line, in a folder beside the session.

A file is found by its name without its ending, which is made of the words alone. So a line whose words have changed
asks for a new recording, and lines that have moved keep theirs.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from breathcue.decoding import decode_line
from breathcue.diagnostics import BreathcueError, Diagnostic, MissingError
from breathcue.timeline.time import SAMPLE_RATE, Ms
from breathcue.voices.base import AS_WRITTEN, Recording, RefusedError, VoiceInfo, VoiceState

LONGEST_MS = Ms(180_000)
"""No line takes three minutes; what does is another file."""

MOST_BYTES = 500_000_000
"""Three minutes take less in any format."""

_WORDS_IN_NAME = 5
_LETTERS_IN_NAME = 40
_READ_BYTES = 1 << 20

_SOUNDS = {
    *(
        ".aac",
        ".aif",
        ".aifc",
        ".aiff",
        ".amr",
        ".ape",
        ".au",
        ".caf",
        ".flac",
        ".m4a",
        ".m4b",
        ".mka",
        ".mkv",
    ),
    *(
        ".mov",
        ".mp3",
        ".mp4",
        ".mpc",
        ".oga",
        ".ogg",
        ".opus",
        ".tta",
        ".w64",
        ".wav",
        ".wave",
        ".webm",
        ".wma",
    ),
    *(".wv", ".3gp"),
}
"""Endings that decide where two files have the same name, such as a recorder's own notes beside its sound."""


def file_name(text: str) -> str:
    """Return the name, without an ending, of the file that holds the recording of a line.

    The first words in plain letters, so that a person finds it, and a digest of all of them, so that no two lines share
    one: ``inhale-to-cow-2f1c90aa``. Spaces and line breaks make no difference.
    """
    words = unicodedata.normalize("NFC", " ".join(text.split()))
    digest = blake2b(words.encode("utf-8"), digest_size=4).hexdigest()
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode("ascii")
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", ""))[:_WORDS_IN_NAME])[:_LETTERS_IN_NAME]
    return f"{slug.strip('-') or 'line'}-{digest}"


def names_a_recording(path: Path) -> bool:
    """Say whether a file's name is one that :func:`file_name` gives, whatever its ending."""
    return re.fullmatch(r".+-[0-9a-f]{8}", path.stem.lower()) is not None


class RecordedEngine:
    """Speaks with the files of a folder; a voice of it is the folder's name, relative to ``beside``.

    Recordings are used as they are, at whatever speed. Without ``beside``, the folder of the session, it can only tell
    how it is used.
    """

    name = "recorded"
    alphabet: str | None = AS_WRITTEN
    version = "recorded 1"

    def __init__(self, beside: Path | None = None) -> None:
        self._beside = beside
        self._folders: dict[str, Mapping[str, tuple[Path, ...]]] = {}
        self._prints: dict[Path, str] = {}
        self._lock = Lock()

    def voices(self) -> Sequence[VoiceInfo]:
        """Return the folders beside the session; without one, how a voice is given."""
        about = "your own recordings, in a folder beside the session"
        if self._beside is None:
            reason = "it is named by a session: `voice: {engine: recorded, folder: FOLDER}`"
            fix = "write the sheet of lines to record with `breathcue script SESSION`"
            return (VoiceInfo(self.name, "FOLDER", ("any",), about, VoiceState.MISSING, reason, fix),)
        try:
            folders = sorted(entry.name for entry in os.scandir(self._beside) if entry.is_dir())
        except OSError:
            folders = []
        shown = (name for name in folders if not name.startswith("."))
        return tuple(VoiceInfo(self.name, name, ("any",), about) for name in shown)

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return the recording of a line, without the room before and after it.

        Raises:
            MissingError: the folder cannot be read, or there is no ffmpeg to read sounds with.
            RefusedError: the line is not recorded (``not-recorded``), or its file cannot be used
                (``recording-unusable``).
        """
        path = self._one(text, voice)
        try:
            samples = decode_line(path, longest_ms=LONGEST_MS)
        except MissingError:
            raise
        except BreathcueError as error:
            diagnostic = error.diagnostics[0]
            reason = diagnostic.message.rstrip(".")
            raise _unusable(reason[:1].lower() + reason[1:], diagnostic.fix) from error
        if not len(samples):
            fix = "Check that the right microphone is switched on, and record it again."
            raise _unusable(f"nothing is heard in “{path}”", fix)
        if self._was_replaced(path):
            raise _unusable(f"“{path}” was replaced while it was being read", "Run the command again.")
        return Recording(samples, SAMPLE_RATE)

    def fingerprint(self, text: str, voice: str) -> str:
        """Return a digest of the file of a line; empty where there is none that can be used."""
        try:
            return self._digest(self._one(text, voice))
        except (RefusedError, OSError):
            return ""

    def is_recorded(self, text: str, voice: str) -> bool:
        """Say whether there is a file for a line.

        Raises:
            MissingError: the folder cannot be read.
        """
        return file_name(text) in self._files(voice)

    def _one(self, text: str, voice: str) -> Path:
        name = file_name(text)
        found = self._files(voice).get(name, ())
        if not found:
            fix = (
                f"Record it as “{voice}/{name}.wav”, or in any other format. "
                "`breathcue script` lists every line; a `fallback` speaks what is not recorded."
            )
            raise RefusedError("it is not recorded", fix, "not-recorded")
        paths = [path for path in found if path.suffix.lower() in _SOUNDS] if len(found) > 1 else found
        if len(paths) != 1:
            names = " and ".join(f"“{path.name}”" for path in (paths or found))
            raise _unusable(f"{names} are both there for it", "Keep the one that you mean.")
        self._check(paths[0], voice)
        return paths[0]

    def _check(self, path: Path, voice: str) -> None:
        """Refuse what would be read from elsewhere, or for ever."""
        assert self._beside is not None
        if not path.resolve().is_relative_to(self._beside.resolve()):
            fix = f"Copy the recording itself into “{voice}”."
            raise _unusable(f"“{path}” is a link that leads out of the session's folder", fix)
        if path.stat().st_size > MOST_BYTES:
            raise _unusable(f"“{path}” is far too large for a line", "Cut the line out of it.")

    def _files(self, voice: str) -> Mapping[str, tuple[Path, ...]]:
        """Return the files of a folder by their names without endings; read once, so that all lines see the same."""
        with self._lock:
            if voice not in self._folders:
                self._folders[voice] = _by_name(self._folder(voice))
            return self._folders[voice]

    def _folder(self, voice: str) -> Path:
        if self._beside is None:
            raise _no_folder(voice, "no session says where it is")
        folder = self._beside / voice
        if not folder.resolve().is_relative_to(self._beside.resolve()):
            raise _no_folder(voice, "it is not inside the session's folder")
        return folder

    def _was_replaced(self, path: Path) -> bool:
        """Say whether a file is not the one whose digest was taken, by which its clip would be kept."""
        try:
            now = _digest_of(path)
        except OSError:
            return True
        return self._prints.get(path, now) != now

    def _digest(self, path: Path) -> str:
        with self._lock:
            if path not in self._prints:
                self._prints[path] = _digest_of(path)
            return self._prints[path]


def _digest_of(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while data := file.read(_READ_BYTES):
            digest.update(data)
    return digest.hexdigest()


def _by_name(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    found: dict[str, list[Path]] = {}
    try:
        for path in sorted(folder.iterdir()):
            if path.is_file():
                found.setdefault(unicodedata.normalize("NFC", path.stem).lower(), []).append(path)
    except OSError as error:
        raise _no_folder(folder.name, (error.strerror or str(error)).lower()) from error
    return {name: tuple(paths) for name, paths in found.items()}


def _unusable(reason: str, fix: str | None) -> RefusedError:
    return RefusedError(reason, fix, "recording-unusable")


def _no_folder(voice: str, reason: str) -> MissingError:
    return MissingError(
        Diagnostic(
            "missing-voice",
            f"The recordings in “{voice}” cannot be used: {reason}.",
            fix="Name a folder that stands beside the session.",
        )
    )
