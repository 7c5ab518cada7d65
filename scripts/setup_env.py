"""Make or repair the repository's .venv: ``setup_env.py PURPOSE ROOT``, where PURPOSE is user, dev or recogniser.

Run by the other scripts with whatever Python they found, so it uses the standard library only. Progress goes to
stderr, and so does the reason where it fails. Exit codes are those of the breathcue command: 3 where something is
missing, 130 where it was interrupted.

What makes it safe to kill at any moment: a stamp is written last, and an environment of ours without one is started
afresh. A lock on a file, which the system releases with its last holder, lets only one set-up work at a time; pip
holds it too, so that a set-up whose parent was killed is waited for rather than interfered with.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

TARGETS = {"user": ".", "dev": ".[dev]", "recogniser": ".[dev,recogniser,kokoro]"}
"""What pip installs for each purpose; with the recogniser comes all that only the whole set of tests needs."""
SERVES = {"user": ("user",), "dev": ("user", "dev"), "recogniser": ("user", "dev", "recogniser")}
"""The purposes that an environment made for each purpose serves."""
TAIL_LINES = 12
SPACE_NEEDED = "about 600 MB"
UNREACHABLE = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Failed to establish"
    r"|Network is unreachable|No route to host|Temporary failure in name resolution|Connection (refused|reset)"
)
NOT_WRITABLE = re.compile(r"Permission denied|Read-only file system")
DISK_FULL = re.compile(r"No space left on device|\[Errno 28\]|Disk quota exceeded")


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what to do."""


