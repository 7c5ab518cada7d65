"""Programs: read, unrolled, rehearsed, and checked for what their weeks owe to those who do them."""

from __future__ import annotations

from pathlib import Path

import pytest

from breathcue.compiler.portion import Portion
from breathcue.compiler.wishes import Wishes
from breathcue.diagnostics import RequestError, SessionError
from breathcue.language import limits
from breathcue.language.load import check_file, load_program, load_session
from breathcue.language.safety import rules
from breathcue.program.check import check_program
from breathcue.program.opened import check_week, open_program
from breathcue.program.overview import as_data, as_text, grown, total_of
from breathcue.program.plan import plan, recordings
from programs import checked, codes, opened, session, write_program

EVERY_DAY = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def days(*names: str, practice: str = "a.yaml") -> str:
    return "\n".join(["days:", *(f"  {name}: {practice}" for name in names)])


def block(text: str) -> str:
    """Return lines as one entry of a list."""
    return "- " + text.replace("\n", "\n  ")


def test_a_practice_outranks_its_block_and_the_command_line_both(tmp_path: Path) -> None:
    path = write_program(
        tmp_path,
        block(
            "weeks: 1-3\npace: 1.2-1.0\nreps: 50-100%\nguidance: [full, minimal]\n"
            "days:\n  monday: a.yaml\n  tuesday: {session: a.yaml, reps: 3-5, pace: 2, hold: 4s}"
        ),
    )
    program = load_program(path).program
    assert program is not None
    first, middle, last = plan(program)
    assert [planned.wishes.portion for planned in first.practices] == [
        Portion(percent=50),
        Portion(reps=3, hold=4000),
    ]
    assert [planned.wishes.pace for planned in middle.practices] == [1.1, 2.0]
    assert [planned.wishes.portion.reps for planned in last.practices] == [None, 5]
    assert [week.days[0][0].wishes.guidance for week in (first, middle, last)] == ["full", "full", "minimal"]
    typed = plan(program, Wishes(pace=0.9, voice="silent"))
    assert {(each.wishes.pace, each.wishes.voice) for week in typed for each in week.practices} == {
        (0.9, "silent")
    }


def test_what_is_done_daily_comes_last_and_leaves_the_day_one_of_rest(tmp_path: Path) -> None:
    (week,) = opened(
        tmp_path, block("daily: [a.yaml]\ndays:\n  friday: [b.yaml, a.yaml]"), b=session(6)
    ).weeks
    assert [planned.practice.session.text for planned in week.days[4]] == ["b.yaml", "a.yaml", "a.yaml"]
    assert [planned.number for planned in week.days[4]] == [1, 2, 3]
    assert [week.rests(day) for day in range(7)] == [True] * 4 + [False] + [True] * 2
    assert len(recordings([week])) == 2


def test_weeks_without_a_word_of_days_are_rest(tmp_path: Path) -> None:
    weeks = opened(tmp_path, block("title: Off") + "\n" + block("weeks: 2-3\n" + days("monday"))).weeks
    assert [week.number for week in weeks] == [1, 2, 3]
    assert [len(list(week.practices)) for week in weeks] == [0, 1, 1]


def test_the_file_of_another_sort_is_named_with_the_command_for_it(tmp_path: Path) -> None:
    path = write_program(tmp_path, block(days("monday")))
    (wrong,) = load_session(path).diagnostics
    assert (wrong.code, "breathcue program render plan.yaml" in (wrong.fix or "")) == ("not-a-session", True)
    assert check_file(path) == ()
    for text, what in ((session(), "a session"), ("title: T\nrep:\n  - inhale: 4s\n", "an exercise")):
        other = tmp_path / "other.yaml"
        other.write_text(text, encoding="utf-8")
        (wrong,) = load_program(other).diagnostics
        assert (wrong.code, what in wrong.message) == ("not-a-program", True)
    assert load_program(tmp_path / "nowhere.yaml").diagnostics[0].code == "file-unreadable"


