"""The walls of the house: which room may know which, where heavy libraries may load, how large things may grow.

Everything is read from the source, so a wall holds even in code that no other test runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import breathcue

SOURCE = Path(breathcue.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 60

MAY_IMPORT = {
    "diagnostics": set(),
    "timeline": {"diagnostics"},
    "library": {"timeline.time"},
    "dsp": {"timeline.time"},
    "language": {"diagnostics", "timeline", "library"},
    "compiler": {"language", "timeline", "diagnostics", "library"},
    "ffmpeg": {"diagnostics"},
    "decoding": {"timeline.time", "dsp", "diagnostics", "ffmpeg"},
    "voices": {"timeline", "dsp", "diagnostics", "library", "decoding", "store"},
    "files": {"diagnostics"},
    "store": {"diagnostics"},
    "watching": set(),
    "audio": {
        "timeline",
        "voices.base",
        "dsp",
        "diagnostics",
        "library",
        "files",
        "store",
        "decoding",
        "ffmpeg",
    },
    "verify": {"timeline", "voices.base", "audio", "dsp", "diagnostics", "decoding", "ffmpeg"},
    "export": {"timeline", "diagnostics"},
    "casting": {"diagnostics", "timeline", "language", "compiler", "voices"},
    "unspoken": {"diagnostics", "timeline", "language", "compiler", "voices", "casting"},
    "pipeline": {"diagnostics", "timeline", "language", "compiler", "voices", "casting", "files", "store"},
    "program": {
        "diagnostics",
        "timeline",
        "language",
        "compiler",
        "voices",
        "audio",
        "casting",
        "pipeline",
        "unspoken",
        "files",
        "store",
    },
    "live": {"timeline", "voices.base", "dsp", "audio", "library", "diagnostics", "files"},
    "cli": {
        "diagnostics",
        "timeline",
        "library",
        "dsp",
        "language",
        "compiler",
        "voices",
        "audio",
        "export",
        "live",
        "pipeline",
        "unspoken",
        "program",
        "files",
        "store",
        "watching",
        "verify",
        "decoding",
    },
}
"""What each room may import of the others: whole rooms, or single modules of them."""

CORNERS = {
    "live.outputs": set(),
    "live.view": {"live.moment", "live.remote"},
    "live.diary": {"live.moment"},
}
"""What a corner of a room may import from the room around it."""

ONLY_IN = {
    "yaml": {"language"},
    "tomllib": {"library", "voices", "audio"},
    "click": {"cli"},
    "rich": {"cli"},
    "hibari": {"voices"},
    "pyttsx3": {"voices"},
    "espeakng_loader": {"voices"},
    "mutagen": {"audio", "verify"},
    "pydub": {"decoding"},
    "faster_whisper": {"verify"},
    "PIL": {"audio"},
    "imageio_ffmpeg": {"ffmpeg", "cli"},
    "icalendar": {"program"},
    "miniaudio": {"live"},
    "textual": {"live"},
    "numpy": {"dsp", "voices", "audio", "live", "decoding", "verify"},
    "scipy": {"dsp", "voices", "audio", "verify"},
    "soxr": {"dsp", "voices", "audio", "decoding"},
}
"""The rooms that may load a third party's library at all."""

INSIDE_FUNCTIONS_ONLY = {
    "hibari",
    "onnxruntime",
    "scipy",
    "soxr",
    "rich",
    "mutagen",
    "imageio_ffmpeg",
    "miniaudio",
    "pyttsx3",
    "PIL",
    "pydub",
    "faster_whisper",
    "icalendar",
}
"""What is too heavy to be loaded with a module; it is imported where it is used."""

LIGHT_AT_START = (
    "cli/main.py",
    "cli/outcome.py",
    "cli/reporting.py",
    "__main__.py",
    "__init__.py",
    "cli/__init__.py",
)
"""What every run of the command loads; it may bring nothing beyond the standard library, click and diagnostics."""

PROGRAMS = ("voices/system_helper.py",)
"""What runs as a process of its own, and may end it."""


