"""Times and amounts as an author writes them: ``4s``, ``1m30s``, ``1:30``, ``90``, ``10-15``, ``20-40s``.

Everything is computed in whole numbers: a time is exactly what was written, or it is refused. The patterns are used
by the JSON Schema too, and say the same as the parsers: a text that a pattern refuses gives an error whose code is
structural, and the other way round.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from breathcue.language.problems import quote
from breathcue.language.routine import Range
from breathcue.timeline.time import Ms, clock

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_UNITS = rf"(?:{_NUMBER}h)?(?:{_NUMBER}m)?(?:{_NUMBER}s)?(?:{_NUMBER}ms)?"
_COLON = r"[0-9]+:[0-5][0-9](?::[0-5][0-9])?"
_SOME = r"(?=[^-]*[1-9])"
_ONE = rf"{_SOME}(?:{_NUMBER}|{_COLON}|{_UNITS})"
# After a time in minutes, hours or milliseconds a bare number would be read either way, so it needs its unit.
_TO_SECONDS = rf"{_SOME}(?:{_NUMBER}s?|{_COLON})\s*-\s*{_SOME}{_NUMBER}"
_TO_UNIT = rf"{_ONE}\s*-\s*{_SOME}(?:{_COLON}|{_UNITS})"

DURATION_PATTERN = rf"^\s*{_ONE}\s*$"
DURATION_RANGE_PATTERN = rf"^\s*(?:{_ONE}|{_TO_SECONDS}|{_TO_UNIT})\s*$"
NUMBER_PATTERN = rf"^\s*{_NUMBER}\s*$"

_UNIT_MS = {"h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_PART = re.compile(rf"({_NUMBER})(ms|h|m|s)")
_SIGNED = re.compile(r"^\s*-\s*[0-9.]")
_DIGITS = 12
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is no such quantity: a diagnostic's code, message and fix."""

    code: str
    message: str
    fix: str | None = None


class _TooFineError(Exception):
    """A time that is not a whole number of milliseconds."""


def parse_duration(text: str, limit: int) -> Ms | Fault:
    """Return a time in ms, at most ``limit``; spaces around it do not matter."""
    written = text.strip()
    if len(text) > _LONGEST or not re.fullmatch(DURATION_PATTERN, text):
        return _bad_duration(written, ranged=False)
    try:
        return _bounded(_milliseconds(written), written, limit)
    except _TooFineError:
        return _too_fine(written)


def parse_duration_range(text: str, limit: int) -> Range | Fault:
    """Return a time, or a range of times, in ms; a unit at the end of a range (``20-40s``) holds for both ends."""
    ends = parse_duration_ends(text, limit)
    if isinstance(ends, Fault):
        return ends
    low, high = ends
    return Range(low, high) if low <= high else _reversed(text.strip(), "-".join(_ends(text.strip())[::-1]))


def parse_duration_ends(text: str, limit: int) -> tuple[Ms, Ms] | Fault:
    """Return the two ends of what is written as a range of times, in ms, whichever is larger."""
    written = text.strip()
    if len(text) > _LONGEST or not re.fullmatch(DURATION_RANGE_PATTERN, text):
        return _bad_duration(written, ranged=True)
    low_text, high_text = _ends(written)
    try:
        low, high = _milliseconds(low_text), _milliseconds(high_text)
    except _TooFineError:
        return _too_fine(written)
    for end, words in ((low, low_text), (high, high_text)):
        bounded = _bounded(end, words, limit)
        if isinstance(bounded, Fault):
            return bounded
    return Ms(low), Ms(high)


def parse_count(text: str, limit: int) -> int | Fault:
    """Return a whole number from 1 to ``limit``."""
    written = text.strip()
    if not re.fullmatch(r"[0-9]+", written):
        return _bad_count(written, limit, ranged=False)
    return _within(written, limit)


def parse_count_range(text: str, limit: int) -> Range | Fault:
    """Return a whole number or a range of them, each from 1 to ``limit``."""
    ends = parse_count_ends(text, limit)
    if isinstance(ends, Fault):
        return ends
    low, high = ends
    return Range(low, high) if low <= high else _reversed(text.strip(), f"{high}-{low}")


