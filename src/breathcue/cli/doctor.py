"""``breathcue doctor``: is everything here that a session needs?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from breathcue.cli import outcome
from breathcue.cli.reporting import result
from breathcue.diagnostics import BreathcueError

OLDEST_PYTHON = (3, 11)
ENOUGH_SPACE = 200 * 10**6
"""Bytes: the clips of a long session and its file."""

_PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``fix`` says what to do where it is not ``ok``; ``needed`` makes that a failure."""

    ok: bool
    about: str
    fix: str | None = None
    needed: bool = True


@click.command(short_help="Check that everything breathcue needs is here")
@click.option("--chime", is_flag=True, help="Only ring a bell, to hear whether a loudspeaker works.")
@click.option(
    "--output",
    metavar="NAME",
    help="Ring it there: a loudspeaker's name or a part of it, or a .wav file.  [default: the system's]",
)
def doctor(chime: bool, output: str | None) -> None:
    """Check that everything breathcue needs is here, and say what to do where something is not.

    The loudspeakers are listed under the names that --output takes, here and in 'breathcue live'.
    """
    if chime:
        ring(output)
        return
    if output is not None:
        raise click.UsageError("--output says where to ring the bell: add --chime.")
    failed = False
    for check in CHECKS:
        finding = check()
        result(f"{'ok    ' if finding.ok else 'not ok'}  {finding.about}")
        if not finding.ok and finding.fix:
            result(f"        to mend it: {finding.fix}")
        failed = failed or (finding.needed and not finding.ok)
    if failed:
        raise click.exceptions.Exit(outcome.SOMETHING_MISSING)


def ring(output: str | None) -> None:
    """Ring the bell, and say where it was heard.

    Raises:
        BreathcueError: there is no such output, or it does not work.
    """
    from breathcue.live.outputs.chime import chime

    result(f"The bell went to “{chime(output)}”.")


def check_python() -> Finding:
    """Look at the version of Python."""
    version = sys.version_info[:3]
    about = f"Python {'.'.join(map(str, version))}"
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Finding(version >= OLDEST_PYTHON, about, f"install Python {oldest} or newer")


def check_voice() -> Finding:
    """Let the embedded voice say a word."""
    from breathcue.voices.clip import make_clip
    from breathcue.voices.registry import DEFAULT_ENGINE, DEFAULT_SPEED, DEFAULT_VOICE, get_engine

    name = f"embedded voice {DEFAULT_VOICE}"
    remedy = "reinstall breathcue (pip install --force-reinstall breathcue)"
    try:
        engine = get_engine(DEFAULT_ENGINE)
        clip = make_clip(engine.speak("Breathe in.", DEFAULT_VOICE, DEFAULT_SPEED, "en"))
    except BreathcueError as error:
        return Finding(False, f"{name}: {error}", error.diagnostics[0].fix or remedy)
    except Exception as error:  # a doctor must survive whatever is wrong with a part
        return Finding(False, f"{name}: {type(error).__name__}: {error}", remedy)
    if clip is None:
        return Finding(False, f"{name} makes no sound", remedy)
    return Finding(True, f"{name} speaks ({engine.version})")


def check_encoder() -> Finding:
    """Find the encoder and ask for its version."""
    remedy = "reinstall breathcue, or name another ffmpeg in the variable IMAGEIO_FFMPEG_EXE"
    try:
        import imageio_ffmpeg

        program = imageio_ffmpeg.get_ffmpeg_exe()
        command = [program, "-hide_banner", "-version"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=True)
    except Exception as error:  # a missing package, a missing file, or one that does not run
        return Finding(False, f"encoder: {error}", remedy)
    words = done.stdout.split()
    return Finding(True, f"encoder ffmpeg {words[2] if len(words) > 2 else '(version unknown)'}")


def check_cache() -> Finding:
    """Try to write into the cache folder."""
    from tempfile import TemporaryFile

    from breathcue.store import ENVIRONMENT, default_folder

    folder = default_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"breathcue")
    except OSError as error:
        remedy = f"make it writable, or name another folder in the variable {ENVIRONMENT}"
        return Finding(False, f"cache folder {folder}: {error.strerror or error}", remedy, needed=False)
    return Finding(True, f"cache folder {folder} is writable")


def check_loudspeakers() -> Finding:
    """List the loudspeakers; only `breathcue live` wants one."""
    from breathcue.live.outputs.speakers import speakers

    try:
        found = speakers()
    except BreathcueError as error:
        diagnostic = error.diagnostics[0]
        return Finding(False, diagnostic.message.rstrip("."), diagnostic.fix, needed=False)
    names = "; ".join(f"{s.name} (the default)" if s.is_default else s.name for s in found)
    return Finding(True, f"loudspeakers: {names}")


def check_space() -> Finding:
    """Look at the free space where the cache lies."""
    from breathcue.store import default_folder

    folder = default_folder()
    place = next((p for p in (folder, *folder.parents) if p.exists()), Path(os.sep))
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding(False, f"free space: {error.strerror or error}", needed=False)
    about = f"{free / 1e9:.1f} GB free"
    remedy = "free some space; `breathcue cache prune` removes old clips"
    return Finding(free >= ENOUGH_SPACE, about, remedy, needed=False)


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_voice,
    check_encoder,
    check_cache,
    check_space,
    check_loudspeakers,
)
