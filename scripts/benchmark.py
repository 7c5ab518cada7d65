"""What a render costs, as ratios against what it cannot do without, all in one run on one machine.

The baselines of a render are *bare synthesis* (the voice's own package speaking the session's distinct lines, in one
process) plus *bare encoding* (ffmpeg turning the finished WAV into MP3 with the same settings). Each figure is the
median of several runs. CPU is that of a process and all its children (user and system); memory is the largest
resident size of any of them. Modules are compiled once, as those of an installed package are: without that, which
PYTHONDONTWRITEBYTECODE brings about in a checkout, each start compiles them anew for 0.15 s of CPU.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "sessions" / "postpartum-back-relief.yaml"

SYNTHESIS = """
import json, sys
from hibari import Hibari
voice = Hibari(threads=1)
for text in json.load(open(sys.argv[1], encoding="utf-8")):
    voice(text, speed=float(sys.argv[2]), seed=0)
"""

NAIVE = """
import json, sys, tempfile, pathlib
import pyttsx3
from imageio_ffmpeg import get_ffmpeg_exe
from pydub import AudioSegment
AudioSegment.converter = get_ffmpeg_exe()
timeline = json.load(open(sys.argv[1], encoding="utf-8"))
cues = [cue for cue in timeline["cues"] if cue["track"] == "voice"]
folder = pathlib.Path(tempfile.mkdtemp())
files = {}
for text in dict.fromkeys(cue["text"] for cue in cues):
    files[text] = folder / f"{len(files)}.wav"
    engine = pyttsx3.init()
    engine.setProperty("rate", 150)
    engine.save_to_file(text, str(files[text]))
    engine.runAndWait()
    engine.stop()
session = AudioSegment.empty()
for cue in cues:
    gap = cue["start_ms"] - len(session)
    session = session + AudioSegment.silent(max(gap, 0), 48000) + AudioSegment.from_wav(str(files[cue["text"]]))
session.export(sys.argv[2], format="mp3", bitrate="64k")
"""


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU and wall time in seconds, the largest resident size in MB."""

    cpu: float
    wall: float
    megabytes: float


def cost_of(command: Sequence[str | Path], cache: Path | None = None) -> Cost:
    """Run a command and return what it cost, its children included; end the benchmark if it fails."""
    environment = dict(os.environ) | ({"BREATHCUE_CACHE": str(cache)} if cache else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], env=environment, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{command[0]} failed ({process.returncode}): {errors.read().decode()[-500:]}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit)


def typical(runs: int, once: Callable[[], Cost]) -> Cost:
    """Return the medians of several runs."""
    costs = [once() for _ in range(runs)]
    return Cost(*(median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "megabytes")))


class Report:
    """Prints figures as they come, and ratios with the most they may be."""

    def __init__(self) -> None:
        self.missed = 0

    def cost(self, name: str, cost: Cost) -> None:
        print(
            f"  {name:<44} {cost.cpu:7.2f} s CPU {cost.wall:7.2f} s wall {cost.megabytes:6.0f} MB", flush=True
        )

    def ratio(self, name: str, value: float, most: float) -> None:
        kept = value <= most
        self.missed += not kept
        print(f"  {name:<44} {value:7.2f}   (at most {most:g}) {'ok' if kept else 'MISSED'}", flush=True)


