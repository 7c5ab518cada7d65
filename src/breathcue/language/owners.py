"""Where a key of the language belongs, in words: for keys that stand where they have no business."""

from __future__ import annotations

from collections.abc import Iterator

from breathcue.language.program_tables import PROGRAM_SHAPES
from breathcue.language.shapes import Shape
from breathcue.language.tables import SHAPES, STEP


def owners(key: str, asker: Shape) -> tuple[str, ...]:
    """Return in words where a key belongs: ``("an `exercise` step",)``, or nothing for a key that no table has.

    Places in the sort of file that ``asker`` belongs to come first; those of another sort count where there are none.
    """
    own = asker in PROGRAM_SHAPES
    found = [(shape in PROGRAM_SHAPES, words) for shape in SHAPES.values() for words in _owned(shape, key)]
    alike = tuple(dict.fromkeys(words for other, words in found if other is own))
    return alike or tuple(dict.fromkeys(words for _, words in found))


def _owned(shape: Shape, key: str) -> Iterator[str]:
    """Yield in words where in mappings of a shape a key belongs."""
    if any(key == own.name for own in shape.keys):
        yield shape.noun
    for kind in shape.kinds:
        noun = "step" if shape is STEP else "phase"
        if kind.key.name == key:
            yield f"{shape.noun} of its own"
        elif any(key == own.name for own in kind.beside):
            yield f"`{kind.key.name}` {noun}s"
