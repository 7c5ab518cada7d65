"""A bed from a file stands beside the session: whatever leads elsewhere is refused at its line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from breathcue.language import bed, limits
from breathcue.language.bed import bed_file
from breathcue.language.load import Loaded, load_session
from breathcue.library.beds import bed_names


def load(folder: Path, name: str) -> Loaded:
    path = folder / "session.yaml"
    path.write_text(f"title: T\nbed: {name}\nsteps:\n  - say: Welcome.\n", encoding="utf-8")
    return load_session(path, "session.yaml")


def found(loaded: Loaded) -> list[tuple[str, int]]:
    return [(each.code, each.place.line if each.place else 0) for each in loaded.diagnostics]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "sessions"
    (inside / "music").mkdir(parents=True)
    for name in ("waves.mp3", "music/rain.wav", "drone"):
        (inside / name).write_bytes(b"sound")
    (tmp_path / "secret.mp3").write_bytes(b"sound")
    return inside


@pytest.mark.parametrize("name", ["none", *bed_names()])
def test_a_built_in_bed_needs_no_file(folder: Path, name: str) -> None:
    loaded = load(folder, name)
    assert found(loaded) == []
    assert loaded.routine is not None
    assert bed_file(loaded.routine.bed, folder) is None


@pytest.mark.parametrize("name", ["waves.mp3", "music/rain.wav", "./waves.mp3", "drone"])
def test_a_file_beside_the_session_is_found(folder: Path, name: str) -> None:
    loaded = load(folder, name)
    assert found(loaded) == []
    assert loaded.routine is not None
    path = bed_file(loaded.routine.bed, folder)
    assert path is not None
    assert path.read_bytes() == b"sound"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../secret.mp3", "outside-folder"),
        ("music/../../secret.mp3", "outside-folder"),
        ("/etc/passwd", "outside-folder"),
        ("'..\\secret.mp3'", "outside-folder"),
        ("'C:waves.mp3'", "outside-folder"),
        ("'\\\\server\\waves.mp3'", "outside-folder"),
        ("Waves.ogg", "not-beside"),
        ("waves.mp3/inside.mp3", "not-beside"),
        ("./music", "not-beside"),
        ("music", "not-beside"),
        ('"waves\\0.mp3"', "not-beside"),
        (f"{'w' * 300}.mp3", "not-beside"),
        ("w" * 300, "unknown-bed"),
        ("waves", "unknown-bed"),
    ],
)
def test_anything_else_is_refused_at_its_line(folder: Path, name: str, code: str) -> None:
    loaded = load(folder, name)
    assert found(loaded) == [(code, 2)]
    assert loaded.routine is None


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_may_lead_anywhere_but_out(folder: Path) -> None:
    (folder / "same.mp3").symlink_to(folder / "waves.mp3")
    (folder / "out.mp3").symlink_to(folder.parent / "secret.mp3")
    (folder / "loop.mp3").symlink_to(folder / "loop.mp3")
    (folder / "elsewhere").symlink_to(folder.parent)
    assert found(load(folder, "same.mp3")) == []
    assert found(load(folder, "out.mp3")) == [("outside-folder", 2)]
    assert found(load(folder, "elsewhere/secret.mp3")) == [("outside-folder", 2)]
    assert found(load(folder, "loop.mp3")) == [("not-beside", 2)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_no_file_and_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.mp3")
    assert found(load(folder, "pipe.mp3")) == [("not-beside", 2)]


def test_a_file_beyond_the_bound_is_not_even_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BED_BYTES", 4)
    assert bed.limits is limits
    assert found(load(folder, "waves.mp3")) == [("bed-too-large", 2)]


def test_a_slip_of_the_pen_is_met_with_the_nearest_name(folder: Path) -> None:
    fix = load(folder, "Ocaen").diagnostics[0].fix
    assert fix == "Did you mean `ocean`?"
