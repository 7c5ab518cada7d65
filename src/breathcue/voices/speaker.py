"""The speaker of one session: every line spoken once, its length known, its clip at hand."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import Event, Lock
from types import TracebackType
from typing import Protocol, Self

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.timeline.model import Utterance, Voice
from breathcue.timeline.time import Ms
from breathcue.timeline.unspeakable import Refusal, UnspeakableError
from breathcue.voices.base import Clip, Engine, RefusedError, Sourced, VoiceMissingError
from breathcue.voices.cache import ClipCache, ClipKey, decode, encode
from breathcue.voices.clip import make_clip
from breathcue.voices.registry import get_engine
from breathcue.voices.speakable import NOTHING, speakable

MEMORY_BYTES = 32 * 2**20
"""How much decoded sound is kept at hand; the rest is read again when it is needed."""

MOST_THREADS = 4
"""More threads than this gain little and cost 100 MB each with the embedded voice."""

_NOTHING_TO_SAY = "there is no word in it"
_NO_SOUND = "it gives no sound"
_ATTENTION_SECONDS = 0.2

Progress = Callable[[int, int], None]

Who = tuple[str, str]
"""A voice at whatever speed: its engine and its name."""

_Outcome = tuple[ClipKey, Ms | BaseException]


class _Store(Protocol):
    def length(self, key: ClipKey) -> Ms | None: ...
    def load(self, key: ClipKey) -> Clip | None: ...
    def store(self, key: ClipKey, clip: Clip) -> bool: ...


class Speaker:
    """Speaks the lines of a session in its language; a context manager. ``voice`` says what names no other voice.

    A line is taken from ``cache`` where it is kept. Without a cache, or where the disk refuses, clips go into a
    private folder that is removed at the end, or, if even that fails, into memory. ``on_progress`` is told how many
    of the lines that must be spoken are done, and of how many; always in the thread that called.

    What a voice refuses is spoken by another where ``fallbacks`` has one for it.
    """

    def __init__(
        self,
        voice: Voice,
        language: str = "en",
        *,
        cache: ClipCache | None = None,
        engine: Engine | None = None,
        engines: Mapping[str, Engine] | None = None,
        fallbacks: Mapping[Who, Voice] | None = None,
        threads: int | None = None,
        on_progress: Progress | None = None,
        memory_bytes: int = MEMORY_BYTES,
        pronounce: Mapping[str, str] = NOTHING,
    ) -> None:
        """Make a speaker; nothing is loaded yet. ``pronounce`` holds words of the author's and how they are said.

        Engines are looked up by their names, unless they are among ``engines`` or, for the session's voice, given as
        ``engine``.

        Raises:
            MissingError: there is no such engine.
        """
        self._voice = voice
        self._language = language
        self._pronounce = pronounce
        self._engines = dict(engines or {})
        if engine is not None:
            self._engines[voice.engine] = engine
        self._engine(voice.engine)
        self._fallbacks = dict(fallbacks or {})
        self._replaced: dict[Utterance, Utterance] = {}
        self.stood_in: dict[Utterance, RefusedError | None] = {}
        """What another voice says instead, and why the one that was asked did not; None where it takes too long."""
        self._threads = threads or min(os.cpu_count() or 1, MOST_THREADS)
        self.on_progress = on_progress
        self._stores: tuple[_Store, ...] = (*((cache,) if cache else ()), _PrivateStore())
        self._recent = _Recent(memory_bytes)
        self._keys: dict[Utterance, ClipKey] = {}
        self._lengths: dict[ClipKey, Ms] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what was kept for this session only."""
        for store in self._stores:
            if isinstance(store, _PrivateStore):
                store.close()

    def measure(self, utterances: Iterable[Utterance]) -> dict[Utterance, Ms]:
        """Return how long each utterance takes to say, in ms of its finished clip; speaks those not kept yet.

        Raises:
            UnspeakableError: some of them give no sound; it names them all.
            MissingError: the voice cannot speak.
        """
        wanted = list(dict.fromkeys(utterances))
        refused = self._try_to_measure(wanted)
        while [said for said, error in refused.items() if self._stand_in(said, error)]:
            refused = self._try_to_measure(refused)
        if refused:
            raise _unspeakable(refused)
        return {said: self._lengths[self._key(said)] for said in wanted}

    def spoken(self, utterance: Utterance) -> str:
        """Return what the voice is given to say for an utterance."""
        return self._key(utterance).text

    def is_fixed(self, utterance: Utterance) -> bool:
        """Say whether an utterance is a recording, which lasts as long as it lasts."""
        voice = self._actual(utterance).voice or self._voice
        return isinstance(self._engine(voice.engine), Sourced)

    def voice_of(self, utterance: Utterance) -> Voice:
        """Return the voice that is asked to say an utterance."""
        return utterance.voice or self._voice

    def add_fallback(self, who: Who, voice: Voice) -> None:
        """Let a voice speak what another refuses, from here on, where that has no fallback yet."""
        self._fallbacks.setdefault(who, voice)

    def stand_in(self, utterance: Utterance) -> bool:
        """Let another voice say what takes too long; return whether there is one."""
        return self._stand_in(utterance, None)

    def _try_to_measure(self, utterances: Iterable[Utterance]) -> dict[Utterance, RefusedError]:
        """Speak what is not kept yet; return what was refused, and why."""
        keys = {said: self._key(said) for said in utterances}
        missing = [key for key in dict.fromkeys(keys.values()) if key.text and self._length(key) is None]
        refusals = self._speak_all(missing)
        nothing = RefusedError(_NOTHING_TO_SAY)
        return {
            said: refusals.get(key, nothing) for said, key in keys.items() if not key.text or key in refusals
        }

    def _stand_in(self, utterance: Utterance, error: RefusedError | None) -> bool:
        """Let the next fallback say an utterance; return whether there is one that was not asked yet."""
        asked = [utterance.voice or self._voice]
        said = utterance
        while said in self._replaced:
            said = self._replaced[said]
            asked.append(said.voice or self._voice)
        fallback = self._fallbacks.get((asked[-1].engine, asked[-1].name))
        if fallback is None or fallback in asked:
            return False
        self._replaced[said] = Utterance(said.text, fallback)
        self.stood_in.setdefault(utterance, error)
        return True

    def _actual(self, utterance: Utterance) -> Utterance:
        """Return an utterance as it is spoken, by a fallback where the voice that was asked did not."""
        while utterance in self._replaced:
            utterance = self._replaced[utterance]
        return utterance

    def clip(self, utterance: Utterance) -> Clip:
        """Return the finished sound of an utterance; spoken again where it is not kept any more.

        Raises:
            UnspeakableError: it gives no sound.
            MissingError: the voice cannot speak, or the clip has another length than was measured.
        """
        key = self._key(utterance)
        clip = self._recent.get(key)
        if clip is None:
            clip = self._load(key) or self._speak_again(utterance, key)
            self._recent.put(key, clip)
        return clip

    def digest(self, utterance: Utterance) -> str:
        """Return what changes whenever the clip of an utterance may be another."""
        return self._key(utterance).digest

    def _key(self, utterance: Utterance) -> ClipKey:
        utterance = self._actual(utterance)
        if utterance not in self._keys:
            voice = utterance.voice or self._voice
            engine = self._engine(voice.engine)
            spoken = speakable(utterance.text, self._language, engine.alphabet, self._pronounce)
            version, speed = engine.version, float(voice.speed)
            if isinstance(engine, Sourced):
                version, speed = f"{version} {engine.fingerprint(spoken, voice.name)}", 1.0
            self._keys[utterance] = ClipKey(voice.engine, version, voice.name, speed, self._language, spoken)
        return self._keys[utterance]

    def _engine(self, name: str) -> Engine:
        if name not in self._engines:
            self._engines[name] = get_engine(name)
        return self._engines[name]

    def _length(self, key: ClipKey) -> Ms | None:
        if key not in self._lengths:
            length = next((found for s in self._stores if (found := s.length(key)) is not None), None)
            if length is None:
                return None
            self._lengths[key] = length
        return self._lengths[key]

    def _load(self, key: ClipKey) -> Clip | None:
        for store in self._stores:
            clip = store.load(key)
            if clip is not None and clip.duration_ms == self._lengths.get(key, clip.duration_ms):
                return clip
        return None

    def _speak_again(self, utterance: Utterance, key: ClipKey) -> Clip:
        try:
            clip = self._speak(key)
        except RefusedError as error:
            raise _unspeakable({utterance: error}) from None
        if clip.duration_ms != self._lengths.setdefault(key, clip.duration_ms):
            raise MissingError(
                Diagnostic(
                    "clip-changed",
                    f"The line {utterance.text!r} was lost from the cache "
                    "and came out at another length the second time.",
                    fix="Run the command again.",
                )
            )
        return clip

    def _speak(self, key: ClipKey) -> Clip:
        """Speak one line and keep its clip. Raises RefusedError where nothing is heard."""
        if not key.text:
            raise RefusedError(_NOTHING_TO_SAY)
        try:
            recording = self._engine(key.engine).speak(key.text, key.voice, key.speed, key.language)
        except MissingError as error:
            raise VoiceMissingError(key.engine, key.voice, *error.diagnostics) from error
        clip = make_clip(recording)
        if clip is None:
            raise RefusedError(_NO_SOUND)
        _keep(key, clip, self._stores)
        return clip

    def _speak_all(self, keys: Sequence[ClipKey]) -> dict[ClipKey, RefusedError]:
        """Speak lines side by side, noting their lengths; return why for those that give no sound."""
        refusals: dict[ClipKey, RefusedError] = {}
        if not keys:
            return refusals
        from concurrent.futures import ThreadPoolExecutor

        outcomes: SimpleQueue[_Outcome] = SimpleQueue()
        stop = Event()

        def work(key: ClipKey) -> None:
            if not stop.is_set():
                outcomes.put((key, self._try_to_speak(key)))

        pool = ThreadPoolExecutor(min(self._threads, len(keys)), "breathcue-voice")
        try:
            # The longest first, so that no thread is left alone with a long line at the end.
            for key in sorted(keys, key=lambda key: -len(key.text)):
                pool.submit(work, key)
            for done in range(1, len(keys) + 1):
                key, outcome = _next(outcomes)
                if isinstance(outcome, RefusedError):
                    refusals[key] = outcome
                elif isinstance(outcome, BaseException):
                    raise outcome
                else:
                    self._lengths[key] = outcome
                if self.on_progress is not None:
                    self.on_progress(done, len(keys))
        finally:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
        return refusals

    def _try_to_speak(self, key: ClipKey) -> Ms | BaseException:
        try:
            return self._speak(key).duration_ms
        except BaseException as error:  # raised again in the thread that asked
            return error


