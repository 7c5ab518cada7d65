"""Codes of reading a file: before any key of it is looked at."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error

CODES: tuple[Code, ...] = (
    error(
        "file-unreadable",
        "The file cannot be read.",
        "It is not there, is a folder, or this account may not read it. Check the path and the file's "
        "permissions.",
    ),
    error(
        "file-too-large",
        "The file is larger than 1 MiB.",
        "A session is a few pages of text at most. A file this large is something else, or holds the same "
        "steps many times over: use `repeat`, or split it into several sessions.",
    ),
    error(
        "wrong-encoding",
        "The file is not UTF-8 text.",
        "The file was saved in another encoding (Windows-1252, Latin-1, UTF-16), or is not a text file. "
        "The line shown is the first that cannot be read. Save the file again as UTF-8: most editors "
        "offer it under *Save as* or *Save with encoding*.",
    ),
    error(
        "bad-character",
        "The file holds an invisible control character.",
        "Such characters come in with text copied from other programs. Delete the character at the place "
        "shown; if you see nothing there, delete and retype the letters around it.",
    ),
    error(
        "empty-file",
        "The file has nothing in it.",
        "A session needs at least a `title` and `steps`. `breathcue new FILE` writes one to start from.",
        bad="# only a comment",
        good="title: Five quiet minutes\nsteps:\n  - say: Welcome.",
    ),
    error(
        "not-yaml",
        "The text breaks the rules of YAML, so its structure cannot be understood.",
        "The commonest reasons: a tab where spaces belong, a colon or a quote inside a text that is not "
        "in quotes, a missing colon after a key, a bracket or quote that is never closed, or a line that "
        "is indented more or less than its neighbours. Nothing after this point can be understood, so "
        "mend this one first.",
        bad="- say: Breathe in: two, three.",
        good='- say: "Breathe in: two, three."',
    ),
    error(
        "several-documents",
        "The file holds more than one YAML document.",
        "A line of three dashes starts a second document. One file is one session: remove the line, or "
        "split the file in two.",
        bad="title: One\nsteps:\n  - say: Hello.\n---\ntitle: Two",
        good="title: One\nsteps:\n  - say: Hello.",
    ),
    error(
        "tag-refused",
        "The value starts with a YAML tag (`!something`), which is refused.",
        "Tags can turn text into program objects. A session is data and never code, so there are none. If "
        "the text should begin with an exclamation mark, put it in quotes.",
        bad="- say: !now Breathe in.",
        good='- say: "!now Breathe in."',
    ),
    error(
        "nested-too-deep",
        "Something is nested more than 50 levels deep.",
        "No session needs that much nesting. Usually brackets are left open, or a `repeat` stands inside "
        "another many times over.",
    ),
    error(
        "unknown-alias",
        "The value refers to a name that nothing in the file has.",
        "In YAML, `*name` repeats what was marked `&name` earlier in the file. If the text should simply "
        "begin with an asterisk, put it in quotes.",
        bad="- say: *softly",
        good='- say: "*softly"',
    ),
    error(
        "recursive-alias",
        "A value contains itself.",
        "An alias (`*name`) stands inside the very thing it refers to, which would never end. Use "
        "`repeat` to do steps again.",
        bad="- repeat: 2\n  steps: &all\n    - repeat: 2\n      steps: *all",
        good="- repeat: 4\n  steps:\n    - say: Again.",
    ),
    error(
        "too-many-parts",
        "The file unfolds into more than 100,000 values.",
        "Either the file is very long, or its aliases (`*name`) repeat each other until they become "
        "enormous. Use `repeat` to do steps again.",
    ),
    error(
        "merge-key",
        "The merge key `<<` is not part of the language.",
        "Some YAML programs copy keys from one place to another with `<<`. Here every value stands where "
        "it is used: write the keys out, or define the exercise once and use it in several steps.",
        bad="- exercise: cat-cow\n  <<: {reps: 8}",
        good="- exercise: cat-cow\n  reps: 8",
    ),
    error(
        "bad-key",
        "A key is not a simple word.",
        "A list, a mapping or an empty key stands where the name of a key belongs.",
        bad="title: T\n[a, b]: c\nsteps:\n  - say: Hello.",
        good="title: T\nsteps:\n  - say: Hello.",
    ),
    error(
        "duplicate-key",
        "The same key stands twice in one place.",
        "Only one of the two could be used, so neither is: keep the one you mean. Both places are shown.",
        bad="- exercise: cat-cow\n  reps: 8\n  reps: 10",
        good="- exercise: cat-cow\n  reps: 10",
    ),
    error(
        "too-many-problems",
        "The file has more problems than can usefully be shown.",
        "Only the first are listed. Mend those and check again; one mistake often causes many.",
    ),
)
