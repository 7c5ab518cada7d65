"""Waiting for a change: what counts as one, and when it is over. Time and files are made up, but for one test."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from breathcue.watching import GONE, LOOK_EVERY, QUIET, Stamp, look, wait_for_change

SESSION, EXERCISE = Path("session.yaml"), Path("lift.yaml")


def version(number: int, size: int = 100) -> Stamp:
    return Stamp(number, size, 1)


@dataclass
class Desk:
    """Files that change at given times, and a clock that moves only while somebody sleeps."""

    happenings: list[tuple[float, dict[Path, Stamp | None]]]
    time: float = 0.0

    def look(self) -> dict[Path, Stamp | None]:
        return [seen for at, seen in self.happenings if at <= self.time + 1e-9][-1]

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        assert self.time < 100, "nothing was noticed"

    def wait(self) -> tuple[Path, ...]:
        return wait_for_change(self.happenings[0][1], self.look, self.now, self.sleep)


def test_a_change_is_told_once_it_has_been_quiet() -> None:
    desk = Desk(
        [(0, {SESSION: version(1), EXERCISE: version(1)}), (3, {SESSION: version(2), EXERCISE: version(1)})]
    )
    assert desk.wait() == (SESSION,)
    assert 3 + QUIET <= desk.time <= 3 + LOOK_EVERY + QUIET + 0.05


def test_an_editor_that_writes_twice_is_waited_for() -> None:
    writes = [(0, {SESSION: version(1)}), (3, {SESSION: version(2)}), (3.05, {SESSION: version(3)})]
    desk = Desk([*writes, (3.12, {SESSION: version(3), EXERCISE: version(1)})])
    assert desk.wait() == (EXERCISE, SESSION)
    assert desk.time >= 3.12 + QUIET


def test_a_file_that_is_gone_or_empty_for_a_moment_is_waited_for() -> None:
    for between in (None, version(2, size=0)):
        desk = Desk([(0, {SESSION: version(1)}), (3, {SESSION: between}), (3.6, {SESSION: version(3)})])
        assert desk.wait() == (SESSION,)
        assert desk.time >= 3.6 + QUIET


def test_a_file_that_stays_away_is_told() -> None:
    desk = Desk([(0, {SESSION: version(1)}), (3, {SESSION: None})])
    assert desk.wait() == (SESSION,)
    assert desk.time >= 3 + GONE


def test_what_comes_back_as_it_was_is_no_change() -> None:
    same = {SESSION: version(1)}
    desk = Desk([(0, same), (3, {SESSION: None}), (3.3, same), (9, {SESSION: version(2)})])
    assert desk.wait() == (SESSION,)
    assert desk.time >= 9


def test_files_are_told_apart_by_what_is_written_and_by_what_replaces_them(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.yaml", tmp_path / "voice"
    folder.mkdir()
    first = look([path], [folder, tmp_path / "nowhere"])
    assert first == {path: None}
    path.write_text("one")
    (folder / "hello.wav").write_bytes(b"sound")
    (folder / ".hidden.part").write_bytes(b"half")
    (folder / "session.mp3").write_bytes(b"ours")
    second = look([path], [folder], {folder.resolve() / "session.mp3"})
    assert second.keys() == {path, folder / "hello.wav"}
    # The same time and the same size, but another file.
    (tmp_path / "b").write_text("two")
    os.utime(tmp_path / "b", ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    (tmp_path / "b").replace(path)
    assert look([path], [folder])[path] != second[path]
    assert look([path, Path("no\0name")])[Path("no\0name")] is None
