"""Every diagnostic code there is, by name.

To add one, put ``error("my-code", "One sentence.", "What it means and what to do.")`` into the table of its
room under ``breathcue/diagnostics/catalogue/`` (``compiler.py``, ``voices.py``, ``audio.py`` ...), then run
``python -m breathcue.diagnostics.docs`` to bring docs/diagnostics.md up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from breathcue.diagnostics.catalogue import (
    audio,
    beside,
    compiler,
    live,
    program,
    quality,
    recordings,
    safety,
    sound,
    source,
    structure,
    values,
    verify,
    voices,
    words,
)
from breathcue.diagnostics.code import Code

ROOMS: tuple[tuple[str, tuple[Code, ...]], ...] = (
    ("Reading the file", source.CODES),
    ("Keys and their values", structure.CODES),
    ("Times and numbers", values.CODES),
    ("Words and exercises", words.CODES),
    ("What stands beside the session", beside.CODES),
    ("How words carry", quality.CODES),
    ("Safety", safety.CODES),
    ("Programs of several weeks", program.CODES),
    ("Making the timeline", compiler.CODES),
    ("Voices", voices.CODES),
    ("Recordings and other sound files", recordings.CODES),
    ("The sound file", audio.CODES),
    ("Verifying a sound file", verify.CODES),
    ("The loudspeaker", sound.CODES),
    ("The live coach", live.CODES),
)


def _by_name(codes: Iterable[Code]) -> Mapping[str, Code]:
    table: dict[str, Code] = {}
    for code in codes:
        if code.name in table:
            raise ValueError(f"the code {code.name} is registered twice")
        table[code.name] = code
    return MappingProxyType(table)


CODES: Mapping[str, Code] = _by_name(code for _, codes in ROOMS for code in codes)
