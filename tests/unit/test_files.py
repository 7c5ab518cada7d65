import errno
import os
import subprocess
import sys

import pytest

from breathcue.diagnostics import MissingError, RequestError
from breathcue.files import whole_file, write_text

LEFTOVER = ".breathcue-0123456789abcdef.part"


def test_the_file_appears_at_the_end(tmp_path):
    target = tmp_path / "out.mp3"
    target.write_bytes(b"old")
    with whole_file(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [OSError("disk"), KeyboardInterrupt(), ValueError("bug")])
def test_nothing_is_left_when_the_work_fails(tmp_path, error):
    target = tmp_path / "out.mp3"
    target.write_bytes(b"old")

    def work() -> None:
        with whole_file(target) as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        work()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_gets_the_usual_permissions(tmp_path):
    with whole_file(tmp_path / "a.mp3"):
        pass
    (tmp_path / "b.mp3").write_bytes(b"")
    assert (tmp_path / "a.mp3").stat().st_mode == (tmp_path / "b.mp3").stat().st_mode


def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "real.mp3"
    real.write_bytes(b"old")
    link = tmp_path / "link.mp3"
    link.symlink_to(real)
    with whole_file(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_what_a_dead_run_left_is_removed_and_nothing_else(tmp_path):
    leftover = tmp_path / LEFTOVER
    leftover.write_bytes(b"half")
    others = [
        tmp_path / name for name in (".breathcue-notes.part", "breathcue-0123456789abcdef.part", "b.mp3")
    ]
    for other in others:
        other.write_bytes(b"mine")
    folder = tmp_path / ".breathcue-fedcba9876543210.part"
    folder.mkdir()
    with whole_file(tmp_path / "a.mp3"):
        assert not leftover.exists()
    assert all(other.read_bytes() == b"mine" for other in others)
    assert folder.is_dir()


@pytest.mark.skipif(os.name == "nt", reason="Windows itself keeps open files from being removed")
def test_what_a_living_run_writes_is_left_alone(tmp_path):
    script = (
        "import sys, pathlib\n"
        "from breathcue.files import whole_file\n"
        "with whole_file(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'theirs')\n"
        "    print('open', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "theirs.mp3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with whole_file(tmp_path / "mine.mp3") as file:
            file.write(b"mine")
        other.communicate()
    assert other.returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.mp3", "theirs.mp3"]
    assert (tmp_path / "theirs.mp3").read_bytes() == b"theirs"


def test_runs_into_one_folder_side_by_side(tmp_path):
    with whole_file(tmp_path / "a.mp3") as a, whole_file(tmp_path / "b.mp3") as b:
        a.write(b"a")
        b.write(b"b")
    assert [(tmp_path / name).read_bytes() for name in ("a.mp3", "b.mp3")] == [b"a", b"b"]


@pytest.mark.skipif(os.name == "nt", reason="there are no such locks")
def test_on_a_file_system_without_locks_nothing_is_removed(tmp_path, monkeypatch):
    import fcntl

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    (tmp_path / LEFTOVER).write_bytes(b"perhaps alive")
    with whole_file(tmp_path / "a.mp3") as file:
        file.write(b"new")
    assert (tmp_path / LEFTOVER).read_bytes() == b"perhaps alive"
    assert (tmp_path / "a.mp3").read_bytes() == b"new"


def test_a_text_into_a_folder_that_is_not_there_names_the_folder(tmp_path):
    with pytest.raises(MissingError) as caught:
        write_text(tmp_path / "no" / "t.json", "x")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "no-such-folder"
    assert ".part" not in diagnostic.message


def test_a_text_is_written_whole(tmp_path):
    write_text(tmp_path / "t.txt", "Ein Satz – ganz.\n")
    assert (tmp_path / "t.txt").read_text(encoding="utf-8") == "Ein Satz – ganz.\n"
    with pytest.raises(RequestError):
        write_text(tmp_path, "x")
