"""The English reader of hibari-tts, kept in a form that loads in a quarter of the time.

Its dictionaries and the weights of its tagger are compressed JSON, and reading them is the longest part of its start:
0.3 s of CPU, whether one line is to be spoken or a hundred. Python's own format takes 0.07 s, with what is seldom
needed left unread until it is: the second dictionary, and the weights of each feature that a sentence may have.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from breathcue.store import Kind, Store, digest_of, seal, unseal

if TYPE_CHECKING:
    from hibari.g2p import G2P

READER_VERSION = 2
"""Raised whenever a reader is kept in another form."""

_PARTS = {"gold", "silver", "tagdict", "tags", "vocab", "weights"}

Entries = dict[str, Any]
"""How words are read: a word's phonemes, or those of each of its parts of speech."""


class _Weights:
    """The weights of the tagger by feature, each read when it is asked for; as much of a dict as the tagger uses."""

    def __init__(self, kept: Mapping[str, bytes]) -> None:
        self._kept = kept

    def get(self, feature: str) -> dict[str, float] | None:
        content = self._kept.get(feature)
        return None if content is None else marshal.loads(content)


class _Dictionary:
    """A dictionary that is read when a word is first looked up in it; as much of a dict as the lexicon uses."""

    def __init__(self, kept: bytes) -> None:
        self._kept = kept

    @cached_property
    def _entries(self) -> Entries:
        return _unpacked(self._kept)

    def get(self, word: str) -> Any:
        return self._entries.get(word)


def load_reader(package: str, *, british: bool, store: Store) -> G2P:
    """Return the reader of ``package``, a name with its version; what was kept of it in ``store`` if anything was.

    Raises:
        ImportError, OSError, ValueError: as the package does.
    """
    from hibari.g2p import G2P

    # The format of marshal may change with Python's.
    key = digest_of(f"{READER_VERSION} {package} {sys.implementation.cache_tag} {'gb' if british else 'us'}")
    kept = store.load(Kind.READER, key, _decode)
    if kept is not None:
        return _reader(kept, british=british)
    reader = G2P(british=british)
    store.keep(Kind.READER, key, _encode(reader))
    return reader


def _encode(reader: G2P) -> bytes:
    tagger = reader.tagger
    parts = {
        "gold": _packed(reader.lexicon.golds.d),
        "silver": _packed(reader.lexicon.silvers.d),
        "tagdict": tagger.tagdict,
        "tags": tagger.tags,
        "vocab": tagger.vocab,
        "weights": {feature: marshal.dumps(weights) for feature, weights in tagger.weights.items()},
    }
    return seal(marshal.dumps(parts))


def _packed(entries: Entries) -> bytes:
    """Return a dictionary as bytes: the words that have one reading as two texts, which are fast to cut apart."""
    plain = {word: said for word, said in entries.items() if isinstance(said, str)}
    others = {word: said for word, said in entries.items() if word not in plain}
    return marshal.dumps(("\n".join(plain), "\n".join(plain.values()), others))


def _unpacked(packed: bytes) -> Entries:
    words, said, others = marshal.loads(packed)
    entries: Entries = dict(zip(words.split("\n"), said.split("\n"), strict=True)) | others
    return entries


def _decode(content: bytes) -> dict[str, Any] | None:
    """Return the parts of a kept reader, or None where the content is anything else."""
    body = unseal(content)
    try:
        parts = marshal.loads(body) if body else None
    except (EOFError, ValueError, TypeError):
        return None
    return parts if isinstance(parts, dict) and parts.keys() == _PARTS else None


def _reader(kept: Mapping[str, Any], *, british: bool) -> G2P:
    """Put a reader together as its own constructor does, from what that would have read."""
    from hibari.g2p import G2P, _load_json
    from hibari.g2p.lexicon import Lexicon
    from hibari.g2p.tagger import Tagger
    from hibari.g2p.tokenize import Tokenizer

    reader = G2P.__new__(G2P)
    reader.lexicon = Lexicon(_Dictionary(kept["gold"]), _Dictionary(kept["silver"]), british)
    reader.tokenizer = Tokenizer(_load_json("tokenizer_exceptions.json"))
    reader.tagger = Tagger({**kept, "weights": _Weights(kept["weights"])})
    reader._oov, reader.unk, reader.british = None, "", british
    return reader
