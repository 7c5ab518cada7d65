"""The timeline as JSON: `load(dump(t)) == t`, and `dump(load(text)) == text` for text that `dump` wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

from breathcue.diagnostics import Diagnostic, SessionError
from breathcue.timeline.model import (
    Breath,
    Chapter,
    Cue,
    CueKind,
    Phase,
    PhaseKind,
    Side,
    Source,
    Timeline,
    Track,
    Voice,
)
from breathcue.timeline.time import Ms

SCHEMA = "breathcue/timeline/1"

_Reader = Callable[[Any, str], Any]


def dump(timeline: Timeline) -> str:
    """Return the timeline as JSON text, one phase and one cue a line, ending with a line break."""
    head = {
        "schema": SCHEMA,
        "title": timeline.title,
        "language": timeline.language,
        "voice": plain(timeline.voice),
        "duration_ms": timeline.duration_ms,
    }
    lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    lines += [_array(key, getattr(timeline, key)) for key in ("chapters", "phases", "cues")]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def load(text: str) -> Timeline:
    """Return the timeline written in ``text``.

    Raises:
        SessionError: the text is not JSON, not this version of the timeline, or a field is missing or of a wrong
            type; the message names the field.
    """
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _bad(f"this is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise _bad("a timeline is a JSON object")
    if data.get("schema") != SCHEMA:
        raise _bad(f"`schema` is {data.get('schema')!r}, and this program reads {SCHEMA!r}")
    return Timeline(
        title=_read(data, "title", _text, ""),
        language=_read(data, "language", _text, ""),
        voice=_read(data, "voice", _VOICE, ""),
        duration_ms=_read(data, "duration_ms", _time, ""),
        chapters=_read(data, "chapters", _items(_CHAPTER), ""),
        phases=_read(data, "phases", _items(_PHASE), ""),
        cues=_read(data, "cues", _items(_CUE), ""),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(key: str, items: tuple[object, ...]) -> str:
    if not items:
        return f"{_json(key)}: []"
    return f"{_json(key)}: [\n" + ",\n".join(_json(plain(item)) for item in items) + "\n]"


def plain(value: Any) -> Any:
    """Return a value of the model in JSON's own types; fields keep the order of their definition."""
    if isinstance(value, StrEnum):
        return value.value
    if hasattr(value, "__dataclass_fields__"):
        written = {f.name: plain(getattr(value, f.name)) for f in fields(value)}
        if isinstance(value, Cue) and value.voice is None:
            del written["voice"]
        return written
    return value


def _bad(problem: str) -> SessionError:
    return SessionError(
        Diagnostic(
            "bad-timeline",
            f"The timeline cannot be read: {problem}.",
            fix="Make it anew with `breathcue timeline SESSION --format json`.",
        )
    )


def _read(data: dict[str, Any], key: str, reader: _Reader, where: str) -> Any:
    path = f"{where}.{key}" if where else key
    if key not in data:
        raise _bad(f"`{path}` is missing")
    return reader(data[key], path)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _bad(f"`{where}` must be text")
    return value


def _number(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _bad(f"`{where}` must be a whole number, not negative")
    return value


def _time(value: Any, where: str) -> Ms:
    return Ms(_number(value, where))


def _real(value: Any, where: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _bad(f"`{where}` must be a number")
    return float(value)


def _one_of(kind: type[StrEnum]) -> _Reader:
    def read(value: Any, where: str) -> StrEnum:
        if value not in list(kind):
            raise _bad(f"`{where}` must be one of {', '.join(kind)}")
        return kind(value)

    return read


def _maybe(reader: _Reader) -> _Reader:
    return lambda value, where: None if value is None else reader(value, where)


def _record(made: type[Any], optional: Mapping[str, _Reader] | None = None, /, **readers: _Reader) -> _Reader:
    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _bad(f"`{where}` must be an object")
        written = {key: reader for key, reader in (optional or {}).items() if key in value}
        return made(**{key: _read(value, key, reader, where) for key, reader in (readers | written).items()})

    return read


def _items(reader: _Reader) -> _Reader:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _bad(f"`{where}` must be a list")
        return tuple(reader(item, f"{where}[{index}]") for index, item in enumerate(value))

    return read


_VOICE = _record(Voice, engine=_text, name=_text, speed=_real)
_CHAPTER = _record(Chapter, start_ms=_time, end_ms=_time, title=_text)
_PHASE = _record(
    Phase,
    start_ms=_time,
    end_ms=_time,
    kind=_one_of(PhaseKind),
    label=_text,
    exercise=_maybe(_text),
    set=_maybe(_number),
    rep=_maybe(_number),
    reps=_maybe(_number),
    side=_maybe(_one_of(Side)),
    breath=_maybe(_one_of(Breath)),
)
_CUE = _record(
    Cue,
    {"voice": _VOICE},
    id=_text,
    start_ms=_time,
    duration_ms=_time,
    track=_one_of(Track),
    kind=_one_of(CueKind),
    text=_text,
    source=_record(Source, file=_text, line=_number),
)
