"""How English reads signs, units, times and abbreviations."""

from __future__ import annotations

import re

from breathcue.voices.words import FRACTIONS, HYPHEN, NUMBER, Rule

_UNITS = {
    "h": "hour", "hr": "hour", "hrs": "hour",
    "min": "minute", "mins": "minute",
    "s": "second", "sec": "second", "secs": "second",
    "ms": "millisecond",
    "kg": "kilogram", "g": "gram", "lb": "pound", "lbs": "pound", "oz": "ounce",
    "mm": "millimeter", "cm": "centimeter", "m": "meter", "km": "kilometer", "ft": "foot",
    "ml": "milliliter", "l": "liter", "L": "liter",
    "kcal": "kilocalorie", "bpm": "beat per minute",
    "rep": "rep", "reps": "rep", "rpt": "repetition", "rpts": "repetition",
}  # fmt: skip
_IRREGULAR = {"foot": "feet", "beat per minute": "beats per minute"}
_BODY = "side|arm|leg|foot|hand|knee|hip|shoulder|elbow|ankle|wrist|heel|toe|thigh|calf|glute|ear|cheek"
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth"}

_SIDES = {"L": "left", "R": "right"}


def _count(number: str, unit: str) -> str:
    """Return a number with its unit in words: singular for 1."""
    if number in ("1", "1.0"):
        return f"{number} {unit}"
    return f"{number} {_IRREGULAR.get(unit, unit + 's')}"


def _clock(match: re.Match[str]) -> str:
    """Return ``1:30`` or ``1:02:03`` as a duration; what cannot be one stays as it is."""
    *upper, seconds = (int(part) for part in match[0].split(":"))
    if seconds > 59 or (len(upper) == 2 and upper[1] > 59):
        return match[0]
    units = zip((*upper, seconds), ("hour", "minute", "second")[2 - len(upper) :], strict=True)
    return " ".join(_count(str(n), unit) for n, unit in units if n) or "0 seconds"


def _compound(match: re.Match[str]) -> str:
    units = zip(match.groups(), ("hour", "minute", "second"), strict=True)
    return " ".join(_count(number, unit) for number, unit in units if number)


def _unit(match: re.Match[str]) -> str:
    number, unit = match["number"], _UNITS[match["unit"]]
    # "5m" is how this project's own files write five minutes; "5 m" is how everybody writes five metres.
    if match["unit"] == "m" and match["space"] == "":
        unit = "minute"
    return _count(number, unit)


def _range_unit(match: re.Match[str]) -> str:
    return f"{match['low']} to {match['high']}{match['after']}"


def _fraction(match: re.Match[str]) -> str:
    whole, top, bottom = match["whole"], int(match["top"]), int(match["bottom"])
    if not 0 < top < bottom or bottom not in _PARTS:
        return f"{whole or ''} {top} out of {bottom}".strip()
    part = _PARTS[bottom]
    if whole:
        article = "a" if top == 1 else str(top)
        return f"{whole} and {article} {part if top == 1 else part + 's'}"
    if part == "half":
        return "half"
    return f"{'a' if top == 1 else top} {part if top == 1 else part + 's'}"


