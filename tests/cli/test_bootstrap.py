"""scripts/breathcue from the user's side, and the set-up behind it, without a network and without installing."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from workspace import ROOT, path_with, pretend_environment, write_script

ECHO = 'printf "[%s]" "$@"; printf "%s" "$PWD"'
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The scripts and the pyproject.toml, in a folder whose name is not made for shells."""
    repository = tmp_path / "my $HOME's copy"
    shutil.copytree(ROOT / "scripts", repository / "scripts")
    shutil.copy(ROOT / "pyproject.toml", repository)
    return repository


@pytest.fixture
def run() -> Run:
    def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        cwd = environment.pop("cwd", None)
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHON"}
        return subprocess.run(
            command,
            cwd=cwd,
            env={**inherited, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH of its own, with the few programs that the scripts use and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "cmp", "readlink", "dirname"):
        program = shutil.which(name)
        assert program
        (folder / name).symlink_to(program)
    return folder


def test_it_becomes_the_command_in_the_callers_folder(repository: Path, elsewhere: Path, run: Run) -> None:
    pretend_environment(repository, ECHO)
    done = run(repository / "scripts/breathcue", "render", "two words", "", cwd=str(elsewhere))
    assert (done.stdout, done.stderr) == (f"[-P][-m][breathcue][render][two words][]{elsewhere}", "")


@pytest.mark.parametrize("relative", [True, False])
def test_links_to_it_lead_home(repository: Path, elsewhere: Path, run: Run, relative: bool) -> None:
    pretend_environment(repository, ECHO)
    script = repository / "scripts/breathcue"
    (elsewhere / "one").symlink_to(os.path.relpath(script, elsewhere) if relative else script)
    (elsewhere / "two").symlink_to("one")
    done = run(elsewhere / "two", "check", cwd="/")
    assert (done.stdout, done.stderr) == ("[-P][-m][breathcue][check]/", "")


def test_it_runs_by_name_in_its_own_folder(repository: Path, run: Run) -> None:
    pretend_environment(repository, ECHO)
    done = run("sh", "breathcue", "check", cwd=str(repository / "scripts"), CDPATH="/usr:/")
    assert done.stdout.startswith("[-P][-m][breathcue][check]")


def test_its_exit_code_is_the_commands(repository: Path, run: Run) -> None:
    pretend_environment(repository, "exit 3")
    assert run(repository / "scripts/breathcue").returncode == 3


def spoil_pyproject(repository: Path) -> None:
    with (repository / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")


def spoil_python(repository: Path) -> None:
    python = repository / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/gone/python3")


def spoil_stamp(repository: Path) -> None:
    (repository / ".venv/breathcue-stamp-user").unlink()


def spoil_place(repository: Path) -> None:
    (repository / ".venv/breathcue-root").write_text("/another/place\n", encoding="utf-8")


@pytest.mark.parametrize("spoil", [spoil_pyproject, spoil_python, spoil_stamp, spoil_place])
def test_an_environment_that_is_not_right_is_set_up_first(
    repository: Path, tools: Path, run: Run, spoil: Callable[[Path], None]
) -> None:
    pretend_environment(repository, ECHO)
    spoil(repository)
    write_script(
        tools / "python3.12", 'case "$*" in *setup_env.py*) echo "set-up: $3" >&2; exit 7;; esac; echo 3.12'
    )
    done = run(repository / "scripts/breathcue", PATH=str(tools))
    assert (done.stdout, done.stderr, done.returncode) == ("", "set-up: user\n", 7)


OLD = "echo 3.9; exit 11"
BARE = "echo 3.11; exit 12"
FIT = 'case "$*" in *setup_env.py*) echo "${0##*/}" >&2; exit 9;; esac; echo 3.13'


@pytest.mark.parametrize(
    ("pythons", "said", "code"),
    [
        ({}, "Python 3.11 or newer is needed, and none was found.\n", 3),
        ({"python3": OLD}, "none was found. Too old: python3 (3.9).", 3),
        ({"python3.11": BARE}, "sudo apt-get install python3.11-venv", 3),
        ({"python3.14": "exit 127", "python3.13": BARE, "python3.11": FIT}, "python3.11\n", 9),
        ({"python3.12": FIT, "python3": FIT}, "python3.12\n", 9),
    ],
)
def test_a_fit_python_is_found_or_asked_for(
    repository: Path, tools: Path, run: Run, pythons: dict[str, str], said: str, code: int
) -> None:
    for name, lines in pythons.items():
        write_script(tools / name, lines)
    done = run(repository / "scripts/breathcue", PATH=str(tools))
    assert said in done.stderr
    assert (done.stdout, done.returncode) == ("", code)


def test_the_python_that_was_named_is_the_one(repository: Path, tools: Path, run: Run) -> None:
    write_script(tools / "python3.12", "exit 1")
    mine = tools / "my own python"
    write_script(mine, FIT)
    done = run(repository / "scripts/breathcue", PATH=str(tools), PYTHON=str(mine))
    assert (done.stderr, done.returncode) == ("my own python\n", 9)


def test_a_wrong_name_for_python_is_said(repository: Path, tools: Path, run: Run) -> None:
    write_script(tools / "python3.12", FIT)
    done = run(repository / "scripts/breathcue", PATH=str(tools), PYTHON="python9")
    assert "The PYTHON variable names python9" in done.stderr
    assert done.returncode == 3


def test_without_cmp_it_still_runs(repository: Path, tools: Path, run: Run) -> None:
    pretend_environment(repository, ECHO)
    (tools / "cmp").unlink()
    write_script(tools / "python3", f'exec "{sys.executable}" "$@"')
    done = run(repository / "scripts/breathcue", "check", PATH=str(tools), cwd="/")
    assert (done.stdout, done.stderr) == ("[-P][-m][breathcue][check]/", "")


# What follows is setup_env.py itself, with pip and venv replaced by functions that note what they were asked.


@pytest.fixture
def setup_env() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_env", ROOT / "scripts/setup_env.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Workshop:
    """One repository whose commands are noted instead of run; ``fail`` makes pip fail."""

    def __init__(self, setup_env: ModuleType, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.module = setup_env
        self.env = setup_env.Environment(str(root))
        self.ran: list[str] = []
        self.failure: BaseException | None = None
        monkeypatch.setattr(setup_env, "run", self._run)

    def _run(self, env: object, command: Sequence[str], lock: int) -> None:
        self.ran.append(f"{command[-2]} {command[-1]}" if "pip" in command else "venv")
        if "venv" in command:
            self.env.python.parent.mkdir(parents=True)
            self.env.python.symlink_to(sys.executable)
        elif self.failure:
            raise self.failure

    def set_up(self, purpose: str = "user") -> list[str]:
        self.ran = []
        self.module.set_up(self.env, purpose)
        return self.ran


@pytest.fixture
def workshop(setup_env: ModuleType, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(setup_env, repository, monkeypatch)


def test_the_first_run_installs_and_the_second_has_nothing_to_do(workshop: Workshop) -> None:
    assert workshop.set_up() == ["venv", "--editable ."]
    assert workshop.set_up() == []


def test_an_environment_for_development_serves_users_too(workshop: Workshop) -> None:
    assert workshop.set_up("dev") == ["venv", "--editable .[dev]"]
    assert workshop.set_up("user") == []


def test_what_is_for_development_is_added(workshop: Workshop) -> None:
    workshop.set_up("user")
    assert workshop.set_up("dev") == ["--editable .[dev]"]


@pytest.mark.parametrize(
    ("added", "ran"),
    [
        ("\n[tool.black]\nline-length = 1\n", []),
        ("\n[project.optional-dependencies.more]\n", ["--editable ."]),
    ],
)
def test_a_change_installs_again_only_where_pip_would_see_it(
    workshop: Workshop, added: str, ran: list[str]
) -> None:
    pyproject = workshop.env.pyproject
    pyproject.write_text('[project]\nname = "x"\n', encoding="utf-8")
    workshop.set_up()
    pyproject.write_text('[project]\nname = "x"\n' + added, encoding="utf-8")
    assert workshop.set_up() == ran
    assert workshop.set_up() == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit()])
def test_an_interrupted_set_up_starts_afresh(workshop: Workshop, interruption: BaseException) -> None:
    workshop.failure = interruption
    with pytest.raises(type(interruption)):
        workshop.set_up()
    (workshop.env.folder / "half-written").touch()
    workshop.failure = None
    assert workshop.set_up() == ["venv", "--editable ."]
    assert not (workshop.env.folder / "half-written").exists()


def test_an_interrupted_update_starts_afresh(workshop: Workshop) -> None:
    workshop.set_up()
    workshop.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        workshop.set_up("dev")
    workshop.failure = None
    assert workshop.set_up() == ["venv", "--editable ."]


def test_a_refused_update_leaves_what_there_was(workshop: Workshop) -> None:
    workshop.set_up()
    workshop.failure = workshop.module.SetupError("no network")
    with pytest.raises(workshop.module.SetupError):
        workshop.set_up("dev")
    assert workshop.set_up("user") == []


def test_a_python_that_is_gone_starts_afresh(workshop: Workshop) -> None:
    workshop.set_up()
    workshop.env.python.unlink()
    workshop.env.python.symlink_to("/gone/python3")
    assert workshop.set_up() == ["venv", "--editable ."]


def test_a_moved_repository_starts_afresh(workshop: Workshop, repository: Path) -> None:
    workshop.set_up()
    moved = repository.rename(repository.with_name("moved"))
    workshop.env = workshop.module.Environment(str(moved))
    assert workshop.set_up() == ["venv", "--editable ."]


def test_someone_elses_environment_is_left_alone(workshop: Workshop) -> None:
    workshop.env.folder.mkdir()
    (workshop.env.folder / "pyvenv.cfg").touch()
    with pytest.raises(workshop.module.SetupError, match="made by something else"):
        workshop.set_up()
    assert [entry.name for entry in workshop.env.folder.iterdir()] == ["pyvenv.cfg"]


def test_a_second_run_waits_for_the_first(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    lock = os.open(workshop.env.root / ".venv.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    second = threading.Thread(target=workshop.set_up)
    second.start()
    second.join(timeout=0.3)
    assert second.is_alive()
    assert workshop.ran == []
    os.close(lock)
    second.join(timeout=60)
    assert workshop.ran == ["venv", "--editable ."]
    assert "waiting for it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("OSError: [Errno 28] No space left on device: 'x'", "The disk is full."),
        (
            "Retrying (Retry(total=2)) after NewConnectionError('...')",
            "The package index could not be reached.",
        ),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "cannot be written to."),
    ],
)
def test_why_it_failed_is_said_in_words(setup_env: ModuleType, log: str, said: str) -> None:
    reason = setup_env.explain(f"early line\n{log}\nlate line\n")
    assert said in reason
    assert "line" not in reason


def test_where_the_reason_is_not_known_the_last_lines_are_shown(setup_env: ModuleType) -> None:
    reason, *tail = setup_env.explain("early line\n" * 50 + "ERROR: something new").splitlines()
    assert reason.startswith("The set-up failed")
    assert (len(tail), tail[-1]) == (setup_env.TAIL_LINES, "    ERROR: something new")


def test_pip_s_last_lines_are_shown_where_it_fails(
    setup_env: ModuleType, repository: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    env = setup_env.Environment(str(repository))
    env.folder.mkdir()
    lock = os.open(os.devnull, os.O_RDONLY)
    setup_env.run(env, ["sh", "-c", "echo all is well"], lock)
    with pytest.raises(setup_env.SetupError, match="The last lines were:\n    a word of pip\n"):
        setup_env.run(env, ["sh", "-c", "echo a word of pip >&2; exit 1"], lock)
    os.close(lock)
    assert capfd.readouterr() == ("", "")


def test_the_test_command_knows_its_stages(repository: Path, run: Run) -> None:
    pretend_environment(repository, 'printf "[%s]" "$@"; exit 1')
    for name in ("ruff", "mypy"):
        write_script(repository / ".venv/bin" / name, f'echo "{name} $*"')
    (repository / "here").touch()
    done = run(repository / "scripts/test", "-x", "here::test", cwd=str(repository), PATH=path_with())
    assert "== mypy --strict\nmypy --strict\n== pytest\n" in done.stdout
    assert f"[-m][not slow and not recogniser and not sound][-x][{repository}/here::test]" in done.stdout
    assert done.stdout.endswith("  passed   mypy --strict\n  FAILED   pytest\n")
    assert done.returncode == 1


def test_the_test_command_stops_at_the_first_failure(repository: Path, run: Run) -> None:
    pretend_environment(repository, "echo not reached")
    write_script(repository / ".venv/bin/ruff", 'test "$1" = check')
    write_script(repository / ".venv/bin/mypy", "echo not reached")
    done = run(repository / "scripts/test", "--all")
    assert "not reached" not in done.stdout
    assert "  FAILED   ruff format --check\n  not run  mypy --strict\n  not run  pytest\n" in done.stdout
    assert done.returncode == 1
