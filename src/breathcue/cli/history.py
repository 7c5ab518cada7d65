"""``breathcue history``: what was done so far, from the log on this machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breathcue.cli.reporting import columns, message, result

if TYPE_CHECKING:
    from breathcue.live.diary.history import ExerciseFigures, History, HurtFigures, PastSession, Total

SHOWN_SESSIONS = 10
NARROW = 60
"""Columns below which a row of a table takes two lines."""

_ENDINGS = {
    "finished": "finished",
    "closed-kindly": "closed early",
    "quit": "stopped",
    "interrupted": "interrupted",
    "failed": "ended by an error",
    None: "cut off",
}
EMPTY = """\
Nothing here yet: your first session will be the first line.

To begin:
  breathcue new my-session.yaml
  breathcue live my-session.yaml"""
ADVICE = "If it hurts again, leave it out, and ask a professional before you go on."


@click.command(short_help="Show what you have done: streaks, minutes, exercises")
@click.option(
    "--days", type=click.IntRange(min=1), metavar="N", help="Show the last N days only; streaks are over all."
)
@click.option(
    "--session",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Show the sessions of this file only.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print it."
)
@click.option("--where", is_flag=True, help="Print the folder of the log, and nothing else.")
@click.option("--forget", is_flag=True, help="Remove the log and the answers about clearance; asks first.")
@click.option("--yes", is_flag=True, help="Do not ask before forgetting.")
def history(days: int | None, session: Path | None, form: str, where: bool, forget: bool, yes: bool) -> None:
    """Show what you have done: days in a row, minutes, exercises, and the last sessions.

    'breathcue live' keeps a log on this machine, and nothing of it goes anywhere else. The variable BREATHCUE_DATA
    names another folder for it.
    """
    if forget and (days is not None or session is not None or where):
        raise click.UsageError("--forget takes everything; it goes with --yes only.")
    if yes and not forget:
        raise click.UsageError("--yes goes with --forget only.")
    from breathcue.live.diary.memory import data_folder

    if where:
        result(str(data_folder()))
    elif forget:
        _forget(data_folder(), sure=yes)
    else:
        _show(data_folder(), days, session, form)


def _show(folder: Path, days: int | None, session: Path | None, form: str) -> None:
    from breathcue.live.diary.history import history as figures_of
    from breathcue.live.diary.memory import past_sessions, same_file

    pasts = [past for past in past_sessions(folder) if session is None or same_file(past, session)]
    today = date.today()
    figures = figures_of(pasts, today, days)
    if form == "json":
        result(as_json(figures))
    elif figures.sessions:
        result(as_text(figures, today, columns()))
    else:
        result(EMPTY if days is None and session is None else "Nothing was done there yet.")


def _forget(folder: Path, *, sure: bool) -> None:
    from breathcue.live.diary.memory import forget, log_files

    known = _counted(len(log_files(folder)), "session")
    if not sure and not click.confirm(
        f"Forget {known}, and that clearance was given? This cannot be undone.", err=True
    ):
        message("Nothing was forgotten.")
        return
    result(f"{_counted(forget(folder), 'session')} forgotten.")


def as_text(figures: History, today: date, columns: int) -> str:
    """Return the figures for reading, no line longer than ``columns`` (from 40 on)."""
    parts = [
        _streaks(figures),
        _totals({"This week": figures.this_week, "In all": figures.in_all}),
        _exercises(figures.exercises, today, columns),
        _hurts(figures.hurts, today, columns),
        _sessions(figures.sessions, today, columns),
    ]
    return "\n\n".join(part for part in parts if part)


def as_json(figures: History) -> str:
    """Return a JSON object; docs/live-log.md documents its keys."""
    import json

    told = {
        "days_in_a_row": figures.streak,
        "longest_days_in_a_row": figures.longest_streak,
        "this_week": _total_as_json(figures.this_week),
        "in_all": _total_as_json(figures.in_all),
        "exercises": [
            {
                "exercise": each.exercise,
                "title": each.title,
                "times": each.times,
                "reps": each.reps,
                "last_done": each.last.isoformat(),
            }
            for each in figures.exercises
        ],
        "hurts": [
            {
                "title": each.title,
                "exercise": each.exercise,
                "times": each.times,
                "days": [day.isoformat() for day in each.days],
            }
            for each in figures.hurts
        ],
        "sessions": [_session_as_json(past) for past in figures.sessions],
    }
    return json.dumps(told, indent=2)


def _total_as_json(total: Total) -> dict[str, int]:
    return {"sessions": total.sessions, "active_ms": total.active_ms}


def _session_as_json(past: PastSession) -> dict[str, Any]:
    return {
        "id": past.id,
        "began": past.began.isoformat(timespec="milliseconds"),
        "session": past.session,
        "title": past.title,
        "active_ms": past.active_ms,
        "reps": past.reps,
        "hurts": len(past.hurts),
        "resumed_from": past.resumed_from,
        "how": "going-on" if past.alive else past.how,
    }


def _streaks(figures: History) -> str:
    longest = _counted(figures.longest_streak, "day")
    if figures.streak == 0:
        return f"Today is a good day to begin again.\nYour longest row of days: {longest}."
    now = f"{_counted(figures.streak, 'day')} in a row."
    if figures.streak == figures.longest_streak:
        return now if figures.streak == 1 else f"{now}\nThat is your longest."
    return f"{now}\nYour longest: {longest}."


def _totals(totals: dict[str, Total]) -> str:
    rows = [
        (name, _counted(total.sessions, "session"), _duration(total.active_ms))
        for name, total in totals.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{name.ljust(widths[0])}  {sessions.rjust(widths[1])}  {time.rjust(widths[2])}"
        for name, sessions, time in rows
    )


def _exercises(exercises: tuple[ExerciseFigures, ...], today: date, columns: int) -> str:
    if not exercises:
        return ""
    if columns < NARROW:
        lines = ["Exercises, the last done first"]
        for each in exercises:
            lines.append(f"  {_fit(each.title, columns - 2).rstrip()}")
            done = f"{_times(each.times)}, {_counted(each.reps, 'rep')}, {_day(each.last, today)}"
            lines.append(f"    {done}")
        return "\n".join(lines)
    rows = [("Times", "Reps", "Last done")]
    rows += [(str(each.times), str(each.reps), _day(each.last, today)) for each in exercises]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    room = columns - sum(widths) - 6
    titles = ["Exercise", *(each.title for each in exercises)]
    first = min(room, max(_cells(title) for title in titles))
    return "\n".join(
        f"{_fit(title, first)}  {times.rjust(widths[0])}  {reps.rjust(widths[1])}  {last}"
        for title, (times, reps, last) in zip(titles, rows, strict=True)
    )


def _hurts(hurts: tuple[HurtFigures, ...], today: date, columns: int) -> str:
    if not hurts:
        return ""
    from textwrap import wrap

    lines = ["Where you marked that it hurt"]
    for each in hurts:
        marked = f"{_times(each.times)}, {'last ' if each.times > 1 else ''}{_day(each.days[0], today)}"
        lines.append(f"  {_fit(each.title or 'Between exercises', columns - 2).rstrip()}")
        lines.append(f"    {marked}")
    return "\n".join([*lines, *wrap(ADVICE, columns - 2, initial_indent="  ", subsequent_indent="  ")])


def _sessions(sessions: tuple[PastSession, ...], today: date, columns: int) -> str:
    gone_on = {past.resumed_from for past in sessions}
    lines = ["Last sessions"]
    rows = [
        (_began(past, today), _duration(past.active_ms), _fate(past, gone_on), past.title or "(unknown)")
        for past in sessions[:SHOWN_SESSIONS]
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for began, time, fate, title in rows:
        if columns < NARROW:
            lines += [f"  {_fit(title, columns - 2).rstrip()}", f"    {began}, {time}", f"    {fate}"]
            continue
        head = f"  {began.ljust(widths[0])}  {time.rjust(widths[1])}  {fate.ljust(widths[2])}  "
        lines.append(head + _fit(title, columns - len(head)).rstrip())
    more = len(sessions) - len(rows)
    if more:
        lines.append(f"  and {_counted(more, 'earlier one')}")
    return "\n".join(lines)


def _fate(past: PastSession, gone_on: set[str | None]) -> str:
    if past.alive:
        return "going on now"
    if past.unfinished and past.id in gone_on:
        return "gone on with"
    return _ENDINGS.get(past.how, "ended")


def _began(past: PastSession, today: date) -> str:
    return f"{_day(past.day, today)} {past.began:%H:%M}"


def _day(day: date, today: date) -> str:
    """Return a day as one says it: today, yesterday, Tue 3 Jun, or with its year where it is another."""
    gone = (today - day).days
    if gone in (0, 1):
        return "yesterday" if gone else "today"
    words = f"{day:%a} {day.day} {day:%b}"
    return words if day.year == today.year else f"{day.day} {day:%b} {day.year}"


def _duration(ms: int) -> str:
    from breathcue.timeline.time import minutes_from_ms

    hours, minutes = divmod(minutes_from_ms(ms), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _fit(text: str, cells: int) -> str:
    """Return a title as exactly so many cells of a terminal, with an ellipsis where it is too long for them."""
    from rich.cells import cell_len, set_cell_size

    shown = _shown(text)
    if cell_len(shown) > cells:
        return set_cell_size(set_cell_size(shown, cells - 1).rstrip() + "…", cells)
    return set_cell_size(shown, cells)


def _cells(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(_shown(text))


def _shown(text: str) -> str:
    """Return a title without what could move a terminal's cursor: a log may hold anything."""
    return "".join(each if each.isprintable() else "?" for each in text)
