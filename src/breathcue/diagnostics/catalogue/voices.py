"""Codes of the voices: who speaks, and what they cannot say."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

CODES: tuple[Code, ...] = (
    error(
        "unknown-engine",
        "There is no speech engine of this name.",
        "`breathcue voices` lists the engines there are. An engine from another package appears once that "
        "package is installed beside breathcue.",
    ),
    error(
        "unknown-voice",
        "No engine has a voice of this name.",
        "`breathcue voices` lists the voices there are, each with its engine.",
    ),
    error(
        "bad-speed",
        "A voice speaks at 0.5 to 2.0 times its own pace.",
        "Below half its pace a voice breaks up, above twice its pace nobody can follow. The default is 0.9, a "
        "little slower than the voice would speak by itself, because the listener is moving.",
    ),
    error(
        "missing-voice",
        "The voice cannot speak on this machine.",
        "Its model or its program is not there. The message says what to do; `breathcue voices` shows the "
        "state of every voice.",
    ),
    error(
        "voice-failed",
        "A voice of the computer stopped working.",
        "The computer's own speech ended, hung, spoke as somebody else, or wrote no sound, twice in a row, and "
        "cannot say anything else either. The message names the line and the reason. Check that it speaks "
        "outside breathcue (on Linux `espeak-ng hello`), or choose another voice: `breathcue voices`. Lines "
        "that were spoken are kept, so the next run goes on from there.",
    ),
    error(
        "voice-language",
        "The voice does not speak the session's language.",
        "A voice reads another language as if it were its own, which nobody can follow. `breathcue voices` lists "
        "the languages of each voice.",
    ),
    warning(
        "phonemes-not-read",
        "The voice cannot read phonemes, so a word is said as it would be without them.",
        "Of the voices that come with breathcue, the embedded ones read phonemes; those of the computer take plain "
        "words only. Write how the word sounds in plain letters, which every voice can read, or choose another "
        "voice. The same is told of phonemes that the voice has no sound for.",
    ),
    error(
        "broken-engine",
        "A speech engine is installed but cannot be loaded.",
        "The package that brings the engine is damaged, or was made for another version of breathcue. "
        "Reinstall or remove it; the other voices are not affected.",
    ),
    error(
        "unspeakable-text",
        "The voice makes no sound of this text, or would leave part of it out.",
        "A session never has a silent gap where words should be. The reason is in the message: often the text "
        "holds only signs or emoji, or is written in letters that the voice does not read. Write it in words "
        "of the session's language.",
    ),
    error(
        "clip-changed",
        "A line came out at another length than was planned.",
        "The kept speech of a line was lost or damaged while the session was being made, and the voice said "
        "it differently the second time. Run the command again.",
    ),
    warning(
        "cache-unusable",
        "Finished speech cannot be kept.",
        "The cache folder is full, read-only or damaged. The work goes on, but the same lines must be spoken "
        "again next time. `breathcue cache` shows where the folder is; the variable BREATHCUE_CACHE names "
        "another.",
    ),
)