def parse_count_ends(text: str, limit: int) -> tuple[int, int] | Fault:
    """Return the two ends of what is written as a range of whole numbers, whichever is larger."""
    written = text.strip()
    found = re.fullmatch(r"([0-9]+)(?:\s*-\s*([0-9]+))?", written)
    if found is None:
        return _bad_count(written, limit, ranged=True)
    low = _within(found[1], limit)
    high = _within(found[2] or found[1], limit)
    if isinstance(low, Fault):
        return low
    if isinstance(high, Fault):
        return high
    return low, high


def parse_number(text: str, low: float, high: float) -> float | Fault:
    """Return a number from ``low`` to ``high``, as a pace or a speed is."""
    written = text.strip()
    limits = f"from {low:g} to {high:g}"
    if not re.fullmatch(NUMBER_PATTERN, text):
        lenient = written.replace(",", ".").removesuffix("x").removesuffix("%")
        fix = f"Write a number {limits}, such as `0.9`."
        if re.fullmatch(NUMBER_PATTERN, lenient):
            number = float(lenient) / (100 if written.endswith("%") else 1)
            fix = f"Write `{number:g}`."
        return Fault("bad-number", f"{quote(written)} is not a number.", fix)
    number = float(written) if len(written) <= 2 * _DIGITS else high + 1
    if low <= number <= high:
        return number
    return Fault("out-of-range", f"{quote(written)} is not {limits}.", f"Write a number {limits}.")


def count_pattern(limit: int, *, ranged: bool) -> str:
    """Return the pattern of :func:`parse_count`, or of :func:`parse_count_range`, for a power of ten."""
    if str(limit).strip("0") != "1":
        raise ValueError("the pattern can express powers of ten only")
    one = rf"0*(?:{limit}|[1-9][0-9]{{0,{len(str(limit)) - 2}}})"
    return rf"^\s*{one}(?:\s*-\s*{one})?\s*$" if ranged else rf"^\s*{one}\s*$"


def _ends(written: str) -> tuple[str, str]:
    low, hyphen, high = (part.strip() for part in written.partition("-"))
    if not hyphen:
        return low, low
    unit = re.fullmatch(rf"{_NUMBER}(ms|h|m|s)", high)
    if unit is not None and re.fullmatch(_NUMBER, low):
        low += unit[1]
    return low, high


def written_duration(ms: int) -> str:
    """Return a time as an author writes it: ``1h5m``, ``19m40s``, ``1s500ms``."""
    parts, left = [], ms
    for unit, length in _UNIT_MS.items():
        number, left = divmod(left, length)
        if number:
            parts.append(f"{number}{unit}")
    return "".join(parts) or "0s"


def _milliseconds(written: str) -> int:
    """Return a time that fits the patterns, in ms; a time beyond all limits comes back as a very large number."""
    if ":" in written:
        total = 0
        for part in written.split(":"):
            total = total * 60 + _whole(part)
        return total * 1000
    if re.fullmatch(_NUMBER, written):
        written += "s"
    return sum(_exact(number, _UNIT_MS[unit]) for number, unit in _PART.findall(written))


def _exact(number: str, unit_ms: int) -> int:
    whole, _, fraction = number.partition(".")
    if len(fraction.rstrip("0")) > _DIGITS:
        raise _TooFineError
    value = (_whole(whole) + Decimal(f"0.{fraction or 0}")) * unit_ms
    if value != int(value):
        raise _TooFineError
    return int(value)


def _whole(digits: str) -> int:
    plain = digits.lstrip("0") or "0"
    return int(plain) if len(plain) <= _DIGITS else 10**_DIGITS


def _bounded(ms: int, written: str, limit: int) -> Ms | Fault:
    if ms > limit:
        return Fault(
            "duration-too-long",
            f"{quote(written)} is longer than {_in_words(limit)}, the most there can be here.",
            _smaller_unit(written, limit),
        )
    return Ms(ms)


def _in_words(ms: int) -> str:
    hours, rest = divmod(ms, 3_600_000)
    if hours and not rest:
        return "an hour" if hours == 1 else f"{hours} hours"
    return f"{ms // 60_000} minutes" if ms % 60_000 == 0 else clock(ms)


