"""A verdict as JSON: documented in docs/verify.md, and stable."""

from __future__ import annotations

import json
from typing import Any

from breathcue.timeline.model import Cue
from breathcue.verify.model import Check, HeardCue, Verdict

SCHEMA = "breathcue/verify/1"


def as_json(verdict: Verdict) -> str:
    """Return a verdict as JSON text, one check and one cue a line."""
    head = {"schema": SCHEMA, "file": str(verdict.file), "passed": verdict.passed}
    lines = [f"{_json(key)}: {_json(value)}" for key, value in head.items()]
    lines.append(_array("checks", [_check(check) for check in verdict.checks]))
    lines.append(_array("cues", [_cue(heard) for heard in verdict.cues]))
    return "{\n" + ",\n".join(lines) + "\n}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(key: str, items: list[dict[str, Any]]) -> str:
    inner = ",\n".join(_json(item) for item in items)
    return f"{_json(key)}: [\n{inner}\n]" if items else f"{_json(key)}: []"


def _check(check: Check) -> dict[str, Any]:
    return {
        "name": check.name,
        "status": check.status.value,
        "measured": check.measured,
        "expected": check.expected,
        "values": dict(check.values),
        "findings": [{"message": f.message, "at_ms": f.at_ms, "cue": f.cue} for f in check.findings],
    }


def _cue(heard: HeardCue) -> dict[str, Any]:
    cue: Cue = heard.cue
    return {
        "id": cue.id,
        "start_ms": cue.start_ms,
        "track": cue.track.value,
        "text": cue.text,
        "offset_ms": None if heard.offset_ms is None else round(heard.offset_ms, 3),
        "likeness": None if heard.likeness is None else round(heard.likeness, 3),
        "lost_ms": heard.lost_ms,
    }
