"""The voices of the computer itself, through pyttsx3: SAPI 5 on Windows, NSSpeech on macOS, espeak elsewhere.

pyttsx3 is never loaded here. It hangs, returns before a file is written, takes an unknown voice or rate without a
word, and prints; so it lives in helper processes (:mod:`breathcue.voices.system_helper`), as many as threads speak at
once. Each is asked for one line at a time; the voice and rate it reports, and the file it wrote, are checked; one that
fails is killed, and the line is tried again by a fresh one.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import numpy as np

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.base import Recording, RefusedError, VoiceInfo, VoiceState
from breathcue.voices.helper import Helper, HelperError
from breathcue.voices.languages import speaks
from breathcue.voices.sound_file import NotASoundError, read_sound

PACKAGE = "pyttsx3"

OWN_PACE_WPM = {"espeak": 175, "nsss": 175, "sapi5": 157}
"""What speed 1.0 means, in words a minute: the default pace of espeak, of ``say`` on macOS, and the rate 0 of SAPI as
pyttsx3 converts it (156.63). pyttsx3's own default of 200 is too fast to follow while moving."""

ANOTHER_PACE_WPM = 175

ATTEMPTS = 2
"""How often a line is tried; a helper that failed at it is not asked again."""

_NEEDS_PYTTSX3 = ("the package pyttsx3 is not installed", "pip install 'breathcue[system]'")
_NEEDS_ESPEAK = "install espeak-ng with the system's package manager, or run pip install 'breathcue[espeak]'"
_NEEDS_REPAIR = "check that the computer's own speech works, then reinstall pyttsx3"

# What a file may last for its letters, at the voice's own pace: far wider than any speech, narrow enough to notice a
# file that holds a fragment, the line before, or nothing that ends. espeak takes 55 ms a letter, 0.9 s a digit.
_SHORTEST_SECONDS_A_LETTER = 0.012
_LONGEST_SECONDS = 4.0
_LONGEST_SECONDS_A_LETTER = 1.0

_PROBE = "1"
"""What every voice can say."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a helper may take, in seconds: to start, and for a line, which gets some more for each letter."""

    start: float = 30.0
    line: float = 10.0
    letter: float = 0.05

    def for_line(self, text: str) -> float:
        """Return how long a helper may take for this line, in seconds."""
        return self.line + self.letter * len(text)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the first helper told: ``ids`` are the driver's own names of the voices."""

    driver: str
    version: str
    voices: tuple[VoiceInfo, ...]
    ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Lack:
    """Why the engine cannot speak, as half a sentence, and what to do."""

    reason: str
    fix: str


class SystemEngine:
    """The engine of the computer's own voices. Its helpers start when they are needed and end with the engine."""

    name = "system"
    alphabet: ClassVar[str | None] = None

    def __init__(self, patience: Patience | None = None) -> None:
        """Make an engine that has started nothing."""
        self._patience = patience or Patience()
        self._lock = Lock()
        self._facts: _Facts | _Lack | None = None
        self._idle: list[Helper] = []
        weakref.finalize(self, _close_all, self._idle)

    @property
    def version(self) -> str:
        """The versions of everything that makes the sound: ``pyttsx3 2.99, espeak 1.51 (the system's)``."""
        facts = self._look()
        return facts.version if isinstance(facts, _Facts) else f"{PACKAGE} missing"

    def voices(self) -> Sequence[VoiceInfo]:
        """List the computer's voices, its own default first; asks it once a process.

        A voice of espeak is called by its language (``en-us``), any other as the system calls it (``Samantha``).
        """
        facts = self._look()
        if isinstance(facts, _Facts):
            return facts.voices
        about = "the voices of this computer"
        return (
            VoiceInfo(self.name, "default", ("any",), about, VoiceState.MISSING, facts.reason, facts.fix),
        )

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return the sound of ``text`` at the rate the system speaks in; see :class:`breathcue.voices.base.Engine`.

        Raises:
            MissingError: there is no such voice, it does not speak the language, or the system's speech has failed.
            RefusedError: there is no word in the text, or the helper fails at this text and at no other.
        """
        facts = self._look()
        if isinstance(facts, _Lack):
            raise _missing(voice, facts)
        if voice not in facts.ids:
            raise _missing(
                voice, _Lack("this computer has no such voice", "`breathcue voices` lists those it has")
            )
        _check_language(facts.voices, voice, language)
        if not any(c.isalnum() for c in text):
            raise RefusedError("there is no word in it")
        rate = round(OWN_PACE_WPM.get(facts.driver, ANOTHER_PACE_WPM) * speed)
        line = _Line(text, facts.ids[voice], rate, speed)
        failures: list[HelperError] = []
        while len(failures) < ATTEMPTS:
            try:
                return self._try(line)
            except HelperError as error:
                failures.append(error)
        raise self._verdict(line, voice, str(failures[-1]))

    def _verdict(self, line: _Line, voice: str, reason: str) -> MissingError | RefusedError:
        """Return what is wrong after a line has failed for good: the line, or the engine, which then says nothing."""
        try:
            self._try(_Line(_PROBE, line.voice, line.rate, line.speed))
        except HelperError:
            return MissingError(
                Diagnostic(
                    "voice-failed",
                    f"The voice {self.name}:{voice} failed at the line {line.text!r}: {reason}.",
                    fix="Check that the computer's own speech works, or choose another voice: `breathcue voices`.",
                )
            )
        return RefusedError(f"the system's speech fails at it: {reason}", "Say it in other words.")

    def _try(self, line: _Line) -> Recording:
        """Have a line spoken by a helper that is free, or by a new one; it is kept only if all went well."""
        helper = self._helper()
        try:
            patience = self._patience.for_line(line.text)
            path, answer = helper.speak(line.text, line.voice, line.rate, patience)
            recording = _checked(line, answer, path)
        except BaseException:
            helper.kill()
            raise
        with self._lock:
            self._idle.append(helper)
        return recording

    def _helper(self) -> Helper:
        with self._lock:
            while self._idle:
                helper = self._idle.pop()
                if helper.is_alive:
                    return helper
                helper.kill()
        return Helper(self._patience.start)

    def _look(self) -> _Facts | _Lack:
        """Return what there is on this computer, asking a first helper, which then stays to speak."""
        with self._lock:
            if self._facts is None:
                self._facts = self._find_out()
            return self._facts

    def _find_out(self) -> _Facts | _Lack:
        if find_spec(PACKAGE) is None:
            return _Lack(*_NEEDS_PYTTSX3)
        try:
            helper = Helper(self._patience.start)
        except HelperError as error:
            return _Lack(f"the helper that speaks has failed: {error}", _NEEDS_REPAIR)
        about = helper.about
        if "error" in about:
            helper.kill()
            return _Lack(str(about["error"]).rstrip("."), _remedy(str(about.get("lacks"))))
        try:
            facts = _read_facts(self.name, about)
        except (KeyError, TypeError, AttributeError) as error:
            helper.kill()
            return _Lack(f"its list of voices makes no sense: {error!r}", _NEEDS_REPAIR)
        self._idle.append(helper)
        return facts


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to be spoken: by the driver's ``voice``, at ``rate`` words a minute, which is ``speed`` for the author."""

    text: str
    voice: str
    rate: int
    speed: float


