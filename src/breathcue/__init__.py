"""breathcue: a session compiler.

A routine written in YAML becomes a timeline, an exact and immutable list of what the body does and what is heard;
the timeline becomes an audio file. The rooms of the house, in the order in which data flows through them, are
listed in CONTRIBUTING.md.
"""

__version__ = "0.1.0"
