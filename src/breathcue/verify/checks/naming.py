"""Whether a file says of itself what its session is: chapters, title, author, words, their times, safety, cover."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from breathcue.audio.formats import FORMATS
from breathcue.audio.tags import description, lyrics
from breathcue.timeline.model import Chapter, Timeline, Track
from breathcue.timeline.time import Ms, clock
from breathcue.verify.label import Label, Line, Mark
from breathcue.verify.model import Check, Expected, Finding, judged, skipped

CHAPTER_MS = 2
"""How far a chapter may be from its time: readers count from another zero, and round."""

_NERO_TITLE_BYTES, _NERO_CHAPTERS = 255, 255
_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_NO_WORDS = (".wav",)


def naming(label: Label, length_ms: Ms, expected: Expected | None) -> Iterator[Check]:
    """Yield every check of what the file says of itself."""
    if label.form is None:
        for name in ("chapters", "title", "author", "words", "word-times", "safety", "cover"):
            yield skipped(name, "this is no format that breathcue writes")
        return
    timeline = expected.timeline if expected else None
    yield _chapters(label, length_ms, timeline)
    yield _text("title", label.title, timeline.title if timeline else None)
    yield _author(label, expected)
    if label.form in _NO_WORDS:
        for name in ("words", "word-times", "safety", "cover"):
            yield skipped(name, "the format has no place for it")
        return
    yield _text("words", label.words, lyrics(timeline) if timeline else None)
    yield _word_times(label, length_ms, timeline)
    yield _text("safety", label.safety, description(timeline) if timeline else None)
    yield _cover(label)


def _chapters(label: Label, length_ms: Ms, timeline: Timeline | None) -> Check:
    if label.form in _NO_WORDS:
        return skipped("chapters", "the format has no place for it")
    found = label.chapters
    shown = f"{len(found)} found"
    if timeline is None:
        if not found:
            return skipped("chapters", "a session may have none", measured="none")
        return judged(
            "chapters",
            shown,
            "in order, inside the file",
            list(_disorder(found, length_ms)),
            found=len(found),
        )
    wanted = timeline.chapters
    if label.form in (".m4a", ".m4b"):
        wanted = wanted[:_NERO_CHAPTERS]
    pairs = zip_longest(wanted, found)
    findings = [
        wrong for number, (a, b) in enumerate(pairs, 1) if (wrong := _chapter(number, a, b, label.form))
    ]
    return judged(
        "chapters",
        shown,
        f"{len(wanted)}, within {CHAPTER_MS} ms",
        findings,
        found=len(found),
        expected=len(wanted),
    )


def _chapter(number: int, wanted: Chapter | None, found: Mark | None, form: str | None) -> Finding | None:
    if wanted is None or found is None:
        if wanted is not None:
            return Finding(f"Chapter {number}, “{wanted.title}”, is missing.", wanted.start_ms)
        title = found.title if found else ""
        return Finding(
            f"Chapter {number}, “{title}”, is not in the session.", found.start_ms if found else None
        )
    wrong = []
    if abs(off := found.start_ms - wanted.start_ms) > CHAPTER_MS:
        wrong.append(f"starts {abs(off)} ms {'late' if off > 0 else 'early'}")
    if not _same_title(found.title, wanted.title, form):
        wrong.append(f"is called “{found.title}”")
    if not wrong:
        return None
    return Finding(f"Chapter {number}, “{wanted.title}”, {' and '.join(wrong)}.", wanted.start_ms)


def _same_title(found: str, wanted: str, form: str | None) -> bool:
    if form in (".m4a", ".m4b"):
        return found == wanted.encode()[:_NERO_TITLE_BYTES].decode("utf-8", "ignore")
    return _plain(found) == _plain(wanted)


def _disorder(found: tuple[Mark, ...], length_ms: Ms) -> Iterator[Finding]:
    last = -1
    for mark in found:
        if mark.start_ms <= last:
            yield Finding(f"The chapter “{mark.title}” is out of order.", mark.start_ms)
        if mark.start_ms >= length_ms:
            yield Finding(f"The chapter “{mark.title}” starts after the sound has ended.", mark.start_ms)
        if not mark.title.strip():
            yield Finding("A chapter has no title.", mark.start_ms)
        last = mark.start_ms


def _text(name: str, found: str | None, wanted: str | None) -> Check:
    """Compare a text of the label with the session's; empty and missing are the same."""
    shown = _shortened(found) if found else "none"
    if wanted is None:
        return skipped(name, "only a timeline says which", measured=shown)
    if _plain(found or "") == _plain(wanted):
        return judged(name, shown, "the session's", ())
    expected = _shortened(wanted) if wanted else "none"
    return judged(name, shown, expected, [Finding(_difference(_plain(found or ""), _plain(wanted)))])