def test_every_mistake_in_every_session_is_told_at_once_with_the_practice(tmp_path: Path) -> None:
    weeks = block(days("monday", "tuesday")) + "\n" + block("days:\n  monday: b.yaml\n  friday: c.yaml")
    path = write_program(
        tmp_path, weeks, b=session().replace("hold: 2s", "hold: soon"), c="title: T\nsteps: []\n"
    )
    with pytest.raises(SessionError) as caught:
        open_program(path)
    assert [each.code for each in caught.value.diagnostics] == ["bad-duration", "empty-value"]
    related = [each.related[-1] for each in caught.value.diagnostics]
    assert [(each.message, each.place.line) for each in related] == [
        ("week 2 of the program asks for it here", 7),
        ("week 2 of the program asks for it here", 8),
    ]


def test_a_program_has_its_bounds(tmp_path: Path) -> None:
    assert checked(tmp_path, block("weeks: 1-60\ndaily: a.yaml") + "\n" + block("weeks: 61-101")) == [
        ("out-of-range", 5)
    ]
    assert ("too-many-practices", 1) in checked(
        tmp_path, block("weeks: 1-100\ndaily: [a.yaml, a.yaml, a.yaml]\n" + days("monday"))
    )
    many = limits.PROGRAM_SESSIONS + 1
    names = [f"s{number}" for number in range(many)]
    for name in names:
        (tmp_path / f"{name}.yaml").write_text(session(), encoding="utf-8")
    listed = ", ".join(f"{name}.yaml" for name in names)
    assert "too-many-practices" in dict(checked(tmp_path, block(f"daily: [{listed}]")))


def told(folder: Path, weeks: str) -> list[tuple[str, int, str]]:
    """Return what is wrong with a program, each with its line and its fix."""
    found = load_program(write_program(folder, weeks)).diagnostics
    return [(each.code, each.place.line if each.place else 0, each.fix or "") for each in found]


@pytest.mark.parametrize(
    ("before", "asked", "fix"),
    [
        ("", "4", "Write `weeks: 1-4` for 4 weeks, or `weeks: 1` for one; "),
        ("- weeks: 1-4\n", "2", "Write `weeks: 5-6` for 2 weeks, or `weeks: 5` for one; "),
        ("- weeks: 1-4\n", "1", "Write `weeks: 5`; "),
        ("- weeks: 1-4\n", "6", "Write `weeks: 5`; "),
        ("- weeks: 1-4\n", "6-8", "Write `weeks: 5-7`; "),
        ("- weeks: 1-98\n", "4", "Write `weeks: 99`; "),
    ],
)
def test_weeks_not_in_turn_are_told_where_they_are_written(
    tmp_path: Path, before: str, asked: str, fix: str
) -> None:
    ((code, line, said),) = told(tmp_path, before + block(f"title: Begin\nabout: Slowly.\nweeks: {asked}"))
    assert (code, line) == ("weeks-not-in-turn", 5 + bool(before))
    assert said.startswith(fix)


