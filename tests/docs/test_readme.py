"""What the documentation tells people to type works, and the sessions it shows are sessions.

Blocks fenced as ``sh`` or ``console`` are run, page by page and from top to bottom, in a copy of the repository. Words
after the language steer that: ``sh slow`` is run with the slow tests only, ``sh no-run`` not at all (what a test must
not do, such as installing a system's packages).
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from breathcue.language.load import check_text
from workspace import ROOT, borrowed_python, copy_repository, path_with, pretend_environment, write_script

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
STEERING = {"slow", "no-run"}


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    words: frozenset[str]
    body: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> str:
        """What to type: all of it, or of a console only the lines after its prompt."""
        if self.language != "console":
            return self.body
        return "\n".join(line[2:] for line in self.body.splitlines() if line.startswith("$ "))


def blocks_of(page: str, text: str) -> Iterator[Block]:
    for fence in FENCE.finditer(text):
        language, *words = fence["info"].split() or [""]
        line = text.count("\n", 0, fence.start()) + 1
        yield Block(page, line, language, frozenset(words), fence["body"])


BLOCKS = [b for page in PAGES for b in blocks_of(page.name, page.read_text(encoding="utf-8"))]
SHELL = [block for block in BLOCKS if block.language in ("sh", "console")]
# The page of diagnostics shows mistakes, and that of programs a program; tests of their own look after them.
SESSIONS = [
    block
    for block in BLOCKS
    if block.language == "yaml"
    and block.page not in ("diagnostics.md", "programs.md")
    and re.search(r"^steps:", block.body, re.MULTILINE)
]


def runnable() -> list[object]:
    return [
        pytest.param(block, id=str(block), marks=[pytest.mark.slow] if "slow" in block.words else [])
        for block in SHELL
        if "no-run" not in block.words
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the repository, ready to use, and a ``breathcue`` command beside it."""
    home = tmp_path_factory.mktemp("home")
    copy = copy_repository(home / "breathcue")
    python = borrowed_python(copy)
    pretend_environment(copy, python)
    (home / "bin").mkdir()
    write_script(home / "bin" / "breathcue", f'exec "{copy}/.venv/bin/python" -P -m breathcue "$@"')
    return home


@pytest.mark.parametrize("block", runnable())
def test_commands_work_as_written(block: Block, home: Path) -> None:
    done = subprocess.run(
        ["sh", "-eu", "-c", block.commands],
        cwd=home / "breathcue",
        env={**os.environ, "PATH": path_with(home / "bin"), "XDG_CACHE_HOME": str(home / "cache")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{block}:\n{block.commands}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("block", SESSIONS, ids=str)
def test_sessions_shown_have_no_mistakes(block: Block) -> None:
    assert check_text(block.body, str(block), None) == ()


def test_the_readme_shows_what_to_type() -> None:
    assert [block for block in SHELL if block.page == "README.md"]


def test_steering_words_are_spelt_right() -> None:
    assert {word for block in SHELL for word in block.words} <= STEERING


def test_of_a_console_only_what_follows_the_prompt_is_typed() -> None:
    page = "Words.\n\n```console slow\n$ breathcue check\nNo mistakes.\n$ true\n```\n\n```\nplain\n```\n"
    console, plain = blocks_of("page.md", page)
    assert (console.commands, console.line, console.words) == ("breathcue check\ntrue", 3, {"slow"})
    assert (plain.language, plain.body) == ("", "plain\n")
