"""The limits that keep a session file bounded, in one place: the compiler checks the exact figures against these."""

from __future__ import annotations

from breathcue.timeline.time import Ms

FILE_BYTES = 1024 * 1024
"""The largest file that is read, in bytes."""
DEPTH = 50
"""The deepest nesting of lists and mappings, with aliases followed."""
NODES = 100_000
"""The most values a file may unfold into, with aliases followed."""
TEXT_CHARACTERS = 2_000
"""The longest single text: more than two minutes of speech without a pause."""
NAME_CHARACTERS = 64
"""The longest name of an exercise."""
PROBLEMS = 500
"""The most diagnostics that are listed for one file."""

PROBLEM_CHARACTERS = 4 * 1024 * 1024
"""The most characters of the author's lines that the diagnostics of one file show between them."""

PHASE_MS = Ms(10 * 60_000)
"""The longest phase of a repetition or of a breath."""
PAUSE_MS = Ms(60 * 60_000)
"""The longest rest or wait."""
REPS = 1000
SETS = 100
ROUNDS = 1000
REPEATS = 1000
PACE = (0.25, 4.0)
"""The smallest and the largest pace."""
SPEED = (0.5, 2.0)
"""The smallest and the largest speed of a voice, relative to its own."""

BED_BYTES = 1024 * 1024 * 1024
"""The largest sound file that may be a bed: an hour and a half of uncompressed stereo."""

SESSION_MS = Ms(6 * 60 * 60_000)
"""The longest session."""
CUES = 100_000
"""The most cues in a session."""
STEPS = 20_000
"""The most steps in a session once every repeat is unfolded."""

WEEKS = 100
"""The most weeks of a program: nearly two years."""
PRACTICES = 2_000
"""The most practices of a program once every week is unfolded: nearly three a day."""
PROGRAM_SESSIONS = 200
"""The most files of sessions that one program names."""
