"""``--bed``: another bed for one rendering, from anywhere, where a session's own must stand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from breathcue.cli.main import breathcue
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import RequestError
from breathcue.library.beds import bed_names
from breathcue.pipeline.live import open_live
from breathcue.pipeline.session import open_session

SESSION = "title: Short\nbed: waves.wav\nvoice: {engine: silent}\nsteps:\n  - say: Hello.\n"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "sessions"
    folder.mkdir()
    for sound in (folder / "waves.wav", tmp_path / "music.mp3"):
        sound.write_bytes(b"sound")
    monkeypatch.chdir(tmp_path)
    path = folder / "short.yaml"
    path.write_text(SESSION, encoding="utf-8")
    return path


def timeline(session: Path, *options: str) -> Result:
    return CliRunner().invoke(breathcue, ["timeline", str(session), *options])


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ([], ", bed waves.wav)"),
        (["--bed", "rain"], ", bed rain)"),
        (["--bed", "music.mp3"], ", bed music.mp3)"),
        (["--bed", "none"], "at speed 0.9)"),
    ],
)
def test_the_bed_is_the_sessions_unless_another_is_named(session, options, named):
    done = timeline(session, *options)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[0].endswith(named)


@pytest.mark.parametrize(
    ("asked", "file"),
    [(None, "sessions/waves.wav"), ("rain", None), ("none", None), ("music.mp3", "music.mp3")],
)
def test_its_file_is_found_beside_the_session_or_where_one_is(session, asked, file):
    wanted = Path(file).resolve() if file else None
    with open_session(session, Wishes(bed=asked)) as opened:
        assert (opened.bed_file and opened.bed_file.resolve()) == wanted
    with open_live(session, Wishes(bed=asked)) as (script, _):
        assert (script.bed_file and script.bed_file.resolve()) == wanted
        assert script.bed == (None if asked == "none" else asked or "waves.wav")


@pytest.mark.parametrize("options", [{}, {"pace": 2.0}, {"speed": 0.6}])
def test_as_much_of_the_music_is_kept_live_as_for_a_file(session, options):
    with open_session(session, Wishes(**options)) as opened:
        kept, lasts = opened.bed_ms, opened.timeline.duration_ms
    with open_live(session, Wishes(**options)) as (script, _):
        assert script.bed_ms == kept, "or its level would be another"
    assert kept > lasts


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        ("ocaen", "Did you mean `ocean`?"),
        ("nowhere.mp3", "path of a sound file"),
        (".", "path of a sound file"),
    ],
)
def test_a_bed_that_is_not_there_is_refused(session, asked, fix):
    done = timeline(session, "--bed", asked)
    assert isinstance(done.exception, RequestError)
    (diagnostic,) = done.exception.diagnostics
    assert diagnostic.code == "unknown-bed"
    assert fix in diagnostic.fix


@pytest.mark.parametrize("command", ["render", "live", "timeline"])
def test_the_help_names_every_bed(command):
    text = " ".join(CliRunner().invoke(breathcue, [command, "--help"]).output.split())
    part = text[text.index("--bed BED") :].split("--")[1]
    assert [name for name in ("none", *bed_names()) if name not in part] == []
