"""The English reader of hibari-tts, kept in a form that loads in a third of the time.

Its dictionaries and the weights of its tagger are compressed JSON, and reading them is the longest part of its start:
0.3 s of CPU, whether one line is to be spoken or a hundred. Python's own format takes 0.09 s, with the weights of each
feature left unread until a sentence has that feature.
"""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from breathcue.store import Kind, Store, digest_of, seal, unseal

if TYPE_CHECKING:
    from hibari.g2p import G2P

READER_VERSION = 1
"""Raised whenever a reader is kept in another form."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """The weights of the tagger by feature, each read when it is asked for; as much of a dict as the tagger uses."""

    kept: Mapping[str, bytes]

    def get(self, feature: str) -> dict[str, float] | None:
        content = self.kept.get(feature)
        return None if content is None else marshal.loads(content)


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
        "gold": reader.lexicon.golds.d,
        "silver": reader.lexicon.silvers.d,
        "tagdict": tagger.tagdict,
        "tags": tagger.tags,
        "vocab": tagger.vocab,
        "weights": {feature: marshal.dumps(weights) for feature, weights in tagger.weights.items()},
    }
    return seal(marshal.dumps(parts))


def _decode(content: bytes) -> dict[str, Any] | None:
    body = unseal(content)
    return None if body is None else marshal.loads(body)


def _reader(kept: Mapping[str, Any], *, british: bool) -> G2P:
    """Put a reader together as its own constructor does, from what that would have read."""
    from hibari.g2p import G2P, _load_json
    from hibari.g2p.lexicon import Lexicon
    from hibari.g2p.tagger import Tagger
    from hibari.g2p.tokenize import Tokenizer

    reader = G2P.__new__(G2P)
    reader.lexicon = Lexicon(kept["gold"], kept["silver"], british)
    reader.tokenizer = Tokenizer(_load_json("tokenizer_exceptions.json"))
    reader.tagger = Tagger({**kept, "weights": _Weights(kept["weights"])})
    reader._oov, reader.unk, reader.british = None, "", british
    return reader
