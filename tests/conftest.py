"""Fixtures and options that every test may use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from recogniser import missing, transcribe

REAL_SOUND = (
    "tests/live/test_live_sound.py",
    "tests/live/test_live_devices.py",
    "tests/live/test_output_sound.py",
)
"""Files with real sound. One test at a time: each goes before all others, and would hold another one up."""

SEARCHES = ("tests/property/", "tests/live/test_performing.py")
"""Files whose tests look for what nobody thought of, which takes long."""

EACH_BY_ITSELF = ("tests/live/test_live_", *SEARCHES)
"""Files whose tests take or wait long, for a session takes its time: each may run beside the others of its file."""


# No test measures time, and a busy machine may hold any example up.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write the golden files anew from what the program does now, instead of comparing",
    )


def unit_of(nodeid: str) -> str:
    """Return what a test is handed out with to those that run tests side by side: by itself, or with its like."""
    if nodeid.startswith(REAL_SOUND):
        return "sound"
    return nodeid if nodeid.startswith(EACH_BY_ITSELF) else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that nobody is left alone with it in the end."""
    rank: dict[str, int] = {}
    for item in items:
        unit = unit_of(item.nodeid)
        rank[unit] = min(rank.get(unit, 3), _rank(item))
    items.sort(key=lambda item: rank[unit_of(item.nodeid)])


def _rank(item: pytest.Item) -> int:
    slow = item.get_closest_marker("slow") is not None or item.nodeid.startswith(SEARCHES)
    if item.get_closest_marker("sound"):
        return 0 if slow else 1
    return 2 if slow else 3


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand tests out file by file, as ``--dist loadfile`` does, but by units of ours and in the order of above."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByUnit(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    config.option.loadscopereorder = False
    return ByUnit(config, log)


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
