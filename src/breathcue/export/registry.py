"""The exporters by the name of their format: our own, and those that packages add by entry point."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points

from breathcue.diagnostics import Diagnostic, MissingError, RequestError
from breathcue.timeline.model import Timeline

Exporter = Callable[[Timeline], str]

GROUP = "breathcue.exporters"
"""The entry point group in which a package names its exporters: ``format = "package.module:function"``."""

_OWN = {
    "text": "breathcue.export.text:export_text",
    "json": "breathcue.timeline.codec:dump",
}


def exporter_names() -> tuple[str, ...]:
    """Return the formats there are, our own first."""
    return (*_OWN, *sorted({entry.name for entry in entry_points(group=GROUP)} - set(_OWN)))


def find_exporter(name: str) -> Exporter:
    """Return the exporter of a format.

    Raises:
        RequestError: there is no such format.
        MissingError: the package that brings it cannot be loaded.
    """
    if name in _OWN:
        module, _, function = _OWN[name].partition(":")
        exporter: Exporter = getattr(import_module(module), function)
        return exporter
    for entry in entry_points(group=GROUP, name=name):
        try:
            loaded: Exporter = entry.load()
        except Exception as error:
            raise MissingError(
                Diagnostic(
                    "broken-exporter",
                    f"The exporter {name!r} of {entry.value} cannot be loaded: {error}.",
                    fix="Reinstall or remove the package that brings it.",
                )
            ) from error
        return loaded
    raise RequestError(
        Diagnostic(
            "unknown-timeline-format",
            f"There is no timeline format {name!r}.",
            fix=f"Use one of {', '.join(exporter_names())}.",
        )
    )