def test_what_has_no_room_to_grow_is_offered_the_weeks_that_come_there(tmp_path: Path) -> None:
    grows = "- weeks: 1-2\n" + block("sets: 1-2\n" + days("monday", practice="{session: a.yaml, hold: 3-5s}"))
    found = told(tmp_path, grows + "\n" + block("guidance: [full, balanced, minimal]"))
    assert [(line, said.split("as in ")[1]) for _, line, said in found] == [
        (4, "`weeks: 3-4`."),
        (6, "`weeks: 3-4`."),
        (7, "`weeks: 4-6`."),
    ]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.yaml").write_text(session(), encoding="utf-8")
    (inside / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert checked(inside, block(days("monday", practice="link.yaml"))) == [("outside-folder", 4)]


def test_a_jump_in_load_is_told_and_gradual_growth_is_not(tmp_path: Path) -> None:
    long = session(200)
    gradual = block("weeks: 1-6\nreps: 50-100%\n" + days("monday", "wednesday", practice="b.yaml"))
    assert checked(tmp_path, gradual, b=long) == []
    jump = (
        block(days("monday", practice="b.yaml")) + "\n" + block(days("monday", "tuesday", practice="b.yaml"))
    )
    assert checked(tmp_path, jump, b=long) == [("load-jump", 5)]


def test_a_small_beginning_and_the_way_back_from_an_easier_week_are_no_jumps(tmp_path: Path) -> None:
    small = block(days("monday")) + "\n" + block(days("monday", "tuesday", "friday"))
    assert checked(tmp_path, small) == []
    two = days("monday", "tuesday", practice="b.yaml")
    eased = "\n".join(map(block, (two, "title: Easier\nreps: 30%\n" + two, two)))
    assert checked(tmp_path, eased, b=session(200)) == []
    after_long = "\n".join(map(block, (two, "weeks: 2-4\nreps: 30%\n" + two, two)))
    assert checked(tmp_path, after_long, b=session(200)) == [("load-jump", 11)]


def test_a_week_without_a_day_of_rest_is_told_once(tmp_path: Path) -> None:
    assert checked(tmp_path, block("weeks: 1-4\n" + days(*EVERY_DAY))) == [("no-rest-day", 3)]
    assert checked(tmp_path, block("daily: a.yaml\n" + days(*EVERY_DAY[:-1]))) == []


POSTPARTUM = "audience: postpartum\n"
FLOOR = session(kind="pelvic-floor")


def test_a_program_for_the_time_after_birth_begins_gently(tmp_path: Path) -> None:
    much = block("daily: f.yaml\n" + days(*EVERY_DAY[:5], practice="b.yaml"))
    assert checked(tmp_path, much, POSTPARTUM, b=session(200), f=FLOOR) == [("no-gentle-weeks", 4)]
    assert checked(tmp_path, much, b=session(200), f=FLOOR) == []
    assert checked(tmp_path, much, POSTPARTUM, b=session(20), f=FLOOR) == []


def test_high_impact_waits_for_twelve_weeks(tmp_path: Path) -> None:
    jumps = session(impact="high")
    late = (
        block("weeks: 1-12\ndaily: f.yaml")
        + "\n"
        + block("daily: f.yaml\n" + days("monday", practice="j.yaml"))
    )
    assert checked(tmp_path, late, POSTPARTUM, f=FLOOR, j=jumps) == []
    assert checked(tmp_path, late.replace("1-12", "1-11"), POSTPARTUM, f=FLOOR, j=jumps) == [
        ("impact-too-soon", 8)
    ]


REP = "reps: 4, rep: [{move: 3s, say: Go.}, {return: 3s, say: Back.}]"
"""Four repetitions of six seconds."""


def forms(done: str, step: str, jump: str) -> str:
    """Return a session of one step, from a step touch and a jump with these forms of them."""
    return (
        f"title: C\nsafety: {{clearance: true}}\nsteps: [{{exercise: {done}}}]\nexercises:\n"
        f"  jump: {{title: Jump, impact: high, {jump}{REP}}}\n"
        f"  step: {{title: Step touch, impact: low, {step}{REP}}}\n"
    )


def test_the_impact_of_what_is_done_at_a_level_counts(tmp_path: Path) -> None:
    week = "daily: f.yaml\ndays:\n  monday: {{session: j.yaml, level: {level}}}"
    harder = forms("step", "harder: {exercise: jump}, ", "")
    easier = forms("jump", "", "easier: {exercise: step}, ")
    too_soon = ("impact-too-soon", 6)
    for text, level, expected in (
        (harder, "harder", [too_soon]),
        (harder, "normal", []),
        (easier, "easier", []),
        (easier, "normal", [too_soon]),
    ):
        assert checked(tmp_path, block(week.format(level=level)), POSTPARTUM, f=FLOOR, j=text) == expected


def test_a_later_week_of_a_session_is_looked_at_too_and_each_exercise_told_once(tmp_path: Path) -> None:
    text = forms("step", "harder: {exercise: jump}, ", "")
    grows = "weeks: 1-4\nlevel: [normal, harder]\nreps: 50-80%\ndaily: f.yaml\n" + days(
        "monday", practice="j.yaml"
    )
    path = write_program(tmp_path, block(grows), POSTPARTUM, f=FLOOR, j=text)
    (told,) = (each for each in check_program(path) if each.code == "impact-too-soon")
    assert told.message.startswith("Week 3 has “Jump”")
    both = text.replace("[{exercise: step}]", "[{exercise: jump}, {exercise: hop}, {exercise: jump}]")
    both += f"  hop: {{title: Hop, impact: high, {REP}}}\n"
    path = write_program(tmp_path, block(grows.replace("normal", "easier")), POSTPARTUM, f=FLOOR, j=both)
    told_of = [each.message.split("”")[0] for each in check_program(path) if each.code == "impact-too-soon"]
    assert told_of == ["Week 1 has “Jump", "Week 1 has “Hop"]


def test_work_is_that_of_the_exercise_done_at_a_level(tmp_path: Path) -> None:
    text = (
        forms("step", "easier: {exercise: calm}, ", "") + f"  calm: {{title: Calm, kind: breathing, {REP}}}\n"
    )
    found = opened(tmp_path, block("level: easier\n" + days("monday", practice="c.yaml")), c=text)
    assert total_of(found.weeks[0], found.sessions).work == 0


def test_steps_left_out_to_fit_a_length_do_not_count(tmp_path: Path) -> None:
    more = "  - rest: 5-30s\n  - {exercise: jump, optional: true}\n"
    exercises = f"exercises:\n  jump: {{title: Jump, impact: high, kind: pelvic-floor, {REP}}}\n"
    text = session(14).replace("exercises:\n", exercises) + more
    weeks = block(days(*EVERY_DAY[:5], practice="{session: j.yaml, duration: 3m}"))
    program = opened(tmp_path, weeks, POSTPARTUM, j=text)
    (fitted,) = program.sessions.values()
    assert [each.name for each in fitted.exercises] == ["lift"]
    assert "Bridge work  about" not in as_text(program.program, program.weeks, program.sessions)
    found = codes(check_program(program.program.path))
    assert found == [("no-pelvic-floor-work", 4)]


def test_sessions_speak_of_clearance_but_for_those_without_work(tmp_path: Path) -> None:
    calm = "title: Calm\nsteps:\n  - breathe: {inhale: 4s, exhale: 6s}\n"
    weeks = block("daily: f.yaml\ndays:\n  monday: [b.yaml, c.yaml]\n  friday: b.yaml")
    assert checked(tmp_path, weeks, POSTPARTUM, f=FLOOR, b=session(more="author: A"), c=calm) == [
        ("clearance-not-asked", 6)
    ]


def test_pelvic_floor_work_is_daily(tmp_path: Path) -> None:
    weeks = block(days(*EVERY_DAY[:4], practice="f.yaml")) + "\n" + block("title: Off")
    assert checked(tmp_path, weeks, POSTPARTUM, f=FLOOR) == [("no-pelvic-floor-work", 4)]
    weeks = block(days(*EVERY_DAY[:5], practice="f.yaml"))
    assert checked(tmp_path, weeks, POSTPARTUM, f=FLOOR) == []


def test_every_rule_of_weeks_has_a_reason_and_a_source() -> None:
    names = {"load-jump", "no-rest-day", "no-gentle-weeks", "impact-too-soon"}
    names |= {"clearance-not-asked", "no-pelvic-floor-work"}
    assert names <= rules().keys()


def test_work_is_the_time_in_which_the_body_works(tmp_path: Path) -> None:
    found = opened(tmp_path, block("reps: 50%\n" + days("monday", "friday")))
    total = total_of(found.weeks[0], found.sessions)
    assert (total.days, total.work) == (2, 2 * 2 * 8000)
    assert total.length > total.work


def test_a_plan_to_read(tmp_path: Path) -> None:
    found = opened(
        tmp_path,
        block(
            "weeks: 1-2\ntitle: Begin\nabout: Slowly.\nreps: 50-100%\nsets: 1-2\ndaily: a.yaml\n"
            + days("monday")
        )
        + "\n"
        + block("guidance: minimal\n" + days("monday", practice="b.yaml")),
        "about: Three weeks.\n",
        b=session(6).replace("Bridge work", "More work").replace("[a mat]", "[A mat]"),
    )
    lines = as_text(found.program, found.weeks, found.sessions).split("\n")
    assert lines[:5] == [
        "A plan",
        "Three weeks.",
        "At hand: a mat.",
        "",
        "Week 1: Begin (1 day, about 8 min, 2 of them work)",
    ]
    assert lines[5:9] == [
        "  Slowly.",
        "  every day  Bridge work  about 0:58  50 % of the reps, sets 1",
        "  Monday     Bridge work  about 0:58  50 % of the reps, sets 1",
        "  Tuesday    rest",
    ]
    assert "  since week 1: share of reps 50 % → as written; sets 1 → 2" in lines
    assert "  since week 2: new: More work" in lines
    assert lines[-1].startswith("In all: 3 weeks, 3 days, about ")
    assert grown(found.weeks[0], found.weeks[0], found.sessions) == []
    only = as_text(found.program, found.weeks, found.sessions, 2)
    assert "Week 2" in only
    assert "Week 1:" not in only
    data = as_data(found.program, found.weeks, found.sessions)
    assert data["schema"] == "breathcue/program/1"
    assert data["weeks"][0]["days"][0]["practices"][0]["reps_percent"] == 50
    assert [day["rest"] for day in data["weeks"][2]["days"]] == [False] + [True] * 6


def test_one_practice_is_no_practices(tmp_path: Path) -> None:
    for names, said in (
        (["monday"], "; 1 practice, 1 recording."),
        (["monday", "friday"], "; 2 practices, 1 recording."),
    ):
        found = opened(tmp_path, block(days(*names)))
        assert as_text(found.program, found.weeks, found.sessions).endswith(said)
    found = opened(tmp_path, block("days:\n  monday: [a.yaml, b.yaml]"), b=session(6))
    assert as_text(found.program, found.weeks, found.sessions).endswith(
        "; 2 practices, 2 different recordings."
    )


def test_what_has_grown_for_some_practices_only_is_told_with_their_days(tmp_path: Path) -> None:
    stays = "{session: a.yaml, reps: 50%}"
    other = session(6).replace("Bridge work", "More work")

    def growth(more: str) -> list[str]:
        found = opened(tmp_path, block(f"weeks: 1-3\nreps: 60-100%\n{more}"), b=other)
        return grown(found.weeks[0], found.weeks[1], found.sessions)

    assert growth(f"days: {{monday: a.yaml, tuesday: {stays}}}") == [
        "share of reps 60 % → 80 % (Bridge work on Monday)"
    ]
    assert growth(
        f"days: {{monday: a.yaml, tuesday: {stays}, friday: [b.yaml, a.yaml], sunday: a.yaml}}"
    ) == ["share of reps 60 % → 80 % (Bridge work on Monday, Friday and Sunday, More work)"]
    assert growth(f"daily: a.yaml\ndays: {{monday: {stays}}}") == [
        "share of reps 60 % → 80 % (Bridge work every day)"
    ]
    assert growth("days: {monday: a.yaml, tuesday: {session: b.yaml, reps: 50%}}") == [
        "share of reps 60 % → 80 % (Bridge work)"
    ]
    assert growth("days: {monday: a.yaml, tuesday: b.yaml}") == ["share of reps 60 % → 80 %"]


def test_a_week_that_is_not_there(tmp_path: Path) -> None:
    found = opened(tmp_path, block(days("monday")))
    check_week(found, 1)
    with pytest.raises(RequestError) as caught:
        check_week(found, 2)
    assert codes(caught.value.diagnostics) == [("no-such-week", 0)]
