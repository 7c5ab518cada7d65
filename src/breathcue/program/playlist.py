"""The playlist of a week: its sound files in the order in which they are done, each with its length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from breathcue.timeline.time import Ms


@dataclass(frozen=True, slots=True)
class Track:
    """A sound file in a playlist: its name, its title, and its length."""

    name: str
    title: str
    length: Ms


def m3u8(title: str, tracks: Iterable[Track]) -> str:
    """Return a playlist in the extended M3U format, in UTF-8; lengths are in whole seconds, as players expect."""
    lines = ["#EXTM3U", f"#PLAYLIST:{title}"]
    for track in tracks:
        lines += [f"#EXTINF:{(track.length + 500) // 1000},{track.title}", track.name]
    return "\n".join([*lines, ""])
