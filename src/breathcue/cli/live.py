"""``breathcue live``: a session is spoken now, by a coach who listens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from breathcue.cli import reporting
from breathcue.cli.options import wishes, wishes_options

if TYPE_CHECKING:
    from breathcue.audio.beds import Bed
    from breathcue.diagnostics import Diagnostic
    from breathcue.live.bed import BedMaker
    from breathcue.live.diary.log import SessionAbout, SessionLog
    from breathcue.live.diary.memory import Bookmark
    from breathcue.live.outputs.output import Output
    from breathcue.live.session import LiveSession
    from breathcue.live.view.lines import Lines
    from breathcue.live.view.terminal import Light
    from breathcue.pipeline.live import LiveScript

CLEARANCE = "Has a doctor, midwife or physiotherapist said that you are ready to exercise?"


@click.command(short_help="Speak a session now, with a coach who listens")
@click.argument("session", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--resume", is_flag=True, help="Go on where the session was left, or the last one if none is named."
)
@click.option(
    "--output",
    metavar="OUTPUT",
    help="The loudspeaker (part of its name will do), null for no sound, or FILE.wav to record what is played.",
)
@click.option(
    "--latency",
    type=click.IntRange(20, 2000),
    default=200,
    show_default=True,
    metavar="MS",
    help="How far ahead sound is handed to the loudspeaker. More stands a busier computer; keys act later.",
)
@click.option("--plain", is_flag=True, help="Write one line a cue and read commands as lines.")
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="The colours of the screen.",
)
@click.option("--cleared", is_flag=True, help="Answer the question about clearance with yes.")
@wishes_options
def live(
    session: Path | None,
    resume: bool,
    output: str | None,
    latency: int,
    plain: bool,
    theme: str,
    cleared: bool,
    **asked: Any,
) -> None:
    """Speak SESSION now; you can pause, go slower, move on, or say that something hurts.

    On a terminal it fills the screen, and ? shows the keys. Elsewhere, or with --plain, it writes one line a cue and
    reads commands as lines from standard input; 'help' lists them. What was done is kept on this machine, and
    'breathcue history' shows it.
    """
    from breathcue.live.view.lines import Lines
    from breathcue.live.view.terminal import can_show
    from breathcue.pipeline.live import open_live
    from breathcue.timeline.score import AS_WRITTEN

    trouble: list[Diagnostic] = []
    mark = _bookmark(session) if resume else None
    path = mark.session if mark else session
    if path is None:
        raise click.UsageError("Name a session, or use --resume to go on with the last one.")
    wanted = wishes(**asked)
    if mark:
        avoid = dict.fromkeys((*mark.avoid, *wanted.avoid))
        wanted = replace(wanted, pace=wanted.pace or mark.pace, avoid=tuple(avoid))
    commands = Lines(sys.stdin)
    with ExitStack() as stack:
        stack.callback(_tell, trouble)
        # Taken before the session is read: if it is edited in between, it is said to have changed when it goes on.
        digest = _digest_of(path)
        with reporting.progress() as progress:
            script, diagnostics = stack.enter_context(
                open_live(
                    path,
                    wanted,
                    mark.spot if mark else None,
                    manner=mark.manner if mark else AS_WRITTEN,
                    outputs=[Path(output)] if output else [],
                    on_progress=_preparing(progress),
                    on_trouble=trouble.append,
                    fit=mark.fit if mark else None,
                )
            )
        if diagnostics:
            reporting.show_diagnostics(diagnostics)
        bed = _bed(script)
        _prepare(path, digest, script, mark, commands, cleared)
        live_session = _opened(script, output, latency, bed)
        log = _log(_about(path, digest, script, mark, wanted.avoid), trouble)
        live_session.subscribe(log.hear)
        show = _plain(commands) if plain or not can_show() else _screen(cast("Light", theme))
        _perform(live_session, log, show)
    reporting.message(_summary(live_session, path))


def _preparing(progress: reporting.Progress) -> Callable[[int, int], None]:
    """Return what hears how far a session has been spoken before it begins, and tells why it does not begin at once."""
    counted = reporting.counted(progress, "Preparing")
    told = False

    def on_count(done: int, total: int) -> None:
        nonlocal told
        if not told:
            reporting.message("Preparing: to last as long as it should, all of it is spoken first.")
            told = True
        counted(done, total)

    return on_count


def _bookmark(session: Path | None) -> Bookmark:
    """Return where to go on.

    Raises:
        click.UsageError: nothing was left unfinished.
    """
    from breathcue.live.diary.memory import data_folder, last_unfinished

    mark = last_unfinished(data_folder(), session)
    if mark is None:
        which = f"'{session}' was" if session else "No session was"
        rest = "not left unfinished" if session else "left unfinished"
        raise click.UsageError(
            f"{which} {rest}, so there is nothing to resume. Leave out --resume to start anew."
        )
    if not mark.session.exists():
        raise click.UsageError(f"The session that was left, '{mark.session}', is not there any more.")
    return mark


def _prepare(
    path: Path, digest: str, script: LiveScript, mark: Bookmark | None, commands: Lines, cleared: bool
) -> None:
    """Say what comes, what is needed and how long it takes, and ask what has to be asked."""
    from breathcue.cli.fitted import fitted
    from breathcue.timeline.time import minutes_from_ms

    minutes = max(1, minutes_from_ms(script.length_ms))
    reporting.message(f"{script.routine.title}. About {minutes} minute{'s' if minutes != 1 else ''}.")
    if script.routine.needs:
        reporting.message(f"You will need: {', '.join(need.text for need in script.routine.needs)}.")
    if script.choice:
        reporting.message(fitted(script.choice))
    if mark:
        reporting.message(f"Going on with {mark.step_title}.")
        if mark.digest != digest:
            reporting.message("The session file has changed since, so the place may be another one.")
    if script.routine.safety.clearance:
        _ask_clearance(path, commands, cleared)


def _ask_clearance(path: Path, commands: Lines, cleared: bool) -> None:
    """Ask once for each session file whether a professional has agreed.

    Raises:
        click.UsageError: nobody can answer.
        click.exceptions.Exit: the answer is no.
    """
    from breathcue.live.diary.memory import Clearance, data_folder

    clearance = Clearance(data_folder())
    if clearance.given(path):
        return
    if not cleared:
        reporting.message(f"{CLEARANCE} This is asked once for each session. [y/n]")
        answer = ""
        while answer not in {"y", "yes", "n", "no"}:
            line = commands.read()
            if line is None:
                raise click.UsageError("The session asks for clearance first. Answer y, or use --cleared.")
            answer = line.strip().lower()
            if answer not in {"y", "yes", "n", "no"}:
                reporting.message("Please answer y for yes or n for no.")
        if answer not in {"y", "yes"}:
            reporting.message("Then it is too early for this session. Ask one of them first, and take care.")
            raise click.exceptions.Exit(0)
    clearance.remember(path)


def _bed(script: LiveScript) -> BedMaker | None:
    """Begin to make the bed, if there is one: it takes longer than the first sound may."""
    from breathcue.live.bed import BedMaker

    name = script.bed
    if name is None:
        return None

    def make() -> Bed:
        from breathcue.audio.beds import open_bed

        return open_bed(name, script.bed_file, script.bed_ms)

    return BedMaker(make)


def _opened(script: LiveScript, output: str | None, latency: int, bed: BedMaker | None) -> LiveSession:
    from breathcue.live.outputs.output import open_output
    from breathcue.live.session import LiveSession

    def opened() -> Output:
        return open_output(output, latency)

    return LiveSession(script.routine.title, script, script.speaker, opened(), opened, script.one_moment, bed)


def _about(
    path: Path, digest: str, script: LiveScript, mark: Bookmark | None, avoid: tuple[str, ...]
) -> SessionAbout:
    from breathcue.live.diary.log import SessionAbout

    return SessionAbout(
        path.absolute(),
        script.routine.title,
        digest,
        script.routine.pace,
        mark,
        script.fit,
        script.manner,
        avoid,
    )


def _log(about: SessionAbout, trouble: list[Diagnostic]) -> SessionLog:
    from breathcue.live.diary.log import SessionLog
    from breathcue.live.diary.memory import data_folder

    return SessionLog(data_folder(), about, on_trouble=trouble.append)


def _digest_of(path: Path) -> str:
    """Return the digest of a session's file; empty where it cannot be read, which whoever opens it will say."""
    from breathcue.live.diary.memory import digest_of

    try:
        return digest_of(path.read_bytes())
    except OSError:
        return ""


