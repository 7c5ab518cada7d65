"""Fixtures and options that every test may use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from recogniser import missing, transcribe


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write the golden files anew from what the program does now, instead of comparing",
    )


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether a golden test shall write its file instead of comparing with it."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture
def recogniser() -> Callable[[Path | str], list[tuple[int, int, str]]]:
    """What hears the words of a sound file (see tests/recogniser.py); skips the test where it is not set up."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    return transcribe
