"""The vocabulary in which the language's tables are written: sorts of values, keys, and mappings.

The validator, the JSON Schema and the reference in docs/language.md are all derived from tables of these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextType:
    """Words to be said or shown; ``sided`` where ``{side}`` and ``{other}`` are welcome.

    Where ``voiced``, a mapping of the shape ``spoken`` may stand for them, which says who speaks them.
    """

    sided: bool = False
    voiced: bool = False


@dataclass(frozen=True, slots=True)
class NameType:
    """The name of an exercise, in kebab-case."""


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """One of a few known words; ``noun`` is what they are (``position``)."""

    noun: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DurationType:
    """A time, at most ``limit`` ms; ``ranged`` where it may be a range."""

    limit: int
    ranged: bool = False


@dataclass(frozen=True, slots=True)
class CountType:
    """A whole number from 1 to ``limit`` (a power of ten); ``ranged`` where it may be a range.

    Where it may be a ``ladder``, a list of whole numbers may stand for it.
    """

    limit: int
    ranged: bool = False
    ladder: bool = False


@dataclass(frozen=True, slots=True)
class TimesType:
    """A list of times, each at most ``limit`` ms."""

    limit: int


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number from ``low`` to ``high``."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GrowthType:
    """A value of that sort, or two with a hyphen: what holds in the first week of a block, and in its last.

    ``share`` where it may be a percentage of what the session says.
    """

    sort: CountType | DurationType | NumberType
    share: bool = False


@dataclass(frozen=True, slots=True)
class ChoicesType:
    """One of a few known words, or a list of them that are spread over the weeks of a block."""

    choice: ChoiceType


@dataclass(frozen=True, slots=True)
class DateType:
    """A day of the calendar, such as ``2027-01-04``."""


@dataclass(frozen=True, slots=True)
class ClockType:
    """A time of day, such as ``09:00``."""


@dataclass(frozen=True, slots=True)
class YesNoType:
    """``true`` or ``false``."""


@dataclass(frozen=True, slots=True)
class TextsType:
    """A list of texts; ``single`` where one text may stand without a list."""

    sided: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class ShapeType:
    """A mapping described by the shape of that name.

    ``or_text`` where a single text may stand for it, ``or_list`` where a list of such mappings may.
    """

    shape: str
    or_text: bool = False
    or_list: bool = False


@dataclass(frozen=True, slots=True)
class NamedType:
    """A mapping from names of exercises to mappings of a shape."""

    shape: str


@dataclass(frozen=True, slots=True)
class PronounceType:
    """A mapping from words to how they are said."""


@dataclass(frozen=True, slots=True)
class ItemsType:
    """A list of at least one mapping of a shape; ``code`` is the diagnostic for an empty one."""

    shape: str
    code: str = "empty-value"


ValueType = (
    TextType
    | NameType
    | ChoiceType
    | DurationType
    | CountType
    | TimesType
    | NumberType
    | GrowthType
    | ChoicesType
    | DateType
    | ClockType
    | YesNoType
    | TextsType
    | ShapeType
    | NamedType
    | PronounceType
    | ItemsType
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping.

    ``doc`` is its line in the reference and in editors; ``default`` is what holds where it is not written, as the
    author would write it (None: nothing); ``example`` is a value as the author would write it.
    """

    name: str
    type: ValueType
    doc: str
    required: bool = False
    default: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of step or phase: the key that names it, and the keys that may stand beside that key."""

    key: Key
    beside: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A mapping: either fixed ``keys``, or exactly one of ``kinds``.

    ``noun`` is how messages name it, and ``doc`` introduces it in the reference.
    """

    name: str
    noun: str
    doc: str
    keys: tuple[Key, ...] = ()
    kinds: tuple[Kind, ...] = ()

    def kind(self, name: str) -> Kind | None:
        """Return the kind whose key has that name."""
        return next((kind for kind in self.kinds if kind.key.name == name), None)

    def keys_for(self, kind: str | None) -> tuple[Key, ...]:
        """Return the keys of the mapping, given which of its kinds it is."""
        found = self.kind(kind) if kind is not None else None
        return (found.key, *found.beside) if found is not None else self.keys
