"""A pyttsx3 that misbehaves as it is told, for tests of the engine that must live with it.

:func:`install` copies this file into a folder as the package ``pyttsx3``, where a helper process finds it first. There
the variable FAULT says what goes wrong, FAULT_TEXT at which line only, and FAULT_ONCE names a file that is made at the
first fault, after which all is well.
"""

from __future__ import annotations

import array
import math
import os
import sys
import time
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any

RATE = 22_050
SECONDS_A_LETTER = 0.05


class Voice:
    def __init__(self, number: str, name: str, languages: list[str | None], gender: str | None) -> None:
        self.id, self.name, self.languages, self.gender = number, name, languages, gender


VOICES = [
    Voice("albert", "Albert", ["en_US"], "VoiceGenderNeuter"),
    Voice("sam-1", "Samantha", ["en_US"], "VoiceGenderFemale"),
    Voice("anna-1", "Anna", ["de_DE"], "VoiceGenderFemale"),
    Voice("eddy-1", "Eddy", ["de_DE"], None),
    Voice("eddy-2", "Eddy", ["fr_FR"], None),
    Voice("nameless", "Nobody", [], None),
]
DEFAULT = "sam-1"


def default_engine_by_sys_platform() -> str:
    if os.environ.get("FAULT") == "import":
        raise ImportError("no module named objc")
    return os.environ.get("FAKE_DRIVER", "nsss")


def init() -> Engine:
    engine = Engine.only or Engine()
    Engine.only = engine
    return engine


def fault(text: str | None = None) -> str:
    """Return what goes wrong now; "" if nothing does."""
    found = os.environ.get("FAULT", "")
    if text is not None and os.environ.get("FAULT_TEXT", text) != text:
        return ""
    once = os.environ.get("FAULT_ONCE")
    if once and found:
        if Path(once).exists():
            return ""
        Path(once).touch()
    return found


def meet(number: int) -> None:
    """Wait until so many processes are here at a time, each speaking a line."""
    place = Path(os.environ["FAULT_PLACE"])
    (place / str(os.getpid())).touch()
    deadline = time.monotonic() + 20
    while len(list(place.iterdir())) < number:
        if time.monotonic() > deadline:
            raise RuntimeError("nobody else speaks")
        time.sleep(0.01)


class Engine:
    only: Engine | None = None

    def __init__(self) -> None:
        found = os.environ.get("FAULT")
        if found == "no-engine":
            raise RuntimeError("could not initialize")
        if found == "no-start":
            time.sleep(600)
        if found == "no-hello":
            os._exit(7)
        self.driver_name = default_engine_by_sys_platform()
        self._properties: dict[str, Any] = {"voice": DEFAULT, "rate": 200, "voices": VOICES}
        self._listeners: dict[str, list[Callable[..., None]]] = {}
        self._job: tuple[str, str] = ("", "")
        self._unsettled: dict[str, Any] = {}
        self.proxy = self

    def _push(self, method: Callable[..., object], arguments: tuple[object, ...]) -> None:
        method(*arguments)

    def settle(self) -> None:
        """Do what espeak's own thread does, and what is lost if it has not been done before a line begins."""
        self._properties |= self._unsettled
        self._unsettled.clear()

    def connect(self, topic: str, listener: Callable[..., None]) -> Any:
        self._listeners.setdefault(topic, []).append(listener)
        return topic, listener

    def disconnect(self, token: Any) -> None:
        self._listeners[token[0]].remove(token[1])

    def getProperty(self, name: str) -> Any:  # noqa: N802  (pyttsx3's name)
        if os.environ.get("FAULT") == "no-voices" and name == "voices":
            return []
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if os.environ.get("FAULT") != f"ignores-{name}":
            later = self.driver_name == "espeak" and name == "rate"
            (self._unsettled if later else self._properties)[name] = value

    def save_to_file(self, text: str, path: str) -> None:
        self._job = (text, path)

    def runAndWait(self) -> None:  # noqa: N802
        self._unsettled.clear()
        text, path = self._job
        found = fault(text)
        if found == "hangs":
            time.sleep(600)
        elif found == "dies":
            sys.stderr.write("first line\nSegmentation fault, said the driver\n")
            sys.stderr.flush()
            os._exit(139)
        elif found == "raises":
            raise RuntimeError("the driver is in a bad mood")
        elif found == "reports":
            self._tell("error", exception=ValueError("unknown voice"))
        elif found == "breaks-off":
            self._tell("finished-utterance", completed=False)
        elif found == "never-finishes":
            return
        elif found == "waits-for-two-others":
            meet(3)
            self._finish_late(text, path)
        elif found == "late":
            Thread(target=self._finish_late, args=(text, path)).start()
        else:
            self._write(found, text, path)
            if self.driver_name != "sapi5":
                self._tell("finished-utterance", completed=True)

    def _finish_late(self, text: str, path: str) -> None:
        time.sleep(0.3)
        self._write("", text, path)
        self._tell("finished-utterance", completed=True)

    def _write(self, found: str, text: str, path: str) -> None:
        if found == "prints":
            print(f"Audio saved to {path}")  # noqa: T201
            print('{"breathcue": 1, "error": "a lie"}')  # noqa: T201
            os.write(1, b"noise of a C library\n" * 1000)
        if found == "writes-nothing":
            return
        seconds = len(text) * SECONDS_A_LETTER * 175 / self._properties["rate"]
        lengths = {"writes-half": 0.01, "writes-too-much": 40.0, "writes-empty": 0.0}
        frames = round(RATE * lengths.get(found, seconds))
        loud = 0 if found == "writes-silence" else 9000
        pitch = 110 + 7 * len(self._properties["voice"])
        second = array.array("h", (round(loud * math.sin(i * math.tau * pitch / RATE)) for i in range(RATE)))
        samples = (second * (1 + frames // RATE))[:frames]
        with wave.open(path, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes(samples.tobytes())
        content = Path(path).read_bytes()
        if found == "writes-garbage":
            Path(path).write_bytes(b"This is not a sound.")
        if found == "writes-cut":
            Path(path).write_bytes(content[:-1000])

    def _tell(self, topic: str, **facts: Any) -> None:
        for listener in self._listeners.get(topic, []):
            listener(name=None, **facts)


def install(folder: Path, version: str = "9.1") -> Mapping[str, str]:
    """Put this file into ``folder`` as the package pyttsx3; return the variables for a process to find it."""
    package = folder / "pyttsx3"
    (package / "drivers").mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_bytes(Path(__file__).read_bytes())
    (package / "engine.py").write_text("from pyttsx3 import default_engine_by_sys_platform\n")
    (package / "drivers" / "__init__.py").write_text("")
    (package / "drivers" / "_espeak.py").write_text(_ESPEAK)
    information = folder / "pyttsx3-9.dist-info"
    information.mkdir(exist_ok=True)
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: pyttsx3\nVersion: {version}\n")
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


_ESPEAK = """
import pyttsx3
def Info(pointer):
    return b"1.99  Data at: nowhere"
class dll:
    def espeak_GetParameter(parameter, current):
        assert (parameter, current) == (1, 1)
        return pyttsx3.init().getProperty("rate")
    def espeak_Synchronize():
        pyttsx3.init().settle()
"""
