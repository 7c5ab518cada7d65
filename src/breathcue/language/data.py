"""The library's YAML data (phrases, positions) as plain values: our own files, so without places and checks."""

from __future__ import annotations

from typing import Any

import yaml

from breathcue.library import read_data

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml_data(path: str) -> dict[str, Any]:
    """Return a data file of the library as nested dicts, lists and strings; every scalar stays as it is written.

    Raises:
        FileNotFoundError: there is no such file in the library.
    """
    data: dict[str, Any] = yaml.load(read_data(path), Loader=_LOADER)
    return data
