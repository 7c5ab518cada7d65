"""A long dash in place of a hyphen is named, wherever it stands in a list."""

from __future__ import annotations

import pytest

from breathcue.language.load import load_text


@pytest.mark.parametrize(
    "steps",
    [
        "  - say: Hello.\n  \u2013 say: Bye.\n",
        "  \u2013 say: Bye.\n  - say: Hello.\n",
        "  - rest: 5s\n    speed: 1\n  \u2014 say: Bye.\n",
        "  \u2013 say: Bye.\n    speed: 1\n",
    ],
)
def test_a_long_dash_among_hyphens(steps: str) -> None:
    (found,) = load_text(f"title: T\nsteps:\n{steps}", "s.yaml", None).diagnostics
    assert "long dash" in found.message
    assert found.fix == "Write `- say: Bye.`."


def test_long_dashes_alone() -> None:
    (found,) = load_text(
        "title: T\nsteps:\n  \u2013 say: A.\n  \u2013 rest: 5s\n", "s.yaml", None
    ).diagnostics
    assert found.fix == "Begin each with a plain hyphen, `-`: a long dash is none for YAML."