class Environment:
    """The .venv of one repository and the files in it that tell how far its set-up came."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)
        self.folder = self.root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.log = self.folder / "breathcue-setup.log"
        self.made_for = self.folder / "breathcue-root"
        self.pyproject = self.root / "pyproject.toml"

    def stamp(self, purpose: str) -> Path:
        """Return where the copy of the pyproject.toml that was installed for ``purpose`` is kept."""
        return self.folder / f"breathcue-stamp-{purpose}"

    def stamps(self) -> dict[Path, bytes]:
        """Return the stamps there are, with their contents."""
        return {stamp: stamp.read_bytes() for stamp in map(self.stamp, TARGETS) if stamp.exists()}

    def is_foreign(self) -> bool:
        """Say whether .venv was made by someone else, who would not want it emptied."""
        if not self.folder.is_dir() or self.made_for.exists():
            return False
        return any(not entry.name.startswith("breathcue-") for entry in self.folder.iterdir())

    def is_sound(self) -> bool:
        """Say whether the environment was once finished, was made for this folder, and its Python still runs."""
        if not self.stamps() or not os.access(self.python, os.X_OK):
            return False
        return self.made_for.read_text(encoding="utf-8") == f"{self.root}\n"


def say(text: str) -> None:
    """Tell the user something on stderr."""
    print(f"breathcue: {text}", file=sys.stderr, flush=True)


def set_up(env: Environment, purpose: str) -> None:
    """Bring .venv to the state that ``purpose`` needs, doing no more than that takes.

    Raises:
        SetupError: it cannot be done; .venv is left such that the next run tries again.
    """
    with locked(env) as lock:
        if env.is_foreign():
            raise SetupError(
                f"{env.folder} was made by something else and is left alone.\n"
                f"Move it away (mv .venv .venv.mine) and run this again."
            )
        wanted = env.pyproject.read_bytes()
        if not env.is_sound():
            make_afresh(env, purpose, lock)
        elif env.stamps().get(env.stamp(purpose)) == wanted:
            return
        elif not is_installed(env, purpose, wanted):
            update(env, purpose, lock)
        write_stamps(env, purpose, wanted)


def make_afresh(env: Environment, purpose: str, lock: int) -> None:
    """Make .venv from nothing; whatever an earlier, unfinished set-up left there goes."""
    unfinished = env.made_for.exists()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    say("the last set-up is unusable, starting over." if unfinished else "first run here, so setting up.")
    say(f"making .venv with Python {version} and installing into it: once, a minute or two, {SPACE_NEEDED}.")
    env.folder.mkdir(exist_ok=True)
    replace_file(env.made_for, f"{env.root}\n".encode())
    empty(env)
    # The real file behind links such as python3: should that Python go away, the environment's own link breaks,
    # which is noticed, instead of leading to another version, which is not.
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    run(env, [python, "-I", "-m", "venv", str(env.folder)], lock)
    install(env, purpose, lock)
    say("ready.")


def empty(env: Environment) -> None:
    """Remove everything from .venv but the note that it is ours; the stamps go first."""
    for stamp in env.stamps():
        stamp.unlink()
    for entry in env.folder.iterdir():
        if entry == env.made_for:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def is_installed(env: Environment, purpose: str, wanted: bytes) -> bool:
    """Say whether what has changed in pyproject.toml leaves the installation as it is, as settings of tools do."""
    stamped = env.stamps().get(env.stamp(purpose))
    return stamped is not None and what_pip_reads(stamped) == what_pip_reads(wanted)


def what_pip_reads(pyproject: bytes) -> object:
    """Return the parts of a pyproject.toml that decide what is installed.

    Raises:
        SetupError: it is not TOML.
    """
    try:
        tables = tomllib.loads(pyproject.decode("utf-8"))
    except ValueError as error:
        raise SetupError(f"pyproject.toml cannot be read: {error}.") from error
    return tables.get("project"), tables.get("build-system"), tables.get("tool", {}).get("hatch")


def update(env: Environment, purpose: str, lock: int) -> None:
    """Install again over what is there; where pip refuses, nothing has changed and the old stamps come back."""
    before = env.stamps()
    if env.stamp(purpose) in before:
        say("pyproject.toml has changed; bringing .venv up to date (a minute or less).")
    else:
        say(f"adding to .venv what is needed for purpose '{purpose}' (a minute or less).")
    for stamp in before:
        stamp.unlink()
    try:
        install(env, purpose, lock)
    except SetupError:
        for stamp, content in before.items():
            replace_file(stamp, content)
        raise


def install(env: Environment, purpose: str, lock: int) -> None:
    """Let pip install this repository, editable, with what it needs for ``purpose``."""
    pip = [str(env.python), "-P", "-m", "pip", "install", "--quiet", "--no-input", "--retries", "3"]
    run(env, [*pip, "--disable-pip-version-check", "--editable", TARGETS[purpose]], lock)


def run(env: Environment, command: Sequence[str], lock: int) -> None:
    """Run a command in the repository, its words kept in a log and shown only where it fails.

    Raises:
        SetupError: the command failed; tells the reason where it is a known one.
    """
    meddling = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "__PYVENV_LAUNCHER__")
    clean = {name: value for name, value in os.environ.items() if name not in meddling}
    with env.log.open("wb") as log:
        done = subprocess.run(
            command,
            cwd=env.root,
            env=clean,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            check=False,
        )
    if done.returncode != 0:
        reason = explain(env.log.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"{reason}\nAll that was said is in {env.log}.")


def explain(log: str) -> str:
    """Return why a command failed, judging by what it wrote; its last lines too, where that is not known."""
    if DISK_FULL.search(log):
        return f"The disk is full. The set-up needs {SPACE_NEEDED} here; make room and run this again."
    if UNREACHABLE.search(log):
        return "The package index could not be reached. The set-up needs the network; run this again once it is there."
    if NOT_WRITABLE.search(log):
        return "This copy of the repository cannot be written to. Use one that you own, or install with pip."
    tail = [f"    {line}" for line in log.rstrip().splitlines()[-TAIL_LINES:]]
    return "\n".join(["The set-up failed; running this again starts it over. The last lines were:", *tail])


def write_stamps(env: Environment, purpose: str, pyproject: bytes) -> None:
    """Note that the environment now holds what ``pyproject`` asks for."""
    for served in SERVES[purpose]:
        replace_file(env.stamp(served), pyproject)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file such that it appears whole or not at all, even where the power fails."""
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def locked(env: Environment) -> Iterator[int]:
    """Hold the one lock on the set-up of this repository, waiting for it where need be; gives its descriptor."""
    lock = os.open(env.root / ".venv.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another run is setting things up; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def stop(_number: int, _frame: object) -> None:
    """Treat a request to end like Ctrl-C, so that pip is ended too."""
    raise KeyboardInterrupt


def main(purpose: str, root: str) -> int:
    """Set up .venv and return the exit code."""
    signal.signal(signal.SIGTERM, stop)
    try:
        set_up(Environment(root), purpose)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return 3
    except OSError as error:
        say(explain(f"{error}"))
        return 3
    except KeyboardInterrupt:
        say("stopped. The next run finishes the set-up.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