def _unspeakable(refused: Mapping[Utterance, RefusedError]) -> UnspeakableError:
    return UnspeakableError(
        {said: Refusal(str(error), error.fix, error.code) for said, error in refused.items()}
    )


def _keep(key: ClipKey, clip: Clip, stores: Sequence[_Store]) -> None:
    """Keep a clip in the first store that takes it."""
    for store in stores:
        if store.store(key, clip):
            return


def _next(queue: SimpleQueue[_Outcome]) -> _Outcome:
    """Wait for the next item, but look up now and then: a bare wait cannot be interrupted on every system."""
    while True:
        try:
            return queue.get(timeout=_ATTENTION_SECONDS)
        except Empty:
            continue


class _PrivateStore:
    """Clips of one session only: in a temporary folder, or in memory where there is no room for one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._folder: TemporaryDirectory[str] | None = None
        self._files: ClipCache | None = None
        self._memory: dict[ClipKey, bytes] = {}
        self._opened = False

    def length(self, key: ClipKey) -> Ms | None:
        if key in self._memory:
            clip = self.load(key)
            return clip.duration_ms if clip else None
        return self._files.length(key) if self._files else None

    def load(self, key: ClipKey) -> Clip | None:
        if key in self._memory:
            return decode(self._memory[key])
        return self._files.load(key) if self._files else None

    def store(self, key: ClipKey, clip: Clip) -> bool:
        self._open()
        if self._files is None or not self._files.store(key, clip):
            self._memory[key] = encode(clip)
        return True

    def close(self) -> None:
        self._memory.clear()
        self._files = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _open(self) -> None:
        with self._lock:
            if self._opened:
                return
            self._opened = True
            try:
                self._folder = TemporaryDirectory(prefix="breathcue-", ignore_cleanup_errors=True)
            except OSError:
                return
            self._files = ClipCache(Path(self._folder.name))


class _Recent:
    """The clips used last, as many as fit into so many bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._clips: OrderedDict[ClipKey, Clip] = OrderedDict()
        self._lock = Lock()

    def get(self, key: ClipKey) -> Clip | None:
        with self._lock:
            clip = self._clips.get(key)
            if clip is not None:
                self._clips.move_to_end(key)
            return clip

    def put(self, key: ClipKey, clip: Clip) -> None:
        with self._lock:
            if key in self._clips:
                return
            self._clips[key] = clip
            self._size += _bytes(clip)
            while self._size > self._limit and len(self._clips) > 1:
                _, oldest = self._clips.popitem(last=False)
                self._size -= _bytes(oldest)


def _bytes(clip: Clip) -> int:
    return clip.samples.nbytes + clip.energy.nbytes