def _author(label: Label, expected: Expected | None) -> Check:
    shown = _shortened(label.author) if label.author else "none"
    if expected is None or (expected.author is None and expected.any_author):
        return skipped("author", "anybody may be named", measured=shown)
    wanted = expected.author or ""
    found = label.author or ""
    if _plain(found) == _plain(wanted) or (expected.any_author and found):
        return judged("author", shown, _shortened(wanted) if wanted else "none", ())
    finding = Finding(f"The file names {shown}, and the session {_shortened(wanted) or 'none'}.")
    return judged("author", shown, _shortened(wanted) if wanted else "none", [finding])


def _word_times(label: Label, length_ms: Ms, timeline: Timeline | None) -> Check:
    """Compare the words line by line with the voice cues or, without a timeline, with themselves."""
    if label.form != ".mp3":
        return skipped("word-times", "the format has no place for it")
    shown = f"{len(label.lines)} found"
    if timeline is None:
        if not label.lines:
            return skipped("word-times", "a session may have none", measured="none")
        findings = list(_out_of_order(label, length_ms))
        return judged("word-times", shown, "in order, inside the file, among the words", findings)
    wanted = [Line(cue.start_ms, cue.text) for cue in timeline.cues if cue.track is Track.VOICE]
    findings = []
    for number, (line, own) in enumerate(zip_longest(label.lines, wanted), 1):
        if line is None or own is None or (line.at_ms, _plain(line.text)) != (own.at_ms, _plain(own.text)):
            said = f"“{line.text}” at {clock(line.at_ms, millis=True)}" if line else "missing"
            findings.append(Finding(f"Line {number} is {said}.", own.at_ms if own else None))
    return judged(
        "word-times",
        shown,
        f"{len(wanted)}, as the cues",
        findings,
        found=len(label.lines),
        expected=len(wanted),
    )


def _out_of_order(label: Label, length_ms: Ms) -> Iterator[Finding]:
    words = _plain(label.words or "")
    last = -1
    for line in label.lines:
        if line.at_ms < last or line.at_ms >= length_ms:
            yield Finding(f"“{line.text}” has a time that is out of order.", line.at_ms)
        if _plain(line.text) not in words:
            yield Finding(f"“{line.text}” is not among the words.", line.at_ms)
        last = line.at_ms


def _cover(label: Label) -> Check:
    if label.form is None or not FORMATS[label.form].cover:
        return skipped("cover", "the format has no place for it")
    kind = next((name for magic, name in _MAGIC.items() if (label.cover or b"").startswith(magic)), None)
    if kind and label.cover:
        return judged(
            "cover", f"{kind}, {len(label.cover) // 1000} kB", "a JPEG or PNG", (), bytes=len(label.cover)
        )
    shown = "none" if label.cover is None else "no JPEG or PNG"
    return judged("cover", shown, "a JPEG or PNG", [Finding("There is no picture that a player could show.")])


def _plain(text: str) -> str:
    """Return a text as every format keeps it: without NUL and carriage returns, and without spaces at its ends."""
    return text.replace("\0", "").replace("\r", "").strip()


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= 40 else f"“{line[:38]} …”"


def _difference(found: str, wanted: str) -> str:
    if not found:
        return "There is none."
    at = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b), None)
    if at is None:
        at = min(len(found), len(wanted))
    # From the beginning of the line, so that it can be recognised.
    at = wanted.rfind("\n", 0, at) + 1
    there, here = _shortened(found[at:]), _shortened(wanted[at:])
    return f"{there} stands where {here} should." if wanted[at:] else f"It goes on with {there}."
