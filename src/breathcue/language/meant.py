"""The words that people naturally write for those of the language, so that a fix can name the right one."""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType

_MOVEMENTS = {
    **dict.fromkeys(("lift", "raise", "up"), ("move",)),
    **dict.fromkeys(("lower", "down"), ("move", "return")),
    "out": ("move", "exhale"),
    "in": ("return", "inhale"),
}
_REPS = dict.fromkeys(("repetitions", "times", "count"), ("reps",))
_FOR = dict.fromkeys(("duration", "time", "length"), ("for",))
_ROUNDS = dict.fromkeys(("reps", "repetitions", "times", "cycles", "count", "for"), ("rounds",))
_TITLE = {"name": ("title",)}

_KEYS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "step": {**_REPS, **_FOR, "pause": ("rest", "wait"), "side": ("first-side",)},
        "exercise": {**_REPS, **_TITLE, "pause": ("rest",), "side": ("sides",)},
        "variant": {**_REPS, "pause": ("rest",)},
        "session": _TITLE,
        "program": _TITLE,
        "phase": {**_MOVEMENTS, "pause": ("rest", "hold")},
        "breathe": {**_ROUNDS, "in": ("inhale",), "out": ("exhale",), "pause": ("rest", "hold")},
    }
)
_LANGUAGES = {
    **dict.fromkeys(("english", "englisch", "inglés", "anglais"), "en"),
    **dict.fromkeys(("german", "deutsch", "alemán", "allemand"), "de"),
    **dict.fromkeys(("spanish", "spanisch", "español", "espagnol"), "es"),
    **dict.fromkeys(("french", "französisch", "francés", "français"), "fr"),
}


def meant_keys(shape: str, written: str, known: Container[str]) -> tuple[str, ...]:
    """Return which of the known keys a word in a mapping of that shape stands for, the likeliest first."""
    word = written.strip().lower()
    return tuple(key for key in _KEYS.get(shape, {}).get(word, ()) if key in known)


def meant_language(written: str) -> str | None:
    """Return the code of a language that is written by its name."""
    return _LANGUAGES.get(written.strip().lower())
