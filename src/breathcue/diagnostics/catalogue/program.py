"""Codes of programs of several weeks; what their weeks owe to those who do them is in safety.py."""

from __future__ import annotations

from breathcue.diagnostics.code import Code, error, warning

_BLOCK = "title: T\nweeks:\n  - weeks: {weeks}\n    days:\n      monday: rest"

CODES: tuple[Code, ...] = (
    error(
        "not-a-program",
        "The file is a session or an exercise, where a program of several weeks is needed.",
        "A program has a `title` and `weeks`, and names the sessions that are done on their days. A single session is "
        "rendered with `breathcue render`.",
    ),
    error(
        "weeks-not-in-turn",
        "The blocks of a program do not follow one another week by week.",
        "Each block begins with the week after the one before, and the first with week 1, so that no week is named "
        "twice and none is forgotten. A block without `days` is a rest.",
        bad=_BLOCK.replace("{weeks}", "1-2") + "\n  - weeks: 4",
        good=_BLOCK.replace("{weeks}", "1-2") + "\n  - weeks: 3",
    ),
    error(
        "grows-in-one-week",
        "A value grows over more weeks than its block has.",
        "`A-B` is A in the first week of a block and B in the last, and a list is spread over its weeks; in a single "
        "week there is room for one value only.",
        bad=_BLOCK.replace("{weeks}", "1") + "\n    sets: 1-2",
        good=_BLOCK.replace("{weeks}", "1-2") + "\n    sets: 1-2",
    ),
    error(
        "rest-not-alone",
        "`rest` stands beside sessions, or under `daily`.",
        "`rest` is for a day on which nothing is done but what is done daily, so nothing else stands beside it.",
        bad="title: T\nweeks:\n  - daily: rest",
        good="title: T\nweeks:\n  - days:\n      sunday: rest",
    ),
    error(
        "too-many-practices",
        "A program has more practices, or names more sessions, than there can be.",
        "A program may have 2,000 practices, which is nearly three a day for 100 weeks, and 200 different sessions.",
    ),
    error(
        "bad-date",
        "The value is not written as a date.",
        "A date is written with the year first and hyphens between, as `2027-01-04`: it means the same day everywhere.",
        bad="title: T\nstart: 4 January\nweeks:\n  - title: Rest",
        good="title: T\nstart: 2027-01-04\nweeks:\n  - title: Rest",
        structural=True,
    ),
    error(
        "no-such-day",
        "There is no such day in the calendar.",
        "Look at the month and the day; the year comes first, then the month.",
        bad="title: T\nstart: 2027-02-30\nweeks:\n  - title: Rest",
        good="title: T\nstart: 2027-02-28\nweeks:\n  - title: Rest",
    ),
    error(
        "bad-time-of-day",
        "The value is not written as a time of day.",
        "A time of day has 24 hours and a colon: `09:00`, `18:30`.",
        bad="title: T\ntime: 9 pm\nweeks:\n  - title: Rest",
        good="title: T\ntime: 21:00\nweeks:\n  - title: Rest",
        structural=True,
    ),
    error(
        "unknown-zone",
        "There is no time zone of that name.",
        "Time zones are called by a region and a city, as in `Europe/London`. Without one, the times of a calendar "
        "hold wherever it is looked at.",
        bad="title: T\nzone: London\nweeks:\n  - title: Rest",
        good="title: T\nzone: Europe/London\nweeks:\n  - title: Rest",
    ),
    error(
        "no-start",
        "A calendar needs the day on which its program begins.",
        "Give it with `--start`, or as `start:` in the program's file.",
    ),
    error(
        "target-is-file",
        "Where a program is to be rendered, there is a file.",
        "A program becomes many files, so `-o` names a folder; it is made if it is not there.",
    ),
    error(
        "folder-of-another-program",
        "The folder holds the sound files of another program.",
        "Each program has a folder of its own: the names of its files tell weeks and days, and `--prune` removes what "
        "it does not want. A program whose file has been renamed counts as another; remove `breathcue-program.json` to "
        "let it go on there.",
    ),
    error(
        "no-such-week",
        "The program has no week of that number.",
        "`--week` counts from 1, as the program does.",
    ),
    warning(
        "manifest-unreadable",
        "The list of what has been rendered into a folder cannot be read.",
        "It stands beside the sound files, and tells which of them are up to date. Without it all of them are rendered "
        "again, which changes nothing but the time that it takes.",
    ),
)
