"""Codes of the sound file: mixing, encoding and writing it."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "unknown-format",
        "The name of the file to write does not end in a format that breathcue knows.",
        "The ending decides the format: `.mp3` for a file that every phone plays, with chapters and the session's "
        "text; `.m4a`, `.m4b`, `.opus`, `.ogg` and `.flac` have them too, and `.wav` is for the bare samples. Nothing "
        "has been done yet: give another name and start again.",
    ),
    error(
        "format-lacks",
        "The format of the file cannot have what was asked for.",
        "A WAV file has no picture, and in WAV and FLAC nothing is lost, so there is no quality to choose. Nothing has "
        "been done yet: leave the option out, or choose another format. What each carries is in `docs/formats.md`.",
    ),
    error(
        "bad-cover",
        "The picture for the cover cannot be used.",
        "A cover is a whole JPEG or PNG picture of at most 10 MB and 5000 pixels a side. Without one, a cover is made "
        "from the session's title. Nothing has been done yet.",
    ),
    error(
        "target-is-folder",
        "The file to write is a folder.",
        "Add the name of a file, such as `session.mp3`, after the folder's.",
    ),
    error(
        "target-is-source",
        "The file to write is one that the session is made from.",
        "The session itself, the music of its bed, its cover or one of its recordings would be lost. That also goes "
        "for `--stems`, which write `NAME-voice.wav`, `NAME-tones.wav` and `NAME-bed.wav` beside `NAME.mp3`. Nothing "
        "has been done yet: give the file to write another name.",
    ),
    error(
        "no-such-folder",
        "The folder to write into does not exist.",
        "breathcue makes files, not folders, so that a slip in a path does not leave folders behind. Make it first.",
    ),
    error(
        "target-unwritable",
        "The file cannot be written.",
        "The system's own reason is in the message. The file is written beside its target and renamed at the end, so "
        "the folder itself must be writable too. An older file of the same name is left as it was.",
    ),
    error(
        "disk-full",
        "There is no room for the file.",
        "An MP3 file usually takes 8 kB a second, a WAV file 96 kB. An older file of the same name is left as it was.",
    ),
    error(
        "bed-too-short",
        "The sound that is to be the bed lasts less than a second.",
        "A bed goes round with a cross-fade, from beginning to end of the session. Give a sound of at least a second; "
        "half a minute and more is better, because nobody then notices that it comes round again.",
    ),
    error(
        "bed-silent",
        "Nothing is heard in the sound that is to be the bed.",
        "All of it lies below -70 LUFS, which is silence to a meter. It may have been exported with its tracks muted. "
        "Give another file, or write `bed: none`.",
    ),
    error(
        "wav-too-long",
        "The session is too long for a WAV file.",
        "The format counts its bytes with 32 bits, which is 4 GiB, or about 12 hours. Write an `.mp3` file.",
    ),
    error(
        "clip-mismatch",
        "A clip does not last as long as the timeline says.",
        "The timeline was compiled with the clips of another voice, speed or version, so that nothing after this clip "
        "would be in its place. Compile the session again.",
    ),
    error(
        "encoder-missing",
        "The program that makes compressed sound files cannot be started.",
        "It is ffmpeg, and comes with the package imageio-ffmpeg; or it starts, but does not even say which version it "
        "is. Where the variable IMAGEIO_FFMPEG_EXE is set, it "
        "names the one to use. A `.wav` file needs no encoder.",
    ),
    error(
        "encoder-failed",
        "The encoder broke off, or wrote something other than what it was asked for.",
        "What it said is in the message. Often it is an ffmpeg built without the encoder of the format, named by "
        "IMAGEIO_FFMPEG_EXE, or a machine out of memory. No file was written; an older one of the same name is left as "
        "it was.",
    ),
    error(
        "encoder-stalled",
        "The encoder stopped working without ending.",
        "It took no samples and gave no frames for half a minute, and was stopped. No file was written; an older one "
        "of the same name is left as it was.",
    ),
)
