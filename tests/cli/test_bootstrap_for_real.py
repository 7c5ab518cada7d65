"""scripts/breathcue from a fresh copy, with real environments and real installs: slow, and it needs the network.

One copy goes through it all, so the tests of this file depend on their order.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from breathcue import __version__
from workspace import copy_repository

pytestmark = pytest.mark.slow
VERSION = f"breathcue {__version__}\n"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("real") / "a fresh copy")


def start(repository: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the script in another folder and in a process group of its own, with this Python and no other."""
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    return subprocess.Popen(
        [repository / "scripts/breathcue", *arguments],
        cwd="/",
        env={**os.environ, "PYTHON": python, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str, int]:
    out, err = process.communicate(timeout=600)
    return out, err, process.returncode


def wait_for_pip(repository: Path) -> None:
    """Wait until pip has begun to unpack packages into the environment."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if any(repository.glob(".venv/lib/python3*/site-packages/numpy")):
            return
        time.sleep(0.05)
    pytest.fail("pip never got to unpacking")


def test_without_a_network_it_says_so(repository: Path) -> None:
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_FIND_LINKS": "",
    }
    out, err, code = finish(
        start(repository, "--version", PIP_EXTRA_INDEX_URL="", PIP_RETRIES="1", **nowhere)
    )
    assert (out, code) == ("", 3)
    assert "The package index could not be reached." in err
    assert "Traceback" not in err


def test_killed_in_the_middle_it_starts_over(repository: Path) -> None:
    process = start(repository, "--version")
    wait_for_pip(repository)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    out, err, code = finish(start(repository, "--version"))

    assert (out, code) == (VERSION, 0)
    assert "starting over" in err


def test_once_set_up_it_says_nothing(repository: Path) -> None:
    assert finish(start(repository, "--version")) == (VERSION, "", 0)


def test_two_at_once_after_the_python_has_gone(repository: Path) -> None:
    python = repository / ".venv/bin" / (repository / ".venv/bin/python").readlink()
    python.unlink()
    python.symlink_to("/gone/python3")

    both = [start(repository, "--version"), start(repository, "--version")]
    ended = [finish(process) for process in both]

    assert [(out, code) for out, _, code in ended] == [(VERSION, 0)] * 2
    said = sorted((err for _, err, _ in ended), key=len)
    assert said[0] == "breathcue: another run is setting things up; waiting for it.\n"
    assert said[1].endswith("breathcue: ready.\n")


def test_new_dependencies_are_installed(repository: Path) -> None:
    pyproject = repository / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    more = re.sub(r"^dependencies = \[", r'\g<0>"iniconfig",', text, flags=re.MULTILINE)
    pyproject.write_text(more, encoding="utf-8")

    out, err, code = finish(start(repository, "--version"))

    assert (out, code) == (VERSION, 0)
    assert "pyproject.toml has changed" in err
    assert any(repository.glob(".venv/lib/python3*/site-packages/iniconfig"))


def test_a_wheel_brings_the_command_and_its_data(repository: Path, tmp_path: Path) -> None:
    """pip install . in an environment of its own, dependencies borrowed from the one above."""
    python = repository / ".venv/bin/python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path / "lib", repository]
    subprocess.run(pip, check=True, timeout=600)

    installed = tmp_path / "lib" / "breathcue"
    source = repository / "src" / "breathcue"
    data = {
        p.relative_to(source) for p in source.rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")
    }
    assert {".yaml", ".toml", ".npy", ".ttf", ".typed"} <= {path.suffix for path in data}
    assert {path for path in data if not (installed / path).is_file()} == set()
    done = subprocess.run(
        [tmp_path / "lib/bin/breathcue", "--version"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "lib")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == VERSION
