"""Collecting what is wrong with a file, and the small words that messages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from breathcue.diagnostics import Diagnostic, Place, Related
from breathcue.diagnostics.codes import CODES
from breathcue.language import limits


class Problems:
    """The diagnostics of one load, each reported once."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[tuple[str, str, Place], Diagnostic] = {}
        self._full = False
        self._characters = 0

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        fix: str | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        """Report something; its severity is the code's."""
        self.take(Diagnostic(code, message, place, fix, CODES[code].severity, related))

    def take(self, diagnostic: Diagnostic) -> None:
        """Report something that is already a diagnostic with a place."""
        if self._full:
            return
        self._characters += len(diagnostic.place.source) if diagnostic.place else 0
        if len(self._found) >= limits.PROBLEMS or self._characters > limits.PROBLEM_CHARACTERS:
            self._full = True
            diagnostic = Diagnostic(
                "too-many-problems",
                f"There are more than {len(self._found)} problems; the rest are not listed.",
                diagnostic.place,
                "Mend the ones above and check again.",
            )
        if diagnostic.place is None:
            return
        key = (diagnostic.code, diagnostic.message, diagnostic.place)
        self._found.setdefault(key, diagnostic)

    def in_order(self, files: Sequence[str]) -> tuple[Diagnostic, ...]:
        """Return the diagnostics file by file, in the order of ``files``, and by line and column in each."""
        rank = {shown: number for number, shown in enumerate(files)}

        def key(diagnostic: Diagnostic) -> tuple[int, int, int, str]:
            place = diagnostic.place or Place("", 0)
            return rank.get(place.file, len(rank)), place.line, place.column, diagnostic.code

        return tuple(sorted(self._found.values(), key=key))


def shorten(text: str, limit: int = 40) -> str:
    """Return the text on one line, cut with an ellipsis where it is longer than ``limit`` characters."""
    folded = " ".join(text[: limit * 4].split())
    return folded if len(folded) <= limit and len(text) <= limit * 4 else folded[: limit - 1] + "…"


def quote(text: str) -> str:
    """Return the text between backticks, as messages show what the author wrote."""
    return f"`{shorten(text)}`"


def listed(names: Iterable[str], last: str = "and") -> str:
    """Return names in backticks as a sentence lists them: `a`, `b` and `c`."""
    words = [f"`{name}`" for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``word``, or None where nothing is near."""
    names = list(known)
    plain = "-".join(word.lower().replace("_", " ").split())
    if plain in names:
        return plain
    if not 0 < len(plain) <= limits.NAME_CHARACTERS:
        return None
    close = get_close_matches(plain, names, n=3, cutoff=0.6)
    if close:
        # Letters in the wrong order are the commonest slip: `resp` is rather `reps` than `rest`.
        return next((name for name in close if sorted(name) == sorted(plain)), close[0])
    squeezed = {name.replace("-", ""): name for name in names}
    return squeezed.get(plain.replace("-", "").replace("'", ""))


def article(noun: str) -> str:
    """Return the noun with `a` or `an` before it."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