_UNIT_NAMES = "|".join(sorted(_UNITS, key=len, reverse=True))
SIGNS: tuple[Rule, ...] = (
    (re.compile(r"(?<=[^\W\d])\s[x×]\s(?=\d)"), " of "),
    (re.compile("|".join(FRACTIONS)), lambda m: f" {FRACTIONS[m[0]]}"),
    (re.compile(r"\b(\d+):([0-5]\d)(?::([0-5]\d))?(?!\s?[ap]\.?m\b)(?![\d:])", re.IGNORECASE), _clock),
    (re.compile(rf"(?<![\w.-])(\d+){HYPHEN}(\d+){HYPHEN}(\d+)(?:{HYPHEN}(\d+))?(?![\w-])"),
     lambda m: ", ".join(part for part in m.groups() if part)),
    (re.compile(rf"(?<![\w.])(?P<low>{NUMBER})(?:\s?(?:{_UNIT_NAMES}))?\s?{HYPHEN}\s?(?P<high>{NUMBER})"
                rf"(?P<after>(?:\s?(?:{_UNIT_NAMES}|[%°x×])(?!\w))?)(?![\w-])"), _range_unit),
    (re.compile(r"\b(\d+)\s?[x×]\s?(?=\d)"), r"\1 times "),
    (re.compile(r"\b(\d+)\s?[x×](?!\w)"), r"\1 times"),
    (re.compile(r"(?<!\w)[x×]\s?(\d+)\b"), r"\1 times"),
    (re.compile(r"\b(?:(\d+)h\s?)?(?:(\d+)m\s?)(\d+)s\b"), _compound),
    (re.compile(r"\b(\d+)h\s?(\d+)m()\b"), _compound),
    (re.compile(rf"\b(?P<number>{NUMBER})(?P<space>[ -]?)(?P<unit>{_UNIT_NAMES})(?![\w'’])"
                r"(?:\.(?=\s+[a-z]))?"), _unit),
    (re.compile(rf"\b({NUMBER})\s?°\s?([CF])\b"),
     lambda m: f"{_count(m[1], 'degree')} {'Celsius' if m[2] == 'C' else 'Fahrenheit'}"),
    (re.compile(rf"\b({NUMBER})\s?°(?=\s(?:angle|bend|turn))"), r"\1 degree"),
    (re.compile(rf"\b({NUMBER})\s?°"), lambda m: _count(m[1], "degree")),
    (re.compile(r"(?<![\d/])(?:(?P<whole>\d+)\s+)?(?P<top>\d{1,2})/(?P<bottom>\d{1,2})(?![\d/])"), _fraction),
    (re.compile(r"\bL\s?/\s?R\b|\bR\s?/\s?L\b"), lambda m: "left and right" if m[0][0] == "L" else "right and left"),
    (re.compile(r"(?<=\()[LR](?=\))"), lambda m: _SIDES[m[0]]),
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\bw/(?=\s|\w)\s?"), "with "),
    (re.compile(r"(?<=[^\W\d])\s?/\s?(?=[^\W\d])"), " or "),
    (re.compile(rf"\b({NUMBER})\s?%"), r"\1 percent"),
    (re.compile(r"\s*&\s*"), " and "),
    (re.compile(r"(?<=\w)\s*\+\s*(?=\w)"), " plus "),
    (re.compile(r"(?<=\d)\+"), " or more"),
    (re.compile(r"\s*=\s*"), " equals "),
    (re.compile(r"[~≈](?=\s?\d)"), "about "),
    (re.compile(r"±\s?"), "plus or minus "),
    (re.compile(r"(?:≥|>=|>)\s?(?=\d)"), "more than "),
    (re.compile(r"(?:≤|<=|<)\s?(?=\d)"), "less than "),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(r"\s*(?:→|->|=>)\s*"), ", then "),
    (re.compile(r"@\s?"), "at "),
)  # fmt: skip

ABBREVIATIONS: tuple[Rule, ...] = (
    (re.compile(rf"\b[LR]\b(?=\s(?:{_BODY})s?\b)"), lambda m: _SIDES[m[0]]),
    (re.compile(r"\be\.\s?g\.(?:,)?", re.IGNORECASE), "for example,"),
    (re.compile(r"\bi\.\s?e\.(?:,)?", re.IGNORECASE), "that is,"),
    (re.compile(r"\betc\.(?=\s*(?:$|[A-Z]))"), "et cetera."),
    (re.compile(r"\betc\b\.?"), "et cetera"),
    (re.compile(r"\bvs\b\.?"), "versus"),
    (re.compile(r"\bapprox\b\.?"), "approximately"),
    (re.compile(r"\b(reps?|secs?|mins?)\.(?=\s*[a-z])"), r"\1"),
    (re.compile(r"\bmins?\b"), "minutes"),
    (re.compile(r"\bsecs\b"), "seconds"),
)
