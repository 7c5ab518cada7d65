"""Codes of the files and folders that a session names."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

_SAY = "title: T\nbed: {bed}\nsteps:\n  - say: Welcome."

CODES: tuple[Code, ...] = (
    error(
        "unknown-bed",
        "There is no bed of that name.",
        "A bed is `none`, one of the built-in ones, or the name of a sound file beside the session.",
        bad=_SAY.replace("{bed}", "oceen"),
        good=_SAY.replace("{bed}", "ocean"),
    ),
    error(
        "outside-folder",
        "A file or folder that the session names is not inside the session's own folder.",
        "A session may name what stands beside it or in folders below, so that it can be handed on as a whole and "
        "never reads anything else of a computer: no path from the root, no `..`, and no link that leads out.",
        bad=_SAY.replace("{bed}", "../waves.mp3"),
        good=_SAY.replace("{bed}", "ocean"),
    ),
    error(
        "not-beside",
        "A file or folder that the session names is not there, is of another kind, or cannot be read.",
        "Names are relative to the session's own folder; on most systems, capital letters in them matter.",
        bad=_SAY.replace("{bed}", "waves.mp3"),
        good=_SAY.replace("{bed}", "ocean"),
    ),
    error(
        "bed-too-large",
        "The file of the bed is larger than 1 GB.",
        "A bed is repeated without a seam, so a few minutes are enough. As MP3, M4A, Ogg or FLAC a piece also takes "
        "far less room than as WAV.",
    ),
)
