"""The embedded voice: hibari-tts, a neural voice of 8 MB that speaks English on any processor.

What the engine guards against, found by measuring version 0.2.1: without a seed no two calls agree; it gives
an empty array for text it cannot read, a noise for lone punctuation, reads letters of other scripts as
gibberish, and cuts a word of more than 24 letters that it does not know, all without an error; it takes "no."
at the end of a sentence for "number"; and its memory grows with the square of the length of what it is given
at once (2.4 GB for five minutes of speech), so that long text is passed on in parts.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.base import Recording, RefusedError, VoiceInfo, VoiceState

if TYPE_CHECKING:
    from hibari import Hibari

PACKAGE = "hibari-tts"
MAX_PHONEMES = 400
"""As many phonemes as the model is given at once: about 20 s of speech, and hibari's own limit where it can cut."""

LONGEST_WORD = 24
"""Letters that the model reads of a word outside its lexicon."""

_WORD = re.compile(r"[^\W\d_]+")
_PHONEMES = re.compile(r"\]\(/[^)]*/\)")
# hibari reads these as abbreviations even where they end a sentence: "Say no." becomes "Say number."
_FALSE_ABBREVIATION = re.compile(r"\b(no|No|Rep|Sat|Sun)\.(?!\s*\d)")
_READINGS = {"no": "nˈO", "rep": "ɹˈɛp", "sat": "sˈæt", "sun": "sˈʌn"}


def package_version() -> str:
    """Return the installed version of hibari-tts, without importing it; "missing" where it is not installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "missing"


class EmbeddedEngine:
    """The engine of hibari-tts. Its default voice ``heart`` is part of the package; others are downloaded by it.

    A voice that is not on the machine is fetched (8 MB, checked by its digest) the first time it speaks;
    listing never touches the network. One model a voice is loaded, once, and shared by all threads.
    """

    name = "embedded"
    alphabet: ClassVar[str | None] = "misaki"

    def __init__(self) -> None:
        """Make an engine that has loaded nothing."""
        self._lock = Lock()
        self._loaded: dict[str, Hibari] = {}

    @cached_property
    def version(self) -> str:
        """The package and its version, such as ``hibari-tts 0.2.1``."""
        return f"{PACKAGE} {package_version()}"

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices of the package, ``heart`` first; a file that is not here makes a voice missing."""
        catalogue = _catalogue()
        if not catalogue:
            reason, fix = f"the package {PACKAGE} is not installed", f"pip install {PACKAGE}"
            return (VoiceInfo(self.name, "heart", ("en",), "", VoiceState.MISSING, reason, fix),)
        return tuple(_info(self.name, name, facts) for name, facts in catalogue.items())

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return the sound of ``text`` at 24 kHz; see :class:`breathcue.voices.base.Engine`.

        Raises:
            MissingError: the voice is not there and cannot be fetched, or does not speak the language.
            RefusedError: the text holds something that the voice would leave out.
        """
        if language.split("-")[0] != "en":
            raise _wrong_language(voice, language)
        if not any(c.isalnum() for c in text):
            raise RefusedError("there is no word in it")
        model = self._load(voice)
        _refuse_what_would_be_lost(text, model)
        import numpy as np

        rng = np.random.default_rng(0)
        parts = [model.from_ids(model.ids(part), speed, rng) for part in _phonemes(text, model)]
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Recording(samples, model.sample_rate)

    def _load(self, voice: str) -> Hibari:
        with self._lock:
            if voice not in self._loaded:
                self._loaded[voice] = _load_model(voice)
            return self._loaded[voice]


def _load_model(voice: str) -> Hibari:
    """Load a voice: its network in a second thread while this one reads the lexicon (0.4 s instead of 0.5 s)."""
    from concurrent.futures import ThreadPoolExecutor

    try:
        from hibari import Hibari
        from hibari.g2p import G2P

        with ThreadPoolExecutor(1, "breathcue-load") as pool:
            loading = pool.submit(Hibari, voice=voice, threads=1)
            reader = G2P(british=_catalogue().get(voice, {}).get("british", False))
            # Loaded here, under the lock: hibari makes both on first use, which two threads would do twice.
            _ = reader.oov
            model = loading.result()
        model._g2p = reader
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        raise MissingError(
            Diagnostic(
                "missing-voice",
                f"The voice {voice} cannot be loaded: {error}.",
                fix="Connect to the internet once and run the command again, or use the voice heart.",
            )
        ) from error
    return model


def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    """Return hibari's own table of voices, read from its folder: importing the package takes 0.3 s of CPU."""
    folder = _package_folder()
    if folder is None:
        return {}
    table: dict[str, dict[str, Any]] = json.loads((folder / "assets" / "voices.json").read_text("utf-8"))
    return dict(sorted(table.items(), key=lambda item: not item[1].get("bundled", False)))


