"""Writes docs/diagnostics.md from the registry of codes: ``python -m breathcue.diagnostics.docs``, in the repository.

A test compares the page with what this module would write, so the two cannot drift apart.
"""

from __future__ import annotations

from pathlib import Path

from breathcue.diagnostics.code import Code
from breathcue.diagnostics.codes import ROOMS

PAGE = Path("docs", "diagnostics.md")

HEAD = """\
# Diagnostics

When something in a session is not right, breathcue says so like this:

```text
evening.yaml:4:5: error[unknown-key]: There is no key `resp` in `exercise` steps.
  4 |     resp: 10
    |     ^^^^
  fix: Did you mean `reps`?
```

The file, the line and the column come first; then an **error**, which stops the session from being made, or a
**warning**, which is worth a look; the code in brackets; and what is wrong. Below stand your own line with the words
in question underlined, and what to do about it. All the mistakes of a file are reported at once, in the order of its
lines. `breathcue check --explain CODE` shows what is written here about one code.

`breathcue check --format json` prints a list of objects for programs. Each has `code`, `severity` (`error` or
`warning`), `message`, `fix` (or null), `file`, `line`, `column`, `end_column` and `source` (your line), and `related`:
a list of further places, each with `message`, `file`, `line`, `column`, `end_column` and `source`. Lines and columns
start at 1; columns count characters, and `end_column` is one past the last. Keys may be added; none is renamed or
removed. `--format github` prints the same as annotations for GitHub Actions.

This page is written by `python -m breathcue.diagnostics.docs`.
"""


def page() -> str:
    """Return the page in Markdown: how to read a diagnostic, then every code, room by room."""
    parts = [HEAD]
    for room, codes in ROOMS:
        if codes:
            parts.append(f"## {room}\n")
            parts.extend(_section(code) for code in codes)
    return "\n".join(parts)


def _section(code: Code) -> str:
    text = f"### `{code.name}`\n\n*{code.severity.value.capitalize()}.* **{code.summary}** {code.meaning}\n"
    if code.bad:
        text += f"\nInstead of\n\n```yaml\n{code.bad}\n```\n"
    if code.good:
        text += f"\nwrite\n\n```yaml\n{code.good}\n```\n"
    return text


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
