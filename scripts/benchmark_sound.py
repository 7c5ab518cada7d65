"""What a bed and breath tones cost, and what a second processor saves: of encoding, and of the computer's own voices.

A render without a bed is linked, and encodes what it has not encoded before; a bed leaves no silence to link at: so a
render with one is also compared with one of the same session in which the encoder is given every sample.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmark_report import SEED, Cost, Report, breathcue, cost_of, long_session, typical

EVERY_SAMPLE = """
from breathcue.audio import formats
from breathcue.cli.main import run
def write_linked(job, file, start):
    raise formats.UnevenSilenceError
formats.write_linked = write_linked
run()
"""
"""The command with an encoder that is given the whole session, and nothing linked."""

ON_PROCESSORS = """
import os, sys
from breathcue.audio import render
from breathcue.cli.main import run
number = int(sys.argv.pop(1))
os.cpu_count = render.available_processors = lambda: number
run()
"""
"""The command as on a machine with so many processors, for encoding and for speaking."""


def sound(report: Report, runs: int, work: Path) -> None:
    """Measure all of it."""
    bed_and_breath(report, runs, work)
    encoding(report, runs, work)
    helpers(report, runs, work)


def bed_and_breath(report: Report, runs: int, work: Path) -> None:
    """Compare the CPU of rendering the seed session with a bed and breath tones with that of rendering it without."""
    print("The seed session with an ocean beneath it and soft breath tones, and without")
    plain, full, mp3, warm = (work / name for name in ("plain.yaml", "full.yaml", "full.mp3", "sound-warm"))
    text = SEED.read_text(encoding="utf-8")
    plain.write_text(text, encoding="utf-8")
    full.write_text(f"bed: ocean\nbreath-tone: soft\n{text}", encoding="utf-8")

    def cold(session: Path) -> Callable[[], Cost]:
        def render() -> Cost:
            cache = work / "sound-cold"
            shutil.rmtree(cache, ignore_errors=True)
            return cost_of(breathcue("render", session, "-o", mp3), cache)

        return render

    def again(command: list[str | Path]) -> Cost:
        return typical(runs, lambda: cost_of(command, warm))

    spoken = {session: typical(runs, cold(session)) for session in (plain, full)}
    for session in (plain, full):
        cost_of(breathcue("timeline", session), warm)
    rendered = {session: again(breathcue("render", session, "-o", mp3)) for session in (plain, full)}
    unencoded = {
        session: again(breathcue("render", session, "-o", work / "full.wav")) for session in (plain, full)
    }
    encoded = again([sys.executable, "-P", "-c", EVERY_SAMPLE, "render", plain, "-o", mp3])
    report.cost("without, empty cache", spoken[plain])
    report.cost("with both, empty cache", spoken[full])
    report.cost("without, warm cache", rendered[plain])
    report.cost("without, warm cache, every sample encoded", encoded)
    report.cost("with both, warm cache", rendered[full])
    report.cost("without, warm cache, to WAV", unencoded[plain])
    report.cost("with both, warm cache, to WAV", unencoded[full])
    own = unencoded[full].cpu - unencoded[plain].cpu
    report.ratio("CPU with both / without, empty cache", spoken[full].cpu / spoken[plain].cpu, 1.25)
    report.note("CPU with both / without, warm cache", rendered[full].cpu / rendered[plain].cpu)
    report.note("CPU with both / every sample encoded, warm", rendered[full].cpu / encoded.cpu)
    report.note("without its encoding, CPU it adds / warm render", own / rendered[plain].cpu)


def encoding(report: Report, runs: int, work: Path) -> None:
    """Compare the time of an hour of MP3 on two processors with that on one, and the files."""
    print("An hour of MP3 over a bed, warm cache")
    session, cache = work / "hour.yaml", work / "hour-cache"
    session.write_text("bed: brown\n" + long_session(60), encoding="utf-8")
    cost_of(breathcue("timeline", session), cache)
    files = {number: work / f"hour-{number}.mp3" for number in (1, 2)}

    def on(number: int) -> Callable[[], Cost]:
        command = [sys.executable, "-P", "-c", ON_PROCESSORS, str(number)]
        return lambda: cost_of([*command, "render", session, "-o", files[number]], cache)

    one, two = typical(runs, on(1)), typical(runs, on(2))
    report.cost("render on one processor", one)
    report.cost("render on two", two)
    report.ratio("wall on two processors / on one", two.wall / one.wall, 0.65)
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files.values()}
    report.ratio("files that differ", len(digests) - 1, 0)


def helpers(report: Report, runs: int, work: Path) -> None:
    """Compare the time in which the computer's own voices speak the seed session, side by side and one by one."""
    ready = [sys.executable, "-c", "import pyttsx3; pyttsx3.init()"]
    if subprocess.run(ready, capture_output=True, check=False).returncode:
        print("The computer's own voices are not measured: that needs pyttsx3 and the system's espeak-ng")
        return
    print("The seed session spoken by the computer's own voice, empty cache")

    def on(number: int) -> Callable[[], Cost]:
        command = [sys.executable, "-P", "-c", ON_PROCESSORS, str(number)]

        def speak() -> Cost:
            cache = work / "helpers"
            shutil.rmtree(cache, ignore_errors=True)
            return cost_of([*command, "timeline", SEED, "--voice", "system:en-us"], cache)

        return speak

    one, two = typical(runs, on(1)), typical(runs, on(2))
    report.cost("by one helper", one)
    report.cost("by two helpers", two)
    report.ratio("wall by two helpers / by one", two.wall / one.wall, 0.8)
