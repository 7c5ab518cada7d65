"""Performs a live session faster than it is heard, or on a device that nobody hears, and prints what it took of memory.

    python tests/hurried.py SESSION hurried|device SECONDS

Two hours are compressed into a minute: what asks for samples does so as soon as they are there instead of every 20 ms,
in the same steps, and the session's own thread looks for work every millisecond instead of every ten. All else is what
``breathcue live`` runs, and as often for each sample: player, composer, clips, log, plain lines. ``device`` is
miniaudio's null back end at its own pace, for 20 s; two hours of that would take two hours.

Prints a line of JSON: the resident MB after every so many SECONDS of sound, the samples that were missed, and how
many there were.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

import psutil

from breathcue.compiler.wishes import Wishes
from breathcue.live import session as live
from breathcue.live.buffer import BlockBuffer
from breathcue.live.diary.log import SessionAbout, SessionLog
from breathcue.live.diary.memory import data_folder
from breathcue.live.diary.records import Ending
from breathcue.live.outputs.output import Output, Pull
from breathcue.live.player import Position
from breathcue.live.view.plain import run_plain
from breathcue.pipeline.live import open_live
from breathcue.timeline.time import SAMPLE_RATE, Ms

CALLBACK = 960
LATENCY = Ms(200)
DEVICE_SECONDS = 20


class Hurried:
    """An output that asks for samples as soon as they are there."""

    name = "hurried"
    latency_ms = LATENCY
    alive = True

    def start(self, pull: Pull) -> None:
        self._ending = threading.Event()
        buffer: BlockBuffer[Position] = pull.__self__  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._run, args=(pull, buffer), daemon=True)
        self._thread.start()

    def _run(self, pull: Pull, buffer: BlockBuffer[Position]) -> None:
        while not self._ending.is_set():
            while len(buffer) > 2 or (len(buffer) and buffer.closed):
                pull(CALLBACK)
            time.sleep(0.0005)

    def stop(self) -> None:
        self._ending.set()
        self._thread.join()


def on_device() -> Output:
    from breathcue.live.outputs.device import DeviceOutput
    from breathcue.live.outputs.speakers import Speaker

    return DeviceOutput(Speaker("nobody", True, "NULL"), LATENCY)


def perform(path: Path, *, hurried: bool, every_seconds: float) -> tuple[list[float], int, int]:
    """Perform a session; return the MB every so often, the samples that were missed and all that were taken."""
    if hurried:
        live._FEED_SECONDS = 0.001
    opened = Hurried if hurried else on_device
    sizes: list[float] = []
    with open_live(path, Wishes()) as (script, _):
        coach = live.LiveSession("Long", script, script.speaker, opened(), opened, script.one_moment)
        log = SessionLog(data_folder(), SessionAbout(path, "Long", "0" * 40, 1.0))
        coach.subscribe(log.hear)
        buffer = coach.player.buffer

        def watch() -> None:
            while not coach.ended:
                if buffer.consumed >= every_seconds * SAMPLE_RATE * (len(sizes) + 1):
                    sizes.append(psutil.Process().memory_info().rss / 2**20)
                coach.moment()  # as a screen does
                time.sleep(0.005 if hurried else 0.1)

        watcher = threading.Thread(target=watch)
        coach.start()
        watcher.start()
        if hurried:
            with Path(os.devnull).open("w", encoding="utf-8") as nothing:
                run_plain(coach, nothing, None)
        else:
            time.sleep(DEVICE_SECONDS)
        missed = buffer.missed
        coach.close()
        watcher.join()
        log.close(Ending.FINISHED)
    return sizes, missed, buffer.consumed


if __name__ == "__main__":
    found = perform(Path(sys.argv[1]), hurried=sys.argv[2] == "hurried", every_seconds=float(sys.argv[3]))
    sys.stdout.write(json.dumps(found) + "\n")
