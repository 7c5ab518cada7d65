"""The log as a file: what is on the disk, when, and what becomes of it when the disk, the power or a reader fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breathcue.diagnostics import Diagnostic, Severity
from breathcue.live.diary.history import replay
from breathcue.live.diary.log import SessionLog
from breathcue.live.diary.memory import last_unfinished, log_files, past_sessions
from breathcue.live.diary.records import Ending, Kind, Record, decode, encode, read
from breathcue.timeline.model import Side
from breathcue.timeline.score import Control, Spot
from breathcue.timeline.time import Ms
from happenings import WHEN, Acted, about, kinds, start, wait_for

posix = pytest.mark.skipif(os.name != "posix", reason="the rights of files are those of POSIX")


def acted() -> Acted:
    return Acted().step(0, "Welcome").step(1, "Cat-cow stretch", "cat-cow").reps(2).rep(3, cut_after=2000)


def clock() -> Iterator[datetime]:
    now = datetime(2025, 6, 3, 9, 10, tzinfo=timezone(timedelta(hours=2)))
    while True:
        yield now
        now += timedelta(seconds=1)


def write(folder: Path, session: Acted) -> Path:
    times = clock()
    log = SessionLog(folder, about(folder / "morning.yaml"), now=lambda: next(times))
    for event in session.events:
        log.hear(event)
    log.close(Ending.QUIT)
    return log_files(folder)[0]


def cut_off(path: Path) -> Path:
    """Take the end out of a log, as if the power had failed before it."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    return path