def _close_all(helpers: list[Helper]) -> None:
    while helpers:
        helpers.pop().close()


def _remedy(lacking: str) -> str:
    if lacking == PACKAGE:
        return _NEEDS_PYTTSX3[1]
    return _NEEDS_ESPEAK if lacking == "espeak" else _NEEDS_REPAIR


def _missing(voice: str, lack: _Lack) -> MissingError:
    message = f"The voice {SystemEngine.name}:{voice} cannot speak: {lack.reason}."
    return MissingError(Diagnostic("missing-voice", message, fix=lack.fix))


def _checked(line: _Line, answer: dict[str, Any], path: Path) -> Recording:
    """Return the sound of a line, if it is what was asked for.

    Raises:
        HelperError: another voice or rate was used, or the file is not there, not a sound, silent, or of a length
            that this text cannot have.
    """
    if answer.get("voice") != line.voice:
        raise HelperError(f"it spoke as {answer.get('voice')!r} instead of {line.voice!r}")
    rate = answer.get("rate")
    if not isinstance(rate, int | float) or abs(rate - line.rate) > 0.5:
        raise HelperError(f"it spoke at a rate of {rate} instead of {line.rate}")
    try:
        content = path.read_bytes()
        path.unlink()
    except OSError:
        raise HelperError("it wrote no file") from None
    try:
        recording = read_sound(content)
    except NotASoundError as error:
        raise HelperError(str(error)) from error
    if not np.any(recording.samples):
        raise HelperError("it wrote a file without sound")
    seconds = len(recording.samples) / recording.rate * line.speed
    letters = sum(c.isalnum() for c in line.text)
    longest = _LONGEST_SECONDS + _LONGEST_SECONDS_A_LETTER * len(line.text)
    if not _SHORTEST_SECONDS_A_LETTER * letters <= seconds <= longest:
        raise HelperError(
            f"what it wrote lasts {seconds / line.speed:.1f} seconds, which cannot be this text"
        )
    return recording


def _check_language(voices: Sequence[VoiceInfo], voice: str, language: str) -> None:
    own = next(info for info in voices if info.name == voice)
    if speaks(own, language):
        return
    able = [info.name for info in voices if speaks(info, language)]
    use = f"Use one that does: {', '.join(able[:6])}." if able else "This computer has no voice that does."
    raise MissingError(
        Diagnostic(
            "voice-language",
            f"The voice {SystemEngine.name}:{voice} speaks {', '.join(own.languages)}, and the session's language is "
            f"{language!r}.",
            fix=f"{use} `breathcue voices` lists the languages of all.",
        )
    )


def _read_facts(engine: str, about: dict[str, Any]) -> _Facts:
    """Return the facts of a helper's first answer, the computer's default voice first; every name is there once."""
    driver, default = about["driver"], about["default"]
    ids: dict[str, str] = {}
    infos: list[VoiceInfo] = []
    # After the default, those the system itself calls neither male nor female: on macOS, they sing and whisper.
    order = sorted(
        about["voices"], key=lambda v: (v["id"] != default, "neuter" in str(v.get("gender")).lower())
    )
    for voice in order:
        languages = tuple(code.replace("_", "-") for code in voice["languages"] if code)
        by_id = voice["id"].rsplit("/", 1)[-1]
        shown = by_id if driver == "espeak" else (voice["name"] or by_id)
        name = next((n for n in (shown, f"{shown} ({', '.join(languages)})") if n not in ids), voice["id"])
        if name in ids or not languages:
            continue
        ids[name] = voice["id"]
        gender = f", {voice['gender'].lower()}" if driver != "espeak" and voice.get("gender") else ""
        infos.append(VoiceInfo(engine, name, languages, f"{voice['name']}{gender} ({driver})"))
    if not infos:
        raise KeyError("there are none")
    return _Facts(driver, about["version"], tuple(infos), ids)
