"""Which engines there are, and which voice a session gets.

Engines are found by name. The built-in ones stand in a table, because reading the entry points of everything that is
installed costs time that a session with a built-in voice need not spend; any other comes from the entry point group
``breathcue.engines`` of an installed package. An engine that cannot be loaded is listed with the reason and skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from breathcue.diagnostics import Diagnostic, MissingError, Place, SessionError
from breathcue.timeline.model import Voice
from breathcue.voices.base import Engine, VoiceInfo, VoiceState
from breathcue.voices.languages import ANY, best_for, speaks

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "breathcue.engines"
DEFAULT_ENGINE = "embedded"
DEFAULT_VOICE = "heart"
RECORDED = "recorded"
DEFAULT_SPEED = 0.9
"""Guided sessions are spoken at 0.8 to 0.9 of a voice's own pace: slower than an audiobook."""

MOST_NAMED = 12
"""How many voices a message lists: espeak alone has more than a hundred."""

SLOWEST, FASTEST = 0.5, 2.0

_DEFAULT_LANGUAGE = "en"
_INSTALL = (
    "Voices of the computer itself speak many languages: run pip install 'breathcue[system]', or "
    "pip install 'breathcue[espeak]' where there is no espeak-ng."
)

_BUILT_IN = {
    "embedded": ("breathcue.voices.embedded", "EmbeddedEngine"),
    "kokoro": ("breathcue.voices.kokoro", "KokoroEngine"),
    "system": ("breathcue.voices.system", "SystemEngine"),
    "recorded": ("breathcue.voices.recorded", "RecordedEngine"),
    "silent": ("breathcue.voices.silent", "SilentEngine"),
}


@cache
def get_engine(name: str) -> Engine:
    """Return the engine called ``name``: one instance a process, so that its models are loaded once.

    Raises:
        MissingError: there is no such engine, or it cannot be loaded.
    """
    if name in _BUILT_IN:
        module, kind = _BUILT_IN[name]
        engine: Engine = getattr(import_module(module), kind)()
        return engine
    point = next((point for point in _plugins() if point.name == name), None)
    if point is None:
        raise MissingError(_unknown("unknown-engine", "engine", name, engine_names(), None))
    return _load(point)


def engine_names() -> tuple[str, ...]:
    """Return the names of all engines, the built-in ones first; loads none of them."""
    return (*_BUILT_IN, *(point.name for point in _plugins()))


def all_voices() -> tuple[VoiceInfo, ...]:
    """Return every voice of every engine, with its state; an engine that cannot be loaded is one missing voice."""
    return tuple(info for name in engine_names() for info in _voices_of(name))


def resolve(
    engine: str | None = None,
    name: str | None = None,
    speed: float | None = None,
    *,
    language: str = "en",
    place: Place | None = None,
) -> Voice:
    """Return the voice that is asked for, with everything left open filled in.

    By default, ``heart`` of the embedded engine at 0.9 of its own pace, or for another language the best voice on
    this machine that speaks it. A name without an engine may be that of any engine's voice, ``engine:name``, or an
    engine's own name, which means its best voice for ``language``. Whether a voice that is named can speak on this
    machine is not asked here: kept clips can be rendered without it. ``place`` is where the author asked for it, or
    for the language, for the diagnostics. A recorded voice is named after its folder, which is checked where the
    session is read, and is used as it is.

    Raises:
        SessionError: the speed is out of range.
        MissingError: there is no such engine or voice, or nobody can say, because none of the engine's can speak;
            or the voice does not speak the language (``voice-language``).
    """
    speed = DEFAULT_SPEED if speed is None else speed
    if not SLOWEST <= speed <= FASTEST:
        raise SessionError(
            Diagnostic(
                "bad-speed",
                f"A voice cannot speak at {speed:g} times its own pace.",
                place,
                fix=f"Choose a speed from {SLOWEST:g} to {FASTEST:g}; {DEFAULT_SPEED:g} is the default.",
            )
        )
    if engine is None and name is not None and ":" in name:
        engine, name = name.split(":", 1)
    if engine is not None:
        found = _within(engine, name, language, place)
    elif name is not None:
        found = _anywhere(name, language, place)
    elif language.split("-")[0].lower() == _DEFAULT_LANGUAGE:
        found = (DEFAULT_ENGINE, DEFAULT_VOICE)
    else:
        found = _of_language(language, place)
    if found[0] == RECORDED:
        return Voice(*found, 1.0)
    _check_language(*found, language, place)
    return Voice(*found, speed)


def _of_language(language: str, place: Place | None) -> tuple[str, str]:
    able = _able(language)
    if not able:
        message = f"No voice on this machine speaks the session's language, {language!r}."
        raise MissingError(Diagnostic("voice-language", message, place, fix=_INSTALL))
    best = best_for(able, language)
    return best.engine, best.name


