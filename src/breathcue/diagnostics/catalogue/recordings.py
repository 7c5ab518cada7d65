"""Codes of other people's sound: music for a bed, an instructor's recordings, files to verify."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "sound-missing",
        "A sound file that is named does not exist.",
        "The message names the file, as it was looked for. Names in a session are relative to the session's own folder; "
        "on most systems, capital letters in them matter.",
    ),
    error(
        "sound-unreadable",
        "A file cannot be read as sound.",
        "It may be damaged or cut off, a picture or a text, a playlist, or of a rare format; the message gives the "
        "reason. What its name ends in does not matter. Whether a media player plays it tells most: if so, export it "
        "from there as WAV, MP3, M4A, Ogg or FLAC.",
    ),
    error(
        "sound-empty",
        "A sound file holds no sound at all.",
        "The file is there, but it is empty. Usually a recording or an export was stopped before it began, or the file "
        "was not yet copied whole: record, export or copy it again.",
    ),
    error(
        "sound-too-long",
        "A sound file lasts longer than there is room for.",
        "The message says how long it may be. Often the wrong file was named: a whole session or an album, where one "
        "line or one piece belongs.",
    ),
)
