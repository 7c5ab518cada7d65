"""Built-in data: exercises, positions, phrases, tones. Text only; whoever needs it reads and parses it."""

from __future__ import annotations

from importlib.resources import files


def read_data(path: str) -> str:
    """Return the text of a data file, such as ``"positions.yaml"``.

    Raises:
        FileNotFoundError: there is no such file in the library.
    """
    return files(__name__).joinpath(path).read_text(encoding="utf-8")


def data_names(folder: str, suffix: str) -> tuple[str, ...]:
    """Return the sorted names, without ``suffix``, of the data files in a folder of the library."""
    entries = files(__name__).joinpath(folder).iterdir()
    return tuple(sorted(e.name.removesuffix(suffix) for e in entries if e.name.endswith(suffix)))