def _able(language: str) -> list[VoiceInfo]:
    """Return the voices that can speak now and name this language as one of theirs."""
    return [
        info
        for info in all_voices()
        if info.state is VoiceState.READY and ANY not in info.languages and speaks(info, language)
    ]


def _check_language(engine: str, name: str, language: str, place: Place | None) -> None:
    info = next(info for info in get_engine(engine).voices() if info.name == name)
    if speaks(info, language):
        return
    able = [f"{other.engine}:{other.name}" for other in _able(language)]
    more = f" and {len(able) - MOST_NAMED} more" if len(able) > MOST_NAMED else ""
    raise MissingError(
        Diagnostic(
            "voice-language",
            f"The voice {engine}:{name} speaks {', '.join(info.languages)}, and the session's language is "
            f"{language!r}.",
            place,
            fix=f"These speak it here: {', '.join(able[:MOST_NAMED])}{more}." if able else _INSTALL,
        )
    )


def _within(engine: str, name: str | None, language: str, place: Place | None) -> tuple[str, str]:
    if engine not in _BUILT_IN and engine not in engine_names():
        raise MissingError(_unknown("unknown-engine", "engine", engine, engine_names(), place))
    voices = get_engine(engine).voices()
    if engine == RECORDED:
        if name is None:
            raise MissingError(_cannot_speak(engine, voices[0].name, voices[0], place))
        return engine, name
    if name is None:
        return engine, _default(engine, voices, language, place)
    if any(info.name == name for info in voices):
        return engine, name
    if voices and all(info.state is VoiceState.MISSING for info in voices):
        raise MissingError(_cannot_speak(engine, name, voices[0], place))
    raise MissingError(_unknown("unknown-voice", f"{engine} voice", name, [v.name for v in voices], place))


def _default(engine: str, voices: Sequence[VoiceInfo], language: str, place: Place | None) -> str:
    if not voices:
        raise MissingError(Diagnostic("missing-voice", f"the engine {engine} has no voices here", place))
    return best_for(voices, language).name


def _anywhere(name: str, language: str, place: Place | None) -> tuple[str, str]:
    if any(info.name == name for info in get_engine(DEFAULT_ENGINE).voices()):
        return DEFAULT_ENGINE, name
    if name in _BUILT_IN:
        return _within(name, None, language, place)
    voices = all_voices()
    matches = [info for info in voices if info.name == name]
    if matches:
        best = min(matches, key=lambda info: info.state is not VoiceState.READY)
        return best.engine, best.name
    if any(info.engine == name for info in voices):
        return _within(name, None, language, place)
    raise MissingError(_unknown("unknown-voice", "voice", name, [info.name for info in voices], place))


def _voices_of(name: str) -> Iterable[VoiceInfo]:
    try:
        return tuple(get_engine(name).voices())
    except MissingError as error:
        diagnostic = error.diagnostics[0]
        reason, fix = diagnostic.message, diagnostic.fix
    except Exception as error:  # a plugin may fail in any way, and must not take the others down
        reason, fix = _in_words(error), "reinstall or remove the package that brings it"
    return (VoiceInfo(name, "?", (), "", VoiceState.MISSING, reason, fix),)


def _plugins() -> list[EntryPoint]:
    from importlib.metadata import entry_points

    unique = {point.name: point for point in entry_points(group=GROUP) if point.name not in _BUILT_IN}
    return [unique[name] for name in sorted(unique)]


def _load(point: EntryPoint) -> Engine:
    package = point.dist.name if point.dist else point.value
    try:
        engine: Engine = point.load()()
    except Exception as error:
        raise MissingError(
            Diagnostic(
                "broken-engine",
                f"The engine {point.name} cannot be loaded: {_in_words(error)}.",
                fix=f"Reinstall or remove the package {package}.",
            )
        ) from error
    return engine


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _cannot_speak(engine: str, name: str, missing: VoiceInfo, place: Place | None) -> Diagnostic:
    return Diagnostic(
        "missing-voice", f"The voice {engine}:{name} cannot speak: {missing.reason}.", place, fix=missing.fix
    )


def _unknown(code: str, what: str, name: str, known: Iterable[str], place: Place | None) -> Diagnostic:
    from difflib import get_close_matches

    names = list(dict.fromkeys(known))
    nearest = get_close_matches(name, names, n=1)
    more = f" and {len(names) - MOST_NAMED} more (`breathcue voices`)" if len(names) > MOST_NAMED else ""
    there_are = f"There are: {', '.join(names[:MOST_NAMED])}{more}." if names else "There are none."
    fix = f"Did you mean {nearest[0]}? {there_are}" if nearest else there_are
    return Diagnostic(code, f"There is no {what} called {name!r}.", place, fix=fix)