def test_one_record_a_line(tmp_path: Path) -> None:
    path = write(tmp_path, acted())
    lines = [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    assert lines[0] == {
        "kind": "start",
        "id": lines[0]["id"],
        "when": "2025-06-03T09:10:00.000+02:00",
        "at_ms": 0,
        "log": 1,
        "session": str(tmp_path / "morning.yaml"),
        "title": "Morning",
        "digest": "0" * 40,
        "pace": 1.0,
    }
    assert {line["id"] for line in lines} == {lines[0]["id"]}
    assert all(datetime.fromisoformat(line["when"]).tzinfo for line in lines)
    assert lines[3] == {
        **{"kind": "rep", "id": lines[0]["id"], "when": "2025-06-03T09:10:03.000+02:00", "at_ms": 4000},
        **{"step": 1, "step_title": "Cat-cow stretch", "exercise": "cat-cow", "set": 1, "rep": 1, "reps": 2},
    }
    assert (lines[-1]["kind"], lines[-1]["how"], lines[-1]["active_ms"]) == ("end", "quit", 20_000)


def test_a_resumed_session_says_where_it_goes_on(tmp_path: Path) -> None:
    write(tmp_path, acted())
    mark = last_unfinished(tmp_path)
    assert mark is not None
    log = SessionLog(tmp_path, about(mark.session, resumed_from=mark))
    for event in Acted().step(1, "Cat-cow stretch", "cat-cow").events:
        log.hear(event)
    log.close(Ending.QUIT)
    first = json.loads(log_files(tmp_path)[0].read_bytes().splitlines()[0])
    assert first["resumed_from"] == mark.id
    assert (first["step"], first["set"], first["rep"]) == (1, 1, 3)
    again = last_unfinished(tmp_path)
    assert again is not None
    assert (again.spot, again.exercise, again.step_title) == (Spot(1, 1, 3), "cat-cow", "Cat-cow stretch")


def test_every_repetition_is_on_the_disk_when_it_begins(tmp_path: Path) -> None:
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    for event in acted().events:
        log.hear(event)
    wait_for(tmp_path, b'"rep":3')
    log.close(Ending.QUIT)


def test_only_the_first_way_of_ending_counts_and_nothing_follows_it(tmp_path: Path) -> None:
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    log.close(Ending.FINISHED)
    log.close(Ending.FAILED)
    log.hear(acted().events[0])
    (path,) = log_files(tmp_path)
    assert kinds(read(path.read_bytes())) == ["start", "end"]


@posix
def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = write(tmp_path / "data", acted())
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_is_one_warning_and_the_session_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way", encoding="utf-8")
    heard: list[Diagnostic] = []
    log = SessionLog(tmp_path / "data", about(tmp_path / "a.yaml"), on_trouble=heard.append)
    for event in acted().events:
        log.hear(event)
    log.close(Ending.FINISHED)
    (warning,) = heard
    assert warning.code == "log-unusable"
    assert warning.severity is Severity.WARNING
    assert str(tmp_path / "data") in warning.message
    assert "BREATHCUE_DATA" in (warning.fix or "")


def test_a_disk_that_fills_up_is_one_warning_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Diagnostic] = []
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"), on_trouble=heard.append)
    wait_for(tmp_path, b"\n")

    def full(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("breathcue.live.diary.log.os.write", full)
    for event in acted().events:
        log.hear(event)
    log.close(Ending.FINISHED)
    assert [each.code for each in heard] == ["log-unusable"]
    assert "No space left" in heard[0].message


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr("breathcue.live.diary.log.os.write", lambda file, content: whole(file, content[:7]))
    path = write(tmp_path, acted())
    assert kinds(read(path.read_bytes())) == ["start", *kinds(acted().records(Ending.QUIT))]


def test_a_disk_that_hangs_delays_neither_session_nor_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Signal()
    monkeypatch.setattr("breathcue.live.diary.log.os.fsync", lambda descriptor: release.wait(60) and None)
    monkeypatch.setattr("breathcue.live.diary.log.PATIENCE_SECONDS", 0.01)
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    for event in acted().events:
        log.hear(event)
    log.close(Ending.QUIT)
    release.set()
    log._thread.join(20)
    assert kinds(read(log_files(tmp_path)[0].read_bytes()))[-1] == "end"


TEXTS = st.text(st.characters(exclude_characters="\0"), max_size=20)
COUNTS = st.none() | st.integers(0, 2**53 - 1)
RECORDS = st.builds(
    Record,
    kind=TEXTS,
    id=TEXTS,
    when=st.builds(
        lambda when, minutes, ms: when.replace(
            microsecond=ms * 1000, tzinfo=timezone(timedelta(minutes=minutes))
        ),
        st.datetimes(),
        st.integers(-14 * 60, 14 * 60),
        st.integers(0, 999),
    ),
    at_ms=st.integers(0, 2**53 - 1).map(Ms),
    session=st.none() | TEXTS,
    pace=st.none() | st.floats(min_value=0.01, max_value=100),
    step=COUNTS,
    rep=COUNTS,
    side=st.none() | st.sampled_from(Side),
    how=st.none() | TEXTS,
)


@given(record=RECORDS)
def test_what_is_written_is_what_is_read(record: Record) -> None:
    line = encode(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode(line) == record


@given(junk=st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_no_junk_is_taken_for_a_record(junk: bytes) -> None:
    assert decode(junk) is None
    content = encode(start()) + junk + b"\n" + encode(acted().records()[0])
    assert kinds(read(content)) == ["start", "step"]


@pytest.mark.parametrize(
    "damage",
    [
        b'{"kind":"rep"}',
        b'{"kind":"rep","id":"0000abcd","when":"2025-06-03T09:10:03","at_ms":1}',
        b'{"kind":"rep","id":"0000abcd","when":"yesterday","at_ms":1}',
        b'{"kind":"rep","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":true}',
        b'{"kind":"rep","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":-1}',
        b'{"kind":"rep","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":1,"side":"up"}',
        b'{"kind":"pace","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":1,"pace":NaN}',
        b'{"kind":"pace","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":1,"pace":1e999}',
        b'{"kind":"pace","id":"0000abcd","when":"2025-06-03T09:10:03Z","at_ms":1,"pace":' + b"9" * 400 + b"}",
        b"[" * 100_000,
        b"\0" * 4096,
        b"null",
    ],
    ids=range(12),
)
def test_damaged_lines_are_passed_over(damage: bytes) -> None:
    first, *rest = (encode(record) for record in [start(), *acted().records()])
    content = b"".join([first, damage + b"\n", *rest])
    assert decode(damage) is None
    assert kinds(read(content)) == ["start", *kinds(acted().records())]


def test_a_line_of_another_session_is_passed_over() -> None:
    foreign = encode(Record("hurt", "ffff0000", WHEN, Ms(7)))
    content = b"".join([encode(start()), foreign, *map(encode, acted().records())])
    assert kinds(read(content)) == ["start", *kinds(acted().records())]


def test_what_a_newer_version_adds_is_kept_and_passed_over(tmp_path: Path) -> None:
    path = cut_off(write(tmp_path, acted()))
    added = b'{"kind":"heartbeat","id":"%s","when":"2025-06-03T09:11:00+02:00","at_ms":20500,"bpm":71}\n'
    content = path.read_bytes()
    first = json.loads(content.splitlines()[0])
    path.write_bytes(content + added % first["id"].encode())
    (past,) = past_sessions(tmp_path)
    assert past.reps == 2
    assert past.spot == Spot(1, 1, 3)
    assert past.last.minute == 11
    assert b"heartbeat" in path.read_bytes()


def test_a_log_whose_meaning_is_not_ours_tells_nothing() -> None:
    first = encode(start()).replace(b'"log":1', b'"log":2')
    assert list(read(first + b"".join(map(encode, acted().records())))) == []


def test_a_log_cut_at_any_byte_of_its_last_two_lines_can_be_read() -> None:
    lines = [encode(record) for record in [start(), *acted().records()]]
    whole = b"".join(lines)
    marks = set()
    for end in range(len(whole) - len(lines[-1]) - len(lines[-2]), len(whole) + 1):
        past = replay(read(whole[:end]))
        assert past is not None
        assert past.unfinished
        marks.add((past.spot, past.reps))
    assert marks == {(Spot(1, 1, 2), 1), (Spot(1, 1, 2), 2), (Spot(1, 1, 3), 2)}


@given(data=st.data())
def test_a_log_with_any_bytes_changed_never_stops_a_reader(data: st.DataObject) -> None:
    whole = bytearray(b"".join(map(encode, [start(), *acted().records(Ending.QUIT)])))
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    past = replay(read(bytes(whole)))
    assert past is None or past.reps <= 2


WRITER = """
import sys
from pathlib import Path
from breathcue.live.diary.log import SessionLog
from breathcue.live.diary.records import Ending
from happenings import Acted, about
folder = Path(sys.argv[1])
acted = Acted().step(0, "Welcome").step(1, "Cat-cow stretch", "cat-cow").reps(40)
log = SessionLog(folder, about(folder / sys.argv[2]))
for event in acted.events:
    log.hear(event)
if sys.argv[3] == "wait":
    print("ready", flush=True)
    sys.stdin.read()
log.close(Ending.FINISHED)
"""


def writer(folder: Path, name: str, mode: str = "run") -> subprocess.Popen[str]:
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, mode],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once_do_not_mix(tmp_path: Path) -> None:
    both = [writer(tmp_path, "a.yaml"), writer(tmp_path, "b.yaml")]
    assert [process.wait(60) for process in both] == [0, 0]
    for process in both:
        process.communicate()
    pasts = list(past_sessions(tmp_path))
    assert {Path(past.session).name for past in pasts} == {"a.yaml", "b.yaml"}
    assert [past.reps for past in pasts] == [39, 39]
    for path in log_files(tmp_path):
        assert all(decode(line) for line in path.read_bytes().splitlines())


def test_what_is_going_on_elsewhere_is_not_offered_until_it_is_killed(tmp_path: Path) -> None:
    process = writer(tmp_path, "a.yaml", "wait")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        wait_for(tmp_path, b'"rep":40')
        (past,) = past_sessions(tmp_path)
        assert past.alive
        assert last_unfinished(tmp_path) is None
    finally:
        process.kill()
        process.communicate()
    mark = last_unfinished(tmp_path, tmp_path / "a.yaml")
    assert mark is not None
    assert mark.spot == Spot(1, 1, 40)


def test_many_threads_may_tell_one_log(tmp_path: Path) -> None:
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    hurts = Acted().step(1, "Plank", "plank").ask(Control.NEXT).events[1:] * 50
    threads = [Thread(target=lambda: [log.hear(event) for event in hurts]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.close(Ending.QUIT)
    (path,) = log_files(tmp_path)
    assert kinds(read(path.read_bytes())) == ["start", *["skipped"] * 200, "end"]


def test_the_clock_of_the_log_has_its_offset(tmp_path: Path) -> None:
    log = SessionLog(tmp_path, about(tmp_path / "a.yaml"))
    log.close(Ending.QUIT)
    (past,) = past_sessions(tmp_path)
    assert past.began.utcoffset() is not None
    assert abs(past.began - datetime.now(UTC)) < timedelta(minutes=5)


def test_kinds_are_written_as_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "live-log.md").read_text(encoding="utf-8")
    for word in (*Kind, *Ending):
        assert f"`{word.value}`" in page
