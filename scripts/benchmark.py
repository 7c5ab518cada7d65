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
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmark_report import (
    ROOT,
    SEED,
    Cost,
    Report,
    breathcue,
    cost_of,
    encode_command,
    long_session,
    typical,
)

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


def speed(report: Report, runs: int, work: Path, *, with_naive: bool = True) -> None:
    """Compare cold and warm renders of the seed session with bare synthesis and bare encoding."""
    timeline, wav, mp3, texts = (work / name for name in ("t.json", "s.wav", "s.mp3", "texts.json"))
    warm = work / "warm"
    cost_of(breathcue("timeline", SEED, "--format", "json", "-o", timeline), warm)
    cost_of(breathcue("render", SEED, "-o", wav), warm)
    data = json.loads(timeline.read_text(encoding="utf-8"))
    lines = list(dict.fromkeys(cue["text"] for cue in data["cues"] if cue["track"] == "voice"))
    texts.write_text(json.dumps(lines), encoding="utf-8")
    minutes = data["duration_ms"] / 60_000
    report.part(f"Seed session: {minutes:.1f} minutes, {len(data['cues'])} cues, {len(lines)} distinct lines")

    def cold() -> Cost:
        cache = work / "cold"
        shutil.rmtree(cache, ignore_errors=True)
        return cost_of(breathcue("render", SEED, "-o", mp3), cache)

    voice_speed = str(data["voice"]["speed"])
    bare_voice = typical(runs, lambda: cost_of([sys.executable, "-c", SYNTHESIS, texts, voice_speed]))
    bare_encoding = typical(runs, lambda: cost_of(encode_command(wav, mp3)))
    cold_render = typical(runs, cold)
    cost_of(breathcue("render", SEED, "-o", mp3), warm)
    warm_render = typical(runs, lambda: cost_of(breathcue("render", SEED, "-o", mp3), warm))
    report.cost("bare synthesis of the distinct lines", bare_voice)
    report.cost("bare encoding of the finished WAV", bare_encoding)
    report.cost("render, empty cache", cold_render)
    report.cost("render, warm cache", warm_render)
    both = Cost(bare_voice.cpu + bare_encoding.cpu, bare_voice.wall + bare_encoding.wall, 0)
    report.ratio("cold CPU / (bare synthesis + encoding)", cold_render.cpu / both.cpu, 0.65)
    report.ratio("cold wall / (bare synthesis + encoding)", cold_render.wall / both.wall, 0.8)
    report.ratio("warm CPU / bare encoding", warm_render.cpu / bare_encoding.cpu, 0.15)
    if with_naive:
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
    report.part("Memory: the same four minutes, again and again")
    peaks = {}
    for minutes in (30, 180):
        session = work / f"{minutes}.yaml"
        session.write_text(long_session(minutes), encoding="utf-8")
        cache = work / f"memory-{minutes}"
        peaks[minutes] = cost_of(breathcue("render", session, "-o", work / "long.mp3"), cache)
        report.cost(f"render of {minutes} minutes, empty cache", peaks[minutes])
    report.ratio("peak of 3 hours / of 30 minutes", peaks[180].megabytes / peaks[30].megabytes, 1.2)


def fitting(report: Report, runs: int, work: Path) -> None:
    """Measure what it costs to fit a session of 200 steps to a length; the silent voice has spoken its words before."""
    print("Fitting: 200 steps, to two hours")
    session, cache = work / "fitted.yaml", work / "fitted"
    flexible = "  - exercise: cat-cow\n    reps: 2-9\n  - rest: 5-30s\n"
    session.write_text(f"title: Fitted\nsteps:\n{flexible * 100}", encoding="utf-8")

    def timeline(*options: str) -> Cost:
        silent = breathcue("timeline", session, "--voice", "silent", "-o", work / "fitted.txt", *options)
        return typical(runs, lambda: cost_of(silent, cache))

    timeline("--duration", "2h")
    plain, fitted = timeline(), timeline("--duration", "2h")
    report.cost("timeline, low ends", plain)
    report.cost("timeline, --duration 2h", fitted)
    report.ratio("CPU seconds of fitting", fitted.cpu - plain.cpu, 0.7)


def start_up(report: Report, runs: int) -> None:
    """Measure what the command costs before it does anything."""
    report.part("Start-up")
    bare = typical(runs, lambda: cost_of([sys.executable, "-P", "-c", "pass"]))
    helped = typical(runs, lambda: cost_of(breathcue("--help")))
    report.cost("python by itself", bare)
    report.cost("breathcue --help", helped)
    report.ratio("CPU seconds of --help", helped.cpu, 0.3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument(
        "part", nargs="?", choices=["render", "link", "sound", "live"], help="only this part (default: all)"
    )
    parser.add_argument("--runs", type=int, default=5, help="how many runs each median is of (default 5)")
    parser.add_argument(
        "--page",
        action="store_true",
        help="write what render and link measured to docs/benchmark.md, with a plot",
    )
    chosen = parser.parse_args()
    report = Report(chosen.runs)
    with tempfile.TemporaryDirectory(prefix="breathcue-bench-") as folder:
        work = Path(folder)
        if chosen.part in (None, "render"):
            speed(report, chosen.runs, work)
            memory(report, work)
            fitting(report, chosen.runs, work)
            start_up(report, chosen.runs)
        if chosen.part in (None, "link"):
            from benchmark_link import link

            if chosen.page and chosen.part:
                speed(report, chosen.runs, work, with_naive=False)
            link(report, chosen.runs, work, ROOT / "docs" / "benchmark.md" if chosen.page else None)
        if chosen.part in (None, "sound"):
            from benchmark_sound import sound

            sound(report, chosen.runs, work)
        if chosen.part in (None, "live"):
            from benchmark_live import live

            live(report, chosen.runs, work)
    print(f"{report.missed} of the limits missed" if report.missed else "every limit kept")
    sys.exit(1 if report.missed else 0)


if __name__ == "__main__":
    main()