def _tell(trouble: list[Diagnostic]) -> None:
    """Show, once the screen is gone, what could not be kept or remembered while a session went on."""
    if trouble:
        reporting.show_diagnostics(tuple(trouble))


def _plain(commands: Lines) -> Callable[[LiveSession], None]:
    def show(live_session: LiveSession) -> None:
        from breathcue.live.view.plain import run_plain

        run_plain(live_session, sys.stdout, commands)

    return show


def _screen(light: Light) -> Callable[[LiveSession], None]:
    def show(live_session: LiveSession) -> None:
        # Loaded only now, because it takes longer than the first sound may.
        from breathcue.live.view.screen import run_screen

        run_screen(live_session, light)

    return show


def _perform(live_session: LiveSession, log: SessionLog, show: Callable[[LiveSession], None]) -> None:
    from breathcue.live.diary.records import Ending

    ending = Ending.FAILED
    try:
        live_session.start()
        show(live_session)
        ending = Ending.FINISHED if live_session.finished else Ending.QUIT
    except KeyboardInterrupt:
        ending = Ending.INTERRUPTED
        live_session.hush()
        raise
    finally:
        try:
            live_session.close()
        finally:
            log.close(ending)


def _summary(live_session: LiveSession, path: Path) -> str:
    from breathcue.live.diary.memory import data_folder, last_unfinished
    from breathcue.timeline.time import clock

    done = f"{clock(live_session.moment().at_ms)} done."
    return f"{done} Go on with --resume." if last_unfinished(data_folder(), path) else done
