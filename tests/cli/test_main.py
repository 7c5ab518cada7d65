"""The command as a user meets it: its help, its exit codes, and what it says when it cannot go on."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from breathcue import __version__
from breathcue.cli import main, outcome, reporting
from breathcue.diagnostics import Diagnostic, MissingError, Place, SessionError

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def fake_command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Put a function in the place of the command ``render``."""

    def put(work: Callable[[], None]) -> None:
        monkeypatch.setattr(main, "load_command", lambda name: click.Command(name, callback=work))

    return put


@pytest.fixture
def python() -> Run:
    """Run Python code in a process of its own, as the installed command would run."""

    def run(code: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, **options.pop("env", {})}  # type: ignore[dict-item]
        return subprocess.run(
            [sys.executable, "-P", "-c", textwrap.dedent(code)],
            capture_output=True,
            env=environment,
            timeout=60,
            check=False,
            **options,  # type: ignore[call-overload]
        )

    return run


def test_help_lists_every_command_and_loads_none(python: Run) -> None:
    done = python(
        """
        import sys
        from breathcue.cli import main
        code = main.execute(["--help"])
        heavy = {"numpy", "yaml", "rich", "hibari", "scipy", *(entry.module for entry in main.COMMANDS.values())}
        print(code, sorted(heavy & set(sys.modules)))
        """
    )
    text = done.stdout.decode()
    assert text.endswith("0 []\n")
    assert all(f"  {name} " in text and entry.help in text for name, entry in main.COMMANDS.items())


@pytest.mark.parametrize("name", main.COMMANDS)
def test_the_table_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    command = main.load_command(name)
    assert command.name == name
    assert command.get_short_help_str(limit=200).rstrip(".") == main.COMMANDS[name].help


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    def check(command: click.Command) -> None:
        assert command.help
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, f"{command.name} {option.name}"
        for part in getattr(command, "commands", {}).values():
            check(part)

    check(main.load_command(name))


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute([flag]) == 0
    assert capsys.readouterr() == (f"breathcue {__version__}\n", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rendr", "There is no command 'rendr'. Did you mean 'render'?"),
        ("Check", "There is no command 'Check'. Did you mean 'check'?"),
        ("dance", "There is no command 'dance'. There are: render, live, verify, check, "),
    ],
)
def test_an_unknown_command_leads_to_a_known_one(
    typed: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.execute([typed]) == outcome.WRONG_USAGE
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


def test_an_unknown_option_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.execute(["--loud"]) == outcome.WRONG_USAGE
    assert "--loud" in capsys.readouterr().err


def _raise(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


PLACE = Place("evening.yaml", 3, 5, 9, "    reps: ten")
MISTAKE = Diagnostic("wrong-type", "'reps' takes a whole number.", PLACE, fix="Write 10.")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            SessionError(MISTAKE),
            1,
            ["evening.yaml:3:5", "'reps' takes a whole number.", "reps: ten", "Write 10."],
        ),
        (MissingError(Diagnostic("voice-missing", "The voice is not here.")), 3, ["The voice is not here."]),
        (click.UsageError("Nothing to do."), 2, ["Nothing to do."]),
        (KeyboardInterrupt(), 130, ["Stopped.\n"]),
        (outcome.Terminated(), 130, ["Stopped.\n"]),
        (click.Abort(), 130, ["Stopped.\n"]),
        (OSError(28, "No space left on device", "out.mp3"), 3, ["No space left on device (out.mp3)"]),
        (MemoryError(), 3, ["not enough memory"]),
        (
            ValueError("odd"),
            70,
            ["bug in breathcue: ValueError: odd (in test_main.py, line", "BREATHCUE_DEBUG=1"],
        ),
        (BrokenPipeError(32, "Broken pipe"), 70, ["bug in breathcue: BrokenPipeError"]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_each_way_to_fail_has_its_exit_code_and_words(
    error: BaseException,
    code: int,
    said: list[str],
    fake_command: Callable[[Callable[[], None]], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake_command(_raise(error))
    assert main.execute(["render"]) == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [words for words in said if words not in shown.err] == []
    assert "Traceback" not in shown.err


def test_debugging_shows_the_traceback(
    fake_command: Callable[[Callable[[], None]], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BREATHCUE_DEBUG", "1")
    fake_command(_raise(ValueError("odd")))
    assert main.execute(["render"]) == outcome.BUG
    assert "Traceback" in capsys.readouterr().err


def test_a_commands_own_exit_code_is_kept(fake_command: Callable[[Callable[[], None]], None]) -> None:
    fake_command(lambda: click.get_current_context().exit(1))
    assert main.execute(["render"]) == 1


COMMAND = """
import click
from breathcue.cli import main, outcome

def work():
{body}

main.load_command = lambda name: click.Command(name, callback=work)
import sys
sys.argv = ["breathcue", "render"]
main.run()
"""


def command_that(body: str) -> str:
    return COMMAND.format(body=textwrap.indent(textwrap.dedent(body), "    "))


def test_output_survives_a_locale_without_the_letters(python: Run) -> None:
    code = command_that('click.echo("90\\u00b0 \\u2014 \\udcff"); click.echo("\\u2192", err=True)')
    done = python(code, env={"PYTHONIOENCODING": "latin-1"})
    assert (done.returncode, done.stdout, done.stderr) == (0, b"90\xb0 \\u2014 \\udcff\n", b"\\u2192\n")


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_a_request_to_stop_unwinds_the_work(signal_name: str) -> None:
    code = command_that(
        """
        import time
        try:
            print("ready", flush=True)
            time.sleep(60)
        finally:
            print("tidied", flush=True)
        """
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(getattr(signal, signal_name))
        out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == (b"tidied\n", b"Stopped.\n", 130)


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_has_had_enough_is_no_error(lines: int) -> None:
    code = command_that(
        f"""
        import sys
        sys.stdin.read()
        for _ in range({lines}):
            click.echo("a line of the timeline")
        """
    )
    with subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(input=b"", timeout=60)
    assert (err, process.returncode) == (b"", 0)


def test_progress_is_silent_where_nobody_watches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with reporting.progress() as shown:
        shown.stage("Speaking", 3)(3)
    assert capsys.readouterr() == ("", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_appears_only_once_the_work_takes_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    clock = iter([0.0, 0.1, 1.0])
    with reporting.TerminalProgress(now=lambda: next(clock)) as shown:
        advance = shown.stage("Speaking", 3)
        advance(1)
        assert terminal.getvalue() == ""
        advance(1)
    assert "Speaking" in terminal.getvalue()
    assert "2/3" in terminal.getvalue()


@pytest.mark.parametrize(("term", "moving"), [("xterm", True), ("dumb", False)])
def test_a_terminal_must_be_able_to_draw(term: str, moving: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", term)
    with reporting.progress() as shown:
        assert isinstance(shown, reporting.TerminalProgress) is moving


def test_python_dash_m_is_the_command(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise SystemExit('a stray file was imported')")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "breathcue", "--version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == (f"breathcue {__version__}\n", 0)


def test_a_pace_that_is_no_number_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    session = Path(__file__).parents[2] / "sessions" / "cat-cow.yaml"
    assert main.execute(["timeline", str(session), "--voice", "silent", "--pace", "nan"]) == 2
    assert "'nan' is not a number" in capsys.readouterr().err


def test_an_unknown_format_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    session = Path(__file__).parents[2] / "sessions" / "cat-cow.yaml"
    assert main.execute(["timeline", str(session), "--voice", "silent", "--format", "srt"]) == 2
    assert "unknown-timeline-format" in capsys.readouterr().err
