"""The cache on disk: keyed by everything, shared by processes, and never the reason why work stops."""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breathcue import store as store_module
from breathcue.diagnostics import Diagnostic, Severity
from breathcue.dsp.loudness import hop_energy
from breathcue.dsp.peaks import true_peak
from breathcue.store import Kind, default_folder
from breathcue.voices.base import Clip
from breathcue.voices.cache import ClipCache, ClipKey, decode, encode
from breathcue.voices.clip import from_int16

KEY = ClipKey("embedded", "hibari-tts 0.2.1", "heart", 0.9, "en", "Inhale.")


def a_clip(length_ms: int = 100, seed: int = 0) -> Clip:
    integers = np.random.default_rng(seed).integers(-9000, 9000, length_ms * 48).astype(np.int16)
    samples = from_int16(integers)
    return Clip(samples, hop_energy(samples), true_peak(samples))


def same(first: Clip | None, second: Clip | None) -> bool:
    assert first is not None
    assert second is not None
    arrays = np.array_equal(first.samples, second.samples) and np.array_equal(first.energy, second.energy)
    return arrays and first.peak == second.peak


@pytest.fixture
def cache(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "cache")


def only_file(cache: ClipCache) -> Path:
    (path,) = cache.kept.entries()
    return path


def test_a_clip_comes_back_to_the_last_bit(cache: ClipCache) -> None:
    clip = a_clip()
    assert cache.length(KEY) is None
    assert cache.load(KEY) is None
    assert cache.store(KEY, clip)
    assert cache.length(KEY) == 100
    assert same(cache.load(KEY), clip)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_encoding_survives(length_ms: int, seed: int) -> None:
    clip = a_clip(length_ms, seed)
    assert same(decode(encode(clip)), clip)


CHANGES: dict[str, object] = {
    "engine": "system",
    "engine_version": "hibari-tts 0.2.2",
    "voice": "emma",
    "speed": 0.9000001,
    "language": "en-GB",
    "text": "Inhale",
    "clip_version": 999,
    "key_version": 999,
}


@pytest.mark.parametrize("field", [field.name for field in fields(ClipKey)])
def test_changing_any_field_changes_the_key(field: str) -> None:
    assert replace(KEY, **{field: CHANGES[field]}).digest != KEY.digest  # type: ignore[arg-type]


def test_fields_do_not_run_into_each_other() -> None:
    first = replace(KEY, voice="a", language='b","c')
    second = replace(KEY, voice='a","b', language="c")
    assert first.digest != second.digest


def test_a_key_is_the_same_in_every_process() -> None:
    code = f"from breathcue.voices.cache import ClipKey; print({KEY!r}.digest)"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.strip() == KEY.digest


def damage(content: bytes, kind: str) -> bytes:
    if kind == "cut short":
        return content[:-10]
    if kind == "grown":
        return content + b"\0"
    if kind == "empty":
        return b""
    position = {"magic": 0, "version": 4, "length": 9, "energy": 30, "samples": len(content) - 5}[kind]
    return content[:position] + bytes([content[position] ^ 0x10]) + content[position + 1 :]


@pytest.mark.parametrize(
    "kind", ["cut short", "grown", "empty", "magic", "version", "length", "energy", "samples"]
)
def test_a_damaged_entry_is_noticed_removed_and_made_again(cache: ClipCache, kind: str) -> None:
    cache.store(KEY, a_clip())
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes(), kind))
    assert cache.load(KEY) is None
    assert not path.exists()
    assert cache.store(KEY, a_clip())
    assert same(cache.load(KEY), a_clip())


@pytest.mark.parametrize("kind", ["cut short", "grown", "empty", "magic", "version", "length"])
def test_the_header_alone_shows_most_damage(cache: ClipCache, kind: str) -> None:
    cache.store(KEY, a_clip())
    path = only_file(cache)
    path.write_bytes(damage(path.read_bytes(), kind))
    assert cache.length(KEY) is None
    assert not path.exists()


@given(st.binary(max_size=200))
def test_no_content_of_a_file_can_raise(content: bytes) -> None:
    assert decode(content) is None


def failing_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> tuple[ClipCache, list[Diagnostic]]:
    def fail(path: Path, content: bytes) -> None:
        raise OSError(code, os.strerror(code), str(path))

    monkeypatch.setattr(store_module, "_write", fail)
    told: list[Diagnostic] = []
    return ClipCache(tmp_path, told.append), told


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    cache, told = failing_cache(tmp_path, monkeypatch, code)
    assert not cache.store(KEY, a_clip())
    assert not cache.store(replace(KEY, text="again"), a_clip())
    (diagnostic,) = told
    assert diagnostic.code == "cache-unusable"
    assert diagnostic.severity is Severity.WARNING
    assert str(tmp_path) in diagnostic.message
    assert os.strerror(code) in diagnostic.message
    assert cache.load(KEY) is None


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.write_text("not a folder")
    told: list[Diagnostic] = []
    cache = ClipCache(place, told.append)
    assert cache.length(KEY) is None
    assert not cache.store(KEY, a_clip())
    assert len(told) == 1
    assert cache.kept.stats().clips == 0


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_disk_that_fills_while_writing_leaves_nothing_behind(cache: ClipCache) -> None:
    cache.store(KEY, a_clip())
    folder = only_file(cache).parent
    before = sorted(folder.iterdir())
    code = f"""
import resource, signal
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
import numpy as np
from pathlib import Path
from breathcue.voices.cache import *
from breathcue.voices.base import Clip
told = []
cache = ClipCache(Path({str(cache.folder)!r}), told.append)
assert not cache.store({KEY!r}, Clip(np.zeros(48_000, np.float32), np.zeros(300), 0.0))
print(told[0].code)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "cache-unusable"
    assert sorted(folder.iterdir()) == before
    assert same(cache.load(KEY), a_clip())


def test_two_processes_share_the_folder(cache: ClipCache) -> None:
    code = f"""
