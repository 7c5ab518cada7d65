"""Fixtures of the live coach's tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulse import Pulse, missing, server
from tries import before_others, in_real_time


@pytest.fixture
def undisturbed() -> Iterator[None]:
    """What the test starts goes before other programs, where that is allowed."""
    with before_others():
        yield


@pytest.fixture
def pulse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pulse]:
    """A sound server of our own, which this process and those given ``pulse.env`` speak to; skips where none can be.

    The test and what it starts go before all others, where that is allowed.
    """
    reason = missing()
    if reason:
        pytest.skip(reason)
    with (
        in_real_time(),
        tempfile.TemporaryDirectory(prefix="mat-") as folder,
        server(Path(folder) / "run") as pulse,
    ):
        for name, value in pulse.variables.items():
            monkeypatch.setenv(name, value)
        yield pulse
