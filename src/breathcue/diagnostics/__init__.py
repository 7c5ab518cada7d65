"""Errors as values: what went wrong, where it stands, and what to do about it. Any room may use this."""

from breathcue.diagnostics.model import (
    BreathcueError,
    Diagnostic,
    MissingError,
    Place,
    Related,
    RequestError,
    SessionError,
    Severity,
    has_errors,
)

__all__ = [
    "BreathcueError",
    "Diagnostic",
    "MissingError",
    "Place",
    "Related",
    "RequestError",
    "SessionError",
    "Severity",
    "has_errors",
]
