"""The JSON Schema of the language (draft 2020-12), from the same tables as the validator.

An editor that reads it completes keys and names and marks mistakes as one types. It accepts exactly what the
validator accepts, as far as a schema can tell: the codes that it covers are marked ``structural`` in their table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from breathcue.language import limits
from breathcue.language.growth import CLOCK_PATTERN, DATE_PATTERN, growth_pattern
from breathcue.language.quantities import (
    DURATION_PATTERN,
    DURATION_RANGE_PATTERN,
    NUMBER_PATTERN,
    count_pattern,
)
from breathcue.language.shapes import (
    ChoicesType,
    ChoiceType,
    ClockType,
    CountType,
    DateType,
    DurationType,
    GrowthType,
    ItemsType,
    Key,
    NamedType,
    NameType,
    NumberType,
    PronounceType,
    Shape,
    ShapeType,
    TextsType,
    TextType,
    TimesType,
    ValueType,
    YesNoType,
)
from breathcue.language.tables import SHAPES
from breathcue.language.values import NAME_PATTERN, SPOKEN_PATTERN, YES_NO_PATTERN

DRAFT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_TITLES = {
    "session": "A breathcue session",
    "exercise": "A breathcue exercise",
    "program": "A breathcue program",
}


def json_schema(shape: str) -> Schema:
    """Return the schema of a whole file: ``session``, ``exercise`` or ``program``.

    Raises:
        KeyError: there is no such shape.
    """
    definitions = {name: _shape(each) for name, each in SHAPES.items()}
    return {"$schema": DRAFT, "title": _TITLES[shape], "$ref": f"#/$defs/{shape}", "$defs": definitions}


def _shape(shape: Shape) -> Schema:
    if not shape.kinds:
        return _mapping(shape.keys, shape.doc)
    each = [_mapping(shape.keys_for(kind.key.name), kind.key.doc, kind.key.name) for kind in shape.kinds]
    return {"type": "object", "description": shape.doc, "anyOf": each}


def _mapping(keys: tuple[Key, ...], doc: str, kind: str | None = None) -> Schema:
    required = [key.name for key in keys if key.required or key.name == kind]
    schema: Schema = {
        "type": "object",
        "description": doc,
        "properties": {key.name: _key(key) for key in keys},
        "additionalProperties": False,
        "minProperties": 1,
    }
    return {**schema, "required": required} if required else schema


def _key(key: Key) -> Schema:
    schema: Schema = {"description": key.doc, **_typed(key.type)}
    if key.default is not None:
        schema["default"] = _as_json(key.type, key.default)
    if key.example and not isinstance(key.type, TextsType):
        schema["examples"] = [_as_json(key.type, key.example)]
    return schema


def _as_json(sort: ValueType, written: str) -> object:
    """Return a default or an example as an editor would read it from YAML."""
    if isinstance(sort, YesNoType):
        return written == "true"
    if isinstance(sort, CountType) and written.isdecimal():
        return int(written)
    return float(written) if isinstance(sort, NumberType) else written


def _typed(sort: ValueType) -> Schema:
    match sort:
        case TextType():
            return _one_or(_text(), {"$ref": "#/$defs/spoken"}) if sort.voiced else _text()
        case TextsType():
            return _one_or(_text(), _list(_text())) if sort.single else _list(_text())
        case NameType():
            # A name of digits, or the name `true`, reaches an editor as something other than a text.
            return {"anyOf": [_pattern(NAME_PATTERN), {"type": "integer", "minimum": 0}, {"type": "boolean"}]}
        case ChoiceType():
            return {"enum": list(sort.names)}
        case DurationType():
            pattern = DURATION_RANGE_PATTERN if sort.ranged else DURATION_PATTERN
            return {"anyOf": [_pattern(pattern), {"type": "number", "exclusiveMinimum": 0}]}
        case CountType():
            whole = {"type": "integer", "minimum": 1, "maximum": sort.limit}
            written = [whole, _pattern(count_pattern(sort.limit, ranged=sort.ranged))]
            if sort.ladder:
                written.append(_list(_typed(replace(sort, ranged=False, ladder=False))))
            return {"anyOf": written}
        case TimesType():
            return _list(_typed(DurationType(sort.limit)))
        case NumberType():
            number = {"type": "number", "minimum": sort.low, "maximum": sort.high}
            return {"anyOf": [number, _pattern(NUMBER_PATTERN)]}
        case GrowthType():
            return {"anyOf": [_typed(sort.sort), _pattern(growth_pattern(sort))]}
        case ChoicesType():
            return _one_or(_typed(sort.choice), _list(_typed(sort.choice)))
        case DateType():
            return _pattern(DATE_PATTERN)
        case ClockType():
            return _pattern(CLOCK_PATTERN)
        case YesNoType():
            return {"anyOf": [{"type": "boolean"}, _pattern(YES_NO_PATTERN)]}
        case ShapeType():
            reference = {"$ref": f"#/$defs/{sort.shape}"}
            one = _one_or(_text(), reference) if sort.or_text else reference
            return _one_or(one, _list(one)) if sort.or_list else one
        case NamedType():
            return {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": NAME_PATTERN},
                "additionalProperties": {"$ref": f"#/$defs/{sort.shape}"},
            }
        case PronounceType():
            return {
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": SPOKEN_PATTERN, "maxLength": limits.TEXT_CHARACTERS},
                "additionalProperties": _text(),
            }
        case ItemsType():
            return _list({"$ref": f"#/$defs/{sort.shape}"})


def _text() -> Schema:
    words = {"type": "string", "pattern": SPOKEN_PATTERN, "maxLength": limits.TEXT_CHARACTERS}
    # A number or a word such as `true` is a text too: scalars are read as written.
    return {"anyOf": [words, {"type": ["number", "boolean"]}]}


def _one_or(one: Schema, other: Schema) -> Schema:
    return {"anyOf": [one, other]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "minItems": 1, "items": item}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}