@cache
def tree_of(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def name_of(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


def room_of(module: Path) -> str | None:
    """Return the folder a module is in, or its own name where it stands beside the folders."""
    room = module.relative_to(SOURCE).parts[0].removesuffix(".py")
    return None if room.startswith("__") else room


def imports(node: ast.AST) -> Iterator[str]:
    """Yield the dotted names that an import statement may load; submodules that ``from`` may name are among them."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute here"
        assert node.module is not None
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def all_imports(module: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(module)):
        yield from imports(node)


def imports_on_loading(tree: ast.Module) -> Iterator[str]:
    """Yield what loading a module imports: nothing from function bodies, nor what is for type checkers only."""

    def visit(body: list[ast.stmt]) -> Iterator[str]:
        for node in body:
            yield from imports(node)
            if isinstance(node, ast.If) and is_for_type_checkers(node):
                yield from visit(node.orelse)
            elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for field in ("body", "orelse", "finalbody"):
                    yield from visit(getattr(node, field, []))
                for handler in getattr(node, "handlers", []):
                    yield from visit(handler.body)

    yield from visit(tree.body)


def is_for_type_checkers(node: ast.If) -> bool:
    return ast.unparse(node.test).removeprefix("typing.") == "TYPE_CHECKING"


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def every_module(*, of_rooms: bool = False) -> pytest.MarkDecorator:
    modules = [m for m in MODULES if room_of(m)] if of_rooms else MODULES
    return pytest.mark.parametrize("module", modules, ids=name_of)


def test_imports_are_found_where_loading_runs_them() -> None:
    source = """
if TYPE_CHECKING:
    import rich.progress
else:
    import one
try:
    from two import thing
except ImportError:
    import three as four
class Room:
    import five
    def use(self):
        import hibari
"""
    assert list(imports_on_loading(ast.parse(source))) == ["one", "two.thing", "three", "five"]


def test_every_room_has_its_rule() -> None:
    rooms = {room_of(module) for module in MODULES} - {None}
    assert rooms == set(MAY_IMPORT)


@every_module(of_rooms=True)
def test_a_room_imports_only_what_it_may(module: Path) -> None:
    room = room_of(module)
    assert room is not None
    allowed = {"__version__", room, *MAY_IMPORT[room]}
    ours = {name.removeprefix("breathcue.") for name in all_imports(module) if within(name, "breathcue")}
    assert sorted(name for name in ours if not any(within(name, room) for room in allowed)) == []


@pytest.mark.parametrize("corner", CORNERS)
def test_a_corner_knows_little_of_its_room(corner: str) -> None:
    room = corner.split(".")[0]
    modules = sorted((SOURCE / corner.replace(".", "/")).rglob("*.py"))
    known = {name.removeprefix("breathcue.") for module in modules for name in all_imports(module)}
    allowed = {corner, *CORNERS[corner]}
    assert len(modules) > 1
    assert sorted(n for n in known if within(n, room) and not any(within(n, one) for one in allowed)) == []


@every_module()
def test_libraries_stay_in_their_rooms(module: Path) -> None:
    strays = [
        name
        for name in all_imports(module)
        for library, rooms in ONLY_IN.items()
        if within(name, library) and room_of(module) not in rooms
    ]
    assert strays == []


@every_module()
def test_heavy_libraries_are_loaded_where_they_are_used(module: Path) -> None:
    heavy = [
        n
        for n in imports_on_loading(tree_of(module))
        if any(within(n, library) for library in INSIDE_FUNCTIONS_ONLY)
    ]
    assert heavy == []


@pytest.mark.parametrize("name", LIGHT_AT_START)
def test_what_every_run_loads_is_light(name: str) -> None:
    import sys

    light = {*sys.stdlib_module_names, "click", "breathcue"}
    loaded = list(imports_on_loading(tree_of(SOURCE / name)))
    assert [n for n in loaded if n.split(".")[0] not in light] == []
    ours = [n for n in loaded if within(n, "breathcue")]
    assert [n for n in ours if n.split(".")[1] not in ("cli", "diagnostics", "__version__")] == []


@every_module()
def test_only_commands_print_and_end_the_process(module: Path) -> None:
    if room_of(module) == "cli" or name_of(module) in PROGRAMS:
        return
    found = [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "sys.exit", "exit", "quit", "os._exit", "input"}
    ]
    assert found == []


@every_module()
def test_modules_and_functions_stay_small(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MAX_MODULE_LINES
    large = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert large == []


@every_module()
def test_nothing_that_changes_is_global(module: Path) -> None:
    assert [node.lineno for node in ast.walk(tree_of(module)) if isinstance(node, ast.Global)] == []
