"""The program that speaks for the system engine: ``python -m breathcue.voices.system_helper``.

It is a process of its own because pyttsx3 can hang, crash, or print to standard output, and because one that hangs can
only be ended by ending its process. It reads one request a line from standard input and writes one answer a line to
what was standard output when it began; whatever pyttsx3 prints goes nowhere. Both are JSON::

    {"id": 1, "text": "Breathe in.", "voice": "gmw/en", "rate": 158, "path": "/folder/1.wav"}
    {"breathcue": 1, "voice": "gmw/en", "rate": 158}          or  {"breathcue": 1, "error": "why not"}

The first answer has the number 0 and tells about the engine. At the end of its input the program ends.

espeak carries the phase of its waves from one line to the next, so that the same line would sound a little different
after another one, and pyttsx3 cannot start it twice in a process. Where it speaks, each line is therefore spoken by a
fork of this process that has loaded espeak and not yet started it, which takes 30 ms.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from functools import partial
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any

ESPEAK = "espeak"
SYNCHRONOUS = frozenset({"sapi5"})
"""Drivers whose ``save_to_file`` returns when the file is written, and that never report an utterance as finished."""

ORPHAN_SECONDS = 600
"""A fork that still speaks after this long is ended by the system: nobody can be waiting for it."""

_LIBRARIES = ("libespeak-ng.so.1", "/usr/local/lib/libespeak-ng.so.1", "libespeak.so.1")
"""What pyttsx3 2.99 looks for on Linux, in its order."""

Answer = dict[str, Any]


def main() -> None:
    """Tell about the engine, then speak line after line until the input ends."""
    answer = _answers_to_standard_output()
    try:
        import pyttsx3.engine

        origin = _find_espeak()
        driver = pyttsx3.engine.default_engine_by_sys_platform()
    except ImportError as error:
        answer({"breathcue": 0, "error": f"pyttsx3 cannot be loaded: {error}", "lacks": "pyttsx3"})
        return
    run = _forked if driver == ESPEAK else _here
    run(lambda: {"breathcue": 0, **about(driver, origin)}, 0, answer)
    for request in _lines() if driver == ESPEAK else _lines_watched():
        run(partial(speak, request), request["id"], answer)


def about(driver: str, origin: str) -> Answer:
    """Return the driver's name, the version of all that makes the sound, the voices, and which is the system's own."""
    from importlib import metadata

    import pyttsx3

    try:
        engine = pyttsx3.init()
        voices = [
            {"id": v.id, "name": v.name, "languages": v.languages, "gender": v.gender}
            for v in engine.getProperty("voices")
        ]
        default = engine.getProperty("voice")
    except Exception as error:  # a driver may fail in any way, and the reason is what the listener needs
        return {"error": f"no speech engine can be started: {_in_words(error)}", "lacks": driver}
    return {
        "driver": driver,
        "version": f"pyttsx3 {metadata.version('pyttsx3')}, {_engine_version(driver, origin)}",
        "default": default,
        "voices": voices,
    }


def speak(request: Answer) -> Answer:
    """Have one line written to a file; return the voice and rate it was spoken in, or why it was not."""
    import pyttsx3

    engine = pyttsx3.init()
    ended = Event()
    problems: list[str] = []

    def failed(**facts: object) -> None:
        problems.append(_in_words(facts.get("exception")))
        ended.set()

    def finished(**facts: object) -> None:
        if not facts.get("completed", True):
            problems.append("the line was broken off")
        ended.set()

    tokens = [engine.connect("error", failed), engine.connect("finished-utterance", finished)]
    try:
        engine.setProperty("voice", request["voice"])
        engine.setProperty("rate", request["rate"])
        engine.setProperty("volume", 1.0)
        _let_settle(engine)
        engine.save_to_file(request["text"], request["path"])
        engine.runAndWait()
        if engine.driver_name not in SYNCHRONOUS:
            ended.wait()
        if problems:
            return {"breathcue": request["id"], "error": problems[0]}
        voice, rate = engine.getProperty("voice"), _rate(engine)
    finally:
        for token in tokens:
            engine.disconnect(token)
    return {"breathcue": request["id"], "voice": voice, "rate": rate}


def _answers_to_standard_output() -> Callable[[Answer], None]:
    """Keep standard output for answers alone: whatever else writes to it, C libraries included, goes nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)

    def answer(content: Answer) -> None:
        os.write(kept, json.dumps(content).encode("ascii") + b"\n")

    return answer


def _here(work: Callable[[], Answer], number: int, answer: Callable[[Answer], None]) -> None:
    """Do the work in this process and answer."""
    try:
        answer(work())
    except Exception as error:  # whatever pyttsx3 raises is an answer
        answer({"breathcue": number, "error": _in_words(error)})


def _forked(work: Callable[[], Answer], number: int, answer: Callable[[Answer], None]) -> None:
    """Do the work in a fork of this process, which answers; if it dies, say so for it."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(ORPHAN_SECONDS)
        _here(work, number, answer)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code:
        end = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        answer({"breathcue": number, "error": f"the speech engine {end}", "died": True})


def _lines() -> Iterator[Answer]:
    """Yield the requests."""
    return (json.loads(line) for line in sys.stdin)


def _lines_watched() -> Iterator[Answer]:
    """Yield the requests, and end the process as soon as nobody can send any, even while it speaks."""
    requests: SimpleQueue[Answer] = SimpleQueue()

    def read() -> None:
        for request in _lines():
            requests.put(request)
        os._exit(0)

    Thread(target=read, daemon=True).start()
    while True:
        yield requests.get()


def _find_espeak() -> str:
    """Make espeak-ng known to pyttsx3 where it is not the system's; return where it comes from.

    pyttsx3 asks for the library by its name, which the loader answers with one that is loaded already.
    """
    if sys.platform in ("darwin", "win32"):
        return ""
    for name in _LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return "the system's"
    try:
        import espeakng_loader
    except ImportError:
        return ""
    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    return "espeakng-loader"


def _engine_version(driver: str, origin: str) -> str:
    if driver == ESPEAK:
        from pyttsx3.drivers import _espeak

        return f"espeak {_espeak.Info(None).decode().split()[0]} ({origin})"
    import platform

    return f"{driver} {platform.mac_ver()[0] or platform.version()}"


def _let_settle(engine: Any) -> None:
    """Have espeak, which sets a rate in a thread of its own, wait for that before pyttsx3 goes on in its queue.

    pyttsx3 2.99 stops espeak before it lets it speak if espeak is still at something, and a rate that it has not set by
    then is forgotten: 3 lines of 100 would be spoken at pyttsx3's own rate, 200.
    """
    if engine.driver_name == ESPEAK:
        from pyttsx3.drivers import _espeak

        engine.proxy._push(_espeak.dll.espeak_Synchronize, ())


def _rate(engine: Any) -> float:
    """Return the rate in force, in words a minute.

    pyttsx3 2.99 asks espeak for it without saying whether it means the present rate or the default one, so that the
    answer is a matter of chance; espeak is asked here, for parameter 1 (the rate) as it is now (1).
    """
    if engine.driver_name != ESPEAK:
        return float(engine.getProperty("rate"))
    from pyttsx3.drivers import _espeak

    return float(_espeak.dll.espeak_GetParameter(1, 1))


def _in_words(error: object) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


if __name__ == "__main__":
    main()