import numpy as np
from dataclasses import replace
from pathlib import Path
from breathcue.voices.cache import *
from breathcue.voices.base import Clip
cache = ClipCache(Path({str(cache.folder)!r}))
wrong = 0
for turn in range(40):
    for number in range(5):
        key = replace({KEY!r}, text=str(number))
        clip = cache.load(key)
        if clip is not None and not (len(clip.samples) == 4800 and np.all(clip.samples == number / 8)):
            wrong += 1
        if turn % 3 == 0:
            cache.store(key, Clip(np.full(4800, number / 8, np.float32), np.zeros(50), 0.0))
        if turn % 10 == 9:
            cache.kept.prune(max_size=20_000)
print(wrong)
"""
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (out.strip(), err) == ("0", "")
    assert not list(cache.folder.rglob("*.part"))


def fill(cache: ClipCache, ages_in_days: list[int]) -> list[ClipKey]:
    keys = [replace(KEY, text=f"{age} days") for age in ages_in_days]
    for key, age in zip(keys, ages_in_days, strict=True):
        cache.store(key, a_clip())
        when = time.time() - age * 86_400
        os.utime(cache.kept.path(Kind.CLIP, key.digest), (when, when))
    return keys


def test_stats_count_clips_and_bytes(cache: ClipCache) -> None:
    assert cache.kept.stats().clips == 0
    fill(cache, [1, 2, 3])
    stats = cache.kept.stats()
    assert stats.clips == 3
    assert stats.size == 3 * len(encode(a_clip()))
    assert stats.folder == cache.folder


def test_pruning_by_age(cache: ClipCache) -> None:
    new, old = fill(cache, [1, 40])
    assert cache.kept.prune(older_than_seconds=30 * 86_400) == 1
    assert cache.length(new) is not None
    assert cache.length(old) is None


def test_pruning_by_size_removes_the_longest_unused(cache: ClipCache) -> None:
    middle, oldest, newest = fill(cache, [5, 9, 1])
    assert cache.kept.prune(max_size=2 * len(encode(a_clip()))) == 1
    assert cache.length(oldest) is None
    assert cache.length(middle) is not None
    assert cache.kept.prune(max_size=0) == 2
    assert cache.length(newest) is None


def test_using_a_clip_protects_it_from_pruning(cache: ClipCache) -> None:
    old, older = fill(cache, [10, 20])
    assert cache.load(older) is not None
    cache.kept.prune(max_size=len(encode(a_clip())))
    assert cache.length(older) is not None
    assert cache.length(old) is None


def test_clearing_removes_clips_and_nothing_else(cache: ClipCache) -> None:
    fill(cache, [1, 2])
    precious = cache.folder / "clips" / "notes.txt"
    precious.write_text("mine")
    assert cache.kept.clear() == 2
    assert cache.kept.stats().clips == 0
    assert precious.read_text() == "mine"


def test_clearing_leaves_others_what_they_are_writing(cache: ClipCache) -> None:
    fill(cache, [1])
    being_written = only_file(cache).parent / "a.part"
    being_written.write_bytes(b"x")
    assert cache.kept.clear() == 1
    assert being_written.exists()


def test_a_folder_that_goes_away_while_an_entry_is_written_is_made_again(
    cache: ClipCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, failures = Path.replace, iter([True])

    def vanishing(path: Path, target: Path) -> Path:
        if next(failures, False):
            shutil.rmtree(cache.folder)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", vanishing)
    fill(cache, [1, 2])
    assert cache.kept.trouble is None
    assert cache.kept.stats().clips == 2


def test_what_a_killed_writer_left_is_removed_after_an_hour(cache: ClipCache) -> None:
    fill(cache, [1])
    folder = only_file(cache).parent
    old, new = folder / "a.part", folder / "b.part"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    assert cache.kept.prune(max_size=10**9) == 0
    assert not old.exists()
    assert new.exists()


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BREATHCUE_CACHE", str(tmp_path / "elsewhere"))
    assert default_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("BREATHCUE_CACHE")
    assert "breathcue" in default_folder().name


def test_keys_are_plain_json_underneath() -> None:
    """Texts of any language make a key, and the digest is a valid file name everywhere."""
    digest = replace(KEY, text="Einatmen – ähm… 吸气 🙂\0").digest
    assert len(digest) == 40
    assert json.dumps(digest) == f'"{digest}"'
    assert digest.isalnum()
