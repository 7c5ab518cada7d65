"""What the files of a program are called: names that sort as they are done, and say what they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from breathcue.program.plan import Planned, Recording, Week
from breathcue.program.rehearsal import Rehearsal

_TITLE_BYTES = 80
"""How much of a title goes into a name: on most systems a name has 255 bytes at most."""

SOUND = re.compile(r"w[0-9]{2,3}-[1-7]-[a-z]+(?:-[0-9]{1,2})?-[^/\\\0]+\.[a-z0-9]{3,4}")
PLAYLIST = re.compile(r"week-[0-9]{2,3}\.m3u8")


def is_ours(name: str) -> bool:
    """Say whether a name is one that a program's file has: nothing else is ever removed."""
    return bool(SOUND.fullmatch(name) or PLAYLIST.fullmatch(name))


def sound_names(
    weeks: Sequence[Week], sessions: Mapping[Recording, Rehearsal], suffix: str
) -> dict[Planned, str]:
    """Return the name of each practice's sound file, such as ``w01-1-monday-back-relief.mp3``."""
    return {
        planned: _sound_name(planned, len(week.days[planned.day]), sessions[planned.recording], suffix)
        for week in weeks
        for planned in week.practices
    }


def _sound_name(planned: Planned, of_day: int, rehearsal: Rehearsal, suffix: str) -> str:
    number = f"-{planned.number}" if of_day > 1 else ""
    title = slug(rehearsal.routine.title)
    return f"w{planned.week:02}-{planned.day + 1}-{planned.day_name}{number}-{title}{suffix}"


def playlist_name(week: int) -> str:
    """Return the name of a week's playlist."""
    return f"week-{week:02}.m3u8"


def slug(title: str) -> str:
    """Return a title as part of a file's name: small letters and digits of any script, joined by hyphens."""
    plain = unicodedata.normalize("NFC", title).casefold()
    words = re.sub(r"[\W_]+", "-", plain).strip("-") or "session"
    cut = words.encode()[:_TITLE_BYTES].decode(errors="ignore")
    return cut.strip("-")