def breathcue(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-P", "-m", "breathcue", *arguments]


def encode_command(wav: Path, mp3: Path) -> list[str | Path]:
    from breathcue.audio.encoder import CODEC, find_encoder

    return [find_encoder(), "-nostdin", "-loglevel", "error", "-y", "-i", wav, *CODEC, mp3]


def speed(report: Report, runs: int, work: Path) -> None:
    """Compare cold and warm renders of the seed session with bare synthesis and bare encoding."""
    timeline, wav, mp3, texts = (work / name for name in ("t.json", "s.wav", "s.mp3", "texts.json"))
    warm = work / "warm"
    cost_of(breathcue("timeline", SEED, "--format", "json", "-o", timeline), warm)
    cost_of(breathcue("render", SEED, "-o", wav), warm)
    data = json.loads(timeline.read_text(encoding="utf-8"))
    lines = list(dict.fromkeys(cue["text"] for cue in data["cues"] if cue["track"] == "voice"))
    texts.write_text(json.dumps(lines), encoding="utf-8")
    minutes = data["duration_ms"] / 60_000
    print(f"Seed session: {minutes:.1f} minutes, {len(data['cues'])} cues, {len(lines)} distinct lines")

    def cold() -> Cost:
        cache = work / "cold"
        shutil.rmtree(cache, ignore_errors=True)
        return cost_of(breathcue("render", SEED, "-o", mp3), cache)

    voice_speed = str(data["voice"]["speed"])
    bare_voice = typical(runs, lambda: cost_of([sys.executable, "-c", SYNTHESIS, texts, voice_speed]))
    bare_encoding = typical(runs, lambda: cost_of(encode_command(wav, mp3)))
    cold_render = typical(runs, cold)
    warm_render = typical(runs, lambda: cost_of(breathcue("render", SEED, "-o", mp3), warm))
    report.cost("bare synthesis of the distinct lines", bare_voice)
    report.cost("bare encoding of the finished WAV", bare_encoding)
    report.cost("render, empty cache", cold_render)
    report.cost("render, warm cache", warm_render)
    both = Cost(bare_voice.cpu + bare_encoding.cpu, bare_voice.wall + bare_encoding.wall, 0)
    report.ratio("cold CPU / (bare synthesis + encoding)", cold_render.cpu / both.cpu, 1.25)
    report.ratio("cold wall / (bare synthesis + encoding)", cold_render.wall / both.wall, 0.8)
    report.ratio("warm CPU / bare encoding", warm_render.cpu / bare_encoding.cpu, 1.15)
    naive(report, timeline, work / "naive.mp3")


def naive(report: Report, timeline: Path, mp3: Path) -> None:
    """Print, for scale, what the plain way costs: pyttsx3 to files, pydub's `+` to join them."""
    ready = [sys.executable, "-c", "import pydub, pyttsx3; pyttsx3.init()"]
    if subprocess.run(ready, capture_output=True, check=False).returncode:
        print(
            "  the naive way (pyttsx3, pydub +) is not measured: it needs pyttsx3, pydub and the system's espeak-ng"
        )
        return
    report.cost(
        "the naive way: pyttsx3 to files, pydub +", cost_of([sys.executable, "-c", NAIVE, timeline, mp3])
    )


def memory(report: Report, work: Path) -> None:
    """Compare the memory of a session of three hours with that of one of thirty minutes, of the same material."""
    print("Memory: the same four minutes, again and again")
    peaks = {}
    for minutes in (30, 180):
        session = work / f"{minutes}.yaml"
        session.write_text(long_session(minutes), encoding="utf-8")
        cache = work / f"memory-{minutes}"
        peaks[minutes] = cost_of(breathcue("render", session, "-o", work / "long.mp3"), cache)
        report.cost(f"render of {minutes} minutes, empty cache", peaks[minutes])
    report.ratio("peak of 3 hours / of 30 minutes", peaks[180].megabytes / peaks[30].megabytes, 1.2)


def long_session(minutes: int) -> str:
    """Return a session of about that length: the same four minutes again and again, so that its words are the same."""
    four = "  - exercise: cat-cow\n    reps: 10\n  - rest: 30s\n  - wait: 15s\n  - exercise: bridge\n    reps: 3\n"
    return "title: Long\nsteps:\n" + four * (minutes // 4)


def start_up(report: Report, runs: int) -> None:
    """Measure what the command costs before it does anything."""
    print("Start-up")
    bare = typical(runs, lambda: cost_of([sys.executable, "-P", "-c", "pass"]))
    helped = typical(runs, lambda: cost_of(breathcue("--help")))
    report.cost("python by itself", bare)
    report.cost("breathcue --help", helped)
    report.ratio("CPU seconds of --help", helped.cpu, 0.3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=5, help="how many runs each median is of (default 5)")
    runs = parser.parse_args().runs
    report = Report()
    with tempfile.TemporaryDirectory(prefix="breathcue-bench-") as folder:
        speed(report, runs, Path(folder))
        memory(report, Path(folder))
    start_up(report, runs)
    print(f"{report.missed} of the limits missed" if report.missed else "every limit kept")
    sys.exit(1 if report.missed else 0)


if __name__ == "__main__":
    main()
