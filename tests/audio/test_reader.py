"""The kept reader of the embedded voice reads as the package's own does."""

import marshal
from pathlib import Path

import pytest

from breathcue.store import Kind, Store, seal
from breathcue.voices.reader import load_reader

pytestmark = pytest.mark.voice

LINES = [
    "Lie on your back, live the moment, and read what you read yesterday.",
    "Inhale to cow, exhale to cat; Ustrasana, psoas, and the quadratus lumborum follow.",
    "Use both hands: it is of use. Rest for 30 seconds, then lead the lead arm out, close to the mat.",
    "Dr. Smith's well-known 3rd set took $5 and 1,250 breaths in 2024 - OK?",
    "Wind down while the wind blows. Present the present. A tear, a bow, a minute.",
]


@pytest.mark.parametrize("british", [False, True])
def test_a_kept_reader_reads_as_a_new_one(tmp_path: Path, british: bool) -> None:
    store = Store(tmp_path)
    new = load_reader("hibari-tts test", british=british, store=store)
    kept = load_reader("hibari-tts test", british=british, store=store)
    assert type(new.tagger.weights) is not type(kept.tagger.weights)
    for line in LINES:
        assert kept(line) == new(line)
    for word in (*new.lexicon.golds.d, *new.lexicon.silvers.d, "", "no such word"):
        for own, other in (
            (kept.lexicon.golds, new.lexicon.golds),
            (kept.lexicon.silvers, new.lexicon.silvers),
        ):
            assert (word in own, own.get(word)) == (word in other, other.get(word))
    for line in LINES:
        assert [(tok.text, tok.tag) for tok in kept.tokenize(line)] == [
            (tok.text, tok.tag) for tok in new.tokenize(line)
        ]
    assert vars(kept).keys() == vars(new).keys()


def test_a_reader_is_kept_for_its_version_and_accent_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for package, british in (("a 1", False), ("a 1", True), ("a 2", False), ("a 2", False)):
        load_reader(package, british=british, store=store)
    assert len(list(store.entries(Kind.READER))) == 3


def test_a_damaged_reader_is_read_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    said = load_reader("a 1", british=False, store=store)(LINES[0])
    (entry,) = store.entries(Kind.READER)
    whole = entry.read_bytes()
    others = (seal(b""), seal(b"?"), seal(marshal.dumps({})), seal(marshal.dumps([1])), seal(whole[:99]))
    for damaged in (b"", whole[:-1], whole[:40] + b"\0\0\0\0" + whole[44:], *others):
        entry.write_bytes(damaged)
        assert load_reader("a 1", british=False, store=store)(LINES[0]) == said
        assert entry.read_bytes() == whole


def test_a_reader_that_cannot_be_kept_reads_all_the_same(tmp_path: Path) -> None:
    said = load_reader("a 1", british=False, store=Store(tmp_path / "there"))(LINES[0])
    (tmp_path / "file").write_text("")
    assert load_reader("a 1", british=False, store=Store(tmp_path / "file"))(LINES[0]) == said
