"""Codes of other people's sound: music for a bed, an instructor's recordings, files to verify."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "sound-missing",
        "A sound file that is named does not exist.",
        "The message names the file, as it was looked for. Names in a session are relative to the session's own "
        "folder; on most systems, capital letters in them matter.",
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
    error(
        "not-recorded",
        "A line of the session is not among the recordings of the voice that is to speak it.",
        "Every line of a recorded voice is a file of its own, named after its words, so a line that was changed is to "
        "be recorded anew. `breathcue script SESSION` writes the sheet of all lines with their file names. A "
        "`fallback` beside the `folder` names a voice that speaks whatever is not recorded. docs/recording.md tells "
        "how to record.",
    ),
    error(
        "recording-unusable",
        "A recording cannot be used for its line.",
        "The message says why: nothing is heard in it, it is damaged, or two files are there for the same words. "
        "Listen to it, record the line again, and keep one file for each.",
    ),
    error(
        "recording-too-long",
        "A recording takes longer than there is time for.",
        "Cues inside repetitions and counts have to be over when the next movement begins. A recording is never "
        "stretched or cut, and the movement not made longer for its sake. The message says how long the line may be: "
        "speak it more briskly, give it shorter words, or give the movement more time. With a `fallback`, that voice "
        "speaks the line instead.",
    ),
    warning(
        "spoken-by-fallback",
        "Some lines of a recorded voice are spoken by its fallback.",
        "They are not recorded, or their recordings cannot be used. The session is whole; `breathcue script SESSION` "
        "shows which lines are missing.",
    ),
    error(
        "bad-recorded-voice",
        "A recorded voice is not described as one.",
        "It is given by its folder, which stands beside the session: `{engine: recorded, folder: my-voice}`, and if "
        "you like a `fallback`, the voice that speaks what is not recorded. It has neither `name` nor `speed`, since "
        "recordings are used as they are.",
        bad="title: T\nvoice: {engine: recorded}\nsteps:\n  - say: Hello.",
        good="title: T\nvoice: heart\nsteps:\n  - say: Hello.",
    ),
)