def _package_folder() -> Path | None:
    spec = find_spec("hibari")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def download_folder() -> Path:
    """Return where hibari keeps the voices it has downloaded (its ``voices.cache_dir``)."""
    chosen = os.environ.get("HIBARI_HOME")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path("hibari", appauthor=False, opinion=False)


def _info(engine: str, name: str, facts: Mapping[str, Any]) -> VoiceInfo:
    about = f"{facts['accent']}, {facts['gender']}"
    bundled = bool(facts.get("bundled"))
    folder = _package_folder() if bundled else None
    path = folder / "assets" / facts["file"] if folder else download_folder() / facts["file"]
    if path.exists():
        return VoiceInfo(engine, name, ("en",), about)
    if bundled:
        reason, fix = f"its model {path} is not there", f"pip install --force-reinstall {PACKAGE}"
    else:
        reason = "its model is not on this machine yet"
        fix = f"use it once where there is a network ({facts['bytes'] / 1e6:.0f} MB are downloaded)"
    return VoiceInfo(engine, name, ("en",), about, VoiceState.MISSING, reason, fix)


def _wrong_language(voice: str, language: str) -> MissingError:
    return MissingError(
        Diagnostic(
            "voice-language",
            f"The voice {voice} speaks English only, and the session's language is {language!r}.",
            fix="Choose a voice of that language (`breathcue voices`), or set `language: en`.",
        )
    )


def _refuse_what_would_be_lost(text: str, model: Hibari) -> None:
    lexicon = model.g2p.lexicon
    for word in _WORD.findall(_PHONEMES.sub("]", text)):
        if not _is_latin(word):
            raise RefusedError(
                f"{_shown(word)} is not written in Latin letters", "Write it in Latin letters, as it sounds."
            )
        known = lexicon.golds.get(word.lower()) or lexicon.silvers.get(word.lower())
        if len(word) > LONGEST_WORD and not known:
            raise RefusedError(
                f"the word {_shown(word)} has {len(word)} letters, and the voice reads at most {LONGEST_WORD} "
                "of a word it does not know",
                "Write the word in parts, with spaces or hyphens between them.",
            )


def _shown(word: str) -> str:
    return repr(word if len(word) <= LONGEST_WORD + 6 else f"{word[:LONGEST_WORD]}...")


def _is_latin(word: str) -> bool:
    return word.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in word)


def _phonemes(text: str, model: Hibari) -> Iterator[str]:
    """Yield the phonemes of each sentence, in parts that the model can take at once."""
    marked = _FALSE_ABBREVIATION.sub(lambda m: f"[{m[1]}](/{_READINGS[m[1].lower()]}/).", text)
    for sentence in model.phonemize(marked):
        strange = sorted(set(sentence) - set(model.vocab))
        if strange:
            raise RefusedError(f"it has no sound for {' '.join(strange)}")
        yield from _split(sentence)


def _split(phonemes: str) -> Iterator[str]:
    """Cut phonemes between words into parts of at most ``MAX_PHONEMES``, as even as can be."""
    words = phonemes.split(" ")
    target = len(phonemes) / -(-len(phonemes) // MAX_PHONEMES)
    part: list[str] = []
    size = 0
    for word in words:
        if part and (size + len(word) > MAX_PHONEMES or size >= target):
            yield " ".join(part)
            part, size = [], 0
        part.append(word)
        size += len(word) + 1
    yield " ".join(part)