def _smaller_unit(written: str, limit: int) -> str:
    for unit, smaller in (("h", "m"), ("m", "s")):
        number = written.removesuffix(unit)
        if number != written and re.fullmatch(_NUMBER, number) and len(number) <= _DIGITS:
            guess = number + smaller
            if Decimal(number) * _UNIT_MS[smaller] <= limit:
                return f"Did you mean `{guess}`?"
    return "Make it shorter, or split it into several steps."


def _too_fine(written: str) -> Fault:
    return Fault(
        "duration-too-fine",
        f"{quote(written)} is finer than a thousandth of a second.",
        "Use at most three decimals of a second.",
    )


def _reversed(written: str, mended: str) -> Fault:
    message = f"The range {quote(written)} runs from the larger to the smaller."
    return Fault("range-reversed", message, f"Write {quote(mended)}.")


def _within(digits: str, limit: int) -> int | Fault:
    number = _whole(digits)
    if number == 0:
        return Fault(
            "not-positive", "Zero means that it never happens.", "Write 1 or more, or remove the line."
        )
    if number > limit:
        return Fault("out-of-range", f"{quote(digits)} is more than {limit}.", f"Write at most {limit}.")
    return number


def _bad_count(written: str, limit: int, *, ranged: bool) -> Fault:
    also = ", or a range such as `8-10`" if ranged else ""
    if re.fullmatch(r"-\s*[0-9]+", written):
        return Fault(
            "not-positive", f"{quote(written)} is less than one.", f"Write a number from 1 to {limit}."
        )
    mended = _lenient(written).removesuffix("x").removeprefix("x").removesuffix("times").removesuffix("reps")
    pattern = r"[0-9]+-[0-9]+" if ranged else r"[0-9]+"
    fix = f"Write a whole number from 1 to {limit}{also}."
    if mended != written and re.fullmatch(rf"[0-9]+|{pattern}", mended):
        fix = f"Write `{mended}`."
    elif "-" in written and not ranged:
        fix = f"Write one whole number from 1 to {limit}; a range cannot stand here."
    return Fault("bad-number", f"{quote(written)} is not a whole number.", fix)


def _bad_duration(written: str, *, ranged: bool) -> Fault:
    if _SIGNED.match(written):
        return Fault("not-positive", f"{quote(written)} is less than nothing.", "Write a time above zero.")
    mended = _lenient(written)
    pattern = DURATION_RANGE_PATTERN if ranged else DURATION_PATTERN
    if len(written) <= _LONGEST:
        ends = written.split("-")
        if all(re.search("[0-9]", end) for end in ends) and re.fullmatch(pattern.replace(_SOME, ""), written):
            return Fault("not-positive", f"{quote(written)} takes no time.", "Write a time above zero.")
        if mended != written and re.fullmatch(pattern, mended):
            return Fault("bad-duration", f"{quote(written)} is not written as a time.", f"Write `{mended}`.")
        if not ranged and re.fullmatch(DURATION_RANGE_PATTERN, mended):
            fix = f"Write one time, such as `{mended.partition('-')[2]}`."
            return Fault(
                "bad-duration", f"{quote(written)} is a range, and this must be one exact time.", fix
            )
    example = "`4s`, `1m30s`, `1:30`" + (" or `10s-15s`" if ranged else " or `90` (seconds)")
    return Fault("bad-duration", f"{quote(written)} is not a time.", f"Write it as {example}.")


_SPELLED = (
    (r"[\u2010-\u2015]|\bto\b", "-"),
    (r"(?<=[0-9]),(?=[0-9])", "."),
    (r"milliseconds?|millis|msecs?", "ms"),
    (r"seconds?|secs?", "s"),
    (r"minutes?|mins?", "m"),
    (r"hours?|hrs?", "h"),
    (r"\s+|\band\b", ""),
    (r"(?<![0-9])\.(?=[0-9])", "0."),
    (r":([0-9])(?![0-9])", r":0\1"),
    (r'(?<=[0-9])"|(?<=[0-9])\u2033', "s"),
    (r"(?<=[0-9])'|(?<=[0-9])\u2032", "m"),
)


def _lenient(written: str) -> str:
    """Return what the author probably meant: no spaces, units as letters, a plain hyphen."""
    text = written[:_LONGEST].lower()
    for pattern, plain in _SPELLED:
        text = re.sub(pattern, plain, text)
    return text
